"""What a file of another program brings, or what leaves for one: notes with all that belongs to them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lrcards.cards.model import Card, Note, Review, Source

_FILE_NAME = re.compile(r"[^/\\:\0-\x1f\x7f-\x9f]{1,200}")


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or sound that notes show by its name.

    Attributes:
        name: a plain file name (``is_file_name``); whoever reads a parcel has seen to it.
        read: gives the bytes, when they are wanted.
    """

    name: str
    read: Callable[[], bytes]


def is_file_name(name: str) -> bool:
    """Return whether a name leads to no other folder or drive on any system, and has no controls."""
    return _FILE_NAME.fullmatch(name) is not None and name not in (".", "..")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in a file that makes no note.

    Attributes:
        what: an excerpt, so that its author finds it.
        reason: why, and what would help, in a sentence without its full stop.
        source: where it stands, if the file has lines.
    """

    what: str
    reason: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Notes on their way in or out, with their progress, if the other side knows of it.

    Attributes:
        notes: in the order of the file; their texts are clean.
        cards: where cards of the notes stand; ``position`` is their order as new cards. Only notes with a
            guid have any, and a card without progress need not be here.
        reviews: the log of such cards, oldest first; ids are the same whenever the same file is read again.
        options: what decks change of the learner's settings, by the deck's name, as the plain data of
            ``study.options``.
        media: what the notes show; the bytes are read only when they are stored.
        origins: what a note was in the other program, by guid, as plain data: all that is needed to give it
            back as it came.
        skipped: what makes no note, each with its reason.
    """

    notes: tuple[Note, ...] = ()
    cards: tuple[Card, ...] = ()
    reviews: tuple[Review, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: tuple[Media, ...] = ()
    origins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
