"""For few cards and days: what is best today, found by trying every course that the study can take.

Where a day has time for two cards, it matters which two fit into it, and prices cannot see that.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, product
from math import prod
from operator import itemgetter

import numpy as np

from lrcards.cards.model import Rating
from lrcards.study.exam.candidate import Candidate
from lrcards.study.exam.forgetting import Memories
from lrcards.study.exam.packing import FEW, best_subset

MOST_COURSES = 20_000

_State = tuple[float, float, int] | None
"""Stability, difficulty and the day of the last answer, from today on; nothing of a new card."""
_Outcomes = tuple[tuple[float, _State], ...]
_Subset = tuple[int, ...]


def is_small(candidates: Sequence[Candidate], days: int) -> bool:
    """Return whether every course can be tried in a moment."""
    courses = (3 if candidate.memory else 1 + len(Rating) for candidate in candidates)
    return len(candidates) <= FEW and prod(courses) ** (days - 1) <= MOST_COURSES


def best_today(candidates: Sequence[Candidate], budget: Sequence[float]) -> tuple[Candidate, ...]:
    """Return the candidates whose review or introduction today leads to the most weighted recall.

    Args:
        candidates: few.
        budget: the seconds of each day until the last exam; what is asked is expected to fit into them.
    """
    states = tuple(
        None
        if candidate.memory is None
        else (candidate.memory.stability, candidate.memory.difficulty, -candidate.elapsed)
        for candidate in candidates
    )
    _, subset = _Search(candidates, budget).best(states, 0)
    return tuple(candidates[index] for index in subset)


class _Search:
    def __init__(self, candidates: Sequence[Candidate], budget: Sequence[float]) -> None:
        self._candidates = candidates
        self._budget = budget
        self._outcomes = lru_cache(maxsize=None)(self._possible_outcomes)
        self._recall = lru_cache(maxsize=None)(self._recall_from)
        self._gain = lru_cache(maxsize=None)(self._gain_of)

    def best(self, states: tuple[_State, ...], day: int) -> tuple[float, _Subset]:
        """Return the weighted recall that is expected from a day on, and what to ask on it."""
        askable = [
            index
            for index, state in enumerate(states)
            if not (state and state[2] == day) and (day or self._candidates[index].askable)
        ]
        seconds = [self._outcomes(index, states[index], day)[0] for index in askable]
        if day == len(self._budget) - 1:
            # Nothing depends on the outcomes any more, so that each card stands alone.
            gains = [self._gain(index, states[index], day) for index in askable]
            packed = best_subset(seconds, gains, self._budget[day])
            anyway = sum(self._recall(index, state, day) for index, state in enumerate(states))
            return anyway + sum(gains[place] for place in packed), tuple(askable[place] for place in packed)
        worths = (
            (self._worth(tuple(askable[place] for place in places), states, day), places)
            for size in range(len(askable) + 1)
            for places in combinations(range(len(askable)), size)
            if sum(seconds[place] for place in places) <= self._budget[day] + 1e-9
        )
        worth, places = max(worths, key=itemgetter(0))
        return worth, tuple(askable[place] for place in places)

    def _worth(self, subset: _Subset, states: tuple[_State, ...], day: int) -> float:
        """Return the weighted recall that is expected if these cards are asked on a day."""
        worth = 0.0
        for course in product(*(self._outcomes(index, states[index], day)[1] for index in subset)):
            after = list(states)
            for index, (_, state) in zip(subset, course, strict=True):
                after[index] = state
            on_the_way = sum(self._recall(index, state, day) for index, state in enumerate(after))
            later, _ = self.best(tuple(after), day + 1)
            worth += prod(chance for chance, _ in course) * (on_the_way + later)
        return worth

    def _gain_of(self, index: int, state: _State, day: int) -> float:
        """Return how much more is recalled on the next morning if a card is asked."""
        outcomes = self._outcomes(index, state, day)[1]
        asked = sum(chance * self._recall(index, after, day) for chance, after in outcomes)
        return asked - self._recall(index, state, day)

    def _recall_from(self, index: int, state: _State, day: int) -> float:
        """Return the weighted recall on exams on the morning after a day."""
        if state is None:
            return 0.0
        candidate, last = self._candidates[index], len(self._budget) - 1
        return sum(
            stake.weight * float(candidate.learner.forgetting.recall(state[0], stake.days - state[2]))
            for stake in candidate.stakes
            if min(stake.days - 1, last) == day
        )

    def _possible_outcomes(self, index: int, state: _State, day: int) -> tuple[float, _Outcomes]:
        """Return the seconds that a card is expected to take on a day, and what it can come to."""
        learner = self._candidates[index].learner
        if state is None:
            shares, memories = learner.introduced()
            return learner.seconds.new, tuple(
                (float(share), (float(stability), float(difficulty), day))
                for share, stability, difficulty in zip(
                    shares, memories.stability, memories.difficulty, strict=True
                )
            )
        recall = learner.forgetting.recall(state[0], day - state[2])
        before = Memories(np.asarray(state[0]), np.asarray(state[1]))
        good, again = (learner.reviewed(before, rating, recall) for rating in (Rating.GOOD, Rating.AGAIN))
        seconds = recall * learner.seconds.recalled + (1 - recall) * learner.seconds.forgotten
        return float(seconds), (
            (float(recall), (float(good.stability), float(good.difficulty), day)),
            (float(1 - recall), (float(again.stability), float(again.difficulty), day)),
        )
