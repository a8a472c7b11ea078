"""Days as pictures need them: put together to stretches for bars, and shaded by how busy they were."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from lrcards.study.days import ONE_DAY

MOST_STRETCHES = 53
"""A year of weeks; more bars would not have a character each on a narrow screen."""

BUSIEST = 4
"""The level of the busiest tenth of the days."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Days put together to stretches of equal length.

    Attributes:
        first: the first day of the first stretch.
        length: how many days each has: one, or whole weeks.
        number: how many there are.
    """

    first: date
    length: int
    number: int

    @classmethod
    def since(cls, first: date, last: date) -> Self:
        """Return the stretches from a day on, up to another or a little later."""
        days = max(1, (last - first).days + 1)
        length = 1 if days <= MOST_STRETCHES else 7 * math.ceil(days / 7 / MOST_STRETCHES)
        return cls(first, length, math.ceil(days / length))

    @classmethod
    def until(cls, first: date, last: date) -> Self:
        """Return the stretches up to a day, from another or a little earlier on."""
        forward = cls.since(first, last)
        return cls(last - (forward.number * forward.length - 1) * ONE_DAY, forward.length, forward.number)

    @property
    def starts(self) -> list[date]:
        """The first day of each stretch."""
        return [self.first + index * self.length * ONE_DAY for index in range(self.number)]

    def sums(self, amounts: Iterable[tuple[date, float]]) -> list[float]:
        """Return for each stretch the sum of what its days have; other days are left out."""
        sums = [0.0] * self.number
        for day, amount in amounts:
            index = (day - self.first).days // self.length
            if 0 <= index < self.number:
                sums[index] += amount
        return sums


def levels(answers: Sequence[int]) -> list[int]:
    """Return how busy days were, from 0 for no answer to ``BUSIEST``.

    The levels are even parts of what all but the busiest tenth of the days had, so that one wild day does not
    make all others look idle.
    """
    active = sorted(number for number in answers if number)
    if not active:
        return [0] * len(answers)
    busy = active[(len(active) - 1) * 9 // 10]
    return [min(BUSIEST, math.ceil(BUSIEST * number / busy)) for number in answers]
