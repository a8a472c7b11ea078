"""How many cards a study day brings at most: per deck, with the decks below it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lrcards.cards.model import Phase
from lrcards.errors import SettingsError
from lrcards.study.hierarchy import is_within, path_to

ALL_DECKS = ""
"""The name under which a limit for all decks together stands."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many cards a study day brings at most; cards on a learning step always come.

    Raises:
        SettingsError: naming every limit that is negative.
    """

    new_per_day: int = 20
    reviews_per_day: int = 200

    def __post_init__(self) -> None:
        limits = {"new_per_day": self.new_per_day, "reviews_per_day": self.reviews_per_day}
        problems = [f"{name} is {limit}, but it is 0 or more" for name, limit in limits.items() if limit < 0]
        if problems:
            raise SettingsError("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Studied:
    """How many new cards and how many reviews of a deck, without its subdecks, were answered today."""

    introduced: int = 0
    reviewed: int = 0


def left_today(
    limits: Mapping[str, Limits], studied: Mapping[str, Studied], more_new: int = 0
) -> dict[str, Limits]:
    """Return what the limit of each deck leaves for the rest of the day.

    Args:
        limits: the limits by deck name, each for the deck with all its subdecks; ``ALL_DECKS`` may be one.
        studied: what was done today, by the deck that the cards are in.
        more_new: how many new cards more than that there may be.
    """
    left = {}
    for deck, limit in limits.items():
        done = [counts for name, counts in studied.items() if deck == ALL_DECKS or is_within(name, deck)]
        left[deck] = Limits(
            max(0, limit.new_per_day - sum(counts.introduced for counts in done)) + more_new,
            max(0, limit.reviews_per_day - sum(counts.reviewed for counts in done)),
        )
    return left


class Allowance:
    """What decks may still bring; each card that is taken counts for its deck and all decks above."""

    def __init__(self, left: Mapping[str, Limits]) -> None:
        self._new = {deck: limits.new_per_day for deck, limits in left.items()}
        self._reviews = {deck: limits.reviews_per_day for deck, limits in left.items()}
        self._bounds: dict[str, list[str]] = {}

    def take(self, deck: str, phase: Phase) -> bool:
        """Take a new card or a review of a deck; ``False`` if its limit, or one above it, is used up."""
        left = self._new if phase is Phase.NEW else self._reviews
        bounds = self._bounds.get(deck)
        if bounds is None:
            bounds = self._bounds[deck] = [name for name in {ALL_DECKS, *path_to(deck)} if name in left]
        if any(left[name] <= 0 for name in bounds):
            return False
        for name in bounds:
            left[name] -= 1
        return True
