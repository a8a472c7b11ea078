"""What can be asked about an experiment before it runs; the right choice comes from the run itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np

from lrcards.descent.errors import SpecError, unknown
from lrcards.descent.evidence import ARRIVED
from lrcards.descent.experiment import Experiment
from lrcards.descent.objectives import AbsoluteDeviations
from lrcards.descent.optimizers import GradientDescent
from lrcards.descent.regimes import Regime
from lrcards.descent.run import simulate
from lrcards.descent.schedules import Constant
from lrcards.descent.trajectory import Trajectory
from lrcards.descent.verdict import Judgement, judge_all

MOST_CHOICES = 4
# The loss at the end is too near to what counts as arrival to call it either way within this factor.
_MARGIN = 2


@dataclass(frozen=True)
class Question:
    """One question with its choices, of which exactly one is right.

    Attributes:
        kind: one of ``KINDS``.
        prompt: the question in general words, for a card that has none of its own.
        choices: 2 to 4 of them, all different as they read.
        truth: the index of the right one.
        because: why it is right, in plain words with numbers.
    """

    kind: str
    prompt: str
    choices: tuple[str, ...]
    truth: int
    because: str

    @property
    def answer(self) -> str:
        """The right choice."""
        return self.choices[self.truth]


def ask(kind: str | None, experiment: Experiment, labels: Sequence[str], random: Random) -> Question | None:
    """Return a question about what the experiment will do; ``None`` if no single choice would be right.

    Args:
        kind: one of ``KINDS``; ``None`` for what suits the experiment.
        labels: what each lane is called.
        random: decides which wrong choices are offered, where there are more than fit.

    Raises:
        SpecError: there is no such kind.
    """
    subject = _Subject(experiment, tuple(labels), random)
    if kind is None:
        kind = subject.default_kind
    if kind not in KINDS:
        raise SpecError(unknown_kind(kind))
    return KINDS[kind](subject)


def unknown_kind(kind: object) -> str:
    """Say that there is no such kind of question, and what was meant."""
    return unknown("kind of question", str(kind), KINDS)


@dataclass(frozen=True)
class _Subject:
    """An experiment to ask about, with its run and what became of it."""

    experiment: Experiment
    labels: tuple[str, ...]
    random: Random

    @cached_property
    def trajectory(self) -> Trajectory:
        return simulate(self.experiment)

    @cached_property
    def judgement(self) -> Judgement:
        return judge_all(self.trajectory)

    @property
    def default_kind(self) -> str:
        if self.experiment.lanes > 1:
            return "first"
        return "regime"


_WORDS: Mapping[Regime, str] = {
    Regime.SLOW: "creeps, and runs out of steps on the way",
    Regime.STALLED: "comes to a halt on the way, as η dies away",
    Regime.PLATEAU: "hardly moves, as there is almost no slope",
    Regime.SADDLE: "comes to rest at a saddle",
    Regime.ARRIVED: "goes to the minimum from one side",
    Regime.OSCILLATING: "jumps from side to side, and arrives",
    Regime.LOCAL_MINIMUM: "settles in a minimum that is not the best",
    Regime.ESCAPED: "leaves its valley for the best minimum",
    Regime.OVERFITTING: "overfits: the validation loss rises again",
    Regime.VALIDATION_PLATEAU: "goes flat, though a smaller η would fall on",
    Regime.NOISE_FLOOR: "falls, then rattles about in the noise",
    Regime.CYCLE: "cycles for ever between the same points",
    Regime.KINK_CYCLE: "bounces across the kink for ever",
    Regime.BOUNDED: "jumps about for ever without a pattern",
    Regime.DIVERGING: "diverges",
}
"""What a run does, in the order in which choices are offered: from too timid to too bold."""


def _regime(subject: _Subject) -> Question | None:
    """Ask what the one run of an experiment will do."""
    if subject.experiment.lanes > 1:
        return None
    truth = subject.judgement.regimes[0]
    if truth is Regime.OVERFLOW:
        truth = Regime.DIVERGING
    excess = float(subject.judgement.evidence.excess[0])
    if truth is not Regime.DIVERGING and ARRIVED / _MARGIN < excess < ARRIVED * _MARGIN:
        return None
    wrong = [regime for regime in _plausible(subject.experiment) if regime is not truth]
    offered = subject.random.sample(wrong, MOST_CHOICES - 1)
    regimes = [regime for regime in _WORDS if regime is truth or regime in offered]
    return Question(
        "regime",
        "What will this run do?",
        tuple(_WORDS[regime] for regime in regimes),
        regimes.index(truth),
        "; ".join([*_theory(subject.experiment), *subject.judgement.verdict().reasons]),
    )


def _plausible(experiment: Experiment) -> list[Regime]:
    """Return what someone could believe of the experiment, what is peculiar to it first."""
    minima = experiment.objective.minima
    peculiar = []
    if any(not minimum.is_global for minimum in minima):
        peculiar += [Regime.LOCAL_MINIMUM, Regime.ESCAPED]
    if experiment.noise > 0 or experiment.batch_size is not None:
        peculiar.append(Regime.NOISE_FLOOR)
    elif isinstance(experiment.objective, AbsoluteDeviations):
        peculiar.append(Regime.KINK_CYCLE)
    else:
        peculiar.append(Regime.CYCLE)
    if not isinstance(experiment.schedule, Constant):
        peculiar.append(Regime.STALLED)
    return [*peculiar, Regime.SLOW, Regime.ARRIVED, Regime.OSCILLATING, Regime.DIVERGING]


def _theory(experiment: Experiment) -> list[str]:
    """Return what theory says of gradient descent on a bowl in one dimension."""
    optimizer, curvature = experiment.optimizers[0], experiment.objective.hessian(experiment.lane_starts)
    is_plain = isinstance(optimizer, GradientDescent) and isinstance(experiment.schedules[0], Constant)
    if experiment.objective.name != "quadratic" or experiment.objective.dimension > 1 or not is_plain:
        return []
    assert curvature is not None
    factor = 1 - experiment.rates[0] * float(np.squeeze(curvature))
    return [f"each step multiplies the distance to the minimum by 1 − η·λ = {factor:.4g}"]


KINDS: Mapping[str, Callable[[_Subject], Question | None]] = {"regime": _regime}
"""The kinds of questions there are."""
