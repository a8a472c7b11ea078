"""Pictures of a run as rasters: the landscape with its iterates, the loss and the rate against the step.

Pure functions of a trajectory, shared by the lab and by ``lrcards sim --plot``. Lanes are told apart by ink
and by number, so that colour is never the only carrier of meaning.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.objectives import Objective
from lrcards.descent.trajectory import Trajectory
from lrcards.tui.widgets.inks import CURVE, GUIDE, LANES, OPTIMUM, SHADES
from lrcards.tui.widgets.raster import Axis, Raster

TRAIL = 60
"""How many of a lane's last steps are joined on a curve, where they lie on top of each other."""

_Floats = NDArray[np.float64]


def landscape(trajectory: Trajectory, width: int, height: int, *, lane: int = 0) -> Raster:
    """Draw the objective with each lane's steps and a mark where it is; off the edge, an arrow.

    One dimension is a curve with the tangent of one lane, two are shaded level lines, more are the slice of
    the loss along the next step of that lane.
    """
    objective = trajectory.experiment.objective
    if objective.dimension > 2:
        return _slice(trajectory, lane, width, height)
    raster = _ground(objective, width, height).copy()
    if objective.dimension == 1:
        _draw_tangent(raster, trajectory, lane)
        _draw_lanes(raster, trajectory.iterates[:, :, 0], trajectory.losses, trail=TRAIL)
    else:
        whole = len(trajectory.iterates)
        _draw_lanes(raster, trajectory.iterates[:, :, 0], trajectory.iterates[:, :, 1], trail=whole)
    return raster


def point_at(objective: Objective, width: int, height: int, column: int, row: int) -> tuple[float, ...]:
    """Return the point of the landscape under a cell: x of a curve, x and y of a plane.

    Raises:
        ValueError: the objective has more than two dimensions, so a cell is no point.
    """
    if objective.dimension > 2:
        raise ValueError("a slice has no points of its own")
    ground = _ground(objective, width, height)
    x = float(ground.x.value((column + 0.5) / width))
    return (x,) if objective.dimension == 1 else (x, float(ground.y.value(1 - (row + 0.5) / height)))


