"""The log of reviews put in order, whatever state it came in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from lrcards.cards.model import Rating, Review, ReviewKind

BY_TIME = attrgetter("at", "id")
RATINGS = frozenset(Rating)


def study_by_card(reviews: Iterable[Review], today: date) -> dict[str, list[Review]]:
    """Return the answers that moved each card, by its guid and in order of guid; those of a card by time.

    An answer that is there twice counts once. Cramming and tests, ratings that there are not, and answers
    dated after today are left out.
    """
    log: defaultdict[str, list[Review]] = defaultdict(list)
    seen: set[str] = set()
    for review in reviews:
        if (
            review.kind is ReviewKind.STUDY
            and review.rating in RATINGS
            and review.day <= today
            and review.id not in seen
        ):
            seen.add(review.id)
            log[review.card_guid].append(review)
    return {guid: sorted(log[guid], key=BY_TIME) for guid in sorted(log)}
