"""What the log and the cards add up to: the words of statistics, and their arithmetic on tallies."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypeVar

from lrcards.cards.model import Memory, Rating, ReviewKind
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.tallies import (
    CardTallies,
    DayTally,
    LogTallies,
    PredictionTally,
    QuarterHourTally,
    RecallTally,
    Stage,
)

QUARTER_HOUR = 900
"""Seconds."""

DAY_EDGES = (0, 1, 2, 4, 8, 15, 31, 61, 91, 181, 366, 731)
DIFFICULTY_EDGES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
RECALL_EDGES = (0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


class Span(StrEnum):
    """Which study days a period has."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"

    def bounds(self, today: date) -> tuple[date, date]:
        """Return the first and the last study day."""
        if self is Span.ALL:
            return date.min, today
        first, last = _DAYS_AGO[self]
        return today - first * ONE_DAY, today - last * ONE_DAY


_DAYS_AGO = {
    Span.TODAY: (0, 0),
    Span.YESTERDAY: (1, 1),
    Span.WEEK: (6, 0),
    Span.MONTH: (29, 0),
    Span.QUARTER: (89, 0),
    Span.YEAR: (364, 0),
}


Ratings = Mapping[Stage, Mapping[Rating, int]]
"""How many answers there are of each stage and rating; every pair is there."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some answers were right: the card was recalled (not Again), or the prediction held."""

    right: int
    answers: int

    @property
    def share(self) -> float | None:
        """The right ones by all; ``None`` if there are none at all."""
        return self.right / self.answers if self.answers else None


@dataclass(frozen=True, slots=True)
class Retention:
    """True retention: how many of the answers to young, mature and all such cards recalled them."""

    young: Share
    mature: Share

    @property
    def total(self) -> Share:
        """Of young and mature cards together."""
        return Share(self.young.right + self.mature.right, self.young.answers + self.mature.answers)


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers whose foretold recall was alike: its mean, and how many were recalled in fact."""

    foretold: float
    observed: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Foretold recall against observed; a perfect model has them equal in every bin.

    Attributes:
        bins: those that have answers, by rising recall.
        rmse: the root of the mean squared difference over the bins, weighted by answers.
    """

    bins: tuple[CalibrationBin, ...]
    rmse: float | None


