"""What home says of the learner at a glance: how long today takes, and for how many days they have come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lrcards.collection.aggregates import day_tallies, days_with_answers
from lrcards.collection.store import Collection
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.pace import PACE_DAYS, Pace
from lrcards.study.queue import Counts
from lrcards.study.statistics import streak
from lrcards.text import counted


@dataclass(frozen=True, slots=True)
class Glance:
    """The learner's day.

    Attributes:
        expected: how long the cards that today still has will take.
        streak: days in a row with answers, up to today or yesterday.
        is_first: whether nothing was ever answered.
    """

    expected: timedelta
    streak: int
    is_first: bool

    def in_words(self) -> str:
        """Return it in a line; empty if there is nothing to say."""
        parts = []
        if self.expected:
            parts.append(f"about {max(1, round(self.expected / timedelta(minutes=1)))} min today")
        if self.streak:
            parts.append(f"{counted(self.streak, 'day')} in a row")
        return " · ".join(parts)


def glance(collection: Collection, days: StudyDays, now: datetime, cards: Counts) -> Glance:
    """Return what is known of a learner who has these cards today.

    Raises:
        CollectionError: the collection cannot be read.
    """
    today = days.day(now)
    with collection.reading() as database:
        studied = days_with_answers(database)
        pace = Pace.of(day_tallies(database, since=today - PACE_DAYS * ONE_DAY))
    return Glance(pace.time_for(cards), streak(studied, today).current, not studied)
