"""Bring notes into a collection: see what is new, changed or gone, then write it in one go."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import count
from types import MappingProxyType
from typing import Any

from sqlite_utils.db import Database

from lrcards.cards.content import deletions
from lrcards.cards.matching import WITHOUT_LIKENESS, Choices, Matching, match
from lrcards.cards.model import Card, Note, NoteKind, Phase, card_guid
from lrcards.cards.parcel import Skipped
from lrcards.collection import orphans, texts
from lrcards.collection.rows import (
    SELECT_NOTES,
    card_values,
    insert_many,
    note_from_row,
    note_values,
    rows_of,
    to_json,
    to_ms,
)
from lrcards.text import one_line

Progress = Callable[[float], None]
"""Is told which share of the work is done; what it raises ends the work and takes it back."""


def silently(_: float) -> None:
    """Take no notice of what is done."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: the notes as they are now, each in one of the five tuples.

    Attributes:
        new: notes that the collection did not have.
        changed: notes whose text, tags, experiment or deck changed; their cards keep their memory.
        reworded: changed notes that were found by likeness alone.
        unchanged: notes that were there already.
        orphaned: notes of the same decks and files that the import no longer has; they stay, with their
            history.
        before: the changed and reworded notes as they were, by guid.
        scores: how alike a reworded note is to the one before, by guid.
        options: the decks that take the options that the file has for them.
        progressed: how many cards go on from where the file has them.
        reviews: how many answers come to the log.
        media: how many pictures and sounds come.
        skipped: what of the file is left out.
    """

    new: tuple[Note, ...] = ()
    changed: tuple[Note, ...] = ()
    reworded: tuple[Note, ...] = ()
    unchanged: tuple[Note, ...] = ()
    orphaned: tuple[Note, ...] = ()
    before: Mapping[str, Note] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    progressed: int = 0
    reviews: int = 0
    media: int = 0
    skipped: tuple[Skipped, ...] = ()


def find_matches(
    database: Database,
    notes: Sequence[Note],
    choices: Choices = WITHOUT_LIKENESS,
    numbered: Container[str] = (),
) -> Matching:
    """Return which stored note each of the notes is; see ``match``."""
    parameters = {
        "decks": to_json(sorted({note.deck for note in notes})),
        "guids": to_json([note.guid for note in notes if note.guid]),
    }
    of_guids = "IN (SELECT value FROM json_each(:guids))"
    aliases = dict(
        database.execute(f"SELECT alias, note_guid FROM aliases WHERE alias {of_guids}", parameters)
    )
    condition = f"""
        decks.name IN (SELECT value FROM json_each(:decks)) OR notes.guid {of_guids}
        OR notes.guid IN (SELECT note_guid FROM aliases WHERE alias {of_guids})
    """
    stored = _notes(database, condition, parameters)
    foreign = {guid for (guid,) in database.execute("SELECT note_guid FROM origins")}
    find = partial(
        matched, database, notes, choices=choices, aliases=aliases, numbered=numbered, foreign=foreign
    )
    matching = find(stored)

    # What is not found may have moved here from another deck.
    missing = [note.question for note, known in matching.pairs if known is None]
    elsewhere = f"NOT ({condition}) AND question IN (SELECT value FROM json_each(:missing))"
    if missing and (moved := _notes(database, elsewhere, {**parameters, "missing": to_json(missing)})):
        matching = find([*stored, *moved])
    return matching


def _notes(database: Database, condition: str, parameters: Mapping[str, Any]) -> list[Note]:
    rows = rows_of(database, f"{SELECT_NOTES} WHERE {condition} ORDER BY notes.id", parameters)
    return [note_from_row(row) for row in rows]


def matched(
    database: Database,
    notes: Sequence[Note],
    stored: Sequence[Note],
    choices: Choices = WITHOUT_LIKENESS,
    *,
    aliases: Mapping[str, str] = MappingProxyType({}),
    numbered: Container[str] = (),
    foreign: Container[str] = (),
) -> Matching:
    """Return which of the stored notes each of the notes is; see ``match``.

    A cloze deletion that vanished in an earlier import and is back gets its old ordinal, and so its history;
    a deletion that never was gets an ordinal that no other had.
    """
    matching = match(notes, stored, choices, aliases=aliases, numbered=numbered, foreign=foreign)
    aligned = [
        note.guid
        for note, known in matching.pairs
        if known and note.kind is NoteKind.CLOZE and note.guid not in numbered
    ]
    if not (vanished := _vanished(database, aligned)):
        return matching
    pairs = [
        (_with_old_ordinals(note, known, vanished[note.guid]), known)
        if known and note.guid in vanished
        else (note, known)
        for note, known in matching.pairs
    ]
    return replace(matching, pairs=tuple(pairs))


def _vanished(database: Database, guids: Sequence[str]) -> dict[str, dict[int, str]]:
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
    known = [(note, stored, _differ(note, stored)) for note, stored in matching.pairs if stored is not None]
    changed = [note for note, _, differs in known if differs]
    return ImportReport(
        new=tuple(note for note, stored in matching.pairs if stored is None),
        changed=tuple(note for note in changed if note.guid not in matching.scores),
        reworded=tuple(note for note in changed if note.guid in matching.scores),
        unchanged=tuple(note for note, _, differs in known if not differs),
        orphaned=matching.orphans,
        before={note.guid: stored for note, stored, differs in known if differs},
        scores=matching.scores,
    )


def carry_out(
    database: Database,
    matching: Matching,
    now: datetime,
    cards: Mapping[str, Card] = MappingProxyType({}),
    progress: Progress = silently,
) -> list[str]:
    """Write what the matching found, inside the caller's transaction; return the guids of the new cards.

    New cards come after the existing ones, in the order of the notes. A cloze deletion that vanished from its
    note leaves its card in place, marked as orphaned: not shown, but with its history, should it return.

    Args:
        database: where to write.
        matching: what ``find_matches`` found.
        now: the instant.
        cards: how new cards are to stand, by guid; those that are new and here come first, by position.
        progress: see ``Progress``.
    """
    decks = deck_ids(database, {note.deck for note, _ in matching.pairs})
    ids = _note_ids(database, [stored.guid for _, stored in matching.pairs if stored is not None])
    next_id, instant = count(_next(database, "notes", "id")), to_ms(now)
    inserts, updates = [], []
    for note, stored in matching.pairs:
        if note == stored:
            continue
        values = {**note_values(note), "deck_id": decks[note.deck], "modified_at": instant}
        if stored is None:
            ids[note.guid] = next(next_id)
            inserts.append({**values, "id": ids[note.guid], "guid": note.guid, "created_at": instant})
        else:
            updates.append({**values, "id": ids[note.guid], "differs": _differ(note, stored)})
    new_cards = _new_cards(database, matching, ids, decks, cards)
    total, done = len(inserts) + len(updates) + len(new_cards), 0
    with texts.inserting(database, len(inserts)):
        for write, rows in (
            (partial(insert_many, database, "notes"), inserts),
            (partial(database.conn.executemany, _UPDATE_NOTE), updates),
            (partial(insert_many, database, "cards"), new_cards),
        ):
            for at in range(0, len(rows), PORTION):
                write(rows[at : at + PORTION])
                progress(min(1.0, (done := done + PORTION) / total))
    mark_orphans(
        database,
        [note.guid for note, stored in matching.pairs if stored and stored.ordinals != note.ordinals],
    )
    database.conn.executemany(
        "INSERT OR REPLACE INTO aliases (alias, note_guid) VALUES (?, ?)", matching.aliases.items()
    )
    orphans.remember(
        database, [note.guid for note in matching.orphans], [note.guid for note, _ in matching.pairs]
    )
    return [row["guid"] for row in new_cards]


_UPDATE_NOTE = """
    UPDATE notes SET kind = :kind, question = :question, answer = :answer, tags = :tags,
        experiment = :experiment, ordinals = :ordinals, faces = :faces, typed = :typed,
        source_file = :source_file, source_line = :source_line, deck_id = :deck_id,
        modified_at = iif(:differs, :modified_at, modified_at)
    WHERE id = :id
