"""Drawing in ASCII alone, for terminals and fonts that lack the characters that pictures are made of.

What is drawn is replaced cell by cell: boxes, blocks, braille, shapes, typographic marks. What is written
stays: letters of any language and the signs of formulas. Arrows are both, and so is the middle dot; see
``in_ascii``.
"""

import re
import unicodedata
from functools import lru_cache

BOXES = range(0x2500, 0x2580)
BLOCKS = range(0x2580, 0x25A0)
SHAPES = range(0x25A0, 0x2600)
BRAILLE = range(0x2800, 0x2900)
ARROWS = (range(0x2190, 0x2200), range(0x27F0, 0x2800))

_BLOCK_SIGNS = "'___.::###|||||||:+&-|..'#\\##'/#"
"""From U+2580 on: halves and eighths from below and from the left; shades and edges; quarters."""

_UPPER_DOTS, _LOWER_DOTS = 0b00011011, 0b11100100
_MANY_DOTS = 6

_DIAGONALS = {"╱": "/", "╲": "\\", "╳": "X"}
_MARKS = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„‟", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("•‣⭑★☆♪", "*"),
    **dict.fromkeys("✓✔☑", "v"),
    **dict.fromkeys("✗✘☒✕✖", "x"),
    **dict.fromkeys("‹⏎⌫", "<"),
    "›": ">",
    "·": "*",
    "…": ".",
    "∙": ".",
    "⚑": "F",
    "⚐": "F",
    "☐": "o",
    "⭘": "O",
    "\u00a0": " ",
}
"""Signs outside the ranges above that the program or its widgets draw."""

_LONG = {
    **dict.fromkeys("→⟶⇝↝", ("->", "-->")),
    **dict.fromkeys("←⟵", ("<-", "<--")),
    **dict.fromkeys("↔⟷", ("<>", "<->")),
    **dict.fromkeys("⇒⟹", ("=>", "==>")),
    **dict.fromkeys("⇐⟸", ("<-", "<==")),
    **dict.fromkeys("⇔⟺", ("<>", "<=>")),
    **dict.fromkeys("↦⟼", ("|>", "|->")),
}
"""Arrows that take the spaces beside them, one or both."""

_ALSO_WRITTEN = "".join(chr(code) for codes in ARROWS for code in codes) + "·"
_IN_TEXT = re.compile(rf"(?P<kept>(?<=\w)[{_ALSO_WRITTEN}](?=\w))| ?[{_ALSO_WRITTEN}] ?")
_PICTOGRAM = re.compile("(.?\ufe0f)", re.DOTALL)
"""A sign that is asked to be a wide coloured picture."""

KEY_WORDS = {"↑": "up", "↓": "down", "←": "left", "→": "right", "⏎": "enter", "⌫": "bksp"}
"""What keys are called whose signs would be taken for other keys in ASCII."""


def _box(sign: str) -> str:
    words = set(unicodedata.name(sign).split())
    across, upright = words & {"HORIZONTAL", "LEFT", "RIGHT"}, words & {"VERTICAL", "UP", "DOWN"}
    if across and upright:
        return "+"
    if upright:
        return "|"
    return "=" if words & {"HEAVY", "DOUBLE"} and "DASH" not in words else "-"


def _braille(dots: int) -> str:
    if dots.bit_count() >= _MANY_DOTS:
        return "#"
    if dots & _UPPER_DOTS:
        return ":" if dots & _LOWER_DOTS else "'"
    return "." if dots else " "


def _pointing(sign: str, otherwise: str) -> str:
    """Return the sign that points where the name of another says."""
    words = set(re.split(r"[ -]", unicodedata.name(sign)))
    left, right = words & {"LEFT", "LEFTWARDS", "WEST"}, words & {"RIGHT", "RIGHTWARDS", "EAST"}
    if left and right:
        return "-"
    if left or right:
        return "<" if left else ">"
    if words & {"UP", "UPWARDS", "NORTH"}:
        return "^"
    return "v" if words & {"DOWN", "DOWNWARDS", "SOUTH"} else otherwise


def _shape(sign: str) -> str:
    name = unicodedata.name(sign)
    if "TRIANGLE" in name or "POINTER" in name:
        return _pointing(sign, "^")
    if "DIAMOND" in name or "LOZENGE" in name:
        return "+"
    if "CIRCLE" in name or name in ("FISHEYE", "BULLSEYE"):
        return "@" if "BLACK" in name or name == "FISHEYE" else "o"
    return "*" if "SMALL" in name or "BULLET" in name else "#" if "BLACK" in name else "o"


def _table() -> dict[str, str]:
    found = {chr(code): _box(chr(code)) for code in BOXES} | _DIAGONALS
    found |= {chr(code): sign for code, sign in zip(BLOCKS, _BLOCK_SIGNS, strict=True)}
    found |= {chr(code): _shape(chr(code)) for code in SHAPES}
    found |= {chr(code): _braille(code - BRAILLE.start) for code in BRAILLE}
    found |= {chr(code): _pointing(chr(code), "o") for codes in ARROWS for code in codes}
    # What fills two cells is left alone, so that nothing moves.
    return {sign: plain for sign, plain in found.items() if unicodedata.east_asian_width(sign) not in "WF"}


TABLE = _table() | _MARKS
"""One ASCII character for each that draws; neither is wider than a cell."""

# The command palette's icon is the one sign of two cells that a widget draws.
_CODES = str.maketrans(
    {sign: plain for sign, plain in TABLE.items() if sign not in _ALSO_WRITTEN} | {"🔎": "/ "}
)


@lru_cache(8192)
def in_ascii(text: str) -> str:
    """Return a piece of a line with its drawing in ASCII, as many cells wide.

    An arrow takes the spaces beside it, since ``x > 0`` says something else than ``x → 0``: that becomes
    ``x-->0``. Between letters or digits without spaces, arrows and middle dots are text and stay; elsewhere
    the dot is a product or parts two words.
    """
    if text.isascii():
        return text
    if "\ufe0f" in text:
        pieces = _PICTOGRAM.split(text)
        return "".join(piece if place % 2 else in_ascii(piece) for place, piece in enumerate(pieces))
    return _IN_TEXT.sub(_written, text).translate(_CODES)


def key_in_ascii(display: str) -> str:
    """Return how a key is shown in ASCII: in a word where its sign would be taken for another key."""
    return "/".join(KEY_WORDS[sign] for sign in display) if set(display) <= set(KEY_WORDS) else display


def _written(found: re.Match[str]) -> str:
    whole = found[0]
    sign = whole.strip(" ")
    if found["kept"]:
        return whole
    if sign in _LONG and len(whole) > 1:
        return _LONG[sign][len(whole) - 2]
    return whole.replace(sign, TABLE[sign])
