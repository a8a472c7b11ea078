"""Packages of Mochi: a zip archive with ``data.json`` and what the cards show."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from lrcards.cards.content import face, ordinals
from lrcards.cards.formats.archive import Archive
from lrcards.cards.formats.bracketing import Mark, bracketed
from lrcards.cards.formats.text_files import MOST_BYTES
from lrcards.cards.formats.transit import decode
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import Card, Face, Note, NoteKind, card_guid
from lrcards.cards.parcel import Media, Parcel, Skipped, is_file_name
from lrcards.errors import DeckError
from lrcards.text import clean_data, excerpt, one_line

DATA, OLD_DATA = "data.json", "data.edn"

_MOST_MEDIA = 200_000_000
_DEEPEST_DECK = 20
_SIDES = re.compile(r"^---[ \t]*$", re.MULTILINE)
_DELETION = re.compile(r"\{\{(?:\d+::)?((?:[^{}]|\{[^{}]*\})+?)\}\}")
_FIELD = re.compile(r"<<[ \t]*([#/^]?)[ \t]*([^<>\n]*?)[ \t]*>>")


def is_mochi(archive: Archive) -> bool:
    """Return whether an archive is a package of Mochi."""
    return DATA in archive or OLD_DATA in archive


def read_mochi(path: Path, *, deck: str | None = None) -> Parcel:
    """Return the cards in a package of Mochi; its schedule is left out, for it knows no difficulty.

    Args:
        path: the package.
        deck: the deck of every card, whatever the package says.

    Raises:
        DeckError: if it is damaged, or of a version of Mochi that is too old.
    """
    archive = Archive(path)
    if DATA not in archive:
        raise DeckError("The package is of an old Mochi", "Export it again with a new one", path=path)
    try:
        data = clean_data(decode(json.loads(archive.read(DATA, MOST_BYTES))))
    except (ValueError, RecursionError):
        raise DeckError("The package of Mochi is damaged", "Export it again", path=path) from None
    decks = {one["id"]: one for one in _objects(data, "decks") if isinstance(one.get("id"), str)}
    templates = {one["id"]: one for one in _objects(data, "templates") if isinstance(one.get("id"), str)}
    made: list[Note | Skipped] = []
    suspended: list[Card] = []
    studied = 0
    for card, home in _cards(data, decks):
        studied += bool(card.get("reviews"))
        note = _note(card, home, templates, deck or _deck_name(home, decks) or path.stem)
        made.append(note)
        if isinstance(note, Note) and note.guid and card.get("archived?"):
            suspended += [Card(card_guid(note.guid, n), note.guid, n, suspended=True) for n in note.ordinals]
    return Parcel(
        notes=tuple(one for one in made if isinstance(one, Note)),
        cards=tuple(suspended),
        media=tuple(_media(archive)),
        skipped=(*(one for one in made if isinstance(one, Skipped)), *_left_out(studied)),
    )


def _left_out(studied: int) -> Iterator[Skipped]:
    if studied:
        yield Skipped(
            f"The schedule of {studied} cards",
            "Mochi knows no difficulty of a card, so that they come as new ones",
        )


def _objects(data: Any, key: str) -> list[dict[str, Any]]:
    found = data.get(key) if isinstance(data, dict) else None
    return [one for one in _list(found) if isinstance(one, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _cards(data: Any, decks: Mapping[str, dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each card with its deck, which may be empty."""
    for home in decks.values():
        yield from ((card, home) for card in _objects(home, "cards"))
    for card in _objects(data, "cards"):
        yield card, decks.get(str(card.get("deck-id")), {})


def _deck_name(deck: Mapping[str, Any], decks: Mapping[str, dict[str, Any]]) -> str:
    names: list[str] = []
    while deck and len(names) < _DEEPEST_DECK:
        names.append(one_line(str(deck.get("name") or "")) or "Mochi")
        deck = decks.get(str(deck.get("parent-id")), {})
    return "::".join(reversed(names))


def _note(
    card: Mapping[str, Any], home: Mapping[str, Any], templates: Mapping[str, dict[str, Any]], deck: str
) -> Note | Skipped:
    text = _content(card, templates.get(str(card.get("template-id")))).replace("](@media/", "](")
    sides = [side.strip() for side in _SIDES.split(text)]
    note = Note(
        guid=str(card.get("id") or ""),
        deck=deck,
        kind=NoteKind.REVERSED if home.get("review-reverse?") else NoteKind.BASIC,
        question=sides[0],
        answer="\n\n".join(filter(None, sides[1:])),
        tags=_tags(card.get("tags")),
    )
    note = _with_deletions(note)
    if mistake := mistake_in(note):
        return Skipped(excerpt(text), mistake[0])
    if card.get("trashed?"):
        return Skipped(excerpt(text), "It is in the trash of Mochi")
    return replace(note, ordinals=ordinals(note))


def _content(card: Mapping[str, Any], template: Mapping[str, Any] | None) -> str:
    """Return the text of a card, that of its template with its fields, if it has one."""
    content = card.get("content")
    values = card.get("fields")
    if template is None or not isinstance(values, dict):
        return content if isinstance(content, str) else ""
    fields = template.get("fields")
    names = {
        one_line(str(one.get("name") or "")): key
        for key, one in (fields.items() if isinstance(fields, dict) else ())
        if isinstance(one, dict)
    }

    def value(found: re.Match[str]) -> str:
        one = values.get(names.get(one_line(found[2]), ""))
        return str(one.get("value") or "") if not found[1] and isinstance(one, dict) else ""

    return _FIELD.sub(value, str(template.get("content") or ""))


def _tags(tags: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(tag) for tag in _list(tags) if isinstance(tag, str) and tag.strip()))


def _with_deletions(note: Note) -> Note:
    """Return a note with ``{{deletions}}`` as a cloze note, or as one of faces that show its answer, too."""
    marks = [Mark(*found.span(), found[1]) for found in _DELETION.finditer(note.question)]
    question = bracketed(note.question, marks) if marks else None
    if question is None:
        return note
    cloze = replace(note, kind=NoteKind.CLOZE, question=question, answer="")
    if not note.answer:
        return cloze
    shown = [face(cloze, ordinal) for ordinal in ordinals(cloze)]
    faces = tuple(Face(one.question, f"{one.answer}\n\n{note.answer}") for one in shown)
    return replace(note, kind=NoteKind.FACES, question=faces[0].question, answer=faces[0].answer, faces=faces)


def _media(archive: Archive) -> Iterator[Media]:
    for entry in archive.names():
        name = entry.rpartition("/")[2]
        if entry not in (DATA, OLD_DATA) and is_file_name(name):
            yield Media(name, partial(archive.read, entry, _MOST_MEDIA))
