from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Card
from lrcards.study.fuzz import Placement, chance_of, fuzz, fuzz_range

CARD = Card("note#0", "note", 0)
chances = st.floats(0, 1, exclude_max=True)
intervals = st.floats(0.001, 40_000)
limits = st.integers(1, 36500)


@pytest.mark.parametrize(
    ("interval", "delta"),
    [(1, 0), (2.49, 0), (2.5, 1), (7, 1.675), (10, 1.975), (20, 2.975), (100, 6.975), (1000, 51.975)],
)
def test_fuzz_grows_with_the_interval_but_its_share_falls(interval: float, delta: float) -> None:
    assert fuzz(interval) == pytest.approx(delta)


@pytest.mark.parametrize(
    ("interval", "minimum", "maximum", "low", "high"),
    [
        (2.4, 1, 36500, 2, 2),
        (3, 1, 36500, 2, 4),
        (10, 1, 36500, 8, 12),
        (100, 1, 36500, 93, 107),
        (10, 11, 36500, 11, 13),
        (10, 1, 11, 8, 11),
        (10, 90, 30, 30, 30),
        (0.2, 1, 36500, 1, 1),
    ],
)
def test_the_range_keeps_between_the_minimum_and_the_maximum(
    interval: float, minimum: int, maximum: int, low: int, high: int
) -> None:
    days = fuzz_range(interval, minimum, maximum)
    assert (days[0], days[-1]) == (low, high)


@given(intervals, limits, limits, chances)
def test_an_interval_falls_in_its_range(interval: float, minimum: int, maximum: int, chance: float) -> None:
    days = fuzz_range(interval, minimum, maximum)
    assert len(days) >= 1
    assert Placement(maximum, chance).place(interval, minimum) in days
    assert Placement(maximum).place(interval, minimum) in days
    assert Placement(maximum, chance, lambda days: [0.0] * len(days)).place(interval, minimum) in days


def test_every_day_of_the_range_is_taken_equally_often() -> None:
    days = [Placement(36500, number / 1000).place(10) for number in range(1000)]
    assert {day: days.count(day) for day in sorted(set(days))} == dict.fromkeys(range(8, 13), 200)


def test_days_are_taken_as_often_as_they_weigh() -> None:
    weights = [1.0, 0.0, 2.0, 0.0, 1.0]
    days = [Placement(36500, number / 1000, lambda _: weights).place(10) for number in range(1000)]
    assert {day: days.count(day) for day in sorted(set(days))} == {8: 250, 10: 500, 12: 250}


def test_intervals_above_ninety_days_are_not_weighed() -> None:
    first = Placement(36500, 0.9, lambda days: [1.0, *[0.0] * (len(days) - 1)])
    assert first.place(90) == fuzz_range(90, 1, 36500)[0]
    assert first.place(91) > 91


@given(st.lists(intervals, min_size=1, max_size=3).map(sorted), st.integers(0, 400), chances)
def test_better_ratings_wait_longer_and_fuzz_takes_no_growth_back(
    intervals: list[float], previous: int, chance: float
) -> None:
    exact = Placement(36500).ascending(intervals, previous)
    fuzzed = Placement(36500, chance).ascending(intervals, previous)
    for days in (exact, fuzzed):
        assert all(earlier < later or later == 36500 for earlier, later in pairwise(days))
    assert all(after > previous for before, after in zip(exact, fuzzed, strict=True) if before > previous)
    assert all(after >= previous for before, after in zip(exact, fuzzed, strict=True) if before == previous)


def test_the_chance_of_a_card_changes_only_when_it_is_answered() -> None:
    assert chance_of(CARD) == chance_of(replace(CARD, lapses=3)) == pytest.approx(0.3055, abs=1e-4)
    others = {chance_of(replace(CARD, reviews=number)) for number in range(100)}
    assert len(others | {chance_of(replace(CARD, guid="other#0"))}) == 101
    assert 0 <= min(others) < 0.1 < 0.9 < max(others) < 1


# Asked of the Anki 26.9.3 backend with fuzz: the intervals of Hard, Good and Easy in days, the previous and
# the maximum interval, and what the three buttons then gave. Anki draws another number for a card than we do.
@pytest.mark.parametrize(
    ("intervals", "previous", "maximum", "days"),
    [
        ((102.2557, 110.9667, 130.043), 25, 100, [99, 100, 100]),
        ((21.5557, 27.7216, 41.2245), 6, 36500, [24, 30, 44]),
        ((56.171, 56.171, 84.2834), 13, 36500, [59, 64, 88]),
        ((12.7517, 12.7517, 19.4946), 28, 100, [15, 19, 23]),
        ((17.7576, 17.7576, 22.2709), 21, 100, [24, 28, 32]),
        ((9.2569, 15.1838, 28.1634), 23, 100, [11, 17, 31]),
        ((49.8674, 50.8776, 53.0899), 10, 100, [53, 58, 63]),
        ((26.0278, 26.0278, 31.832), 16, 36500, [28, 32, 37]),
        ((4.0333, 5.8409, 9.7993), 131, 36500, [5, 8, 12]),
    ],
)
def test_one_chance_explains_all_three_buttons_of_anki(
    intervals: tuple[float, ...], previous: int, maximum: int, days: list[int]
) -> None:
    placements = [Placement(maximum, number / 1000) for number in range(1000)]
    assert days in [placement.ascending(intervals, previous) for placement in placements]
