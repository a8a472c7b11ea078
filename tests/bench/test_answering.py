"""From a rating to the next question, and the queue of a day, after a million reviews of 100,000 notes."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter

import pytest

from lrcards.agenda import Plan, overview, queue_for
from lrcards.cards.model import Rating
from lrcards.collection.decks import decks_within
from lrcards.collection.due_reviews import due_reviews
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.store import Collection
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.settings import StudySettings

pytestmark = pytest.mark.bench

ANSWERS = 500
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
SETTINGS = StudySettings(limits=Limits(new_per_day=20, reviews_per_day=1000))


@pytest.fixture(params=["studied", "left_alone"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.getfixturevalue(request.param), tmp_path))


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


def bare_insert(collection: Collection, random: Random) -> Callable[[], None]:
    """Return what writes a row of a review's shape into the same file, with its own durable commit."""
    with collection.writing() as database:
        database.execute(
            """
            CREATE TABLE bare (id, card_guid, rating, at, day, duration_ms, kind, phase, scheduled,
                prediction, last_interval, recall, PRIMARY KEY (card_guid, at, id)) WITHOUT ROWID
            """
        )
        connection = database.conn

    def insert() -> None:
        at = 1_772_452_800_000 + random.randrange(10**9)
        identifier, card = f"{random.getrandbits(128):036}", f"note-{random.randrange(10**6):06}#0"
        row = (identifier, card, 3, at, "2026-03-02", 4000, "study", "review", -20, None, 20, 0.9)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")

    return insert


def test_answering_beside_a_bare_commit(path: Path) -> None:
    clock = iter(NOW + timedelta(seconds=second) for second in range(1_000_000))
    random = Random(1)
    with Collection.open(path) as collection:
        insert = bare_insert(collection, random)
        rules = rules_in_use(collection, SETTINGS, DAYS)
        with collection.reading() as database:
            names = decks_within(database, None)
            decks, waiting = len(names), len(due_reviews(database, names, DAYS.day(NOW), rules))
        queued = milliseconds(lambda: queue_for(collection, rules, NOW, Plan()), 10)
        counted = milliseconds(lambda: overview(collection, rules, NOW), 5)
        sitting = Sitting(collection, SETTINGS, DAYS, lambda: next(clock), random)

        def answer() -> None:
            sitting.answer(random.choice(list(Rating)))
            assert sitting.current

        (first,) = milliseconds(sitting.preview, 1)
        ours, previews, bare = [], [], []
        # Taken in turns, so that whatever else the machine does slows all of them.
        for _ in range(ANSWERS):
            ours += milliseconds(answer, 1)
            previews += milliseconds(sitting.preview, 1)
            bare += milliseconds(insert, 1)
        undone = milliseconds(sitting.undo, 100)
    p50, p99 = p50_and_p99(ours)
    bare_p50, bare_p99 = p50_and_p99(bare)
    print(
        f"""
{waiting} reviews due, milliseconds             p50      p99
rating to next question, committed      {p50:8.2f} {p99:8.2f}
bare INSERT and COMMIT                  {bare_p50:8.2f} {bare_p99:8.2f}
ratio                                   {p50 / bare_p50:8.2f} {p99 / bare_p99:8.2f}
undo                                    {p50_and_p99(undone)[0]:8.2f} {p50_and_p99(undone)[1]:8.2f}
delays on the buttons                   {p50_and_p99(previews)[0]:8.2f} {p50_and_p99(previews)[1]:8.2f}
delays of the first card                {first:8.2f}
queue of the day                        {min(queued):8.2f}
overview of {decks} decks                    {min(counted):8.2f}"""
    )
