"""What the validation loss tells about a run: overfitting, or a plateau that a smaller rate ends."""

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.motion import Flags
from lrcards.descent.objectives import Array
from lrcards.descent.run import Trajectory
from lrcards.descent.trials import tried

SMALLER = 0.1
_STRETCHES = 8


def overfits(trajectory: Trajectory) -> Flags:
    """Return which lanes (lanes,) have a validation loss that rose while the training loss fell on.

    Rising means since its best, by 5 % of what it had fallen, by more than it fluctuates, and without coming
    back. All False without validation samples.
    """
    if trajectory.validation is None or trajectory.steps < 2 * _STRETCHES:
        return np.zeros(trajectory.lanes, dtype=np.bool_)
    seen, unseen = _means(trajectory.losses), _means(trajectory.validation)
    lanes = np.arange(trajectory.lanes)
    best = unseen.argmin(axis=0)
    rise = unseen[-1] - unseen[best, lanes]
    fall = trajectory.validation[0] - unseen[best, lanes]
    fluctuation = np.diff(trajectory.validation[-(trajectory.steps // _STRETCHES) :], axis=0).std(axis=0)
    rises = (rise > 0.05 * np.abs(fall)) & (rise > 2 * fluctuation)
    since_best = np.where(np.arange(_STRETCHES)[:, None] >= best, unseen, -np.inf).max(axis=0)
    stays_up = unseen[-1] - unseen[best, lanes] >= 0.5 * (since_best - unseen[best, lanes])
    flags: Flags = rises & stays_up & (seen[-1] < seen[best, lanes])
    return flags


def is_flat(trajectory: Trajectory) -> Flags:
    """Return which lanes (lanes,) have a validation loss that did not fall in the second half of the run."""
    if trajectory.validation is None or trajectory.steps < 2 * _STRETCHES:
        return np.zeros(trajectory.lanes, dtype=np.bool_)
    unseen = _means(trajectory.validation)
    half = unseen[_STRETCHES // 2 :]
    flat: Flags = half[0] - half[-1] <= 0.01 * np.abs(trajectory.validation[0] - unseen.min(axis=0))
    return flat


def falls_again(trajectory: Trajectory, lanes: NDArray[np.intp], steps: int) -> Flags:
    """Return for which lanes the validation loss falls at a tenth of the rate, and not at the same rate.

    Both are really run from where the lanes ended, with the same noise.
    """
    factors = np.repeat((1.0, SMALLER), len(lanes))
    settled = tried(
        trajectory, np.tile(lanes, 2), lambda trial, _: settled_loss(trial), factor=factors, steps=steps
    )
    same, smaller = np.split(settled, 2)
    assert trajectory.validation is not None
    fallen = trajectory.validation[0, lanes] - settled_loss(trajectory)[lanes]
    falls: Flags = smaller < same - 0.02 * np.abs(fallen)
    return falls


def settled_loss(trajectory: Trajectory) -> Array:
    """Return the mean validation loss of the last quarter of a run, (lanes,)."""
    assert trajectory.validation is not None
    settled: Array = trajectory.validation[-max(1, trajectory.steps // 4) :].mean(axis=0)
    return settled


def _means(losses: Array) -> Array:
    return np.array([stretch.mean(axis=0) for stretch in np.array_split(losses, _STRETCHES)])
