"""FSRS-6 for many cards at once: what an answer on some later day leaves, as numpy arrays.

The formulas are those of github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm with the bounds of
fsrs-rs; ``study.memory`` computes the same one card at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrcards.cards.model import Rating
from lrcards.study.memory import EASIEST, HARDEST, LONGEST_STABILITY, SHORTEST_STABILITY

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Memories:
    """What FSRS knows of some cards: stabilities in days and difficulties, of one shape."""

    stability: Floats
    difficulty: Floats


@dataclass(frozen=True)
class Forgetting:
    """FSRS-6 with the 21 parameters of a learner."""

    parameters: tuple[float, ...]

    def recall(self, stability: ArrayLike, days: ArrayLike) -> Floats:
        """Return the probability of recall so many days after the last answer."""
        decay, factor = self._curve
        return np.asarray((1 + factor * np.asarray(days) / np.asarray(stability)) ** -decay)

    def first(self, rating: Rating) -> Memories:
        """Return the memory that the first answer to a card leaves; of shape ()."""
        stability = np.clip(self.parameters[rating - 1], SHORTEST_STABILITY, LONGEST_STABILITY)
        return Memories(np.asarray(stability), np.asarray(self._first_difficulty(rating)))

    def after(self, memories: Memories, rating: Rating, recall: ArrayLike) -> Memories:
        """Return the memories that an answer on a later day leaves.

        Args:
            memories: before it.
            rating: the answer.
            recall: the probability of recall at that time; broadcasts against the memories.
        """
        w = self.parameters
        stability, difficulty = memories.stability, memories.difficulty
        forgotten = 1 - np.asarray(recall)
        if rating is Rating.AGAIN:
            shortened = (
                w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * np.exp(w[14] * forgotten)
            )
            after = np.minimum(shortened, stability / np.exp(w[17] * w[18]))
        else:
            bonus = {Rating.HARD: w[15], Rating.EASY: w[16]}.get(rating, 1.0)
            gain = np.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (np.exp(w[10] * forgotten) - 1)
            after = stability * (1 + gain * bonus)
        return self._within_bounds(after, self._next_difficulty(difficulty, rating))

    def after_same_day(self, memories: Memories, ratings: Sequence[Rating]) -> Memories:
        """Return the memories that further answers on the same day leave, one after the other."""
        w = self.parameters
        for rating in ratings:
            factor = np.exp(w[17] * (rating - 3 + w[18])) * memories.stability ** -w[19]
            if rating is not Rating.AGAIN:
                factor = np.maximum(factor, 1.0)
            memories = self._within_bounds(
                memories.stability * factor, self._next_difficulty(memories.difficulty, rating)
            )
        return memories

    @cached_property
    def _curve(self) -> tuple[float, float]:
        decay = self.parameters[20]
        return decay, 0.9 ** (-1 / decay) - 1

    def _first_difficulty(self, rating: Rating) -> float:
        w = self.parameters
        return float(np.clip(w[4] - np.exp(w[5] * (rating - 1)) + 1, EASIEST, HARDEST))

    def _next_difficulty(self, difficulty: Floats, rating: Rating) -> Floats:
        w = self.parameters
        easiest = w[4] - np.exp(w[5] * (Rating.EASY - 1)) + 1
        moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        return np.asarray(w[7] * easiest + (1 - w[7]) * moved)

    @staticmethod
    def _within_bounds(stability: Floats, difficulty: Floats) -> Memories:
        return Memories(
            np.clip(stability, SHORTEST_STABILITY, LONGEST_STABILITY), np.clip(difficulty, EASIEST, HARDEST)
        )
