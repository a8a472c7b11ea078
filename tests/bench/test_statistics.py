"""Statistics of a million reviews, beside a bare scan of the log."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from sqlite_utils.db import Database

from lrcards.collection import aggregates
from lrcards.collection.store import Collection, new_review_id
from lrcards.collection.tallies import recount
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.statistics import statistics

pytestmark = pytest.mark.bench

NOTES, REVIEWS, DAYS, DECKS = 100_000, 1_000_000, 1_000, 20
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
BARE_SCAN = "SELECT count(*), sum(duration_ms) FROM reviews"


def cards(random: Random) -> Iterator[tuple[object, ...]]:
    for number in range(NOTES):
        stability = random.expovariate(1 / 60) + 0.1
        interval = max(1, round(stability))
        due = TODAY + timedelta(days=random.randrange(-20, interval))
        last_day = due - timedelta(days=interval)
        yield (
            f"{number:016x}#0",
            number + 1,
            number % DECKS + 1,
            number,
            stability,
            random.uniform(1, 10),
            due.isoformat(),
            interval,
            last_day.isoformat(),
        )


def reviews(random: Random) -> Iterator[tuple[object, ...]]:
    """Yield answers spread evenly over the days, and from 8 to 20 o'clock."""
    a_day = REVIEWS // DAYS
    for number in range(REVIEWS):
        day = TODAY - timedelta(days=DAYS - 1 - number // a_day)
        at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(
            hours=12 * (number % a_day) / a_day
        )
        interval = max(0, round(random.expovariate(1 / 30)) - 5)
        yield (
            new_review_id(at, random),
            f"{random.randrange(NOTES):016x}#0",
            random.choices((1, 2, 3, 4), (10, 8, 75, 7))[0],
            int(at.timestamp() * 1000),
            day.isoformat(),
            random.randrange(1000, 20_000),
            "review" if interval else random.choice(("new", "learning", "relearning")),
            interval,
            random.betavariate(18, 2) if interval else None,
        )


def fill(database: Database) -> None:
    random = Random(1)
    (trigger,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'tally_a_review'").fetchone()
    database.execute("DROP TRIGGER tally_a_review")
    execute = database.conn.executemany
    execute("INSERT INTO decks (name) VALUES (?)", ((f"Deck {number}",) for number in range(DECKS)))
    execute(
        """
        INSERT INTO notes (guid, deck_id, kind, question, answer, tags, ordinals, created_at, modified_at)
        VALUES (?, ?, 'basic', ?, ?, '[]', '[0]', 0, 0)
        """,
        ((f"{n:016x}", n % DECKS + 1, f"question {n}" * 5, "answer" * 10) for n in range(NOTES)),
    )
    execute(
        """
        INSERT INTO cards (guid, note_id, deck_id, ordinal, position, phase, step, stability, difficulty,
            due_day, interval, last_review, last_day, reviews, lapses, suspended, flag, asked, orphaned)
        VALUES (?, ?, ?, 0, ?, 'review', 0, ?, ?, ?, ?, 0, ?, 10, 0, 0, 0, '', 0)
        """,
        cards(random),
    )
    execute(
        """
        INSERT INTO reviews (id, card_guid, rating, at, day, duration_ms, kind, phase, scheduled,
            last_interval, recall)
        VALUES (?, ?, ?, ?, ?, ?, 'study', ?, -10, ?, ?)
        """,
        reviews(random),
    )
    recount(database)
    database.execute(trigger)


def milliseconds(action: Callable[[], object]) -> float:
    """Return how long the action takes at best."""
    spans = []
    for _ in range(5):
        start = perf_counter()
        action()
        spans.append((perf_counter() - start) * 1000)
    return min(spans)


def test_statistics_of_a_million_reviews(tmp_path: Path) -> None:
    days = StudyDays(UTC)
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        with collection.writing() as database:
            fill(database)

        def everything(deck: str | None = None) -> object:
            return statistics(*collection.tallies(TODAY, deck), days, NOW, MemoryModel())

        log, of_cards = collection.tallies(TODAY)
        with collection.reading() as database:
            times = {
                "bare scan of the log": milliseconds(lambda: database.execute(BARE_SCAN).fetchone()),
                "tallies of the log": milliseconds(lambda: aggregates.log_tallies(database, None)),
                "tallies of the cards": milliseconds(lambda: aggregates.card_tallies(database, None, TODAY)),
                "arithmetic": milliseconds(lambda: statistics(log, of_cards, days, NOW, MemoryModel())),
            }
        times["statistics of all decks"] = milliseconds(everything)
        times["statistics of one deck of 20"] = milliseconds(lambda: everything("Deck 3"))
    assert sum(tally.answers for tally in log.days) == REVIEWS
    bare = times["bare scan of the log"]
    print(f"\n{NOTES} notes, {REVIEWS} reviews over {DAYS} days in {DECKS} decks")
    for name, span in times.items():
        print(f"{name:<30} {span:6.0f} ms   {span / bare:.2f}× bare scan")
