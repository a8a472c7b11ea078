"""The queries of the queue: what a study day may bring."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlite_utils.db import Database

from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review
from lrcards.collection import due
from lrcards.collection.decks import decks_within, key_of, name_of
from lrcards.collection.due_reviews import DueReview, due_reviews
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.errors import CollectionError
from lrcards.study.days import StudyDays
from lrcards.study.limits import ALL_DECKS, Limits, Studied
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.scheduler import Scheduler, SchedulerSettings
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
RANDOM = Random(7)
SCHEDULER = Scheduler(SchedulerSettings(fuzz=False), MemoryModel(), StudyDays(UTC))
RULES = Rules(StudySettings(), StudyDays(UTC))
REVIEW = Card(
    "", "", 0, phase=Phase.REVIEW, memory=Memory(3.0, 5.0), last_review=NOW, last_day=TODAY, due_day=TODAY
)


def basic(question: str, deck: str = "Rates") -> Note:
    return Note(question, deck, NoteKind.BASIC, question, "answer")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


def place(collection: Collection, card: Card, rating: Rating = Rating.GOOD, at: datetime = NOW) -> None:
    """Put a card where no short sitting would bring it."""
    stored = collection.card(card.guid)
    review = Review(new_review_id(at, RANDOM), card.guid, rating, at, at.date(), 900, phase=stored.phase)
    collection.answer(Answer(review, stored, card), SCHEDULER.replay)


def study(collection: Collection, guid: str, rating: Rating, at: datetime = NOW) -> None:
    place(collection, SCHEDULER.answer(collection.card(guid), rating, at), rating, at)


@contextmanager
def decks_of(collection: Collection, deck: str | None = None) -> Iterator[tuple[Database, dict[int, str]]]:
    with collection.reading() as database:
        yield database, decks_within(database, deck)


def new(collection: Collection, limit: int = 99, deck: str | None = None, **how: Any) -> list[str]:
    with decks_of(collection, deck) as (database, decks):
        cards = due.new_cards(database, decks, TODAY, {deck or ALL_DECKS: Limits(limit)}, **how)
    return [card.guid for card in cards]


def due_guids(collection: Collection) -> list[str]:
    with decks_of(collection) as (database, decks):
        learning = due.learning_cards(database, decks, TODAY)
        return sorted(
            card.guid
            for card in [*learning, *due_reviews(database, decks, TODAY, RULES).most_at_stake_first()]
        )


def next_due(collection: Collection) -> tuple[datetime | None, date | None]:
    with decks_of(collection) as (database, decks):
        return due.next_due(database, decks)


def test_due_cards_are_those_of_the_day_and_its_past(collection: Collection) -> None:
    collection.import_notes([basic(name) for name in "abcdef"], NOW)
    review = replace(REVIEW, guid="a#0", note_guid="a", reviews=1)
    learning = replace(review, guid="b#0", phase=Phase.LEARNING, due_at=NOW, due_day=None)
    place(collection, review)
    place(collection, learning)
    place(collection, replace(review, guid="c#0", due_day=TOMORROW))
    place(collection, replace(learning, guid="d#0", due_at=None, due_day=TOMORROW))
    place(collection, replace(review, guid="e#0", due_day=TODAY - timedelta(days=400)))
    assert due_guids(collection) == ["a#0", "b#0", "e#0"]
    assert next_due(collection) == (NOW, TODAY - timedelta(days=400))


def test_a_due_review_says_what_it_takes_to_choose(collection: Collection) -> None:
    collection.import_notes([basic("a#b")], NOW)
    place(collection, replace(REVIEW, guid="a#b#0"))
    with decks_of(collection) as (database, decks):
        reviews = due_reviews(database, decks, TODAY, RULES)
        assert due.decks_of_notes(database, ["a#b", "x"]) == {"a#b": "Rates"}
    (review,) = reviews
    assert review == DueReview("a#b#0", "Rates")
    assert review.note_guid == "a#b"
    assert reviews.losses() == [MemoryModel().loss(3.0, 0)]


def test_suspended_and_buried_cards_are_passed_over(collection: Collection) -> None:
    names = ["learning", "new", "review"]
    collection.import_notes([basic(name) for name in [*names, "other"]], NOW)
    study(collection, "learning#0", Rating.GOOD)
    cards = [
        collection.card("learning#0"),
        collection.card("new#0"),
        replace(REVIEW, guid="review#0", note_guid="review"),
    ]

    def shown(**changes: Any) -> list[str]:
        for card in cards:
            place(collection, replace(card, **changes))
        guids = due_guids(collection) + new(collection)
        return sorted(guid.removesuffix("#0") for guid in guids if guid != "other#0")

    assert shown() == shown(buried_until=TODAY) == shown(flag=3) == names
    assert shown(suspended=True) == shown(buried_until=TOMORROW) == []
    assert next_due(collection) == (NOW + timedelta(minutes=10), TODAY)
    assert shown(suspended=True, buried_until=TODAY) == []
    assert next_due(collection) == (None, None)


def test_a_deck_includes_its_subdecks_but_not_its_namesakes(collection: Collection) -> None:
    decks = ["A", "A::B", "A::B::C", "AB", "A%", "a"]
    collection.import_notes([basic(deck, deck) for deck in decks], NOW)
    assert new(collection, deck="A") == ["A#0", "A::B#0", "A::B::C#0"]
    assert new(collection, deck="A::B") == ["A::B#0", "A::B::C#0"]
    assert collection.decks() == sorted(decks)


def test_an_unknown_deck_is_told(collection: Collection) -> None:
    with pytest.raises(CollectionError, match="there is no deck 'Cooking'"):
        new(collection, deck="Cooking")


def test_new_cards_come_by_position_over_all_decks_one_a_note(collection: Collection) -> None:
    cloze = Note("c", "B", NoteKind.CLOZE, "[x] and [y]", ordinals=(0, 1))
    collection.import_notes([basic("p", "B"), cloze, basic("q", "A"), basic("r", "B")], NOW)
    assert new(collection, 3) == ["p#0", "c#0", "q#0"]
    assert new(collection, without={"c"}) == ["p#0", "q#0", "r#0"]
    assert new(collection, cards={"c#0", "r#0"}) == ["c#0", "r#0"]
    assert new(collection, 3, one_a_note=False) == ["p#0", "c#0", "c#1"]
    assert new(collection, 0) == []


def test_new_cards_of_a_deck_stop_at_its_limit_and_others_go_on(collection: Collection) -> None:
    decks = ["A::B", "A::B", "A::C", "D"]
    collection.import_notes([basic(str(number), deck) for number, deck in enumerate(decks * 9)], NOW)
    left = {ALL_DECKS: Limits(7), "A": Limits(4), "A::B": Limits(3)}
    with decks_of(collection) as (database, names):
        taken = due.new_cards(database, names, TODAY, left)
    assert [card.position for card in taken] == [1, 2, 3, 4, 5, 8, 12]


def test_scattered_new_cards_come_from_anywhere_but_are_the_same_all_day(collection: Collection) -> None:
    collection.import_notes([basic(f"{number:03}") for number in range(200)], NOW)
    scattered = new(collection, 20, scattered=True)
    assert scattered == new(collection, 20, scattered=True)
    assert len({guid[:2] for guid in scattered}) > 8


def test_the_day_knows_what_it_has_seen(collection: Collection) -> None:
    collection.import_notes([basic(name) for name in "abc"] + [basic("z", "Other")], NOW)
    study(collection, "a#0", Rating.EASY, NOW - timedelta(days=1))
    study(collection, "b#0", Rating.AGAIN)
    study(collection, "b#0", Rating.GOOD, NOW + timedelta(minutes=1))
    study(collection, "a#0", Rating.GOOD, NOW + timedelta(minutes=2))
    study(collection, "z#0", Rating.GOOD, NOW + timedelta(minutes=3))
    with collection.reading() as database:
        studied = due.studied_on(database, TODAY)
    assert studied.by_deck == {"Rates": Studied(1, 1), "Other": Studied(1, 0)}
    assert studied.notes == {"a", "b", "z"}


def test_a_deck_is_known_by_its_place_when_its_name_changes(collection: Collection) -> None:
    collection.import_notes([basic("p", "A::B"), basic("q", "A::B::C")], NOW)
    with collection.writing() as database:
        keys = [key_of(database, deck) for deck in ("A", "A::B", "A::B::C")]
        database.execute("UPDATE decks SET name = 'X' || substr(name, 2)")
        assert [name_of(database, key) for key in keys] == ["X", "X::B", "X::B::C"]
        with pytest.raises(CollectionError, match="gone"):
            name_of(database, (99, 0))
