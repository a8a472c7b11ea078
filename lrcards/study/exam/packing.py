"""Which cards fit best into the time of one day."""

from collections.abc import Sequence

import numpy as np

FEW = 14
"""So few cards are packed by trying all subsets; among many, a gap at the end of the day hardly matters."""


def best_subset(seconds: Sequence[float], gains: Sequence[float], budget: float) -> tuple[int, ...]:
    """Return the places of the cards that gain most within a budget, in the order given.

    Of many cards, the first ones that fit: they should come with the greatest gain a second first.
    """
    if len(seconds) > FEW:
        return _first_that_fit(seconds, budget)
    subsets = np.arange(2 ** len(seconds))[:, None] >> np.arange(len(seconds)) & 1
    fits = subsets @ np.asarray(seconds, dtype=float) <= budget + 1e-9
    best = subsets[int(np.argmax(np.where(fits, subsets @ np.asarray(gains, dtype=float), -np.inf)))]
    return tuple(int(place) for place in np.flatnonzero(best))


def _first_that_fit(seconds: Sequence[float], budget: float) -> tuple[int, ...]:
    chosen, left = [], budget
    for place, takes in enumerate(seconds):
        if takes <= left:
            chosen.append(place)
            left -= takes
    return tuple(chosen)
