"""A backup is the whole collection; to restore one keeps what was there, whatever state it was in."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrcards.cards.model import Note, NoteKind
from lrcards.collection.backups import back_up, restore
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 13, tzinfo=UTC)


def add(collection: Collection, *questions: str) -> None:
    notes = [Note(question, "Rates", NoteKind.BASIC, question, "answer") for question in questions]
    collection.import_notes(notes, NOW)


def questions(path: Path) -> set[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return {question for (question,) in connection.execute("SELECT question FROM notes")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "collection.db"
    with Collection.open(path) as collection:
        add(collection, "a", "b")
    return path


def test_a_backup_of_a_collection_in_use_has_all_of_it(path: Path) -> None:
    with Collection.open(path) as collection:
        add(collection, "a", "b", "c")
        copy = back_up(path, NOW)
    assert copy == path.parent / "backups" / "collection-20260302-120000.db"
    assert questions(copy) == {"a", "b", "c"}
    assert [each.name for each in copy.parent.iterdir()] == [copy.name]


def test_a_file_that_is_there_is_not_overwritten(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    with pytest.raises(CollectionError, match="such a file already"):
        back_up(path, NOW, copy)
    assert copy.read_text() == "mine"


def test_a_restored_copy_is_what_an_open_program_sees_and_the_other_is_kept(path: Path) -> None:
    copy = back_up(path, NOW)
    with Collection.open(path) as collection:
        add(collection, "a", "b", "c")
        kept = restore(path, copy, LATER)
        assert [note.guid for note in collection.parcel().notes] == ["a", "b"]
    assert kept is not None
    assert questions(kept) == {"a", "b", "c"}


def test_a_damaged_collection_is_kept_as_it_is_and_replaced(path: Path) -> None:
    copy = back_up(path, NOW)
    path.write_bytes(b"SQLite format 3\0" + b"damage" * 1000)
    kept = restore(path, copy, LATER)
    assert kept is not None
    assert kept.read_bytes().endswith(b"damage")
    with Collection.open(path) as collection:
        assert len(collection.parcel().notes) == 2


def test_a_collection_that_is_gone_is_there_again(path: Path) -> None:
    copy = back_up(path, NOW)
    path.unlink()
    assert restore(path, copy, LATER) is None
    assert questions(path) == {"a", "b"}


@pytest.mark.parametrize("content", [b"", b"no collection", b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_collection_is_not_restored(path: Path, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(CollectionError):
        restore(path, other, LATER)
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["collection.db", "other.db"]
