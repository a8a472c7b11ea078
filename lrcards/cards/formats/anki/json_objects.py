"""JSON that nobody vouches for: parsed within limits, and its values taken as what they should be."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from lrcards.errors import DeckError

MAX_VALUES, MAX_DEPTH = 500_000, 50
"""How many values a document may have, so that it cannot fill the memory, and how deep they may lie."""

_TOO_LARGE = 2**63
_FRACTION = re.compile(r"[.eE]")
_HALF_OF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str, what: str) -> Any:
    """Return the JSON document in a text; halves of surrogate pairs, which nothing could store, become "?".

    Args:
        what: what the text should be, for the message.

    Raises:
        DeckError: it is no JSON, or larger or deeper than anything that Anki writes.
    """
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise DeckError(f"{what} has more than {MAX_VALUES:,} values")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DeckError(f"{what} is damaged (it is no JSON)") from error
    if _is_deeper(value, MAX_DEPTH):
        raise DeckError(f"{what} is nested more than {MAX_DEPTH} deep")
    if _HALF_OF_A_PAIR.search(text):
        return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        parents = [parent for parent in level if isinstance(parent, dict | list)]
        level = [v for parent in parents for v in (parent.values() if isinstance(parent, dict) else parent)]
        if not level:
            return False
    return True


@dataclass(frozen=True, slots=True)
class JsonObject:
    """A JSON object whose values are asked for by key and type.

    Numbers may stand in strings, as in packages that other programs made. A value that is not there is the
    default.

    Attributes:
        what: what it is, for the message.

    Raises:
        DeckError: a value is of another type.
    """

    values: Mapping[str, Any]
    what: str

    @classmethod
    def of(cls, value: Any, what: str) -> "JsonObject":
        """Return a value as the object that it should be."""
        if not isinstance(value, dict):
            raise DeckError(f"{what} is damaged (it is no JSON object)")
        return cls(value, what)

    def text(self, key: str) -> str:
        """Return a text."""
        value = self._value(key, "")
        if not isinstance(value, str):
            raise self._wrong(key, "text")
        return value

    def number(self, key: str, default: float = 0) -> float:
        """Return a number that fits in 64 bits."""
        return self._number(self._value(key, default), key)

    def integer(self, key: str, default: int = 0) -> int:
        """Return a number without its fraction."""
        return int(self.number(key, default))

    def optional_number(self, key: str) -> float | None:
        """Return a number, or ``None`` if there is none."""
        return None if self.values.get(key) is None else self.number(key)

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return the numbers of a list."""
        return tuple(float(self._number(value, key)) for value in self._list(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        texts = self._list(key)
        if not all(isinstance(text, str) for text in texts):
            raise self._wrong(key, "list of texts")
        return tuple(texts)

    def children(self, key: str) -> Iterator["JsonObject"]:
        """Yield the objects of a list."""
        return (JsonObject.of(value, self.what) for value in self._list(key))

    def child(self, key: str) -> "JsonObject":
        """Return an object in this one."""
        return JsonObject.of(self._value(key, {}), self.what)

    def without(self, keys: Set[str]) -> dict[str, Any]:
        """Return all values but those of some keys."""
        return {key: value for key, value in self.values.items() if key not in keys}

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key)
        return default if value is None else value

    def _list(self, key: str) -> Sequence[Any]:
        value = self._value(key, [])
        if not isinstance(value, list | tuple):
            raise self._wrong(key, "list")
        return value

    def _number(self, value: Any, key: str) -> float:
        if isinstance(value, str):
            try:
                value = float(value) if _FRACTION.search(value) else int(value)
            except ValueError as error:
                raise self._wrong(key, "number") from error
        if not isinstance(value, int | float) or not -_TOO_LARGE < value < _TOO_LARGE:
            raise self._wrong(key, "number")
        return value

    def _wrong(self, key: str, kind: str) -> DeckError:
        return DeckError(f"{self.what} is damaged (“{key}” is no {kind} that Anki would write)")
