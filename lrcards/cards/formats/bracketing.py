"""Deletions that another program marks in its own way, put into brackets as ours are."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from lrcards.cards.content import deletions
from lrcards.text import Span, segments

_BRACKET = re.compile(r"(?<!\\)[\[\]]")


class Mark(NamedTuple):
    """Where a deletion and its marks stand in a text, and what it says."""

    start: int
    end: int
    inside: str


def bracketed(text: str, marks: Iterable[Mark]) -> str | None:
    """Return a text with its deletions in brackets, and no other ones; ``None`` if that is not possible.

    Args:
        text: the text.
        marks: its deletions, in their order.
    """
    pieces: list[str] = []
    position = count = 0
    for mark in marks:
        pieces += _escaped(text[position : mark.start]), f"[{_escaped(mark.inside)}]"
        position = mark.end
        count += 1
    pieces.append(_escaped(text[position:]))
    result = "".join(pieces)
    return result if len(deletions(result)) == count else None


def _escaped(text: str) -> str:
    """Return the text with its brackets escaped, if they would be deletions."""
    if not deletions(text):
        return text
    return "".join(
        _BRACKET.sub(r"\\\g<0>", stretch) if span is Span.TEXT else stretch
        for span, stretch in segments(text)
    )
