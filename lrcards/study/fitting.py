"""FSRS parameters from the learner's own log of reviews, and whether they predict it better."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from lrcards.cards.model import Rating
from lrcards.study.log import Answered, AnswersByCard
from lrcards.study.memory import DEFAULT_PARAMETERS, Evaluation, History, MemoryModel, TrainingSet

SPLITS = 5
FEWEST_ITEMS = 8
# A first interval that few cards had is left out by fsrs-rs (``filter_outlier`` in its ``dataset.rs``); of a
# first rating that fewer cards than this had, nothing remains.
FEWEST_SECOND_ANSWERS = 20

STAGES = 3
Progress = Callable[[int], None]
"""Told which stage of ``fit`` is done; within one, fsrs-rs does not tell how far it is."""


class Item(NamedTuple):
    """A review to learn from: its time (seconds since 1970), whose history it ends, and how long that is."""

    at: float
    card: int
    answers: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a log has to teach.

    Attributes:
        histories: the answers of each card, from its last learning block on.
        items: the reviews to learn from, by time; ``card`` is the index of a history.
    """

    histories: tuple[History, ...]
    items: tuple[Item, ...]


def lessons(log: AnswersByCard) -> Lessons:
    """Return what there is to learn from a log.

    As in Anki (``rslib/src/scheduler/fsrs/params.rs``), a card's history begins with the last block of
    answers that it got while it was learnt, and cards whose beginning is not in the log are left out. An
    answer teaches something if it was given on a later day than the one before.
    """
    histories: list[History] = []
    items = []
    for answers in log.values():
        block = answers[_start_of_last_learning_block(answers) :]
        if not block:
            continue
        history = [(answer.rating, answer.elapsed) for answer in block]
        history[0] = (block[0].rating, 0)
        items += [
            Item(answer.at, len(histories), number)
            for number, answer in enumerate(block, start=1)
            if answer.elapsed and number > 1
        ]
        histories.append(history)
    return Lessons(tuple(histories), tuple(sorted(items)))


def _start_of_last_learning_block(answers: Sequence[Answered]) -> int:
    """Return the index of its first answer; the number of answers if there is no such block."""
    end = len(answers)
    while end and not answers[end - 1].learning:
        end -= 1
    start = end
    while start and answers[start - 1].learning:
        start -= 1
    return start if end else len(answers)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How well parameters predict a log.

    Attributes:
        before, after: what the parameters in use and the fitted ones make of the whole log.
        unseen_by_default, unseen_by_fit: what the default parameters, and ones fitted to all that came
            before, make of the later reviews of five time-series splits.
    """

    before: Evaluation
    after: Evaluation
    unseen_by_default: Evaluation
    unseen_by_fit: Evaluation

    @property
    def better(self) -> bool:
        """Whether the fitted parameters are better than those in use.

        They must predict the log with less loss, as Anki asks, and fitting must help with reviews it has not
        seen. The second cannot be asked of the parameters in use: they may have been fitted to those very
        reviews. So what a fit knows of the future is compared with what the default parameters know.
        """
        return (
            self.after.log_loss < self.before.log_loss
            and self.unseen_by_fit.log_loss < self.unseen_by_default.log_loss
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of fitting.

    Attributes:
        parameters: the ones to use from now on: the fitted ones if they are better, else those in use.
        items: how many reviews there were to learn from.
        missing: at least how many are missing; 0 if there were enough.
        fitted, comparison: ``None`` if there were not enough.
    """

    parameters: tuple[float, ...]
    items: int
    missing: int = 0
    fitted: tuple[float, ...] | None = None
    comparison: Comparison | None = None

    @property
    def better(self) -> bool:
        """Whether the fitted parameters are the ones to use from now on."""
        return self.comparison is not None and self.comparison.better

    @property
    def verdict(self) -> str:
        """What came of it, in sentences for the learner."""
        if self.fitted is None:
            reviews = "1 more review" if self.missing == 1 else f"{self.missing} more reviews"
            return (
                f"There is too little to learn from yet: it takes at least {reviews} of cards "
                "that you learnt on an earlier day. The parameters in use are kept."
            )
        if not self.better:
            return "New parameters would not predict your answers better, so those in use are kept."
        scope = "four first stabilities" if self.fitted[4:] == DEFAULT_PARAMETERS[4:] else "parameters"
        return f"The new {scope} predict your answers better, and are used from now on."


