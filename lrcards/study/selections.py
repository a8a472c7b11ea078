"""Which cards a sitting ahead of time asks."""

from collections.abc import Iterable
from datetime import date, timedelta

from lrcards.cards.model import Card, Phase
from lrcards.study.queue import is_shown


def due_ahead(cards: Iterable[Card], day: date, days: int) -> list[Card]:
    """Return the review cards that come due within so many days after the study day, the earliest first."""
    last = day + timedelta(days=days)
    ahead = [
        card
        for card in cards
        if card.phase is Phase.REVIEW and card.due_day and day < card.due_day <= last and is_shown(card, day)
    ]
    return sorted(ahead, key=lambda card: (card.due_day, card.guid))
