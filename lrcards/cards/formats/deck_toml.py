"""The TOML in a deck: its front matter, and the experiments of its cards as plain data."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from lrcards.cards.formats.deck_lines import TAGS, classify
from lrcards.errors import DeckError
from lrcards.text import clean, excerpt, one_line

_TOML_LINE = re.compile(r"""\s*(?:[\w."'-]+\s*=|\[.*\]\s*(?:#.*)?$)""")
_YAML_LINE = re.compile(r"""[\w"'][\w"' .-]*:(?:\s|$)""")
_ERROR_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class FrontMatter(NamedTuple):
    """What a deck says of all its notes, and how many lines it takes to say it."""

    name: str | None = None
    tags: tuple[str, ...] = ()
    lines: int = 0


def read_front_matter(lines: Sequence[str], path: str) -> FrontMatter:
    """Read the TOML between two lines of ``---`` or ``+++`` at the top; the YAML of a note is passed over.

    Raises:
        DeckError: if it is not closed, is broken, or has a key other than ``name`` and ``tags``.
    """
    mark = lines[0].strip() if lines else ""
    if mark not in ("---", "+++"):
        return FrontMatter()
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == mark), None)
    card = next(
        (number for number, line in enumerate(lines[1:end], 2) if classify(line)[0] in TAGS.values()), None
    )
    if end is None or card is not None:
        raise DeckError(
            f"The front matter that opens with “{mark}” is not closed before the first card",
            f"Write “{mark}” on a line of its own under it, or take away the first line",
            path=path,
            line=1,
        )
    inside = lines[1:end]
    if mark == "---" and not any(map(_TOML_LINE.match, inside)) and any(map(_YAML_LINE.match, inside)):
        return FrontMatter(lines=end + 1)
    data = parse_toml("\n".join(inside), path, first_line=2)
    for key in data:
        if key not in ("name", "tags"):
            near = get_close_matches(key[:20], ("name", "tags"), 1, cutoff=0)[0]
            begins = re.compile(rf"""\s*\[*["']?{re.escape(key[:60])}""")
            place = (n for n, line in enumerate(inside, 2) if begins.match(line))
            raise DeckError(
                f"The front matter has an unknown key “{excerpt(key)}”",
                f"Did you mean “{near}”? The keys are name and tags",
                path=path,
                line=next(place, 1),
            )
    name, tags = data.get("name"), data.get("tags", [])
    if name is not None and not (isinstance(name, str) and name.strip()):
        raise DeckError("The deck's name is not a text", 'Write name = "My deck"', path=path, line=1)
    if not (isinstance(tags, list) and all(isinstance(tag, str) and tag.strip() for tag in tags)):
        raise DeckError(
            "The deck's tags are not a list of texts", 'Write tags = ["one", "two"]', path=path, line=1
        )
    return FrontMatter(
        one_line(name) if name else None, tuple(tag.removeprefix("#") for tag in tags), end + 1
    )


def parse_toml(text: str, path: str, first_line: int) -> dict[str, Any]:
    """Return TOML as plain data: texts (made safe), numbers, truth values, lists and tables.

    Raises:
        DeckError: with the line in the deck, ``first_line`` being the number of the first line of ``text``.
    """
    try:
        data: dict[str, Any] = _plain_data(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        place = _ERROR_PLACE.search(str(error))
        last = text.count("\n") + 1
        line = int(place[1]) if place and place[1] else last if place else 1
        what = "too deeply nested" if isinstance(error, RecursionError) else _ERROR_PLACE.sub("", str(error))
        raise DeckError(
            f"The TOML cannot be read: {what}",
            'A line is key = value, and texts stand in "quotes"',
            path=path,
            line=first_line + line - 1,
        ) from None
    return data


def _plain_data(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(key): _plain_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_data(item) for item in value]
    if isinstance(value, bool | int | float):
        return value
    raise ValueError(f"{value} is a date or a time, which has no meaning here")


def write_toml(data: Mapping[str, Any]) -> str:
    """Return the TOML that ``parse_toml`` reads as ``data``, one line a key."""
    return "\n".join(f"{_key(key)} = {_value(value)}" for key, value in data.items())


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return repr(value)
