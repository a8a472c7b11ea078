"""Open a collection's file: create or migrate it, and say plainly why a file cannot be used."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from sqlite_utils.db import Database

from lrcards.collection.migrations import MIGRATIONS, unknown_migrations
from lrcards.errors import CollectionError

APPLICATION_ID = 0x6C726364
"""``lrcd`` in ASCII: stands in the file's header, so that another program's file is never touched."""

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another program that is writing."""


def open_database(path: Path) -> Database:
    """Return the database of the collection at the path, created and migrated as needed.

    A file that is not a collection, or is a newer one, is left as it is, byte for byte.

    Raises:
        CollectionError: the file cannot be used; the message says why and what to do.
    """
    is_new = _is_new(path)
    with explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
        try:
            database = Database(connection, execute_plugins=False, strict=True)
            _prepare(database, path, is_new=is_new)
        except BaseException:
            connection.close()
            raise
    return database


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """Hold the write lock for the block, then commit; roll everything back if the block fails.

    The lock is taken at the start, because a transaction that reads first and writes later cannot wait for
    another program that wrote in between: SQLite would refuse it at once.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.commit()
    except BaseException:
        database.rollback()
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into a ``CollectionError``; mistakes in our SQL pass through."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        primary_code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if primary_code not in _EXPLANATIONS:
            raise
        what, remedy = _EXPLANATIONS[primary_code]
        raise CollectionError(what, remedy, path=path) from error


_EXPLANATIONS = {
    sqlite3.SQLITE_BUSY: (
        "another program has kept the collection locked for too long",
        "Close the other program, or wait until it is done, and try again",
    ),
    sqlite3.SQLITE_READONLY: (
        "the collection cannot be written to",
        "Allow writing to the file and its folder, or name another file with --collection",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the collection cannot be opened",
        "Allow reading and writing the file and its folder, or name another file with --collection",
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full, so the last change was not made",
        "Free some space and try again; everything up to now is kept",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk failed while the collection was read or written",
        "Check the disk; everything up to the last answer is kept",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "the collection is damaged",
        "Copy the file to a safe place, then restore a backup",
    ),
    sqlite3.SQLITE_NOTADB: (
        "the file is not a collection: it is not SQLite",
        "Name another file with --collection",
    ),
}


def _is_new(path: Path) -> bool:
    """Return whether there is no collection yet, after looking at the file without opening it as SQLite."""
    if path.is_dir():
        raise CollectionError("this is a folder, not a file", "Name a file with --collection", path=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        header = _header(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CollectionError(
            f"the collection cannot be opened ({reason})", "Name another file with --collection", path=path
        ) from error
    if not all(os.access(place, os.W_OK) for place in (path.parent, path) if place.exists()):
        what, remedy = _EXPLANATIONS[sqlite3.SQLITE_READONLY]
        raise CollectionError(what, remedy, path=path)
    if not header:
        return True
    if not header.startswith(b"SQLite format 3\0"):
        what, remedy = _EXPLANATIONS[sqlite3.SQLITE_NOTADB]
        raise CollectionError(what, remedy, path=path)
    if header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise CollectionError(
            "the file is a SQLite database of another program",
            "Name another file with --collection",
            path=path,
        )
    return False


def _header(path: Path) -> bytes:
    """Return the first 100 bytes of the file, where SQLite keeps its header; none if there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        return b""


def _prepare(database: Database, path: Path, *, is_new: bool) -> None:
    for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "synchronous = FULL"):
        database.execute(f"PRAGMA {pragma}")
    if is_new:
        # Before WAL, so that the mark is in the file's own header from the first commit on.
        with writing(database):
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    newer = unknown_migrations(database)
    if newer:
        raise CollectionError(
            f"the collection was made by a newer lrcards (it has {newer[-1]!r})", "Upgrade lrcards", path=path
        )
    _use_write_ahead_log(database)
    if MIGRATIONS.pending(database):
        # All in one transaction: a second program that opens the file meanwhile waits and finds it done.
        with writing(database):
            MIGRATIONS.apply(database)


def _use_write_ahead_log(database: Database) -> None:
    """Set the journal mode, which SQLite refuses without waiting while another program does the same."""
    pause = 0.01
    for left in reversed(range(round(BUSY_TIMEOUT / pause))):
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            sleep(pause)
        else:
            return