def loss_curve(trajectory: Trajectory, budget: int, width: int, height: int, *, log: bool) -> Raster:
    """Draw every lane's loss against the step, up to the budget of steps; a validation loss is dotted.

    On a log axis the loss is taken above the known minimum, where there is one.
    """
    floor = (
        min((minimum.value for minimum in trajectory.experiment.objective.minima), default=0.0)
        if log
        else 0.0
    )
    losses = trajectory.losses - floor
    validation = None if trajectory.validation is None else trajectory.validation - floor
    shown = losses if validation is None else np.concatenate([losses, validation])
    raster = Raster(width, height, Axis(0, max(budget, 1)), Axis.around(shown, log=log))
    steps = np.arange(len(losses))
    sparse = slice(None, None, max(len(losses) // (width // 2 or 1), 1))
    for lane, ink in enumerate(_inks(trajectory.lanes)):
        raster.line(steps, losses[:, lane], ink)
        if validation is not None:
            raster.points(steps[sparse], validation[sparse, lane], ink)
    for lane, ink in enumerate(_inks(trajectory.lanes)):
        raster.marker(float(steps[-1]), float(losses[-1, lane]), glyph(lane, trajectory.lanes), ink)
    return raster


def rate_curve(trajectory: Trajectory, budget: int, width: int, height: int, *, ahead: bool = True) -> Raster:
    """Draw every lane's rate against the step on a log axis: faintly the schedule ahead, then what was."""
    experiment = trajectory.experiment
    updates = budget // experiment.update_every
    curves = [
        schedule.curve(rate, updates)
        for schedule, rate in zip(experiment.schedules, experiment.lane_rates.tolist(), strict=True)
        if ahead
    ]
    known = [curve for curve in curves if curve is not None]
    axis = Axis.around(np.concatenate([trajectory.rates.ravel(), *known]), log=True, margin=0.1)
    raster = Raster(width, height, Axis(0, max(budget, 1)), axis)
    for curve in known:
        raster.line(*_stairs(np.arange(len(curve)) * experiment.update_every, curve), GUIDE)
    steps = np.arange(len(trajectory.rates))
    for lane, ink in reversed(list(enumerate(_inks(trajectory.lanes)))):
        raster.line(*_stairs(steps, trajectory.rates[:, lane]), ink)
        raster.marker(float(steps[-1]), float(trajectory.rates[-1, lane]), glyph(lane, trajectory.lanes), ink)
    return raster


def glyph(lane: int, lanes: int) -> str:
    """Return a lane's mark: its number when there are several."""
    return "●" if lanes == 1 else str((lane + 1) % 10)


def _inks(lanes: int) -> list[int]:
    return [LANES[lane % len(LANES)] for lane in range(lanes)]


def _stairs(steps: NDArray[np.int64], values: _Floats) -> tuple[NDArray[np.int64], _Floats]:
    """Return the corners of a line that holds each value until the next."""
    return np.repeat(steps, 2)[1:], np.repeat(values, 2)[:-1]


@lru_cache(maxsize=8)
def _ground(objective: Objective, width: int, height: int) -> Raster:
    """Return the objective alone; it is the same in every frame."""
    return _curve(objective, width, height) if objective.dimension == 1 else _plane(objective, width, height)


def _curve(objective: Objective, width: int, height: int) -> Raster:
    box = objective.view
    x_axis = Axis(box.low[0], box.high[0])
    xs = x_axis.value(np.linspace(0, 1, 4 * width))
    with np.errstate(all="ignore"):
        ys = objective.value(xs[:, None])
    raster = Raster(width, height, x_axis, Axis.around(ys))
    raster.line(xs, ys, CURVE)
    for minimum in objective.minima:
        raster.marker(minimum.x[0], minimum.value, "◇", OPTIMUM)
    return raster


def _plane(objective: Objective, width: int, height: int) -> Raster:
    """Shade the plane by height, the lowest deepest, with a level line where the shade changes."""
    box = objective.view
    raster = Raster(width, height, Axis(box.low[0], box.high[0]), Axis(box.low[1], box.high[1]))
    columns, rows = raster.dot_centres()
    with np.errstate(all="ignore"):
        values = objective.value(np.stack(np.meshgrid(columns, rows), axis=-1))
        # By rank, not by height, since the floor of a valley is what is looked at: shades cover equal areas.
        levels = max(min(SHADES, height // 2), 3)
        cuts = np.nanquantile(values, np.linspace(0, 1, levels + 1)[1:-1])
    band = np.searchsorted(cuts, values)
    edge = np.zeros(band.shape, dtype=bool)
    edge[:, 1:] |= band[:, 1:] != band[:, :-1]
    edge[1:, :] |= band[1:, :] != band[:-1, :]
    raster.mask(edge, GUIDE)
    raster.shade((levels - 1 - band[2::4, 1::2]) * SHADES // levels)
    for minimum in objective.minima:
        raster.marker(minimum.x[0], minimum.x[1], "◇", OPTIMUM)
    return raster


def _slice(trajectory: Trajectory, lane: int, width: int, height: int) -> Raster:
    """Draw the loss along a lane's negative gradient, with the length of its next step marked."""
    objective = trajectory.experiment.objective
    x = trajectory.iterates[-1, lane]
    with np.errstate(all="ignore"):
        gradient = objective.gradient(x)
        length = float(np.linalg.norm(gradient))
        step = float(trajectory.rates[-1, lane]) * length
        reach = max(3 * step, 1e-12) if np.isfinite(step) else 1.0
        along = np.linspace(-0.5 * reach, reach, 2 * width)
        direction = -gradient / length if length else np.zeros_like(gradient)
        losses = objective.value(x + along[:, None] * direction)
        here, there = (float(loss) for loss in objective.value(np.stack([x, x + step * direction])))
    ink = _inks(trajectory.lanes)[lane]
    raster = Raster(width, height, Axis(along[0], along[-1]), Axis.around(losses))
    raster.line(along, losses, CURVE)
    raster.line([0.0, step], [here, there], ink)
    raster.marker(step, there, "○", ink)
    raster.marker(0.0, here, glyph(lane, trajectory.lanes), ink)
    return raster


def _draw_tangent(raster: Raster, trajectory: Trajectory, lane: int) -> None:
    """Draw the slope that a lane's next step follows, over a quarter of the view."""
    x, loss = float(trajectory.iterates[-1, lane, 0]), float(trajectory.losses[-1, lane])
    slope = float(trajectory.experiment.objective.gradient(trajectory.iterates[-1, lane])[0])
    half = (raster.x.high - raster.x.low) / 8
    with np.errstate(all="ignore"):
        raster.line([x - half, x + half], [loss - half * slope, loss + half * slope], GUIDE)


def _draw_lanes(raster: Raster, xs: _Floats, ys: _Floats, trail: int) -> None:
    """Join each lane's last steps and mark where it is; drawn last to first, so that the first is on top."""
    lanes = xs.shape[1]
    inks = _inks(lanes)
    for lane in reversed(range(lanes)):
        raster.line(xs[-trail:, lane], ys[-trail:, lane], inks[lane])
    for lane in reversed(range(lanes)):
        raster.marker(float(xs[-1, lane]), float(ys[-1, lane]), glyph(lane, lanes), inks[lane])
