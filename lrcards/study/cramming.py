"""Cramming: cards are asked until they are known, and their schedule stays as it is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from lrcards.cards.model import Card, Phase, Rating
from lrcards.study.days import ONE_DAY
from lrcards.study.orders import Recall

WAIT = timedelta(minutes=1)
"""How long a card that was not known waits while there are others."""

DELAYS = {Rating.AGAIN: "again", Rating.HARD: "done", Rating.GOOD: "done", Rating.EASY: "done"}
"""What becomes of a card after each rating, for the buttons."""


def to_cram(cards: Iterable[Card], day: date, recall: Recall) -> list[Card]:
    """Return stand-ins for cards, all of them to be asked now: those first that are most likely forgotten.

    Cards that were never answered come last. A stand-in goes through the queue of a cram and is never stored.
    """
    ordered = sorted(cards, key=lambda card: (card.memory is None, recall(card, day), card.guid))
    return [replace(card, phase=Phase.REVIEW, step=0, due_at=None, due_day=day) for card in ordered]


def crammed(card: Card, rating: Rating, now: datetime, day: date) -> Card:
    """Return the stand-in after an answer: after Again it comes again, otherwise it is done."""
    if rating is Rating.AGAIN:
        due_at, due_day, phase = now + WAIT, None, Phase.RELEARNING
    else:
        due_at, due_day, phase = None, day + ONE_DAY, Phase.REVIEW
    return replace(card, phase=phase, due_at=due_at, due_day=due_day, reviews=card.reviews + 1)
