"""Which cards a special sitting asks: ahead of time, or of a tag."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from lrcards.cards.model import Card, Phase
from lrcards.study.hierarchy import is_within
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


def notes_with_tag(tags: Mapping[str, Collection[str]], tag: str) -> set[str]:
    """Return the guids of the notes that have the tag or one below it, in any case.

    Args:
        tags: the tags of each note, by the note's guid.
        tag: the tag looked for.
    """
    return {
        note
        for note, given in tags.items()
        if any(is_within(other.casefold(), tag.casefold()) for other in given)
    }
