"""The reasons of a verdict in plain words, with the numbers that decided and what they mean for the rate."""

from collections.abc import Callable, Mapping

import numpy as np

from lrcards.descent import landscape, theory
from lrcards.descent.arrival import ARRIVED
from lrcards.descent.case import Case
from lrcards.descent.evidence import Evidence
from lrcards.descent.objectives import Array
from lrcards.descent.optimizers import GradientDescent
from lrcards.descent.recurrence import LONGEST_PERIOD, find_cycle
from lrcards.descent.regimes import Regime
from lrcards.descent.run import Trajectory
from lrcards.descent.trials import rerun
from lrcards.descent.validation import SMALLER, settled_loss
from lrcards.descent.wording import extent, number, percent, point, steps, visits

# The first steps at which a rate that overflowed is held against the curvature.
_FIRST_STEPS = 256
# Of fewer steps than this nobody can say yet where they lead, or at which pace if they are noisy.
_FEW_STEPS = 2 * LONGEST_PERIOD


def why(regime: Regime, trajectory: Trajectory, evidence: Evidence, lane: int) -> tuple[str, ...]:
    """Return the reasons for the regime of one lane, the one that decided first."""
    if trajectory.steps == 0:
        return ("no step has been taken yet",)
    with np.errstate(all="ignore"):
        return tuple(_REASONS[regime](Case(trajectory, evidence, lane)))


# Too large


def _overflow(case: Case) -> list[str]:
    step, last = int(case.trajectory.stopped[case.lane]), float(case.losses[-1])
    if abs(last) < 1e100 and abs(last) < 1e50 * (1 + abs(case.losses[0])):
        return [f"step {step} led from {point(case.way[-1])} to where the function has no value"]
    return [
        f"step {step} left the range of floating point; the last loss was {number(last)}",
        *_above_limit(case, case.way[:_FIRST_STEPS], case.rates[:_FIRST_STEPS]),
    ]


