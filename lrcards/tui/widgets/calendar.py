"""The last year as a calendar: a column for each week, a mark for each day."""

from collections.abc import Mapping
from datetime import date

from textual.content import Content
from textual.widget import Widget

from lrcards.dates import ENGLISH
from lrcards.study.days import ONE_DAY
from lrcards.study.history import BUSIEST, levels
from lrcards.text import cell_width, fit
from lrcards.tui import labels

MARKS = "∙░▒▓█"
"""From no answer to the busiest days; told apart by their shape, also without colour."""

WEEKS = 53
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
        self._language = ENGLISH

    def show(self, answers: Mapping[date, int], today: date, language: str) -> None:
        """Show the year up to today, given the answers of each day that has any, named in a language."""
        self._answers, self._today, self._language = answers, today, language
        self.refresh()

    def render(self) -> Content:
        """Return the calendar with its legend."""
        if self._today == date.min:
            return Content()
        return calendar_text(self._answers, self._today, self.size.width, self._language)


def calendar_text(answers: Mapping[date, int], today: date, width: int, language: str) -> Content:
    """Return nine lines: the months, the seven weekdays, and what the marks mean.

    Args:
        answers: of each day that has any.
        today: the last day; it stands in the last column.
        width: how many cells there are; a week takes two where they are enough, else one.
        language: what weekdays and months are named in.
    """
    monday = today - (today.weekday() + 7 * (WEEKS - 1)) * ONE_DAY
    days = [monday + number * ONE_DAY for number in range((today - monday).days + 1)]
    marks = dict(zip(days, levels([answers.get(day, 0) for day in days]), strict=True))
    names = [labels.weekday(monday + weekday * ONE_DAY, language) for weekday in range(7)]
    margin = 1 + max(map(cell_width, names))
    spread = 2 if width >= margin + 2 * WEEKS else 1
    rows = [Content.styled(_months(monday, margin, spread, width, language), MUTED)]
    for weekday, name in enumerate(names):
        row = [(fit(name if weekday % 2 == 0 else "", margin), MUTED)]
        for week in range(WEEKS):
            level = marks.get(monday + (7 * week + weekday) * ONE_DAY)
            row.append((" " * spread, "") if level is None else (f"{MARKS[level]:<{spread}}", _ink(level)))
        rows.append(Content.assemble(*row))
    key = [(" " * margin + "no answer ", MUTED)]
    key += [(f"{mark} ", _ink(level)) for level, mark in enumerate(MARKS)]
    rows.append(
        Content.assemble(*key, (f"busiest; {sum(answers.get(day, 0) for day in days):,} in the year", MUTED))
    )
    return Content("\n").join(rows)


def _ink(level: int) -> str:
    return f"$text-primary {40 + 60 * level // BUSIEST}%" if level else "$foreground 30%"


def _months(monday: date, margin: int, spread: int, width: int, language: str) -> str:
    """Return the line of the months, each where it begins, as far as there is room for its name."""
    line = ""
    for week in range(1, WEEKS):
        start, before = monday + 7 * week * ONE_DAY, monday + 7 * (week - 1) * ONE_DAY
        place, name = margin + week * spread, labels.month(start, language)
        if start.month != before.month and cell_width(line) < place <= width - cell_width(name):
            line = fit(line, place) + name
    return line
