"""Auto-advance: after how long a sitting goes on by itself, and how."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lrcards.cards.model import Rating


class AutoAction(StrEnum):
    """What becomes of a card whose answer was shown for long enough, as in Anki."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    BURY = "bury"

    @property
    def rating(self) -> Rating | None:
        """The rating that is given; ``None`` if the card is buried instead."""
        return None if self is AutoAction.BURY else Rating[self.name]


@dataclass(frozen=True, slots=True)
class AutoAdvance:
    """How a sitting goes on by itself.

    Attributes:
        on: whether sittings begin so.
        question: how long a question is shown before its answer; zero for until a key is pressed.
        answer: how long an answer is shown; zero for until a key is pressed.
        action: what then becomes of the card.
    """

    on: bool = False
    question: timedelta = timedelta(seconds=20)
    answer: timedelta = timedelta(seconds=10)
    action: AutoAction = AutoAction.GOOD

    def wait(self, *, revealed: bool) -> timedelta:
        """Return how long the side of a card that is shown stays; zero for until a key is pressed."""
        return self.answer if revealed else self.question
