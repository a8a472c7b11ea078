"""Which cards a special sitting asks: ahead of time, forgotten today, of a tag, of a deck."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from lrcards.cards.model import Card, Phase, Rating, Review
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


def forgotten_on(cards: Iterable[Card], reviews: Iterable[Review], day: date) -> list[Card]:
    """Return the cards that were rated Again on the study day, in whatever kind of sitting."""
    forgotten = {
        review.card_guid for review in reviews if review.day == day and review.rating is Rating.AGAIN
    }
    return [card for card in cards if card.guid in forgotten and is_shown(card, day)]


def with_tag(cards: Iterable[Card], tags: Mapping[str, Collection[str]], tag: str) -> list[Card]:
    """Return the cards whose notes have the tag or one below it, in any case.

    Args:
        cards: the cards to choose from.
        tags: the tags of each note, by the note's guid.
        tag: the tag looked for.
    """
    return [
        card
        for card in cards
        if any(is_within(other.casefold(), tag.casefold()) for other in tags.get(card.note_guid, ()))
    ]


def of_deck(cards: Iterable[Card], decks: Mapping[str, str], deck: str) -> list[Card]:
    """Return the cards of the deck and its subdecks; ``decks`` names the deck of each note by its guid."""
    return [card for card in cards if is_within(decks[card.note_guid], deck)]
