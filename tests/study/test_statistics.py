"""Statistics against small logs worked out by hand, and laws that hold for every log."""

import math
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Rating, ReviewKind
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.statistics import (
    Bin,
    Share,
    Span,
    Statistics,
    Streak,
    calibration,
    distribution,
    statistics,
    streak,
)
from lrcards.study.tallies import (
    CardTallies,
    DayTally,
    LogTallies,
    PredictionTally,
    QuarterHourTally,
    RecallTally,
    Stage,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAYS = StudyDays(UTC)
MODEL = MemoryModel()
NO_CARDS = CardTallies({}, 0, {}, {}, {}, {}, {})


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def tally(
    days_ago: int,
    stage: Stage = Stage.YOUNG,
    rating: Rating = Rating.GOOD,
    answers: int = 1,
    kind: ReviewKind = ReviewKind.STUDY,
    seconds: int = 4,
) -> DayTally:
    return DayTally(ago(days_ago), kind, stage, rating, answers, 1000 * seconds)


def of(log: LogTallies, cards: CardTallies = NO_CARDS) -> Statistics:
    return statistics(log, cards, DAYS, NOW, MODEL)


def of_days(*tallies: DayTally) -> Statistics:
    return of(LogTallies(days=tallies))


def test_an_empty_log_has_statistics_too() -> None:
    nothing = of(LogTallies())
    assert nothing.streak == Streak(0, 0)
    assert nothing.days == ()
    for period in nothing.periods.values():
        assert (period.answers, period.time, period.introduced) == (0, timedelta(), 0)
        assert period.retention.total.share is None
        assert period.calibration.rmse is None
    assert nothing.cards.mean_recall is None
    assert nothing.cards.intervals.median is None


@pytest.mark.parametrize(
    ("days_ago", "spans"),
    [
        (-1, set()),
        (0, {"today", "week", "month", "quarter", "year", "all"}),
        (1, {"yesterday", "week", "month", "quarter", "year", "all"}),
        (6, {"week", "month", "quarter", "year", "all"}),
        (7, {"month", "quarter", "year", "all"}),
        (29, {"month", "quarter", "year", "all"}),
        (30, {"quarter", "year", "all"}),
        (89, {"quarter", "year", "all"}),
        (90, {"year", "all"}),
        (364, {"year", "all"}),
        (365, {"all"}),
    ],
)
def test_a_span_ends_today_and_the_future_belongs_to_none(days_ago: int, spans: set[str]) -> None:
    periods = of_days(tally(days_ago)).periods
    assert {span.value for span, period in periods.items() if period.answers} == spans


def test_the_day_is_told_by_its_answers_and_its_time() -> None:
    result = of_days(
        tally(0, Stage.NEW, Rating.AGAIN, answers=3, seconds=30),
        tally(0, Stage.LEARNING, Rating.GOOD, answers=4, seconds=20),
        tally(0, Stage.MATURE, Rating.GOOD, answers=2, seconds=10),
        tally(0, Stage.MATURE, Rating.AGAIN, answers=5, seconds=5, kind=ReviewKind.CRAM),
    )
    today = result.periods[Span.TODAY]
    assert (today.answers, today.introduced, today.days_studied) == (14, 3, 1)
    assert today.time == timedelta(seconds=65)
    assert today.ratings[Stage.LEARNING] == {1: 0, 2: 0, 3: 4, 4: 0}
    (day,) = result.days
    assert day.stages == {Stage.NEW: 3, Stage.LEARNING: 4, Stage.YOUNG: 0, Stage.MATURE: 2}
    assert (day.unscheduled, day.answers, day.time) == (5, 14, timedelta(seconds=65))


def test_true_retention_counts_young_and_mature_cards_and_again_alone_fails() -> None:
    retention = (
        of_days(
            tally(0, Stage.YOUNG, Rating.AGAIN, answers=1),
            tally(0, Stage.YOUNG, Rating.HARD, answers=2),
            tally(0, Stage.YOUNG, Rating.EASY, answers=1),
            tally(0, Stage.MATURE, Rating.AGAIN, answers=1),
            tally(0, Stage.MATURE, Rating.GOOD, answers=9),
            tally(0, Stage.NEW, Rating.AGAIN, answers=100),
            tally(0, Stage.LEARNING, Rating.AGAIN, answers=100),
            tally(0, Stage.MATURE, Rating.AGAIN, answers=100, kind=ReviewKind.CRAM),
            tally(0, Stage.MATURE, Rating.AGAIN, answers=100, kind=ReviewKind.TEST),
        )
        .periods[Span.TODAY]
        .retention
    )
    assert (retention.young, retention.mature) == (Share(3, 4), Share(9, 10))
    assert retention.total.share == 12 / 14


@pytest.mark.parametrize(
    ("studied_ago", "expected"),
    [
        ([], Streak(0, 0)),
        ([0], Streak(1, 1)),
        ([1, 2, 3], Streak(3, 3)),
        ([2, 3, 4], Streak(0, 3)),
        ([0, 1, 3, 4, 5, 6], Streak(2, 4)),
        ([0, 0, 1], Streak(2, 2)),
    ],
)
def test_a_streak_lasts_until_a_whole_day_is_missed(studied_ago: list[int], expected: Streak) -> None:
    assert streak([ago(days) for days in studied_ago], TODAY) == expected


def test_hours_are_those_of_the_learners_clock_in_summer_and_in_winter() -> None:
    def at(day: date, hour: int, minute: int, answers: int, recalled: int) -> QuarterHourTally:
        instant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        return QuarterHourTally(day, int(instant.timestamp()) // 900, answers, recalled)

    summer, winter = date(2025, 7, 1), date(2026, 1, 5)
    log = LogTallies(quarter_hours=[at(summer, 6, 0, 4, 3), at(winter, 7, 45, 2, 2), at(winter, 7, 15, 1, 0)])
    berlin = statistics(log, NO_CARDS, StudyDays(ZoneInfo("Europe/Berlin")), NOW, MODEL)
    assert berlin.periods[Span.YEAR].hours[8] == Share(5, 7)
    assert sum(hour.answers for hour in berlin.periods[Span.YEAR].hours) == 7
    assert sum(hour.answers for hour in berlin.periods[Span.QUARTER].hours) == 3
    kathmandu = statistics(log, NO_CARDS, StudyDays(ZoneInfo("Asia/Kathmandu")), NOW, MODEL)
    assert [kathmandu.periods[Span.YEAR].hours[hour] for hour in (11, 13)] == [Share(3, 4), Share(2, 3)]


def test_calibration_compares_what_was_foretold_with_what_came() -> None:
    result = calibration(
        [
            RecallTally(ago(0), 18, answers=10, recalled=9, foretold=9.2),
            RecallTally(ago(1), 18, answers=10, recalled=7, foretold=9.4),
            RecallTally(ago(0), 10, answers=5, recalled=4, foretold=2.6),
        ]
    )
    low, high = result.bins
    assert (low.foretold, low.observed) == (0.52, Share(4, 5))
    assert high.foretold == pytest.approx(0.93)
    assert high.observed == Share(16, 20)
    assert result.rmse == pytest.approx(math.sqrt((5 * 0.28**2 + 20 * 0.13**2) / 25))


def test_predictions_are_told_apart_by_what_was_asked() -> None:
    log = LogTallies(
        predictions=[
            PredictionTally(ago(0), "regime", 4, 3),
            PredictionTally(ago(3), "regime", 2, 0),
            PredictionTally(ago(0), "order", 1, 1),
            PredictionTally(ago(40), "order", 1, 0),
        ]
    )
    assert of(log).periods[Span.MONTH].predictions == {"order": Share(1, 1), "regime": Share(3, 6)}
    assert of(log).periods[Span.ALL].predictions["order"] == Share(1, 2)


def test_the_forecast_keeps_what_is_overdue_apart() -> None:
    due = {ago(-2): 5, ago(3): 2, ago(0): 7, ago(1): 1}
    forecast = of(LogTallies(), CardTallies({}, 0, {}, {}, {}, {}, due)).forecast
    assert forecast.overdue == 3
    assert list(forecast.days.items()) == [(ago(0), 7), (ago(-2), 5)]


def test_cards_are_put_into_bins_with_their_median() -> None:
    spread = distribution({1: 1, 3: 2, 20: 1, 4000: 1}, (1, 2, 4, 31))
    assert spread.bins == (Bin(1, 2, 1), Bin(2, 4, 2), Bin(4, 31, 1), Bin(31, None, 1))
    assert spread.median == 3


def test_recall_now_follows_from_days_and_stability() -> None:
    cards = CardTallies({Stage.YOUNG: 4}, 0, {}, {}, {}, {0.0: 1, 1.0: 3}, {})
    result = of(LogTallies(), cards).cards
    assert result.mean_recall == pytest.approx((1 + 3 * 0.9) / 4)
    assert sum(entry.cards for entry in result.recall.bins) == 4
    assert result.stages == {Stage.NEW: 0, Stage.LEARNING: 0, Stage.YOUNG: 4, Stage.MATURE: 0}


COUNTS = st.integers(1, 9)
SHARES = COUNTS.flatmap(lambda answers: st.tuples(st.just(answers), st.integers(0, answers)))
AGO = st.integers(-3, 500).map(ago)
DAY_TALLIES = st.builds(
    DayTally,
    AGO,
    st.sampled_from(ReviewKind),
    st.sampled_from(Stage),
    st.sampled_from(Rating),
    COUNTS,
    st.integers(0, 60_000),
)
RECALL_TALLIES = st.builds(
    lambda day, recall_bin, share: RecallTally(day, recall_bin, *share, share[0] * (recall_bin + 0.5) / 20),
    AGO,
    st.integers(0, 19),
    SHARES,
)
QUARTER_HOUR_TALLIES = st.builds(
    lambda days, quarter, share: QuarterHourTally(
        ago(days), int(NOW.timestamp()) // 900 - 96 * days + quarter, *share
    ),
    st.integers(0, 500),
    st.integers(-30, 60),
    SHARES,
)
PREDICTION_TALLIES = st.builds(
    lambda day, asked, share: PredictionTally(day, asked, *share),
    AGO,
    st.sampled_from(["regime", "order", "step"]),
    SHARES,
)


def logs(tallies: st.SearchStrategy[tuple[int, ...]]) -> st.SearchStrategy[list[tuple[int, ...]]]:
    return st.lists(tallies, max_size=12)


@given(
    st.builds(
        LogTallies,
        logs(DAY_TALLIES),
        logs(QUARTER_HOUR_TALLIES),
        logs(RECALL_TALLIES),
        logs(PREDICTION_TALLIES),
    ),
    st.randoms(use_true_random=False),
)
def test_totals_add_up_and_the_order_of_the_log_does_not_matter(log: LogTallies, random: Random) -> None:
    result = of(log)
    parts = (log.days, log.quarter_hours, log.recalls, log.predictions)
    assert of(LogTallies(*(random.sample(list(part), len(part)) for part in parts))) == result
    past = [tally for tally in log.days if tally.day <= TODAY]
    scheduled = [tally for tally in past if tally.kind is ReviewKind.STUDY]
    everything = result.periods[Span.ALL]
    assert everything.answers == sum(tally.answers for tally in past)
    assert everything.answers == sum(day.answers for day in result.days)
    assert everything.days_studied == len(result.days) >= result.streak.longest >= result.streak.current
    assert sum(sum(of_stage.values()) for of_stage in everything.ratings.values()) == sum(
        tally.answers for tally in scheduled
    )
    narrower = [Span.TODAY, Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR, Span.ALL]
    answers = [result.periods[span].answers for span in narrower]
    assert answers == sorted(answers)
    for period in result.periods.values():
        assert 0 <= period.retention.total.right <= period.retention.total.answers <= period.answers
        assert 0 <= (period.calibration.rmse or 0) <= 1


@given(st.dictionaries(st.integers(0, 40_000), COUNTS, max_size=30))
def test_every_card_is_in_one_bin_and_half_of_them_up_to_the_median(counts: dict[int, int]) -> None:
    spread = distribution(counts, (0, 1, 31, 365))
    total = sum(counts.values())
    assert sum(entry.cards for entry in spread.bins) == total
    if spread.median is not None:
        assert sum(number for value, number in counts.items() if value <= spread.median) >= total / 2
        assert sum(number for value, number in counts.items() if value >= spread.median) >= total / 2
