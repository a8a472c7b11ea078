"""The media of an Anki package: which entry of the archive is which file, by a name that can do no harm."""

import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from lrcards.cards.formats.anki.json_objects import JsonObject, parse_json
from lrcards.cards.formats.anki.protobuf import Message
from lrcards.cards.formats.archive import MAX_ENTRIES, MAX_RATIO, RATIO_APPLIES_FROM, Archive
from lrcards.cards.parcel import is_file_name
from lrcards.errors import DeckError
from lrcards.text import clean, excerpt

MAX_FILE, MAX_FILES = 100 << 20, 8 << 30
"""How many bytes a file may have, as in Anki, and how many all of them."""

_LIST, _MAX_LIST = "media", 16 << 20
"""The entry that says which file each entry with a number for its name is, and how many bytes it may have."""


class _File(NamedTuple):
    """A line of the list: the entry of the archive, the name of the file, and how many bytes it has."""

    entry: str
    name: str
    size: int


def read_media(archive: Archive, *, is_latest: bool) -> tuple[dict[str, Callable[[], bytes]], dict[str, str]]:
    """Return what reads each file, by its name; and why others cannot be had, by theirs.

    Args:
        is_latest: whether the package is of the layout that compresses with Zstandard.

    Raises:
        DeckError: the list of files is damaged, or they are too many or too large.
    """
    media: dict[str, Callable[[], bytes]] = {}
    left_out: dict[str, str] = {}
    total = 0
    for file in _latest_list(archive) if is_latest else _json_list(archive):
        name = clean(unicodedata.normalize("NFC", file.name))
        if reason := _why_not(file, archive):
            left_out[excerpt(name)] = reason
            continue
        media[name] = partial(archive.read, file.entry, file.size, is_zstd=is_latest)
        total += file.size
    if total > min(MAX_FILES, max(RATIO_APPLIES_FROM, MAX_RATIO * archive.file_size)):
        raise DeckError("The media of the package grow too large when they are unpacked")
    return media, left_out


def _why_not(file: _File, archive: Archive) -> str:
    if not is_file_name(file.name):
        return "its name is no plain file name"
    if file.entry not in archive:
        return "it is missing from the package"
    return f"it has more than {MAX_FILE >> 20} MB" if file.size > MAX_FILE else ""


def _json_list(archive: Archive) -> Iterator[_File]:
    text = archive.read(_LIST, _MAX_LIST).decode("utf-8", "replace") if _LIST in archive else ""
    names = JsonObject.of(parse_json(text or "{}", "The list of media"), "The list of media")
    _refuse_too_many(len(names.values))
    for entry in names.values:
        yield _File(entry, names.text(entry), archive.size(entry) if entry in archive else 0)


def _latest_list(archive: Archive) -> Iterator[_File]:
    entries = Message(archive.read(_LIST, _MAX_LIST, is_zstd=True)).parts(1) if _LIST in archive else []
    _refuse_too_many(len(entries))
    for place, file in enumerate(map(Message, entries)):
        yield _File(str(place), file.text(1), file.integer(2))


def _refuse_too_many(count: int) -> None:
    if count > MAX_ENTRIES:
        raise DeckError(f"The package lists more than {MAX_ENTRIES:,} media files")
