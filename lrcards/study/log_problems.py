"""What is wrong with a log of reviews, in sentences. A replay copes with all of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, pairwise

from lrcards.cards.model import Phase, Review
from lrcards.study.days import ONE_DAY
from lrcards.study.log import BY_TIME, RATINGS
from lrcards.study.scheduler import LONGEST_DAY, LONGEST_INTERVAL

# From the date in UTC: clocks differ from it by up to 14 hours, and a study day begins up to 23 hours late.
FARTHEST_DAY = 2 * ONE_DAY


def log_problems(reviews: Iterable[Review], now: datetime) -> list[str]:
    """Return one sentence for each entry that cannot be as it stands.

    Args:
        reviews: the log of any number of cards, in the order it is kept.
        now: the instant after which no answer can have been given.
    """
    log = list(reviews)
    values = chain.from_iterable(_impossible_values(review, now) for review in log)
    return [*_duplicates(log), *_disorder(log), *values, *_impossible_phases(log)]


def _duplicates(log: list[Review]) -> Iterator[str]:
    seen: dict[str, Review] = {}
    for review in log:
        if review.id in seen:
            differs = "" if review == seen[review.id] else ", with different values"
            yield f"{_name(review)} is there twice{differs}."
        seen[review.id] = review


def _disorder(log: list[Review]) -> Iterator[str]:
    for earlier, later in pairwise(log):
        if later.at < earlier.at and later.card_guid == earlier.card_guid:
            yield f"{_name(later)} stands after {earlier.id}, but was given before it."


def _impossible_values(review: Review, now: datetime) -> Iterator[str]:
    name = _name(review)
    if review.rating not in RATINGS:
        yield f"{name} has the rating {int(review.rating)}, which there is not."
    if review.at > now:
        yield f"{name} was given in the future, at {review.at:%Y-%m-%d %H:%M} UTC."
    if abs(review.day - review.at.date()) > FARTHEST_DAY:
        yield f"{name} was given at {review.at:%Y-%m-%d %H:%M} UTC, but stands on the study day {review.day}."
    if review.duration_ms < 0:
        yield f"{name} took {review.duration_ms} ms, which is less than no time."
    if review.kind.moves_cards:
        if review.scheduled > LONGEST_DAY.total_seconds():
            yield f"{name} was to wait {review.scheduled} seconds within a study day."
        elif -review.scheduled > LONGEST_INTERVAL:
            yield f"{name} was to wait {-review.scheduled} days; the longest interval is {LONGEST_INTERVAL}."
        elif review.scheduled == 0:
            yield f"{name} was to wait no time at all."


def _impossible_phases(log: list[Review]) -> Iterator[str]:
    """Tell answers to new cards that were not new, and of others that were."""
    known: set[str] = set()
    for review in sorted(log, key=BY_TIME):
        if not review.kind.moves_cards:
            continue
        if review.phase is Phase.NEW and review.card_guid in known:
            yield f"{_name(review)} says that the card was new, but it had been answered before."
        elif review.phase is not Phase.NEW and review.card_guid not in known:
            yield f"{_name(review)} says that the card was not new, but it had never been answered."
        known.add(review.card_guid)


def _name(review: Review) -> str:
    return f"Review {review.id} of card {review.card_guid}"
