"""The log of reviews put in order, whatever state it came in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from lrcards.cards.model import Phase, Rating, Review

BY_TIME = attrgetter("at", "id")
RATINGS = frozenset(Rating)
LEARNING = frozenset({Phase.NEW, Phase.LEARNING})


class Answered(NamedTuple):
    """What FSRS needs to know of an answer.

    Attributes:
        rating: 1 to 4.
        elapsed: study days since the card's answer before, 0 if days went backwards; 0 for the first.
        at: seconds since 1970.
        learning: whether the card was new or on a learning step.
    """

    rating: int
    elapsed: int
    at: float
    learning: bool


AnswersByCard = dict[str, list[Answered]]
"""The answers of each card, by its guid and oldest first."""


def study_by_card(reviews: Iterable[Review], today: date) -> dict[str, list[Review]]:
    """Return the answers that moved each card, by its guid and in order of guid; those of a card by time.

    An answer that is there twice counts once. Cramming, ratings that there are not, and answers
    dated after today are left out.
    """
    log: defaultdict[str, list[Review]] = defaultdict(list)
    seen: set[str] = set()
    for review in reviews:
        if (
            review.kind.moves_cards
            and review.rating in RATINGS
            and review.day <= today
            and review.id not in seen
        ):
            seen.add(review.id)
            log[review.card_guid].append(review)
    return {guid: sorted(log[guid], key=BY_TIME) for guid in sorted(log)}


def answers_by_card(reviews: Iterable[Review], today: date) -> AnswersByCard:
    """Return what FSRS needs to know of ``study_by_card``."""
    return {guid: list(answered(answers)) for guid, answers in study_by_card(reviews, today).items()}


def answered(answers: Iterable[Review]) -> Iterator[Answered]:
    """Yield what FSRS needs to know of the answers to a card, which are in order."""
    before: date | None = None
    for review in answers:
        elapsed = 0 if before is None else max(0, (review.day - before).days)
        yield Answered(review.rating.value, elapsed, review.at.timestamp(), review.phase in LEARNING)
        before = review.day
