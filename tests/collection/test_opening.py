"""A collection opens, or says in one sentence why it cannot; other people's files stay as they are."""

import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlite_utils.db import Database

from lrcards.cards.model import Card, Note, NoteKind
from lrcards.collection import opening
from lrcards.collection.migrations import MIGRATIONS
from lrcards.collection.opening import APPLICATION_ID, open_database
from lrcards.collection.rows import card_values
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new collections here; other tests copy an empty one."""
    monkeypatch.setattr("lrcards.collection.store.open_database", open_database)


def refusal(path: Path) -> str:
    with pytest.raises(CollectionError) as caught:
        Collection.open(path)
    return str(caught.value)


def test_the_first_opening_makes_the_folders_and_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "collection.sqlite"
    with Collection.open(path) as collection:
        assert collection.decks() == []
    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")


def test_a_collection_opens_again_with_what_was_in_it(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    with Collection.open(path) as collection:
        collection.set_meta("greeting", "hello", NOW)
    with Collection.open(path) as collection:
        assert collection.meta("greeting") == "hello"
        assert collection.meta("farewell") is None


def test_an_empty_file_becomes_a_collection(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    path.touch()
    Collection.open(path).close()
    Collection.open(path).close()


def test_the_connection_is_durable_and_checks_its_references(tmp_path: Path) -> None:
    database = open_database(tmp_path / "collection.sqlite")
    full = 2
    expected = {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
        "application_id": APPLICATION_ID,
    }
    assert {name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in expected} == expected
    database.close()


def test_every_table_of_ours_is_strict(tmp_path: Path) -> None:
    database = open_database(tmp_path / "collection.sqlite")
    made_by_others = (MIGRATIONS.migrations_table, "note_index")
    tables = [table for table in database.tables if not table.name.startswith(made_by_others)]
    assert len(tables) == 19
    assert all(table.strict for table in tables)
    database.close()


def test_a_collection_of_the_first_schema_keeps_its_notes_and_cards(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    note = Note("n", "Rates", NoteKind.BASIC, "Why?", "Because.")
    with closing(Database(path)) as old:
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        MIGRATIONS.apply(old, stop_before="notes_with_more_faces")
        old.table("decks").insert({"id": 1, "name": "Rates"})
        old.execute(
            """
            INSERT INTO notes
            VALUES (7, 'n', 1, 'basic', 'Why?', 'Because.', '[]', NULL, '[0]', NULL, NULL, 0, 0)
            """
        )
        card = {**card_values(Card("n#0", "n", 0)), "note_id": 7, "deck_id": 1, "asked": "", "orphaned": 0}
        old.table("cards").insert(card)
    with Collection.open(path) as collection:
        assert collection.note("n") == note
        assert collection.card("n#0") == Card("n#0", "n", 0)
        with collection.writing() as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            database.execute("INSERT INTO decks (id, name) VALUES (2, 'Kinks')")
            database.execute("UPDATE notes SET deck_id = 2")
            assert database.execute("SELECT deck_id FROM cards").fetchall() == [(2,)]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: this is a folder, not a file. Name a file."


@pytest.mark.parametrize("content", [b"not a database", b"x" * 5000, b"\0" * 4096])
def test_a_file_that_is_not_sqlite_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "essay.txt"
    path.write_bytes(content)
    assert "it is not SQLite" in refusal(path)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["essay.txt"]


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
def test_another_programs_database_is_refused_and_kept(tmp_path: Path, journal_mode: str) -> None:
    path = tmp_path / "bookmarks.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal_mode}")
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = path.read_bytes()
    assert "another program" in refusal(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["bookmarks.sqlite"]


def test_a_collection_of_a_newer_program_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    database = open_database(path)
    database.table(MIGRATIONS.migrations_table).insert(
        {"migration_set": "lrcards", "name": "holograms", "applied_at": "2031-01-01"}
    )
    database.close()
    before = path.read_bytes()
    assert "made by a newer lrcards" in refusal(path)
    assert "Upgrade lrcards" in refusal(path)
    assert path.read_bytes() == before


def test_a_damaged_collection_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    Collection.open(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\x55" * (len(whole) - 100))
    assert "the collection is damaged" in refusal(path)


def test_a_truncated_collection_is_told_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    Collection.open(path).close()
    path.write_bytes(path.read_bytes()[:8192])
    assert "the collection is damaged" in refusal(path)


def test_a_locked_collection_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 0.01)
    path = tmp_path / "collection.sqlite"
    with Collection.open(path) as ours, Collection.open(path) as theirs, theirs.writing():
        with pytest.raises(CollectionError, match="another program has kept the collection locked"):
            ours.set_meta("key", "value", NOW)
        assert ours.meta("key") is None


def test_a_full_disk_is_told_and_what_was_there_is_kept(tmp_path: Path) -> None:
    database = open_database(tmp_path / "collection.sqlite")
    collection = Collection(database, tmp_path / "collection.sqlite")
    collection.set_meta("small", "kept", NOW)
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CollectionError, match="the disk is full"):
        collection.set_meta("large", "x" * 100_000, NOW)
    assert collection.meta("small") == "kept"
    assert collection.meta("large") is None
    collection.close()


@pytest.fixture
def folder_without_rights() -> Iterator[Path]:
    """A folder of somebody else's, seen without the rights of root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Collection.open(folder / "collection.sqlite").close()
        (folder / "collection.sqlite").chmod(0o444)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        yield folder
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights on Windows")
@pytest.mark.parametrize("name", ["collection.sqlite", "new.sqlite"])
def test_a_read_only_folder_is_told(folder_without_rights: Path, name: str) -> None:
    assert re.search("cannot be (written to|opened)", refusal(folder_without_rights / name))


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights on Windows")
def test_a_folder_that_cannot_be_made_is_told(folder_without_rights: Path) -> None:
    assert "Permission denied" in refusal(folder_without_rights / "new" / "collection.sqlite")


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be opened (" in refusal(tmp_path / "file" / "collection.sqlite")


def test_programs_that_open_a_new_collection_at_once_all_succeed(tmp_path: Path) -> None:
    together = Barrier(8)

    def open_and_close(path: Path) -> None:
        together.wait()
        Collection.open(path).close()

    with ThreadPoolExecutor(together.parties) as threads:
        for attempt in range(5):
            path = tmp_path / f"{attempt}.sqlite"
            for opened in [threads.submit(open_and_close, path) for _ in range(together.parties)]:
                opened.result()
