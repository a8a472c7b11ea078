"""Transit, the JSON in which programs written in Clojure put their data, as plain data.

See https://github.com/cognitect/transit-format. Keywords become their names, instants their milliseconds
since 1970, sets and lists become lists; what is tagged otherwise is its bare value. Plain JSON stays.
"""

from typing import Any

_MAP = "^ "
_FIRST_CODE, _CODES = ord("0"), 44
_SHORTEST_CACHED = 4


def decode(data: Any) -> Any:
    """Return a parsed JSON document as the data that it stands for.

    Raises:
        ValueError: if it refers to what it does not hold.
    """
    return _Decoder().value(data)


class _Decoder:
    """What decodes one document; repeated keys and keywords stand in it as codes."""

    def __init__(self) -> None:
        self.cache: list[str] = []

    def value(self, data: Any, *, is_key: bool = False) -> Any:
        """Return what a value stands for."""
        if isinstance(data, str):
            return _text(self._uncached(data, is_key=is_key))
        if isinstance(data, list):
            return self._list(data)
        if isinstance(data, dict):
            pairs = [(self.value(key, is_key=True), item) for key, item in data.items()]
            if len(pairs) == 1 and isinstance(pairs[0][0], str) and pairs[0][0].startswith("~#"):
                return self.value(pairs[0][1])
            return {str(key): self.value(item) for key, item in pairs}
        return data

    def _list(self, data: list[Any]) -> Any:
        if data and data[0] == _MAP:
            items = iter(data[1:])
            return {
                str(self.value(key, is_key=True)): self.value(item)
                for key, item in zip(items, items, strict=False)
            }
        if len(data) == 2 and isinstance(data[0], str) and data[0][:1] in ("~", "^"):
            tag = self._uncached(data[0], is_key=False)
            if tag.startswith("~#"):
                return self.value(data[1])
            return [_text(tag), self.value(data[1])]
        return [self.value(item) for item in data]

    def _uncached(self, text: str, *, is_key: bool) -> str:
        if text.startswith("^") and len(text) > 1 and text != _MAP:
            index = 0
            for code in text[1:]:
                index = index * _CODES + ord(code) - _FIRST_CODE
            if not 0 <= index < len(self.cache):
                raise ValueError(f"{text} stands for nothing")
            return self.cache[index]
        if len(text) >= _SHORTEST_CACHED and (is_key or text[:2] in ("~:", "~$", "~#")):
            if len(self.cache) == _CODES * _CODES:
                self.cache.clear()
            self.cache.append(text)
        return text


def _text(text: str) -> str:
    if text[:2] in ("~:", "~$", "~t", "~u", "~r", "~i", "~n", "~d", "~m"):
        return text[2:]
    if text[:2] in ("~~", "~^", "~`"):
        return text[1:]
    return text
