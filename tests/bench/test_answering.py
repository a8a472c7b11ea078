"""Our own time from a rating to the next question, beside a bare INSERT and COMMIT on the same disk."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter

import pytest

from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.collection.store import Collection
from lrcards.desk import Desk
from lrcards.session import Sitting
from lrcards.settings import Settings
from lrcards.study.days import StudyDays

pytestmark = pytest.mark.bench

CARDS = 5_000
ANSWERS = 500
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = Settings(tables={"study": {"new_per_day": CARDS, "reviews_per_day": CARDS}})


def milliseconds(action: Callable[[], object], times: int) -> list[float]:
    """Return how long each of the calls took."""
    spans = []
    for _ in range(times):
        start = perf_counter()
        action()
        spans.append((perf_counter() - start) * 1000)
    return spans


def p50_and_p99(spans: list[float]) -> tuple[float, float]:
    percentiles = quantiles(spans, n=100)
    return percentiles[49], percentiles[98]


def bare_commits(path: Path) -> list[float]:
    """Time rows of a review's size, each with its own durable commit and nothing around it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE reviews (id TEXT PRIMARY KEY, card TEXT, rating, at, duration, kind, phase, scheduled)"
    )
    random = Random(1)

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        row = (f"{random.getrandbits(128):036}", "n4999#0", 3, 1_772_452_800_000, 4000, "study", "new", 600)
        connection.execute("INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")

    spans = milliseconds(insert, ANSWERS)
    connection.close()
    return spans


def test_answering_beside_a_bare_commit(tmp_path: Path) -> None:
    clock = iter(NOW + timedelta(seconds=second) for second in range(1_000_000))
    random = Random(1)
    notes = [
        Note(f"n{number}", f"Deck {number % 5}", NoteKind.BASIC, f"question {number}", "a")
        for number in range(CARDS)
    ]
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        (imported,) = milliseconds(lambda: collection.import_notes(notes, NOW), 1)

        desk = Desk(collection, SETTINGS, StudyDays(UTC), lambda: next(clock), random)

        def sit() -> Sitting:
            return desk.sitting()

        sitting = sit()

        def answer() -> None:
            sitting.preview()
            sitting.answer(random.choice(list(Rating)))
            assert sitting.current

        assert sitting.current
        ours = milliseconds(answer, ANSWERS)
        undone = milliseconds(sitting.undo, 100)
        opened = milliseconds(lambda: sit().current, 10)
        counted = milliseconds(desk.overview, 10)
    bare = bare_commits(tmp_path / "bare.sqlite")
    p50, p99 = p50_and_p99(ours)
    bare_p50, bare_p99 = p50_and_p99(bare)
    print(
        f"""
{CARDS} cards, {ANSWERS} answers, milliseconds      p50      p99
rating to next question, committed      {p50:8.2f} {p99:8.2f}
bare INSERT and COMMIT                  {bare_p50:8.2f} {bare_p99:8.2f}
ratio                                   {p50 / bare_p50:8.2f} {p99 / bare_p99:8.2f}
our own time beyond the bare commit     {p50 - bare_p50:8.2f}
undo                                    {p50_and_p99(undone)[0]:8.2f} {p50_and_p99(undone)[1]:8.2f}
first card of a sitting                 {min(opened):8.2f}
overview of 5 decks                     {min(counted):8.2f}
import                                  {imported:8.2f}"""
    )
