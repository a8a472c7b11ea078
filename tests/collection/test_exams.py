"""Exams are kept by their names, survive a merge, and a removed one stays removed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lrcards.collection.exams import exams_of, keep_exam, remove_exam
from lrcards.collection.merging import merge
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError, ExamError
from lrcards.study.days import StudyDays
from lrcards.study.exam.exam import Exam, budget, upcoming
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = Rules(StudySettings(), StudyDays(UTC))
MONDAY = date(2026, 3, 2)
EXAM = Exam(
    "Statistics",
    MONDAY + timedelta(days=9),
    "deck:Rates",
    minutes=30,
    on_weekdays={6: 0.0},
    on_days={MONDAY + timedelta(days=1): 45.0},
    target=0.95,
    weights=(("tag:core", 3.0),),
)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "ours.db") as opened:
        yield opened


def test_an_exam_comes_back_as_it_was_kept(collection: Collection) -> None:
    keep_exam(collection, EXAM, NOW)
    assert exams_of(collection) == [EXAM]
    changed = replace(EXAM, minutes=10.0)
    keep_exam(collection, changed, NOW)
    assert exams_of(collection) == [changed]


def test_a_removed_exam_is_gone_and_one_that_is_not_there_cannot_be_removed(collection: Collection) -> None:
    keep_exam(collection, EXAM, NOW)
    remove_exam(collection, "Statistics", NOW)
    assert exams_of(collection) == []
    with pytest.raises(ExamError, match="there is no exam “Statistics”"):
        remove_exam(collection, "Statistics", NOW)


def test_the_newer_of_two_exams_counts_in_a_merge_and_a_removed_one_stays_removed(
    collection: Collection, tmp_path: Path
) -> None:
    later = NOW + timedelta(hours=1)
    with Collection.open(tmp_path / "theirs.db") as theirs:
        for exam in (EXAM, replace(EXAM, name="Algebra"), replace(EXAM, name="Optimisation")):
            keep_exam(theirs, exam, NOW)
        keep_exam(collection, replace(EXAM, minutes=5.0), later)
        keep_exam(collection, replace(EXAM, name="Algebra"), NOW - timedelta(hours=1))
        remove_exam(collection, "Algebra", later)
    for _ in range(2):
        merge(collection, tmp_path / "theirs.db", lambda: RULES)
        assert exams_of(collection) == [replace(EXAM, name="Optimisation"), replace(EXAM, minutes=5.0)]


def test_what_is_no_exam_is_said_in_a_sentence(collection: Collection) -> None:
    with collection.writing() as database:
        database.execute("INSERT INTO exams VALUES ('Odd', '{\"day\": \"soon\"}', 0)")
    with pytest.raises(CollectionError, match="the exam “Odd” cannot be read"):
        exams_of(collection)


def test_the_minutes_of_a_day_are_those_of_the_day_or_its_weekday() -> None:
    exam = EXAM
    minutes = [exam.minutes_on(MONDAY + timedelta(days=ahead)) for ahead in range(10)]
    assert minutes == [30, 45, 30, 30, 30, 30, 0, 30, 30, 0]


def test_overlapping_exams_share_their_minutes_less_what_was_studied_today() -> None:
    soon = Exam("Soon", MONDAY + timedelta(days=2), "tag:soon", minutes=10)
    assert budget([EXAM, soon], MONDAY, spent=600.0).tolist() == [
        *(60 * (30 + 10) - 600, 60 * (45 + 10)),
        *(1800, 1800, 1800, 1800, 0, 1800, 1800),
    ]
    assert budget([soon], MONDAY, spent=1e6).tolist() == [0, 600]


def test_an_exam_of_today_is_over() -> None:
    today, tomorrow = (replace(EXAM, name=str(day), day=day) for day in (MONDAY, MONDAY + timedelta(days=1)))
    assert upcoming([tomorrow, today], MONDAY) == [tomorrow]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "needs a name"),
        ({"query": ""}, "covers nothing"),
        ({"minutes": -1.0}, "does not have -1 minutes"),
        ({"minutes": float("nan")}, "does not have nan minutes"),
        ({"minutes": 0.0, "on_weekdays": {}, "on_days": {}}, "no time at all"),
        ({"target": 1.5}, "target is 1.5"),
        ({"weights": (("tag:a", 0.0),)}, "weight of “tag:a” is 0"),
    ],
)
def test_an_exam_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ExamError, match=message):
        replace(EXAM, **changes)
