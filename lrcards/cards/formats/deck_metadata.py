"""The comments by which a deck gives a card its id, its tags, its experiment and its kind."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from lrcards.errors import DeckError
from lrcards.text import clean, excerpt

KEYS = ("id", "tags", "lab", "deck", "cards", "answer", "with", "ordinals")
LISTS = ("tags", "ordinals")

# A quote that is not closed takes all the rest, so that reading is linear in the comment.
_QUOTED = r'"(?:[^"\\]|\\.)*(?:"|$)'
_ENTRY = re.compile(rf'\s*([\w-]+)\s*:((?:{_QUOTED}|[^";])*)(?:;|$)')
_LIST_ITEM = re.compile(rf'((?:{_QUOTED}|[^",])*)(?:,|$)')
_BARE_VALUE = re.compile(r"\w(?:[\w.:/+@ -]*\w)?")


def parse_metadata(comment: str, path: str, line: int) -> dict[str, list[str]] | None:
    """Return the values of each key in the inside of a comment; ``None`` for an ordinary comment.

    Raises:
        DeckError: for an unknown key beside a known one, and for one that looks like a known one misspelt.
    """
    entries: dict[str, list[str]] = {}
    unknown: list[str] = []
    text = comment.strip()
    position = 0
    while position < len(text):
        entry = _ENTRY.match(text, position)
        if entry is None:
            return None
        position = entry.end()
        key = entry[1].lower()
        if key in KEYS:
            parts = [item[1] for item in _LIST_ITEM.finditer(entry[2])] if key in LISTS else [entry[2]]
            entries.setdefault(key, []).extend(_values(parts, path, line))
        else:
            unknown.append(entry[1])
    for key in unknown:
        close = get_close_matches(key[:20].lower(), KEYS, 1, cutoff=0.75)
        if close or entries:
            suggestion = f"Did you mean “{close[0]}”? " if close else ""
            remedy = f"{suggestion}The keys are {', '.join(KEYS)}"
            raise DeckError(f"A card has no “{excerpt(key)}”", remedy, path=path, line=line)
    return entries or None


def _values(parts: Iterable[str], path: str, line: int) -> Iterator[str]:
    for part in map(str.strip, parts):
        if part.startswith('"'):
            try:
                value = clean(str(json.loads(part)))
            except ValueError:
                what = f"The quoted text {excerpt(part)} cannot be read"
                remedy = 'Write "…" with \\" for a quote and \\\\ for a backslash in it'
                raise DeckError(what, remedy, path=path, line=line) from None
            yield value
        elif part:
            yield part


def write_metadata(entries: Mapping[str, Iterable[str]]) -> str:
    """Return the comment whose inside ``parse_metadata`` reads as ``entries``."""
    shown = (f"{key}: {', '.join(map(_quoted, values))}" for key, values in entries.items())
    return f"<!-- {'; '.join(shown)} -->"


def _quoted(value: str) -> str:
    if _BARE_VALUE.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False).replace(">", "\\u003e")
