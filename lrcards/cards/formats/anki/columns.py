"""What each column of Anki's tables may hold, and a table read only if every row is so."""

import sqlite3
from collections.abc import Iterator
from sys import getsizeof
from typing import Any, NamedTuple

from lrcards.errors import DeckError

_LAST_SECOND = 253_402_300_799
"""Of the year 9999, the last that a date can have."""

_SIZE_OF_A_ROW, _SIZE_OF_A_NUMBER = 56, 40
"""In bytes; a number takes 8 of them in its row."""


class _Kind(NamedTuple):
    """What SQL has to find true of a column, and how it is read."""

    test: str
    value: str = "[{0}]"


def _whole(low: int, high: int) -> _Kind:
    """Return the kind of a number; its fraction, which old versions of Anki may have written, is cut off."""
    return _Kind(f"[{{0}}] BETWEEN {low} AND {high}", "CAST([{0}] AS INTEGER)")


_ID = _Kind("typeof([{0}]) = 'integer'")
_TEXT = _Kind("typeof([{0}]) = 'text'")
_BLOB = _Kind("typeof([{0}]) = 'blob'")
_NUMBER = _whole(-(2**31), 2**31 - 1)
_SECOND = _whole(0, _LAST_SECOND)
_MILLISECOND = _Kind(f"typeof([{{0}}]) = 'integer' AND [{{0}}] BETWEEN 0 AND {_LAST_SECOND}999")

_NAMED = {"id": _ID, "name": _TEXT, "mtime_secs": _SECOND}
_PART = {"ntid": _ID, "name": _TEXT, "config": _BLOB}
_COLUMNS = {
    "notes": {"id": _ID, "guid": _TEXT, "mid": _ID, "mod": _SECOND, "tags": _TEXT, "flds": _TEXT},
    "cards": {
        "id": _ID,
        "nid": _ID,
        "did": _ID,
        "ord": _whole(0, 2**16 - 1),
        "mod": _SECOND,
        "type": _whole(0, 3),
        "queue": _whole(-3, 4),
        **dict.fromkeys(("due", "ivl", "factor", "reps", "lapses", "left", "odue"), _NUMBER),
        "odid": _ID,
        "flags": _NUMBER,
        "data": _TEXT,
    },
    "revlog": {
        "id": _MILLISECOND,
        "cid": _ID,
        **dict.fromkeys(("ease", "ivl", "lastIvl", "factor", "time", "type"), _NUMBER),
    },
    "col": {"crt": _SECOND, **dict.fromkeys(("conf", "models", "decks", "dconf"), _TEXT)},
    "config": {"key": _TEXT, "val": _BLOB},
    "notetypes": {**_NAMED, "config": _BLOB},
    "fields": _PART,
    "templates": _PART,
    "decks": {**_NAMED, "kind": _BLOB},
    "deck_config": {**_NAMED, "config": _BLOB},
}
_ORDERS = {"fields": "ntid, ord", "templates": "ntid, ord", "config": "key", "col": "crt"}


class Budget:
    """The memory, in bytes, that is left for what is read."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, size: int) -> None:
        """Take some of it.

        Raises:
            DeckError: there is not so much.
        """
        self._left -= size
        if self._left < 0:
            raise DeckError(
                "The package holds more than there is memory for", "In Anki, export its decks one by one"
            )


def select(connection: sqlite3.Connection, table: str, budget: Budget) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a table, by id, or by notetype and place.

    The columns are those that are wanted of it, in Anki's order; each value is of its type and range.

    Raises:
        DeckError: a row holds what Anki would not write there, or they are too many; the latter maybe only
            while they are gone through.
    """
    columns = _COLUMNS[table]
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    budget.take(count * (_SIZE_OF_A_ROW + len(columns) * _SIZE_OF_A_NUMBER))
    tests = " AND ".join(kind.test.format(name) for name, kind in columns.items())
    if connection.execute(f"SELECT 1 FROM {table} WHERE ({tests}) IS NOT TRUE LIMIT 1").fetchone():
        raise DeckError(
            f"A row of the table “{table}” in the package is none that Anki would write",
            "In Anki, run Tools → Check Database, then export it again",
        )
    values = ", ".join(kind.value.format(name) for name, kind in columns.items())
    rows = connection.execute(f"SELECT {values} FROM {table} ORDER BY {_ORDERS.get(table, 'id')}")
    texts = [place for place, kind in enumerate(columns.values()) if kind in (_TEXT, _BLOB)]
    return _counted(rows, texts, budget) if texts else rows


def _counted(rows: sqlite3.Cursor, texts: list[int], budget: Budget) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        budget.take(sum([getsizeof(row[place]) for place in texts]))
        yield row
