"""What a question is, what it is asked about, and how choices between numbers are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np

from lrcards.descent.experiment import Experiment
from lrcards.descent.learning import DataObjective
from lrcards.descent.run import Progress, simulate
from lrcards.descent.trajectory import Trajectory
from lrcards.descent.verdict import Judgement, Regime, judge_all

MOST_CHOICES = 4
FEWEST_CHOICES = 3


@dataclass(frozen=True)
class Question:
    """One question with its choices, of which exactly one is right.

    Attributes:
        kind: the name of its kind.
        prompt: the question in general words, for a card that has none of its own.
        choices: up to 4 of them, all different as they read, in an order that tells nothing.
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


@dataclass(frozen=True, eq=False)
class Subject:
    """An experiment to ask about, with its run and what became of it.

    Attributes:
        labels: what each lane is called.
        random: decides which wrong choices are offered, where there are more than fit.
        progress: told how far the run is; what it raises ends it.
    """

    experiment: Experiment
    labels: tuple[str, ...]
    random: Random
    progress: Progress | None = None

    @cached_property
    def trajectory(self) -> Trajectory:
        """The whole run."""
        return simulate(self.experiment, self.progress)

    @cached_property
    def judgement(self) -> Judgement:
        """What became of each lane."""
        return judge_all(self.trajectory)

    @property
    def regime(self) -> Regime:
        """The regime of the first lane; what overflowed is diverging, too."""
        regime = self.judgement.regimes[0]
        return Regime.DIVERGING if regime is Regime.OVERFLOW else regime

    @property
    def reasons(self) -> str:
        """Why the first lane is in its regime."""
        return "; ".join(self.judgement.verdict().reasons)

    @property
    def is_single(self) -> bool:
        """Whether there is only one lane."""
        return self.experiment.lanes == 1

    @property
    def is_exact(self) -> bool:
        """Whether the steps follow from the gradient alone, without noise or minibatches."""
        experiment = self.experiment
        samples = experiment.objective.samples if isinstance(experiment.objective, DataObjective) else None
        return experiment.noise == 0 and set(experiment.batch_sizes) <= {None, samples}


def between_numbers(
    kind: str,
    prompt: str,
    truth: float,
    mistakes: Iterable[float],
    because: str,
    random: Random,
    *,
    apart: float = 0.0,
) -> Question | None:
    """Return a question whose choices are numbers, the least first; ``None`` if they are too few.

    Args:
        truth: the right number.
        mistakes: wrong ones, of which some are offered.
        apart: the share of the greater by which a wrong one must differ from the right one.
    """
    right = number(truth)
    wrong = {
        number(mistake): mistake
        for mistake in mistakes
        if np.isfinite(mistake) and abs(mistake - truth) >= apart * max(abs(mistake), abs(truth))
    }
    wrong.pop(right, None)
    if len(wrong) < FEWEST_CHOICES - 1:
        return None
    offered = {right: truth, **dict(random.sample(list(wrong.items()), min(len(wrong), MOST_CHOICES - 1)))}
    choices = sorted(offered, key=lambda text: offered[text])
    return Question(kind, prompt, tuple(choices), choices.index(right), because)


def number(value: float) -> str:
    """Return a number as choices and reasons show it."""
    # What rounding left of a zero is a zero.
    return f"{0.0 if abs(value) < 1e-12 else float(value):.5g}"
