from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lrcards.cards.model import Card
from lrcards.study.days import StudyDays
from lrcards.study.delays import describe_delay

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
CARD = Card("note#0", "note", 0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(30, "<30s"), (60, "<1m"), (330, "<6m"), (600, "<10m"), (1200, "20m"), (3600, "1h"), (18316, "5.1h")],
)
def test_a_delay_within_the_day_reads_as_on_ankis_buttons(seconds: int, text: str) -> None:
    assert describe_delay(replace(CARD, due_at=NOW + timedelta(seconds=seconds)), NOW, DAYS) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [(1, "1d"), (30, "30d"), (31, "1mo"), (36, "1.2mo"), (365, "1y"), (402, "1.1y"), (36500, "100y")],
)
def test_a_delay_of_days_reads_as_on_ankis_buttons(days: int, text: str) -> None:
    due = date(2026, 5, 20) + timedelta(days=days)
    assert describe_delay(replace(CARD, due_day=due), NOW, DAYS) == text


def test_a_card_that_is_due_or_was_never_answered_comes_now() -> None:
    assert describe_delay(replace(CARD, due_at=NOW - timedelta(hours=2)), NOW, DAYS) == "now"
    assert describe_delay(replace(CARD, due_day=date(2026, 5, 20)), NOW, DAYS) == "now"
    assert describe_delay(CARD, NOW, DAYS) == "now"
