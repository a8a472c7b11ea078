"""Decks in files of any format that is known, told by what they hold and not by their names."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from lrcards.cards.formats.anki.package import is_anki
from lrcards.cards.formats.anki.parcels import read_parcel as read_anki_parcel
from lrcards.cards.formats.archive import Archive
from lrcards.cards.formats.beside import with_media
from lrcards.cards.formats.crowdanki import is_crowdanki, parse_crowdanki
from lrcards.cards.formats.delimited import Separators, parse_list, parse_table
from lrcards.cards.formats.markdown import WANTED, read_markdown
from lrcards.cards.formats.mochi import is_mochi, read_mochi
from lrcards.cards.formats.parcel_json import is_parcel, parse_parcel
from lrcards.cards.formats.recognition import TextKind, kind_of_text
from lrcards.cards.formats.text_files import decode, read_bytes
from lrcards.cards.media import name_by_content, renamed
from lrcards.cards.model import Note, Source
from lrcards.cards.parcel import Media, Parcel, Skipped
from lrcards.errors import DeckError
from lrcards.text import clean, excerpt, one_line

DayOf = Callable[[datetime], date]
"""Gives the study day of an instant."""

_ZIP = b"PK\x03\x04"


def read(
    paths: Sequence[Path],
    *,
    deck: str | None = None,
    day_of: DayOf,
    separators: Separators | None = None,
    skip_broken: bool = False,
) -> Parcel:
    """Return what is in the files, and in the Markdown files below each folder, as one parcel.

    A folder is a deck, and the folders and files in it are its subdecks; hidden ones are passed over.

    Args:
        paths: files and folders.
        deck: the deck of every note, whatever the files say; for a folder, what its own name is replaced by.
        day_of: the study day of an instant (UTC).
        separators: those of lists of terms and definitions; all files are read as such lists.
        skip_broken: whether a file that is broken is skipped; else nothing is read.

    Raises:
        DeckError: for a file that cannot be read or is broken, an id that two notes share, and if there is no
            note in any of the files, with the reasons.
    """
    parcels: list[Parcel] = []
    for file in _files(paths, deck):
        path = file.path
        try:
            parcel = _read_file(file, separators, day_of)
            if file.name and not (parcel.notes or parcel.skipped):
                parcel = Parcel(
                    skipped=(Skipped(clean(path.name), "It has no cards", Source(clean(str(path)), 1)),)
                )
            parcels.append(parcel)
        except DeckError as error:
            if not skip_broken:
                raise
            parcels.append(Parcel(skipped=(Skipped(clean(str(path)), one_line(str(error)).rstrip(".")),)))
    parcel = join(parcels)
    if not parcel.notes:
        raise _nothing(paths, parcel.skipped)
    return parcel


class _File(NamedTuple):
    """A file to read.

    Attributes:
        path: where it is.
        deck: the deck of all its notes, whatever it says.
        name: the deck of notes that name none.
        root: the folder in which pictures are looked for.
    """

    path: Path
    deck: str | None
    name: str | None
    root: Path


def _files(paths: Iterable[Path], deck: str | None) -> Iterator[_File]:
    for path in paths:
        if not path.is_dir():
            yield _File(path, deck, None, path.parent)
            continue
        crowdanki = [file for file in (path / "deck.json", path / f"{path.name}.json") if file.is_file()]
        if crowdanki:
            yield _File(crowdanki[0], deck, None, path)
            continue
        for file in markdown_files(path):
            place = file.relative_to(path).with_suffix("").parts
            root = deck or path.resolve().name
            name = "::".join(map(one_line, map(clean, (root, *place))))
            yield _File(file, name if deck else None, name, path)


def markdown_files(folder: Path) -> Iterator[Path]:
    """Yield the Markdown files below a folder, but for those that are hidden or reached by a link."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(root, name)
            if name.lower().endswith(".md") and not name.startswith(".") and not file.is_symlink():
                yield file


def _read_file(file: _File, separators: Separators | None, day_of: DayOf) -> Parcel:
    path, deck, name, root = file
    if _begins_with(path, _ZIP):
        return _read_archive(path, deck, day_of)
    text = decode(read_bytes(path), path)
    shown = clean(str(path))
    if separators:
        return parse_list(text, separators, path=shown, deck=deck, name=name)
    match kind_of_text(text, path):
        case TextKind.TABLE:
            return parse_table(text, path=shown, deck=deck, name=name)
        case TextKind.JSON:
            return _read_json(text, path, deck, day_of)
        case TextKind.MARKDOWN:
            return with_media(read_markdown(text, path=shown, deck=deck, name=name), path, root)


