"""Dates as labels beside a drawing, where each character has a cell of its own and there is little room."""

import unicodedata
from collections.abc import Mapping
from datetime import date

from lrcards import dates
from lrcards.text import cell_width, fit

LONGEST_TICK = 9
"""Six labels of so many cells stand apart under the narrowest chart."""

LONGEST_WEEKDAY = 9


def ticks(days: Mapping[float, date], language: str, *, with_year: bool) -> dict[float, str]:
    """Return the names of days under a chart, by their place; of their months where the year is to be seen.

    A chart puts each character into one cell. A language whose words are too long or too wide for that, or go
    from right to left, in which a terminal may turn the whole line around, has its numbers instead.
    """
    name = dates.short_month_and_year if with_year else dates.short_day
    for in_numbers in (False, True):
        names = {place: name(day, language, in_numbers=in_numbers) for place, day in days.items()}
        if all(map(_fits_a_chart, names.values())):
            return names
    return {place: f"{day:%Y-%m}" if with_year else f"{day:%m-%d}" for place, day in days.items()}


def month(day: date, language: str) -> str:
    """Return the month of a day, to stand in a line with others; its number where words go to the left."""
    name = dates.short_month(day, language)
    return str(day.month) if _goes_left(name) else name


def weekday(day: date, language: str) -> str:
    """Return the weekday of a day, cut where it is very long."""
    name = dates.short_weekday(day, language)
    return name if cell_width(name) <= LONGEST_WEEKDAY else fit(name, LONGEST_WEEKDAY)


def _fits_a_chart(name: str) -> bool:
    return len(name) <= LONGEST_TICK and all(cell_width(sign) == 1 for sign in name) and not _goes_left(name)


def _goes_left(name: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name)
