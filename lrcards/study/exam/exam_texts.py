"""The parts of an exam as people write them."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from lrcards.errors import ExamError
from lrcards.study.exam.exam import Exam

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DAY_FORM = "YYYY-MM-DD, or +N for in N days"
OTHER_DAYS_FORM = "sun=0, sat=60 or 2027-02-01=90"
WEIGHT_FORM = "tag:core=3"


def day_from(text: str, today: date) -> date:
    """Return the day in a text, such as ``2027-02-12`` or ``+30``.

    Raises:
        ExamError: there is none, or it is not ahead.
    """
    try:
        ahead = re.fullmatch(r"\s*\+(\d{1,4})\s*", text)
        day = today + timedelta(days=int(ahead[1])) if ahead else date.fromisoformat(text.strip())
    except ValueError:
        raise ExamError(f"“{text}” is not a date", f"Write it as {DAY_FORM}") from None
    if day <= today:
        when = "today" if day == today else "in the past"
        raise ExamError(f"{day} is {when}", "Name a later day; study ends the day before it")
    return day


def minutes_from(text: str) -> float:
    """Return a number of minutes.

    Raises:
        ExamError: it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise ExamError(f"“{text}” is not a number of minutes", "Write one, such as 20") from None


def other_days_from(texts: Iterable[str]) -> tuple[dict[int, float], dict[date, float]]:
    """Return the minutes on weekdays, Monday being 0, and on single days, from texts such as ``sun=0``.

    Raises:
        ExamError: a text is not of this form.
    """
    on_weekdays: dict[int, float] = {}
    on_days: dict[date, float] = {}
    for text in texts:
        day, _, number = text.strip().rpartition("=")
        try:
            minutes = float(number)
            if (weekday := day.strip().lower()[:3]) in WEEKDAYS:
                on_weekdays[WEEKDAYS.index(weekday)] = minutes
            else:
                on_days[date.fromisoformat(day.strip())] = minutes
        except ValueError:
            raise ExamError(
                f"“{text}” does not say how many minutes a day has", f"Write {OTHER_DAYS_FORM}"
            ) from None
    return on_weekdays, on_days


def target_from(text: str) -> float | None:
    """Return the share in a text such as ``0.95`` or ``95 %``; nothing in an empty one.

    Raises:
        ExamError: it is no number.
    """
    if not text.strip():
        return None
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        return float(number) / (100 if percent else 1)
    except ValueError:
        raise ExamError(f"“{text}” is not a share of the cards", "Write one, such as 0.95 or 95%") from None


def weight_from(text: str) -> tuple[str, float]:
    """Return the search and its weight in a text such as ``tag:core=3``.

    Raises:
        ExamError: the text is not of this form.
    """
    query, _, number = text.strip().rpartition("=")
    try:
        return query, float(number)
    except ValueError:
        raise ExamError(f"“{text}” gives no weight", f"Write a search and a number: {WEIGHT_FORM}") from None


def other_days_of(exam: Exam) -> list[str]:
    """Return the texts from which ``other_days_from`` reads the exam's other days."""
    return [
        *(f"{WEEKDAYS[weekday]}={minutes:g}" for weekday, minutes in sorted(exam.on_weekdays.items())),
        *(f"{day}={minutes:g}" for day, minutes in sorted(exam.on_days.items())),
    ]


def weights_of(exam: Exam) -> list[str]:
    """Return the texts from which ``weight_from`` reads the exam's weights."""
    return [f"{query}={weight:g}" for query, weight in exam.weights]
