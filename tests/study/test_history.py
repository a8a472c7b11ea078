"""Bars and calendars leave no day out and count none twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.study.history import BUSIEST, MOST_STRETCHES, Stretches, levels

TODAY = date(2026, 3, 2)
SPANS = st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 1500))


@pytest.mark.parametrize(
    ("days", "length", "number"),
    [(0, 1, 1), (1, 1, 1), (30, 1, 30), (53, 1, 53), (54, 7, 8), (90, 7, 13), (365, 7, 53), (3650, 70, 53)],
)
def test_long_times_are_cut_into_whole_weeks(days: int, length: int, number: int) -> None:
    stretches = Stretches.since(TODAY, TODAY + timedelta(days=days - 1))
    assert (stretches.first, stretches.length, stretches.number) == (TODAY, length, number)


@given(SPANS)
def test_every_day_is_in_one_stretch(span: tuple[date, int]) -> None:
    first, days = span[0], [span[0] + timedelta(days=number) for number in range(span[1] + 1)]
    for stretches in (Stretches.since(first, days[-1]), Stretches.until(first, days[-1])):
        assert sum(stretches.sums((day, 1) for day in days)) == len(days)
        assert stretches.number <= MOST_STRETCHES
        assert stretches.starts[0] <= first


@given(SPANS)
def test_the_past_ends_with_a_whole_stretch(span: tuple[date, int]) -> None:
    last = span[0] + timedelta(days=span[1])
    stretches = Stretches.until(span[0], last)
    assert stretches.starts[-1] + timedelta(days=stretches.length - 1) == last


def test_days_outside_are_left_out() -> None:
    stretches = Stretches.until(TODAY - timedelta(days=1), TODAY)
    amounts = [(TODAY + timedelta(days=days), 10.0 ** (days + 2)) for days in (-2, -1, 0, 1)]
    assert stretches.sums(amounts) == [10, 100]


def test_one_wild_day_does_not_make_the_others_look_idle() -> None:
    assert levels([0, 10, 20, 30, 40, 40, 40, 40, 40, 40, 40, 900]) == [0, 1, 2, 3, *[4] * 8]
    assert levels([0, 0]) == [0, 0]
    assert levels([7]) == [BUSIEST]


@given(st.lists(st.integers(0, 500)))
def test_a_busier_day_is_never_shaded_less(answers: list[int]) -> None:
    shaded = sorted(zip(answers, levels(answers), strict=True))
    assert [level for _, level in shaded] == sorted(level for _, level in shaded)
    assert all((level == 0) == (number == 0) for number, level in shaded)
