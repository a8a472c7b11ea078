"""Notes that their files have no more, kept with their history until the learner decides about them."""

from collections.abc import Iterable, Sequence

from sqlite_utils.db import Database

from lrcards.cards.model import Note
from lrcards.collection.rows import SELECT_NOTES, note_from_row, rows_of, to_json


def remember(database: Database, gone: Iterable[str], there: Iterable[str]) -> None:
    """Remember which notes are gone from their files, and forget it of those that are there, by guid."""
    database.execute(
        """
        DELETE FROM orphans WHERE note_guid IN (SELECT value FROM json_each(:guids))
        """,
        {"guids": to_json(list(there))},
    )
    database.execute(
        """
        INSERT INTO orphans (note_guid, kept) SELECT value, 0 FROM json_each(:guids) WHERE true
        ON CONFLICT (note_guid) DO NOTHING
        """,
        {"guids": to_json(list(gone))},
    )


def read(database: Database) -> list[Note]:
    """Return the orphans that the learner has not decided about, in the order in which they came."""
    rows = rows_of(
        database,
        f"""
        {SELECT_NOTES} WHERE notes.guid IN (SELECT note_guid FROM orphans WHERE NOT kept) ORDER BY notes.id
        """,
        {},
    )
    return [note_from_row(row) for row in rows]


def keep(database: Database, guids: Sequence[str]) -> None:
    """Do not ask about these notes again."""
    database.execute(
        "UPDATE orphans SET kept = 1 WHERE note_guid IN (SELECT value FROM json_each(:guids))",
        {"guids": to_json(guids)},
    )


def cards(database: Database, guids: Sequence[str]) -> list[int]:
    """Return the ids of all cards of these notes."""
    rows = database.execute(
        """
        SELECT id FROM cards
        WHERE note_id IN (SELECT id FROM notes WHERE guid IN (SELECT value FROM json_each(?)))
        """,
        [to_json(guids)],
    )
    return [card_id for (card_id,) in rows]
