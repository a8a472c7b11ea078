"""Decks to files, in any format that is known; a file is there whole or not at all."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from lrcards.cards.formats.anki.packing import Calendar
from lrcards.cards.formats.anki.packing import write_parcel as write_anki_parcel
from lrcards.cards.formats.delimited import write_table
from lrcards.cards.formats.markdown import write_deck
from lrcards.cards.formats.parcel_json import write_parcel
from lrcards.cards.formats.replacing import replacing
from lrcards.cards.formats.text_files import MOST_BYTES
from lrcards.cards.model import Phase
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError


class Format(StrEnum):
    """The formats that are written, by what a file name ends with."""

    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"
    ANKI = "apkg"


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


def write(
    parcel: Parcel,
    path: Path,
    format: Format | None = None,  # noqa: A002
    *,
    now: datetime,
    days: Calendar,
) -> list[str]:
    """Write a parcel to a file, replacing it, and return what the format cannot hold, in sentences.

    Args:
        parcel: what is to be written.
        path: the file.
        format: the format; the one that the file's name ends with if left out.
        now: the instant (UTC).
        days: the learner's study days.

    Raises:
        DeckError: for a note that the format cannot hold, and if the file cannot be written.
    """
    chosen = format or format_of(path)
    match chosen:
        case Format.ANKI:
            write_anki_parcel(path, parcel, now=now, days=days)
            return []
        case Format.MARKDOWN:
            text: Iterable[str] = [write_deck(parcel.notes, name=_common_deck(parcel) or path.stem)]
        case Format.CSV:
            text = [write_table(parcel.notes)]
        case Format.JSON:
            text = write_parcel(parcel)
    _replace(path, text)
    return [] if chosen is Format.JSON else list(_left_out(parcel))


def _common_deck(parcel: Parcel) -> str:
    """Return the deck of most notes."""
    decks = Counter(note.deck for note in parcel.notes).most_common(1)
    return decks[0][0] if decks else ""


def _left_out(parcel: Parcel) -> Iterator[str]:
    if parcel.reviews or any(card.phase is not Phase.NEW for card in parcel.cards):
        yield "The progress is left out; json and apkg hold it"
    if parcel.media:
        yield f"{len(parcel.media)} pictures and sounds are left out; json and apkg hold them"


def _replace(path: Path, text: Iterable[str]) -> None:
    with replacing(path) as file:
        file.writelines(piece.encode() for piece in text)
        if file.tell() > MOST_BYTES:
            what = f"The file would have more than {MOST_BYTES // 1_000_000} MB, too many to be read"
            raise DeckError(what, "Export one deck after the other, or as apkg", path=path)
