"""Where each rating would take the card on the table, given what the coming days already bring."""

from collections import Counter
from datetime import date, datetime

from lrcards.cards.model import Card, Phase, Rating
from lrcards.collection import due
from lrcards.collection.store import Collection
from lrcards.showing import Shown
from lrcards.study.days import ONE_DAY
from lrcards.study.load import LONGEST_BALANCED, Load
from lrcards.study.scheduler import Moves, Scheduler, Wait


class Prospects:
    """What ratings lead to in one sitting.

    How full the coming days are is counted once and then kept up to date; where ratings take the card on the
    table is worked out once, so that its buttons and its answer cannot disagree.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._due: Counter[date] | None = None
        self._known: tuple[Shown, date, Moves] | None = None

    def waits(self, shown: Shown, scheduler: Scheduler, now: datetime) -> dict[Rating, Wait]:
        """Return how long each rating would put the card on the table off."""
        return scheduler.waits(self._moves(shown, scheduler, now), now)

    def outcome(self, shown: Shown, rating: Rating, scheduler: Scheduler, now: datetime) -> Card:
        """Return the card on the table as a rating would leave it."""
        return scheduler.outcome(shown.card, rating, self._moves(shown, scheduler, now), now)

    def moved(self, before: Card, after: Card) -> None:
        """Count a card on the day on which it is due now."""
        if self._due is not None:
            for card, cards in ((before, -1), (after, 1)):
                if card.due_day is not None and card.phase is Phase.REVIEW and not card.suspended:
                    self._due[card.due_day] += cards

    def _moves(self, shown: Shown, scheduler: Scheduler, now: datetime) -> Moves:
        day = scheduler.days.day(now)
        if self._known is None or self._known[0] is not shown or self._known[1] != day:
            self._known = shown, day, scheduler.moves(shown.card, day, self._load(shown, day))
        return self._known[2]

    def _load(self, shown: Shown, day: date) -> Load:
        if self._due is None:
            with self._collection.reading() as database:
                self._due = due.due_by_day(database, day, day + 2 * LONGEST_BALANCED * ONE_DAY)
        if len(shown.note.ordinals) == 1:
            return Load(self._due)
        with self._collection.reading() as database:
            return Load(self._due, due.sibling_days(database, shown.card))
