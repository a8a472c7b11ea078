"""A simulated learner who studies day by day, and forgets in a way that the planner may not know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lrcards.cards.model import Rating
from lrcards.study.exam.forgetting import Floats, Forgetting, Memories
from lrcards.study.exam.learner import Learner
from lrcards.study.memory import AVERAGE_HABITS, DECAY_RANGE

Order = NDArray[np.intp]

Retention = Callable[[float], float | Floats]
"""The desired retention, of all cards or of each, by how much of the time has passed, from 0 to 1."""


@dataclass(frozen=True)
class Deck:
    """The cards of a student on the first day, today being day 0.

    Attributes:
        memories: of the cards, shape (cards,); those of new cards do not matter.
        last: the day of the last answer, shape (cards,); at most 0.
        seen: which cards are not new, shape (cards,).
    """

    memories: Memories
    last: Floats
    seen: NDArray[np.bool_]

    @classmethod
    def of_new_cards(cls, cards: int) -> "Deck":
        """Return a deck of which nothing was studied."""
        memories = Memories(np.ones(cards), np.full(cards, 5.0))
        return cls(memories, np.zeros(cards), np.zeros(cards, dtype=bool))


class Student:
    """A learner with a deck, at the beginning of day 0.

    Args:
        deck: the cards.
        learner: what the planner believes of the learner.
        seed: of the truth and of what is remembered.
        spread: by how much each true parameter is off: the standard deviation of its logarithm.
    """

    def __init__(self, deck: Deck, learner: Learner, seed: int, spread: float = 0.0) -> None:
        self._random = np.random.default_rng(seed)
        self._true = _varied(learner, spread, self._random)
        self._truly = _copy(deck.memories)
        self.believed = learner
        self.known = _copy(deck.memories)
        self.last = deck.last.copy()
        self.seen = deck.seen.copy()
        self.cards: Order = np.arange(deck.seen.size)
        self.day = 0

    def study(self, order: Order, seconds: float) -> None:
        """Introduce or review the cards in this order until the time is used up, then sleep.

        The card that is in hand when the time is up is still answered.
        """
        recall = self._recalls(self._truly, self._true, order)
        believed = self._recalls(self.known, self.believed, order)
        introduced = ~self.seen[order]
        recalled = self._random.random(order.size) < recall
        passing = self._draw(AVERAGE_HABITS.passing_ratings, order.size, Rating.HARD)
        first = self._draw(self.believed.first_ratings, order.size, Rating.AGAIN)
        ratings = np.where(introduced, first, np.where(recalled, passing, Rating.AGAIN))
        takes = self.believed.seconds
        taken = np.where(introduced, takes.new, np.where(recalled, takes.recalled, takes.forgotten))
        reached = np.cumsum(taken) - taken < seconds
        for rating in Rating:
            new = order[reached & introduced & (ratings == rating)]
            is_old = reached & ~introduced & (ratings == rating)
            old = order[is_old]
            for memories, learner, chances in (
                (self._truly, self._true, recall),
                (self.known, self.believed, believed),
            ):
                _put(memories, new, learner.introduced_as(rating))
                _put(memories, old, learner.reviewed(_take(memories, old), rating, chances[is_old]))
        self.seen[order[reached]] = True
        self.last[order[reached]] = self.day
        self.day += 1

    def follow_schedule(self, budget: Floats, retention: Retention) -> None:
        """Study every day what is due, first what loses most by waiting, then new cards.

        Args:
            budget: the seconds of each day, from today on.
            retention: the desired one.
        """
        decay = self.believed.forgetting.parameters[20]
        factor = 0.9 ** (-1 / decay) - 1
        for day, seconds in enumerate(budget):
            desired = np.asarray(retention(day / max(1, budget.size - 1)))
            interval = np.maximum(1, np.round(self.known.stability / factor * (desired ** (-1 / decay) - 1)))
            due = np.flatnonzero(self.seen & (self.day - self.last >= interval))
            tomorrow = self.believed.forgetting.recall(self.known.stability, self.day + 1 - self.last)
            loss = (self.recall() - tomorrow)[due]
            new = np.flatnonzero(~self.seen)
            self.study(np.concatenate([due[np.argsort(-loss)], new]), float(seconds))

    def recall(self) -> Floats:
        """Return what the planner believes of the recall of each card today; 0 of a new one."""
        return self._recalls(self.known, self.believed, self.cards)

    def score(self) -> float:
        """Return the true mean recall today."""
        return float(self._recalls(self._truly, self._true, self.cards).mean())

    def _recalls(self, memories: Memories, learner: Learner, cards: Order) -> Floats:
        recall = learner.forgetting.recall(memories.stability[cards], self.day - self.last[cards])
        return np.asarray(np.where(self.seen[cards], recall, 0.0))

    def _draw(self, chances: Sequence[float], size: int, first: Rating) -> NDArray[np.int64]:
        shares = np.asarray(chances) / sum(chances)
        return self._random.choice(len(shares), size, p=shares) + int(first)


def _copy(memories: Memories) -> Memories:
    return Memories(memories.stability.copy(), memories.difficulty.copy())


def _take(memories: Memories, cards: Order) -> Memories:
    return Memories(memories.stability[cards], memories.difficulty[cards])


def _put(memories: Memories, cards: Order, left: Memories) -> None:
    memories.stability[cards] = left.stability
    memories.difficulty[cards] = left.difficulty


def _varied(learner: Learner, spread: float, random: np.random.Generator) -> Learner:
    """Return a learner whose every parameter is off by a random factor."""
    parameters = np.asarray(learner.forgetting.parameters) * np.exp(random.normal(0, spread, 21))
    parameters[20] = np.clip(parameters[20], *DECAY_RANGE)
    return replace(learner, forgetting=Forgetting(tuple(parameters.tolist())))
