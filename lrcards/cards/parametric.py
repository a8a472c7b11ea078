"""Parametric cards: a note that asks with other values at every review.

The experiment of such a note has a table ``vary``, which gives each name a list of values, or a range with
so many decimals::

    curvature = [1, 2, 4]
    rate = {from = 0.1, to = 1.2, decimals = 1}

``"{rate}"`` in the experiment stands for the value itself, ``{rate}`` in a longer text for how it is written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain, product
from math import prod
from random import Random
from typing import Any

from lrcards.cards.model import Note, NoteKind, card_guid
from lrcards.errors import DeckError
from lrcards.text import Span, segments

Value = int | float | str

MOST_VALUES = 10_000
"""How many values a range may have."""

LARGEST = 1e15
"""Whole numbers beyond this cannot be told apart as floats."""

_PLACEHOLDER = re.compile(r"\{([^\W\d]\w*)\}")
_RANGE_KEYS = {"from", "to", "decimals"}


def is_parametric(note: Note) -> bool:
    """Return whether the note asks with other values at every review."""
    return varies(note.experiment)


def varies(experiment: Mapping[str, Any] | None) -> bool:
    """Return whether the experiment of a note says how it varies."""
    return experiment is not None and "vary" in experiment


def review_random(note: Note, number: int) -> Random:
    """Return what decides the values and choices of a review; the same for the same note and number."""
    return Random(f"{card_guid(note.guid, 0)}:{number}")


def draw(note: Note, number: int) -> Note:
    """Return the note with the values of its review ``number``; as it is, if it is not parametric.

    The values depend on nothing but the note and the number, so that a review that is taken back is asked
    again as it was.

    Raises:
        DeckError: the values cannot be drawn from what ``vary`` says.
    """
    if not is_parametric(note):
        return note
    random = review_random(note, number)
    # Only random() gives the same numbers in every version of Python.
    return with_values(
        note,
        {name: values[int(random.random() * len(values))] for name, values in possible_values(note).items()},
    )


def with_values(note: Note, values: Mapping[str, Value]) -> Note:
    """Return the note with the values in its question, answer and experiment, which varies no more."""
    return replace(
        note,
        question=_written(note.question, values),
        answer=_written(note.answer, values),
        experiment=_filled(_fixed(note), values),
    )


def possible_values(note: Note) -> dict[str, Sequence[Value]]:
    """Return the values that each name of a parametric note can have.

    Raises:
        DeckError: at the note's experiment, for what cannot be understood, is never used or is not known.
    """
    vary, fixed = (note.experiment or {})["vary"], _fixed(note)
    if note.kind is not NoteKind.BASIC:
        raise _error(note, "A cloze card cannot vary", "Ask with “Q:” instead of “C:”")
    if "ask" not in fixed:
        raise _error(note, "The card varies but asks nothing", 'Add ask = "regime", or another kind')
    if not isinstance(vary, Mapping) or not vary:
        raise _error(note, "“vary” is no table", "Write [vary], and rate = [0.1, 0.2] under it")
    used = {*_names(fixed), *_names([note.question, note.answer])}
    for name in vary:
        if not name.isidentifier():
            raise _error(note, f"“{name}” is no name", "Use letters, digits and underscores")
        if name not in used:
            raise _error(note, f"Nothing uses “{name}”", f"Write {{{name}}} where it belongs")
    for name in _names(fixed):
        if name not in vary:
            close = get_close_matches(name, vary, 1)
            hint = f"Did you mean {{{close[0]}}}?" if close else f"Give “{name}” values under [vary]"
            raise _error(note, f"{{{name}}} has no values", hint)
    return {name: _values(note, name, given) for name, given in vary.items()}


def samples(note: Note, most: int) -> Iterator[dict[str, Value]]:
    """Yield every combination of values; if there are more than ``most``, a grid with all ends, then draws.

    Raises:
        DeckError: as ``possible_values``.
    """
    every = possible_values(note)
    combinations: Iterable[tuple[Value, ...]] = product(*every.values())
    if prod(map(len, every.values())) > most:
        random, each = Random(note.guid), max(2, int((most / 2) ** (1 / len(every))))
        grid = product(*(_spread(values, each) for values in every.values()))
        drawn = (tuple(random.choice(values) for values in every.values()) for _ in range(most // 2))
        combinations = chain(grid, drawn)
    for combination in combinations:
        yield dict(zip(every, combination, strict=True))


def place(note: Note) -> tuple[str | None, int | None]:
    """Return the file and the line of a note's experiment, or of the note where that was not kept."""
    if note.source is None:
        return None, None
    return note.source.file, note.source.lab or note.source.line


