"""The cards of a search, what is done with many of them, and undo, without a screen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrcards.browsing import GONE, PAGE, Browser, query_for
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.query_parser import parse
from lrcards.collection.changes import ConflictError
from lrcards.collection.search import Column
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError, QueryError
from lrcards.study.days import StudyDays
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
COUNT = 2 * PAGE + 10


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        notes = [Note(f"n{i:03}", "D", NoteKind.BASIC, f"number {i}", "x") for i in range(COUNT)]
        collection.import_notes(notes, NOW)
        yield collection


@pytest.fixture
def browser(collection: Collection) -> Browser:
    browser = Browser(collection, lambda: Rules(StudySettings(), StudyDays(UTC)), lambda: NOW)
    browser.search("")
    return browser


def test_every_place_has_its_line(browser):
    assert len(browser) == COUNT
    places = (0, PAGE - 1, PAGE, COUNT - 1)
    assert [browser.line(place).note.guid for place in places] == [f"n{place:03}" for place in places]


def test_a_search_that_cannot_be_read_leaves_the_cards(browser):
    with pytest.raises(QueryError):
        browser.search("(")
    assert len(browser) == COUNT


def test_sorting_by_the_same_column_turns_the_order_round(browser):
    browser.search("number 1 or number 2")
    browser.sort(Column.QUESTION)
    first = browser.line(0).question
    browser.sort(Column.QUESTION)
    assert browser.line(len(browser) - 1).question == first


def test_what_is_gone_from_its_file_is_kept_or_deleted_and_both_are_taken_back(collection, browser):
    there = [Note(f"n{i:03}", "D", NoteKind.BASIC, f"number {i}", "x") for i in range(2, COUNT)]
    collection.import_notes(there, NOW)
    browser.search(GONE)
    assert [browser.line(place).note.guid for place in range(len(browser))] == ["n000", "n001"]
    assert browser.keep(browser.chosen(0)) == "Kept 1 note."
    assert (len(browser), len(collection.orphans())) == (1, 1)
    assert browser.delete(browser.chosen(0)) == "Deleted 1 note."
    assert not len(browser)
    assert browser.undo() == "Took back: Deleted 1 note."
    assert browser.undo() == "Took back: Kept 1 note."
    assert len(browser) == 2
    browser.search("")
    assert browser.keep(browser.chosen(5)) == "That is so already."


def test_a_card_that_another_program_deleted_has_no_line(collection, browser):
    other = Browser(collection, lambda: Rules(StudySettings(), StudyDays(UTC)), lambda: NOW)
    other.search("id:n001")
    other.delete(other.chosen(0))
    assert browser.line(1) is None
    browser.refresh()
    assert browser.line(1).note.guid == "n002"


def test_without_marks_the_card_at_the_place_is_chosen(browser):
    assert len(browser.chosen(3)) == 1
    browser.mark(0)
    browser.mark(5)
    assert len(browser.chosen(3)) == 2
    browser.mark_all()
    assert browser.marked == COUNT
    browser.mark_all()
    assert browser.marked == 0


def test_what_is_done_twice_is_undone_in_turn(collection, browser):
    browser.tag(browser.chosen(0), "a #b")
    browser.tag(browser.chosen(0), "-a c")
    assert collection.note("n000").tags == ("b", "c")
    assert browser.undo() == "Took back: Changed the tags of 1 card."
    assert collection.note("n000").tags == ("a", "b")
    browser.undo()
    assert collection.note("n000").tags == ()
    assert browser.undo() == ""


def test_all_are_suspended_before_any_is_brought_back(collection, browser):
    browser.suspend(browser.chosen(0))
    browser.mark(0)
    browser.mark(1)
    assert browser.suspend(browser.chosen(0)) == "Suspended 2 cards."
    assert browser.suspend(browser.chosen(0)) == "Brought back 2 cards."
    assert not collection.card("n000#0").suspended


def test_burying_ends_tomorrow(browser):
    browser.bury(browser.chosen(0))
    browser.search("is:buried")
    assert browser.line(0).due == "buried"
    browser.bury(browser.chosen(0))
    browser.refresh()
    assert len(browser) == 0


def test_what_changes_nothing_is_said_and_not_remembered(browser):
    assert browser.flag(browser.chosen(0), 0) == "That is so already."
    assert browser.undo() == ""


def test_an_undo_over_what_another_program_changed_is_refused_once(collection, browser):
    browser.flag(browser.chosen(1), 2)
    browser.flag(browser.chosen(0), 1)
    other = Browser(collection, lambda: Rules(StudySettings(), StudyDays(UTC)), lambda: NOW)
    other.search("id:n000")
    other.flag(other.chosen(0), 5)
    with pytest.raises(ConflictError):
        browser.undo()
    browser.undo()
    assert [collection.card(f"n00{i}#0").flag for i in (0, 1)] == [5, 0]


def test_a_deck_without_a_name_is_refused(browser):
    with pytest.raises(CollectionError, match="no name"):
        browser.move(browser.chosen(0), " \n")


def test_the_search_for_a_deck_finds_its_cards(browser):
    browser.search(query_for('De"ck: (x)'))
    assert len(browser) == 0
    browser.search(query_for("D"))
    assert len(browser) == COUNT
    assert query_for(None) == ""
    assert parse(query_for("A::B")) == parse(r"deck:A\:\:B")
