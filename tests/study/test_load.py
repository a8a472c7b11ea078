from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.study.load import EVERY_DAY_NORMAL, DayLoad, Load

MONDAY = date(2026, 6, 1)
NORMAL, REDUCED, MINIMUM = DayLoad
dates = st.integers(0, 120).map(lambda days: MONDAY + timedelta(days=days))


def due(**counts: int) -> dict[date, int]:
    """Name coming days by the day of June: ``d5`` is the 5th."""
    return {date(2026, 6, int(name[1:])): count for name, count in counts.items()}


def week(**loads: DayLoad) -> list[DayLoad]:
    names = ("mo", "tu", "we", "th", "fr", "sa", "su")
    return [loads.get(name, NORMAL) for name in names]


def test_a_day_weighs_less_the_more_is_due_and_the_later_it_is() -> None:
    load = Load(due(d5=1, d6=2, d7=3))
    weights = load.weights(MONDAY, range(4, 8), EVERY_DAY_NORMAL)
    assert weights == pytest.approx([4**-3, 2**-2.15 * 5**-3, 3**-2.15 * 6**-3, 1.0])


def test_a_day_with_a_sibling_is_all_but_shut_and_its_neighbours_weigh_less() -> None:
    load = Load(siblings=frozenset({MONDAY + timedelta(days=10)}))
    weights = load.weights(MONDAY, range(8, 17), EVERY_DAY_NORMAL)
    assert weights == pytest.approx([0.4, 0.2, 1e-6, 0.2, 0.4, 0.6, 0.8, 1.0, 1.0])


def test_the_neighbourhoods_of_two_siblings_multiply() -> None:
    load = Load(siblings=frozenset({MONDAY + timedelta(days=2), MONDAY + timedelta(days=8)}))
    assert load.weights(MONDAY, range(5, 6), EVERY_DAY_NORMAL) == pytest.approx([0.36])


def test_a_weekday_that_is_to_bring_hardly_anything_is_all_but_shut() -> None:
    weights = Load().weights(MONDAY, range(4, 8), week(sa=MINIMUM))
    assert weights == pytest.approx([1, 1e-4, 1, 1])
    assert Load().weights(MONDAY, range(4, 6), [MINIMUM] * 7) == pytest.approx([1e-4, 1e-4])


@pytest.mark.parametrize(("on_saturday", "factor"), [(0, 1), (5, 1), (6, 1e-4)])
def test_a_reduced_weekday_is_shut_once_it_has_half_of_what_others_have(
    on_saturday: int, factor: float
) -> None:
    load = Load(due(d5=9, d6=on_saturday, d7=11))
    reduced = load.weights(MONDAY, range(4, 7), week(sa=REDUCED))
    normal = load.weights(MONDAY, range(4, 7), EVERY_DAY_NORMAL)
    assert reduced == pytest.approx([normal[0], normal[1] * factor, normal[2]])


@given(
    st.dictionaries(dates, st.integers(0, 10_000)),
    st.frozensets(dates, max_size=5),
    st.lists(st.sampled_from(DayLoad), min_size=7, max_size=7),
    st.integers(1, 90),
    st.integers(1, 15),
)
def test_every_day_keeps_some_weight(
    due: dict[date, int], siblings: frozenset[date], week: list[DayLoad], first: int, count: int
) -> None:
    weights = Load(due, siblings).weights(MONDAY, range(first, first + count), week)
    assert len(weights) == count
    assert all(0 < weight <= 1 for weight in weights)


def test_a_day_from_which_another_program_took_its_cards_counts_as_empty() -> None:
    days = range(3, 6)
    taken = Load({MONDAY + timedelta(days=4): -2})
    assert taken.weights(MONDAY, days, EVERY_DAY_NORMAL) == Load().weights(MONDAY, days, EVERY_DAY_NORMAL)
