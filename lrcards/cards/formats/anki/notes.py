"""Anki's notes as ours: in our own form where that says the same, else as the faces that Anki shows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from html import unescape
from typing import Any, NamedTuple

from lrcards.cards.formats.anki import cloze
from lrcards.cards.formats.anki.model import AnkiNote, AnkiNotetype
from lrcards.cards.formats.anki.templates import Content, Field, Section, Template, is_typed, parse, render
from lrcards.cards.formats.from_html import from_html
from lrcards.cards.model import Face, Note, NoteKind
from lrcards.cards.parametric import varies
from lrcards.errors import DeckError
from lrcards.text import clean, one_line

_RULE = "***"


class Sides(NamedTuple):
    """A template that asks one field and answers with another.

    Attributes:
        question, answer: the names of the fields.
        more: what else stands on the back.
        condition: the field that must hold something for the card to be there.
        is_typed: whether the answer is typed.
    """

    question: str
    answer: str
    more: Template = ()
    condition: str = ""
    is_typed: bool = False


class Converter:
    """Makes notes of one notetype ours.

    Raises:
        DeckError: a template cannot be read.
    """

    def __init__(self, notetype: AnkiNotetype) -> None:
        self.notetype = notetype
        self.names = [field.name for field in notetype.fields]
        self.templates = [(parse(each.front), parse(each.back)) for each in notetype.templates]
        self.is_typed = any(is_typed(front) for front, _ in self.templates)

    def note(self, note: AnkiNote, deck: str, ordinals: Sequence[int]) -> Note:
        """Return a note as ours, its texts clean.

        Args:
            note: the note.
            deck: the name of its deck.
            ordinals: those of the cards that it has, ascending.

        Raises:
            DeckError: no card of it has a question.
        """
        fields = dict(zip(self.names, note.fields, strict=False))
        ours = self._plain(note, deck, fields, ordinals) or self._faces(note, deck, fields, ordinals)
        if not ours.question:
            raise DeckError("the front of its card is blank")
        experiment = read_experiment(fields.get(EXPERIMENT, ""))
        return replace(ours, experiment=experiment) if experiment else ours

    def _plain(
        self, note: AnkiNote, deck: str, fields: Mapping[str, str], ordinals: Sequence[int]
    ) -> Note | None:
        """Return the note in our own form, if that says just what Anki shows."""
        if self.notetype.is_cloze:
            return self._cloze(note, deck, fields, ordinals)
        sides = self.sides[: len(ordinals)]
        if [*ordinals] not in ([0], [0, 1]) or len(sides) < len(ordinals) or None in sides:
            return None
        first, *others = [each for each in sides if each]
        if any((each.question, each.answer) != (first.answer, first.question) for each in others):
            return None
        if any(each.is_typed != first.is_typed for each in others):
            return None
        if any(each.more and _shows(each.more, _content(note, deck, fields)) for each in (first, *others)):
            return None
        question, answer = (from_html(fields.get(name, "")) for name in (first.question, first.answer))
        if not question or not (answer or varies(read_experiment(fields.get(EXPERIMENT, "")))):
            return None
        kind = NoteKind.REVERSED if others else NoteKind.BASIC
        return _note(note, deck, kind, question, answer, tuple(ordinals), typed=first.is_typed)

    def _cloze(
        self, note: AnkiNote, deck: str, fields: Mapping[str, str], ordinals: Sequence[int]
    ) -> Note | None:
        sides = self.cloze_sides
        if sides is None or _shows(sides.more, _content(note, deck, fields)):
            return None
        ours = cloze.as_ours(fields.get(sides.question, ""))
        if ours is None or sorted(ours[1]) != [*ordinals]:
            return None
        return _note(note, deck, NoteKind.CLOZE, ours[0], "", ours[1], typed=sides.is_typed)

    def _faces(self, note: AnkiNote, deck: str, fields: Mapping[str, str], ordinals: Sequence[int]) -> Note:
        faces = {ordinal: self._face(note, deck, fields, ordinal) for ordinal in ordinals}
        kept = {ordinal: face for ordinal, face in faces.items() if face.question}
        first = next(iter(kept.values()), Face("", ""))
        return _note(
            note,
            deck,
            NoteKind.FACES,
            first.question,
            first.answer,
            tuple(kept),
            typed=self.is_typed,
            faces=tuple(kept.values()),
        )

    def _face(self, note: AnkiNote, deck: str, fields: Mapping[str, str], ordinal: int) -> Face:
        """Return what Anki shows; the back without the front, where it repeats that first."""
        index = 0 if self.notetype.is_cloze else ordinal
        if index >= len(self.templates):
            return Face("", "")
        front, back = self.templates[index]
        content = _content(note, deck, fields, self.notetype, ordinal)
        if self.notetype.is_cloze and not _has_number(front, content):
            return Face("", "")
        html = render(front, content, is_answer=False)
        content = Content({**content.fields, "FrontSide": html}, content.number, ordinal)
        question, answer = from_html(html).strip(), from_html(render(back, content, is_answer=True)).strip()
        rest = answer.removeprefix(question)
        if rest != answer and (not rest or rest.startswith("\n")):
            answer = rest.strip()
        return Face(question, answer.removeprefix(_RULE).strip())

    @cached_property
    def sides(self) -> list[Sides | None]:
        """Which fields each template asks and answers with; ``None`` for one that does more."""
        return [_sides(front, back) for front, back in self.templates]

    @cached_property
    def cloze_sides(self) -> Sides | None:
        """The field of a cloze notetype with its deletions, and what else stands on the back."""
        front, back = (_without_layout(side) for side in self.templates[0])
        first, *others = front or ("",)
        if not isinstance(first, Field) or first.filters != ("cloze",):
            return None
        typed = Field(first.name, ("type", "cloze"))
        if [*others] not in ([], [typed]):
            return None
        more = tuple(part for part in back if part not in (first, typed))
        return Sides(first.name, "", more, is_typed=bool(others)) if first in back or typed in back else None


def _sides(front: Template, back: Template) -> Sides | None:
    front, condition = _without_layout(front), ""
    if len(front) == 1 and isinstance(front[0], Section) and front[0].if_filled:
        condition, front = front[0].name, _without_layout(front[0].body)
    back = _without_layout(back)
    match front:
        case (Field(question, ()),):
            typed = ""
        case (Field(question, ()), Field(typed, ("type",))):
            pass
        case _:
            return None
    if back and back[0] in (Field("FrontSide"), Field(question)):
        back = back[1:]
    match back:
        case (Field(answer, () | ("type",)), *more) if not typed or answer == typed:
            return Sides(question, answer, tuple(more), condition, bool(typed))
    return None


def _without_layout(template: Template) -> Template:
    """Return a template without literal text that shows nothing: blanks, rules and boxes."""
    return tuple(part for part in template if not isinstance(part, str) or _text_of(part))


def _text_of(html: str) -> str:
    return from_html(html).replace(_RULE, "").strip()


def _shows(template: Template, content: Content) -> bool:
    return bool(_text_of(render(template, content, is_answer=True)))


def _has_number(template: Template, content: Content) -> bool:
    """Return whether a field with deletions has one for the card; else its question is blank."""
    return any(
        _has_number(part.body, content)
        if isinstance(part, Section)
        else "cloze" in part.filters and content.number in cloze.numbers(content.fields.get(part.name, ""))
        for part in template
        if not isinstance(part, str)
    )


def _content(
    note: AnkiNote,
    deck: str,
    fields: Mapping[str, str],
    notetype: AnkiNotetype | None = None,
    ordinal: int = 0,
) -> Content:
    special = {"Tags": " ".join(note.tags), "Deck": deck, "Subdeck": deck.rpartition("::")[2]}
    if notetype:
        template = notetype.templates[0 if notetype.is_cloze else ordinal]
        special |= {"Type": notetype.name, "Card": template.name}
    return Content({**special, **fields}, ordinal + 1, ordinal)


def _note(
    note: AnkiNote,
    deck: str,
    kind: NoteKind,
    question: str,
    answer: str,
    ordinals: tuple[int, ...],
    *,
    typed: bool,
    faces: tuple[Face, ...] = (),
) -> Note:
    return Note(
        guid=clean(note.guid),
        deck=deck,
        kind=kind,
        question=question,
        answer=answer,
        tags=tags_of(note.tags),
        ordinals=ordinals,
        faces=faces,
        typed=typed,
    )


EXPERIMENT = "lrcards experiment"
"""The field that holds what the lab opens, as JSON; the notetypes that are written here have it."""


def read_experiment(field: str) -> Mapping[str, Any] | None:
    """Return the experiment in a field; ``None`` if there is none."""
    if not field:
        return None
    try:
        experiment = json.loads(unescape(field))
    except (ValueError, RecursionError):
        return None
    return experiment if isinstance(experiment, dict) else None


@lru_cache(maxsize=4096)
def tags_of(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return Anki's tags as ours: clean, each once, without marks before them."""
    cleaned = (clean(tag).strip().lstrip("#") for tag in tags)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))


def deck_name(name: str) -> str:
    """Return the name of a deck as one clean line."""
    return one_line(clean(name)) or "Default"


def excerpt(note: AnkiNote) -> str:
    """Return the beginning of a note, so that its author finds it."""
    first = next((text for field in note.fields if (text := one_line(from_html(field)))), "")
    return (first or clean(note.guid))[:60]
