"""What is due today, in the order it is asked."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, Self, TypeVar

from lrcards.cards.model import Card, Phase
from lrcards.errors import SettingsError
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.limits import ALL_DECKS, Allowance, Limits
from lrcards.study.orders import (
    NewMix,
    NewOrder,
    Recall,
    ReviewOrder,
    in_new_order,
    in_review_order,
    mixed,
    most_at_stake_first,
)
from lrcards.text import counted

LEARN_AHEAD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """What a learner can choose about the order of a day.

    Attributes:
        review_order, new_order: the order among reviews, and among new cards.
        new_mix: where the new cards come among the reviews.
        bury_new, bury_reviews: whether a new card, or a review, waits until tomorrow when another card of its
            note is asked today.
        learn_ahead: how much too early a learning card may be shown when nothing else is left.

    Raises:
        SettingsError: ``learn_ahead`` is negative.
    """

    review_order: ReviewOrder = ReviewOrder.ASCENDING_RECALL
    new_order: NewOrder = NewOrder.POSITION
    new_mix: NewMix = NewMix.MIXED
    bury_new: bool = True
    bury_reviews: bool = True
    learn_ahead: timedelta = LEARN_AHEAD

    def __post_init__(self) -> None:
        if self.learn_ahead < timedelta(0):
            raise SettingsError(f"learn_ahead is {self.learn_ahead}, but it is 0 or more")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards are left today: new ones, ones on a learning step, and reviews."""

    new: int = 0
    learning: int = 0
    review: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.learning or self.review)

    def sentence(self) -> str:
        """Return in words that the next day brings them."""
        if not self:
            return "Tomorrow brings nothing."
        reviews, new = (
            counted(cards, what)
            for cards, what in ((self.review + self.learning, "review"), (self.new, "new card"))
        )
        return f"Tomorrow brings {reviews} and {new}."


class Queue:
    """The cards of a sitting in the order they are asked.

    Learning cards come at their minute, before all others; between them come the ``cards`` in the order
    given. Suspended and buried cards are left out.

    Args:
        cards: what to ask. Those on a step that ends today come when it does.
        now: the instant the queue is made.
        days: tells study days. A queue serves the day it was made on; make a new one after the rollover.
        learn_ahead: how much too early a learning card may be shown when nothing else is left.
    """

    def __init__(
        self, cards: Iterable[Card], now: datetime, days: StudyDays, learn_ahead: timedelta = LEARN_AHEAD
    ) -> None:
        self.day = days.day(now)
        self._starts = days.starts(self.day)
        self._ends = days.starts(self.day + ONE_DAY)
        self._learn_ahead = learn_ahead
        self._main = _Line[int]()
        self._learning = _Line[datetime]()
        self._new = 0
        self._planned = {card.guid: (place, card) for place, card in enumerate(cards)}
        for _, card in self._planned.values():
            self._put_in(card)
        self._answered: list[str] = []

    @classmethod
    def of_the_day(
        cls,
        cards: Iterable[Card],
        now: datetime,
        days: StudyDays,
        recall: Recall,
        settings: QueueSettings | None = None,
        *,
        left: Mapping[str, Limits] | None = None,
        decks: Mapping[str, str] | None = None,
        answered_notes: Set[str] = frozenset(),
    ) -> Self:
        """Return the queue of what is due today within the limits.

        When more is due than the limits leave, the reviews that lose most by waiting are chosen, whatever the
        order in which they are then asked. A card whose sibling is on a learning step, was answered today or
        is asked before it waits until tomorrow, unless the settings say otherwise; learning cards themselves
        are never put off and know no limits.

        Args:
            cards: candidates; those that are not due on the study day of ``now`` are left out.
            now, days: as for the queue itself.
            recall: how likely a card is to be recalled on a study day.
            settings: the order of the day.
            left: how many new cards and reviews the deck, and the decks it is in, may still bring today
                (see ``limits.left_today``); a deck that is missing has no limit of its own.
            decks: the name of the deck of each note, by the note's guid; needed for limits of decks.
            answered_notes: the guids of the notes of which a card was already answered today.
        """
        settings = settings or QueueSettings()
        day, ends = days.day(now), days.starts(days.day(now) + ONE_DAY)
        candidates = [card for card in cards if is_shown(card, day)]
        learning = [card for card in candidates if is_on_step(card, day, ends)]
        due = [card for card in candidates if card.phase is Phase.REVIEW and _is_due(card, day)]
        fresh = [card for card in candidates if card.phase is Phase.NEW]
        allowance = Allowance(left or {})
        seen = {*answered_notes, *(card.note_guid for card in learning)}

        def take(card: Card) -> bool:
            deck = decks.get(card.note_guid, ALL_DECKS) if decks else ALL_DECKS
            return allowance.take(deck, card.phase)

        chosen = choose(most_at_stake_first(due, day, recall), take, seen, bury=settings.bury_reviews)
        reviews = in_review_order(chosen, settings.review_order, day, recall)
        new = list(choose(in_new_order(fresh, settings.new_order, day), take, seen, bury=settings.bury_new))
        return cls([*learning, *mixed(reviews, new, settings.new_mix)], now, days, settings.learn_ahead)

    def counts(self) -> Counts:
        """Return how many cards are left today; a learning card counts while a step of it ends today."""
        return Counts(new=self._new, learning=len(self._learning), review=len(self._main) - self._new)

    def next(self, now: datetime) -> Card | None:
        """Return the card to ask now; ``None`` if nothing is left, or only learning cards that come later.

        When nothing else is left, a learning card is shown ahead of its time. The card answered last does not
        come twice in a row while another one can be shown.
        """
        step = self._learning.first(without=self._answered[-1] if self._answered else None)
        if step and step[0] <= now:
            return step[1]
        if main := self._main.first():
            return main[1]
        for waiting in (step, self._learning.first()):
            if waiting and waiting[0] <= now + self._learn_ahead:
                return waiting[1]
        return None

    def next_due_at(self) -> datetime | None:
        """Return when (UTC) the earliest learning card is due; ``None`` if none is left today."""
        first = self._learning.first()
        return first[0] if first else None

    def answered(self, before: Card, after: Card) -> None:
        """Take a card that was answered out, or keep it for the next step if that ends today; O(log n)."""
        self.changed(before, after)
        self._answered.append(before.guid)

    def undone(self, before: Card, after: Card) -> None:
        """Take the last answer back: the queue is as it was before ``answered``; O(log n).

        A card that was answered before this queue was made comes first.
        """
        self.changed(after, before)
        if self._answered:
            self._answered.pop()

    def changed(self, before: Card, after: Card) -> None:
        """Take a card out that was suspended or buried, or put it back where it was; O(log n)."""
        if self._main.take_out(before):
            self._new -= before.phase is Phase.NEW
        self._learning.take_out(before)
        self._put_in(after)

    def _put_in(self, card: Card) -> None:
        place, planned = self._planned.get(card.guid, (-1, None))
        if not is_shown(card, self.day):
            return
        if is_on_step(card, self.day, self._ends):
            self._learning.put_in(card.due_at or self._starts, card)
        elif card.phase is Phase.NEW or _is_due(card, self.day) or (planned and _is_as(card, planned)):
            self._main.put_in(place, card)
            self._new += card.phase is Phase.NEW


