"""A collection that was studied for years, built once for all that is measured on it."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils.db import Database

from lrcards.collection.store import Collection
from lrcards.collection.tallies import recount

NOTES, NEW, REVIEWS, DECKS = 100_000, 10_000, 1_000_000, 20
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()

# Numbers that look random are multiples of a large number by a remainder, so that every run is alike.
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

INSERT INTO cards (id, guid, note_id, deck_id, ordinal, position, phase, step, interval, reviews, lapses,
    suspended, flag, asked, orphaned)
SELECT i + 1, printf('note-%06d#0', i), i + 1, i % {DECKS} + 1, 0, i, 'new', 0, 0, 0, 0, 0, 0, '', 0
FROM numbers;

-- Over 1,000 days, from 8 to 20 o'clock.
INSERT INTO reviews (id, card_guid, rating, at, day, duration_ms, kind, phase, scheduled, last_interval,
    recall)
SELECT printf('%08x-%04x-7000-8000-%012x', at >> 16, at & 65535, number), printf('note-%06d#0', i),
    CASE WHEN lot < 10 THEN 1 WHEN lot < 18 THEN 2 WHEN lot < 93 THEN 3 ELSE 4 END, at,
    date(at / 1000, 'unixepoch'), 1000 + lot * 190, 'study',
    CASE WHEN turn = 0 THEN 'new' WHEN turn = 1 THEN 'learning' ELSE 'review' END, -20,
    iif(turn < 2, 0, 1 + lot * turn / 6), iif(turn < 2, NULL, 1 - (number * 16807 % 65537) / 65537.0 / 4)
FROM (
    SELECT i, turn, number, number * 48271 % 101 AS lot,
        1772409600000 - (1000 - turn * 83 - number * 69621 % 83) * 86400000
            + 28800000 + number * 16807 % 43200 * 1000 AS at
    FROM (SELECT i, turn, turn * {NOTES} + i AS number FROM numbers CROSS JOIN turns WHERE i >= {NEW})
) LIMIT {REVIEWS};
"""

# Stabilities of 1 to 600 days; answered up to an interval ago, and up to :late days more.
STUDY = f"""
UPDATE cards SET phase = 'review', stability = s, difficulty = 1 + i % 90 / 10.0, interval = round(s),
    due_day = date('{TODAY}', (round(s) - ago) || ' days'), last_day = date('{TODAY}', -ago || ' days'),
    last_review = (julianday('{TODAY}') - ago - 2440587.5) * 86400000, reviews = 11
FROM (
    SELECT i, s, CAST((s + :late) * (i * 48271 % 65537) / 65536.0 AS INTEGER) AS ago
    FROM (SELECT id - 1 AS i, 1.0 + (id - 1) * 69621 % 600 AS s FROM cards WHERE id > {NEW})
) WHERE id = i + 1;
"""


@pytest.fixture(scope="session", autouse=True)
def new_collections_are_copies() -> None:
    """Measure with collections as they are made for a user, which wait for the disk."""


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of 100,000 notes and 1,000,000 reviews, studied every day until yesterday."""
    path = tmp_path_factory.mktemp("studied") / "collection.db"
    Collection.open(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "cache_size = -500000", "ignore_check_constraints = ON"):
        connection.execute(f"PRAGMA {pragma}")
    (trigger,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'tally_a_review'").fetchone()
    connection.execute("DROP TRIGGER tally_a_review")
    database = Database(connection, execute_plugins=False)
    connection.execute("BEGIN")
    for statement in FILL.split(";\n"):
        connection.execute(statement)
    connection.execute(STUDY, {"late": 1})
    recount(database)
    connection.execute(trigger)
    connection.execute("COMMIT")
    connection.close()
    return path


@pytest.fixture(scope="session")
def left_alone(studied: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same collection, had it not been studied for two months."""
    path = Path(shutil.copy(studied, tmp_path_factory.mktemp("left-alone")))
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(STUDY, {"late": 60})
    connection.close()
    return path
