"""Changes that can be taken back: which rows were written, and how they were before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils.db import Database

from lrcards.cards.model import Card
from lrcards.collection.rows import insert_sql, rows_of, state_values, to_json, update_sql
from lrcards.errors import CollectionError

KEYS = {
    "cards": "guid",
    "decks": "id",
    "deleted_notes": "note_guid",
    "notes": "guid",
    "origins": "note_guid",
    "orphans": "note_guid",
    "reviews": "id",
}
"""The column by which a row of each table is known."""

DECISIONS = ("suspended", "buried_until", "flag", "modified_at")
"""The columns of a card that the learner decides on."""

STATE = tuple(state_values(Card("", "", 0)))
"""The columns of a card that studying and the learner move."""

SCHEDULE = frozenset(STATE).difference(DECISIONS)
"""The columns of a card that a replay of its log computes."""

MOVE_UNMOVED = f"""
    UPDATE cards SET {", ".join(f"{column} = ?" for column in STATE)}
    WHERE guid = ? AND {" AND ".join(f"{column} IS ?" for column in STATE)}
"""

Rows = dict[tuple[str, Any], dict[str, Any]]
"""Rows by their table and key."""


class ConflictError(CollectionError):
    """Another program has changed the same meanwhile, and nothing was done."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What was written into one row.

    Attributes:
        table, key: which row.
        before: the columns that changed, as they were; ``None`` if there was no such row.
        after: the same columns, as they were written; ``None`` if the row was deleted.
    """

    table: str
    key: Any
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction wrote, in its order; without the rows that it left as they were."""

    rows: tuple[RowChange, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(row for row in self.rows if row.after != {}))

    def __add__(self, later: "Change") -> "Change":
        return Change(self.rows + later.rows)


NO_CHANGE = Change()


def row_change(table: str, key: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> RowChange:
    """Return the change of a row, reduced to the columns that differ."""
    changed = [column for column in after if before[column] != after[column]]
    return RowChange(
        table,
        key,
        {column: before[column] for column in changed},
        {column: after[column] for column in changed},
    )


def rows_of_notes(database: Database, guids: Sequence[str]) -> Rows:
    """Return the rows of notes and then those of their cards, orphaned ones too."""
    chosen = "guid IN (SELECT value FROM json_each(:guids))"
    queries = {
        "notes": f"SELECT * FROM notes WHERE {chosen}",
        "cards": f"SELECT * FROM cards WHERE note_id IN (SELECT id FROM notes WHERE {chosen})",
    }
    return {
        (table, row[KEYS[table]]): dict(row)
        for table, sql in queries.items()
        for row in rows_of(database, sql, {"guids": to_json(guids)})
    }


def difference(before: Rows, after: Rows) -> Change:
    """Return the change that led from some rows to the same or more rows.

    A card goes with its note into another deck by itself, so that is no change of the card.
    """
    changes = []
    for (table, key), row in after.items():
        if (table, key) not in before:
            changes.append(RowChange(table, key, None, row))
        else:
            own = {column: value for column, value in row.items() if (table, column) != ("cards", "deck_id")}
            changes.append(row_change(table, key, before[table, key], own))
    return Change(tuple(changes))


def write(database: Database, change: Change) -> None:
    """Write what the change holds, inside the caller's transaction."""
    for row in change.rows:
        if row.after is None:
            _delete(database, row)
        elif row.before is None:
            database.execute(insert_sql(row.table, row.after), dict(row.after))
        else:
            _update(database, row, row.after)


def move_unmoved(database: Database, before: Card, after: Card) -> Change | None:
    """Move a card, inside the caller's transaction, if it still stands where it did; else return ``None``.

    To look and to move at once is quicker than one after the other.
    """
    values, new_values = state_values(before), state_values(after)
    moved = database.execute(MOVE_UNMOVED, (*new_values.values(), before.guid, *values.values()))
    return Change((row_change("cards", before.guid, values, new_values),)) if moved.rowcount else None


def take_back(database: Database, change: Change) -> list[str]:
    """Put every row back as it was before the change, inside the caller's transaction.

    What another program has done since is not undone with it: where it answered a card again, only the
    answer of this change is taken out of the log, and the schedule of the card is left for a replay.

    Returns:
        The guids of the cards to be replayed.

    Raises:
        ConflictError: another program has written what this change wrote.
    """
    has_answer = any(row.table == "reviews" for row in change.rows)
    to_replay = []
    for row in reversed(change.rows):
        overwritten = _overwritten(database, row)
        before = row.before
        if before is not None and has_answer and row.table == "cards" and overwritten & SCHEDULE:
            to_replay.append(row.key)
            overwritten -= SCHEDULE
            before = {column: value for column, value in before.items() if column not in SCHEDULE}
        if overwritten:
            raise ConflictError(
                "this was changed again by another program, so it was not taken back",
                "It stays as it is now",
            )
        if before is None:
            _delete(database, row)
        elif row.after is None:
            database.execute(insert_sql(row.table, before), dict(before))
        elif before:
            _update(database, row, before)
    return to_replay


def _overwritten(database: Database, row: RowChange) -> set[str]:
    """Return the columns that are not as the change left them; all of them if the row is gone, or back."""
    if row.after is None:
        assert row.before is not None
        # A row that came meanwhile may have its id.
        also = " OR id = :id" if "id" in row.before else ""
        sql = f"SELECT 1 FROM {row.table} WHERE {KEYS[row.table]} = :key{also}"
        is_back = list(rows_of(database, sql, {"key": row.key, "id": row.before.get("id")}))
        return set(row.before) if is_back else set()
    sql = f"SELECT {', '.join(row.after)} FROM {row.table} WHERE {KEYS[row.table]} = :key"
    stored = next(rows_of(database, sql, {"key": row.key}), None)
    return {column for column, value in row.after.items() if stored is None or stored[column] != value}


def _delete(database: Database, row: RowChange) -> None:
    database.execute(f"DELETE FROM {row.table} WHERE {KEYS[row.table]} = :key", {"key": row.key})


def _update(database: Database, row: RowChange, values: Mapping[str, Any]) -> None:
    key = KEYS[row.table]
    database.execute(update_sql(row.table, values, key=key), {**values, key: row.key})
