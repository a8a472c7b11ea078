"""Open a collection's file or copy it: create or migrate it, and say plainly why a file cannot be used."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep

from sqlite_utils.db import Database

from lrcards.collection.migrations import MIGRATIONS, unknown_migrations
from lrcards.errors import CollectionError
from lrcards.text import one_line

APPLICATION_ID = 0x6C726364
"""``lrcd`` in ASCII: stands in the file's header, so that another program's file is never touched."""

TABLES = (
    *("meta", "decks", "notes", "cards", "reviews"),
    *("media", "origins", "origin_parts", "baselines", "aliases", "orphans"),
    *("exams", "mock_tests", "deleted_notes"),
)
"""What a collection holds, but for what can be made of it again."""

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
        return _opened(path, path, is_new=is_new)


def copy_database(path: Path, copy: Path) -> None:
    """Make a copy of a collection that may be in use or of an older program, and bring the copy up to date.

    The collection is only read: it stays as it is, byte for byte, and nothing is put beside a closed one.
    Whatever was written before is in the copy, which is sound but for reviews that no collection may hold.

    Raises:
        CollectionError: there is no collection at the path, or it cannot be used.
    """
    if not _exists(path):
        raise CollectionError("there is no collection", "Name the file of one", path=path)
    with explained(path):
        with closing(_opened_to_read(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        database = _opened(copy, path, is_new=False)
        try:
            _refuse_damage(database, path)
        finally:
            database.close()


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
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        primary_code = _primary_code(error)
        if primary_code not in _EXPLANATIONS:
            raise
        what, remedy = _EXPLANATIONS[primary_code]
        raise CollectionError(what, remedy, path=path) from error


def _primary_code(error: Exception) -> int:
    """Return SQLite's code for an error; text in the file that is not UTF-8 makes one that has no code."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    default = sqlite3.SQLITE_CORRUPT if isinstance(error, sqlite3.OperationalError) else sqlite3.SQLITE_ERROR
    return getattr(error, "sqlite_errorcode", default) & 0xFF


_EXPLANATIONS = {
    sqlite3.SQLITE_BUSY: (
        "another program has kept the collection locked for too long",
        "Close the other program, or wait until it is done, and try again",
    ),
    sqlite3.SQLITE_READONLY: (
        "the collection cannot be written to",
        "Allow writing to the file and its folder, or name another file",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the collection cannot be opened",
        "Allow reading and writing the file and its folder, or name another file",
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
        "Name another file",
    ),
}


def _is_new(path: Path) -> bool:
    """Return whether there is no collection yet; make its folders."""
    with _reached(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    exists = _exists(path)
    if not all(os.access(place, os.W_OK) for place in (path.parent, path) if place.exists()):
        what, remedy = _EXPLANATIONS[sqlite3.SQLITE_READONLY]
        raise CollectionError(what, remedy, path=path)
    return not exists


def _exists(path: Path) -> bool:
    """Return whether there is a collection at the path; an empty file is none yet, another file is refused.

    Only SQLite opens the file, to read: it stays as it is, and closing it by any other way would give up all
    locks that this process has on it, so that another process takes the log of a running program away.
    """
    if path.is_dir():
        raise CollectionError("this is a folder, not a file", "Name a file", path=path)
    with _reached(path):
        try:
            is_empty = not path.stat().st_size
        except FileNotFoundError:
            return False
    if is_empty:
        return False
    with explained(path), closing(_opened_to_read(path)) as connection:
        ((application_id,),) = connection.execute("PRAGMA application_id")
    if application_id != APPLICATION_ID:
        raise CollectionError(
            "the file is a SQLite database of another program",
            "Name another file",
            path=path,
        )
    return True


@contextmanager
def _reached(path: Path) -> Iterator[None]:
    """Turn what the system says about the file or its folders into a ``CollectionError``."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise CollectionError(
            f"the collection cannot be opened ({reason})", "Name another file", path=path
        ) from error


def _opened(file: Path, path: Path, *, is_new: bool) -> Database:
    """Return the database in the file, ready for use; errors name the path."""
    connection = sqlite3.connect(file, timeout=BUSY_TIMEOUT, isolation_level=None)
    try:
        database = Database(connection, execute_plugins=False, strict=True)
        _prepare(database, path, is_new=is_new)
    except BaseException:
        connection.close()
        raise
    return database


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write.

    Even so SQLite would put files beside a collection that was in order and closed. It does not if it is told
    that nobody will change it.
    """
    in_use = any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))
    mode = "mode=ro" if in_use else "immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=BUSY_TIMEOUT)


def _refuse_damage(database: Database, path: Path) -> None:
    """Look for damage of any kind but reviews that no collection may hold."""
    for table in TABLES:
        database.execute(f"PRAGMA ignore_check_constraints = {table == 'reviews'}")
        ((finding,),) = database.execute(f"PRAGMA integrity_check({table})").fetchmany(1)
        if finding != "ok":
            what, remedy = _EXPLANATIONS[sqlite3.SQLITE_CORRUPT]
            raise CollectionError(f"{what} ({one_line(finding)})", remedy, path=path)


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
