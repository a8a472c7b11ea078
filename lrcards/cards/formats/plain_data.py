"""The words of the house as plain data, as JSON has it, and back; a dataclass is its own schema."""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from lrcards.errors import DeckError
from lrcards.text import clean, clean_data

T = TypeVar("T")

_LARGEST = 2**53
"""Whole numbers beyond this are not the same in every program that reads JSON."""


def to_data(value: Any) -> Any:
    """Return dataclasses as objects without what is as it is by default, days and instants as in ISO 8601."""
    if is_dataclass(value):
        return {
            field.name: to_data(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    return value


def from_data(kind: type[T], data: Any, where: str) -> T:
    """Return the dataclass that ``to_data`` made plain data of, its texts cleaned.

    Args:
        kind: the dataclass.
        data: JSON's objects, lists, texts, numbers and so on.
        where: what the data is, for the message.

    Raises:
        DeckError: if a value is missing, unknown or of another kind.
    """
    read: Callable[[Any, str], T] = _reader(cast(Any, kind))
    return read(data, where)


_Reader = Callable[[Any, str], Any]


@cache
def _reader(kind: Any) -> _Reader:
    """Return what reads plain data as a value of a type."""
    if is_dataclass(kind):
        return _object_reader(kind)
    if get_origin(kind) is UnionType:
        (inner,) = (_reader(part) for part in get_args(kind) if part is not NoneType)
        return lambda data, where: None if data is None else inner(data, where)
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return lambda data, where: tuple(item(one, where) for one in _of(list, "a list", data, where))
    if get_origin(kind) is Mapping:
        return lambda data, where: clean_data(_of(dict, "an object", data, where))
    if issubclass(kind, Enum):
        return lambda data, where: _checked(lambda: kind(data), "one of the known values", where)
    return _SIMPLE[kind]


def _object_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    required = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]

    def read(data: Any, where: str) -> Any:
        values = _of(dict, "an object", data, where)
        for name in required:
            if name not in values:
                raise _wrong(f"has no “{name}”", where)
        for name in values:
            if name not in readers:
                raise _wrong(f"has an unknown “{clean(name)[:40]}”", where)
        return kind(**{name: readers[name](value, f"{where}.{name}") for name, value in values.items()})

    return read


def _of(kind: type[T], what: str, data: Any, where: str) -> T:
    if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
        raise _wrong(f"is not {what}", where)
    return data


def _checked(make: Callable[[], T], what: str, where: str) -> T:
    try:
        return make()
    except (ValueError, TypeError, OverflowError):
        raise _wrong(f"is not {what}", where) from None


def _wrong(what: str, where: str) -> DeckError:
    return DeckError(f"{where} {what}", "Export it again, or see docs/formats.md")


def _text(data: Any, where: str) -> str:
    return clean(_of(str, "a text", data, where))


def _whole(data: Any, where: str) -> int:
    number = _of(int, "a whole number", data, where)
    if abs(number) > _LARGEST:
        raise _wrong("is too large", where)
    return number


def _number(data: Any, where: str) -> float:
    number = float(data) if isinstance(data, int) and abs(data) <= _LARGEST else data
    if not math.isfinite(_of(float, "a number", number, where)):
        raise _wrong("is not a number", where)
    return float(number)


def _day(data: Any, where: str) -> date:
    return _checked(lambda: date.fromisoformat(data), "a day such as 2024-05-01", where)


def _instant(data: Any, where: str) -> datetime:
    def made() -> datetime:
        instant = datetime.fromisoformat(data)
        if instant.tzinfo is None:
            raise ValueError
        return instant.astimezone(UTC)

    return _checked(made, "an instant such as 2024-05-01T12:00:00+00:00", where)


_SIMPLE: dict[Any, _Reader] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: lambda data, where: _of(bool, "true or false", data, where),
    date: _day,
    datetime: _instant,
}
