"""How near to the minimum the lanes of a run have come, whether they stay there, and how they came."""

import numpy as np

from lrcards.descent import landscape, motion
from lrcards.descent.experiment import Experiment
from lrcards.descent.motion import Counts, Flags
from lrcards.descent.objectives import Array
from lrcards.descent.optimizers import Adam, Momentum, Nesterov, Optimizer
from lrcards.descent.run import Trajectory

# Share of the loss to be lost that may be left on arrival.
ARRIVED = 1e-3
# A noisy loss that was low for fewer steps may be so by chance.
_SHORTEST_STAY = 8
_ROUNDING = 16 * float(np.finfo(np.float64).eps)


def excess_left(trajectory: Trajectory, maxima: Array) -> tuple[Array, Array, Array]:
    """Return the floor, the loss above it that there was to lose, and the share of that left at the end.

    Where no global minimum is known, the floor is the bottom of the bowl that gradient and curvature fit at
    the end; where no curvature is known, it is the lowest loss seen, and what the second half of the run
    still lost counts as being left. A point that is in no bowl, or until which nothing was lost, is not known
    to be near a minimum.
    """
    objective, losses = trajectory.experiment.objective, trajectory.losses
    lowest = landscape.lowest_value(objective)
    floor = np.full(trajectory.lanes, lowest)
    left = losses[-1] - floor
    if np.isnan(lowest):
        end = trajectory.recorded[-1]
        left = landscape.newton_decrement(objective, end)
        floor = np.fmin(losses[-1] - left, losses.min(axis=0))
        if objective.hessian(end) is None:
            half, quarter = losses[trajectory.steps // 2 :], max(1, len(losses) // 8)
            left = np.abs(half[:quarter].mean(axis=0) - half[-quarter:].mean(axis=0))
            left[losses[0] - floor <= _ROUNDING * np.abs(floor)] = np.inf
    blur = _ROUNDING * np.abs(floor)
    scale = losses[0] - floor
    scale = np.where(scale > blur, scale, maxima.max(axis=0) - floor)
    share = np.where(left <= blur, 0.0, left / scale)
    return floor, scale, np.where(np.isnan(share), np.inf, share)


def arrival(
    trajectory: Trajectory,
    maxima: Array,
    memory: Array,
    allowed: Array,
    floor: Array,
    tail: int,
    stochastic: bool,
) -> Counts:
    """Return the first step from which on the loss stays at what is allowed, -1 for a lane that is above it.

    A lane that has not been there for long may be passing through: it has arrived if the next peak of its
    loss, judged by the last two, will be small; or, before the first peak, if its loss would be small once it
    had coasted to a halt. Under noise the mean of an eighth of the run, or of 8 steps, has to stay.
    """
    losses, steps = trajectory.losses, trajectory.steps
    allowed = allowed + _ROUNDING * np.abs(floor)
    if stochastic:
        return _settled(losses - floor, allowed - floor, max(tail // 2, _SHORTEST_STAY))
    arrived_at = motion.last_above(losses, maxima, allowed) + 1
    stay = steps + 1 - arrived_at
    is_brief = (stay > 0) & (stay < np.maximum(2 / (1 - memory), 8)) & (arrived_at > 0)
    for lane in np.flatnonzero(is_brief):
        if _next_peak(trajectory, lane, floor[lane], memory[lane]) > allowed[lane] - floor[lane]:
            stay[lane] = 0
    return np.where(stay > 0, arrived_at, -1)


def _settled(heights: Array, allowed: Array, width: int) -> Counts:
    """Return the first step from which on noisy heights stay, on average, at what is allowed.

    From every later step on the mean of `width` heights is allowed; and from that step on so is the mean of
    the first, of the first 2, 4, 8 …, or else it would lie before the drop that lowers the mean.

    Args:
        heights: losses above the floor, (points, lanes).
        allowed: the highest that is allowed, (lanes,).

    Returns:
        The steps (lanes,), -1 for a lane whose last mean is too high or that is too short for one.
    """
    points = len(heights)
    if points < width:
        return np.full_like(allowed, -1, dtype=np.intp)
    # From the end, so that the heights of the beginning, which may be enormous, do not blur those of the end.
    sums = np.vstack([np.cumsum(heights[::-1], axis=0)[::-1], np.zeros_like(allowed)])
    is_low = (sums[:-width] - sums[width:]) / width <= allowed
    since = len(is_low) - np.argmin(np.vstack([is_low[::-1], np.zeros_like(is_low[:1])]), axis=0)
    begins = np.arange(points)[:, None]
    is_there = begins >= since
    for length in 2 ** np.arange(width.bit_length()):
        ends = np.minimum(begins + length, points)
        is_there &= (sums[:-1] - sums[ends[:, 0]]) / (ends - begins) <= allowed
    return np.where(is_low[-1], np.argmax(is_there, axis=0), -1)


def _next_peak(trajectory: Trajectory, lane: np.intp, floor: float, memory: float) -> float:
    """Return how high above the floor the loss of a lane is going to come once more, 0 if it only falls."""
    heights, last = trajectory.losses[:, lane] - floor, trajectory.recorded[-3:, lane]
    peaks = np.flatnonzero((heights[1:-1] >= heights[:-2]) & (heights[1:-1] >= heights[2:])) + 1
    if len(peaks):
        before, latest = peaks[-2] if len(peaks) > 1 else 0, peaks[-1]
        is_overdue = trajectory.steps - latest > 2 * (latest - before)
        return 0.0 if is_overdue else float(heights[latest] ** 2 / heights[before])
    steps = np.diff(last, axis=0)
    if len(steps) < 2 or steps[0] @ steps[1] <= 0:
        return 0.0
    coasted = last[-1] + memory / (1 - memory) * steps[-1]
    return float(trajectory.experiment.objective.value(coasted)) - floor


def memory_shares(experiment: Experiment) -> Array:
    """Return the share of its velocity that each lane's optimizer keeps a step, (lanes,)."""

    def share(optimizer: Optimizer) -> float:
        match optimizer:
            case Momentum() | Nesterov():
                return optimizer.momentum
            case Adam():
                return optimizer.beta1
        return 0.0

    optimizers = experiment.optimizer if isinstance(experiment.optimizer, tuple) else (experiment.optimizer,)
    return np.broadcast_to([share(optimizer) for optimizer in optimizers], experiment.lanes)


def alternated(trajectory: Trajectory, arrived_at: Counts, stochastic: bool) -> Flags:
    """Return which lanes kept overshooting until just after they arrived.

    Errors below 10⁻⁴ of the first do not count, and under noise none below a tenth.
    """
    alternating = (arrived_at >= 0) & (trajectory.steps > 0)
    if not alternating.any():
        return alternating
    instants = motion.instants(trajectory.steps + 1)
    errors = trajectory.recorded[instants][:, alternating] - trajectory.recorded[-1, alternating]
    sizes = motion.lengths(errors)
    until = instants[:, None] <= arrived_at[alternating] + 2
    large = sizes > (0.1 if stochastic else 1e-4) * sizes[0]
    alternating[alternating] = motion.overshoots(errors, until & large)
    return alternating
