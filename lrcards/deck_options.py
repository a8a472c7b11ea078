"""The options of a deck, listed with where each comes from, and changed as they are typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lrcards.collection.store import Collection
from lrcards.study.option_texts import NAMES, changed, parameters_in_words, text_of
from lrcards.study.options import DeckOptions, source_of
from lrcards.study.rules import Rules
from lrcards.study.settings import plain


@dataclass(frozen=True, slots=True)
class Listed:
    """One option of a deck.

    Attributes:
        name: what it is called.
        text: the value that holds, as it is typed; of FSRS parameters, where they come from.
        source: the deck whose value it is; ``None`` if it is the learner's setting for all decks.
    """

    name: str
    text: str
    source: str | None


def listed(rules: Rules, deck: str) -> list[Listed]:
    """Return every option of a deck; ``ALL_DECKS`` has the learner's settings."""
    options = rules.options(deck)
    texts = {name: text_of(options.value(name)) for name in NAMES} | {
        "parameters": parameters_in_words(options)
    }
    return [Listed(name, text, source_of(name, deck, rules.decks)) for name, text in texts.items()]


def change(collection: Collection, deck: str, texts: Mapping[str, str], now: datetime) -> None:
    """Give a deck options of its own, by name and as they are typed; an empty text leaves one as it is above.

    Raises:
        SettingsError: there is no such option, or a value is not allowed; nothing is changed.
        CollectionError: there is no such deck, or nothing could be written.
    """
    options = collection.options().get(deck, DeckOptions())
    for name, text in texts.items():
        options = changed(options, name, text)
    collection.set_options(deck, options, now)


def as_data(rules: Rules, deck: str) -> dict[str, Any]:
    """Return the options of a deck as plain data for a script."""
    options = rules.options(deck)
    fitted = options.fitted
    return {
        "deck": deck,
        "options": {
            name: {"value": plain(options.value(name)), "from": source_of(name, deck, rules.decks)}
            for name in NAMES
        },
        "fitted": None if fitted is None else {"day": fitted.day.isoformat(), "reviews": fitted.reviews},
    }


def in_words(rules: Rules, deck: str) -> list[str]:
    """Return the options of a deck as lines for a reader."""
    return [
        f"{option.name:<18} {option.text:<24} {'of all decks' if option.source is None else option.source}"
        for option in listed(rules, deck)
    ]
