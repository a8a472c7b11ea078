"""Bring notes into a collection: see what is new, changed or gone, then write it in one go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from sqlite_utils.db import Database

from lrcards.cards.content import deletions
from lrcards.cards.matching import Matching, match
from lrcards.cards.model import Card, Note, NoteKind, card_guid
from lrcards.collection.rows import (
    SELECT_NOTES,
    card_values,
    insert_sql,
    note_from_row,
    note_values,
    rows_of,
    to_json,
    to_ms,
)
from lrcards.text import one_line


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
    return matched(database, notes, [note_from_row(row) for row in stored])


def matched(database: Database, notes: Sequence[Note], stored: Sequence[Note]) -> Matching:
    """Return which of the stored notes each of the notes is.

    A cloze deletion that vanished in an earlier import and is back gets its old ordinal, and so its history;
    a deletion that never was gets an ordinal that no other had.
    """
    matching = match(notes, stored)
    orphans = _orphans(database, [note.guid for note, known in matching.pairs if known])
    pairs = [
        (
            _with_old_ordinals(note, known, orphans[note.guid]) if known and note.guid in orphans else note,
            known,
        )
        for note, known in matching.pairs
    ]
    return replace(matching, pairs=tuple(pairs))


def _orphans(database: Database, guids: Sequence[str]) -> dict[str, dict[int, str]]:
    """Return what the vanished deletions of the notes said, by note and ordinal."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows_of(
        database,
        """
        SELECT notes.guid, ordinal, asked FROM cards JOIN notes ON notes.id = cards.note_id
        WHERE orphaned AND notes.guid IN (SELECT value FROM json_each(:guids))
        """,
        {"guids": to_json(guids)},
    ):
        found[row["guid"]][row["ordinal"]] = row["asked"]
    return found


def _with_old_ordinals(note: Note, known: Note, orphans: Mapping[int, str]) -> Note:
    """Return the note with the ordinals of the orphans for the deletions that say the same."""
    if note.kind is not NoteKind.CLOZE:
        return note
    returning = {text: ordinal for ordinal, text in orphans.items()}
    fresh = count(max(*orphans, *known.ordinals) + 1)
    ordinals = []
    for ordinal, text in _asked(note).items():
        if ordinal not in known.ordinals:
            ordinal = returning.pop(text) if text in returning else next(fresh)
        ordinals.append(ordinal)
    return replace(note, ordinals=tuple(ordinals))


def _asked(note: Note) -> dict[int, str]:
    """Return what each card of the note asks for, by ordinal: the text of its deletion, or nothing."""
    if note.kind is not NoteKind.CLOZE:
        return dict.fromkeys(note.ordinals, "")
    # A later version may see other deletions in a stored text than the one that stored it.
    return dict(zip(note.ordinals, map(one_line, deletions(note.question)), strict=False))


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
    inserts, updates = [], []
    for note, stored in matching.pairs:
        values = {**note_values(note), "deck_id": decks[note.deck], "modified_at": to_ms(now)}
        if stored is None:
            ids[note.guid] = next_id
            next_id += 1
            inserts.append({**values, "id": ids[note.guid], "guid": note.guid, "created_at": to_ms(now)})
        elif note != stored:
            updates.append({**values, "id": ids[note.guid], "differs": _differ(note, stored)})
    if inserts:
        database.conn.executemany(insert_sql("notes", inserts[0]), inserts)
    database.conn.executemany(_UPDATE_NOTE, updates)
    _align_cards(database, matching, ids, decks)


_UPDATE_NOTE = """
    UPDATE notes SET kind = :kind, question = :question, answer = :answer, tags = :tags,
        experiment = :experiment, ordinals = :ordinals, faces = :faces, typed = :typed,
        source_file = :source_file, source_line = :source_line, deck_id = :deck_id,
        modified_at = iif(:differs, :modified_at, modified_at)
    WHERE id = :id
"""


def _align_cards(
    database: Database, matching: Matching, note_ids: Mapping[str, int], deck_ids: Mapping[str, int]
) -> None:
    """Give each note a card for each of its ordinals, and mark those of other ordinals as orphaned."""
    position = count(_next(database, "cards", "position"))
    inserts = []
    for note, stored in matching.pairs:
        for ordinal, text in _asked(note).items():
            if stored is None or ordinal not in stored.ordinals:
                card = Card(card_guid(note.guid, ordinal), note.guid, ordinal, next(position))
                place = {"note_id": note_ids[note.guid], "deck_id": deck_ids[note.deck]}
                inserts.append({**place, **card_values(card), "asked": text, "orphaned": False})
    if inserts:
        # The card of a deletion that returns is there already.
        database.conn.executemany(f"{insert_sql('cards', inserts[0])} ON CONFLICT (guid) DO NOTHING", inserts)
    mark_orphans(
        database,
        [note.guid for note, stored in matching.pairs if stored and stored.ordinals != note.ordinals],
    )


def mark_orphans(database: Database, note_guids: Sequence[str]) -> None:
    """Hide the cards whose deletion is not in their note, and show those whose deletion is."""
    database.execute(
        """
        UPDATE cards SET orphaned = NOT orphaned FROM notes
        WHERE notes.id = note_id AND notes.guid IN (SELECT value FROM json_each(:guids))
            AND orphaned = (ordinal IN (SELECT value FROM json_each(ordinals)))
        """,
        {"guids": to_json(note_guids)},
    )


def _deck_ids(database: Database, names: Iterable[str]) -> dict[str, int]:
    parameters = {"names": to_json(sorted(names))}
    database.execute(
        """
        INSERT INTO decks (name) SELECT value FROM json_each(:names) WHERE true ON CONFLICT (name) DO NOTHING
        """,
        parameters,
    )
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
