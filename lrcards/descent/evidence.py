"""What a verdict rests on, measured on all lanes of a trajectory at once.

Every measure is a share, a ratio or a count, so that neither the unit of x nor that of the loss matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrcards.descent import arrival, landscape, motion
from lrcards.descent.arrival import ARRIVED
from lrcards.descent.motion import Counts, Flags
from lrcards.descent.objectives import Array
from lrcards.descent.recurrence import LONGEST_PERIOD
from lrcards.descent.run import Trajectory
from lrcards.descent.tendency import SHORTEST_TAIL, in_batches, noisy_tendency, runs_away, tendency
from lrcards.descent.trials import tried

# Gradient times distance over excess is at least 1 on every convex function.
_FLAT = 0.1
_ROUNDING = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The measures; an array has one entry a lane.

    Attributes:
        tail: number of steps at the end that most measures look at.
        stochastic: gradients were drawn with noise or from minibatches.
        overflowed: the run left the range of floating point.
        growing: the loss climbs without end, or a bounce grows by a constant factor.
        period: steps after which the iterates recur, 0 if they do not.
        kinked: the run keeps turning at a kink, in a cycle or not.
        floor: the lowest loss there is; where it is not known, the best guess.
        excess: loss above the floor at the end, as a share of that at the start.
        arrived_at: first step from which on the excess stays small, under noise on average; -1 if the run has
            not arrived.
        alternating: the error kept changing sign on the way.
        escaped: the run arrived although it began in the basin of a worse minimum.
        rest: what a lane that lost its gradient before it arrived rests at, else "":
            "saddle", "minimum" or "flat".
        dead: the steps have shrunk with the schedule, before the gradient did.
        falling: the loss still falls, beyond what noise explains.
    """

    tail: int
    stochastic: bool
    overflowed: Flags
    growing: Flags
    period: Counts
    kinked: Flags
    floor: Array
    excess: Array
    arrived_at: Counts
    alternating: Flags
    escaped: Flags
    rest: NDArray[np.str_]
    dead: Flags
    falling: Flags

    @classmethod
    def side_by_side(cls, parts: Sequence["Evidence"]) -> "Evidence":
        """Return what was measured on runs of some lanes each, of the same length, as on one run of all."""
        names = [field.name for field in fields(cls) if isinstance(getattr(parts[0], field.name), np.ndarray)]
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in names
        }
        return replace(parts[0], **joined)


