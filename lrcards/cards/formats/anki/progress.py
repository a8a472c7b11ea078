"""Where Anki's cards stand and how they were answered, in our terms."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiCollection,
    AnkiMemory,
    AnkiReview,
    CardQueue,
    CardType,
)
from lrcards.cards.formats.anki.model import ReviewKind as Entry
from lrcards.cards.model import Card, Memory, Phase, Rating, Review, ReviewKind, card_guid

DayOf = Callable[[datetime], date]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_A_DAY = 86400
LONGEST_INTERVAL = 36500
LONGEST_LOOK_MS = SECONDS_A_DAY * 1000
_LAST_SECOND = 253_402_214_399
_LAST_DAY = date(9999, 12, 30)
_INSTANTS_FROM = 1_000_000_000
"""What is due at a number below this is due on a day, not at an instant."""

_PHASES: dict[int, Phase] = {
    CardType.NEW: Phase.NEW,
    CardType.LEARNING: Phase.LEARNING,
    CardType.REVIEW: Phase.REVIEW,
    CardType.RELEARNING: Phase.RELEARNING,
}
_PHASES_OF_ENTRIES: dict[int, Phase] = {Entry.LEARNING: Phase.LEARNING, Entry.RELEARNING: Phase.RELEARNING}
_RATINGS = {rating.value: rating for rating in Rating}
_BURIED = (CardQueue.BURIED_BY_HAND, CardQueue.BURIED_AS_SIBLING)


def first_day(collection: AnkiCollection, day_of: DayOf) -> date:
    """Return the day from which the collection counts days, as it was where the collection was made."""
    if collection.utc_offset is None:
        return day_of(collection.created)
    return (collection.created + collection.utc_offset).date()


class CardReader(NamedTuple):
    """What it takes to read where cards stand.

    Attributes:
        start: the day from which the collection counts.
        day_of: the study day of an instant.
        steps: how many learning and relearning steps the cards of a deck have, by its id.
    """

    start: date
    day_of: DayOf
    steps: Mapping[int, tuple[int, int]]

    def card(self, card: AnkiCard, note_guid: str, answered_at: datetime | None) -> Card:
        """Return where a card stands; one in a filtered deck as it will when it is back.

        Args:
            card: Anki's card.
            note_guid: the guid of its note.
            answered_at: when it was last answered, by the log.
        """
        phase = _PHASES.get(card.type, Phase.NEW)
        due = _due(card)
        is_touched = card.queue < 0 or card.flags & 7
        common = partial(
            Card,
            card_guid(note_guid, card.ordinal),
            note_guid,
            card.ordinal,
            suspended=card.queue == CardQueue.SUSPENDED,
            buried_until=self._day_after(card.modified) if card.queue in _BURIED else None,
            flag=card.flags & 7,
            modified_at=instant(card.modified) if is_touched else None,
        )
        if phase is Phase.NEW:
            return common(position=max(0, due))
        due_at = instant(due) if due >= _INSTANTS_FROM and phase is not Phase.REVIEW else None
        due_day = None if due_at else day_after(self.start, due)
        memory = card.memory
        last_review = answered_at or self._last_review(card, phase, due, memory)
        last_day = self.day_of(last_review)
        interval = max(0, card.interval)
        if phase is not Phase.REVIEW:
            interval = max(0, (due_day - last_day).days) if due_day else 0
        return common(
            phase=phase,
            step=self._step(card, phase),
            memory=_within_bounds(memory),
            due_at=due_at,
            due_day=due_day,
            interval=min(interval, LONGEST_INTERVAL),
            last_review=last_review,
            last_day=last_day,
            reviews=max(0, card.reps),
            lapses=max(0, card.lapses),
        )

    def _last_review(self, card: AnkiCard, phase: Phase, due: int, memory: AnkiMemory | None) -> datetime:
        if memory and memory.last_review:
            return instant(memory.last_review)
        if phase is Phase.REVIEW:
            noon = datetime(self.start.year, self.start.month, self.start.day, 12, tzinfo=UTC)
            days = max(-LONGEST_INTERVAL, min(due - max(0, card.interval), LONGEST_INTERVAL))
            return noon + timedelta(days=days)
        return instant(card.modified)

    def _step(self, card: AnkiCard, phase: Phase) -> int:
        if phase is Phase.REVIEW:
            return 0
        learning, relearning = self.steps.get(card.original_deck_id or card.deck_id, (2, 1))
        return max(0, (learning if phase is Phase.LEARNING else relearning) - card.left % 1000)

    def _day_after(self, seconds: int) -> date:
        return day_after(self.day_of(instant(seconds)), 1)


def _due(card: AnkiCard) -> int:
    """Return when a card is due, or what its place among new cards is, were it not in a filtered deck."""
    is_learning = card.queue in (CardQueue.LEARNING, CardQueue.DAY_LEARNING)
    return card.original_due if card.original_deck_id and card.original_due and not is_learning else card.due


def _within_bounds(memory: AnkiMemory | None) -> Memory | None:
    if memory is None or memory.stability <= 0:
        return None
    return Memory(min(max(memory.stability, 0.001), 36500.0), min(max(memory.difficulty, 1.0), 10.0))


def instant(seconds: int) -> datetime:
    """Return the instant so many seconds after 1970, within the years that there are."""
    return EPOCH + timedelta(seconds=max(0, min(seconds, _LAST_SECOND)))


def day_after(day: date, days: int) -> date:
    """Return the day so many days later (or earlier), within the years that there are."""
    most = (_LAST_DAY - day).days
    return day + timedelta(days=max(-(day.toordinal() - 366), min(days, most)))


def is_answer(entry: AnkiReview) -> bool:
    """Return whether an entry of the log is an answer to a card."""
    return entry.ease in _RATINGS


def reviews_of(card_guid: str, entries: Iterable[AnkiReview], day_of: DayOf) -> Iterator[Review]:
    """Yield the answers to a card, oldest first; the same entry always with the same id.

    What is no answer is left out: where Anki moved a card, or the learner by hand. Answers before the card
    was reset stay in the log, but as cramming: they count for nothing that follows.
    """
    log = sorted(entry for entry in entries if 0 < entry.id <= 1000 * _LAST_SECOND)
    reset = max((entry.id for entry in log if entry.kind == Entry.MANUAL and not entry.factor), default=0)
    is_first = True
    for entry in log:
        rating = _RATINGS.get(entry.ease)
        if rating is None:
            continue
        is_cram = entry.id < reset or (entry.kind == Entry.FILTERED and not entry.factor)
        at = EPOCH + timedelta(milliseconds=entry.id)
        phase = _PHASES_OF_ENTRIES.get(entry.kind, Phase.REVIEW)
        yield Review(
            review_id(card_guid, entry.id),
            card_guid,
            rating,
            at,
            day_of(at),
            max(0, min(entry.duration_ms, LONGEST_LOOK_MS)),
            ReviewKind.CRAM if is_cram else ReviewKind.STUDY,
            Phase.NEW if is_first and not is_cram and phase is Phase.LEARNING else phase,
            _scheduled(entry.interval),
            last_interval=max(0, min(entry.last_interval, LONGEST_INTERVAL)),
        )
        is_first = is_first and is_cram


def review_id(card_guid: str, milliseconds: int) -> str:
    """Return the UUID version 7 of an answer, which follows from its card and instant."""
    digest = blake2b(f"{card_guid}\0{milliseconds}".encode("utf-8", "surrogatepass"), digest_size=10).digest()
    bits = int.from_bytes(digest) >> 6
    value = milliseconds << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _scheduled(interval: int) -> int:
    """Return an interval of Anki's (days, or negative seconds) as ours (seconds, or negative days)."""
    if -SECONDS_A_DAY < interval <= 0:
        return max(1, -interval)
    days = interval if interval > 0 else round(-interval / SECONDS_A_DAY)
    return -min(days, LONGEST_INTERVAL)
