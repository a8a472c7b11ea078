"""Where our cards stand and how they were answered, in Anki's terms."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lrcards.cards.formats.anki.deck_options import Held, decay_of
from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiMemory,
    AnkiReview,
    CardQueue,
    CardType,
    with_memory,
)
from lrcards.cards.formats.anki.model import ReviewKind as Entry
from lrcards.cards.formats.anki.origins import OriginCard
from lrcards.cards.formats.anki.progress import EPOCH
from lrcards.cards.model import Card, Phase, Review, ReviewKind

_TYPES = {
    Phase.NEW: CardType.NEW,
    Phase.LEARNING: CardType.LEARNING,
    Phase.REVIEW: CardType.REVIEW,
    Phase.RELEARNING: CardType.RELEARNING,
}
_ENTRIES = {Phase.REVIEW: Entry.REVIEW, Phase.RELEARNING: Entry.RELEARNING}
_USUAL_STEPS = {Phase.LEARNING: 2, Phase.RELEARNING: 1}
_USUAL_EASE = 2500


class CardWriter(NamedTuple):
    """What it takes to write where cards stand.

    Attributes:
        start: the day from which the collection counts.
        today: the study day; cards that are buried until a later one are buried.
        now: the instant.
    """

    start: date
    today: date
    now: datetime

    def card(self, card: Card, ids: tuple[int, int, int], origin: OriginCard | None, held: Held) -> AnkiCard:
        """Return Anki's card.

        Args:
            card: where it stands.
            ids: of the card, its note and its deck.
            origin: what it was in Anki, if it came from there.
            held: what holds for its deck.
        """
        has_moved = origin is None or origin.reps != card.reviews
        is_new = card.phase is Phase.NEW
        factor = origin.factor if origin else 0 if is_new else _USUAL_EASE
        interval = card.interval or int(card.phase is Phase.RELEARNING)
        left = max(1, _USUAL_STEPS.get(card.phase, 0) - card.step) if card.phase in _USUAL_STEPS else 0
        return AnkiCard(
            *ids,
            card.ordinal,
            origin.modified if origin and not has_moved else int(self.now.timestamp()),
            _TYPES[card.phase],
            self._queue(card),
            self._due(card),
            interval if has_moved or origin is None else origin.interval,
            factor,
            card.reviews,
            card.lapses,
            left if has_moved or origin is None else origin.left,
            0,
            0,
            card.flag,
            _data(card, held),
        )

    def _queue(self, card: Card) -> CardQueue:
        if card.suspended:
            return CardQueue.SUSPENDED
        if card.buried_until and card.buried_until > self.today:
            return CardQueue.BURIED_BY_HAND
        match card.phase:
            case Phase.NEW:
                return CardQueue.NEW
            case Phase.REVIEW:
                return CardQueue.REVIEW
            case _:
                return CardQueue.LEARNING if card.due_at else CardQueue.DAY_LEARNING

    def _due(self, card: Card) -> int:
        if card.phase is Phase.NEW:
            return card.position
        if card.due_at:
            return seconds(card.due_at)
        return (card.due_day - self.start).days if card.due_day else 0


def _data(card: Card, held: Held) -> str:
    if card.memory is None:
        return ""
    answered = None if card.last_review is None else seconds(card.last_review)
    memory = AnkiMemory(
        card.memory.stability,
        card.memory.difficulty,
        held.overrides.get("desired_retention", held.preset.desired_retention),
        decay_of(held.preset.parameters),
        answered,
    )
    return with_memory("", memory)


def seconds(at: datetime) -> int:
    """Return the whole seconds since 1970."""
    return (at - EPOCH) // timedelta(seconds=1)


def entries_of(reviews: Iterable[tuple[int, Review]], taken: set[int]) -> Iterator[AnkiReview]:
    """Yield the entries of a log, each with an id of its own; the reviews come with their card's id.

    ``taken`` are the ids of other entries.
    """
    taken = set(taken)
    for card_id, review in reviews:
        entry_id = (review.at - EPOCH) // timedelta(milliseconds=1)
        while entry_id in taken:
            entry_id += 1
        taken.add(entry_id)
        is_study = review.kind is ReviewKind.STUDY
        kind = _ENTRIES.get(review.phase, Entry.LEARNING) if is_study else Entry.FILTERED
        yield AnkiReview(
            entry_id,
            card_id,
            review.rating,
            -review.scheduled,
            review.last_interval,
            _USUAL_EASE if kind in (Entry.REVIEW, Entry.RELEARNING) else 0,
            review.duration_ms,
            kind,
        )