"""


PORTION = 5000
"""So many rows are written between two reports of progress."""

_NEW_CARD = card_values(Card("", "", 0))


def _new_cards(
    database: Database,
    matching: Matching,
    note_ids: Mapping[str, int],
    deck_ids: Mapping[str, int],
    cards: Mapping[str, Card],
) -> list[dict[str, Any]]:
    """Return a row for each ordinal of a note that has no card yet."""
    # The card of a deletion that returns is there already.
    known = to_json([stored.guid for note, stored in matching.pairs if stored and stored != note])
    there = {
        guid
        for (guid,) in database.execute(
            """
            SELECT cards.guid FROM cards JOIN notes ON notes.id = note_id
            WHERE notes.guid IN (SELECT value FROM json_each(?))
            """,
            [known],
        )
    }
    rows = []
    for note, stored in matching.pairs:
        if stored and stored.ordinals == note.ordinals:
            continue
        for ordinal, text in _asked(note).items():
            if stored is None or ordinal not in stored.ordinals:
                guid = card_guid(note.guid, ordinal)
                if guid in there:
                    continue
                rows.append(
                    {
                        **(card_values(cards[guid]) if guid in cards else _NEW_CARD),
                        "guid": guid,
                        "ordinal": ordinal,
                        "note_id": note_ids[note.guid],
                        "deck_id": deck_ids[note.deck],
                        "asked": text,
                        "orphaned": False,
                    }
                )
    new = {guid: card.position for guid, card in cards.items() if card.phase is Phase.NEW}
    if new:
        last = max(new.values()) + 1
        rows.sort(key=lambda row: new.get(row["guid"], last))
    for position, row in enumerate(rows, start=_next(database, "cards", "position")):
        row["position"] = position
    return rows


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


def deck_ids(database: Database, names: Iterable[str]) -> dict[str, int]:
    """Return the ids of decks by their names; those that are not there yet are made."""
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
    return note != stored and replace(note, source=None) != replace(stored, source=None)
