"""What a note was in Anki, as plain data: all that is needed to give it back as it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple

from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiDeckOptions,
    AnkiNote,
    AnkiNotetype,
    AnkiReview,
)
from lrcards.cards.formats.anki.schema11 import notetype_from_json, options_from_json, options_to_json
from lrcards.cards.model import Note
from lrcards.errors import DeckError

_PROGRAM = "anki"


class OriginCard(NamedTuple):
    """What ours has no place for of a card in Anki; ``reps`` tell whether it has moved since."""

    id: int
    modified: int
    factor: int
    reps: int
    interval: int
    left: int


_KEPT = attrgetter(*OriginCard._fields)


@dataclass(frozen=True, slots=True)
class Origin:
    """A note as it was in Anki.

    Attributes:
        note: the note, with the tags it had.
        notetype: its notetype.
        cards: of its cards what has no place in ours, by ordinal.
        shown: the digest of our note that was made of it.
        presets: those of decks, by the deck's name; the first note of a deck keeps it for all.
        moves: the entries of the log that are no answers: where Anki moved a card, or the learner by hand.
    """

    note: AnkiNote
    notetype: AnkiNotetype
    cards: Mapping[int, OriginCard]
    shown: str
    presets: Mapping[str, AnkiDeckOptions]
    moves: Sequence[AnkiReview] = ()

    def is_unchanged(self, note: Note) -> bool:
        """Return whether our note still says what it said when it came."""
        return digest(note) == self.shown


def origin_of(
    note: AnkiNote,
    cards: Sequence[AnkiCard],
    notetype: Mapping[str, Any],
    ours: Note,
    presets: Mapping[str, AnkiDeckOptions],
    moves: Sequence[AnkiReview],
) -> dict[str, Any]:
    """Return the origin of a note of ours as plain data, with presets that it keeps for all of a deck."""
    origin = {
        "program": _PROGRAM,
        "note": [note.id, note.guid, note.notetype_id, note.modified, list(note.tags), list(note.fields)],
        "notetype": notetype,
        "cards": [[card.ordinal, *_KEPT(card)] for card in cards],
        "shown": digest(ours),
    }
    if presets:
        origin["presets"] = {deck: options_to_json(preset) for deck, preset in presets.items()}
    if moves:
        origin["moves"] = [list(entry) for entry in moves]
    return origin


def read_origin(data: Mapping[str, Any], notetypes: dict[tuple[int, int], AnkiNotetype]) -> Origin | None:
    """Return the origin in plain data; ``None`` if it is that of another program, or damaged.

    ``notetypes`` are those that have been read already, by id and time, and grow.
    """
    if data.get("program") != _PROGRAM:
        return None
    try:
        note_id, guid, notetype_id, modified, tags, fields = data["note"]
        note = AnkiNote(note_id, guid, notetype_id, modified, tuple(tags), tuple(fields))
        cards = {card[0]: OriginCard(*card[1:]) for card in data["cards"]}
        presets = {deck: options_from_json(preset) for deck, preset in data.get("presets", {}).items()}
        key = (notetype_id, data["notetype"]["mod"])
        if key not in notetypes:
            notetypes[key] = notetype_from_json(data["notetype"])
        moves = [AnkiReview(*map(int, entry)) for entry in data.get("moves", ())]
        return Origin(note, notetypes[key], cards, data["shown"], presets, moves)
    except (KeyError, TypeError, ValueError, DeckError):
        return None


def digest(note: Note) -> str:
    """Return what tells whether a note says the same: its kind, its texts and its cards."""
    texts = [note.kind, note.question, note.answer]
    texts += [text for face in note.faces for text in (face.question, face.answer)]
    texts += map(str, note.ordinals)
    return blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()