def _diverging(case: Case) -> list[str]:
    begin, end, highest = case.losses[0], case.losses[-1], case.losses[-case.evidence.tail - 1 :].max()
    if highest <= begin:
        away = number(float(np.linalg.norm(case.way[-1] - case.way[0])))
        fall = f"from {number(begin)} to {number(end)}"
        return [f"the loss falls without end, {fall}, {away} away from the start"]
    goal = number(end) if end == highest else f"peaks of {number(highest)}"
    reasons = [f"the loss climbs from {number(begin)} to {goal}"]
    strides = np.linalg.norm(np.diff(case.way, axis=0), axis=-1)
    since = min(len(strides) // 2, len(strides) - 2)
    if since >= 0 and not case.evidence.stochastic:
        growth = (strides[-1] / strides[since]) ** (1 / (len(strides) - 1 - since))
        reasons.append(f"each step is {number(growth)} times as long as the one before")
    return [*reasons, *_above_limit(case, case.way[:_FIRST_STEPS], case.rates[:_FIRST_STEPS])]


def _above_limit(case: Case, points: Array, rates: Array) -> list[str]:
    """Say at which of some points (n, d) a rate (n,) is first above what theory allows, if at any."""
    curvatures = case.curvatures(points)
    limits = [theory.stability_limit(case.optimizer, float(curvature)) for curvature in curvatures]
    above = np.flatnonzero(rates >= np.multiply(limits, 1 - 1e-12))
    if not len(above):
        return []
    rate, limit, curvature = (float(values[above[0]]) for values in (rates, limits, curvatures))
    if np.isclose(rate, limit, rtol=1e-12):
        return [
            f"η = {number(rate)} is exactly the largest stable rate at a curvature of {number(curvature)}"
        ]
    return [
        f"η = {number(rate)} is above {number(limit)}, the largest stable rate at a curvature of "
        f"{number(curvature)}"
    ]


def _above_limit_in_the_middle(case: Case) -> list[str]:
    """Say that the rate is above what theory allows at the minimum that a run goes around, if it is."""
    return [] if case.middle is None else _above_limit(case, case.middle[None], case.rates[-1:])


# Round and round


def _kink_cycle(case: Case) -> list[str]:
    turns = case.turns
    if case.evidence.period[case.lane]:
        reasons = [f"{visits(turns[1:])}{_around(case)}"]
    else:
        reasons = [f"keeps within {extent(turns)}{_around(case)}, without a short period"]
    objective = case.objective
    stride = float(np.linalg.norm(np.diff(turns, axis=0), axis=-1).max())
    gap = float(landscape.distance_to_best(objective, turns).min())
    slope = float(np.linalg.norm(objective.gradient(turns[:-1]), axis=-1).max())
    if np.isclose(stride, case.rate * slope) and np.isfinite(gap):
        reasons.append(f"the step η·|g| = {number(stride)} is longer than the distance {number(gap)}")
    else:
        reasons.append(
            "the slope changes its sign there without getting smaller, and the steps do not, either"
        )
    return [*reasons, _halved(case)]


def _cycle(case: Case) -> list[str]:
    above = _above_limit_in_the_middle(case)
    why = f"the slope changes smoothly here, and {above[0]}" if above else "the slope changes smoothly here"
    return [f"{visits(case.turns[1:])}{_around(case)}", why, _halved(case)]


def _halved(case: Case) -> str:
    """Tell what half the rate does from where the run ended; it is really tried."""
    trial_steps = max(4 * case.evidence.tail, 6 * LONGEST_PERIOD)
    halved = rerun(case.trajectory, np.array([case.lane]), factor=0.5, steps=trial_steps).iterates
    before = float(np.ptp(case.turns, axis=0).max())
    after = float(np.ptp(halved[-LONGEST_PERIOD - 1 :, 0], axis=0).max())
    if after <= 1e-3 * before:
        rest = point(halved[-1, 0])
        if case.evidence.kinked[case.lane]:
            return f"halving η happens to land exactly on {rest}; as a rule it only shrinks the cycle"
        return f"halving η ends it: from there the run comes to rest at {rest}"
    if after >= before:
        return f"halving η does not shrink it: its width is then {number(after)} instead of {number(before)}"
    period = int(find_cycle(halved, np.array([before]))[0])
    where = f": {visits(halved[len(halved) - period :, 0])}" if period else ""
    return f"halving η shrinks the cycle from {number(before)} to {number(after)}{where}"


def _bounded(case: Case) -> list[str]:
    tail = case.losses[-case.evidence.tail - 1 :]
    between = f"between {number(tail.min())} and {number(tail.max())}"
    if case.steps < _FEW_STEPS:
        seen = f"from {number(tail[0])} to {number(tail[1])}" if case.steps == 1 else f"up and down {between}"
        heading = f"in {steps(case.steps)} the loss went {seen}: too few to see where it is heading"
        return [heading, *_above_limit_in_the_middle(case)]
    return [
        f"the loss keeps {between}, and neither falls nor climbs",
        f"the steps do not repeat with any period up to {LONGEST_PERIOD}",
        *_above_limit_in_the_middle(case),
    ]


def _noise_floor(case: Case) -> list[str]:
    hovers = case.losses[-case.evidence.tail :].mean()
    lowest = "at the minimum it is" if case.knows_floor else "the lowest so far was"
    reasons = [
        f"the noise of the gradients keeps the loss at about {number(hovers, 3)}, and it falls no further; "
        f"{lowest} {number(case.floor)}"
    ]
    lanes = np.array([case.lane])
    trial = rerun(case.trajectory, lanes, factor=0.1, steps=2 * case.evidence.tail).losses[:, 0]
    late = float(trial[-case.evidence.tail :].mean())
    if late - case.floor < 0.8 * (hovers - case.floor):
        reasons.append(f"with η/10 from there it falls to about {number(late, 3)}")
    return reasons


# At the minimum


def _arrived(case: Case) -> list[str]:
    reasons = [_has_arrived(case), _ends(case)]
    overshoots = case.changes_of_side or not case.only_falls
    if _is_plain(case) and 0 < case.rate * case.curvature <= 1 + 1e-12 and not overshoots:
        inverse = number(1 / case.curvature)
        reasons.append(f"η = {number(case.rate)} does not exceed 1/λ = {inverse}: no step overshoots")
    return reasons


def _oscillating(case: Case) -> list[str]:
    changes = case.changes_of_side
    times = {1: "once", 2: "twice"}.get(changes, f"{changes} times")
    reasons = [_has_arrived(case), _ends(case), f"on the way there it changed sides {times}"]
    if _is_plain(case) and 1 < case.rate * case.curvature < 2:
        inverse, limit = number(1 / case.curvature), number(2 / case.curvature)
        reasons.append(
            f"η = {number(case.rate)} is above 1/λ = {inverse}, so that steps overshoot, and below "
            f"2/λ = {limit}, so that they overshoot less each time"
        )
    return reasons


def _escaped(case: Case) -> list[str]:
    worse = float(landscape.worse_basin(case.objective, case.way[:1])[0])
    return [
        f"began at {point(case.way[0])}, in the basin of a minimum with the loss {number(worse)}, "
        "and left it for the lowest",
        _has_arrived(case),
        _ends(case),
    ]


def _has_arrived(case: Case) -> str:
    since = "from the start on" if case.arrived_at == 0 else f"from step {case.arrived_at} on"
    mean = "on average " if case.evidence.stochastic else ""
    if case.knows_floor:
        return f"{mean}{since}, at most {percent(ARRIVED)} of the starting loss above the minimum is left"
    return f"{mean}{since}, the loss stays within {percent(ARRIVED)} of its whole fall"


def _ends(case: Case) -> str:
    is_over = case.steps >= case.trajectory.experiment.steps
    where = f"{point(case.way[-1])} with the loss {number(case.losses[-1])}"
    return f"it ends at {where}" if is_over else f"it is now at {where}"


def _is_plain(case: Case) -> bool:
    """Return whether the lane is plain gradient descent at a constant rate, which theory knows all about."""
    is_descent = isinstance(case.optimizer, GradientDescent)
    return is_descent and case.has_constant_rate and not case.evidence.stochastic


# Not at the minimum


def _saddle(case: Case) -> list[str]:
    curvature = case.objective.hessian(case.way[-1:])
    assert curvature is not None
    eigenvalues = np.linalg.eigvalsh(curvature)[0]
    return [
        f"the slope at {point(case.way[-1])} has faded to {number(case.slope)}, and no η makes up for that",
        f"the curvature there is {number(eigenvalues[0])} in one direction: the function falls to the side",
    ]


def _local_minimum(case: Case) -> list[str]:
    objective = case.objective
    stays = "stays around" if case.evidence.stochastic else "rests at"
    here = f"{stays} {point(case.way[-1])} with the loss {number(case.losses[-1])}"
    best = landscape.lowest_value(objective)
    if np.isnan(best):
        return [f"{here}, a minimum, but the function falls lower elsewhere"]
    reasons = [f"{here}; the lowest minimum is {number(case.distance)} away and has the loss {number(best)}"]
    places = np.array([minimum.x for minimum in objective.minima if not minimum.is_global])
    nearest = places[np.linalg.norm(places - case.way[-1], axis=-1).argmin()][None]
    limit = theory.stability_limit(case.optimizer, float(case.curvatures(nearest)[0]))
    if case.rate < limit:
        reasons.append(f"in this basin any η below {number(limit, 3)} is stable")
    return reasons


def _plateau(case: Case) -> list[str]:
    stride = number(float(np.linalg.norm(case.way[-1] - case.way[-2])))
    reasons = [f"the slope is only {number(case.slope)}, and the last step was {stride} long"]
    if np.isfinite(case.distance):
        lower = number(case.losses[-1] - case.floor)
        reasons.append(f"the minimum is {number(case.distance)} away and {lower} lower")
    return reasons


def _stalled(case: Case) -> list[str]:
    moved = float(np.linalg.norm(np.diff(case.way[-max(len(case.way) // 4, 2) :], axis=0), axis=-1).sum())
    left = f", and the minimum is still {number(case.distance)} away" if np.isfinite(case.distance) else ""
    return [
        f"η has fallen from {number(case.rates.max())} to {number(case.rate)}, but the slope is still "
        f"{number(case.slope)}",
        f"the last quarter of the run moved it by {number(moved)}{left}",
    ]


def _overfitting(case: Case) -> list[str]:
    assert case.trajectory.validation is not None
    unseen = case.trajectory.validation[:, case.lane]
    best = int(unseen.argmin())
    return [
        f"the validation loss was lowest at step {best}: since then it rose from {number(unseen[best])} to "
        f"{number(unseen[-1])}",
        f"meanwhile the training loss went from {number(case.losses[best])} to {number(case.losses[-1])}",
    ]


def _validation_plateau(case: Case) -> list[str]:
    lanes = np.array([case.lane])
    before = settled_loss(case.trajectory)[case.lane]
    after = settled_loss(rerun(case.trajectory, lanes, factor=SMALLER, steps=case.evidence.tail))[0]
    return [
        f"the validation loss has gone flat at {number(before)}",
        f"with η/10 from there it falls to {number(after)}",
    ]


def _slow(case: Case) -> list[str]:
    after = f"after {steps(case.steps)}"
    fall = f"from {number(case.losses[0])} to {number(case.losses[-1])}"
    is_guess = not case.knows_floor and np.isnan(case.curvature)
    if not np.isfinite(case.excess) or (is_guess and case.steps < _FEW_STEPS):
        return [f"{after} the loss has gone {fall}, and the slope is still {number(case.slope)}"]
    if is_guess:
        second_half = f"the second half of the steps brought {percent(case.excess)} of the whole fall"
        return [f"{after} the loss is still falling: {second_half}, {fall}"]
    above = "the minimum" if case.knows_floor else "the bottom that slope and curvature point to"
    if case.excess > 1:
        left = f"the loss is {number(case.excess, 3)} times as far above {above} as at the start"
    else:
        left = f"{percent(case.excess)} of the starting loss above {above} is left"
    return [f"{after}, {left}", *_pace(case), *_headroom(case)]


def _pace(case: Case) -> list[str]:
    """Say how many steps it will take at the pace of the last quarter, where there is one."""
    if case.excess <= ARRIVED:
        return ["it has not stayed that low for long"]
    if case.evidence.stochastic and case.steps < _FEW_STEPS:
        return []
    quarter = max(1, case.steps // 4)
    last = "the last step" if quarter == 1 else f"the last {quarter} steps"
    heights = case.losses - case.floor
    goal = ARRIVED * heights[-1] / case.excess
    # Of a loss that swings it is the peaks that count.
    is_smooth = (np.diff(heights[-2 * quarter - 1 :]) <= 0).all()
    width = 1 if is_smooth else max(1, quarter // 2)
    now, before, earlier = (
        heights[max(len(heights) - back * quarter - width, 0) :][:width].max() for back in (0, 1, 2)
    )
    if not 0 < now < before:
        return [] if case.evidence.stochastic else [f"{last} brought it no lower"]
    quarters = np.log(goal / now) / np.log(now / before)
    if is_smooth and before - now > (earlier - before) * (before + now) / (2 * before) > 0:
        # By the same amount each time, not by the same share.
        quarters = (now - goal) / (before - now)
    more = max(np.ceil(quarters * quarter - (width - 1)), 1)
    plural = "step" if more == 1 else "steps"
    left = case.trajectory.experiment.steps - case.steps
    budget = f"; {left} {'is' if left == 1 else 'are'} left" if left else ""
    return [f"at the pace of {last} it needs about {number(more, 2)} more {plural}{budget}"]


def _headroom(case: Case) -> list[str]:
    """Say how near the constant rate is to the largest that theory allows at the minimum, if it is known."""
    best = landscape.nearest_best(case.objective, case.way[-1])
    if best is None or not case.has_constant_rate:
        return []
    limit = theory.stability_limit(case.optimizer, float(case.curvatures(best[None])[0]))
    share = case.rate / limit
    if not share <= 1:
        return []
    much = f"{'' if share < 0.5 else 'already '}{number(100 * share, 2)} %"
    return [f"η = {number(case.rate)} is {much} of the largest rate that is stable there, {number(limit)}"]


_REASONS: Mapping[Regime, Callable[[Case], list[str]]] = {
    Regime.OVERFLOW: _overflow,
    Regime.DIVERGING: _diverging,
    Regime.KINK_CYCLE: _kink_cycle,
    Regime.CYCLE: _cycle,
    Regime.NOISE_FLOOR: _noise_floor,
    Regime.ARRIVED: _arrived,
    Regime.OSCILLATING: _oscillating,
    Regime.ESCAPED: _escaped,
    Regime.SADDLE: _saddle,
    Regime.LOCAL_MINIMUM: _local_minimum,
    Regime.PLATEAU: _plateau,
    Regime.STALLED: _stalled,
    Regime.OVERFITTING: _overfitting,
    Regime.VALIDATION_PLATEAU: _validation_plateau,
    Regime.SLOW: _slow,
    Regime.BOUNDED: _bounded,
}


def _around(case: Case) -> str:
    return "" if case.middle is None or len(case.middle) > 2 else f" around {point(case.middle)}"