@dataclass(frozen=True, slots=True)
class Period:
    """What was answered in a span of study days.

    Attributes:
        answers: all of them, those that moved no card (cramming, tests) included.
        time: how long they took.
        days_studied: on how many days.
        ratings: the answers that moved a card.
        retention: of the same answers.
        hours: of the same answers, by the hour they were given, 0 to 23 on the learner's clock.
        calibration: of those for which recall was foretold.
        predictions: in the lab, by what was asked.
    """

    answers: int
    time: timedelta
    days_studied: int
    ratings: Ratings
    retention: Retention
    hours: tuple[Share, ...]
    calibration: Calibration
    predictions: Mapping[str, Share]

    @property
    def introduced(self) -> int:
        """How many new cards were answered for the first time."""
        return sum(self.ratings[Stage.NEW].values())


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day with answers.

    Attributes:
        stages: how many answers moved a card, by its stage.
        unscheduled: how many others there were.
        time: how long all of them took.
        recalled: of the answers that count for true retention.
    """

    day: date
    stages: Mapping[Stage, int]
    unscheduled: int
    time: timedelta
    recalled: Share

    @property
    def answers(self) -> int:
        """All answers of the day."""
        return sum(self.stages.values()) + self.unscheduled


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with answers: up to today (yesterday, while today has none yet), and the most ever."""

    current: int
    longest: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many cards come due, if nothing is answered: before today, and on each day that has any."""

    overdue: int
    days: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Bin:
    """The cards from ``low`` to below ``high``; the last bin has no end."""

    low: float
    high: float | None
    cards: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How something is spread over the cards that have it; no median without cards."""

    bins: tuple[Bin, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class CardStatistics:
    """Where the cards stand.

    Attributes:
        stages: how many are new, learning, young and mature.
        suspended: how many of them are not shown.
        intervals: of review cards, in days.
        stabilities: in days, rounded down.
        difficulties: 1 to 10.
        recall: how probable it is that a card is recalled today.
        mean_recall: the mean of that: the share of the answered cards that is known now.
    """

    stages: Mapping[Stage, int]
    suspended: int
    intervals: Distribution
    stabilities: Distribution
    difficulties: Distribution
    recall: Distribution
    mean_recall: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """All statistics of a deck or a collection, as of a study day; later entries of the log are left out."""

    today: date
    streak: Streak
    days: tuple[StudyDay, ...]
    periods: Mapping[Span, Period]
    forecast: Forecast
    cards: CardStatistics


def statistics(
    log: LogTallies, cards: CardTallies, days: StudyDays, now: datetime, memory_model: MemoryModel
) -> Statistics:
    """Return what the tallies come to now."""
    today = days.day(now)
    hours = _by_hour(log.quarter_hours, days.zone)
    log = LogTallies(sorted(log.days), (), sorted(log.recalls), sorted(log.predictions))
    study_days = tuple(
        _study_day(day, list(tallies))
        for day, tallies in groupby(_between(log.days, date.min, today), key=attrgetter("day"))
    )
    return Statistics(
        today=today,
        streak=streak([day.day for day in study_days], today),
        days=study_days,
        periods={span: _period(log, hours, *span.bounds(today)) for span in Span},
        forecast=Forecast(
            overdue=sum(number for day, number in cards.due.items() if day < today),
            days={day: number for day, number in sorted(cards.due.items()) if day >= today},
        ),
        cards=_card_statistics(cards, memory_model),
    )


def streak(studied: Iterable[date], today: date) -> Streak:
    """Return the streaks in the days on which something was answered."""
    lengths: dict[date, int] = {}
    for day in sorted(set(studied)):
        lengths[day] = lengths.get(day - ONE_DAY, 0) + 1
    current = lengths.get(today) or lengths.get(today - ONE_DAY, 0)
    return Streak(current, max(lengths.values(), default=0))


def calibration(tallies: Iterable[RecallTally]) -> Calibration:
    """Return foretold and observed recall in each bin, and how far they are apart."""
    by_bin: dict[int, list[RecallTally]] = defaultdict(list)
    for tally in tallies:
        by_bin[tally.recall_bin].append(tally)
    bins, squares, total = [], 0.0, 0
    for _, alike in sorted(by_bin.items()):
        answers = sum(tally.answers for tally in alike)
        recalled = sum(tally.recalled for tally in alike)
        foretold = math.fsum(tally.foretold for tally in alike) / answers
        bins.append(CalibrationBin(foretold, Share(recalled, answers)))
        squares += answers * (foretold - recalled / answers) ** 2
        total += answers
    return Calibration(tuple(bins), math.sqrt(squares / total) if total else None)


_Number = TypeVar("_Number", int, float)


def distribution(counts: Mapping[_Number, int], edges: Sequence[float]) -> Distribution:
    """Return how many of the counted values lie from each edge to the next, and the lower median."""
    in_bins = [0] * len(edges)
    for value, number in counts.items():
        in_bins[max(0, bisect_right(edges, value) - 1)] += number
    bins = (
        Bin(low, high, number) for low, high, number in zip(edges, [*edges[1:], None], in_bins, strict=True)
    )
    return Distribution(tuple(bins), _median(counts))


class _HourTally(NamedTuple):
    """The study answers of a day in one hour of the learner's clock."""

    day: date
    hour: int
    answers: int
    recalled: int


_Dated = TypeVar("_Dated", DayTally, _HourTally, RecallTally, PredictionTally)


def _between(tallies: Sequence[_Dated], first: date, last: date) -> Sequence[_Dated]:
    """Return the part of tallies in order that lies between two days, both included."""
    day = attrgetter("day")
    return tallies[bisect_left(tallies, first, key=day) : bisect_right(tallies, last, key=day)]


def _period(log: LogTallies, hours: Sequence[_HourTally], first: date, last: date) -> Period:
    tallies = _between(log.days, first, last)
    ratings = _ratings(tallies)
    return Period(
        answers=sum(tally.answers for tally in tallies),
        time=_time(tallies),
        days_studied=len({tally.day for tally in tallies}),
        ratings=ratings,
        retention=_retention(ratings),
        hours=_hours(_between(hours, first, last)),
        calibration=calibration(_between(log.recalls, first, last)),
        predictions=_predictions(_between(log.predictions, first, last)),
    )


def _time(tallies: Iterable[DayTally]) -> timedelta:
    return timedelta(milliseconds=sum(tally.duration_ms for tally in tallies))


def _ratings(tallies: Iterable[DayTally]) -> Ratings:
    """Return the answers that moved a card, by its stage and the rating."""
    ratings = {stage: dict.fromkeys(Rating, 0) for stage in Stage}
    for tally in tallies:
        if tally.kind is ReviewKind.STUDY:
            ratings[tally.stage][tally.rating] += tally.answers
    return ratings


def _retention(ratings: Ratings) -> Retention:
    young, mature = (
        Share(sum(ratings[stage].values()) - ratings[stage][Rating.AGAIN], sum(ratings[stage].values()))
        for stage in (Stage.YOUNG, Stage.MATURE)
    )
    return Retention(young, mature)


def _by_hour(tallies: Iterable[QuarterHourTally], zone: tzinfo) -> list[_HourTally]:
    """Return the tallies of the hours, by day."""
    sums: dict[tuple[date, int], tuple[int, int]] = {}
    for day, quarter_hour, answers, recalled in tallies:
        hour = day, datetime.fromtimestamp(quarter_hour * QUARTER_HOUR, zone).hour
        before = sums.get(hour, (0, 0))
        sums[hour] = before[0] + answers, before[1] + recalled
    return [_HourTally(*hour, *sums[hour]) for hour in sorted(sums)]


def _hours(tallies: Sequence[_HourTally]) -> tuple[Share, ...]:
    answers: Counter[int] = Counter()
    recalled: Counter[int] = Counter()
    for tally in tallies:
        answers[tally.hour] += tally.answers
        recalled[tally.hour] += tally.recalled
    return tuple(Share(recalled[hour], answers[hour]) for hour in range(24))


def _predictions(tallies: Iterable[PredictionTally]) -> dict[str, Share]:
    held: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for tally in tallies:
        held[tally.asked] += tally.held
        answers[tally.asked] += tally.answers
    return {asked: Share(held[asked], answers[asked]) for asked in sorted(answers)}


def _study_day(day: date, tallies: Sequence[DayTally]) -> StudyDay:
    ratings = _ratings(tallies)
    stages = {stage: sum(of_stage.values()) for stage, of_stage in ratings.items()}
    answers = sum(tally.answers for tally in tallies)
    return StudyDay(day, stages, answers - sum(stages.values()), _time(tallies), _retention(ratings).total)


def _card_statistics(cards: CardTallies, memory_model: MemoryModel) -> CardStatistics:
    recall: Counter[float] = Counter()
    for elapsed, number in cards.elapsed.items():
        # Recall depends on the days that went by and on stability only through their ratio.
        recall[memory_model.retrievability(Memory(stability=1, difficulty=1), elapsed)] += number
    answered = recall.total()
    return CardStatistics(
        stages={stage: cards.stages.get(stage, 0) for stage in Stage},
        suspended=cards.suspended,
        intervals=distribution(cards.intervals, DAY_EDGES),
        stabilities=distribution(cards.stabilities, DAY_EDGES),
        difficulties=distribution(cards.difficulties, DIFFICULTY_EDGES),
        recall=distribution(recall, RECALL_EDGES),
        mean_recall=math.fsum(value * number for value, number in recall.items()) / answered
        if answered
        else None,
    )


def _median(counts: Mapping[_Number, int]) -> float | None:
    half = sum(counts.values()) / 2
    below = 0
    for value in sorted(counts):
        below += counts[value]
        if below >= half:
            return value
    return None
