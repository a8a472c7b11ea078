"""Questions for a number: the next iterate, the points of a cycle, the rate in force.

The wrong choices are what comes out when one thing is forgotten or turned round.
"""

import math
from collections.abc import Iterator

import numpy as np

from lrcards.descent.optimizers import GradientDescent
from lrcards.descent.questions.question import MOST_CHOICES, Question, Subject, between_numbers, number
from lrcards.descent.regimes import Regime
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
    x, after = (float(point) for point in subject.trajectory.recorded[:2, 0, 0])
    slope, rate = float(subject.trajectory.gradients[0, 0, 0]), float(subject.trajectory.rates[0, 0])
    mistakes = [
        x + (x - after),  # uphill
        x - rate * slope,  # as plain gradient descent would
        x - slope,  # not scaled by the rate
        x - rate * math.copysign(1, slope),  # not scaled by the slope
        x + 2 * (after - x),  # twice
        x + (after - x) / 2,  # half
    ]
    if isinstance(experiment.optimizers[0], GradientDescent):
        because = f"x − η·g = {number(x)} − {number(rate)}·({number(slope)}) = {number(after)}"
    else:
        because = (
            f"the slope at {number(x)} is {number(slope)}, and the first step of "
            f"{experiment.optimizers[0].name} at η = {number(rate)} is {number(after - x)} long"
        )
    return between_numbers("next", "Where does the first step lead?", after, mistakes, because)


def cycle(subject: Subject) -> Question | None:
    """Ask between which two points the one run alternates in the end, or whether it comes to rest instead."""
    objective = subject.experiment.objective
    places = [minimum.x[0] for minimum in objective.minima if minimum.is_global]
    if not (subject.is_single and subject.is_exact and objective.dimension == 1 and places):
        return None
    end = subject.trajectory.iterates[-1, 0]
    bottom = min(places, key=lambda place: abs(place - float(end[0])))
    rest = f"it comes to rest at {number(bottom)}"
    orbit = subject.judgement.verdict().cycle
    if orbit is not None and len(orbit) == 2:
        low, high = sorted(point[0] for point in orbit)
        width, truth = high - low, _pair(low, high)
    elif orbit is None and subject.regime in (Regime.ARRIVED, Regime.OSCILLATING):
        beside = objective.gradient(np.array([[bottom + 1e-6]]))
        width, truth = abs(float(beside[0, 0])) * float(subject.trajectory.rates[-1, 0]), rest
    else:
        return None
    offered = {truth: low} if truth != rest else {}
    for left, right in _wrong_cycles(bottom, width):
        if len(offered) < MOST_CHOICES - 1:
            offered.setdefault(_pair(left, right), left)
    choices = [*sorted(offered, key=lambda text: offered[text]), rest]
    if len(choices) < MOST_CHOICES:
        return None
    prompt = "Between which points does this run alternate in the end?"
    return Question("cycle", prompt, tuple(choices), choices.index(truth), subject.reasons)


def _pair(low: float, high: float) -> str:
    return f"{number(low)} ↔ {number(high)}"


def _wrong_cycles(bottom: float, width: float) -> Iterator[tuple[float, float]]:
    """Yield cycles around a minimum that someone could expect who did not follow the steps."""
    yield bottom - width / 2, bottom + width / 2  # the minimum in the middle
    yield bottom, bottom + width  # the minimum itself is hit again and again
    yield bottom - width, bottom + width  # a step to each side
    yield bottom - width, bottom


def rate_in_force(subject: Subject) -> Question | None:
    """Ask for the rate after all steps of the one run; a moment before or after it is none of the others."""
    experiment, trajectory = subject.experiment, subject.trajectory
    if not subject.is_single or trajectory.stopped[0] >= 0:
        return None
    schedule, base = experiment.schedules[0], experiment.rates[0]
    every = experiment.update_every
    updates, truth = experiment.steps // every, float(trajectory.rates[-1, 0])
    what = "steps" if every == 1 else f"epochs of {every} steps"
    question = between_numbers(
        "rate",
        f"Which η is in force after {updates} {what}?",
        truth,
        _wrong_rates(schedule, base, updates, truth),
        f"{_formula(schedule, base, updates)} = {number(truth)}",
        apart=_RATES_APART,
    )
    curve = schedule.curve(base, updates + 1)
    moments = [trajectory.rates[-1 - every, 0]] if curve is None else [curve[updates - 1], curve[updates + 1]]
    if question is None or {number(rate) for rate in moments} & {*question.choices} - {question.answer}:
        return None
    return question


def _wrong_rates(schedule: Schedule, base: float, updates: int, truth: float) -> Iterator[float]:
    """Yield rates that someone could take for the right one, the most plausible first."""
    match schedule:
        case StepDecay() | MultiStep() | ReduceOnPlateau():
            yield truth / schedule.factor  # a drop too few
            yield truth * schedule.factor  # a drop too many
            yield truth / schedule.factor**2
        case Exponential():
            yield base * schedule.factor  # once instead of every time
            yield from _positive(base * (1 - (1 - schedule.factor) * updates))  # the same amount every time
            yield base * schedule.factor**updates / 10
        case InverseTime():
            yield base / (1 + schedule.decay)  # t forgotten
            yield base / (schedule.decay * updates)  # 1 forgotten
            yield from _positive(base * (1 - schedule.decay * updates))
        case Cosine():
            share = min(updates / schedule.updates, 1.0)
            yield from _positive(base * (1 - share))  # a straight line
            yield from _positive(base * (1 - math.cos(math.pi * share)) / 2)  # upside down
            yield from _positive(base * math.cos(math.pi * share / 2))  # a quarter of a wave
            yield base / 2
    curve = schedule.curve(base, 2 * updates)
    if curve is not None:
        yield from (float(curve[updates // 2]), float(curve[2 * updates]))
    yield base


def _positive(rate: float) -> Iterator[float]:
    if rate > 0:
        yield rate


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
