"""A card that counts for exams, as a plan sees it."""

from dataclasses import dataclass

from lrcards.cards.model import Memory
from lrcards.study.exam.learner import Learner


@dataclass(frozen=True, slots=True)
class Stake:
    """An exam that a card counts for: its name, the days until it (at least 1), and the card's weight."""

    exam: str
    days: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that counts for an exam.

    Attributes:
        guid: the card's.
        learner: how it is forgotten, and how long it takes.
        stakes: the exams it counts for, in any order.
        memory: what is known of it; ``None`` for a new card.
        elapsed: study days since its last answer; a card of today is not asked again today.
        askable: whether it may be asked today; a buried card may not.
    """

    guid: str
    learner: Learner
    stakes: tuple[Stake, ...]
    memory: Memory | None = None
    elapsed: int = 0
    askable: bool = True
