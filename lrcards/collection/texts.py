"""What the notes show, kept where it can be searched; a cache that is brought up to date before a search.

Which notes are to be read again is taken down by triggers, so that whatever writes notes need not know of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils.db import Database

from lrcards.cards.searchable import searched
from lrcards.collection.rows import SELECT_NOTES, note_from_row, rows_of
from lrcards.collection.triggers import MANY, suspended

AT_ONCE = 2000
"""How many notes are read again in one transaction: it should not keep an answer waiting."""


def are_up_to_date(database: Database) -> bool:
    """Return whether every note can be found."""
    ((waits,),) = database.execute("SELECT EXISTS (SELECT 1 FROM notes_to_index)")
    return not waits


def read_some_again(database: Database) -> None:
    """Read the next notes that changed, inside the caller's transaction."""
    chosen = f"(SELECT note_id FROM notes_to_index ORDER BY note_id LIMIT {AT_ONCE})"
    rows = rows_of(
        database, SELECT_NOTES.replace(" FROM", ", notes.id FROM", 1) + f" WHERE notes.id IN {chosen}", {}
    )
    texts = [(row["id"], searched(note_from_row(row))) for row in rows]
    for statement in (
        f"""
        INSERT INTO note_index (note_index, rowid, text)
        SELECT 'delete', note_id, text FROM note_texts WHERE note_id IN {chosen}
        """,
        f"DELETE FROM note_texts WHERE note_id IN {chosen}",
    ):
        database.execute(statement)
    database.conn.executemany("INSERT INTO note_texts (note_id, text) VALUES (?, ?)", texts)
    database.conn.executemany("INSERT INTO note_index (rowid, text) VALUES (?, ?)", texts)
    database.execute(f"DELETE FROM notes_to_index WHERE note_id IN {chosen}")


@contextmanager
def inserting(database: Database, notes: int) -> Iterator[None]:
    """Take down the notes, so many, that a block inserts, inside the caller's transaction."""
    if notes < MANY:
        yield
        return
    ((last,),) = database.execute("SELECT ifnull(max(id), 0) FROM notes")
    with suspended(database, "index_a_new_note"):
        yield
        database.execute("INSERT OR IGNORE INTO notes_to_index SELECT id FROM notes WHERE id > ?", [last])


def read_all_again(database: Database) -> None:
    """Have every note read again before the next search, inside the caller's transaction."""
    database.execute("INSERT INTO note_index (note_index) VALUES ('delete-all')")
    database.execute("DELETE FROM note_texts")
    database.execute("INSERT OR IGNORE INTO notes_to_index SELECT id FROM notes")


def text_problems(database: Database) -> Iterator[str]:
    """Yield a sentence if the searched texts do not agree with the notes, but for those yet to be read."""
    rows = rows_of(
        database,
        f"""
        {SELECT_NOTES.replace(" FROM", ", text FROM", 1)} LEFT JOIN note_texts ON note_id = notes.id
        WHERE notes.id NOT IN (SELECT note_id FROM notes_to_index)
        """,
        {},
    )
    if sum(row["text"] != searched(note_from_row(row)) for row in rows):
        yield "What a search looks through does not agree with the notes."
