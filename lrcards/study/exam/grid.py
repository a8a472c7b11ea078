"""Memories on a grid, so that one computation serves all cards: what lies between is interpolated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcards.cards.model import Rating
from lrcards.study.exam.forgetting import Floats, Memories
from lrcards.study.exam.learner import Learner

SHORTEST, LONGEST = 0.05, 3000.0
STABILITIES, DIFFICULTIES = 36, 5


@dataclass(frozen=True)
class Places:
    """Where memories lie on a grid: the points around them and how much each counts.

    Attributes:
        points: indices of grid points; the last axis runs over the points around one memory.
        weights: of the same shape; they sum to the chance of that memory.
    """

    points: NDArray[np.intp]
    weights: Floats

    def values(self, on_grid: Floats) -> Floats:
        """Return the mean of what is known on the grid, over the points around each memory."""
        return np.asarray((on_grid[self.points] * self.weights).sum(-1))

    def times(self, chances: Floats) -> "Places":
        """Return the same places with other chances; one for each memory."""
        return Places(self.points, self.weights * chances[..., None])


def joined(first: Places, second: Places) -> Places:
    """Return places that are the one or the other, by their chances."""
    return Places(
        np.concatenate([first.points, second.points], -1), np.concatenate([first.weights, second.weights], -1)
    )


class Grid:
    """Stabilities, evenly spaced in their logarithm, by difficulties."""

    def __init__(self) -> None:
        self._logs = np.linspace(np.log(SHORTEST), np.log(LONGEST), STABILITIES)
        self._difficulties = np.linspace(1, 10, DIFFICULTIES)
        stability, difficulty = np.meshgrid(np.exp(self._logs), self._difficulties, indexing="ij")
        self.memories = Memories(stability.ravel(), difficulty.ravel())
        self.size = self.memories.stability.size

    def place(self, memories: Memories) -> Places:
        """Return where memories lie; those beyond the edge count as on it."""
        stability, difficulty = np.broadcast_arrays(memories.stability, memories.difficulty)
        row, below = _cell(np.log(stability), self._logs)
        column, left = _cell(difficulty, self._difficulties)
        corner = row * DIFFICULTIES + column
        points = np.stack([corner, corner + 1, corner + DIFFICULTIES, corner + DIFFICULTIES + 1], -1)
        weights = np.stack(
            [(1 - below) * (1 - left), (1 - below) * left, below * (1 - left), below * left], -1
        )
        return Places(points, weights)


def _cell(values: Floats, axis: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the index of the cell of an evenly spaced axis, and how far into it each value lies."""
    along = np.clip((values - axis[0]) / (axis[1] - axis[0]), 0, axis.size - 1)
    index = np.minimum(along.astype(np.intp), axis.size - 2)
    return index, along - index


@dataclass(frozen=True)
class Reviewed:
    """What a review of each memory after some days comes to.

    Attributes:
        places: where it leads, recalled or not.
        seconds: how long it takes, on average.
    """

    places: Places
    seconds: Floats


def reviewed(grid: Grid, learner: Learner, memories: Memories, days: Floats) -> Reviewed:
    """Return what a review after ``days`` comes to; the arrays broadcast."""
    recall = learner.forgetting.recall(memories.stability, days)
    good = grid.place(learner.reviewed(memories, Rating.GOOD, recall)).times(recall)
    again = grid.place(learner.reviewed(memories, Rating.AGAIN, recall)).times(1 - recall)
    seconds = recall * learner.seconds.recalled + (1 - recall) * learner.seconds.forgotten
    return Reviewed(joined(good, again), seconds)
