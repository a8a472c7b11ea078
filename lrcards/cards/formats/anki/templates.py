"""Anki's templates: what stands in the fields of a note, put into the two sides of a card."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lrcards.cards.formats.anki import cloze
from lrcards.errors import DeckError

DEEPEST = 100


class Field(NamedTuple):
    """``{{filter:name}}``; the filters in the order they stand."""

    name: str
    filters: tuple[str, ...] = ()


class Section(NamedTuple):
    """``{{#name}}…{{/name}}``, shown if the field holds something, or ``{{^name}}``, shown if not."""

    name: str
    if_filled: bool
    body: "Template"


Template = tuple["str | Field | Section", ...]

_HANDLE = re.compile(r"<!--(?:(?!<!--).)*?-->|\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_OTHER_MARKS = "{{=<% %>=}}"
_IS_EMPTY = re.compile(r"(?:\s|</?(?:br|div)\ ?/?>)*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Content:
    """What a card puts into its templates.

    Attributes:
        fields: the fields of the note, in HTML, and Anki's own: ``Tags``, ``Deck``, ``Card`` and so on.
        number: of a card of a cloze notetype, that of its deletions; else 0.
        ordinal: which of the note's cards it is.
    """

    fields: Mapping[str, str]
    number: int = 0
    ordinal: int = 0

    def is_filled(self, name: str) -> bool:
        """Return whether a field holds more than blanks and line breaks; ``c1`` is that of a cloze card."""
        if name == f"c{self.ordinal + 1}":
            return True
        value = self.fields.get(name, "")
        return bool(value) and not _IS_EMPTY.fullmatch(value)


@lru_cache(maxsize=4096)
def parse(template: str) -> Template:
    """Return a template as its parts.

    Raises:
        DeckError: a section is not closed, or closed without having been opened.
    """
    if template.lstrip().startswith(_OTHER_MARKS):
        template = template.lstrip()[len(_OTHER_MARKS) :].replace("<%", "{{").replace("%>", "}}")
    bodies: list[list[str | Field | Section]] = [[]]
    opened: list[tuple[str, bool]] = []
    position = 0
    for handle in _HANDLE.finditer(template):
        if handle[1] is None:
            continue
        if position < handle.start():
            bodies[-1].append(template[position : handle.start()])
        position = handle.end()
        text = handle[1].strip().lstrip("{").strip()
        kind, name = text[:1], text[1:].strip()
        if kind in ("#", "^"):
            if len(opened) == DEEPEST:
                raise DeckError("a template has too many sections in each other")
            opened.append((name, kind == "#"))
            bodies.append([])
        elif kind == "/":
            if not opened or opened[-1][0] != name:
                raise DeckError(f"a template closes {{{{{name}}}}} without having opened it")
            bodies[-2].append(Section(*opened.pop(), tuple(bodies.pop())))
        elif text:
            *filters, name = text.split(":")
            bodies[-1].append(Field(name.strip(), tuple(filter_.strip() for filter_ in filters)))
    if opened:
        raise DeckError(f"a template never closes {{{{{opened[-1][0]}}}}}")
    if position < len(template):
        bodies[-1].append(template[position:])
    return tuple(bodies[0])


def render(template: Template, content: Content, *, is_answer: bool) -> str:
    """Return one side of a card in HTML, as Anki shows it but for what runs, sounds or is typed.

    Where the answer is typed, the question has nothing and the answer what is to be typed. A hint is its
    name in the question and its text in the answer. ``{{FrontSide}}`` must be among the fields.
    """
    shown: list[str] = []
    for part in template:
        if isinstance(part, str):
            shown.append(part)
        elif isinstance(part, Field):
            shown.append(_field(part, content, is_answer))
        elif content.is_filled(part.name) == part.if_filled:
            shown.append(render(part.body, content, is_answer=is_answer))
    return "".join(shown)


def is_typed(template: Template) -> bool:
    """Return whether a side asks for an answer to be typed."""
    return any(
        is_typed(part.body) if isinstance(part, Section) else "type" in part.filters
        for part in template
        if not isinstance(part, str)
    )


def _field(part: Field, content: Content, is_answer: bool) -> str:
    if part.filters and part.filters[0].startswith("tts"):
        return ""
    value = content.fields.get(part.name, "")
    if "type" in part.filters:
        if not is_answer:
            return ""
        return cloze.asked(value, content.number) if "cloze" in part.filters else value
    for name in reversed(part.filters):
        apply = _FILTERS.get(name)
        if apply:
            value = apply(value, part.name, content, is_answer)
    return value


def _cloze(value: str, _name: str, content: Content, is_answer: bool) -> str:
    return cloze.shown(value, content.number, is_answer=is_answer)


def _cloze_only(value: str, _name: str, content: Content, _is_answer: bool) -> str:
    return cloze.asked(value, content.number)


def _text(value: str, _name: str, _content: Content, _is_answer: bool) -> str:
    return _TAG.sub("", value)


def _hint(value: str, name: str, _content: Content, is_answer: bool) -> str:
    if not value.strip():
        return ""
    return f"{name}: {value}" if is_answer else f"({name})"


_FILTERS: dict[str, Callable[[str, str, Content, bool], str]] = {
    "cloze": _cloze,
    "cloze-only": _cloze_only,
    "text": _text,
    "hint": _hint,
}
