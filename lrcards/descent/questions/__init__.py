"""What can be asked about an experiment before it runs; the right choice comes from the run itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

import numpy as np

from lrcards.descent.errors import SpecError, unknown
from lrcards.descent.experiment import Experiment
from lrcards.descent.questions import fates, numbers
from lrcards.descent.questions.question import Question, Subject
from lrcards.descent.regimes import Regime
from lrcards.descent.run import Progress
from lrcards.descent.schedules import ReduceOnPlateau

__all__ = ["KINDS", "Question", "ask", "unknown_kind"]

KINDS: Mapping[str, Callable[[Subject], Question | None]] = {
    "regime": fates.regime,
    "converges": fates.converges,
    "first": fates.first,
    "lowest": fates.lowest,
    "drop": fates.drop,
    "cycle": numbers.cycle,
    "next": numbers.next_iterate,
    "rate": numbers.rate_in_force,
}
"""The kinds of questions there are."""


def ask(
    kind: str | None,
    experiment: Experiment,
    labels: Sequence[str],
    random: Random,
    progress: Progress | None = None,
) -> Question | None:
    """Return a question about what the experiment will do; ``None`` if no single choice would be right.

    Args:
        kind: one of ``KINDS``; ``None`` for what suits the experiment.
        labels: what each lane is called.
        random: decides which wrong choices are offered, where there are more than fit.
        progress: called now and then with the share of the run that is done; what it raises ends it.

    Raises:
        SpecError: there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise SpecError(unknown_kind(kind))
    subject = Subject(experiment, tuple(labels), random, progress)
    kinds = _suited(subject) if kind is None else [kind]
    with np.errstate(all="ignore"):
        return next((question for name in kinds if (question := KINDS[name](subject))), None)


def unknown_kind(kind: object) -> str:
    """Say that there is no such kind of question, and what was meant."""
    return unknown("kind of question", str(kind), KINDS)


def _suited(subject: Subject) -> Iterator[str]:
    """Yield the kinds that suit an experiment, the best first."""
    if not subject.is_single:
        yield from ("first", "lowest")
        return
    if isinstance(subject.experiment.schedules[0], ReduceOnPlateau) or subject.regime is Regime.NOISE_FLOOR:
        yield "drop"
    if subject.regime is Regime.KINK_CYCLE:
        yield "cycle"
    yield "regime"
