"""What there is to know about one card: its history, its memory, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lrcards.cards.model import Card, Note, Review
from lrcards.study.days import StudyDays
from lrcards.study.scheduler import Scheduler

SHORTEST_FORECAST = 30
"""Days. A longer one reaches to twice the interval."""


@dataclass(frozen=True, slots=True)
class CardInfo:
    """A card with its history, and what its memory foretells.

    Attributes:
        card: where it stands: due, interval, lapses, flag …
        note: its note: deck, tags, and the file and line that it came from.
        reviews: its log, oldest first.
        stability, difficulty: in days, and from 1 to 10; ``None`` before the first answer.
        recall: the probability that it is recalled today; ``None`` before the first answer.
        forecast: that probability on the coming study days, if it is not asked; today first.
        days: tells study days, and the learner's clock.
    """

    card: Card
    note: Note
    reviews: Sequence[Review]
    stability: float | None
    difficulty: float | None
    recall: float | None
    forecast: Sequence[tuple[date, float]]
    days: StudyDays


def card_info(
    card: Card, note: Note, reviews: Sequence[Review], scheduler: Scheduler, now: datetime
) -> CardInfo:
    """Return what there is to know about a card."""
    memory, today = card.memory, scheduler.days.day(now)
    log = tuple(reviews)
    if memory is None:
        return CardInfo(card, note, log, None, None, None, (), scheduler.days)
    days = [today + timedelta(days=ahead) for ahead in range(max(SHORTEST_FORECAST, 2 * card.interval) + 1)]
    forecast = tuple((day, scheduler.recall(card, day)) for day in days)
    recall = forecast[0][1]
    return CardInfo(card, note, log, memory.stability, memory.difficulty, recall, forecast, scheduler.days)
