"""Anki's presets as what decks change of the learner's settings, and back."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

from lrcards.cards.formats.anki.model import DEFAULT_OPTIONS, AnkiDeck, AnkiDeckOptions

LOWEST_RETENTION, HIGHEST_RETENTION = 0.7, 0.99
DECAY_RANGE = (0.1, 0.8)
DEFAULT_DECAY = 0.1542
DEFAULT = AnkiDeckOptions(DEFAULT_OPTIONS, "Default")
_OF_A_DECK = ("desired_retention", "new_per_day", "reviews_per_day")
_PARAMETER_COUNTS = (17, 19, 21)


def options_of(
    decks: Iterable[tuple[str, AnkiDeck]], presets: Mapping[int, AnkiDeckOptions]
) -> dict[str, dict[str, Any]]:
    """Return what decks change, by the deck's name, as the plain data of ``study.options``.

    Anki's presets do not pass from a deck to its subdecks, ours do. So a deck names what differs from the
    deck above it, or, if there is none, from Anki's defaults.
    """
    changed: dict[str, dict[str, Any]] = {}
    holding: dict[str, dict[str, Any]] = {"": _values(None, DEFAULT)}
    for name, deck in sorted(decks, key=lambda each: each[0].count("::")):
        above = name.rpartition("::")[0]
        while above not in holding:
            above = above.rpartition("::")[0]
        preset = presets.get(deck.options_id)
        # A filtered deck has no preset.
        values = holding[above] if preset is None else _values(deck, preset)
        holding[name] = {**holding[above], **values}
        own = {key: value for key, value in values.items() if value != holding[above].get(key)}
        if own:
            changed[name] = own
    return changed


def _values(deck: AnkiDeck | None, preset: AnkiDeckOptions) -> dict[str, Any]:
    values: dict[str, Any] = {
        "desired_retention": preset.desired_retention,
        "new_per_day": preset.new_per_day,
        "reviews_per_day": preset.reviews_per_day,
        "leech_threshold": max(0, preset.leech_threshold),
        "leech_action": "suspend" if preset.suspends_leeches else "tag",
    }
    for name in _OF_A_DECK:
        if deck is not None and getattr(deck, name) is not None:
            values[name] = getattr(deck, name)
    retention = round(values["desired_retention"], 4)
    values["desired_retention"] = min(max(retention, LOWEST_RETENTION), HIGHEST_RETENTION)
    for name in ("new_per_day", "reviews_per_day"):
        values[name] = max(0, values[name])
    if _are_usable(preset.parameters):
        values["parameters"] = list(preset.parameters)
    return values


def _are_usable(parameters: Sequence[float]) -> bool:
    """Return whether FSRS can reckon with the parameters; the last of 21 is the decay."""
    low, high = DECAY_RANGE
    return (
        len(parameters) in _PARAMETER_COUNTS
        and all(map(math.isfinite, parameters))
        and (len(parameters) < 21 or low <= parameters[20] <= high)
    )


class Held(NamedTuple):
    """What holds for a deck: its preset, and by name what is otherwise for this deck alone."""

    preset: AnkiDeckOptions
    overrides: Mapping[str, Any]


def presets_of(
    options: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, AnkiDeckOptions],
    decks: Iterable[str],
    modified: int,
) -> dict[str, Held]:
    """Return the preset of each deck and where the deck differs from it, so that they say what ours do.

    Args:
        options: what decks change, by name.
        given: the presets that decks had in Anki, by the deck's name; kept, but for what was changed since.
        decks: the names of the decks.
        modified: when, in seconds since 1970.
    """
    held = {}
    for deck in decks:
        changed: dict[str, Any] = {}
        for name in with_those_above(deck):
            changed |= options.get(name, {})
        base = given.get(deck, DEFAULT)
        was = _values(None, base)
        new = {key: value for key, value in changed.items() if value != was.get(key)}
        overrides = {}
        if deck in given:
            overrides = {key: new.pop(key) for key in _OF_A_DECK if key in new}
        elif new:
            base = replace(base, id=stable_id(f"options {deck}"), name=f"lrcards {deck}")
        held[deck] = Held(_with_values(base, new, modified), overrides)
    return held


def _with_values(preset: AnkiDeckOptions, values: dict[str, Any], modified: int) -> AnkiDeckOptions:
    if not values:
        return preset
    if "leech_action" in values:
        values["suspends_leeches"] = values.pop("leech_action") == "suspend"
    if "parameters" in values:
        values["parameters"] = tuple(values["parameters"])
    return replace(preset, modified=modified, **values)


def decay_of(parameters: Sequence[float]) -> float:
    """Return the decay of the forgetting curve: the last of 21 parameters, 0.5 in older versions of FSRS."""
    if len(parameters) < 21:
        return 0.5 if parameters else DEFAULT_DECAY
    return parameters[20]


@cache
def with_those_above(deck: str) -> tuple[str, ...]:
    """Return the names of a deck and the decks above it, the topmost first."""
    names = deck.split("::")
    return tuple("::".join(names[: count + 1]) for count in range(len(names)))


def stable_id(what: str) -> int:
    """Return an id that follows from what it is of: like Anki's an instant, of the years 2001 to 2020."""
    digest = int.from_bytes(blake2b(what.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    return 1_000_000_000_000 + digest % 600_000_000_000
