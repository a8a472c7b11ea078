"""What decks change of the learner's settings: kept with each deck, inside the caller's transaction."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlite_utils.db import Database

from lrcards.collection.changes import Change, RowChange, row_change, write
from lrcards.collection.rows import rows_of, to_json, to_ms
from lrcards.errors import CollectionError, SettingsError
from lrcards.study.options import DeckOptions, Fitted
from lrcards.study.settings import SETTINGS, plain


def read(database: Database) -> dict[str, DeckOptions]:
    """Return what decks change, by the deck's name.

    Raises:
        CollectionError: what is stored are no options.
    """
    rows = rows_of(database, "SELECT name, options FROM decks WHERE options IS NOT NULL", {})
    return {row["name"]: _from_json(row["name"], row["options"]) for row in rows}


def store(database: Database, deck: str, options: DeckOptions, now: datetime) -> Change:
    """Keep what a deck changes; a deck that there is only through its subdecks gets a row of its own."""
    values = to_data(options)
    after = {"options": to_json(values) if values else None, "modified_at": to_ms(now)}
    sql = "SELECT id, options, modified_at FROM decks WHERE name = :deck"
    row = next(rows_of(database, sql, {"deck": deck}), None)
    if row is None:
        (deck_id,) = database.execute("SELECT ifnull(max(id), 0) + 1 FROM decks").fetchone()
        change = RowChange("decks", deck_id, None, {"id": deck_id, "name": deck, **after})
    else:
        change = row_change("decks", row["id"], dict(row), after)
    write(database, Change((change,)))
    return Change((change,))


def from_data(data: Mapping[str, Any]) -> DeckOptions:
    """Return the options in plain data.

    Raises:
        SettingsError: they are none.
    """
    try:
        values = dict(data)
        for name in values.keys() & SETTINGS.keys():
            values[name] = SETTINGS[name].read(name, values[name])
        if "parameters" in values:
            values["parameters"] = tuple(map(float, values["parameters"]))
        if "fitted" in values:
            values["fitted"] = fitted_from(values["fitted"])
        return DeckOptions(**values)
    except (TypeError, ValueError) as error:
        raise SettingsError(str(error)) from error


def to_data(options: DeckOptions) -> dict[str, Any]:
    """Return the options as plain data, without what they leave as it is above."""
    values = {field.name: plain(getattr(options, field.name)) for field in fields(options)}
    values["fitted"] = fitted_values(options.fitted)
    return {name: value for name, value in values.items() if value is not None}


def fitted_values(fitted: Fitted | None) -> list[Any] | None:
    """Return when parameters were fitted as plain data."""
    return None if fitted is None else [fitted.day.isoformat(), fitted.reviews]


def fitted_from(values: Any) -> Fitted | None:
    """Return what ``fitted_values`` was given; ``TypeError`` or ``ValueError`` if it is no such thing."""
    if values is None:
        return None
    day, reviews = values
    return Fitted(date.fromisoformat(day), int(reviews))


def _from_json(deck: str, text: str) -> DeckOptions:
    try:
        return from_data(json.loads(text))
    except (SettingsError, ValueError) as error:
        reason = error.what if isinstance(error, SettingsError) else str(error)
        raise CollectionError(
            f"the options of the deck {deck!r} cannot be used: {reason}", "Give the deck new ones"
        ) from error
