"""Read Anki's packages, .apkg (some decks) and .colpkg (all of a collection), of every layout."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lrcards.cards.formats.anki.media import read_media
from lrcards.cards.formats.anki.model import AnkiCollection
from lrcards.cards.formats.anki.protobuf import Message
from lrcards.cards.formats.anki.tables import read_tables
from lrcards.cards.formats.archive import Archive
from lrcards.errors import DeckError
from lrcards.text import clean, one_line

MAX_COLLECTION = 512 << 20
"""How many bytes the database may have, which is unpacked to a temporary file."""

_META = "meta"
_MAX_META = 100
_OLDEST, _OLD, _LATEST = "collection.anki2", "collection.anki21", "collection.anki21b"
_COLLECTIONS = {1: _OLDEST, 2: _OLD, 3: _LATEST}
"""Where the collection is, by the version of the package; others beside it are made for older programs."""


def is_anki(archive: Archive) -> bool:
    """Return whether an archive is a package of Anki, whatever its name."""
    return any(name in archive for name in _COLLECTIONS.values())


def read_anki(path: Path) -> AnkiCollection:
    """Return what an .apkg or .colpkg holds.

    The package is left as it is and nothing in it is run; its media are read from it only when they are
    wanted (see ``AnkiCollection.media``).

    Raises:
        DeckError: with the path: it is no package that Anki would write, it is damaged or too large, or it is
            of a later version than those known here.
    """
    with _told_of(path):
        archive = Archive(path)
        collection = _collection_name(archive)
        is_latest = collection == _LATEST
        with TemporaryDirectory(prefix="lrcards-") as folder:
            database = Path(folder) / "collection"
            _write(database, archive.chunks(collection, MAX_COLLECTION, is_zstd=is_latest))
            content = read_tables(database)
        media, left_out = read_media(archive, is_latest=is_latest)
        return replace(content, media=media, media_left_out=left_out)


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    try:
        with path.open("wb") as file:
            file.writelines(chunks)
    except OSError as error:
        what = f"The package cannot be unpacked to {path.parent} ({error.strerror or error})"
        raise DeckError(what, "Make room there, or set TMPDIR") from error


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Tell with every ``DeckError`` of a block that it is about the file; make words from it safe."""
    try:
        yield
    except DeckError as error:
        error.path, error.what = path, clean(one_line(error.what))
        raise


def _collection_name(archive: Archive) -> str:
    """Return the name of the entry that is the collection, and not a stand-in for older programs."""
    if not is_anki(archive):
        raise DeckError("This zip archive is no package of Anki: there is no collection in it")
    if _META not in archive:
        return _OLD if _OLD in archive else _OLDEST
    version = Message(archive.read(_META, _MAX_META)).integer(1)
    if version not in _COLLECTIONS:
        raise DeckError(
            f"The package is of version {version}; the latest known here is {max(_COLLECTIONS)}",
            "In Anki, export it with “Support older Anki versions”",
        )
    return _COLLECTIONS[version]
