"""Write an Anki package (.apkg) that old and new versions of Anki import.

It is of the layout that Anki calls legacy (schema 11, version 2), which all of them read. What
Anki works out on import anyhow, the sort field and the checksum of notes, is left to it.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lrcards.cards.formats.anki.model import (
    DEFAULT_DECK,
    DEFAULT_OPTIONS,
    AnkiCollection,
    AnkiDeck,
    AnkiDeckOptions,
    AnkiNote,
)
from lrcards.cards.formats.anki.schema11 import deck_to_json, notetype_to_json, options_to_json
from lrcards.cards.formats.replacing import replacing
from lrcards.errors import DeckError

_META = b"\x08\x02"
_SCHEMA = """
CREATE TABLE col (
    id INTEGER PRIMARY KEY, crt INTEGER NOT NULL, mod INTEGER NOT NULL, scm INTEGER NOT NULL,
    ver INTEGER NOT NULL, dty INTEGER NOT NULL, usn INTEGER NOT NULL, ls INTEGER NOT NULL,
    conf TEXT NOT NULL, models TEXT NOT NULL, decks TEXT NOT NULL, dconf TEXT NOT NULL, tags TEXT NOT NULL
);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL, mid INTEGER NOT NULL, mod INTEGER NOT NULL,
    usn INTEGER NOT NULL, tags TEXT NOT NULL, flds TEXT NOT NULL, sfld INTEGER NOT NULL,
    csum INTEGER NOT NULL, flags INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE TABLE cards (
    id INTEGER PRIMARY KEY, nid INTEGER NOT NULL, did INTEGER NOT NULL, ord INTEGER NOT NULL,
    mod INTEGER NOT NULL, usn INTEGER NOT NULL, type INTEGER NOT NULL, queue INTEGER NOT NULL,
    due INTEGER NOT NULL, ivl INTEGER NOT NULL, factor INTEGER NOT NULL, reps INTEGER NOT NULL,
    lapses INTEGER NOT NULL, left INTEGER NOT NULL, odue INTEGER NOT NULL, odid INTEGER NOT NULL,
    flags INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE TABLE revlog (
    id INTEGER PRIMARY KEY, cid INTEGER NOT NULL, usn INTEGER NOT NULL, ease INTEGER NOT NULL,
    ivl INTEGER NOT NULL, lastIvl INTEGER NOT NULL, factor INTEGER NOT NULL, time INTEGER NOT NULL,
    type INTEGER NOT NULL
);
CREATE TABLE graves (usn INTEGER NOT NULL, oid INTEGER NOT NULL, type INTEGER NOT NULL);
"""
_INDEXES = ("CREATE INDEX ix_cards_nid ON cards (nid)", "CREATE INDEX ix_revlog_cid ON revlog (cid)")
_NOT_YET_SYNCED = -1
_COLLECTION = f"INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, {_NOT_YET_SYNCED}, 0, ?, ?, ?, ?, '{{}}')"
_NOTE = f"INSERT INTO notes VALUES (?, ?, ?, ?, {_NOT_YET_SYNCED}, ?, ?, '', 0, 0, '')"
_CARD = f"INSERT INTO cards VALUES (?, ?, ?, ?, ?, {_NOT_YET_SYNCED}, {', '.join('?' * 12)})"
_REVIEW = f"INSERT INTO revlog VALUES (?, ?, {_NOT_YET_SYNCED}, {', '.join('?' * 6)})"


def write_anki(path: Path, collection: AnkiCollection) -> None:
    """Write a package; a file that is there is replaced when the new one is whole, and not before.

    Anki knows notes by their guid, notetypes and presets by their id and decks by their name: a package of
    what was read from Anki is an update of it there, where the notes are later ones.

    A deck and a preset with the id 1, which every collection has, are added if they lack. Every other preset
    that a deck names must be there, and ids must differ among notes, among cards and among reviews.

    Raises:
        DeckError: the file cannot be written, or a media file cannot be read from where it is.
    """
    with replacing(path) as file, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(ZipInfo("meta"), _META)
        with TemporaryDirectory(prefix="lrcards-") as folder:
            database = Path(folder) / "collection"
            _write_database(database, collection)
            with database.open("rb") as source, archive.open("collection.anki21", "w") as target:
                copyfileobj(source, target)
        archive.writestr(ZipInfo("media"), json.dumps(dict(enumerate(collection.media)), ensure_ascii=False))
        for entry, read in enumerate(collection.media.values()):
            archive.writestr(ZipInfo(str(entry)), read())


def _write_database(path: Path, collection: AnkiCollection) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off;" + _SCHEMA)
            connection.execute(_COLLECTION, _frame(collection))
            connection.executemany(_NOTE, map(_note_row, collection.notes))
            connection.executemany(_CARD, collection.cards)
            connection.executemany(_REVIEW, collection.reviews)
            for index in _INDEXES:
                connection.execute(index)
            connection.commit()
    except sqlite3.OperationalError as error:
        raise DeckError(f"The package cannot be made in {path.parent}: {error}", "Make room there") from error


def _frame(collection: AnkiCollection) -> tuple[int | str, ...]:
    """Return the row of what notes, cards and reviews hang in."""
    created = int(collection.created.timestamp())
    config: dict[str, Any] = {"schedVer": 2, "rollover": collection.rollover_hour}
    if collection.utc_offset is not None:
        config["creationOffset"] = -collection.utc_offset // timedelta(minutes=1)
    by_id: tuple[Iterable[dict[str, Any]], ...] = (
        map(notetype_to_json, collection.notetypes),
        map(deck_to_json, (AnkiDeck(DEFAULT_DECK, "Default"), *collection.decks)),
        map(options_to_json, (AnkiDeckOptions(DEFAULT_OPTIONS, "Default"), *collection.options)),
    )
    documents = [config, *({str(value["id"]): value for value in values} for values in by_id)]
    return created, 1000 * created, 1000 * created, *(json.dumps(d, ensure_ascii=False) for d in documents)


def _note_row(note: AnkiNote) -> tuple[int, str, int, int, str, str]:
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    return *note[:4], tags, "\x1f".join(note.fields)
