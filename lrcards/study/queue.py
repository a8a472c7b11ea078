"""What is due today, and in which order it is asked."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from lrcards.cards.model import Card, Phase
from lrcards.errors import SettingsError
from lrcards.study.days import ONE_DAY, StudyDays

LEARN_AHEAD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many cards a study day brings at most; cards on a learning step always come.

    Raises:
        SettingsError: naming every limit that is negative.
    """

    new_per_day: int = 20
    reviews_per_day: int = 200

    def __post_init__(self) -> None:
        limits = {"new_per_day": self.new_per_day, "reviews_per_day": self.reviews_per_day}
        problems = [f"{name} is {limit}, but it is 0 or more" for name, limit in limits.items() if limit < 0]
        if problems:
            raise SettingsError("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards are left today: new ones, ones on a learning step, and reviews."""

    new: int = 0
    learning: int = 0
    review: int = 0


class Queue:
    """The cards of one study day in the order they are asked.

    Learning cards come at their minute, before all others. Between them come the due reviews, the most likely
    forgotten first, with the new cards mixed in evenly by position. A note brings one card a day: a card
    whose sibling is on a learning step, was answered today or stands earlier in the queue waits until
    tomorrow; learning cards themselves are never put off.

    Args:
        cards: candidates; those that are not due on the study day of ``now`` are left out.
        now: the instant the queue is made.
        days: tells study days. A queue serves the day it was made on; make a new one after the rollover.
        limits: how many new cards and reviews a day brings.
        introduced, reviewed: how many new cards and reviews were already answered today.
        answered_notes: the guids of the notes of which a card was already answered today.
    """

    def __init__(
        self,
        cards: Iterable[Card],
        now: datetime,
        days: StudyDays,
        limits: Limits,
        *,
        introduced: int = 0,
        reviewed: int = 0,
        answered_notes: Set[str] = frozenset(),
    ) -> None:
        self.day = days.day(now)
        self._starts = days.starts(self.day)
        self._ends = days.starts(self.day + ONE_DAY)
        candidates = list(cards)
        learning = [card for card in candidates if self._on_step_today(card)]
        taken = {*answered_notes, *(card.note_guid for card in learning)}
        reviews = _one_a_note(_due_reviews(candidates, self.day), taken, limits.reviews_per_day - reviewed)
        new = _one_a_note(_new_cards(candidates), taken, limits.new_per_day - introduced)
        places = list(enumerate(_mixed_evenly(reviews, new)))
        self._place = {card.guid: place for place, card in places}
        self._main = _Line(places)
        self._learning = _Line((self._step_ends(card), card) for card in learning)
        self._new = len(new)
        self._answered: list[str] = []

    def counts(self) -> Counts:
        """Return how many cards are left today; a learning card counts while a step of it ends today."""
        return Counts(new=self._new, learning=len(self._learning), review=len(self._main) - self._new)

    def next(self, now: datetime) -> Card | None:
        """Return the card to ask now; ``None`` if nothing is left, or only learning cards that come later.

        When nothing else is left, a learning card is shown up to ``LEARN_AHEAD`` early. The card answered
        last does not come twice in a row while another one can be shown.
        """
        step = self._learning.first(without=self._answered[-1] if self._answered else None)
        if step and step[0] <= now:
            return step[1]
        if main := self._main.first():
            return main[1]
        for waiting in (step, self._learning.first()):
            if waiting and waiting[0] <= now + LEARN_AHEAD:
                return waiting[1]
        return None

    def next_due_at(self) -> datetime | None:
        """Return when (UTC) the earliest learning card is due; ``None`` if none is left today."""
        first = self._learning.first()
        return first[0] if first else None

    def answered(self, before: Card, after: Card) -> None:
        """Take a card that was answered out, or keep it for the next step if that ends today; O(log n)."""
        self._take_out(before)
        self._put_in(after)
        self._answered.append(before.guid)

    def undone(self, before: Card, after: Card) -> None:
        """Take the last answer back: the queue is as it was before ``answered``; O(log n).

        A card that was answered before this queue was made comes first.
        """
        self._take_out(after)
        self._put_in(before)
        if self._answered:
            self._answered.pop()

    def _put_in(self, card: Card) -> None:
        if self._on_step_today(card):
            self._learning.put_in(self._step_ends(card), card)
        elif card.phase is Phase.NEW or _is_due(card, self.day):
            self._main.put_in(self._place.get(card.guid, -1), card)
            self._new += card.phase is Phase.NEW

    def _take_out(self, card: Card) -> None:
        if self._main.take_out(card):
            self._new -= card.phase is Phase.NEW
        self._learning.take_out(card)

    def _on_step_today(self, card: Card) -> bool:
        return card.phase in (Phase.LEARNING, Phase.RELEARNING) and (
            card.due_at < self._ends if card.due_at else _is_due(card, self.day)
        )

    def _step_ends(self, card: Card) -> datetime:
        return card.due_at or self._starts


Key = TypeVar("Key", int, datetime)


class _Line(Generic[Key]):
    """Cards waiting in the order of a key; any of them can be taken out and put back."""

    def __init__(self, entries: Iterable[tuple[Key, Card]]) -> None:
        self._waiting: dict[str, tuple[Key, Card]] = {card.guid: (key, card) for key, card in entries}
        self._order: list[tuple[Key, str]] = sorted((key, guid) for guid, (key, _) in self._waiting.items())

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


def _is_due(card: Card, day: date) -> bool:
    return card.due_day is not None and card.due_day <= day


def _due_reviews(cards: Iterable[Card], day: date) -> list[Card]:
    """Return the due reviews, lowest retrievability first: it falls as elapsed days over stability rise."""

    def strain(card: Card) -> float:
        if card.memory is None or card.due_day is None:
            return 0.0
        return (card.interval + (day - card.due_day).days) / card.memory.stability

    due = [card for card in cards if card.phase is Phase.REVIEW and _is_due(card, day)]
    return sorted(due, key=lambda card: (-strain(card), card.guid))


def _new_cards(cards: Iterable[Card]) -> list[Card]:
    new = [card for card in cards if card.phase is Phase.NEW]
    return sorted(new, key=lambda card: (card.position, card.note_guid, card.ordinal))


def _one_a_note(cards: Iterable[Card], taken: set[str], limit: int) -> list[Card]:
    """Return the first cards up to the limit whose notes are not taken yet, and take their notes."""
    chosen: list[Card] = []
    for card in cards:
        if len(chosen) >= limit:
            break
        if card.note_guid not in taken:
            taken.add(card.note_guid)
            chosen.append(card)
    return chosen


def _mixed_evenly(*groups: Sequence[Card]) -> list[Card]:
    """Return all cards, each group in its order and spread evenly over the whole."""
    spread = [((index + 0.5) / len(group), card) for group in groups for index, card in enumerate(group)]
    return [card for _, card in sorted(spread, key=lambda entry: entry[0])]
