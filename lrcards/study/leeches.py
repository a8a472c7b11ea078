"""Leeches: cards that are forgotten so often that they cost more than they give."""

from dataclasses import dataclass
from enum import StrEnum

from lrcards.cards.model import Card
from lrcards.errors import SettingsError


class LeechAction(StrEnum):
    """What becomes of a leech: its note is tagged; with ``SUSPEND`` the card is also suspended."""

    SUSPEND = "suspend"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class LeechRule:
    """When a card is a leech, and what becomes of it.

    Attributes:
        threshold: how many lapses make a leech; 0 for never.
        action: what becomes of it.

    Raises:
        SettingsError: the threshold is negative.
    """

    threshold: int = 8
    action: LeechAction = LeechAction.SUSPEND

    def __post_init__(self) -> None:
        if self.threshold < 0:
            raise SettingsError(f"leech_threshold is {self.threshold}, but it is 0 or more")


def is_leech(before: Card, after: Card, threshold: int) -> bool:
    """Return whether the answer between the two made the card a leech, or told so again.

    That is at ``threshold`` lapses, and then every half of it, rounded up (Anki's
    ``rslib/src/scheduler/states/review.rs``).
    """
    if threshold == 0:
        return False
    again = (threshold + 1) // 2
    return any(
        lapses >= threshold and (lapses - threshold) % again == 0
        for lapses in range(before.lapses + 1, after.lapses + 1)
    )


NEVER = LeechRule(threshold=0)
"""No card is ever a leech."""
