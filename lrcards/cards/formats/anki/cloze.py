"""Anki's cloze deletions, ``{{c1::text::hint}}``, which may stand in each other: shown, and as ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lrcards.cards.content import deletions, with_brackets
from lrcards.cards.formats.from_html import from_html
from lrcards.cards.formats.to_html import to_html
from lrcards.cards.model import Note

DEEPEST = 10
"""Deletions within more others than this are part of the innermost."""

_MARK = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::|\}\}")
# Characters of the private use area stand for brackets until all other brackets are escaped.
_OPENING, _CLOSING = "\ue0f0", "\ue0f1"
_OURS = re.compile(f"{_OPENING}([0-9]+){_OPENING}")
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "[]")


@dataclass
class Deletion:
    """One deletion: the numbers of its cards, what it hides, and the hint that stands there instead."""

    numbers: tuple[int, ...]
    source: str
    parts: list["str | Deletion"] = field(default_factory=list)
    hint: str | None = None


def parse(text: str) -> list[str | Deletion]:
    """Return a text cut at its deletions; one that is never closed is text."""
    whole: list[str | Deletion] = []
    opened: list[Deletion] = []
    position = 0
    for mark in _MARK.finditer(text):
        _add(whole, opened, text[position : mark.start()])
        position = mark.end()
        if mark[1] is None:
            if opened:
                closed = opened.pop()
                (opened[-1].parts if opened else whole).append(closed)
            else:
                whole.append(mark[0])
        elif len(opened) < DEEPEST:
            opened.append(Deletion(tuple(map(int, mark[1].split(","))), mark[0]))
    _add(whole, opened, text[position:])
    for unclosed in opened:
        whole += [unclosed.source, *unclosed.parts]
    return whole


def _add(whole: list[str | Deletion], opened: list[Deletion], text: str) -> None:
    if not text:
        return
    if not opened:
        whole.append(text)
        return
    head, separator, hint = text.partition("::")
    if separator:
        opened[-1].hint = hint
    opened[-1].parts.append(head)


def numbers(text: str) -> set[int]:
    """Return the numbers of all deletions in a text."""
    return {number for deletion in _all(parse(text)) for number in deletion.numbers}


def _all(parts: list[str | Deletion]) -> Iterator[Deletion]:
    for part in parts:
        if isinstance(part, Deletion):
            yield part
            yield from _all(part.parts)


def shown(text: str, number: int, *, is_answer: bool) -> str:
    """Return what the card of a number shows of a text; nothing if the text has no such number."""
    parts = parse(text)
    if not any(number in deletion.numbers for deletion in _all(parts)):
        return ""
    return "".join(_shown(part, number, is_answer) for part in parts)


def _shown(part: str | Deletion, number: int, is_answer: bool) -> str:
    if isinstance(part, str):
        return part
    if number in part.numbers and not is_answer:
        return "[…]" if part.hint is None else f"[{part.hint}]"
    inside = "".join(_shown(inner, number, is_answer) for inner in part.parts)
    return f"<b>{inside}</b>" if number in part.numbers else inside


def asked(text: str, number: int) -> str:
    """Return what the deletions of a number hide, in the order of the text."""
    found = [deletion for deletion in _all(parse(text)) if number in deletion.numbers]
    return ", ".join("".join(_shown(part, 0, True) for part in deletion.parts) for deletion in found)


def as_ours(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Return a field as Markdown with ``[deletions]``, and their ordinals, in the order of the text.

    ``None`` if that would not say the same: one number twice, hints, deletions in each other, in code or
    within a formula, or empty ones.
    """
    parts = parse(text)
    found = [part for part in parts if isinstance(part, Deletion)]
    ordinals = tuple(deletion.numbers[0] - 1 for deletion in found)
    is_plain = all(len(each.numbers) == 1 and each.hint is None for each in found)
    is_flat = len([*_all(parts)]) == len(found) == len({*ordinals}) > 0
    if not is_plain or not is_flat or min(ordinals) < 0 or _OPENING in text or _CLOSING in text:
        return None
    marked = "".join(part if isinstance(part, str) else _between(part) for part in parts)
    markdown = from_html(marked, brackets=True)
    wanted = [piece.partition(_CLOSING)[0] for piece in markdown.split(_OPENING)[1:]]
    ours = markdown.translate(_BRACKETS)
    return (ours, ordinals) if deletions(ours) == wanted else None


def from_ours(note: Note) -> str:
    """Return the text of a cloze note of ours as a field of Anki's."""
    marked = with_brackets(
        note.question, [(f"{_OPENING}{ordinal}{_OPENING}", _CLOSING) for ordinal in note.ordinals]
    )
    html = to_html(marked, in_cloze=True)
    return _OURS.sub(lambda mark: f"{{{{c{int(mark[1]) + 1}::", html).replace(_CLOSING, "}}")


def _between(deletion: Deletion) -> str:
    inside = "".join(part for part in deletion.parts if isinstance(part, str))
    return f"{_OPENING}{inside}{_CLOSING}"
