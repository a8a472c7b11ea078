"""Cards, the queue's questions to the collection, and answers that are on disk or not at all."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review, ReviewKind
from lrcards.collection.baselines import start
from lrcards.collection.rows import from_ms, to_ms
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)
RANDOM = Random(7)
SCHEDULER = Scheduler(SchedulerSettings(), MemoryModel(), StudyDays(UTC))
RULES = Rules(StudySettings(), StudyDays(UTC))


def basic(question: str, deck: str = "Rates") -> Note:
    return Note(question, deck, NoteKind.BASIC, question, "answer")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


def dump(collection: Collection) -> list[str]:
    connection = sqlite3.connect(collection.path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def answer_to(card: Card, rating: Rating = Rating.GOOD, at: datetime = NOW) -> Answer:
    after = SCHEDULER.answer(card, rating, at)
    review_id = new_review_id(at, RANDOM)
    review = Review(
        review_id, card.guid, rating, at, at.date(), 1500, phase=card.phase, scheduled=scheduled(after, at)
    )
    return Answer(review, card, after)


def study(collection: Collection, guid: str, rating: Rating = Rating.GOOD, at: datetime = NOW) -> Answer:
    return collection.answer(answer_to(collection.card(guid), rating, at), SCHEDULER.replay)


def place(collection: Collection, card: Card) -> None:
    """Put a card where no short sitting would bring it."""
    collection.answer(Answer(answer_to(card).review, collection.card(card.guid), card), SCHEDULER.replay)


def test_an_answer_is_in_the_file_when_it_returns(collection: Collection) -> None:
    collection.import_notes([basic("q")], NOW)
    stored = study(collection, "q#0")
    with Collection.open(collection.path) as another:
        assert another.reviews("q#0") == [stored.review]
        assert another.card("q#0") == stored.after
    assert stored.after.reviews == 1


def test_every_field_of_a_card_and_a_review_comes_back_as_it_was(collection: Collection) -> None:
    collection.import_notes([basic("q")], NOW)
    card = Card(
        guid="q#0",
        note_guid="q",
        ordinal=0,
        position=1,
        phase=Phase.RELEARNING,
        step=1,
        memory=Memory(0.1 + 0.2, 9.999999999999998),
        due_at=NOW + timedelta(milliseconds=1),
        due_day=date(2031, 12, 31),
        interval=2000,
        last_review=NOW - timedelta(milliseconds=999),
        last_day=TODAY,
        reviews=7,
        lapses=3,
        suspended=True,
        buried_until=date(2026, 3, 3),
        flag=7,
    )
    review = Review(
        new_review_id(NOW, Random(1)),
        "q#0",
        Rating.HARD,
        NOW,
        date(2026, 3, 1),
        60_000,
        ReviewKind.STUDY,
        Phase.REVIEW,
        -2000,
        {"asked": "arrives", "answered": "diverges", "held": False},
        last_interval=1000,
        recall=0.1 + 0.2,
    )
    collection.answer(Answer(review, collection.card("q#0"), card), SCHEDULER.replay)
    crammed = replace(review, id=new_review_id(NOW, Random(2)), kind=ReviewKind.CRAM)
    collection.answer(Answer(crammed, card, card), SCHEDULER.replay)
    assert collection.card("q#0") == card
    assert collection.reviews("q#0") == sorted([review, crammed], key=lambda review: review.id)


def test_undo_leaves_the_whole_database_as_it_was(collection: Collection) -> None:
    collection.import_notes([basic("p"), basic("q")], NOW)
    study(collection, "p#0")
    before = dump(collection)
    first = study(collection, "q#0", Rating.AGAIN)
    second = study(collection, "q#0", Rating.EASY, NOW + timedelta(minutes=1))
    assert dump(collection) != before
    collection.revert(second.change, RULES)
    collection.revert(first.change, RULES)
    assert dump(collection) == before


def test_a_failing_answer_leaves_nothing_behind(collection: Collection) -> None:
    collection.import_notes([basic("q")], NOW)
    before = dump(collection)
    answer = answer_to(collection.card("q#0"))
    impossible = replace(answer.after, memory=Memory(stability=-1.0, difficulty=5.0))
    with pytest.raises(sqlite3.IntegrityError):
        collection.answer(Answer(answer.review, answer.before, impossible), SCHEDULER.replay)
    assert dump(collection) == before


def test_the_log_refuses_to_be_rewritten(collection: Collection) -> None:
    collection.import_notes([basic("q")], NOW)
    study(collection, "q#0")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), collection.writing() as database:
        database.execute("UPDATE reviews SET rating = 4")


def test_two_programs_that_answer_one_card_both_count(collection: Collection) -> None:
    collection.import_notes([basic("q")], NOW)
    with Collection.open(collection.path) as another:
        seen_by_both = collection.card("q#0")
        first = another.answer(answer_to(seen_by_both, Rating.GOOD), SCHEDULER.replay)
        later = answer_to(seen_by_both, Rating.EASY, NOW + timedelta(seconds=30))
        second = collection.answer(later, SCHEDULER.replay)
    log = collection.reviews("q#0")
    assert log == [first.review, second.review]
    assert second.before == first.after
    assert collection.card("q#0") == second.after == SCHEDULER.replay(seen_by_both, log)
    assert second.after.reviews == 2


def test_undo_after_another_program_answered_takes_back_only_its_own_answer(collection: Collection) -> None:
    collection.import_notes([basic("q")], NOW)
    with Collection.open(collection.path) as another:
        mine = study(collection, "q#0", Rating.AGAIN)
        theirs = study(another, "q#0", Rating.GOOD, NOW + timedelta(minutes=2))
        collection.revert(mine.change, RULES)
    assert collection.reviews("q#0") == [theirs.review]
    assert collection.card("q#0") == SCHEDULER.replay(mine.before, [theirs.review])


def test_a_replay_keeps_what_the_learner_decided_about_a_card() -> None:
    decided = Card(
        "q#0", "q", 0, 3, reviews=2, lapses=1, suspended=True, buried_until=TODAY, flag=2, due_day=TODAY
    )
    assert start(decided) == Card("q#0", "q", 0, 3, suspended=True, buried_until=TODAY, flag=2)


def test_a_deck_whose_last_note_moved_away_is_gone(collection: Collection) -> None:
    collection.import_notes([basic("p", "Old")], NOW)
    collection.import_notes([basic("p", "New")], NOW)
    assert collection.decks() == ["New"]


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC)), st.randoms())  # noqa: DTZ001
def test_review_ids_are_version_7_and_carry_their_time(at: datetime, random: Random) -> None:
    identifier = UUID(new_review_id(at, random))
    assert (identifier.version, identifier.variant) == (7, "specified in RFC 4122")
    assert identifier.int >> 80 == to_ms(at)


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**44), min_size=2, max_size=2, unique=True), st.randoms())
def test_review_ids_sort_by_time(milliseconds: list[int], random: Random) -> None:
    early, late = (new_review_id(from_ms(ms), random) for ms in sorted(milliseconds))
    assert early < late


def test_the_tags_of_a_deck_are_those_of_its_notes_and_its_subdecks(collection: Collection) -> None:
    tagged = {"A": ("x", "b"), "A::B": ("x", "a"), "C": ("c",)}
    collection.import_notes([replace(basic(deck, deck), tags=tags) for deck, tags in tagged.items()], NOW)
    assert collection.tags("A") == ["a", "b", "x"]
    assert collection.tags() == ["a", "b", "c", "x"]