def _begins_with(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except (OSError, ValueError):
        return False


def _read_archive(path: Path, deck: str | None, day_of: DayOf) -> Parcel:
    archive = Archive(path)
    if is_mochi(archive):
        return read_mochi(path, deck=deck)
    if is_anki(archive):
        return read_anki_parcel(path, day_of=day_of, deck=deck)
    raise DeckError("This zip archive holds no deck", "Unpack it and import what is in it", path=path)


def _read_json(text: str, path: Path, deck: str | None, day_of: DayOf) -> Parcel:
    try:
        data = json.loads(text)
        if is_parcel(data):
            return parse_parcel(data, path=str(path), deck=deck)
        if is_crowdanki(data):
            return parse_crowdanki(data, path, day_of=day_of, deck=deck)
    except json.JSONDecodeError as error:
        what = f"The JSON cannot be read: {error.msg}"
        raise DeckError(what, "Export it again", path=path, line=error.lineno) from None
    except (ValueError, RecursionError):
        what = "The JSON cannot be read: a number is too long, or it is nested too deeply"
        raise DeckError(what, "Export it again", path=path) from None
    raise DeckError("This JSON is no deck", "Import what lrcards, Mochi or CrowdAnki export", path=path)


def join(parcels: Sequence[Parcel]) -> Parcel:
    """Return the parcels as one; a note that is the same in two of them counts once, as in the first.

    A picture whose name another one has in an earlier parcel gets a name from its content.

    Raises:
        DeckError: if two notes have the same guid.
    """
    parcels = list(_with_names_apart(parcels))
    first: dict[str, Note] = {}
    notes: list[Note] = []
    for note in chain.from_iterable(parcel.notes for parcel in parcels):
        other = first.setdefault(note.guid, note) if note.guid else note
        if other is note:
            notes.append(note)
        elif replace(other, source=None) != replace(note, source=None):
            raise DeckError(
                f"The id “{excerpt(note.guid)}” is taken by {_place(other)}",
                "Give each card its own id",
                path=note.source.file if note.source else None,
                line=note.source.line if note.source else None,
            )
    return Parcel(
        notes=tuple(notes),
        cards=tuple({card.guid: card for parcel in reversed(parcels) for card in parcel.cards}.values()),
        reviews=tuple(sorted(chain.from_iterable(p.reviews for p in parcels), key=lambda r: (r.at, r.id))),
        options=dict(chain.from_iterable(parcel.options.items() for parcel in parcels)),
        media=tuple(chain.from_iterable(parcel.media for parcel in parcels)),
        origins=dict(chain.from_iterable(parcel.origins.items() for parcel in parcels)),
        skipped=tuple(chain.from_iterable(parcel.skipped for parcel in parcels)),
    )


def _with_names_apart(parcels: Iterable[Parcel]) -> Iterator[Parcel]:
    taken: dict[str, Media] = {}
    for parcel in parcels:
        names = {
            media.name: name_by_content(media.name, data)
            for media in parcel.media
            if media.name in taken and (data := media.read()) != taken[media.name].read()
        }
        if names:
            apart = tuple(replace(media, name=names.get(media.name, media.name)) for media in parcel.media)
            parcel = replace(parcel, notes=tuple(renamed(note, names) for note in parcel.notes), media=apart)
        taken |= {media.name: media for media in parcel.media if media.name not in taken}
        yield parcel


def _place(note: Note) -> str:
    return f"{note.source.file}:{note.source.line}" if note.source else "another note"


def _nothing(paths: Sequence[Path], skipped: Sequence[Skipped]) -> DeckError:
    """Return what to say if nothing was found, with the first reasons."""
    path = paths[0] if len(paths) == 1 else None
    reasons = "; ".join(f"“{one.what}”: {excerpt(one.reason, 150)}" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    if not reasons:
        return DeckError(
            "There are no cards in this file" if path else "There are no cards", WANTED, path=path
        )
    return DeckError(f"There are no cards; what was skipped: {reasons}{more}", "", path=path)
