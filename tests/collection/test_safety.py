"""A check finds what is wrong, and a rebuild puts every card where its log leads."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.cards.model import Note, NoteKind, Rating, Review, ReviewKind
from lrcards.collection.safety import check
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCHEDULER = Scheduler(SchedulerSettings(), MemoryModel(), StudyDays(UTC))
RULES = Rules(StudySettings(), StudyDays(UTC))
RANDOM = Random(5)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Two notes, the first with a log of three answers."""
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        collection.import_notes([Note(guid, "Rates", NoteKind.BASIC, guid, "answer") for guid in "pq"], NOW)
        at = NOW
        for rating, wait in ((Rating.GOOD, 10), (Rating.GOOD, 9000), (Rating.AGAIN, 10)):
            answer(collection, rating, at)
            at += timedelta(minutes=wait)
        yield collection


def answer(
    collection: Collection, rating: Rating, at: datetime, kind: ReviewKind = ReviewKind.STUDY
) -> Answer:
    before = collection.card("p#0")
    after = SCHEDULER.answer(before, rating, at) if kind is ReviewKind.STUDY else before
    review = Review(
        new_review_id(at, RANDOM), "p#0", rating, at, at.date(), 900, kind, before.phase, scheduled(after, at)
    )
    return collection.answer(Answer(review, before, after), SCHEDULER.replay)


def damage(collection: Collection, sql: str) -> None:
    with collection.writing() as database:
        database.execute(sql)


def test_a_healthy_collection_has_no_problems(collection: Collection) -> None:
    report = check(collection, RULES)
    assert (report.cards, report.reviews, report.problems, report.mended) == (2, 3, (), ())


def test_cramming_stands_in_the_log_and_moves_nothing(collection: Collection) -> None:
    answer(collection, Rating.AGAIN, NOW + timedelta(days=20), ReviewKind.CRAM)
    report = check(collection, RULES)
    assert (report.reviews, report.problems) == (4, ())


@pytest.mark.parametrize(
    ("mischief", "sentence"),
    [
        ("UPDATE cards SET stability = stability * 2 WHERE guid = 'p#0'", "not where its log leads"),
        ("UPDATE cards SET reviews = 1 WHERE guid = 'p#0'", "says 1 reviews, but its log has 3"),
        ("UPDATE cards SET phase = 'review', due_day = '2030-01-01' WHERE guid = 'q#0'", "due 2030-01-01"),
        ("DELETE FROM reviews WHERE rating = 1", "says 3 reviews, but its log has 2"),
    ],
)
def test_a_card_that_left_its_log_is_found_and_put_back(
    collection: Collection, mischief: str, sentence: str
) -> None:
    damage(collection, mischief)
    report = check(collection, RULES)
    assert not report.sound
    assert sentence in report.problems[0]
    rebuilt = check(collection, RULES, rebuild=True)
    assert rebuilt.sound
    assert rebuilt.mended == report.problems
    assert check(collection, RULES).sound


def test_a_rebuild_after_other_settings_keeps_what_was_scheduled(collection: Collection) -> None:
    other = Rules(StudySettings(SchedulerSettings(desired_retention=0.8)), StudyDays(UTC))
    assert check(collection, other).problems == ()


def test_a_card_without_its_note_is_found(collection: Collection) -> None:
    with collection.reading() as database:
        pass
    database.execute("PRAGMA foreign_keys = OFF")
    damage(collection, "DELETE FROM notes WHERE guid = 'q'")
    (problem,) = check(collection, RULES).problems
    assert problem == "Row 2 of cards belongs to a row of notes that is missing."


def test_reviews_that_came_before_their_card_are_no_problem(collection: Collection) -> None:
    damage(
        collection,
        f"""
        INSERT INTO reviews VALUES
            ('{new_review_id(NOW, RANDOM)}', 'z#0', 3, 0, '1970-01-01', 0, 'study', 'new', 60, NULL, 0, NULL)
        """,
    )
    assert check(collection, RULES).problems == ()


def test_a_damaged_index_is_found(collection: Collection) -> None:
    with collection.writing() as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '(day)', '(rating)') WHERE name = 'reviews_by_day'"
        )
    with Collection.open(collection.path) as reopened:
        report = check(reopened, RULES)
    assert any("The file is damaged" in problem for problem in report.problems)


def test_odd_entries_of_the_log_are_told_but_make_nothing_unsound(collection: Collection) -> None:
    assert check(collection, RULES, now=NOW + timedelta(days=60)).oddities == ()
    report = check(collection, RULES, now=NOW + timedelta(minutes=11))
    assert report.sound
    (oddity,) = report.oddities
    assert "was given in the future" in oddity
