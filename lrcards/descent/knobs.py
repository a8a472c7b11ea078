"""What a spec's knobs mean and which values they allow: one place for validation and for every listing.

A spec is a frozen dataclass whose fields carry a :class:`Knob` in their type::

    momentum: Annotated[float, Knob("share of the velocity that is kept", at_least=0, below=1)] = 0.9
"""

import math
from dataclasses import MISSING, dataclass, fields
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, get_origin, get_type_hints

from lrcards.descent.errors import SpecError


@dataclass(frozen=True, slots=True)
class Knob:
    """What a number, a list of numbers or a word in a spec means, and its limits.

    Attributes:
        meaning: one line for users.
        above, at_least, below, at_most: limits of the number, or of each number in a list.
        choices: the words that are allowed, for a knob that is a word.
    """

    meaning: str
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()

    def contains(self, number: float) -> bool:
        """Return whether a finite number keeps to the limits."""
        return (
            (self.above is None or number > self.above)
            and (self.at_least is None or number >= self.at_least)
            and (self.below is None or number < self.below)
            and (self.at_most is None or number <= self.at_most)
        )


@dataclass(frozen=True, slots=True)
class KnobInfo:
    """One knob of a spec as a listing shows it.

    Attributes:
        name: the field's name.
        kind: ``float``, ``int``, ``bool``, ``str`` or ``tuple``.
        default: the value if none is given; ``None`` for a knob that must be given.
        allowed: the allowed values in words, e.g. ``a number at least 0 and below 1``.
        meaning: one line for users.
    """

    name: str
    kind: type
    default: Any
    allowed: str
    meaning: str


def describe(spec: type) -> tuple[KnobInfo, ...]:
    """Return the knobs of a spec class in the order of its fields."""
    defaults = {field.name: None if field.default is MISSING else field.default for field in fields(spec)}
    return tuple(
        KnobInfo(name, kind, defaults[name], _allowed(knob, kind), knob.meaning)
        for name, (kind, knob) in _knobs(spec).items()
    )


def check(spec: Any) -> None:
    """Raise one SpecError that names every knob of ``spec`` whose value is not allowed.

    Lists, as they come from TOML and JSON, are made tuples first, so that the spec stays hashable.
    """
    for field in fields(spec):
        if isinstance(getattr(spec, field.name), list):
            object.__setattr__(spec, field.name, tuple(getattr(spec, field.name)))
    found = [
        f"{spec.name}: {name} must be {_allowed(knob, kind)}, not {getattr(spec, name)!r}"
        for name, (kind, knob) in _knobs(type(spec)).items()
        if not _is_allowed(getattr(spec, name), kind, knob)
    ]
    if found:
        raise SpecError(*found)


def _knobs(spec: type) -> dict[str, tuple[type, Knob]]:
    hints = get_type_hints(spec, include_extras=True)
    return {
        field.name: (get_origin(hint.__origin__) or hint.__origin__, knob)
        for field in fields(spec)
        for hint in [hints[field.name]]
        for knob in getattr(hint, "__metadata__", ())
        if isinstance(knob, Knob)
    }


def _is_allowed(value: Any, kind: type, knob: Knob) -> bool:
    if kind is tuple:
        if not isinstance(value, tuple) or not value:
            return False
        return all(_is_allowed(each, int, knob) for each in value) and all(a < b for a, b in pairwise(value))
    if kind is bool:
        return isinstance(value, bool)
    if kind is str:
        return value in knob.choices
    if isinstance(value, bool) or not isinstance(value, Integral if kind is int else Real):
        return False
    try:
        return math.isfinite(value) and knob.contains(float(value))
    except OverflowError:  # an int beyond the largest float
        return False


def _allowed(knob: Knob, kind: type) -> str:
    if kind is bool:
        return "true or false"
    if kind is str:
        return " or ".join(repr(choice) for choice in knob.choices)
    limits = [
        f"{words} {limit:g}"
        for words, limit in [
            ("above", knob.above),
            ("at least", knob.at_least),
            ("below", knob.below),
            ("at most", knob.at_most),
        ]
        if limit is not None
    ]
    noun = {int: "a whole number", tuple: "one or more rising whole numbers"}.get(kind, "a number")
    return f"{noun} {' and '.join(limits)}".strip()
