"""From a rating to the next question, and the queue of a day, after a million reviews of 100,000 notes."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from lrcards.collection.tallies import recount
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.settings import StudySettings

pytestmark = pytest.mark.bench

NOTES, NEW, REVIEWS, DECKS = 100_000, 10_000, 1_000_000, 20
ANSWERS = 500
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
SETTINGS = StudySettings(limits=Limits(new_per_day=20, reviews_per_day=1000))

FILL = f"""
CREATE TEMP TABLE numbers AS
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {NOTES} - 1) SELECT i FROM n;

CREATE TEMP TABLE turns AS SELECT i AS turn FROM numbers WHERE i < 12;

INSERT INTO decks (id, name)
SELECT i + 1, printf('Subject %d::Part %d', i % 4, i) FROM numbers WHERE i < {DECKS};

INSERT INTO notes (id, guid, deck_id, kind, question, answer, tags, ordinals, created_at, modified_at)
SELECT i + 1, printf('note-%06d', i), i % {DECKS} + 1, 'basic',
    printf('What has the number %d, and a question as long as most are?', i),
    'An answer of a few words, maybe with a formula: $\\eta < 2 / L$.', '[]', '[0]', 0, 0
FROM numbers;

-- Stabilities of 1 to 600 days; answered up to an interval ago, and up to :late days more.
CREATE TEMP TABLE states AS
SELECT i, stability, max(1, CAST(round(stability) AS INTEGER)) AS interval, ago FROM (
    SELECT i, stability, CAST((stability + :late) * (i * 48271 % 65537) / 65536.0 AS INTEGER) AS ago FROM (
        SELECT i, 1.0 + i * 69621 % 600 AS stability FROM numbers
    )
);

INSERT INTO cards (id, guid, note_id, deck_id, ordinal, position, phase, step, stability, difficulty, due_day,
    interval, last_review, last_day, reviews, lapses, suspended, flag, asked, orphaned)
SELECT i + 1, printf('note-%06d#0', i), i + 1, i % {DECKS} + 1, 0, i,
    iif(i < {NEW}, 'new', 'review'), 0,
    iif(i < {NEW}, NULL, stability), iif(i < {NEW}, NULL, 1 + i % 90 / 10.0),
    iif(i < {NEW}, NULL, date('2026-03-02', (interval - ago) || ' days')), iif(i < {NEW}, 0, interval),
    iif(i < {NEW}, NULL, (julianday('2026-03-02') - ago - 2440587.5) * 86400000),
    iif(i < {NEW}, NULL, date('2026-03-02', -ago || ' days')), iif(i < {NEW}, 0, 11), 0, 0, 0, '', 0
FROM states;

INSERT INTO reviews (id, card_guid, rating, at, day, duration_ms, kind, phase, scheduled,
    last_interval, recall)
SELECT printf('%08x-%04x-7000-8000-%012x', at >> 16, at & 65535, number), printf('note-%06d#0', i), 3, at,
    date(at / 1000, 'unixepoch'), 4000, 'study', 'review', -20, 20, 0.9
FROM (
    SELECT i, turn * 100000 + i AS number,
        1609459200000 + turn * 14000000000 + i * 48271 % 100003 * 139000 AS at
    FROM numbers CROSS JOIN turns WHERE i >= {NEW}
) LIMIT {REVIEWS};
"""


def fill(path: Path, late: int) -> None:
    """Make a collection that was studied for years, and then left alone for some days."""
    Collection.open(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -500000")
    (trigger,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'tally_a_review'").fetchone()
    connection.execute("DROP TRIGGER tally_a_review")
    for statement in FILL.split(";\n"):
        connection.execute(statement, {"late": late} if ":late" in statement else {})
    connection.execute(trigger)
    connection.close()
    with Collection.open(path) as collection, collection.writing() as database:
        recount(database)


@pytest.fixture(scope="module", params=[1, 60], ids=["as every day", "after two months"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("lived") / "collection.db"
    fill(path, request.param)
    return path


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


@contextmanager
def bare_commits(path: Path) -> Iterator[Callable[[], None]]:
    """Give what writes a row of a review's size, with its own durable commit and nothing around it."""
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

    yield insert
    connection.close()


def test_answering_beside_a_bare_commit(path: Path, tmp_path: Path) -> None:
    clock = iter(NOW + timedelta(seconds=second) for second in range(1_000_000))
    random = Random(1)
    with Collection.open(path) as collection, bare_commits(tmp_path / "bare.db") as insert:
        rules = rules_in_use(collection, SETTINGS, DAYS)
        with collection.reading() as database:
            waiting = len(due_reviews(database, decks_within(database, None), DAYS.day(NOW), rules))
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
overview of {DECKS} decks                    {min(counted):8.2f}"""
    )
