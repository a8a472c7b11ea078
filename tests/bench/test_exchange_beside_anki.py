"""Importing and exporting 100,000 notes, beside the same with Anki's own backend (pip install anki)."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest

from lrcards.cards.formats.writing import write
from lrcards.cards.matching import Choices
from lrcards.desk import Desk
from lrcards.exchange import receive
from lrcards.settings import Settings

anki = pytest.importorskip("anki.collection", reason="needs Anki's backend")

pytestmark = pytest.mark.bench

NOTES, REVIEWS = 100_000, 3
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = 1_600_000_000_000
MEMORY = '{"s":12.5,"d":6.25,"dr":0.9,"decay":0.1542,"lrt":1700000000}'


def spent(action: Callable[[], object]) -> float:
    """Return the processor time of this process, which other ones disturb least.

    The garbage collector rests, as it does in the commands.
    """
    gc.collect()
    gc.disable()
    try:
        start = process_time()
        action()
        return process_time() - start
    finally:
        gc.enable()


def filled(path: Path, *, studied: bool) -> Any:
    """Return a collection of Anki's with very many notes in twenty decks, new or all in review."""
    collection = anki.Collection(str(path))
    collection.set_config("fsrs", True)
    kind, today = collection.models.by_name("Basic")["id"], collection.sched.today
    decks = [collection.decks.id(f"Subject::Part {n}") for n in range(20)]
    collection.close()
    connection = sqlite3.connect(path)
    questions = [f"What has the number {n}, and is as long as most?" for n in range(NOTES)]
    answers = [rf"An <b>answer</b> \({n * 48271 % 65537}\)" for n in range(NOTES)]
    connection.executemany(
        "INSERT INTO notes VALUES (?, ?, ?, 1600000000, 0, ?, ?, ?, 0, 0, '')",
        (
            (FIRST + n, f"guid-{n}", kind, f" a::b tag{n % 50} ", f"{question}\x1f{answers[n]}", question)
            for n, question in enumerate(questions)
        ),
    )
    states = ((2, 2, today + n % 999, 1 + n % 300, 2500, 3, MEMORY) for n in range(NOTES))
    fresh = ((0, 0, n, 0, 0, 0, "") for n in range(NOTES))
    connection.executemany(
        "INSERT INTO cards VALUES (?, ?, ?, 0, 1600000000, 0, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?)",
        (
            (FIRST + n, FIRST + n, decks[n % 20], *state)
            for n, state in enumerate(states if studied else fresh)
        ),
    )
    if studied:
        connection.executemany(
            "INSERT INTO revlog VALUES (?, ?, 0, 3, ?, ?, 500, ?, 1)",
            (
                (FIRST + REVIEWS * n + turn, FIRST + n, 1 + n % 300, n % 200, n % 9999)
                for n in range(NOTES)
                for turn in range(REVIEWS)
            ),
        )
    connection.commit()
    connection.close()
    return anki.Collection(str(path))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk.open(tmp_path / "ours.db", Settings(), lambda: NOW, UTC, Random(1)) as desk:
        yield desk


def take_in(desk: Desk, file: Path) -> None:
    desk.import_parcel(receive([file], None, desk.days).parcel, Choices())


def report(what: str, ours: float, theirs: float) -> None:
    print(f"\n{what}: {ours:.1f} s, Anki {theirs:.1f} s, ratio {ours / theirs:.1f}")


@pytest.mark.parametrize("studied", [False, True], ids=["new", "studied"])
def test_packages(desk: Desk, tmp_path: Path, studied: bool) -> None:
    theirs, file = filled(tmp_path / "theirs.anki2", studied=studied), tmp_path / "deck.apkg"
    options = anki.ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=False, legacy=False
    )
    exporting = spent(lambda: theirs.export_anki_package(out_path=str(file), options=options, limit=None))
    theirs.close()
    other = anki.Collection(str(tmp_path / "other.anki2"))
    request = anki.ImportAnkiPackageRequest(
        package_path=str(file),
        options=anki.ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True),
    )
    importing = spent(lambda: other.import_anki_package(request))
    other.close()

    what = f"a package of notes that are {'studied' if studied else 'new'}"
    ours = spent(lambda: take_in(desk, file))
    report(f"importing {what}", ours, importing)
    back = tmp_path / "back.apkg"
    written = spent(lambda: write(desk.collection.parcel(), back, now=NOW, days=desk.days))
    report(f"exporting {what}", written, exporting)
    assert ours < 20 * importing
    assert written < 10 * exporting


def test_tables(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    rows = (f'"What has the number {n}, and is as long as most?","The answer {n}"\n' for n in range(NOTES))
    file.write_text("".join(rows), encoding="utf-8")
    theirs = anki.Collection(str(tmp_path / "theirs.anki2"))

    def importing() -> None:
        metadata = theirs.get_csv_metadata(path=str(file), delimiter=None)
        theirs.import_csv(anki.ImportCsvRequest(path=str(file), metadata=metadata))

    least = spent(importing)
    theirs.close()
    ours = spent(lambda: take_in(desk, file))
    report("importing a table", ours, least)
    assert ours < 10 * least
