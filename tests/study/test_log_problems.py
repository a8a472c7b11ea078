from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Phase, Rating, Review, ReviewKind
from lrcards.study.log_problems import log_problems

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
FIRST = Review("1", "q#0", Rating.GOOD, NOW - timedelta(days=3), date(2026, 5, 17), 900, scheduled=-2)
SECOND = replace(
    FIRST, id="2", at=NOW - timedelta(days=1), day=date(2026, 5, 19), phase=Phase.REVIEW, scheduled=600
)


def test_a_healthy_log_has_no_problems() -> None:
    cram = replace(SECOND, id="3", kind=ReviewKind.CRAM, scheduled=0)
    assert log_problems([FIRST, SECOND, cram], NOW) == []
    assert log_problems([], NOW) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rating": 7}, "has the rating 7, which there is not."),
        (
            {"at": NOW + timedelta(hours=1), "day": NOW.date()},
            "was given in the future, at 2026-05-20 13:00 UTC.",
        ),
        ({"day": date(2026, 5, 22)}, "at 2026-05-19 12:00 UTC, but stands on the study day 2026-05-22."),
        ({"duration_ms": -5}, "took -5 ms, which is less than no time."),
        ({"scheduled": 100_000}, "was to wait 100000 seconds within a study day."),
        ({"scheduled": -40_000}, "was to wait 40000 days; the longest interval is 36500."),
        ({"scheduled": 0}, "was to wait no time at all."),
        ({"phase": Phase.NEW}, "says that the card was new, but it had been answered before."),
        ({"card_guid": "r#0"}, "says that the card was not new, but it had never been answered."),
        ({"id": "1"}, "is there twice, with different values."),
    ],
)
def test_an_entry_that_cannot_be_is_told_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    (problem,) = log_problems([FIRST, replace(SECOND, **changes)], NOW)
    assert problem.startswith(f"Review {changes.get('id', 2)} of card ")
    assert problem.endswith(sentence)


def test_an_entry_that_is_there_twice_or_out_of_order_is_told() -> None:
    twice = log_problems([FIRST, SECOND, SECOND], NOW)
    assert twice == ["Review 2 of card q#0 is there twice."]
    assert log_problems([SECOND, FIRST], NOW) == [
        "Review 1 of card q#0 stands after 2, but was given before it."
    ]


@pytest.mark.parametrize("days", [-2, 2])
def test_the_study_day_may_be_that_of_another_time_zone(days: int) -> None:
    elsewhere = replace(SECOND, day=SECOND.day + timedelta(days=days))
    assert log_problems([FIRST, elsewhere], NOW) == []


@given(
    st.lists(
        st.builds(
            Review,
            id=st.sampled_from("abc"),
            card_guid=st.sampled_from(["q#0", "r#0"]),
            rating=st.integers(-1, 6),
            at=st.datetimes(timezones=st.just(UTC)),
            day=st.dates(),
            duration_ms=st.integers(),
            kind=st.sampled_from(ReviewKind),
            phase=st.sampled_from(Phase),
            scheduled=st.integers(),
        )
    )
)
def test_any_log_can_be_told_about(log: list[Review]) -> None:
    assert all(problem.endswith(".") for problem in log_problems(log, NOW))
