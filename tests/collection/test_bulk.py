"""What is done with many cards at once, and that taking it back leaves the file as it was."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lrcards.cards.matching import Choices
from lrcards.cards.model import Note, NoteKind, Rating, Review
from lrcards.cards.parcel import Parcel
from lrcards.cards.query_parser import parse
from lrcards.collection import bulk, decisions
from lrcards.collection.changes import Change, ConflictError
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.safety import check
from lrcards.collection.search import find
from lrcards.collection.store import Answer, Collection
from lrcards.errors import CollectionError
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.options import DeckOptions
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NOTES = [
    Note("a", "A", NoteKind.BASIC, "1", "x", ("t",)),
    Note("b", "A", NoteKind.BASIC, "2", "x"),
    Note("c", "B", NoteKind.CLOZE, "[3] and [4]", ordinals=(0, 1)),
]
CACHES = ("note_index", "note_texts", "notes_to_index", "sqlite_stat")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        collection.import_notes(NOTES, NOW)
        answer(collection, "a#0")
        yield collection


def rules(collection: Collection) -> Rules:
    return rules_in_use(collection, StudySettings(), StudyDays(UTC))


def answer(collection: Collection, guid: str) -> None:
    card = collection.card(guid)
    scheduler = rules(collection).scheduler("A")
    review = Review(f"{guid:036}", guid, Rating.GOOD, NOW, NOW.date(), 1000, scheduled=600)
    collection.answer(Answer(review, card, scheduler.answer(card, Rating.GOOD, NOW)), scheduler.replay)


def ids(collection: Collection, query: str) -> list[int]:
    return find(collection, parse(query), rules(collection), NOW)


def content(collection: Collection) -> list[str]:
    with closing(sqlite3.connect(collection.path)) as connection:
        return [line for line in connection.iterdump() if not any(cache in line for cache in CACHES)]


def do(collection: Collection, deed: Callable[..., Change], query: str, *more: object) -> Change:
    """Do something with the cards that a query finds."""
    chosen = ids(collection, query)
    with collection.writing() as database:
        return deed(database, chosen, *more, LATER)


def write(collection: Collection, note: Note) -> Change:
    in_use = rules(collection)
    with collection.writing() as database:
        return decisions.add(database, note, in_use, LATER)


def tagged(tags: tuple[str, ...]) -> tuple[str, ...]:
    return (*tags, "x")


DEEDS = {
    "suspend": (bulk.decide, {"suspended": True}),
    "bury": (bulk.decide, {"buried_until": "2026-03-03"}),
    "tag": (bulk.change_tags, tagged),
    "move": (bulk.move, "B"),
    "delete": (bulk.delete,),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_deed_that_is_taken_back_leaves_the_file_as_it_was(collection, deed):
    before = content(collection)
    change = do(collection, deed[0], "", *deed[1:])
    assert content(collection) != before
    collection.revert(change, rules(collection))
    assert content(collection) == before
    assert check(collection, rules(collection)).sound


def test_cards_are_suspended_and_flagged(collection):
    do(collection, bulk.decide, "id:a or id:b", {"flag": 3})
    do(collection, bulk.decide, "id:a", {"suspended": True})
    assert ids(collection, "flag:3") == ids(collection, "id:a or id:b")
    assert ids(collection, "is:suspended") == ids(collection, "id:a")
    assert collection.card("a#0").modified_at == LATER


def test_tags_are_given_to_the_notes_of_cards_once(collection):
    change = do(collection, bulk.change_tags, "", tagged)
    assert collection.note("c").tags == ("x",)
    assert len(change.rows) == 3


def test_a_note_moves_with_all_its_cards_into_a_deck_that_may_be_new(collection):
    do(collection, bulk.move, "card:2", "New::Deck")
    assert collection.note("c").deck == "New::Deck"
    assert len(ids(collection, "deck:new")) == 2
    assert not do(collection, bulk.move, "id:c", "New::Deck").rows


def test_memories_follow_the_parameters_of_the_new_deck_and_come_back(collection):
    default = MemoryModel().parameters
    steep = (9.0, default[1], 9.0, *default[3:])
    collection.set_options("B", DeckOptions(parameters=steep), NOW)
    before = collection.card("a#0").memory
    change = do(collection, bulk.move, "id:a", "B")
    assert collection.card("a#0").memory != before
    assert check(collection, rules(collection)).sound
    collection.revert(change, rules(collection))
    assert collection.card("a#0").memory == before


def test_a_deleted_note_is_gone_with_its_cards_but_its_log_stays(collection):
    do(collection, bulk.delete, "id:a or card:2")
    assert len(ids(collection, "")) == 1
    assert len(collection.reviews("a#0")) == 1
    assert check(collection, rules(collection)).sound


def test_a_deleted_note_that_is_imported_again_goes_on_from_its_log(collection):
    before = collection.card("a#0")
    do(collection, bulk.delete, "id:a")
    collection.import_parcel(Parcel(tuple(NOTES)), lambda: rules(collection), LATER, Choices())
    assert replace(collection.card("a#0"), position=before.position) == before


def test_a_deletion_is_not_taken_back_over_a_note_that_came_meanwhile(collection):
    change = do(collection, bulk.delete, "id:c")
    collection.import_notes([Note("z", "B", NoteKind.BASIC, "other", "x")], LATER)
    with pytest.raises(ConflictError):
        collection.revert(change, rules(collection))
    assert len(ids(collection, "id:z")) == 1


def test_a_note_that_is_written_is_added_and_taken_back(collection):
    before = content(collection)
    note = Note("", "A", NoteKind.CLOZE, "[5] and [6]", ordinals=(0, 1))
    change = write(collection, note)
    assert len(ids(collection, "5")) == 2
    collection.revert(change, rules(collection))
    assert content(collection) == before


def test_a_question_that_is_there_is_not_added_again(collection):
    with pytest.raises(CollectionError, match="already"):
        write(collection, replace(NOTES[0], guid=""))


def test_an_edit_that_moves_a_note_is_taken_back(collection):
    before = content(collection)
    seen = collection.note("c")
    change = collection.edit(seen, replace(seen, deck="A", question="[3] alone"), LATER)
    assert (collection.note("c").deck, len(ids(collection, "id:c"))) == ("A", 1)
    collection.revert(change, rules(collection))
    assert content(collection) == before
