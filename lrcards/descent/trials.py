"""What settles a doubt about a run: its lanes really go on from where they ended, and are looked at again."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.experiment import MAX_VALUES
from lrcards.descent.motion import Counts
from lrcards.descent.objectives import Array
from lrcards.descent.run import simulate
from lrcards.descent.schedules import Constant
from lrcards.descent.trajectory import Trajectory

_LIMITS = np.finfo(np.float64)

S = TypeVar("S", bound=np.generic)


def rerun(
    trajectory: Trajectory,
    lanes: Counts,
    *,
    factor: float | Array,
    steps: int,
    noise: float | None = None,
) -> Trajectory:
    """Go on from where lanes ended, at a constant rate, `factor` times their last.

    Velocities start anew. A rate that has become 0 or negative stands still.

    Args:
        lanes: which, perhaps some of them twice; none of them may have stopped.
        factor: one for all of these lanes or one for each.
        steps: how many.
        noise: on the gradients of the trial; ``None`` for that of the run.
    """
    experiment = trajectory.experiment
    rates = np.clip(factor * trajectory.rates_taken[-1, lanes], _LIMITS.tiny, _LIMITS.max)
    return simulate(
        replace(
            experiment,
            starts=tuple(map(tuple, trajectory.recorded[-1, lanes].tolist())),
            rates=tuple(rates.tolist()),
            optimizer=tuple(experiment.optimizers[lane] for lane in lanes),
            schedule=Constant(),
            seed=tuple(experiment.seeds[lane] for lane in lanes),
            noise=experiment.noise if noise is None else noise,
            steps=steps,
        )
    )


def tried(
    trajectory: Trajectory,
    lanes: Counts,
    measure: Callable[[Trajectory, Counts], NDArray[S]],
    *,
    factor: float | Array,
    steps: int,
    noise: float | None = None,
) -> NDArray[S]:
    """Return what is measured on reruns of some lanes, one entry a lane; as many at once as are allowed.

    Args:
        lanes: at least one.
        measure: what to look at, given the trial and which of the lanes it runs.
        factor, steps, noise: of `rerun`.
    """
    at_once = max(1, MAX_VALUES // ((steps + 1) * trajectory.experiment.objective.dimension))
    factors = np.broadcast_to(factor, lanes.shape)
    measured = []
    for first in range(0, len(lanes), at_once):
        part = slice(first, first + at_once)
        trial = rerun(trajectory, lanes[part], factor=factors[part], steps=steps, noise=noise)
        measured.append(measure(trial, lanes[part]))
    return np.concatenate(measured)
