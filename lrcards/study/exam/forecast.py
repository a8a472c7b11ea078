"""What the normal schedule would lead to by the day of an exam, within the same minutes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

import numpy as np

from lrcards.study.exam.candidate import Candidate
from lrcards.study.exam.forgetting import Floats, Memories
from lrcards.study.exam.learner import Learner
from lrcards.study.exam.student import Deck, Student

SIMULATIONS = 3


def recalled_by_schedule(
    candidates: Sequence[Candidate], budget: Floats, desired: Mapping[str, float]
) -> float:
    """Return how many cards are recalled after the last day, on average over simulated students.

    Cards that are forgotten alike share the time by their number.

    Args:
        candidates: the cards.
        budget: the seconds of each day from today on, shape (days,).
        desired: the desired retention of each card, by its guid.
    """
    alike: defaultdict[Learner, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        alike[candidate.learner].append(candidate)
    return fmean(
        sum(
            _recalled(learner, cards, budget * len(cards) / len(candidates), desired, seed)
            for learner, cards in alike.items()
        )
        for seed in range(SIMULATIONS)
    )


def _recalled(
    learner: Learner, cards: Sequence[Candidate], budget: Floats, desired: Mapping[str, float], seed: int
) -> float:
    memories = Memories(
        np.array([card.memory.stability if card.memory else 1.0 for card in cards]),
        np.array([card.memory.difficulty if card.memory else 5.0 for card in cards]),
    )
    last = np.array([-float(card.elapsed) for card in cards])
    student = Student(
        Deck(memories, last, np.array([card.memory is not None for card in cards])), learner, seed
    )
    retention = np.array([desired[card.guid] for card in cards])
    student.follow_schedule(budget, lambda _passed: retention)
    return student.score() * len(cards)
