"""The pictures and sounds that lie beside a deck of text, or below it, and that its notes show."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from lrcards.cards.formats.text_files import read_bytes
from lrcards.cards.media import name_by_content, renamed, shown
from lrcards.cards.parcel import Media, Parcel, is_file_name
from lrcards.errors import DeckError
from lrcards.text import clean

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg")
_SOUNDS = (".mp3", ".ogg", ".opus", ".wav", ".m4a", ".flac")
_MOST_BYTES = 20_000_000


def with_media(parcel: Parcel, deck: Path, root: Path) -> Parcel:
    """Return what was read of a deck with the files that its notes show, which then go by their bare names.

    A deck comes from a stranger: only pictures and sounds count, and of those only what really lies in the
    root; whatever else a note names stays text.

    Args:
        parcel: what was read.
        deck: its file.
        root: the folder that was imported, or the deck's own.
    """
    there = root.resolve()
    media: dict[str, Media] = {}
    notes = []
    for note in parcel.notes:
        names = {}
        for name in sorted(shown(note)):
            file = _file(name, deck, there)
            if file is not None:
                names[name] = _take(file, media)
        notes.append(renamed(note, {name: new for name, new in names.items() if name != new}))
    return replace(parcel, notes=tuple(notes), media=(*parcel.media, *media.values())) if media else parcel


def _file(name: str, deck: Path, root: Path) -> Path | None:
    """Return the file that a note names, if it may be read."""
    try:
        file = deck.parent.joinpath(name).resolve()
        may = file.suffix.lower() in _PICTURES + _SOUNDS and file.is_relative_to(root) and file.is_file()
        may = may and file.stat().st_size <= _MOST_BYTES
    except (OSError, ValueError):
        return None
    return file if may and is_file_name(file.name) and clean(file.name) == file.name else None


def _take(file: Path, media: dict[str, Media]) -> str:
    """Put a file among the others, and return its name there; two of one name differ in what they hold."""
    name, read = file.name, partial(read_bytes, file, _MOST_BYTES)
    if name in media:
        try:
            data = read()
            if media[name].read() != data:
                name = name_by_content(name, data)
        except DeckError:
            return name
    media.setdefault(name, Media(name, read))
    return name