def fit(
    lessons: Lessons,
    in_use: Sequence[float] = DEFAULT_PARAMETERS,
    relearning_steps: int = 1,
    progress: Progress | None = None,
) -> Fit:
    """Fit parameters to a log; they replace those in use only if they are better.

    Args:
        lessons: what the log has to teach.
        in_use: the parameters so far.
        relearning_steps: how many a forgotten card takes.
        progress: told after each of the ``STAGES``.

    Raises:
        SettingsError: the parameters in use are not allowed.
    """
    report = progress or (lambda _: None)
    kept = Fit(MemoryModel(tuple(in_use)).parameters, len(lessons.items))
    if kept.items < FEWEST_ITEMS:
        return replace(kept, missing=FEWEST_ITEMS - kept.items)
    histories = lessons.histories
    training_set = TrainingSet(histories, [(item.card, item.answers) for item in lessons.items])
    fitted = training_set.fitted(relearning_steps)
    report(1)
    if fitted == DEFAULT_PARAMETERS:
        return replace(kept, missing=_missing_second_answers(histories))
    unseen_by_fit = training_set.evaluated_by_splits(relearning_steps)
    report(2)
    comparison = Comparison(
        before=training_set.evaluated(kept.parameters),
        after=training_set.evaluated(fitted),
        unseen_by_default=_evaluated(MemoryModel(), histories, lessons.items[kept.items // (SPLITS + 1) :]),
        unseen_by_fit=unseen_by_fit,
    )
    report(3)
    parameters = fitted if comparison.better else kept.parameters
    return replace(kept, parameters=parameters, fitted=fitted, comparison=comparison)


def _missing_second_answers(histories: Sequence[History]) -> int:
    """Return how many more cards, of the first rating that is nearest, must be answered on a later day."""
    answered = (history[0][0] for history in histories if any(elapsed for _, elapsed in history))
    return max(1, FEWEST_SECOND_ANSWERS - max(Counter(answered).values()))


def _evaluated(model: MemoryModel, histories: Sequence[History], items: Sequence[Item]) -> Evaluation:
    """Return how well a model predicts the items, all weighing the same.

    It is what ``TrainingSet.evaluated_by_splits`` measures, for parameters that stay as they are.
    """
    recalls = model.recalls(histories)
    bins: defaultdict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    places = [_places(history) for history in histories]
    loss = 0.0
    for item in items:
        rating, elapsed = histories[item.card][item.answers - 1]
        recall = recalls[item.card][item.answers - 1]
        recalled = rating > Rating.AGAIN
        loss -= math.log(recall if recalled else 1 - recall)
        of_its_kind = bins[_bin(elapsed, *places[item.card][item.answers - 1])]
        of_its_kind[0] += recall - recalled
        of_its_kind[1] += 1
    squares = sum(surplus**2 / count for surplus, count in bins.values())
    return Evaluation(loss / len(items), math.sqrt(squares / len(items)))


def _places(history: History) -> list[tuple[int, int]]:
    """Return for each answer how many later days there were by then, and how many lapses before it."""
    places = []
    later_days, lapses = 0, 0
    for rating, elapsed in history:
        later_days += elapsed > 0
        places.append((later_days, lapses))
        lapses += elapsed > 0 and rating == Rating.AGAIN
    return places


@cache
def _bin(elapsed: int, later_days: int, lapses: int) -> tuple[int, int, int]:
    """Return the bin of a review (``r_matrix_index`` in fsrs-rs's ``dataset.rs``); bins widen as they go."""
    return (
        math.floor(math.log(elapsed, 3.62)),
        math.floor(math.log(later_days + 1, 1.89)),
        math.floor(math.log(lapses, 1.73)) if lapses else -1,
    )
