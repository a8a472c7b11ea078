"""The media of an Anki package: which entry of the archive is which file, by a name that can do no harm."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from lrcards.cards.anki.archive import MAX_ENTRIES, MAX_RATIO, RATIO_APPLIES_FROM, Archive
from lrcards.cards.anki.json_objects import JsonObject, parse_json
from lrcards.cards.anki.protobuf import Message
from lrcards.errors import DeckError
from lrcards.text import clean

MAP = "media"
"""The entry that says which file each entry with a number for its name is."""

MAX_FILE, MAX_FILES = 100 << 20, 8 << 30
"""How many bytes a file may have, as in Anki, and how many all of them."""

_MAX_MAP = 16 << 20
_NOT_IN_A_NAME = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]|^[A-Za-z]:|^\.\.?$|^$")
_MAX_NAME = 255


class _File(NamedTuple):
    """A line of the map; the size is unknown to the older layouts."""

    entry: str
    name: str
    size: int | None


def read_media(archive: Archive, *, is_latest: bool) -> tuple[dict[str, Callable[[], bytes]], dict[str, str]]:
    """Return what reads each file, by its name; and why others cannot be had, by theirs.

    Args:
        is_latest: whether the package is of the layout that compresses with Zstandard.

    Raises:
        DeckError: the map is damaged, or the files are too many or too large.
    """
    media: dict[str, Callable[[], bytes]] = {}
    left_out: dict[str, str] = {}
    total = 0
    if MAP not in archive:
        return media, left_out
    for file in _latest_map(archive) if is_latest else _json_map(archive):
        name = clean(unicodedata.normalize("NFC", file.name))
        if _NOT_IN_A_NAME.search(file.name) or len(name.encode()) > _MAX_NAME:
            left_out[name] = "its name is no plain file name"
        elif file.entry not in archive:
            left_out[name] = "it is missing from the package"
        else:
            size = archive.size(file.entry) if file.size is None else file.size
            if size > MAX_FILE:
                left_out[name] = f"it has more than {MAX_FILE >> 20} MB"
                continue
            total += size
            media[name] = partial(archive.read, file.entry, size, is_zstd=is_latest)
    if total > min(MAX_FILES, max(RATIO_APPLIES_FROM, MAX_RATIO * archive.file_size)):
        raise DeckError("the media of the package grow too large when they are unpacked")
    return media, left_out


def _json_map(archive: Archive) -> Iterator[_File]:
    text = archive.read(MAP, _MAX_MAP).decode("utf-8", "replace")
    names = JsonObject.of(parse_json(text or "{}", "the list of media"), "the list of media")
    _refuse_too_many(len(names.values))
    return (_File(entry, names.text(entry), None) for entry in names.values)


def _latest_map(archive: Archive) -> Iterator[_File]:
    entries = Message(archive.read(MAP, _MAX_MAP, is_zstd=True)).parts(1)
    _refuse_too_many(len(entries))
    files = map(Message, entries)
    return (_File(str(place), file.text(1), file.integer(2)) for place, file in enumerate(files))


def _refuse_too_many(count: int) -> None:
    if count > MAX_ENTRIES:
        raise DeckError(f"the package lists more than {MAX_ENTRIES:,} media files")
