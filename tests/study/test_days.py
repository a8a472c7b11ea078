from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.study.days import ONE_DAY, StudyDays

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    UTC,
    BERLIN,
    *map(ZoneInfo, ["America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]),
]

study_days = st.builds(StudyDays, st.sampled_from(ZONES), st.integers(0, 23))
instants = st.timedeltas(timedelta(0), timedelta(days=60 * 365)).map(
    lambda later: datetime(2000, 1, 1, tzinfo=UTC) + later
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-06-10T03:59:59", date(2026, 6, 9)),
        ("2026-06-10T04:00:00", date(2026, 6, 10)),
        ("2026-06-11T03:59:59", date(2026, 6, 10)),
    ],
)
def test_a_study_day_ends_at_four_in_the_morning(instant: str, day: date) -> None:
    assert StudyDays(BERLIN).day(at(instant)) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 6, 1), 24)]
)
def test_a_clock_change_makes_a_study_day_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    days = StudyDays(BERLIN)
    assert days.starts(day + ONE_DAY) - days.starts(day) == timedelta(hours=hours)


def test_one_study_day_passes_over_a_night_of_23_hours() -> None:
    days = StudyDays(BERLIN)
    assert days.elapsed(at("2026-03-28T20:00"), at("2026-03-29T05:00")) == 1
    assert days.elapsed(at("2026-03-28T04:00"), at("2026-03-29T03:59")) == 0


def test_a_clock_that_goes_backwards_makes_no_days_pass() -> None:
    assert StudyDays(BERLIN).elapsed(at("2026-06-10T12:00"), at("2026-05-01T12:00")) == 0


def test_a_date_that_the_zone_skipped_is_a_study_day_of_no_length() -> None:
    days = StudyDays(ZoneInfo("Pacific/Apia"))
    assert days.starts(date(2011, 12, 30)) == days.starts(date(2011, 12, 31))
    assert days.day(days.starts(date(2011, 12, 30))) == date(2011, 12, 31)


@given(study_days, instants)
def test_every_instant_lies_in_its_study_day(days: StudyDays, instant: datetime) -> None:
    day = days.day(instant)
    assert days.starts(day) <= instant < days.starts(day + ONE_DAY)


@given(study_days, instants, instants)
def test_the_study_day_never_goes_back_as_time_goes_on(
    days: StudyDays, one: datetime, other: datetime
) -> None:
    earlier, later = sorted((one, other))
    assert days.day(earlier) <= days.day(later)
    assert days.elapsed(earlier, later) == (days.day(later) - days.day(earlier)).days
