"""Statistics of a million reviews, beside a bare scan of the log."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest

from lrcards.collection import aggregates
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.statistics import statistics

pytestmark = pytest.mark.bench

REVIEWS = 1_000_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
BARE_SCAN = "SELECT count(*), sum(duration_ms) FROM reviews"


def milliseconds(action: Callable[[], object]) -> float:
    """Return how long the action takes at best."""
    spans = []
    for _ in range(5):
        start = perf_counter()
        action()
        spans.append((perf_counter() - start) * 1000)
    return min(spans)


def test_statistics_of_a_million_reviews(studied: Path) -> None:
    days = StudyDays(UTC)
    with Collection.open(studied) as collection:

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
        times["statistics of one deck of 20"] = milliseconds(lambda: everything("Subject 3::Part 3"))
    assert sum(tally.answers for tally in log.days) == REVIEWS
    bare = times["bare scan of the log"]
    print(f"\n{REVIEWS} reviews over {len({tally.day for tally in log.days})} days")
    for name, span in times.items():
        print(f"{name:<30} {span:6.0f} ms   {span / bare:.2f}× bare scan")
