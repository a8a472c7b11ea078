"""The lines ``#key:value`` that Anki puts on top of a text export, to say what is in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lrcards.errors import DeckError
from lrcards.text import excerpt

SEPARATORS = {"tab": "\t", "pipe": "|", "semicolon": ";", "colon": ":", "comma": ",", "space": " "}
"""Anki's names of separators, in the order in which it looks for them."""

_COLUMNS = {"notetype column": "kind", "deck column": "deck", "tags column": "tags", "guid column": "id"}
# A spreadsheet that saved the file may have put separators after a value.
_WORD = re.compile(r".[A-Za-z0-9]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Headers:
    """What the lines say; ``None`` or nothing where they do not.

    Attributes:
        separator: the character between two columns.
        html: whether the fields are HTML.
        tags: the tags of every note.
        columns: the names of the columns.
        notetype, deck: those of every note.
        roles: which column (from 0) says a note's ``kind``, ``deck``, ``tags`` or ``id``.
        lines: how many lines there are.
    """

    separator: str | None = None
    html: bool | None = None
    tags: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    notetype: str = ""
    deck: str = ""
    roles: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    lines: int = 0


def read_headers(text: str, path: str) -> Headers:
    """Read the lines at the top that begin with ``#``, and the older ``tags:``; unknown keys are comments.

    Raises:
        DeckError: for a separator or a column that cannot be.
    """
    said: dict[str, tuple[str, int]] = {}
    lines = 0
    for lines, (key, value) in enumerate(_top(text), 1):
        if key:
            said[key] = value, lines
    values = {key: value for key, (value, _) in said.items()}
    separator = None
    if "separator" in said:
        separator = _separator(*said["separator"], path)
    columns = values.get("columns", "")
    return Headers(
        separator=separator,
        html={"true": True, "false": False}.get(_word(values.get("html", "")).lower()),
        tags=tuple(values.get("tags", "").split()),
        columns=tuple(name.strip() for name in columns.split(separator or "\t")) if columns else (),
        notetype=values.get("notetype", "").strip(),
        deck=values.get("deck", "").strip(),
        roles={role: _column(key, *said[key], path) for key, role in _COLUMNS.items() if key in said},
        lines=lines,
    )


def _top(text: str) -> Iterator[tuple[str, str]]:
    """Yield the key, or nothing for a comment, and the value of each header line."""
    start = 0
    while text.startswith("#", start) or (start == 0 and text.startswith("tags:")):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        key, colon, value = line.removeprefix("#").partition(":")
        yield (key.strip().lower(), value) if colon else ("", "")
        start = end + 1 if end >= 0 else len(text)


def _word(value: str) -> str:
    found = _WORD.match(value)
    return found[0].strip() if found else ""


def _separator(value: str, line: int, path: str) -> str:
    word = _word(value) or value[:1]
    separator = SEPARATORS.get(word.lower(), word)
    if len(separator) != 1 or separator in '"\n#':
        raise DeckError(
            f"The separator “{excerpt(value)}” is not known",
            f"Write one of {', '.join(SEPARATORS)}, or the character itself",
            path=path,
            line=line,
        )
    return separator


def _column(key: str, value: str, line: int, path: str) -> int:
    word = _word(value.strip())
    if not (word.isascii() and word.isdecimal() and 0 < int(word[:9]) < 1_000_000):
        raise DeckError(
            f"The {key} “{excerpt(value)}” is not a column",
            "Write its number; the first is 1",
            path=path,
            line=line,
        )
    return int(word) - 1
