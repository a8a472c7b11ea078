"""The last year as a calendar: a column for each week, a mark for each day."""

from collections.abc import Mapping
from datetime import date

from textual.content import Content
from textual.widget import Widget

from lrcards.study.days import ONE_DAY
from lrcards.study.history import BUSIEST, levels

MARKS = "·░▒▓█"
"""From no answer to the busiest days; told apart by their shape, also without colour."""

WEEKS = 53
LABEL_WIDTH = 4
MUTED = "$foreground 60%"


class YearCalendar(Widget):
    """Shows how busy each day was; on a wide screen the weeks stand apart."""

    DEFAULT_CSS = """
    YearCalendar { height: 9; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._answers: Mapping[date, int] = {}
        self._today = date.min

    def show(self, answers: Mapping[date, int], today: date) -> None:
        """Show the year up to today, given the answers of each day that has any."""
        self._answers, self._today = answers, today
        self.refresh()

    def render(self) -> Content:
        """Return the calendar with its legend."""
        if self._today == date.min:
            return Content()
        spread = 2 if self.size.width >= LABEL_WIDTH + 2 * WEEKS else 1
        return calendar_text(self._answers, self._today, spread)


def calendar_text(answers: Mapping[date, int], today: date, spread: int) -> Content:
    """Return nine lines: the months, the seven weekdays, and what the marks mean.

    Args:
        answers: of each day that has any.
        today: the last day; it stands in the last column.
        spread: how many cells wide a week is.
    """
    monday = today - (today.weekday() + 7 * (WEEKS - 1)) * ONE_DAY
    days = [monday + number * ONE_DAY for number in range((today - monday).days + 1)]
    marks = dict(zip(days, levels([answers.get(day, 0) for day in days]), strict=True))
    rows = [Content.styled(_months(monday, spread), MUTED)]
    for weekday in range(7):
        label = f"{monday + weekday * ONE_DAY:%a} " if weekday % 2 == 0 else " " * LABEL_WIDTH
        row = [(label, MUTED)]
        for week in range(WEEKS):
            level = marks.get(monday + (7 * week + weekday) * ONE_DAY)
            row.append((" " * spread, "") if level is None else (f"{MARKS[level]:<{spread}}", _ink(level)))
        rows.append(Content.assemble(*row))
    key = [(" " * LABEL_WIDTH + "no answer ", MUTED)]
    key += [(f"{mark} ", _ink(level)) for level, mark in enumerate(MARKS)]
    rows.append(
        Content.assemble(*key, (f"busiest; {sum(answers.get(day, 0) for day in days):,} in the year", MUTED))
    )
    return Content("\n").join(rows)


def _ink(level: int) -> str:
    return f"$text-primary {40 + 60 * level // BUSIEST}%" if level else "$foreground 30%"


def _months(monday: date, spread: int) -> str:
    """Return the names of the months, each over the first week that begins in it, where there is room."""
    line = " " * LABEL_WIDTH
    for week in range(1, WEEKS):
        start, before = monday + 7 * week * ONE_DAY, monday + 7 * (week - 1) * ONE_DAY
        place = LABEL_WIDTH + week * spread
        if start.month != before.month and place > len(line.rstrip()):
            line = f"{line:<{place}}{start:%b}"
    return line
