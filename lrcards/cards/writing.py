"""Decks to files, in any format that is known; a file is there whole or not at all."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

from lrcards.cards.delimited import write_table
from lrcards.cards.markdown import write_deck
from lrcards.cards.model import Phase
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError


class Format(StrEnum):
    """The formats that are written, by what a file name ends with."""

    MARKDOWN = "md"
    CSV = "csv"


def format_of(path: Path) -> Format:
    """Return the format that a file name asks for.

    Raises:
        DeckError: if it asks for none that is known.
    """
    try:
        return Format(path.suffix.lower().removeprefix("."))
    except ValueError:
        known = ", ".join(f".{one}" for one in Format)
        raise DeckError(f"“{path.name}” names no format", f"End it in one of {known}", path=path) from None


def write(parcel: Parcel, path: Path, format: Format | None = None) -> list[str]:  # noqa: A002
    """Write a parcel to a file, replacing it, and return what the format cannot hold, in sentences.

    Args:
        parcel: what is to be written.
        path: the file.
        format: the format; the one that the file's name ends with if left out.

    Raises:
        DeckError: for a note that the format cannot hold, and if the file cannot be written.
    """
    chosen = format or format_of(path)
    match chosen:
        case Format.MARKDOWN:
            text = write_deck(parcel.notes, name=parcel.notes[0].deck if parcel.notes else path.stem)
        case Format.CSV:
            text = write_table(parcel.notes)
    _replace(path, text.encode())
    return list(_left_out(parcel))


def _left_out(parcel: Parcel) -> Iterator[str]:
    if parcel.reviews or any(card.phase is not Phase.NEW for card in parcel.cards):
        yield "The progress is left out; json and apkg hold it"
    if parcel.media:
        yield f"{len(parcel.media)} pictures and sounds are left out; json and apkg hold them"


def _replace(path: Path, content: bytes) -> None:
    """Write the content to a file beside ``path``, and put that in its place."""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                file.close()
                beside.replace(path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise DeckError(
            f"The file cannot be written: {error.strerror}", "Check the folder and its permissions", path=path
        ) from error
