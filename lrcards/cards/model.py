"""The words of the whole house: notes, cards, ratings and reviews as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

LEECH, MARKED = "leech", "marked"
"""Tags that a note gets in a sitting, as in Anki."""

FLAGS = ("red", "orange", "green", "blue", "pink", "turquoise", "purple")
"""The colours of the flags 1 to 7, as in Anki."""


class Rating(IntEnum):
    """How well a card was recalled, as in FSRS and Anki."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class NoteKind(StrEnum):
    """How a note becomes cards.

    One question (basic), the question and the answer asked both ways (reversed), one card for each cloze
    deletion, or one for each of the faces that another program's templates made of it.
    """

    BASIC = "basic"
    REVERSED = "reversed"
    CLOZE = "cloze"
    FACES = "faces"


class Phase(StrEnum):
    """Where a card stands in its life."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


class ReviewKind(StrEnum):
    """Why a card was shown. A test is in the log only if the learner wanted it to count."""

    STUDY = "study"
    CRAM = "cram"
    TEST = "test"

    @property
    def moves_cards(self) -> bool:
        """Whether such an answer moves the schedule."""
        return self is not ReviewKind.CRAM


@dataclass(frozen=True, slots=True)
class Source:
    """The place in a deck file that a note was read from (1-based lines).

    ``lab`` is the line of its experiment; a note that was stored has forgotten it, so it does not count when
    two sources are compared.
    """

    file: str
    line: int
    lab: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Face:
    """The two sides of one card, in Markdown."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Note:
    """One fact as its author wrote it, in Markdown.

    Attributes:
        guid: what the note is known by for ever; empty in a parsed deck when the author gave none.
        deck: the deck's name; ``::`` separates a subdeck from its parent, as in Anki.
        kind: how the note becomes cards.
        question: the question; for a cloze note the whole text with its ``[deletions]``, for one of faces
            that of the first.
        answer: the answer; empty for a cloze note.
        tags: without ``#``, in the author's order.
        experiment: what the lab opens, as plain data: ``{"preset": NAME, …overrides}`` or a whole
            experiment, with what the lab asks about it (``ask``) and how it varies (``vary``, see
            ``parametric``); ``None`` if the author named none. Whoever runs it parses it (``experiments``).
        ordinals: the ordinals of its cards: 0 is the question, 1 of a reversed note the way back. For a
            cloze note, the ordinal of each deletion's card, in the order of the text; a deletion keeps its
            ordinal, and so its history, when others are added or removed around it. For a note of faces,
            that of each face.
        faces: for a note of faces, each of them; its question and answer are those of the first.
        typed: whether the author wants the answer typed in.
        source: where it was read from, if it came from a file.
    """

    guid: str
    deck: str
    kind: NoteKind
    question: str
    answer: str = ""
    tags: tuple[str, ...] = ()
    experiment: Mapping[str, Any] | None = None
    ordinals: tuple[int, ...] = (0,)
    faces: tuple[Face, ...] = ()
    typed: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of a card: stability in days (recall falls to 0.9 after it), difficulty in [1, 10]."""

    stability: float
    difficulty: float


@dataclass(frozen=True, slots=True)
class Card:
    """One question of a note, and where it stands in the schedule.

    Attributes:
        guid: ``card_guid(note_guid, ordinal)``.
        note_guid, ordinal: which note, and which of its cards.
        position: the order in which new cards are introduced.
        phase: where the card stands.
        step: the index of the learning or relearning step it waits on; 0 otherwise.
        memory: ``None`` until the first answer.
        due_at: the instant (UTC) a learning or relearning card is due within its study day.
        due_day: the study day a review card (or a step that crosses the rollover) is due.
        interval: days between the last answer and ``due_day``; 0 while due within the day.
        last_review: the instant (UTC) of the last answer.
        last_day: the study day of the last answer.
        reviews, lapses: how many answers, and how many times a review card was forgotten.
        suspended: not shown until the learner wants it back.
        buried_until: the study day from which it is shown again.
        flag: 0 for none, or one of 7 colours, as in Anki.
        modified_at: the instant (UTC) at which ``suspended``, ``buried_until`` or ``flag`` was last changed,
            so that a merge can tell the newer choice.
    """

    guid: str
    note_guid: str
    ordinal: int
    position: int = 0
    phase: Phase = Phase.NEW
    step: int = 0
    memory: Memory | None = None
    due_at: datetime | None = None
    due_day: date | None = None
    interval: int = 0
    last_review: datetime | None = None
    last_day: date | None = None
    reviews: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: date | None = None
    flag: int = 0
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One answer, as it stands for ever in the log.

    Attributes:
        id: a UUID version 7: globally unique, sorted by time.
        card_guid: the card that was answered.
        rating: the answer.
        at: the instant (UTC, whole milliseconds).
        day: the study day, as it was where and when the answer was given.
        duration_ms: how long the question and the answer were looked at.
        kind: why it was shown.
        phase: where the card stood when it was asked.
        scheduled: what the answer led to: whole seconds to the next showing if within the study day,
            else the interval in days, negative (so -3 is three days, 600 is ten minutes).
        prediction: what the learner foretold in the lab before the answer, as plain data: what was asked,
            what was answered, and whether it held.
        last_interval: the card's interval when it was asked: how many days it had been put off.
        recall: the probability of recall that FSRS foretold; none for a first answer, nor for another one on
            the same study day.
    """

    id: str
    card_guid: str
    rating: Rating
    at: datetime
    day: date
    duration_ms: int
    kind: ReviewKind = ReviewKind.STUDY
    phase: Phase = Phase.NEW
    scheduled: int = 0
    prediction: Mapping[str, Any] | None = None
    last_interval: int = 0
    recall: float | None = None


def card_guid(note_guid: str, ordinal: int) -> str:
    """Return the guid of a note's card; unique because the ordinal comes last."""
    return f"{note_guid}#{ordinal}"
