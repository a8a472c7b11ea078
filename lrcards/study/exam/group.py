"""What is best for cards that are alike in learner and exams, when every second of a day has its price.

Each card then stands alone: a small dynamic programme over its days and memories says when to review it, or
to introduce it. What all of them together would take of each day is how the prices are found (``prices``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lrcards.study.exam.candidate import Stake
from lrcards.study.exam.forgetting import Floats, Memories
from lrcards.study.exam.grid import Grid, Reviewed, reviewed
from lrcards.study.exam.learner import Learner

GAPS = (*range(1, 8), 9, 11, 14, 17, 21, 26, 32, 40, 50, 62, 78, 97, 120, 150, 190, 240, 300, 365)
"""The days between two reviews that are weighed; far apart, a day more or less does not matter."""


@dataclass(frozen=True)
class Response:
    """What a group does at some prices.

    Attributes:
        value: the sum over the cards of expected weighted recall less the price of their time.
        seconds: what it takes of each day; shape (days,).
        recalled: how many of its cards are recalled on the day of each exam; shape (exams,).
    """

    value: float
    seconds: Floats
    recalled: Floats


@dataclass(frozen=True)
class Choices:
    """The value of each thing that can be done with a card; of shape (options, cards)."""

    values: Floats

    def settle(self, temperature: float) -> tuple[Floats, Floats]:
        """Return the value of choosing, and the chance of each choice.

        The maximum is rounded off, so that it changes smoothly with the prices: T·ln Σ exp(v/T), which is at
        most T·ln(options) more than the maximum.
        """
        best = self.values.max(axis=0)
        chances = np.exp((self.values - best) / temperature)
        total = chances.sum(axis=0)
        return best + temperature * np.log(total), chances / total


class Group:
    """Cards of one learner that count alike for the same exams.

    Args:
        grid: shared by all groups.
        learner: how the cards are forgotten, and how long they take.
        stakes: the exams.
        days: how many days are planned; day 0 is today, and an exam is on the morning of its day.
        memories: of the cards that were introduced, shape (cards,).
        elapsed: days since their last answer, shape (cards,); one of today is not reviewed again today.
        counts: how many cards each stands for, shape (cards,).
        new: how many cards are still to be introduced.
    """

    def __init__(
        self,
        grid: Grid,
        learner: Learner,
        stakes: Sequence[Stake],
        days: int,
        memories: Memories,
        elapsed: Floats,
        counts: Floats,
        new: int,
    ) -> None:
        self._grid = grid
        self.learner = learner
        self._stakes = tuple(stakes)
        self._days = days
        self._cards = memories
        self._elapsed = elapsed
        self._counts = counts
        self._new = new
        self._gaps = np.array([gap for gap in GAPS if gap < days], dtype=np.intp)
        self._offsets = np.concatenate([[0], self._gaps]).astype(np.intp)

    def respond(self, prices: Floats, temperature: float) -> Response:
        """Return what is best at the prices (weighted recall a second) of the days, shape (days,)."""
        values, chances = self._follow(prices, temperature)
        mass = np.zeros((self._days, self._grid.size))
        seconds, recalled, value = np.zeros(self._days), np.zeros(len(self._stakes)), 0.0
        if self._counts.size:
            of_cards, chosen = self.first_reviews(values, prices).settle(temperature)
            value += float(of_cards @ self._counts)
            chosen = chosen * self._counts
            recalled += self._recalled_by(chosen, self._offsets, self._recalls_of_cards)
            for option, day in enumerate(self._offsets):
                seconds[day] += chosen[option] @ self._first.seconds[option]
                places = self._first.places
                weights = places.weights[option] * chosen[option][:, None]
                mass[day] += np.bincount(places.points[option].ravel(), weights.ravel(), self._grid.size)
        if self._new:
            of_new, chosen = self.introductions(values, prices).settle(temperature)
            value += self._new * float(of_new[0])
            introduced = self._new * chosen[:-1, 0]
            seconds += introduced * self.learner.seconds.new
            mass += introduced[:, None] * self._introduced_on_grid
        on_the_way, recalled_later = self._carried(mass, chances)
        return Response(value, seconds + on_the_way, recalled + recalled_later)

    def first_reviews(self, values: Floats, prices: Floats) -> Choices:
        """Return what the next review is worth on each of the days it may be on, and last, to have none.

        Args:
            values: what ``follow`` returns.
            prices: of the days.
        """
        options = np.empty((len(self._offsets) + 1, self._counts.size))
        later = values.ravel()[self._offsets[:, None, None] * self._grid.size + self._first.places.points]
        np.einsum("oci,oci->oc", later, self._first.places.weights, out=options[:-1])
        options[:-1] -= prices[self._offsets][:, None] * self._first.seconds
        options[-1] = 0.0
        options[0, self._elapsed == 0] = -np.inf
        self._add_recall(options, self._offsets, self._recalls_of_cards)
        return Choices(options)

    def introductions(self, values: Floats, prices: Floats) -> Choices:
        """Return what it is worth to introduce a new card on each day, and last, never to do so."""
        worth = values @ self._introduced_on_grid - prices * self.learner.seconds.new
        return Choices(np.append(worth, 0.0)[:, None])

    def follow(self, prices: Floats) -> Floats:
        """Return what each memory is worth right after a review on each day; shape (days, grid points)."""
        return self._follow(prices, temperature=1e-9)[0]

    @property
    def seconds_today(self) -> Floats:
        """How long a review of each card takes today, on average; shape (cards,)."""
        return np.asarray(self._first.seconds[0])

    def _follow(self, prices: Floats, temperature: float) -> tuple[Floats, list[Floats]]:
        """Return the worth of each memory after a review, and the chances of what is done next."""
        size = self._grid.size
        values, chances = np.empty((self._days, size)), []
        for day in reversed(range(self._days)):
            within = int(np.searchsorted(self._gaps, self._days - day))
            on = day + self._gaps[:within]
            options = np.zeros((within + 1, size))
            later = values.ravel()[on[:, None, None] * size + self._next.places.points[:within]]
            np.einsum("opi,opi->op", later, self._next.places.weights[:within], out=options[:-1])
            options[:-1] -= prices[on][:, None] * self._next.seconds[:within]
            self._add_recall(options, on, self._recalls[:, day])
            values[day], chosen = Choices(options).settle(temperature)
            chances.append(chosen)
        return values, chances[::-1]

    def _carried(self, mass: Floats, chances: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Carry cards from review to review; ``mass`` is how many first come to each memory on each day."""
        size = self._grid.size
        seconds, recalled = np.zeros(self._days), np.zeros(len(self._stakes))
        for day in range(self._days):
            chosen = chances[day] * mass[day]
            within = len(chosen) - 1
            on = day + self._gaps[:within]
            recalled += self._recalled_by(chosen, on, self._recalls[:, day])
            if within:
                seconds[on] += np.einsum("op,op->o", chosen[:-1], self._next.seconds[:within])
                points = np.arange(within)[:, None, None] * size + self._next.places.points[:within]
                weights = chosen[:-1, :, None] * self._next.places.weights[:within]
                mass[on] += np.bincount(points.ravel(), weights.ravel(), within * size).reshape(within, size)
        return seconds, recalled

    def _add_recall(self, options: Floats, on: NDArray[np.intp], recalls: Floats) -> None:
        """Add to each option the recall on the exams that come before it; the last option has them all."""
        for stake, recall in zip(self._stakes, recalls, strict=True):
            options[: len(on)][on >= stake.days] += stake.weight * recall
            options[-1] += stake.weight * recall

    def _recalled_by(self, chosen: Floats, on: NDArray[np.intp], recalls: Floats) -> Floats:
        """Return how many are recalled on each exam that comes before the option that was chosen."""
        return np.array(
            [
                float((chosen[: len(on)][on >= stake.days].sum(0) + chosen[-1]) @ recall)
                for stake, recall in zip(self._stakes, recalls, strict=True)
            ]
        )

    @cached_property
    def _next(self) -> Reviewed:
        """What the next review of each memory comes to after each gap; shape (gaps, grid points)."""
        return reviewed(self._grid, self.learner, self._grid.memories, self._gaps[:, None].astype(float))

    @cached_property
    def _first(self) -> Reviewed:
        """What the next review of each card comes to on each day of ``_offsets``; shape (offsets, cards)."""
        return reviewed(self._grid, self.learner, self._cards, self._elapsed + self._offsets[:, None])

    @cached_property
    def _introduced_on_grid(self) -> Floats:
        """Where one new card comes to on the day it is introduced; shape (grid points,)."""
        shares, memories = self.learner.introduced()
        places = self._grid.place(memories).times(shares)
        on_grid = np.bincount(places.points.ravel(), places.weights.ravel(), self._grid.size)
        return np.asarray(on_grid, dtype=float)

    @cached_property
    def _recalls(self) -> Floats:
        """The recall of each memory on each exam, by the day of its review; zero after the exam."""
        left = np.array([[stake.days - day for day in range(self._days)] for stake in self._stakes])
        recall = self.learner.forgetting.recall(self._grid.memories.stability, np.maximum(left, 0)[..., None])
        return np.asarray(np.where(left[..., None] > 0, recall, 0.0))

    @cached_property
    def _recalls_of_cards(self) -> Floats:
        """The recall of each card on each exam if it is not reviewed before; shape (exams, cards)."""
        days = np.array([stake.days for stake in self._stakes], dtype=float)
        return self.learner.forgetting.recall(self._cards.stability, self._elapsed + days[:, None])
