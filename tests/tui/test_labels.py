"""Dates beside a drawing: a chart's cells and the calendar's columns hold with the names of any language."""

from datetime import date

import pytest
from rich.cells import cell_len

from lrcards.tui.labels import LONGEST_TICK, ticks
from lrcards.tui.widgets.calendar import calendar_text

TODAY = date(2026, 3, 2)
DAYS = {float(month): date(2026, month, 20) for month in range(1, 7)}


@pytest.mark.parametrize(
    ("language", "first", "with_year"),
    [
        ("en", "20 Jan", "Jan 2026"),
        ("de", "20. Jan.", "Jan. 2026"),
        ("ja", "1/20", "2026/1"),  # 1月20日 would need two cells for a character.
        ("ar", "20/1", "1/2026"),  # A terminal may turn a line of words that go to the left.
        ("pt-BR", "20/01", "01/2026"),  # 20 de jan. is too long.
        ("ii", "01-20", "2026-01"),
    ],
)
def test_a_chart_has_words_where_they_fit_and_else_numbers(language, first, with_year):
    for names, expected in (
        (ticks(DAYS, language, with_year=False), first),
        (ticks(DAYS, language, with_year=True), with_year),
    ):
        assert names[1.0] == expected
        assert all(len(name) == cell_len(name) <= LONGEST_TICK for name in names.values())


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["en", "de", "ja", "ar", "vi", "hi"])
def test_the_weeks_of_the_calendar_stand_below_each_other(language, width):
    lines = calendar_text({TODAY: 3}, TODAY, width, language).plain.splitlines()
    today = lines[1]
    assert today.rstrip().endswith("█")
    starts = {cell_len(line[: min(line.index(mark) for mark in "∙█" if mark in line)]) for line in lines[1:8]}
    assert len(starts) == 1
    assert all(cell_len(line) <= width for line in lines)
    spread = (cell_len(today.rstrip()) - starts.pop() - 1) // 52
    assert spread == (2 if width == 120 else 1)
    months = lines[0].split()
    assert len(months) >= 6
