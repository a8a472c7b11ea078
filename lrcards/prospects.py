"""Where each rating would take the card on the table, given what the coming days already bring."""

from collections import Counter
from datetime import date, datetime

from lrcards.cards.model import Card, Phase, Rating
from lrcards.collection import due
from lrcards.collection.store import Collection
from lrcards.showing import Shown
from lrcards.study.days import ONE_DAY
from lrcards.study.load import LONGEST_BALANCED, Load
from lrcards.study.scheduler import Moves, Scheduler


class Prospects:
    """The outcomes of ratings in one sitting.

    How full the coming days are is counted once and then kept up to date; what is costly about an outcome is
    worked out once for the card on the table, so that its buttons and its answer cannot disagree.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._due: Counter[date] | None = None
        self._moves: tuple[Shown, date, Moves] | None = None

    def outcomes(self, shown: Shown, scheduler: Scheduler, now: datetime) -> dict[Rating, Card]:
        """Return the card on the table as each rating would leave it."""
        day = scheduler.days.day(now)
        if self._moves is None or self._moves[0] is not shown or self._moves[1] != day:
            self._moves = shown, day, scheduler.moves(shown.card, day, self._load(shown, day))
        return scheduler.outcomes(shown.card, self._moves[2], now)

    def moved(self, before: Card, after: Card) -> None:
        """Count a card on the day on which it is due now."""
        if self._due is not None:
            self._due.subtract(_burdened(before))
            self._due.update(_burdened(after))

    def _load(self, shown: Shown, day: date) -> Load:
        with self._collection.reading() as database:
            if self._due is None:
                self._due = due.due_by_day(database, day, day + 2 * LONGEST_BALANCED * ONE_DAY)
            has_siblings = len(shown.note.ordinals) > 1
            siblings = due.sibling_days(database, shown.card) if has_siblings else frozenset()
        return Load(self._due, siblings)


def _burdened(card: Card) -> tuple[date, ...]:
    """Return the study day on which a review is due, if it is shown."""
    is_counted = card.phase is Phase.REVIEW and not card.suspended
    return (card.due_day,) if is_counted and card.due_day is not None else ()