def measure(trajectory: Trajectory) -> Evidence:
    """Measure every lane of a trajectory; each alone, whatever its neighbours do."""
    objective, losses, iterates = trajectory.experiment.objective, trajectory.losses, trajectory.recorded
    tail = min(trajectory.steps, max(trajectory.steps // 4, SHORTEST_TAIL))
    stochastic = trajectory.experiment.noise > 0 or in_batches(trajectory.experiment)
    overflowed = trajectory.stopped >= 0
    maxima = motion.highest(losses)
    memory = arrival.memory_shares(trajectory.experiment)
    floor, scale, excess = arrival.excess_left(trajectory, maxima)
    gone, local = _rests(trajectory, floor, tail, stochastic)
    arrived_at = arrival.arrival(trajectory, maxima, memory, floor + ARRIVED * scale, floor, tail, stochastic)
    dead = _is_dead(trajectory, scale)
    arrived_at[local | (excess > ARRIVED)] = -1
    if np.isnan(landscape.lowest_value(objective)):
        arrived_at[dead] = -1
    arrived = arrived_at >= 0

    rest = np.full(trajectory.lanes, "", dtype="<U7")
    resting = np.flatnonzero(gone & ~arrived & ~overflowed)
    if len(resting):
        rest[resting] = landscape.rest_kinds(objective, iterates[-1, resting])
    rest[local] = "minimum"

    unsettled = ~(arrived | overflowed)
    if stochastic:
        heading = noisy_tendency(trajectory, maxima, floor, unsettled)
    else:
        heading = tendency(trajectory, tail, maxima, floor, unsettled, memory)
    # A lane that keeps bouncing low in a basin does not rest there.
    rest[heading.restless & ~gone] = ""

    return Evidence(
        tail=tail,
        stochastic=stochastic,
        overflowed=overflowed,
        growing=heading.growing | runs_away(trajectory),
        period=heading.period,
        kinked=_turns_at_kink(trajectory, heading.restless | (heading.period > 0), tail),
        floor=floor,
        excess=excess,
        arrived_at=arrived_at,
        alternating=arrival.alternated(trajectory, arrived_at, stochastic),
        escaped=arrived & ~np.isnan(landscape.worse_basin(objective, iterates[0])),
        rest=rest,
        dead=dead,
        falling=heading.falling,
    )


def _rests(trajectory: Trajectory, floor: Array, tail: int, stochastic: bool) -> tuple[Flags, Flags]:
    """Return which lanes have lost their gradient, and which of them rest at a minimum that is not the best.

    On a convex function gradient · distance is never less than the excess, whatever the units; far less means
    that the way down cannot be felt. Where no minimum is known, the steepest gradients of the run and of the
    view are the measure.
    """
    objective, losses, iterates = trajectory.experiment.objective, trajectory.losses, trajectory.recorded
    end, last = iterates[-1], iterates[-min(tail, 8) - 1 :]
    slopes = motion.lengths(objective.gradient(last))
    if np.isnan(landscape.lowest_value(objective)):
        every = max(1, trajectory.steps // 64)
        steepest = motion.lengths(objective.gradient(iterates[::every])).max(axis=0)
        measure = np.maximum(1e-3 * steepest, 1e-6 * landscape.steepest_in_view(objective))
        gone = (slopes <= measure).all(axis=0)
    else:
        distances = np.array([landscape.distance_to_best(objective, points) for points in last])
        gone = (slopes * distances <= _FLAT * (losses[-len(last) :] - floor)).all(axis=0)
    bottom = landscape.worse_basin(objective, end)
    depth = np.where(bottom > floor, bottom - floor, np.inf)
    if stochastic:
        is_low = losses[-max(tail // 2, 1) :].mean(axis=0) - bottom <= _FLAT * depth
    else:
        is_low = losses[-1] - bottom <= np.minimum(ARRIVED * (losses[0] - bottom), _FLAT * depth)
    return gone, ~np.isnan(bottom) & (gone | is_low)


def _turns_at_kink(trajectory: Trajectory, restless: Flags, tail: int) -> Flags:
    """Return which of the restless lanes jump from slope to slope; in doubt half the rate is really tried.

    With it a smooth cycle dies out, and one at a kink only shrinks.
    """
    kinked = np.zeros_like(restless)
    lanes = np.flatnonzero(restless)
    if len(lanes):
        orbit = trajectory.recorded[-min(tail, 2 * LONGEST_PERIOD) - 1 :, lanes]
        share = landscape.kink_share(trajectory.experiment.objective, orbit[:-1], orbit[1:])
        kinked[lanes] = share >= 0.5
        doubtful = lanes[(share > 0.1) & (share < 0.5)]
        if len(doubtful):
            halved = tried(trajectory, doubtful, _late_strides, factor=0.5, steps=4 * tail)
            kinked[doubtful] = halved > 0.05 * motion.longest_step(trajectory.recorded[:, doubtful])
    return kinked


def _late_strides(trial: Trajectory, _: Counts) -> Array:
    return motion.longest_step(trial.recorded)


def _is_dead(trajectory: Trajectory, scale: Array) -> Flags:
    """Return which lanes are brought to a halt by their schedule.

    Their last quarter moved them by no more than 2 % of the distance left, at a tenth of the highest rate or
    less; and at the highest rate the same gradients would have covered it within the budget, or there was no
    motion in all of the second half. Where the distance is not known, those gradients would have lowered the
    loss by 5 % of what there was to lose.
    """
    objective, rates, steps = trajectory.experiment.objective, trajectory.rates_taken, trajectory.steps
    highest = rates.max(axis=0)
    dead: Flags = rates[-1] <= 0.1 * highest
    lanes = np.flatnonzero(dead)
    if steps and len(lanes):
        way = trajectory.recorded[:, lanes]
        strides = motion.lengths(np.diff(way, axis=0))
        moves = strides > _ROUNDING * motion.lengths(way[1:])
        last_move = steps - 1 - np.argmax(moves[::-1], axis=0), np.arange(len(lanes))
        distance = landscape.distance_to_best(objective, way[-1])
        reach = strides[last_move] / rates[:, lanes][last_move] * highest[lanes] * steps
        would_arrive = reach >= 3 * distance
        if np.isnan(distance).any():
            distance = motion.lengths(way[-1] - way[0])
            fall = highest[lanes] * steps * motion.lengths(objective.gradient(way[-1])) ** 2
            would_arrive = fall >= 0.05 * scale[lanes]
        halted = strides[-max(steps // 4, 2) :].sum(axis=0) <= 0.02 * distance
        long_ago = strides[steps // 2 :].sum(axis=0) <= 1e-3 * strides.sum(axis=0)
        dead[lanes] = halted & (would_arrive | long_ago)
    return dead
