"""What each desired retention would cost a learner and bring: simulated with their own memory and habits."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lrcards.collection.decks import decks_within
from lrcards.collection.due import count_shown
from lrcards.collection.parameters import log_of, rules_in_use
from lrcards.collection.store import Collection
from lrcards.errors import LrcardsError
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.limits import ALL_DECKS, Limits
from lrcards.study.memory import MemoryModel, Plan
from lrcards.study.option_texts import parameters_in_words
from lrcards.study.settings import StudySettings
from lrcards.study.simulator import Outlook, habits_of, outlooks

YEAR = 365

COLUMNS = ("Retention", "Reviews/day", "Minutes/day", "Known then", "Per minute")
"""What is told of each retention; known then are the cards that would be recalled at the end of the year, and
per minute are those for each minute of study."""


@dataclass(frozen=True, slots=True)
class Retentions:
    """What each desired retention would come to in a deck.

    Attributes:
        plan: what was simulated.
        desired: the retention that is desired now.
        answers: to how many answers of the last year the learner's habits were read from.
        parameters: where the FSRS parameters come from.
        outlooks: what each retention comes to.
    """

    plan: Plan
    desired: float
    answers: int
    parameters: str
    outlooks: tuple[Outlook, ...]

    @property
    def is_desired(self) -> list[bool]:
        """Which of the outlooks is that of the retention that is desired now; at most one."""
        return [round(outlook.desired_retention, 4) == round(self.desired, 4) for outlook in self.outlooks]

    @property
    def assumptions(self) -> str:
        """What was assumed, in sentences for the learner."""
        plan = self.plan
        cards = "1 card" if plan.cards == 1 else f"{plan.cards:,} cards"
        rates = "as the average learner"
        if self.answers:
            rates = f"as in your own answers of the last year ({self.answers:,}), {rates} where those are few"
        return (
            f"Assumed: a year with {cards}, all new on the first day; {plan.new_per_day:,} new cards and at "
            f"most {plan.reviews_per_day:,} reviews a day, no day off. You forget as your FSRS parameters "
            f"({self.parameters}) say; you rate, and take as long, {rates}."
        )


def retentions(
    report: Callable[[int], object],
    path: Path,
    settings: StudySettings,
    days: StudyDays,
    now: datetime,
    deck: str | None = None,
) -> Retentions:
    """Simulate a year of a deck with its subdecks, or of all decks, at each of the ``RETENTIONS``.

    Args:
        report: told how many retentions are done.
        path: of the collection.
        settings, days: the learner's.
        now: the instant (UTC).
        deck: its name.

    Raises:
        LrcardsError: there is no such deck, or it has no cards; or the collection cannot be read.
    """
    with Collection.open(path) as collection:
        options = rules_in_use(collection, settings, days).options(deck or ALL_DECKS)
        with collection.reading() as database:
            cards = count_shown(database, decks_within(database, deck))
        if not cards:
            raise LrcardsError(
                "There are no cards to simulate a year with", "Import some, or choose another deck"
            )
        today = days.day(now)
        log = log_of(collection, deck, today - YEAR * ONE_DAY)
    plan = Plan(
        cards,
        YEAR,
        options.limits.new_per_day or Limits().new_per_day,
        options.limits.reviews_per_day,
        options.scheduler.maximum_interval,
        len(options.scheduler.learning_steps),
        len(options.scheduler.relearning_steps),
    )
    found = []
    for outlook in outlooks(MemoryModel(options.parameters), plan, habits_of(log, today)):
        found.append(outlook)
        report(len(found))
    return Retentions(
        plan, options.scheduler.desired_retention, len(log), parameters_in_words(options), tuple(found)
    )


def as_data(found: Retentions) -> dict[str, Any]:
    """Return the outlooks as plain data for a script."""
    return {
        "desired_retention": found.desired,
        "assumed": asdict(found.plan) | {"answers": found.answers, "parameters": found.parameters},
        "outlooks": [asdict(outlook) for outlook in found.outlooks],
    }


def in_words(found: Retentions) -> Iterator[str]:
    """Yield the outlooks as lines for a reader; the desired retention is marked."""
    yield "  " + "".join(f"{column:>13}" for column in COLUMNS)
    for outlook, is_desired in zip(found.outlooks, found.is_desired, strict=True):
        yield f"{'*' if is_desired else '':2}" + "".join(f"{cell:>13}" for cell in cells(outlook))
    yield ""
    yield found.assumptions


def cells(outlook: Outlook) -> tuple[str, ...]:
    """Return the figures of an outlook for each of the ``COLUMNS``."""
    return (
        f"{100 * outlook.desired_retention:.0f} %",
        f"{outlook.reviews_per_day:,.1f}",
        f"{outlook.minutes_per_day:,.1f}",
        f"{outlook.remembered:,.0f}",
        f"{outlook.remembered_per_minute:.3f}",
    )
