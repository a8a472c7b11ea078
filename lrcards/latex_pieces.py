"""Mathematical text in pieces: which kinds there are, the spaces between them, and the brackets they need.

As in TeX (The TeXbook, chapters 17 and 18) a formula is a list of atoms whose classes decide the spaces. On
one line they also decide where brackets must stand that a built-up formula does without.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise


class Kind(Enum):
    """What a piece does to its neighbours: TeX's classes of atoms, and some of our own."""

    ORDINARY = auto()
    FUNCTION = auto()
    BINARY = auto()
    RELATION = auto()
    OPEN = auto()
    CLOSE = auto()
    PUNCTUATION = auto()
    SPACE = auto()
    SIGN = auto()
    """An operator before its one operand."""
    BAR = auto()
    """Opens or closes, whichever is its turn."""
    FRACTION = auto()
    """Needs brackets beside a factor or under a script."""
    ROOT = auto()
    """Needs brackets before a factor or under a script."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the result."""

    text: str
    kind: Kind = Kind.ORDINARY


KINDS = {
    **dict.fromkeys("+−±∓·×÷*∗∘⊕⊗⊙⊖∧∨∪∩∖⋆", Kind.BINARY),
    **dict.fromkeys("=<>:≤≥≠≈∼≃≅≡≐∝≪≫≲≳≺≻∈∉∋⊂⊃⊆⊇⊢⊨∥⊥≔→←↔↦⇒⇐⇔⟶⟵⟷⟹⟸⟺⟼⇝↗↘↑↓∤", Kind.RELATION),
    **dict.fromkeys("([{⌊⌈⟨", Kind.OPEN),
    **dict.fromkeys(")]}⌋⌉⟩", Kind.CLOSE),
    **dict.fromkeys(",;", Kind.PUNCTUATION),
    **dict.fromkeys("∑∏∐∫∬∭∮⋃⋂", Kind.FUNCTION),
    **dict.fromkeys("|‖", Kind.BAR),
}
"""The kinds of the characters that are not ordinary."""

_FACTORS = (Kind.ORDINARY, Kind.FUNCTION, Kind.FRACTION, Kind.ROOT)
_SPACED = (Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION)
_BEFORE_OPERAND = (*_SPACED, Kind.OPEN, Kind.FUNCTION, Kind.SIGN)
_DIFFERENTIALS = ("d", "∂", "∇", "Δ", "δ")


def join(pieces: Sequence[Piece], *, compact: bool) -> str:
    """Write the pieces in a row, with brackets where a fraction or root meets a factor.

    ``compact``: without spaces around operators and relations, as in a fraction or a script.
    """
    text = ""
    last: Piece | None = None
    for piece in _with_brackets(_resolved(pieces)):
        text += (" " if last and _is_space_between(last, piece, compact) else "") + piece.text
        last = piece
    return text.strip()


def is_product(pieces: Sequence[Piece]) -> bool:
    """Tell whether nothing outside brackets binds less tightly than a product."""
    return all(
        piece.kind in (Kind.ORDINARY, Kind.ROOT) and " " not in piece.text
        for piece in _outside_brackets(pieces)
    )


def is_factor(pieces: Sequence[Piece]) -> bool:
    """Tell whether the pieces are one symbol, differential, bracket, or named function of a bracket."""
    outside = list(_outside_brackets(pieces))
    if len(outside) != 2:
        return len(outside) == 1 and is_product(outside)
    first, second = outside
    if first.kind is Kind.FUNCTION:
        return second == _BRACKETED
    return first.text in _DIFFERENTIALS and second.kind is Kind.ORDINARY and second != _BRACKETED


_BRACKETED = Piece("(…)")


def _outside_brackets(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, each bracketed stretch as one."""
    depth = 0
    for piece in _resolved(pieces):
        if piece.kind is Kind.OPEN:
            depth += 1
        elif piece.kind is Kind.CLOSE and depth:
            depth -= 1
            if depth == 0:
                yield _BRACKETED
        elif depth == 0:
            yield piece


def _resolved(pieces: Sequence[Piece]) -> list[Piece]:
    """Decide which bars open and close, and which operators are signs."""
    resolved: list[Piece] = []
    open_bars: set[str] = set()
    before: Kind | None = None
    for piece in pieces:
        kind = piece.kind
        if kind is Kind.BAR:
            bar = piece.text[0]
            kind = Kind.CLOSE if bar in open_bars else Kind.OPEN
            open_bars ^= {bar}
        elif kind is Kind.BINARY and (before is None or before in _BEFORE_OPERAND):
            kind = Kind.SIGN
        resolved.append(replace(piece, kind=kind))
        before = before if kind is Kind.SPACE else kind
    return resolved


def _with_brackets(pieces: Sequence[Piece]) -> list[Piece]:
    bracketed = list(pieces)
    solid = [index for index, piece in enumerate(pieces) if piece.kind is not Kind.SPACE]
    for left, right in pairwise(solid):
        before, after = pieces[left].kind, pieces[right].kind
        if before in (Kind.FRACTION, Kind.ROOT) and (after in _FACTORS or after is Kind.OPEN):
            bracketed[left] = Piece(f"({pieces[left].text})")
        if after is Kind.FRACTION and (before in _FACTORS or before is Kind.CLOSE):
            bracketed[right] = Piece(f"({pieces[right].text})")
    return bracketed


def _is_space_between(before: Piece, after: Piece, compact: bool) -> bool:
    if before.kind is Kind.FUNCTION:
        if after.kind is Kind.OPEN or after.text.startswith("("):
            return not before.text[0].isalpha()
        return after.kind in _FACTORS
    if after.kind is Kind.FUNCTION and (before.kind in _FACTORS or before.kind is Kind.CLOSE):
        return True
    if compact or (before.kind is Kind.RELATION and after.kind is Kind.RELATION):
        return False
    return before.kind in _SPACED or after.kind in (Kind.BINARY, Kind.RELATION)
