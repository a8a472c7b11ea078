"""Options of a deck as a learner types and reads them."""

import re
from dataclasses import replace
from typing import Any

from lrcards.errors import SettingsError
from lrcards.study.memory import DEFAULT_PARAMETERS
from lrcards.study.options import DECK_SETTINGS, DeckOptions, StudyOptions
from lrcards.study.settings import SETTINGS, plain

NAMES = (*DECK_SETTINGS, "parameters")
"""What can be typed, in the order in which it is listed."""

NONE = "none"
"""No steps, or no easy days."""

_FLAGS = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}
_LISTS = ("learning_steps", "relearning_steps", "parameters")


def text_of(value: Any) -> str:
    """Return a value as it is typed: ``0.9``, ``1m 10m``, ``yes``, ``random``."""
    match plain(value):
        case bool(flag):
            return "yes" if flag else "no"
        case float(number):
            return f"{number:g}"
        case list(parts):
            return " ".join(map(text_of, parts)) or NONE
        case dict(days):
            return " ".join(f"{day}={load}" for day, load in days.items()) or NONE
        case other:
            return str(other)


def changed(options: DeckOptions, name: str, text: str) -> DeckOptions:
    """Return options with one value as it was typed; an empty text leaves it to the decks above.

    Raises:
        SettingsError: there is no such option, or the value is not allowed.
    """
    if name not in NAMES:
        raise SettingsError(f"there is no option {name!r}", f"A deck has: {', '.join(NAMES)}")
    value = _read(name, text.strip()) if text.strip() else None
    if name == "parameters":
        return replace(options, parameters=value, fitted=None)
    return replace(options, **{name: value})


def problem_with(name: str, text: str) -> str:
    """Return what is wrong with a value as it is typed; empty if nothing is."""
    try:
        changed(DeckOptions(), name, text)
    except SettingsError as error:
        return str(error)
    return ""


def parameters_in_words(options: StudyOptions) -> str:
    """Return where the FSRS parameters that hold come from."""
    if options.fitted is not None:
        return f"fitted on {options.fitted.day} to {options.fitted.reviews:,} reviews"
    return "default" if options.parameters == DEFAULT_PARAMETERS else "given"


def plain_from(name: str, text: str) -> Any:
    """Return what was typed for a setting as the plain data that it is read from, allowed or not."""
    words = [] if text == NONE else [word for word in re.split(r"[\s,]+", text.strip("[]")) if word]
    if name in _LISTS:
        return words
    if name == "easy_days":
        return dict(word.partition("=")[::2] for word in words)
    return _plain(text)


def _read(name: str, text: str) -> Any:
    try:
        value = plain_from(name, text)
        return tuple(map(float, value)) if name == "parameters" else SETTINGS[name].read(name, value)
    except (TypeError, ValueError) as error:
        reason = f"FSRS parameters are numbers: {error}" if name == "parameters" else str(error)
        raise SettingsError(reason) from error


def _plain(text: str) -> Any:
    if text.lower() in _FLAGS:
        return _FLAGS[text.lower()]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            pass
    return text
