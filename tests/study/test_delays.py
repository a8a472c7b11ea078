import pytest

from lrcards.study.delays import describe_wait
from lrcards.study.scheduler import Wait


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(30, "<30s"), (60, "<1m"), (330, "<6m"), (600, "<10m"), (1200, "20m"), (3600, "1h"), (18316, "5.1h")],
)
def test_a_wait_within_the_day_reads_as_on_ankis_buttons(seconds: int, text: str) -> None:
    assert describe_wait(Wait(0, seconds)) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [(1, "1d"), (30, "30d"), (31, "1mo"), (36, "1.2mo"), (365, "1y"), (402, "1.1y"), (36500, "100y")],
)
def test_a_wait_of_days_reads_as_on_ankis_buttons(days: int, text: str) -> None:
    assert describe_wait(Wait(days)) == text


def test_no_wait_is_now() -> None:
    assert describe_wait(Wait(0)) == "now"
