"""A typed answer beside the one that was expected: what is right, wrong or missing, as Anki tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from unicodedata import combining, normalize

from lrcards.text import one_line, plain

LONGEST = 1000
"""Characters. Nobody types a longer answer, and comparing takes time by the product of both lengths."""

GAP = "-"
"""Stands in a typed answer for each character that is missing there."""


class Mark(Enum):
    """What a stretch of an answer is."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some characters of an answer that are right, wrong or missing."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both answers in stretches.

    Attributes:
        typed: what was typed: right or wrong, with a gap where something is missing.
        expected: what was expected: right, or missing in what was typed.
    """

    typed: tuple[Stretch, ...]
    expected: tuple[Stretch, ...]

    @property
    def is_right(self) -> bool:
        """Whether the two are the same."""
        return all(stretch.mark is Mark.RIGHT for stretch in self.typed)


def can_be_typed(expected: str) -> bool:
    """Return whether an answer, in Markdown, is short enough to be typed."""
    return len(expected) <= LONGEST


def compare(typed: str, expected: str) -> Comparison:
    """Return what of a typed answer is right.

    As in Anki (``rslib/src/typeanswer.rs``), characters count as they read and not as they are encoded, case
    counts, and white space around an answer does not; nor, unlike there, does how much of it is within.

    Args:
        typed: what the learner typed, as plain text.
        expected: the answer, in Markdown.
    """
    given, wanted = _characters(typed), _characters(plain(expected))
    left: list[Stretch] = []
    right: list[Stretch] = []
    # Without the shortcut of difflib, by which frequent letters of a long text count for nothing.
    for tag, start, end, first, last in SequenceMatcher(None, given, wanted, autojunk=False).get_opcodes():
        if tag == "equal":
            left.append(_stretch(given[start:end], Mark.RIGHT))
            right.append(_stretch(wanted[first:last], Mark.RIGHT))
        if tag in ("delete", "replace"):
            left.append(_stretch(given[start:end], Mark.WRONG))
        if tag == "insert":
            left.append(Stretch(GAP * (last - first), Mark.MISSING))
        if tag in ("insert", "replace"):
            right.append(_stretch(wanted[first:last], Mark.MISSING))
    return Comparison(tuple(left), tuple(right))


def _stretch(characters: Sequence[str], mark: Mark) -> Stretch:
    return Stretch("".join(characters), mark)


def _characters(text: str) -> list[str]:
    """Return the characters as they are read: each with the marks that stand on it."""
    characters: list[str] = []
    for point in one_line(normalize("NFC", text)):
        if characters and combining(point):
            characters[-1] += point
        else:
            characters.append(point)
    return characters
