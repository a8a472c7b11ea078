"""An Anki package of 100,000 notes is read and written, beside the bare work of SQLite and zlib.

Anki itself, on the same file and machine, took 2.4 s of CPU to import it and 2.7 s to export it so.
"""

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiCollection,
    AnkiDeck,
    AnkiDeckOptions,
    AnkiField,
    AnkiNote,
    AnkiNotetype,
    AnkiReview,
    AnkiTemplate,
)
from lrcards.cards.formats.anki.package import read_anki
from lrcards.cards.formats.anki.writing import write_anki

pytestmark = pytest.mark.bench

NOTES, RUNS = 100_000, 3
FIRST = 1_600_000_000_000


@pytest.fixture(scope="module")
def collection() -> AnkiCollection:
    """A collection of 100,000 notes, each with a card that was answered three times."""
    data = '{"s":12.5,"d":6.25,"dr":0.9,"decay":0.1542,"lrt":1700000000}'
    ids = range(FIRST, FIRST + NOTES)
    return AnkiCollection(
        created=datetime(2020, 1, 1, 4, tzinfo=UTC),
        notetypes=(
            AnkiNotetype(
                *(FIRST, "Basic", False, (AnkiField("Front"), AnkiField("Back"))),
                (AnkiTemplate("Card 1", "{{Front}}", "{{FrontSide}}<hr>{{Back}}"),),
            ),
        ),
        decks=tuple(AnkiDeck(FIRST + n, f"Subject::Part {n}") for n in range(20)),
        options=(AnkiDeckOptions(FIRST, "Mine"),),
        notes=tuple(
            AnkiNote(
                *(i, f"guid-{i}", FIRST, 1_600_000_000, ("a::b", f"tag{i % 50}")),
                (
                    f"What has the number {i}, and is as long as most?",
                    f"An <b>answer</b> \\({i * 48271 % 65537}\\)",
                ),
            )
            for i in ids
        ),
        cards=tuple(
            AnkiCard(
                i, i, FIRST + i % 20, 0, 1_600_000_000, 2, 2, i % 999, i % 300, 2500, 3, 0, 0, 0, 0, 0, data
            )
            for i in ids
        ),
        reviews=tuple(
            AnkiReview(FIRST + 3 * (i - FIRST) + n, i, 3, 1 + i % 300, i % 200, 500, i % 9999, 1)
            for i in ids
            for n in range(3)
        ),
    )


@pytest.fixture(scope="module")
def package(collection, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("package") / "deck.apkg"
    write_anki(path, collection)
    return path


def fastest(action: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest run."""
    spans = []
    for _ in range(RUNS):
        start = process_time()
        action()
        spans.append(process_time() - start)
    return min(spans)


def test_reading_takes_little_more_than_unpacking_and_fetching(package, tmp_path):
    def bare() -> None:
        with zipfile.ZipFile(package) as archive:
            path = archive.extract("collection.anki21", tmp_path)
        with closing(sqlite3.connect(path)) as connection:
            for table in ("notes", "cards", "revlog"):
                connection.execute(f"SELECT * FROM {table}").fetchall()

    ours, least = fastest(lambda: read_anki(package)), fastest(bare)
    print(f"\nread {NOTES:,} notes: {ours:.2f} s, bare {least:.2f} s, ratio {ours / least:.1f}")
    assert ours / least < 3


def test_writing_takes_little_more_than_inserting_and_packing(collection, package, tmp_path):
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki21", tmp_path)
    with closing(sqlite3.connect(tmp_path / "collection.anki21")) as connection:
        rows = {
            table: connection.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("notes", "cards", "revlog")
        }
        schema = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]

    def bare() -> None:
        path = tmp_path / "bare"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = off")
            connection.execute("PRAGMA synchronous = off")
            for statement in schema:
                connection.execute(statement)
            for table, values in rows.items():
                connection.executemany(
                    f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values
                )
            connection.commit()
        with zipfile.ZipFile(tmp_path / "bare.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(path, "collection.anki21")

    ours, least = fastest(lambda: write_anki(tmp_path / "ours.apkg", collection)), fastest(bare)
    print(f"\nwrite {NOTES:,} notes: {ours:.2f} s, bare {least:.2f} s, ratio {ours / least:.1f}")
    assert ours / least < 2
