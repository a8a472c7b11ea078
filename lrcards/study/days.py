"""Study days: days that end at the rollover hour on the learner's clock instead of at midnight."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StudyDays:
    """Tells study days in a time zone; right where a clock change makes one 23 or 25 hours long.

    Attributes:
        zone: where the learner's clock is.
        rollover_hour: the hour on that clock, 0 to 23, at which a study day begins.
    """

    zone: tzinfo
    rollover_hour: int = 4

    def day(self, at: datetime) -> date:
        """Return the study day of an instant (with a time zone)."""
        day = at.astimezone(self.zone).date()
        if at < self.starts(day):
            return day - ONE_DAY
        if at >= self.starts(day + ONE_DAY):
            return day + ONE_DAY
        return day

    def starts(self, day: date) -> datetime:
        """Return the instant (UTC) at which a study day begins."""
        return _instant(day, self.rollover_hour, self.zone)

    def elapsed(self, since: datetime, now: datetime) -> int:
        """Return how many times the day rolled over between two instants; 0 if the clock went backwards."""
        return max(0, (self.day(now) - self.day(since)).days)


@lru_cache(maxsize=1024)
def _instant(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
