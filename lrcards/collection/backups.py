"""Backups: a copy of the whole collection beside it, and a copy put in its place again."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from lrcards.collection.opening import BUSY_TIMEOUT, copy_database, explained
from lrcards.errors import CollectionError

FOLDER = "backups"
"""Beside the collection."""


def back_up(path: Path, now: datetime, copy: Path | None = None) -> Path:
    """Copy the collection, which may be in use, and return where the copy is.

    Args:
        path: of the collection.
        now: the instant, for the copy's name.
        copy: where to put it; by default into the folder ``backups`` beside the collection.

    Raises:
        CollectionError: there is no collection, it is damaged, or the copy cannot be written.
    """
    copy = _place(path, now) if copy is None else copy
    if copy.exists():
        raise CollectionError("there is such a file already", "Name another one", path=copy)
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CollectionError(
            f"the backup cannot be written ({error.strerror})", "Name another file", path=copy
        ) from error
    unfinished = copy.with_name(copy.name + ".part")
    try:
        copy_database(path, unfinished)
        _finish(unfinished, copy)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return copy


def restore(path: Path, copy: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the collection, once it was found sound.

    Another program that has the collection open goes on with what was restored.

    Returns:
        Where the collection that was there is kept now; ``None`` if there was none.

    Raises:
        CollectionError: the copy is no collection, or damaged, or the collection cannot be written.
    """
    checked = path.with_name(path.name + ".restoring")
    checked.unlink(missing_ok=True)
    try:
        copy_database(copy, checked)
        if not path.exists() or not path.stat().st_size:
            _finish(checked, path)
            return None
        kept = _place(path, now)
        try:
            back_up(path, now, kept)
        except CollectionError:
            # Damaged as it is, it is kept as it is.
            _move_aside(path, kept)
            _finish(checked, path)
            return kept
        with (
            explained(path),
            closing(sqlite3.connect(checked)) as source,
            closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT)) as target,
        ):
            source.backup(target)
        return kept
    finally:
        _remove(checked)


def _place(path: Path, now: datetime) -> Path:
    """Return where a backup of this instant goes."""
    return path.parent / FOLDER / f"{path.stem}-{now:%Y%m%d-%H%M%S}.db"


def _finish(unfinished: Path, copy: Path) -> None:
    """Leave the journal behind and give the copy its name."""
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    try:
        os.replace(unfinished, copy)
    except OSError as error:
        raise CollectionError(
            f"the file cannot be written ({error.strerror})", "Allow writing to its folder", path=copy
        ) from error


def _move_aside(path: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            os.replace(part, kept.with_name(kept.name + suffix))


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
