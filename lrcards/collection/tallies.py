"""Tallies of the log: how many answers of each sort a day had, kept by triggers so that statistics are quick.

Grouping a million reviews takes seconds; a tally grows only with the days. Tallies are a cache that can be
counted again from the log.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils.db import Database

from lrcards.collection.triggers import MANY, suspended


@dataclass(frozen=True, slots=True)
class Tally:
    """A table with sums over the reviews that are alike.

    Attributes:
        table: its name.
        keys: the columns of ``tallied_reviews`` in which these reviews are alike; the primary key.
        sums: for each further column, the whole number of a review that is added up.
        of: which reviews are counted.
    """

    table: str
    keys: tuple[str, ...]
    sums: Mapping[str, str]
    of: str = "true"


BY_DAY = Tally(
    "tallies_by_day",
    ("day", "kind", "stage", "rating"),
    {"answers": "1", "duration_ms": "duration_ms"},
)
BY_QUARTER_HOUR = Tally(
    "tallies_by_quarter_hour",
    ("day", "quarter_hour"),
    {"answers": "1", "recalled": "rating > 1"},
    of="kind = 'study'",
)
BY_RECALL = Tally(
    "tallies_by_recall",
    ("day", "recall_bin"),
    {"answers": "1", "recalled": "rating > 1", "recall_ppm": "CAST(round(recall * 1e6) AS INTEGER)"},
    of="kind = 'study' AND recall IS NOT NULL",
)
TALLIES = (BY_DAY, BY_QUARTER_HOUR, BY_RECALL)

_DERIVED = {
    "quarter_hour": "at / 900000",
    "stage": """CASE
        WHEN phase = 'new' THEN 'new'
        WHEN phase <> 'review' AND last_interval = 0 THEN 'learning'
        WHEN last_interval < 21 THEN 'young'
        ELSE 'mature'
    END""",
    "recall_bin": "min(CAST(recall * 20 AS INTEGER), 19)",
}
"""What is worked out of a review to group it by, by column.

The stages are those of ``study.tallies.Stage``. Every UTC offset is a multiple of a quarter of an hour, so
that quarters can be put together to the hours of any time zone.
"""

_COLUMNS = (
    "id",
    "card_guid",
    "at",
    "day",
    "kind",
    "phase",
    "rating",
    "duration_ms",
    "last_interval",
    "recall",
)
_TALLIED = ", ".join((*_COLUMNS, *(f"{value} AS {column}" for column, value in _DERIVED.items())))


def create_tallies(database: Database) -> None:
    """Make the tables and the triggers that keep them, inside the caller's transaction."""
    delete_empty = " ".join(f"DELETE FROM {tally.table} WHERE answers = 0;" for tally in TALLIES)
    database.executescript(
        f"""
        CREATE VIEW tallied_reviews AS SELECT {_TALLIED} FROM reviews;

        CREATE TABLE tallies_by_day (
            day TEXT NOT NULL,
            kind TEXT NOT NULL,
            stage TEXT NOT NULL,
            rating INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            duration_ms INTEGER NOT NULL,
            PRIMARY KEY (day, kind, stage, rating)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tallies_by_quarter_hour (
            day TEXT NOT NULL,
            quarter_hour INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            recalled INTEGER NOT NULL,
            PRIMARY KEY (day, quarter_hour)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tallies_by_recall (
            day TEXT NOT NULL,
            recall_bin INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            recalled INTEGER NOT NULL,
            recall_ppm INTEGER NOT NULL,
            PRIMARY KEY (day, recall_bin)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER tally_a_review AFTER INSERT ON reviews
        BEGIN {_add("", "new")} END;

        CREATE TRIGGER tally_a_review_no_more BEFORE DELETE ON reviews
        BEGIN {_add("-", "old")} {delete_empty} END;
        """
    )
    for tally in TALLIES:
        database.execute(f"CREATE INDEX empty_{tally.table} ON {tally.table} (answers) WHERE answers = 0")


def tallied(database: Database, tally: Tally, which: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a tally, its keys and then its sums.

    Those of the whole log are there to be read; for ``which`` reviews, a condition in SQL, they are counted.
    """
    return database.execute(_kept(tally) if which is None else _counted(tally, which))


def tallied_since(database: Database, tally: Tally, since: date) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a tally of the whole log from a study day on."""
    return database.execute(f"{_kept(tally)} WHERE day >= :since", {"since": since.isoformat()})


@contextmanager
def tallying(database: Database, reviews: int) -> Iterator[None]:
    """Keep the tallies while a block adds so many reviews to the log, inside the caller's transaction.

    For a review alone the trigger does it; if many are added to a short log, to count it again is quicker.
    """
    if reviews < MANY or _has_logged(database, 10 * reviews):
        yield
        return
    with suspended(database, "tally_a_review"):
        yield
        recount(database)


def _has_logged(database: Database, reviews: int) -> bool:
    ((logged,),) = database.execute("SELECT count(*) FROM (SELECT 1 FROM reviews LIMIT ?)", [reviews])
    return bool(logged == reviews)


def recount(database: Database) -> None:
    """Count the whole log again, inside the caller's transaction."""
    for tally in TALLIES:
        database.execute(f"DELETE FROM {tally.table}")
        database.execute(f"INSERT INTO {tally.table} ({_columns(tally)}) {_counted(tally)}")


def tally_problems(database: Database) -> Iterator[str]:
    """Yield one sentence for each tally that does not agree with the log."""
    for tally in TALLIES:
        if set(database.execute(_kept(tally))) != set(database.execute(_counted(tally))):
            yield f"The counts in {tally.table} do not agree with the log of reviews."


def _columns(tally: Tally) -> str:
    return ", ".join((*tally.keys, *tally.sums))


def _kept(tally: Tally) -> str:
    return f"SELECT {_columns(tally)} FROM {tally.table}"


def _counted(tally: Tally, which: str = "true") -> str:
    """Return the query for what the tally of some reviews should be."""
    keys = ", ".join(tally.keys)
    sums = ", ".join(f"sum({number})" for number in tally.sums.values())
    return f"SELECT {keys}, {sums} FROM tallied_reviews WHERE {tally.of} AND {which} GROUP BY {keys}"


def _add(sign: str, review: str) -> str:
    """Return the statements that add a review to the tallies; a minus takes it out.

    The review is ``new`` or ``old``, which the trigger fired for: to look it up again would take longer.
    """
    columns = ", ".join(f"{review}.{column} AS {column}" for column in _COLUMNS)
    statements = []
    for tally in TALLIES:
        numbers = ", ".join(f"{sign}({number})" for number in tally.sums.values())
        updates = ", ".join(f"{column} = {column} + excluded.{column}" for column in tally.sums)
        statements.append(
            f"INSERT INTO {tally.table} ({_columns(tally)}) SELECT {', '.join(tally.keys)}, {numbers} "
            f"FROM (SELECT {_TALLIED} FROM (SELECT {columns})) WHERE {tally.of} "
            f"ON CONFLICT DO UPDATE SET {updates};"
        )
    return " ".join(statements)
