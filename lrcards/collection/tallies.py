"""Tallies of the log: how many answers of each sort a day had, kept by triggers so that statistics are quick.

Grouping a million reviews takes seconds; a tally grows only with the days and decks. Tallies are a cache that
can be counted again from the log. The answers of cards that are not in the collection count for deck 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlite_utils.db import Database


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


TALLIES = (
    Tally(
        "tallies_by_day",
        ("day", "kind", "stage", "rating", "deck_id"),
        {"answers": "1", "duration_ms": "duration_ms"},
    ),
    Tally(
        "tallies_by_quarter_hour",
        ("quarter_hour", "deck_id"),
        {"answers": "1", "recalled": "rating > 1"},
        of="kind = 'study'",
    ),
    Tally(
        "tallies_by_recall",
        ("day", "recall_bin", "deck_id"),
        {"answers": "1", "recalled": "rating > 1", "recall_ppm": "CAST(round(recall * 1e6) AS INTEGER)"},
        of="kind = 'study' AND recall IS NOT NULL",
    ),
)


def create_tallies(database: Database) -> None:
    """Make the tables and the triggers that keep them, inside the caller's transaction.

    The stages are those of ``study.statistics.Stage``. Every UTC offset is a multiple of a quarter of an
    hour, so that quarters can be put together to the hours of any time zone.
    """
    database.executescript(
        f"""
        CREATE VIEW tallied_reviews AS
        SELECT id, card_guid, day, kind, rating, duration_ms, recall, at / 900000 AS quarter_hour,
            CASE
                WHEN phase = 'new' THEN 'new'
                WHEN phase <> 'review' AND last_interval = 0 THEN 'learning'
                WHEN last_interval < 21 THEN 'young'
                ELSE 'mature'
            END AS stage,
            min(CAST(recall * 20 AS INTEGER), 19) AS recall_bin,
            ifnull((SELECT deck_id FROM cards WHERE guid = card_guid), 0) AS deck_id
        FROM reviews;

        CREATE TABLE tallies_by_day (
            day TEXT NOT NULL,
            kind TEXT NOT NULL,
            stage TEXT NOT NULL,
            rating INTEGER NOT NULL,
            deck_id INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            duration_ms INTEGER NOT NULL,
            PRIMARY KEY (day, kind, stage, rating, deck_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tallies_by_quarter_hour (
            quarter_hour INTEGER NOT NULL,
            deck_id INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            recalled INTEGER NOT NULL,
            PRIMARY KEY (quarter_hour, deck_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tallies_by_recall (
            day TEXT NOT NULL,
            recall_bin INTEGER NOT NULL,
            deck_id INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            recalled INTEGER NOT NULL,
            recall_ppm INTEGER NOT NULL,
            PRIMARY KEY (day, recall_bin, deck_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER tally_a_review AFTER INSERT ON reviews
        BEGIN {_count("id = new.id")} END;

        CREATE TRIGGER tally_a_review_no_more BEFORE DELETE ON reviews
        BEGIN {_discount("id = old.id")} END;

        CREATE TRIGGER tally_reviews_that_were_there_before_their_card AFTER INSERT ON cards
        WHEN EXISTS (SELECT 1 FROM reviews WHERE card_guid = new.guid)
        BEGIN {_discount("card_guid = new.guid", deck="0")} {_count("card_guid = new.guid")} END;

        CREATE TRIGGER take_reviews_out_of_a_deck BEFORE UPDATE OF deck_id ON cards
        WHEN old.deck_id <> new.deck_id
        BEGIN {_discount("card_guid = old.guid")} END;

        CREATE TRIGGER put_reviews_into_a_deck AFTER UPDATE OF deck_id ON cards
        WHEN old.deck_id <> new.deck_id
        BEGIN {_count("card_guid = new.guid")} END;

        CREATE TRIGGER take_reviews_from_a_card BEFORE DELETE ON cards
        BEGIN {_discount("card_guid = old.guid")} END;

        CREATE TRIGGER keep_reviews_without_their_card AFTER DELETE ON cards
        BEGIN {_count("card_guid = old.guid")} END;
        """
    )
    for tally in TALLIES:
        database.execute(f"CREATE INDEX empty_{tally.table} ON {tally.table} (answers) WHERE answers = 0")


def recount(database: Database) -> None:
    """Count the whole log again, inside the caller's transaction."""
    for tally in TALLIES:
        database.execute(f"DELETE FROM {tally.table}")
        database.execute(f"INSERT INTO {tally.table} ({', '.join(_columns(tally))}) {_counted(tally)}")


def tally_problems(database: Database) -> Iterator[str]:
    """Yield one sentence for each tally that does not agree with the log."""
    for tally in TALLIES:
        kept = f"SELECT {', '.join(_columns(tally))} FROM {tally.table}"
        counted = _counted(tally)
        differences = (
            f"SELECT * FROM ({counted} EXCEPT {kept}) UNION ALL SELECT * FROM ({kept} EXCEPT {counted})"
        )
        if database.execute(f"SELECT EXISTS ({differences})").fetchone()[0]:
            yield f"The counts in {tally.table} do not agree with the log of reviews."


def _columns(tally: Tally) -> tuple[str, ...]:
    return (*tally.keys, *tally.sums)


def _counted(tally: Tally) -> str:
    """Return the query for what a tally should hold."""
    sums = ", ".join(f"sum({number})" for number in tally.sums.values())
    keys = ", ".join(tally.keys)
    return f"SELECT {keys}, {sums} FROM tallied_reviews WHERE {tally.of} GROUP BY {keys}"


def _count(which: str, *, sign: str = "", deck: str = "deck_id") -> str:
    """Return the statements that add reviews to the tallies."""
    statements = []
    for tally in TALLIES:
        keys = ", ".join(deck if key == "deck_id" else key for key in tally.keys)
        numbers = ", ".join(f"{sign}({number})" for number in tally.sums.values())
        updates = ", ".join(f"{column} = {column} + excluded.{column}" for column in tally.sums)
        statements.append(
            f"INSERT INTO {tally.table} ({', '.join(_columns(tally))}) "
            f"SELECT {keys}, {numbers} FROM tallied_reviews WHERE {which} AND {tally.of} "
            f"ON CONFLICT DO UPDATE SET {updates};"
        )
    return "\n".join(statements)


def _discount(which: str, *, deck: str = "deck_id") -> str:
    """Return the statements that take reviews out of the tallies, and leave nothing that counts zero."""
    empty = (f"DELETE FROM {tally.table} WHERE answers = 0;" for tally in TALLIES)
    return "\n".join([_count(which, sign="-", deck=deck), *empty])