def in_words(values: Mapping[str, Value]) -> str:
    """Return the values as an author reads them: ``rate = 0.5, curvature = 2``."""
    return ", ".join(f"{name} = {_text(value)}" for name, value in values.items())


def _fixed(note: Note) -> dict[str, Any]:
    """Return the experiment without what it says of how it varies."""
    return {key: value for key, value in (note.experiment or {}).items() if key != "vary"}


def _values(note: Note, name: str, given: Any) -> Sequence[Value]:
    """Return the values that a list or a range stands for."""
    if isinstance(given, list | tuple):
        if given and all(isinstance(value, str) or _is_number(value) for value in given):
            return given
        raise _error(note, f"The values of “{name}” are not numbers or texts", f"Write {name} = [1, 2, 4]")
    if not isinstance(given, Mapping) or not {"from", "to"} <= given.keys() <= _RANGE_KEYS:
        raise _error(
            note,
            f"“{name}” is no list and no range",
            f"Write {name} = {{from = 0.1, to = 0.9, decimals = 1}}",
        )
    low, high, decimals = given["from"], given["to"], given.get("decimals", 0)
    if not (_is_number(low) and _is_number(high) and low < high):
        raise _error(
            note, f"The range of “{name}” does not go up", "Give numbers from and to, the lower first"
        )
    if type(decimals) is not int or not 0 <= decimals <= 9:
        raise _error(note, f"The decimals of “{name}” are not one of 0 to 9", "Write decimals = 1")
    if (high - low) * 10**decimals >= MOST_VALUES:
        raise _error(
            note, f"The range of “{name}” has more than {MOST_VALUES} values", "Use fewer decimals, or a list"
        )
    count = int((high - low) * 10**decimals + 1e-6) + 1
    if decimals == 0 and isinstance(low, int):
        return range(low, low + count)
    return [round(low + step / 10**decimals, decimals) for step in range(count)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _spread(values: Sequence[Value], most: int) -> Sequence[Value]:
    """Return so many of the values at most, both ends among them."""
    if len(values) <= most:
        return values
    return [values[round(index * (len(values) - 1) / (most - 1))] for index in range(most)]


def _names(data: Any) -> Iterator[str]:
    """Yield the names of the placeholders in plain data."""
    if isinstance(data, str):
        yield from _PLACEHOLDER.findall(data)
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _names(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _names(value)


def _filled(data: Any, values: Mapping[str, Value]) -> Any:
    """Return plain data with the values in the place of their names."""
    if isinstance(data, str):
        alone = _PLACEHOLDER.fullmatch(data)
        if alone and alone[1] in values:
            return values[alone[1]]
        return _substituted(data, values)
    if isinstance(data, Mapping):
        return {key: _filled(value, values) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_filled(value, values) for value in data]
    return data


def _written(markdown: str, values: Mapping[str, Value]) -> str:
    """Return Markdown with the values in the place of their names; in maths the braces stay, as a group."""
    if "{" not in markdown:
        return markdown
    return "".join(
        _substituted(text, values, "{{{}}}" if span in _MATHS else "{}") for span, text in segments(markdown)
    )


_MATHS = (Span.INLINE_MATH, Span.DISPLAY_MATH)


def _substituted(text: str, values: Mapping[str, Value], form: str = "{}") -> str:
    """Return the text with every placeholder that is the name of a value as ``form`` shows that."""
    return _PLACEHOLDER.sub(
        lambda found: form.format(_text(values[found[1]])) if found[1] in values else found[0], text
    )


def _text(value: Value) -> str:
    """Return a value as it is written: a number as short as it is exact."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _error(note: Note, what: str, remedy: str) -> DeckError:
    file, line = place(note)
    return DeckError(what, remedy, path=file, line=line)
