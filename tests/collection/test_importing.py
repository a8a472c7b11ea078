"""An import adds and updates notes in one go; cards keep what was learnt."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review, Source
from lrcards.collection import due
from lrcards.collection.decks import decks_within
from lrcards.collection.due_reviews import due_reviews
from lrcards.collection.rows import to_ms
from lrcards.collection.store import Answer, Collection
from lrcards.errors import CollectionError
from lrcards.study.days import StudyDays
from lrcards.study.limits import ALL_DECKS, Limits
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
RULES = Rules(StudySettings(), StudyDays(UTC))


def basic(guid: str, question: str, answer: str = "answer", deck: str = "Rates") -> Note:
    return Note(guid, deck, NoteKind.BASIC, question, answer)


def cloze(guid: str, text: str) -> Note:
    return Note(guid, "Rates", NoteKind.CLOZE, text, ordinals=tuple(range(text.count("["))))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


def learn(collection: Collection, guid: str) -> Card:
    """Answer a card once; return where it stands."""
    before = collection.card(guid)
    after = replace(before, phase=Phase.REVIEW, memory=Memory(3.0, 5.0), due_day=LATER.date(), reviews=1)
    review = Review(f"{to_ms(NOW):036}", guid, Rating.GOOD, NOW, NOW.date(), 1000)
    return collection.answer(Answer(review, before, after), lambda card, _: card).after


def new_cards(collection: Collection) -> list[str]:
    """Return the guids of the new cards in the order in which they are introduced."""
    with collection.reading() as database:
        decks = decks_within(database, None)
        return [card.guid for card in due.new_cards(database, decks, NOW.date(), {ALL_DECKS: Limits()})]


def shown(collection: Collection) -> list[str]:
    """Return the guids of the cards that are asked some day."""
    with collection.reading() as database:
        return [
            guid for (guid,) in database.execute("SELECT guid FROM cards WHERE NOT orphaned ORDER BY guid")
        ]


def dump(collection: Collection) -> list[str]:
    connection = sqlite3.connect(collection.path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def test_a_first_import_is_all_new_and_in_the_order_of_the_file(collection: Collection) -> None:
    notes = [basic("b", "second letter"), basic("a", "first letter")]
    report = collection.import_notes(notes, NOW)
    assert report.new == tuple(notes)
    assert (report.changed, report.unchanged, report.orphaned) == ((), (), ())
    assert new_cards(collection) == ["b#0", "a#0"]


def test_every_field_of_a_note_comes_back_as_it_was(collection: Collection) -> None:
    note = Note(
        guid="κ",
        deck="Rates::Schedules",
        kind=NoteKind.CLOZE,
        question="[η] is\n\n$\\frac{a}{[b]}$\n\n[x]",
        answer="",
        tags=("schedule", "ünï-code"),
        experiment={"preset": "kink", "rates": [0.1, 1], "schedule": {"name": "step", "every": 10}},
        ordinals=(0, 1),
        source=Source("notes/week 2.md", 17),
    )
    collection.import_notes([note], NOW)
    assert collection.note("κ") == note


def test_importing_the_same_again_changes_nothing(collection: Collection) -> None:
    notes = [basic("a", "one"), cloze("c", "[x] and [y]")]
    collection.import_notes(notes, NOW)
    before = dump(collection)
    report = collection.import_notes(notes, LATER)
    assert report.unchanged == tuple(notes)
    assert dump(collection) == before


def test_an_edited_note_keeps_the_memory_of_its_card(collection: Collection) -> None:
    collection.import_notes([basic("a", "one")], NOW)
    learnt = learn(collection, "a#0")
    report = collection.import_notes([basic("a", "one, reworded", "better answer")], LATER)
    assert [note.question for note in report.changed] == ["one, reworded"]
    assert collection.note("a").answer == "better answer"
    assert collection.card("a#0") == learnt
    assert len(collection.reviews("a#0")) == 1


def test_a_note_that_only_moved_within_its_file_is_unchanged_but_knows_its_new_place(
    collection: Collection,
) -> None:
    note = replace(basic("a", "one"), source=Source("rates.md", 3))
    collection.import_notes([note], NOW)
    moved = replace(note, source=Source("rates.md", 30))
    assert collection.import_notes([moved], LATER).unchanged == (moved,)
    assert collection.note("a") == moved


def test_a_note_that_moves_to_another_deck_takes_its_cards_along(collection: Collection) -> None:
    collection.import_notes([basic("a", "one"), basic("b", "two")], NOW)
    learn(collection, "a#0")
    collection.import_notes([basic("a", "one", deck="Elsewhere")], LATER)
    with collection.reading() as database:
        elsewhere, rates = (decks_within(database, deck) for deck in ("Elsewhere", "Rates"))
        assert list(due_reviews(database, elsewhere, LATER.date(), RULES).guids) == ["a#0"]
        assert len(due_reviews(database, rates, LATER.date(), RULES)) == 0


def test_new_notes_come_after_the_ones_that_were_there(collection: Collection) -> None:
    collection.import_notes([basic("a", "one"), basic("b", "two")], NOW)
    report = collection.import_notes([basic("z", "zero"), basic("a", "one"), basic("b", "two")], LATER)
    assert [note.guid for note in report.new] == ["z"]
    assert new_cards(collection) == ["a#0", "b#0", "z#0"]


def test_notes_missing_from_the_file_are_reported_and_kept(collection: Collection) -> None:
    collection.import_notes([basic("a", "one"), basic("b", "two"), basic("x", "x", deck="Other")], NOW)
    learnt = learn(collection, "b#0")
    report = collection.import_notes([basic("a", "one")], LATER)
    assert [note.guid for note in report.orphaned] == ["b"]
    assert collection.card("b#0") == learnt
    assert "b#0" in shown(collection)


def test_a_vanished_cloze_deletion_hides_its_card_until_it_returns(collection: Collection) -> None:
    collection.import_notes([cloze("c", "[x] and [y]")], NOW)
    learnt = learn(collection, "c#1")
    collection.import_notes([cloze("c", "[x] and y")], LATER)
    assert shown(collection) == ["c#0"]
    assert collection.card("c#1") == learnt
    collection.import_notes([cloze("c", "[x] and [y]")], LATER)
    assert shown(collection) == ["c#0", "c#1"]
    assert collection.card("c#1") == learnt


def test_an_added_cloze_deletion_brings_a_new_card(collection: Collection) -> None:
    collection.import_notes([cloze("c", "[x] and y"), basic("a", "one")], NOW)
    collection.import_notes([cloze("c", "[x] and [y]"), basic("a", "one")], LATER)
    assert collection.card("c#1").position > collection.card("a#0").position


@pytest.mark.parametrize(
    "notes",
    [
        [basic("a", "one")],
        [basic("a", "changed"), basic("n", "new")],
        [],
        [basic("d", "d", deck="Brand new")],
    ],
)
def test_a_dry_run_reports_the_same_and_writes_nothing(collection: Collection, notes: Sequence[Note]) -> None:
    collection.import_notes([basic("a", "one"), basic("b", "two")], NOW)
    before = dump(collection)
    foreseen = collection.import_notes(notes, LATER, dry_run=True)
    assert dump(collection) == before
    assert collection.import_notes(notes, LATER) == foreseen


def test_an_import_that_fails_leaves_nothing_behind(collection: Collection) -> None:
    collection.import_notes([basic("a", "one")], NOW)
    before = dump(collection)
    with collection.reading() as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + 10}")
    with pytest.raises(CollectionError, match="the disk is full"):
        collection.import_notes(
            [basic(f"n{number}", "x" * 500 + str(number)) for number in range(500)], LATER
        )
    assert dump(collection) == before


def test_a_new_deletion_never_gets_the_history_of_one_that_vanished(collection: Collection) -> None:
    collection.import_notes([cloze("c", "[x] and [y] or z")], NOW)
    learnt = learn(collection, "c#1")
    collection.import_notes([cloze("c", "[x] and y or z")], LATER)
    collection.import_notes([cloze("c", "[x] and y or [z]")], LATER)
    assert shown(collection) == ["c#0", "c#2"]
    collection.import_notes([cloze("c", "[x] and [y] or [z]")], LATER)
    assert shown(collection) == ["c#0", "c#1", "c#2"]
    assert collection.note("c").ordinals == (0, 1, 2)
    assert collection.card("c#1") == learnt


def test_a_first_deletion_that_returns_gets_its_history_back(collection: Collection) -> None:
    collection.import_notes([cloze("c", "[x] and [y]")], NOW)
    learnt = learn(collection, "c#0")
    collection.import_notes([cloze("c", "x and [y]")], LATER)
    assert shown(collection) == ["c#1"]
    collection.import_notes([cloze("c", "[x] and [y]")], LATER)
    assert collection.card("c#0") == learnt
    assert collection.note("c").ordinals == (0, 1)


def test_a_note_without_an_id_is_known_by_its_question(collection: Collection) -> None:
    (note,) = collection.import_notes([basic("", "What is  η?")], NOW).new
    learnt = learn(collection, f"{note.guid}#0")
    report = collection.import_notes([basic("", "What is η?", "The step size")], LATER)
    assert [changed.guid for changed in report.changed] == [note.guid]
    assert collection.card(learnt.guid) == learnt
