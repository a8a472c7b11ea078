"""Days and months in words, in the language of the reader.

English is the program's own and is written out here, so that whoever reads English does not wait for Babel,
and so that the words do not depend on the locale of the process. In any other language its own words and
order hold, as Unicode's Common Locale Data Repository has them. Numbers such as 2027-02-12 are the same in
every language and are not made here.
"""

import re
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from babel import Locale

ENGLISH: Final = "en"

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT = 3
"""Letters of an abbreviated English name."""

_WEEKDAY = re.compile("'[^']*'|[Ec]+")
"""What is quoted in a pattern, or a field for the weekday."""

_DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))
"""Marks of direction, which take no cell and some terminals a cell."""


def problem_with(language: str) -> str:
    """Return what is wrong with the name of a language; empty if its words are known."""
    if language == ENGLISH:
        return ""
    from babel.core import UnknownLocaleError

    try:
        _locale(language)
    except (UnknownLocaleError, ValueError):
        return f'must be the code of a language, such as "en", "de" or "pt-BR", not {language!r}'
    return ""


def weekday_and_day(day: date, language: str) -> str:
    """Return a day of this year with its weekday, such as ``Monday 2 March``."""
    if language == ENGLISH:
        return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return _formatted(day, "MMMMEEEEd", language)


def day_and_year(day: date, language: str) -> str:
    """Return a day of any year, such as ``2 March 2027``."""
    if language == ENGLISH:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return _formatted(day, "yMMMMd", language)


def short_day(day: date, language: str, *, in_numbers: bool = False) -> str:
    """Return a day of this year in a few letters, such as ``2 Mar``, or in the numbers of the language."""
    if language == ENGLISH:
        return f"{day.day} {short_month(day, language)}"
    return _formatted(day, "Md" if in_numbers else "MMMd", language)


def short_month_and_year(day: date, language: str, *, in_numbers: bool = False) -> str:
    """Return a month in a few letters, such as ``Mar 2027``, or in the numbers of the language."""
    if language == ENGLISH:
        return f"{short_month(day, language)} {day.year}"
    return _formatted(day, "yM" if in_numbers else "yMMM", language)


def short_month(day: date, language: str) -> str:
    """Return the month of a day alone, such as ``Mar``."""
    if language == ENGLISH:
        return _MONTHS[day.month - 1][:_SHORT]
    return _plain(_locale(language).months["stand-alone"]["abbreviated"][day.month])


def short_weekday(day: date, language: str) -> str:
    """Return the weekday of a day alone, such as ``Mon``."""
    if language == ENGLISH:
        return _WEEKDAYS[day.weekday()][:_SHORT]
    return _plain(_locale(language).days["stand-alone"]["abbreviated"][day.weekday()])


def _formatted(day: date, skeleton: str, language: str) -> str:
    """Return a day by the pattern that a language has for some fields, in its order."""
    from babel.dates import format_date, match_skeleton

    locale = _locale(language)
    patterns = locale.datetime_skeletons
    pattern = patterns[match_skeleton(skeleton, patterns) or skeleton].pattern
    if "EEEE" in skeleton:
        # The nearest pattern may have a short weekday; Unicode's rule is to make the field as long as asked.
        pattern = _WEEKDAY.sub(lambda found: found[0] if found[0][0] == "'" else 4 * found[0][0], pattern)
    return _plain(format_date(day, pattern, locale))


def _locale(language: str) -> "Locale":
    from babel import Locale

    return Locale.parse(language.replace("-", "_"))


def _plain(words: str) -> str:
    return words.translate(_DIRECTIONS).replace("\u202f", " ").replace("\u00a0", " ")
