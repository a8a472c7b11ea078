"""On which day an interval falls: the nearest, or one near it, so that cards learnt together part ways."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from lrcards.cards.model import Card
from lrcards.study.load import LONGEST_BALANCED

# (from, to, share): the part of an interval between from and to days may be moved by this share of itself.
RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, math.inf, 0.05))


def fuzz(interval: float) -> float:
    """Return by how many days, up or down, an interval in days may be moved.

    Intervals below 2.5 days stay; others move by a day and a share that falls as they grow (Anki's
    ``rslib/src/scheduler/states/fuzz.rs``).
    """
    if interval < RANGES[0][0]:
        return 0.0
    return 1 + sum(share * max(0.0, min(interval, end) - start) for start, end, share in RANGES)


def fuzz_range(interval: float, minimum: int, maximum: int) -> range:
    """Return the whole days that an interval may become; the maximum is stronger than the minimum."""
    minimum = min(minimum, maximum)
    interval = min(max(interval, minimum), maximum)
    delta = fuzz(interval)
    low = max(_round_half_up(interval - delta), minimum)
    high = min(_round_half_up(interval + delta), maximum)
    return range(low, high + 1)


def chance_of(card: Card) -> float:
    """Return a number from 0 to below 1 that stays the same until the card is answered again."""
    return Random(f"{card.guid} {card.reviews}").random()


@dataclass(frozen=True, slots=True)
class Placement:
    """Makes whole days of intervals.

    Attributes:
        maximum: no interval is longer than this many days.
        chance: where in its fuzz range an interval falls, from 0 to below 1; the same for all ratings of an
            answer, so that a preview and the answer agree. ``None`` for the nearest day.
        weigh: how likely each of the days of a range is to be taken, for intervals up to
            ``LONGEST_BALANCED``; ``None`` if all are alike.
    """

    maximum: int
    chance: float | None = None
    weigh: Callable[[range], Sequence[float]] | None = None

    def place(self, interval: float, minimum: int = 1) -> int:
        """Return the days for an interval, not fewer than the minimum unless the maximum is."""
        if self.chance is None:
            return min(max(_round_half_up(interval), minimum), self.maximum)
        days = fuzz_range(interval, minimum, self.maximum)
        if self.weigh is None or interval > LONGEST_BALANCED:
            return days[math.floor(self.chance * len(days))]
        *passed, total = accumulate(self.weigh(days))
        return days[sum(weight <= self.chance * total for weight in passed)]

    def ascending(self, intervals: Iterable[float], previous: int = 0) -> list[int]:
        """Place the intervals of better and better ratings; each gets a day more than the one before.

        Fuzz never takes back what an interval has grown beyond the previous one, and an interval that shrank
        by no more than fuzz could make up for does not shrink.
        """
        days: list[int] = []
        for interval in intervals:
            minimum = days[-1] + 1 if days else 1
            if _round_half_up(interval) > previous:
                minimum = max(minimum, previous + 1)
            elif previous < fuzz_range(interval, 1, self.maximum).stop:
                minimum = max(minimum, previous)
            days.append(self.place(interval, minimum))
        return days


def _round_half_up(days: float) -> int:
    return math.floor(days + 0.5)
