"""What a learner does with many cards at once; written in the caller's transaction, to be taken back.

Cards are given by their ids, as a search finds them; what is done to notes is done to those of the cards.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils.db import Database

from lrcards.collection import memories
from lrcards.collection.changes import (
    DECISIONS,
    KEYS,
    NO_CHANGE,
    Change,
    RowChange,
    row_change,
    rows_of_notes,
    write,
)
from lrcards.collection.decisions import Tags, retag
from lrcards.collection.importing import deck_ids
from lrcards.collection.rows import rows_of, to_json, to_ms
from lrcards.study.days import ONE_DAY

_CHOSEN = "IN (SELECT value FROM json_each(:ids))"


def decide(database: Database, ids: Iterable[int], decided: Mapping[str, Any], now: datetime) -> Change:
    """Give cards these of the columns ``DECISIONS``."""
    sql = f"SELECT guid, {', '.join(DECISIONS)} FROM cards WHERE id {_CHOSEN}"
    rows = rows_of(database, sql, {"ids": to_json(list(ids))})
    after = {**decided, "modified_at": to_ms(now)}
    differing = [row for row in rows if any(row[column] != value for column, value in decided.items())]
    change = Change(tuple(row_change("cards", row["guid"], dict(row), after) for row in differing))
    write(database, change)
    return change


def toggle_suspended(database: Database, ids: Iterable[int], now: datetime) -> tuple[bool, Change]:
    """Suspend cards; if all of them are, let them be asked again. Returns whether they are suspended now."""
    away = _any(database, ids, "NOT suspended")
    return away, decide(database, ids, {"suspended": int(away)}, now)


def toggle_buried(database: Database, ids: Iterable[int], today: date, now: datetime) -> tuple[bool, Change]:
    """Put cards off until tomorrow; if all of them are, bring them back. Returns whether they are put off."""
    away = _any(database, ids, "ifnull(buried_until, '') <= :today", today=today.isoformat())
    tomorrow = (today + ONE_DAY).isoformat() if away else None
    return away, decide(database, ids, {"buried_until": tomorrow}, now)


def change_tags(
    database: Database, ids: Iterable[int], choose: Callable[[Tags], Tags], now: datetime
) -> Change:
    """Give the notes the tags that are chosen for each, given those it has."""
    change = [row for guid in _notes(database, ids) for row in retag(database, guid, choose, now).rows]
    return Change(tuple(change))


def move(database: Database, ids: Iterable[int], deck: str, now: datetime) -> Change:
    """Put the notes with all their cards into a deck, which is made if there is none.

    If decks have FSRS parameters of their own, the memories of its cards are computed anew.
    """
    deck_id = deck_ids(database, [deck])[deck]
    after = {"deck_id": deck_id, "modified_at": to_ms(now)}
    sql = """
        SELECT guid, deck_id, modified_at FROM notes
        WHERE guid IN (SELECT value FROM json_each(:guids)) AND deck_id <> :deck
    """
    rows = list(rows_of(database, sql, {"guids": to_json(_notes(database, ids)), "deck": deck_id}))
    if not rows:
        return NO_CHANGE
    change = Change(tuple(row_change("notes", row["guid"], dict(row), after) for row in rows))
    write(database, change)
    return change + memories.keep_in_step(database, [deck])


def keep(database: Database, ids: Iterable[int]) -> Change:
    """Keep notes that are gone from their files, and do not ask about them again."""
    sql = """
        SELECT note_guid, kept FROM orphans
        WHERE NOT kept AND note_guid IN (SELECT value FROM json_each(:guids))
    """
    rows = rows_of(database, sql, {"guids": to_json(_notes(database, ids))})
    change = Change(tuple(row_change("orphans", row["note_guid"], dict(row), {"kept": 1}) for row in rows))
    write(database, change)
    return change


def delete(database: Database, ids: Iterable[int], now: datetime) -> Change:
    """Delete the notes with all their cards, and remember it for merges.

    The log keeps the answers: should a note come back, its cards go on from them.
    """
    guids = _notes(database, ids)
    gone = rows_of_notes(database, guids)
    for table in ("origins", "orphans"):
        sql = f"SELECT * FROM {table} WHERE note_guid IN (SELECT value FROM json_each(:guids))"
        rows = rows_of(database, sql, {"guids": to_json(guids)})
        gone |= {(table, row[KEYS[table]]): dict(row) for row in rows}
    # The cards before their notes.
    deleted = [RowChange(table, key, row, None) for (table, key), row in reversed(gone.items())]
    change = Change((*deleted, *_remembered(database, guids, now)))
    write(database, change)
    return change


def _remembered(database: Database, guids: list[str], now: datetime) -> list[RowChange]:
    sql = "SELECT * FROM deleted_notes WHERE note_guid IN (SELECT value FROM json_each(:guids))"
    before = {row["note_guid"]: dict(row) for row in rows_of(database, sql, {"guids": to_json(guids)})}
    changes = []
    for guid in guids:
        after = {"note_guid": guid, "deleted_at": to_ms(now)}
        changes.append(
            row_change("deleted_notes", guid, before[guid], after)
            if guid in before
            else RowChange("deleted_notes", guid, None, after)
        )
    return changes


def _notes(database: Database, ids: Iterable[int]) -> list[str]:
    """Return the guids of the notes of cards, in the order in which they came."""
    sql = f"SELECT guid FROM notes WHERE id IN (SELECT note_id FROM cards WHERE id {_CHOSEN}) ORDER BY id"
    return [guid for (guid,) in database.execute(sql, {"ids": to_json(list(ids))})]


def _any(database: Database, ids: Iterable[int], condition: str, **values: str) -> bool:
    """Return whether one of the cards fits a condition."""
    sql = f"SELECT EXISTS (SELECT 1 FROM cards WHERE id {_CHOSEN} AND {condition})"
    ((fits,),) = database.execute(sql, {"ids": to_json(list(ids)), **values})
    return bool(fits)
