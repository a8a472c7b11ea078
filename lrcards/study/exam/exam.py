"""An exam: when it is, what it covers, and the minutes that there are until then."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from lrcards.errors import ExamError
from lrcards.study.exam.forgetting import Floats

LONGEST_PLAN = 365
"""Days that are planned; an exam that is farther away is planned as if it were that far."""

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Exam:
    """What a learner says of an exam.

    Attributes:
        name: what it is known by.
        day: the study day of the exam; the last day to study is the one before.
        query: which cards it covers, as a search.
        minutes: how many there are on a day.
        on_weekdays: other minutes on some weekdays, Monday being 0; 0 is a day of rest.
        on_days: other minutes on single days; they count before those of the weekday.
        target: the mean recall that is wanted on the day; ``None`` for as much as there can be.
        weights: searches, each with how much a card that it finds counts; the first that finds a card
            decides, and all others count 1.

    Raises:
        ExamError: naming the value that is not allowed.
    """

    name: str
    day: date
    query: str
    minutes: float = 20.0
    on_weekdays: Mapping[int, float] = field(default_factory=dict)
    on_days: Mapping[date, float] = field(default_factory=dict)
    target: float | None = None
    weights: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ExamError("an exam needs a name", "Say what it is: lrcards exam add NAME …")
        if not self.query.strip():
            raise ExamError(
                f"the exam “{self.name}” covers nothing, as its search is empty",
                "Name what it covers, such as --query 'deck:Statistics tag:chapter1'",
            )
        for minutes in (self.minutes, *self.on_weekdays.values(), *self.on_days.values()):
            if not (math.isfinite(minutes) and 0 <= minutes <= MINUTES_OF_A_DAY):
                raise ExamError(f"a day does not have {minutes:g} minutes to study", "Say 0 to 1440")
        if not any((self.minutes, *self.on_weekdays.values(), *self.on_days.values())):
            raise ExamError(
                "there is no time at all to study before the exam", "Say how many minutes a day: --minutes 20"
            )
        if self.target is not None and not 0 < self.target < 1:
            raise ExamError(f"the target is {self.target:g}", "It is a share of the cards between 0 and 1")
        for search, weight in self.weights:
            if not (math.isfinite(weight) and 0 < weight <= 100):
                raise ExamError(f"the weight of “{search}” is {weight:g}", "It is above 0, and at most 100")

    def minutes_on(self, day: date) -> float:
        """Return how many minutes there are on a study day; none on the day of the exam and after it."""
        if day >= self.day:
            return 0.0
        return self.on_days.get(day, self.on_weekdays.get(day.weekday(), self.minutes))

    def days_left(self, today: date) -> int:
        """Return in how many days it is, as far as is planned; 0 or less if it is over."""
        return min((self.day - today).days, LONGEST_PLAN)


def upcoming(exams: Iterable[Exam], today: date) -> list[Exam]:
    """Return the exams that are still to come, the next one first."""
    return sorted(
        (exam for exam in exams if exam.days_left(today) > 0), key=lambda exam: (exam.day, exam.name)
    )


def budget(exams: Iterable[Exam], today: date, spent: float = 0.0) -> Floats:
    """Return the seconds of each study day from today to the last exam, those of all exams together.

    Args:
        exams: which are still to come.
        today: the study day.
        spent: seconds that were studied today already.
    """
    exams = list(exams)
    length = max(exam.days_left(today) for exam in exams)
    days = [today + timedelta(days=ahead) for ahead in range(length)]
    seconds = np.array([60.0 * sum(exam.minutes_on(day) for exam in exams) for day in days])
    seconds[0] = max(0.0, seconds[0] - spent)
    return seconds
