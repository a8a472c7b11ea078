"""A parcel as JSON, both ways: everything that lrcards knows of notes; ``docs/formats.md`` describes it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lrcards.cards.content import ordinals
from lrcards.cards.formats.plain_data import from_data, to_data
from lrcards.cards.model import Card, Note, NoteKind, Phase, Review, card_guid
from lrcards.cards.parcel import Media, Parcel, is_file_name
from lrcards.errors import DeckError
from lrcards.text import clean, clean_data

NAME, VERSION = "lrcards", 1

_PARTS = {"format", "version", "notes", "cards", "reviews", "options", "origins", "media"}
_SEE = "See docs/formats.md"
_LONGEST_ANSWER_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class _File:
    """A picture or sound."""

    name: str
    base64: str


def is_parcel(data: Any) -> bool:
    """Return whether a JSON document says that it is a parcel of lrcards."""
    return isinstance(data, dict) and data.get("format") == NAME


def write_parcel(parcel: Parcel) -> Iterator[str]:
    """Yield the lines of the JSON document from which ``parse_parcel`` reads an equal parcel.

    Sources of notes and what was skipped are left out.
    """
    yield f'{{"format": "{NAME}", "version": {VERSION},\n'
    lists: dict[str, Iterator[Any]] = {
        "notes": (to_data(replace(note, source=None)) for note in parcel.notes),
        "cards": map(to_data, parcel.cards),
        "reviews": map(to_data, parcel.reviews),
        "media": (to_data(_File(one.name, b64encode(one.read()).decode())) for one in parcel.media),
    }
    for name, items in lists.items():
        yield f'"{name}": ['
        for number, item in enumerate(items):
            yield (",\n" if number else "\n") + _json(item)
        yield "\n],\n"
    yield f'"options": {_json(dict(parcel.options))},\n"origins": {_json(dict(parcel.origins))}}}\n'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def parse_parcel(data: Mapping[str, Any], *, path: str, deck: str | None = None) -> Parcel:
    """Return the parcel in a JSON document, its texts cleaned.

    Args:
        data: the document.
        path: the file it came from, for messages.
        deck: the deck of every note, whatever the file says; it leaves out the options of the decks.

    Raises:
        DeckError: if a later lrcards wrote it, and for anything in it that cannot be.
    """
    try:
        return _parcel(data, deck)
    except DeckError as error:
        error.path = path
        raise


def _parcel(data: Mapping[str, Any], deck: str | None) -> Parcel:
    version = data.get("version")
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        raise DeckError("The file is of a version that this lrcards does not know", "Update lrcards")
    for name in data.keys() - _PARTS:
        raise DeckError(f"The file has an unknown part “{clean(name)[:40]}”", _SEE)
    notes = [_note(from_data(Note, one, where), where) for one, where in _items(data, "notes")]
    if deck:
        notes = [replace(note, deck=deck) for note in notes]
    guids = {note.guid for note in notes}
    cards = [_card(from_data(Card, one, where), guids, where) for one, where in _items(data, "cards")]
    reviews = [_review(from_data(Review, one, where), guids, where) for one, where in _items(data, "reviews")]
    return Parcel(
        notes=tuple(notes),
        cards=tuple(cards),
        reviews=tuple(sorted(reviews, key=lambda review: (review.at, review.id))),
        options={} if deck else _objects(data, "options"),
        media=tuple(_media(from_data(_File, one, where), where) for one, where in _items(data, "media")),
        origins=_objects(data, "origins"),
    )


def _items(data: Mapping[str, Any], part: str) -> Iterator[tuple[Any, str]]:
    items = data.get(part, [])
    if not isinstance(items, list):
        raise DeckError(f"“{part}” is not a list", _SEE)
    return ((item, f"{part}[{number}]") for number, item in enumerate(items))


def _objects(data: Mapping[str, Any], part: str) -> dict[str, dict[str, Any]]:
    objects = data.get(part, {})
    if not (isinstance(objects, dict) and all(isinstance(one, dict) for one in objects.values())):
        raise DeckError(f"“{part}” is not an object of objects", _SEE)
    cleaned: dict[str, dict[str, Any]] = clean_data(objects)
    return cleaned


def _note(note: Note, where: str) -> Note:
    _require(bool(note.deck.strip()), f"{where} has no deck")
    _require(bool(note.question.strip()), f"{where} has no question")
    _require(
        bool(note.faces) == (note.kind is NoteKind.FACES), f"{where} has faces, or none, against its kind"
    )
    if note.faces:
        note = replace(note, question=note.faces[0].question, answer=note.faces[0].answer)
    _require(ordinals(note) == note.ordinals, f"{where} has other ordinals than cards")
    _require(
        len(set(note.ordinals)) == len(note.ordinals) and min(note.ordinals, default=-1) >= 0,
        f"{where} has an ordinal twice, or none",
    )
    return replace(note, source=None)


def _card(card: Card, guids: set[str], where: str) -> Card:
    _require(card.note_guid in guids, f"{where} is of no note in the file")
    _require(
        card.guid == card_guid(card.note_guid, card.ordinal), f"{where} has another guid than its note's"
    )
    counts = (card.ordinal, card.step, card.interval, card.reviews, card.lapses, 7 - card.flag, card.flag)
    _require(min(counts) >= 0, f"{where} has a number that cannot be")
    is_due = card.due_at is not None or card.due_day is not None
    _require(card.phase is Phase.NEW or is_due, f"{where} is not new and never due")
    _require((card.last_review is None) == (card.last_day is None), f"{where} has half of a last review")
    if card.memory:
        possible = card.memory.stability > 0 and 1 <= card.memory.difficulty <= 10
        _require(possible, f"{where} has a memory that cannot be")
    return card


def _review(review: Review, guids: set[str], where: str) -> Review:
    _require(review.card_guid.rpartition("#")[0] in guids, f"{where} is of no note in the file")
    _require(len(review.id) == 36, f"{where} has an id that is no UUID")
    _require(0 <= review.duration_ms <= _LONGEST_ANSWER_MS, f"{where} took a time that cannot be")
    _require(review.last_interval >= 0, f"{where} has an interval that cannot be")
    _require(review.recall is None or 0 <= review.recall <= 1, f"{where} has a recall that cannot be")
    return review


def _media(file: _File, where: str) -> Media:
    _require(is_file_name(file.name), f"{where} has a name that is not that of a file")
    try:
        b64decode(file.base64, validate=True)
    except ValueError:
        raise DeckError(f"{where} is not in base64", _SEE) from None
    return Media(file.name, partial(b64decode, file.base64))


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise DeckError(otherwise, _SEE)
