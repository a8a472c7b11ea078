"""Pictures of a run as rasters: the landscape with its iterates, and the loss against the step.

Pure functions of a trajectory, shared by the lab and by ``lrcards sim --plot``. Lanes are told apart by ink
and by number, so that colour is never the only carrier of meaning.
"""

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.objectives import Objective
from lrcards.descent.run import Trajectory
from lrcards.tui.widgets.inks import CURVE, GUIDE, LANES, OPTIMUM, SHADES
from lrcards.tui.widgets.raster import Axis, Raster

TRAIL = 60
"""How many of a lane's last steps are joined on a curve, where they lie on top of each other."""

_Floats = NDArray[np.float64]


def landscape(trajectory: Trajectory, width: int, height: int) -> Raster:
    """Draw the objective with each lane's last steps and a mark where it is; off the edge, an arrow.

    One dimension is a curve, two are level lines, more are a slice along the first lane's next step.
    """
    objective = trajectory.experiment.objective
    if objective.dimension == 1:
        return _curve(objective, trajectory, width, height)
    if objective.dimension == 2:
        return _levels(objective, trajectory, width, height)
    return _slice(objective, trajectory, width, height)


def loss_curve(trajectory: Trajectory, budget: int, width: int, height: int, *, log: bool) -> Raster:
    """Draw every lane's loss against the step, up to the budget of steps.

    On a log axis the loss is taken above the known minimum, where there is one.
    """
    losses = trajectory.losses - (_floor(trajectory.experiment.objective) if log else 0.0)
    raster = Raster(width, height, Axis(0, max(budget, 1)), Axis.around(losses, log=log))
    steps = np.arange(len(losses))
    for lane, ink in zip(range(losses.shape[1]), _inks(losses.shape[1]), strict=True):
        raster.line(steps, losses[:, lane], ink)
        raster.points(steps[-1:], losses[-1:, lane], ink)
        if trajectory.stopped[lane] < 0:
            raster.marker(float(steps[-1]), float(losses[-1, lane]), glyph(lane, losses.shape[1]), ink)
    return raster


def _floor(objective: Objective) -> float:
    """Return the lowest known minimum, 0 if none is known."""
    return min((minimum.value for minimum in objective.minima), default=0.0)


def _curve(objective: Objective, trajectory: Trajectory, width: int, height: int) -> Raster:
    box = objective.view
    x_axis = Axis(box.low[0], box.high[0])
    xs = x_axis.value(np.linspace(0, 1, 4 * width))
    ys = objective.value(xs[:, None])
    raster = Raster(width, height, x_axis, Axis.around(ys))
    raster.line(xs, ys, CURVE)
    for minimum in objective.minima:
        raster.marker(minimum.x[0], minimum.value, "◇", OPTIMUM)
    _draw_lanes(raster, trajectory.iterates[:, :, 0], trajectory.losses, trail=TRAIL)
    return raster


def _levels(objective: Objective, trajectory: Trajectory, width: int, height: int) -> Raster:
    """Shade the plane by height, the lowest deepest."""
    box = objective.view
    raster = Raster(width, height, Axis(box.low[0], box.high[0]), Axis(box.low[1], box.high[1]))
    columns, rows = raster.dot_centres()
    with np.errstate(all="ignore"):
        values = objective.value(np.stack(np.meshgrid(columns, rows), axis=-1))
        # By rank, not by height, since the floor of a valley is what is looked at: shades cover equal areas.
        cuts = np.nanquantile(values, np.linspace(0, 1, SHADES + 1)[1:-1])
    band = np.searchsorted(cuts, values)
    edge = np.zeros(band.shape, dtype=bool)
    edge[:, 1:] |= band[:, 1:] != band[:, :-1]
    edge[1:, :] |= band[1:, :] != band[:-1, :]
    raster.mask(edge, GUIDE)
    raster.shade(SHADES - 1 - band[2::4, 1::2])
    for minimum in objective.minima:
        raster.marker(minimum.x[0], minimum.x[1], "◇", OPTIMUM)
    _draw_lanes(
        raster, trajectory.iterates[:, :, 0], trajectory.iterates[:, :, 1], trail=len(trajectory.iterates)
    )
    return raster


def _slice(objective: Objective, trajectory: Trajectory, width: int, height: int) -> Raster:
    """Draw the loss along the first lane's negative gradient, with the length of its next step marked."""
    x, gradient = trajectory.iterates[-1, 0], trajectory.gradients[-1, 0]
    length = float(np.linalg.norm(gradient))
    step = float(trajectory.rates[-1, 0]) * length
    reach = max(3 * step, 1e-12)
    along = np.linspace(-0.5 * reach, reach, 2 * width)
    direction = -gradient / length if length else np.zeros_like(gradient)
    with np.errstate(all="ignore"):
        losses = objective.value(x + along[:, None] * direction)
    raster = Raster(width, height, Axis(along[0], along[-1]), Axis.around(losses))
    raster.line(along, losses, CURVE)
    here, there = objective.value(np.stack([x, x + step * direction]))
    raster.line([0.0, step], [here, there], LANES[0])
    raster.marker(step, float(there), "○", LANES[0])
    raster.marker(0.0, float(here), "●", LANES[0])
    return raster


def _draw_lanes(raster: Raster, xs: _Floats, ys: _Floats, trail: int) -> None:
    """Join each lane's last steps and mark where it is; drawn last to first, so that the first is on top."""
    lanes = xs.shape[1]
    inks = _inks(lanes)
    for lane in reversed(range(lanes)):
        raster.line(xs[-trail:, lane], ys[-trail:, lane], inks[lane])
    for lane in reversed(range(lanes)):
        raster.marker(float(xs[-1, lane]), float(ys[-1, lane]), glyph(lane, lanes), inks[lane])


def _inks(lanes: int) -> list[int]:
    return [LANES[lane % len(LANES)] for lane in range(lanes)]


def glyph(lane: int, lanes: int) -> str:
    """Return a lane's mark: its number when there are several."""
    return "●" if lanes == 1 else str((lane + 1) % 10)
