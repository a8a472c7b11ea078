"""Where lanes are heading: up without end, down, round in a period, or on and on at the same pace."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcards.descent import landscape, motion
from lrcards.descent.experiment import Experiment
from lrcards.descent.learning import DataObjective
from lrcards.descent.motion import Counts, Flags
from lrcards.descent.objectives import Array
from lrcards.descent.recurrence import LONGEST_PERIOD, STEADY, find_cycle, multiplier
from lrcards.descent.trajectory import Trajectory
from lrcards.descent.trials import tried

SHORTEST_TAIL = 24
# A run of so few steps may still be closing in on a cycle.
_SHORT = 200
# Among minibatches a loss that climbs becomes this many times as high.
_MULTIPLIES = 30.0


class Tendency(NamedTuple):
    """Where each lane is heading; all arrays (lanes,).

    Attributes:
        growing: the loss climbs without end, or a bounce grows by a constant factor.
        falling: the loss still falls, beyond what noise explains.
        period: steps after which the iterates recur, 0 if they do not.
        restless: the steps do not get shorter, whether they recur or not.
    """

    growing: Flags
    falling: Flags
    period: Counts
    restless: Flags


def noisy_tendency(trajectory: Trajectory, maxima: Array, floor: Array, unsettled: Flags) -> Tendency:
    """Judge where lanes with noisy gradients are heading.

    Noise alone makes a loss end on a high now and then, and the rate is to blame only if it goes on climbing.

    Args:
        maxima: of the loss over all of the run, (stretches, lanes).
        floor: the lowest loss there is.
        unsettled: lanes that have neither arrived nor overflowed.
    """
    parts, begin = motion.second_half(maxima) - floor, trajectory.losses[0] - floor
    growing = _goes_on_climbing(trajectory, unsettled & motion.rises(parts, begin), floor, parts.max(axis=0))
    nothing = np.zeros(trajectory.lanes, dtype=np.intp)
    return Tendency(growing, motion.falls_through_noise(trajectory.losses, floor), nothing, nothing > 0)


def tendency(
    trajectory: Trajectory, tail: int, maxima: Array, floor: Array, unsettled: Flags, memory: Array
) -> Tendency:
    """Judge where lanes without noise are heading.

    Where the last steps are those of a linear motion, its factor overrules what the losses say. Costly
    questions are only asked of the lanes that need them.

    Args:
        tail: number of steps at the end that count.
        maxima, floor, unsettled: as for `noisy_tendency`.
        memory: the share of its velocity that a lane keeps.
    """
    last, losses = trajectory.recorded[-tail - 1 :], trajectory.losses[-tail - 1 :]
    parts, begin = motion.second_half(maxima) - floor, trajectory.losses[0] - floor
    goes_up = motion.goes_up(losses)
    falling = ~goes_up | (np.diff(parts, axis=0) < 0).all(axis=0)
    asked = np.flatnonzero(goes_up & unsettled)
    falling[asked] |= motion.rings_down((maxima - floor)[:, asked], last[:, asked])

    unclear = unsettled & (goes_up | motion.alternates(last))
    steady = motion.is_steady(trajectory.rates_taken[-(tail // 2) - 1 :])
    returning = motion.returns(last[-2 * LONGEST_PERIOD - 1 :]) & (trajectory.stopped < 0)
    asked = np.flatnonzero((unclear | returning) & steady)
    last, unclear = last[:, asked], unclear[asked]
    factor = np.full(len(asked), np.nan, dtype=np.complex128)
    factor[unclear] = multiplier(last[:, unclear])
    growth = np.abs(factor) - 1
    falling[asked] |= growth < -STEADY

    in_doubt = unsettled & motion.rises(parts, begin)
    in_doubt[asked] &= np.isnan(growth)
    growing = _goes_on_climbing(trajectory, in_doubt, floor, parts.max(axis=0))
    growing[asked] |= growth > STEADY

    period = np.zeros(trajectory.lanes, dtype=np.intp)
    restless = np.zeros_like(growing)
    candidates = ~growing[asked] & ~(np.abs(growth) > STEADY)
    extent = motion.lengths(last[-1] - trajectory.recorded[0, asked])[candidates]
    period[asked[candidates]] = find_cycle(last[:, candidates], extent)
    period[asked[np.abs(factor + 1) <= STEADY]] = 2
    restless[asked[candidates]] = motion.keeps_moving(last[:, candidates], extent)
    if trajectory.steps <= _SHORT:
        asked = np.flatnonzero(restless & (period == 0) & ~falling & (memory == 0))
        period[asked] = _period_later(trajectory, asked)
    return Tendency(growing, falling, period, restless)


def _goes_on_climbing(trajectory: Trajectory, in_doubt: Flags, floor: Array, height: Array) -> Flags:
    """Return which of the lanes in doubt climb on, or overflow, during half as many steps again.

    The noise that was added to gradients is left out of it, so that the climb must be an even one. That of
    minibatches cannot be: they may tame a rate that is too large for all samples at once, or make a smaller
    one too large. There the loss must multiply.

    Args:
        in_doubt: which lanes to try.
        floor: the lowest loss there is, (lanes,).
        height: how high above it the second half of the run came, (lanes,).
    """

    def climbs_on(later: Trajectory, lanes: Counts) -> Flags:
        parts = motion.second_half(motion.highest(later.losses)) - floor[lanes]
        if in_batches(later.experiment):
            climbs: Flags = parts.max(axis=0) > _MULTIPLIES * height[lanes]
        else:
            climbs = motion.climbs(parts, later.losses[0] - floor[lanes])
        return climbs | (later.stopped >= 0)

    growing = np.zeros_like(in_doubt)
    lanes = np.flatnonzero(in_doubt)
    if len(lanes):
        steps = max(trajectory.steps // 2, 2 * SHORTEST_TAIL)
        growing[lanes] = tried(trajectory, lanes, climbs_on, factor=1.0, steps=steps, noise=0.0)
    return growing


def in_batches(experiment: Experiment) -> bool:
    """Return whether a step sees a part of the samples only."""
    objective = experiment.objective
    return isinstance(objective, DataObjective) and any(
        size not in (None, objective.samples) for size in experiment.batch_sizes
    )


def _period_later(trajectory: Trajectory, lanes: Counts) -> Counts:
    """Return the period of the cycle that each lane closes in on when it really goes on, 0 for none."""

    def period(later: Trajectory, _: Counts) -> NDArray[np.intp]:
        found = find_cycle(later.recorded[-2 * SHORTEST_TAIL :], motion.longest_step(later.recorded))
        return np.where(later.stopped < 0, found, 0)

    if not len(lanes):
        return np.zeros(0, dtype=np.intp)
    return tried(trajectory, lanes, period, factor=1.0, steps=4 * _SHORT)


def runs_away(trajectory: Trajectory) -> Flags:
    """Return which lanes leave the view downhill without slowing down; where a minimum is known, none."""
    objective, iterates, steps = trajectory.experiment.objective, trajectory.recorded, trajectory.steps
    if not np.isnan(landscape.lowest_value(objective)) or steps < 4:
        return np.zeros(trajectory.lanes, dtype=np.bool_)
    view = np.array([objective.view.low, objective.view.high])
    size = np.ptp(view, axis=0)
    leaves = (np.abs(iterates[-1] - view.mean(axis=0)) > size) & (np.abs(iterates[-1] - iterates[0]) > size)
    stops = [steps // 2, 3 * steps // 4, steps]
    strides = motion.lengths(np.diff(iterates[stops], axis=0))
    falls = -np.diff(trajectory.losses[stops], axis=0)
    keeps_pace = (strides[1] >= 0.99 * strides[0]) & (falls[1] >= 0.99 * falls[0]) & (falls[1] > 0)
    away: Flags = leaves.any(axis=-1) & keeps_pace
    return away
