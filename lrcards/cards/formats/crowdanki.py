"""Folders of the add-on CrowdAnki: ``deck.json`` with decks, notetypes and notes, and ``media`` beside it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from lrcards.cards.formats.anki import cloze
from lrcards.cards.formats.anki.json_objects import JsonObject
from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiCollection,
    AnkiDeck,
    AnkiNote,
    AnkiNotetype,
    CardQueue,
    CardType,
)
from lrcards.cards.formats.anki.parcels import parcel_of
from lrcards.cards.formats.anki.schema11 import notetype_from_json
from lrcards.cards.formats.anki.templates import Content, parse, render
from lrcards.cards.formats.from_html import from_html
from lrcards.cards.formats.text_files import read_bytes
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError
from lrcards.text import clean

_DEEPEST = 50


def is_crowdanki(data: Any) -> bool:
    """Return whether a JSON document is a deck of CrowdAnki."""
    return isinstance(data, dict) and data.get("__type__") == "Deck" and "notes" in data


def parse_crowdanki(
    data: Any, path: Path, *, day_of: Callable[[datetime], date], deck: str | None = None
) -> Parcel:
    """Return the notes of a deck and its subdecks; all cards are new, for CrowdAnki keeps no schedule.

    Args:
        data: the JSON document.
        path: its file, beside which the pictures and sounds are.
        day_of: the study day of an instant (UTC).
        deck: the deck of every note, whatever the file says.

    Raises:
        DeckError: if it is not what CrowdAnki writes.
    """
    try:
        reading = _Reading(JsonObject.of(data, "the deck of CrowdAnki"))
    except DeckError as error:
        error.path = path
        raise
    collection = AnkiCollection(
        created=datetime(1970, 1, 1, tzinfo=UTC),
        notetypes=tuple(reading.notetypes.values()),
        decks=tuple(reading.decks),
        notes=tuple(reading.notes),
        cards=tuple(reading.cards),
        media=dict(_media(path.parent / "media", reading.media)),
    )
    return parcel_of(collection, day_of=day_of, deck=deck)


class _Reading:
    """What is found in the decks, one after the other."""

    def __init__(self, root: JsonObject) -> None:
        self.notetypes = {
            model.text("crowdanki_uuid"): replace(notetype_from_json(model.values), id=number)
            for number, model in enumerate(root.children("note_models"), 1)
        }
        self.decks: list[AnkiDeck] = []
        self.notes: list[AnkiNote] = []
        self.cards: list[AnkiCard] = []
        self.media: list[str] = []
        self._deck(root, ())

    def _deck(self, deck: JsonObject, parents: tuple[str, ...]) -> None:
        names = (*parents, *(deck.text("name") or "CrowdAnki").split("::"))
        if len(names) > _DEEPEST:
            raise DeckError("the deck of CrowdAnki has subdecks that are nested too deeply")
        self.decks.append(AnkiDeck(id=len(self.decks) + 1, name="::".join(names)))
        home = len(self.decks)
        self.media += deck.texts("media_files")
        for note in deck.children("notes"):
            self._note(note, home)
        for child in deck.children("children"):
            self._deck(child, names)

    def _note(self, note: JsonObject, deck_id: int) -> None:
        fields, tags = note.texts("fields"), note.texts("tags")
        notetype = self.notetypes.get(note.text("note_model_uuid"))
        number = len(self.notes) + 1
        self.notes.append(
            AnkiNote(number, note.text("guid"), notetype.id if notetype else 0, 0, tags, fields)
        )
        for ordinal in _ordinals(notetype, fields) if notetype else ():
            due = len(self.cards) + 1
            new = (0, CardType.NEW, CardQueue.NEW, due, 0, 0, 0, 0, 0, 0, 0, 0, "")
            self.cards.append(AnkiCard(due, number, deck_id, ordinal, *new))


def _ordinals(notetype: AnkiNotetype, fields: Sequence[str]) -> list[int]:
    """Return which cards Anki makes: one for each number, or for each template whose front shows a field."""
    if notetype.is_cloze:
        return sorted(number - 1 for number in cloze.numbers(" ".join(fields)) if number) or [0]
    names = [field.name for field in notetype.fields]
    filled, empty = (Content(dict(zip(names, texts, strict=False))) for texts in (fields, [""] * len(names)))
    try:
        fronts = [parse(template.front) for template in notetype.templates]
    except DeckError:
        # The note is skipped with this reason where it is made ours.
        return [0]
    shown = [
        [from_html(render(front, each, is_answer=False)) for each in (filled, empty)] for front in fronts
    ]
    return [
        ordinal for ordinal, (front, without) in enumerate(shown) if front.strip() and front != without
    ] or [0]


def _media(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the files that lie in the folder itself, whatever the names say."""
    there = {file.name: file for file in _files(folder)}
    for name in names:
        if name in there and clean(name) == name:
            yield name, partial(read_bytes, there[name])


def _files(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file() and not file.is_symlink()]
    except OSError:
        return []
