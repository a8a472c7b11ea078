"""Do without a trigger where very many rows come at once, and what it does for each can be done for all."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils.db import Database

MANY = 1000
"""From so many rows on it is quicker without."""


@contextmanager
def suspended(database: Database, name: str) -> Iterator[None]:
    """Suspend a trigger for the block, inside the caller's transaction; the block does the trigger's work."""
    ((sql,),) = database.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", [name])
    database.execute(f"DROP TRIGGER {name}")
    yield
    database.execute(sql)
