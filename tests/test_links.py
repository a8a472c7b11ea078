"""A linked file or folder is noticed when it changed, and missed when it is gone; nothing else happens."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrcards import links
from lrcards.collection.store import Collection
from lrcards.links import Link, State, print_of, state_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.db") as collection:
        yield collection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "a.md").write_text("Q: a?\nA: a", encoding="utf-8")
    return folder


def linked(path: Path) -> Link:
    return Link(path, None, print_of(path))


def test_links_are_kept_in_the_collection_until_they_are_forgotten(
    collection: Collection, folder: Path
) -> None:
    both = [linked(folder), Link(folder / "a.md", "Mine", print_of(folder / "a.md"))]
    links.remember(collection, both, NOW)
    assert links.read(collection) == both
    links.forget(collection, folder)
    assert links.read(collection) == both[1:]


def test_a_file_is_the_same_until_its_text_changes(folder: Path) -> None:
    file = folder / "a.md"
    link = linked(file)
    os.utime(file, (1, 1))
    assert state_of(link) is State.SAME
    file.write_text("Q: b?\nA: b", encoding="utf-8")
    assert state_of(link) is State.CHANGED
    file.unlink()
    assert state_of(link) is State.MISSING


def test_an_unchanged_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = linked(folder)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was read"))
    assert state_of(link) is State.SAME


def test_a_folder_changes_with_the_decks_in_it(folder: Path) -> None:
    link = linked(folder)
    (folder / "notes.txt").write_text("no deck", encoding="utf-8")
    assert state_of(link) is State.SAME
    (folder / "b.md").write_text("Q: b?\nA: b", encoding="utf-8")
    assert state_of(link) is State.CHANGED
    (folder / "b.md").unlink()
    assert state_of(link) is State.SAME
    (folder / "a.md").rename(folder / "c.md")
    assert state_of(link) is State.CHANGED
