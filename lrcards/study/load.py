"""How full the coming study days are, and where one more card burdens least."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

LONGEST_BALANCED = 90
"""Days. How full a day beyond them will be, nobody knows yet."""


class DayLoad(StrEnum):
    """How much a weekday is to bring: as much as others, half of it, or hardly anything."""

    NORMAL = "normal"
    REDUCED = "reduced"
    MINIMUM = "minimum"


EVERY_DAY_NORMAL = (DayLoad.NORMAL,) * 7

# What part of a normal day's cards such a day brings. Never nothing: a whole week may be like that.
PARTS = {DayLoad.NORMAL: 1.0, DayLoad.REDUCED: 0.5, DayLoad.MINIMUM: 1e-4}


@dataclass(frozen=True, slots=True)
class Load:
    """What is already due on the coming study days.

    Attributes:
        due: how many cards are due on a study day; a day that is missing has none.
        siblings: the study days on which other cards of the note are due.
    """

    due: Mapping[date, int] = field(default_factory=dict)
    siblings: frozenset[date] = frozenset()

    def weights(self, today: date, intervals: range, week: Sequence[DayLoad]) -> list[float]:
        """Return how well each interval would suit the days that are already planned.

        A day with n cards, i days from now, weighs 1/n^2.15 · 1/i³ · sibling · weekday; an empty one is not
        weighed down for n and i. The factor ``sibling`` rises from next to nothing on the day of a sibling
        to 1 five days away from it (Anki's ``rslib/src/scheduler/states/load_balancer.rs``, where an empty
        day is not weighed down for its siblings and its weekday either).

        Args:
            today: the study day that the intervals count from.
            intervals: whole days, at least one.
            week: what each weekday, from Monday, is to bring.
        """
        days = [today + timedelta(days=interval) for interval in intervals]
        # Another program can answer cards that were counted here, which leaves fewer than none.
        counts = [max(self.due.get(day, 0), 0) for day in days]
        weights = [
            count**-2.15 * interval**-3 if count else 1.0
            for interval, count in zip(intervals, counts, strict=True)
        ]
        if self.siblings:
            weights = [weight * self._sibling_factor(day) for weight, day in zip(weights, days, strict=True)]
        if week != EVERY_DAY_NORMAL:
            weekdays = _weekday_factors([week[day.weekday()] for day in days], counts)
            weights = [weight * weekday for weight, weekday in zip(weights, weekdays, strict=True)]
        return weights

    def _sibling_factor(self, day: date) -> float:
        distances = (abs((day - sibling).days) for sibling in self.siblings)
        return math.prod(min(1.0, max(1e-6, distance / 5)) for distance in distances)


def _weekday_factors(loads: Sequence[DayLoad], counts: Sequence[int]) -> list[float]:
    """Return a factor for each day: a reduced one is shut once it has its part of what the others have."""
    parts = [PARTS[load] for load in loads]
    factors = []
    for load, part, count in zip(loads, parts, counts, strict=True):
        if load is DayLoad.REDUCED:
            is_full = count * (sum(parts) - part) > (sum(counts) - count) * part
            load = DayLoad.MINIMUM if is_full else DayLoad.NORMAL
        factors.append(PARTS[load])
    return factors
