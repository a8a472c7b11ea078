"""A mock test as it goes: what is asked, what was answered, and where it stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

CONFIDENCES = (0.1, 0.4, 0.7, 0.95)
"""How sure one can say to be, before the answer is shown."""


class Mode(StrEnum):
    """How a question is answered: a choice or typed words are graded, otherwise the learner grades."""

    CHOICE = "choice"
    TYPED = "typed"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a test.

    Attributes:
        card_guid: the card's.
        topics: the tags of its note, when the test began.
        draw: which values a parametric card shows: as its review of this number would.
        predicted: how likely it was to be recalled when the test began.
    """

    card_guid: str
    topics: tuple[str, ...]
    draw: int
    predicted: float


@dataclass(frozen=True, slots=True)
class Given:
    """An answer.

    Attributes:
        mode: how it was answered.
        response: what was chosen or typed; empty when the learner graded.
        correct: whether it was right.
        confidence: how sure the learner was before, from 0 to 1.
        seconds: how long the question was looked at in all.
    """

    mode: Mode
    response: str
    correct: bool
    confidence: float
    seconds: float


@dataclass(frozen=True, slots=True)
class MockTest:
    """A test with what was answered so far; every step makes a new one.

    Attributes:
        id: a UUID.
        name: what it is about: an exam's name, or the search it was drawn by.
        seed: of the draw.
        begun_at: the instant (UTC).
        items: the questions in their order.
        given: the answer to each, or nothing yet.
        marked: the places of questions to come back to.
        at: the place of the question on the table.
        minutes: how long it may take; ``None`` for as long as it takes.
        spent: seconds that were spent on it, interruptions left out.
        counts: whether the answers count as reviews.
        finished_at: the instant (UTC); ``None`` while it goes on.

    Raises:
        ValueError: there are no questions.
    """

    id: str
    name: str
    seed: int
    begun_at: datetime
    items: tuple[Item, ...]
    given: tuple[Given | None, ...] = ()
    marked: frozenset[int] = frozenset()
    at: int = 0
    minutes: float | None = None
    spent: float = 0.0
    counts: bool = False
    finished_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("a test has questions")
        if not self.given:
            object.__setattr__(self, "given", (None,) * len(self.items))

    @property
    def unanswered(self) -> list[int]:
        """The places of the questions without an answer, in order."""
        return [place for place, given in enumerate(self.given) if given is None]

    @property
    def seconds_left(self) -> float | None:
        """How long it may still take; ``None`` without a limit."""
        return None if self.minutes is None else max(0.0, 60 * self.minutes - self.spent)

    @property
    def is_over(self) -> bool:
        """Whether it is finished, or its time is up."""
        return self.finished_at is not None or self.seconds_left == 0.0

    def answered(self, given: Given) -> "MockTest":
        """Return the test with an answer to the question on the table, and the next open one there."""
        answers = (*self.given[: self.at], given, *self.given[self.at + 1 :])
        return replace(self, given=answers, spent=self.spent + given.seconds)._at_next()

    def skipped(self, seconds: float) -> "MockTest":
        """Return the test with the next open question on the table; this one comes again after the others."""
        return replace(self, spent=self.spent + seconds)._at_next()

    def looked_at(self, place: int, seconds: float) -> "MockTest":
        """Return the test with a question on the table, after so many seconds with another.

        Raises:
            ValueError: there is no such question.
        """
        if place not in range(len(self.items)):
            raise ValueError(f"there is no question {place}")
        return replace(self, at=place, spent=self.spent + seconds)

    def toggled(self) -> "MockTest":
        """Return the test with the question on the table marked, or not marked any more."""
        return replace(self, marked=self.marked ^ {self.at})

    def finished(self, now: datetime) -> "MockTest":
        """Return the test, over."""
        return replace(self, finished_at=now)

    def _at_next(self) -> "MockTest":
        open_places = self.unanswered
        later = [place for place in open_places if place > self.at]
        return replace(self, at=(later or open_places or [self.at])[0])
