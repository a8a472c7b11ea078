"""Questions for a number: the next iterate, the points of a cycle, the rate in force.

The wrong choices are what comes out when one thing is forgotten or turned round.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lrcards.descent.optimizers import GradientDescent
from lrcards.descent.questions.question import MOST_CHOICES, Question, Subject, between_numbers, number
from lrcards.descent.regimes import Regime
from lrcards.descent.run import simulate
from lrcards.descent.schedules import (
    Cosine,
    Exponential,
    InverseTime,
    MultiStep,
    ReduceOnPlateau,
    Schedule,
    StepDecay,
)

# Rates that differ by less than this share of the greater are told apart by arithmetic, not by understanding.
_RATES_APART = 0.1


def next_iterate(subject: Subject) -> Question | None:
    """Ask where the first step of the one run leads; in one dimension, without noise."""
    experiment = subject.experiment
    if not (subject.is_single and subject.is_exact and experiment.objective.dimension == 1):
        return None
    step = simulate(replace(experiment, steps=1))
    x, after = (float(point) for point in step.recorded[:, 0, 0])
    slope, rate = float(step.gradients[0, 0, 0]), float(step.rates[0, 0])
    mistakes = [
        x + (x - after),  # uphill
        x - rate * slope,  # as plain gradient descent would
        x - slope,  # not scaled by the rate
        x - rate * math.copysign(1, slope),  # not scaled by the slope
        x + 2 * (after - x),  # twice
        x + (after - x) / 2,  # half
    ]
    if isinstance(experiment.optimizers[0], GradientDescent):
        factor = f"({number(slope)})" if slope < 0 else number(slope)
        because = f"x − η·g = {number(x)} − {number(rate)}·{factor} = {number(after)}"
    else:
        step_of = f"the first step of {experiment.optimizers[0].name} at η = {number(rate)}"
        because = (
            f"the slope at {number(x)} is {number(slope)}, and {step_of} is {number(abs(after - x))} long"
        )
    return between_numbers(
        "next", "Where does the first step lead?", after, mistakes, because, subject.random
    )


def cycle(subject: Subject) -> Question | None:
    """Ask between which two points the one run alternates in the end, or whether it comes to rest instead."""
    objective, evidence = subject.experiment.objective, subject.judgement.evidence
    places = [minimum.x[0] for minimum in objective.minima if minimum.is_global]
    if not (subject.is_single and subject.is_exact and objective.dimension == 1 and places):
        return None
    low, high = sorted(subject.trajectory.iterates[-2:, 0, 0].tolist())
    bottom = min(places, key=lambda place: abs(place - high))
    truth = rest = f"it comes to rest at {number(bottom)}"
    offered: dict[str, float] = {}
    if subject.regime in (Regime.CYCLE, Regime.KINK_CYCLE) and evidence.period[0] == 2:
        truth, width, gap = _pair(low, high), high - low, min(abs(low - bottom), abs(high - bottom))
        offered[truth] = low
        because = f"steps of {number(width)} lead across {number(bottom)}, which is only {number(gap)} away"
    elif subject.regime in (Regime.ARRIVED, Regime.OSCILLATING):
        slope_beside = float(objective.gradient(np.array([[bottom + 1e-6]]))[0, 0])
        width = abs(slope_beside) * float(subject.trajectory.rates[-1, 0])
        has_slope = subject.trajectory.gradients[:, 0, 0] != 0
        hit = f"step {np.argmin(has_slope)} leads to {number(bottom)}, where the slope is 0"
        because = subject.reasons if has_slope[-1] else hit
    else:
        return None
    wrong = {_pair(*points): points[0] for points in _wrong_cycles(bottom, width)}
    wrong.pop(truth, None)
    missing = MOST_CHOICES - 1 - len(offered)
    if len(wrong) < missing:  # they are too narrow to read differently
        return None
    offered |= subject.random.sample(list(wrong.items()), missing)
    choices = [*sorted(offered, key=lambda text: offered[text]), rest]
    prompt = "Between which points does this run alternate in the end?"
    return Question("cycle", prompt, tuple(choices), choices.index(truth), because)


def _pair(low: float, high: float) -> str:
    return f"{number(low)} ↔ {number(high)}"


def _wrong_cycles(bottom: float, width: float) -> Iterator[tuple[float, float]]:
    """Yield cycles around a minimum that someone could expect who did not follow the steps."""
    yield bottom - width / 2, bottom + width / 2  # the minimum in the middle
    yield bottom, bottom + width  # the minimum itself is hit again and again
    yield bottom - width, bottom + width  # a step to each side
    yield bottom - width, bottom


def rate_in_force(subject: Subject) -> Question | None:
    """Ask for the rate after all steps of the one run.

    Those of one update before and after it are not among the choices, so that counting from 1 is no trap.
    """
    experiment, trajectory = subject.experiment, subject.trajectory
    if not subject.is_single or trajectory.stopped[0] >= 0:
        return None
    schedule, base = experiment.schedules[0], experiment.rates[0]
    updates, truth = experiment.steps // experiment.update_every, float(trajectory.rates[-1, 0])
    curve = schedule.curve(base, 2 * updates + 1)
    curve = trajectory.rates[:: experiment.update_every, 0] if curve is None else curve
    beside = {number(rate) for rate in curve[max(updates - 1, 0) : updates + 2]}
    mistakes = [
        *_wrong_rates(schedule, base, updates, truth),
        *curve[[0, updates // 2, 3 * len(curve) // 4, -1]].tolist(),
    ]
    what = "steps" if experiment.update_every == 1 else f"epochs of {experiment.update_every} steps"
    return between_numbers(
        "rate",
        f"Which η is in force after {updates} {what}?",
        truth,
        [rate for rate in mistakes if 0 < rate <= base and number(rate) not in beside],
        f"{_formula(schedule, base, updates)} = {number(truth)}",
        subject.random,
        apart=_RATES_APART,
    )


def _wrong_rates(schedule: Schedule, base: float, updates: int, truth: float) -> Iterator[float]:
    """Yield rates that someone could take for the right one, the most plausible first."""
    match schedule:
        case StepDecay() | MultiStep() | ReduceOnPlateau():
            yield truth / schedule.factor  # a drop too few
            yield truth * schedule.factor  # a drop too many
            yield truth * schedule.factor**2
        case Exponential():
            yield base * schedule.factor  # once, not every time
            yield base * (1 - schedule.factor) ** updates  # what is lost, not what is kept
            yield base * (1 - (1 - schedule.factor) * updates)  # the same amount every time
        case InverseTime():
            yield base / (1 + schedule.decay)  # t forgotten
            yield base / (schedule.decay * updates)  # 1 forgotten
            yield base * (1 - schedule.decay * updates)  # the same amount every time
        case Cosine():
            share = min(updates / schedule.updates, 1.0)
            yield base * (1 - share)  # a straight line
            yield base * (1 - math.cos(math.pi * share)) / 2  # upside down
            yield base * math.cos(math.pi * share / 2)  # a quarter of a wave


def _formula(schedule: Schedule, base: float, updates: int) -> str:
    """Return how the rate follows from the base rate and the number of updates."""
    start = number(base)
    match schedule:
        case StepDecay():
            return f"η₀·γ^⌊t/s⌋ = {start}·{number(schedule.factor)}^{updates // schedule.every}"
        case MultiStep():
            drops = sum(milestone <= updates for milestone in schedule.milestones)
            return f"{start}·{number(schedule.factor)}^{drops}"
        case Exponential():
            return f"η₀·γᵗ = {start}·{number(schedule.factor)}^{updates}"
        case InverseTime():
            return f"η₀/(1 + α·t) = {start}/(1 + {number(schedule.decay)}·{updates})"
        case Cosine() if schedule.minimum == 0:
            share = f"{min(updates, schedule.updates)}/{schedule.updates}"
            return f"η₀·(1 + cos(π·t/T))/2 = {start}·(1 + cos(π·{share}))/2"
    return f"η after {updates} updates from {start}"
