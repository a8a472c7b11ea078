"""Open the SQLite database of an Anki collection that nobody vouches for, to read it and nothing else.

It follows sqlite.org/security.html: a private copy is opened read-only and as one that does not change, its
schema is not trusted, every statement may read Anki's own tables only, values and work are bounded, and the
file is checked before anything is believed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from lrcards.errors import DeckError
from lrcards.text import excerpt

_OF_BOTH = ("col", "notes", "cards", "revlog")
TABLES = {
    11: _OF_BOTH,
    18: (*_OF_BOTH, "config", "notetypes", "fields", "templates", "decks", "deck_config"),
}
"""The tables of each schema that hold what a collection is."""

MAX_VALUE = 16 << 20
"""How many bytes a text or blob may have: the fields of a note, or, in schema 11, all notetypes."""

_MOST_OBJECTS = 1_000
_STEPS, _STEPS_TO_CHECK, _STEPS_TO_READ = 100_000, 2_000_000, 200_000_000
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
_PRAGMAS = ("trusted_schema = off", "cell_size_check = on", "ignore_check_constraints = on", "mmap_size = 0")
_FORBIDDEN = ("view", "trigger")
_READABLE = {*TABLES[18], "sqlite_master"}
_DAMAGED = "The collection in the package is damaged"


@contextmanager
def opened(path: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """Open a private copy of a collection for a block, once it has proved sound; give it and its schema.

    Raises:
        DeckError: it is no collection, is damaged, or does what no collection of Anki's does; also for what
            comes to light within the block.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            _allow(connection, _STEPS_TO_CHECK)
            _confine(connection)
            schema = _checked_schema(connection)
            _allow(connection, _STEPS_TO_READ)
            for table in TABLES[schema]:
                _check(connection, table)
            yield connection, schema
    except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError) as error:
        # The last for a message of SQLite's that quotes what is no UTF-8.
        raise DeckError(_explained(str(error)), "Export it again") from error


def _confine(connection: sqlite3.Connection) -> None:
    for category, limit in _LIMITS.items():
        connection.setlimit(category, limit)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_collation("unicase", _compare_without_case)
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    connection.set_authorizer(_authorized)


def _allow(connection: sqlite3.Connection, steps: int) -> None:
    """Interrupt what takes more steps of SQLite's machine from now on; it takes some 50 million a second."""
    allowed = iter(range(steps // _STEPS))
    connection.set_progress_handler(lambda: next(allowed, None) is None, _STEPS)


def _compare_without_case(one: str, other: str) -> int:
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def _authorized(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Let a statement read Anki's tables, count rows and ask what type a value has, and nothing else."""
    is_allowed = (
        action == sqlite3.SQLITE_SELECT
        or (action == sqlite3.SQLITE_READ and first is not None and first.lower() in _READABLE)
        or (action == sqlite3.SQLITE_FUNCTION and second in ("typeof", "count"))
        or (action == sqlite3.SQLITE_PRAGMA and first in ("quick_check", "table_xinfo"))
    )
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _checked_schema(connection: sqlite3.Connection) -> int:
    """Return the number of the schema, after a look at all that it is made of."""
    tables = set()
    objects = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    for count, (kind, name, table, sql) in enumerate(objects):
        if count == _MOST_OBJECTS:
            raise DeckError(f"{_DAMAGED} (it has more than {_MOST_OBJECTS:,} tables)", "Export it again")
        is_ours = not {str(name).lower(), str(table).lower()}.isdisjoint(TABLES[18])
        if is_ours and (kind in _FORBIDDEN or str(sql).upper().startswith("CREATE VIRTUAL")):
            raise DeckError(f"{_DAMAGED} (there is a {kind} “{name}”)", "Export it again")
        if is_ours and kind == "table":
            tables.add(str(name).lower())
    _refuse_lack({"col"} - tables)
    (schema,) = connection.execute("SELECT ver FROM col").fetchone() or (None,)
    if not isinstance(schema, int) or schema not in TABLES:
        raise DeckError(
            f"The collection in the package is of schema {schema!r:.40}, which is not known here",
            "In Anki, export it with “Support older Anki versions”",
        )
    _refuse_lack({*TABLES[schema]} - tables)
    return schema


def _refuse_lack(tables: set[str]) -> None:
    if tables:
        raise DeckError(f"{_DAMAGED} (it lacks the table “{min(tables)}”)", "Export it again")


def _check(connection: sqlite3.Connection, table: str) -> None:
    """Refuse a table whose pages are damaged, or that computes what it seems to hold."""
    if any(column[-1] for column in connection.execute(f"PRAGMA table_xinfo({table})")):
        raise DeckError(f"{_DAMAGED} (the table “{table}” has computed columns)", "Export it again")
    problems = connection.execute(f"PRAGMA quick_check({table})").fetchmany(1)
    if problems != [("ok",)]:
        raise DeckError(_DAMAGED, "Export it again")


def _explained(message: str) -> str:
    """Say in other words what SQLite says."""
    if "interrupted" in message:
        return f"{_DAMAGED} (reading it takes too long)"
    if "too big" in message:
        return f"The collection in the package has a text of more than {MAX_VALUE >> 20} MB"
    if "not authorized" in message or "access to" in message or "prohibited" in message:
        return f"{_DAMAGED} (it does more than a collection of Anki's may)"
    return f"{_DAMAGED} ({excerpt(message)})"
