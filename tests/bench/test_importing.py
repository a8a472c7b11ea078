"""Storing 100,000 notes, and finding all of them again, beside what SQLite needs to keep their texts."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrcards.cards.likeness import pair_up
from lrcards.cards.matching import Choices
from lrcards.cards.model import Note, NoteKind, Source
from lrcards.cards.parcel import Parcel
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.settings import StudySettings

pytestmark = pytest.mark.bench

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NUMBER = 100_000
NOTES = tuple(
    Note(f"g{n}", "Deck", NoteKind.BASIC, f"Question {n}?", f"Answer {n}", ("t",), source=Source("f.csv", n))
    for n in range(1, NUMBER + 1)
)


def seconds(do: Callable[[], object]) -> float:
    """Return the processor time of this process, which other ones disturb least."""
    start = time.process_time()
    do()
    return time.process_time() - start


def bare_insert(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE notes (guid TEXT PRIMARY KEY, deck, question, answer, tags)")
        connection.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?)",
            ((note.guid, note.deck, note.question, note.answer, note.tags[0]) for note in NOTES),
        )


def test_importing_100_000_notes_twice(tmp_path: Path) -> None:
    bare = seconds(lambda: bare_insert(tmp_path / "bare.db"))
    with Collection.open(tmp_path / "collection.db") as collection:

        def take_in() -> None:
            collection.import_parcel(
                Parcel(NOTES),
                lambda: rules_in_use(collection, StudySettings(), StudyDays(UTC)),
                NOW,
                Choices(),
            )

        first, again = seconds(take_in), seconds(take_in)
    print(f"\nbare insert {bare:.2f} s, import {first:.2f} s, the same again {again:.2f} s")
    assert first < 30 * bare
    assert again < first


def test_finding_reworded_notes_among_10_000() -> None:
    words = [f"word{number * number % 7919}" for number in range(90_000)]
    before = [
        Note("", "Deck", NoteKind.BASIC, " ".join(words[at : at + 8]), words[at + 8])
        for at in range(0, 90_000, 9)
    ]
    after = [
        Note("", "Deck", NoteKind.BASIC, f"{note.question} indeed", note.answer) for note in reversed(before)
    ]
    few, many = (
        seconds(lambda number=number: pair_up(before[:number], after[-number:])) for number in (1000, 10_000)
    )
    print(f"\n1,000 beside 1,000: {few:.2f} s; 10,000 beside 10,000: {many:.2f} s")
    assert many < 40 * few
