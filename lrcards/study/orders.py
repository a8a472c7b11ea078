"""In which order cards are asked, and which of them go first when not all can be."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from lrcards.cards.model import Card
from lrcards.study.days import ONE_DAY

Recall = Callable[[Card, date], float]
"""``Scheduler.recall``: the probability that a card is recalled on a study day."""


class ReviewOrder(StrEnum):
    """In which order the reviews of a day are asked."""

    ASCENDING_RECALL = "ascending recall"
    DESCENDING_RECALL = "descending recall"
    DUE = "due"
    RANDOM = "random"


class NewOrder(StrEnum):
    """In which order new cards are introduced."""

    POSITION = "position"
    RANDOM = "random"


class NewMix(StrEnum):
    """Where new cards come among the reviews."""

    MIXED = "mixed"
    FIRST = "first"
    LAST = "last"


def in_review_order(cards: Iterable[Card], order: ReviewOrder, day: date, recall: Recall) -> list[Card]:
    """Return the reviews of a study day in the order; equals by guid."""
    match order:
        case ReviewOrder.ASCENDING_RECALL:
            return sorted(cards, key=lambda card: (recall(card, day), card.guid))
        case ReviewOrder.DESCENDING_RECALL:
            return sorted(cards, key=lambda card: (-recall(card, day), card.guid))
        case ReviewOrder.DUE:
            return sorted(cards, key=lambda card: (card.due_day or date.max, card.guid))
        case ReviewOrder.RANDOM:
            return sorted(cards, key=lambda card: _lot(day, card.guid))


def in_new_order(cards: Iterable[Card], order: NewOrder, day: date) -> list[Card]:
    """Return new cards in the order; the cards of a note in the order of their ordinals."""
    match order:
        case NewOrder.POSITION:
            return sorted(cards, key=lambda card: (card.position, card.note_guid, card.ordinal))
        case NewOrder.RANDOM:
            return sorted(cards, key=lambda card: (_lot(day, card.note_guid), card.ordinal))


def most_at_stake_first(cards: Iterable[Card], day: date, recall: Recall) -> list[Card]:
    """Return reviews with those first whose recall falls most if they wait until tomorrow.

    If not all can be asked today, these go first: the others lose least by waiting, so that as few cards as
    possible are forgotten in the meantime. What is all but forgotten already has little left to lose.
    """

    def loss(card: Card) -> float:
        return recall(card, day) - recall(card, day + ONE_DAY)

    return sorted(cards, key=lambda card: (-loss(card), card.guid))


def mixed(reviews: Sequence[Card], new: Sequence[Card], mix: NewMix) -> list[Card]:
    """Return all cards, each group in its order."""
    match mix:
        case NewMix.FIRST:
            return [*new, *reviews]
        case NewMix.LAST:
            return [*reviews, *new]
        case NewMix.MIXED:
            groups = (reviews, new)
            spread = [
                ((index + 0.5) / len(group), card) for group in groups for index, card in enumerate(group)
            ]
            return [card for _, card in sorted(spread, key=lambda entry: entry[0])]


def _lot(day: date, guid: str) -> bytes:
    """Draw a lot that stays the same for the whole study day."""
    return blake2b(f"{day} {guid}".encode(), digest_size=8).digest()