class OfNote(Protocol):
    """A card, or what stands for one."""

    @property
    def note_guid(self) -> str:
        """The guid of its note."""


Waiting = TypeVar("Waiting", bound=OfNote)


def choose(
    waiting: Iterable[Waiting], take: Callable[[Waiting], bool], seen: set[str], *, bury: bool
) -> Iterator[Waiting]:
    """Yield the cards that limits let through, and add their notes to those that were seen.

    Args:
        waiting: the cards, those first that are to be preferred.
        take: whether the limits let a card through; called once for each that could be.
        seen: the guids of notes of which a card is asked today.
        bury: whether the cards of these notes wait.
    """
    for card in waiting:
        if not (bury and card.note_guid in seen) and take(card):
            seen.add(card.note_guid)
            yield card


def is_shown(card: Card, day: date) -> bool:
    """Return whether the card is neither suspended nor buried on the study day."""
    return not card.suspended and (card.buried_until is None or card.buried_until <= day)


def _is_as(card: Card, planned: Card) -> bool:
    """Return whether the card is where it was, whatever the learner has decided about it since."""
    return card.reviews == planned.reviews and card == replace(
        planned,
        suspended=card.suspended,
        buried_until=card.buried_until,
        flag=card.flag,
        modified_at=card.modified_at,
    )


def _is_due(card: Card, day: date) -> bool:
    return card.due_day is not None and card.due_day <= day


def is_on_step(card: Card, day: date, ends: datetime) -> bool:
    """Return whether the card is on a step that ends on the study day, or before it."""
    if card.phase not in (Phase.LEARNING, Phase.RELEARNING):
        return False
    return card.due_at < ends if card.due_at else _is_due(card, day)


Key = TypeVar("Key", int, datetime)


class _Line(Generic[Key]):
    """Cards waiting in the order of a key; any of them can be taken out and put back."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Key, Card]] = {}
        self._order: list[tuple[Key, str]] = []

    def __len__(self) -> int:
        return len(self._order)

    def first(self, *, without: str | None = None) -> tuple[Key, Card] | None:
        """Return the first card with its key, the card with the guid ``without`` passed over."""
        for _, guid in self._order[:2]:
            if guid != without:
                return self._waiting[guid]
        return None

    def put_in(self, key: Key, card: Card) -> None:
        self._waiting[card.guid] = (key, card)
        insort(self._order, (key, card.guid))

    def take_out(self, card: Card) -> bool:
        """Return whether the card was waiting here."""
        if card.guid not in self._waiting:
            return False
        key, _ = self._waiting.pop(card.guid)
        del self._order[bisect_left(self._order, (key, card.guid))]
        return True
