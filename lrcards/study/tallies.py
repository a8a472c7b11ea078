"""Tallies: how many answers and cards are alike; what statistics are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lrcards.cards.model import Phase, Rating, ReviewKind

MATURE_INTERVAL = 21


class Stage(StrEnum):
    """How firmly a card is known, or was when it was asked.

    ``NEW`` never answered; ``LEARNING`` on a step within a day; ``YOUNG`` put off by a day or more, as a
    review card or on a long step; ``MATURE`` put off by 21 days or more. Answers in the last two are those
    that count for true retention by Anki's rule (``rslib/src/stats/graphs/retention.rs``).
    """

    NEW = "new"
    LEARNING = "learning"
    YOUNG = "young"
    MATURE = "mature"


def stage(phase: Phase, interval: int) -> Stage:
    """Return the stage of a card by where it stands, and by how many days it was put off."""
    if phase is Phase.NEW:
        return Stage.NEW
    if phase is not Phase.REVIEW and interval < 1:
        return Stage.LEARNING
    return Stage.YOUNG if interval < MATURE_INTERVAL else Stage.MATURE


class DayTally(NamedTuple):
    """The answers of a study day that are alike."""

    day: date
    kind: ReviewKind
    stage: Stage
    rating: Rating
    answers: int
    duration_ms: int


class QuarterHourTally(NamedTuple):
    """The study answers of a day in one quarter of an hour, counted from 1970 on (UTC)."""

    day: date
    quarter_hour: int
    answers: int
    recalled: int


class RecallTally(NamedTuple):
    """The study answers of a day whose foretold recall, summed up here, is in the same twentieth."""

    day: date
    recall_bin: int
    answers: int
    recalled: int
    foretold: float


class PredictionTally(NamedTuple):
    """The answers of a day that came with a prediction of one kind, and how many of these held."""

    day: date
    asked: str
    answers: int
    held: int


@dataclass(frozen=True, slots=True)
class LogTallies:
    """The tallies of a log, in any order."""

    days: Sequence[DayTally] = ()
    quarter_hours: Sequence[QuarterHourTally] = ()
    recalls: Sequence[RecallTally] = ()
    predictions: Sequence[PredictionTally] = ()


@dataclass(frozen=True, slots=True)
class CardTallies:
    """How many cards are alike.

    Attributes:
        stages: by stage; a stage without cards may be missing.
        suspended: how many are not shown; they are in the other counts too, but never due.
        intervals: review cards by interval in days.
        stabilities: by stability in days, rounded down.
        difficulties: by difficulty, rounded down to a tenth.
        elapsed: by days since the last answer divided by stability, rounded to a thousandth.
        due: answered cards by the study day they are shown from.
    """

    stages: Mapping[Stage, int]
    suspended: int
    intervals: Mapping[int, int]
    stabilities: Mapping[int, int]
    difficulties: Mapping[float, int]
    elapsed: Mapping[float, int]
    due: Mapping[date, int]
