"""Bring notes into a collection: see what is new, changed or gone, then write it in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils.db import Database

from lrcards.cards.matching import Matching, match
from lrcards.cards.model import Card, Note, card_guid
from lrcards.collection.rows import (
    SELECT_NOTES,
    insert_sql,
    note_from_row,
    note_values,
    rows_of,
    state_values,
    to_json,
    to_ms,
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: the notes as they are now, each in one of the four tuples.

    Attributes:
        new: notes that the collection did not have.
        changed: notes whose text, tags, experiment or deck changed; their cards keep their memory.
        unchanged: notes that were there already.
        orphaned: notes of the same decks that the import no longer has; they stay, with their history.
    """

    new: tuple[Note, ...] = ()
    changed: tuple[Note, ...] = ()
    unchanged: tuple[Note, ...] = ()
    orphaned: tuple[Note, ...] = ()


def find_matches(database: Database, notes: Sequence[Note]) -> Matching:
    """Return which stored note each of the notes is, reading no other decks than the ones they can be in."""
    stored = rows_of(
        database,
        f"""
        {SELECT_NOTES} WHERE decks.name IN (SELECT value FROM json_each(:decks))
            OR notes.guid IN (SELECT value FROM json_each(:guids))
        ORDER BY notes.id
        """,
        {
            "decks": to_json(sorted({note.deck for note in notes})),
            "guids": to_json([note.guid for note in notes if note.guid]),
        },
    )
    return match(notes, [note_from_row(row) for row in stored])


def report(matching: Matching) -> ImportReport:
    """Return the matching in the user's terms."""
    known = [(note, _differ(note, stored)) for note, stored in matching.pairs if stored is not None]
    return ImportReport(
        new=tuple(note for note, stored in matching.pairs if stored is None),
        changed=tuple(note for note, differs in known if differs),
        unchanged=tuple(note for note, differs in known if not differs),
        orphaned=matching.orphans,
    )


def carry_out(database: Database, matching: Matching, now: datetime) -> None:
    """Write what the matching found, inside the caller's transaction.

    New cards come after the existing ones, in the order of the notes. A cloze deletion that vanished from its
    note leaves its card in place, marked as orphaned: not shown, but with its history, should it return.
    """
    decks = _deck_ids(database, {note.deck for note, _ in matching.pairs})
    ids = _note_ids(database, [stored.guid for _, stored in matching.pairs if stored is not None])
    next_id = _next(database, "notes", "id")
    inserts, updates, touched = [], [], []
    for note, stored in matching.pairs:
        if note == stored:
            continue
        values = {**note_values(note), "deck_id": decks[note.deck], "modified_at": to_ms(now)}
        if stored is None:
            ids[note.guid] = next_id
            next_id += 1
            inserts.append({**values, "id": ids[note.guid], "guid": note.guid, "created_at": to_ms(now)})
        else:
            updates.append({**values, "id": ids[note.guid], "differs": _differ(note, stored)})
        touched.append((ids[note.guid], note))
    if inserts:
        database.conn.executemany(insert_sql("notes", inserts[0]), inserts)
    database.conn.executemany(_UPDATE_NOTE, updates)
    _align_cards(database, touched, decks)


_UPDATE_NOTE = """
    UPDATE notes SET kind = :kind, question = :question, answer = :answer, tags = :tags,
        experiment = :experiment, ordinals = :ordinals, source_file = :source_file,
        source_line = :source_line, deck_id = :deck_id, modified_at = iif(:differs, :modified_at, modified_at)
    WHERE id = :id
"""


def _align_cards(database: Database, notes: Sequence[tuple[int, Note]], deck_ids: Mapping[str, int]) -> None:
    """Give each note, named by its row id, exactly the cards of its ordinals."""
    rows = rows_of(
        database,
        "SELECT note_id, ordinal, orphaned FROM cards WHERE note_id IN (SELECT value FROM json_each(:notes))",
        {"notes": to_json([note_id for note_id, _ in notes])},
    )
    orphaned = {(row["note_id"], row["ordinal"]): bool(row["orphaned"]) for row in rows}
    wanted = {(note_id, ordinal): note for note_id, note in notes for ordinal in note.ordinals}
    changes = [
        {"note_id": note_id, "ordinal": ordinal, "orphaned": (note_id, ordinal) not in wanted}
        for (note_id, ordinal), is_orphaned in orphaned.items()
        if is_orphaned != ((note_id, ordinal) not in wanted)
    ]
    database.conn.executemany(
        "UPDATE cards SET orphaned = :orphaned WHERE note_id = :note_id AND ordinal = :ordinal", changes
    )
    inserts = []
    missing = [key for key in wanted if key not in orphaned]
    for position, (note_id, ordinal) in enumerate(missing, start=_next(database, "cards", "position")):
        note = wanted[note_id, ordinal]
        card = Card(card_guid(note.guid, ordinal), note.guid, ordinal, position)
        place = {"note_id": note_id, "deck_id": deck_ids[note.deck], "ordinal": ordinal, "position": position}
        inserts.append({"guid": card.guid, **place, **state_values(card)})
    if inserts:
        database.conn.executemany(insert_sql("cards", inserts[0]), inserts)


def _deck_ids(database: Database, names: Iterable[str]) -> dict[str, int]:
    parameters = {"names": to_json(sorted(names))}
    database.execute("INSERT OR IGNORE INTO decks (name) SELECT value FROM json_each(:names)", parameters)
    rows = rows_of(
        database, "SELECT id, name FROM decks WHERE name IN (SELECT value FROM json_each(:names))", parameters
    )
    return {row["name"]: row["id"] for row in rows}


def _note_ids(database: Database, guids: Sequence[str]) -> dict[str, int]:
    rows = rows_of(
        database,
        "SELECT id, guid FROM notes WHERE guid IN (SELECT value FROM json_each(:guids))",
        {"guids": to_json(guids)},
    )
    return {row["guid"]: row["id"] for row in rows}


def _next(database: Database, table: str, column: str) -> int:
    (row,) = rows_of(database, f"SELECT ifnull(max({column}), 0) + 1 AS next FROM {table}", {})
    return int(row["next"])


def _differ(note: Note, stored: Note) -> bool:
    """Return whether the two differ in more than the place they were read from."""
    return replace(note, source=None) != replace(stored, source=None)
