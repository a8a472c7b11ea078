"""Read the tables of an Anki collection, of schema 11 or 18, as what they mean."""

import gc
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from sys import getsizeof
from typing import Any, NamedTuple

from lrcards.cards.formats.anki.columns import Budget, select
from lrcards.cards.formats.anki.database import opened
from lrcards.cards.formats.anki.json_objects import JsonObject, parse_json
from lrcards.cards.formats.anki.model import AnkiCard, AnkiCollection, AnkiNote, AnkiReview
from lrcards.cards.formats.anki.schema11 import deck_from_json, notetype_from_json, options_from_json
from lrcards.cards.formats.anki.schema18 import deck_json, notetype_json, options_json
from lrcards.errors import DeckError

MAX_MEMORY = 400 << 20
"""How many bytes all that is read may take."""

MAX_FIELDS = 1_000
"""How many fields a note may have."""

_SETTINGS = ("creationOffset", "rollover")
_ROLLOVER_HOUR = 4
_MINUTES_OF_A_DAY = 24 * 60
_FIELD_SEPARATOR = "\x1f"


class _Frame(NamedTuple):
    """What notes, cards and reviews hang in, as the JSON of schema 11."""

    created: int
    config: Mapping[str, Any]
    notetypes: Iterable[Any]
    decks: Iterable[Any]
    options: Iterable[Any]


def read_tables(path: Path) -> AnkiCollection:
    """Return what a private copy of a collection's database holds; media are not in it.

    Raises:
        DeckError: it is no collection that Anki would write, or too large.
    """
    budget = Budget(MAX_MEMORY)
    with opened(path) as (connection, schema), _collector_at_rest():
        frame = _frame11(connection, budget) if schema == 11 else _frame18(connection, budget)
        config = JsonObject.of(frame.config, "The configuration of the collection")
        by_id = attrgetter("id")
        return AnkiCollection(
            created=datetime.fromtimestamp(frame.created, UTC),
            utc_offset=_utc_offset(config),
            rollover_hour=_rollover_hour(config),
            notetypes=tuple(sorted(map(notetype_from_json, frame.notetypes), key=by_id)),
            decks=tuple(sorted(map(deck_from_json, frame.decks), key=by_id)),
            options=tuple(sorted(map(options_from_json, frame.options), key=by_id)),
            notes=tuple(_notes(select(connection, "notes", budget), budget)),
            cards=tuple(map(AnkiCard._make, select(connection, "cards", budget))),
            reviews=tuple(map(AnkiReview._make, select(connection, "revlog", budget))),
        )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Spare the garbage collector going over all that is read again and again: nothing of it is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _frame11(connection: sqlite3.Connection, budget: Budget) -> _Frame:
    created, *documents = next(select(connection, "col", budget))
    names = ("The configuration", "The list of notetypes", "The list of decks", "The list of presets")
    config, *lists = (
        JsonObject.of(parse_json(document, what), what).values
        for document, what in zip(documents, names, strict=True)
    )
    return _Frame(created, config, *(values.values() for values in lists))


def _frame18(connection: sqlite3.Connection, budget: Budget) -> _Frame:
    created, *_ = next(select(connection, "col", budget))
    return _Frame(
        created,
        _config18(connection, budget),
        _notetypes18(connection, budget),
        [deck_json(*row) for row in select(connection, "decks", budget)],
        [options_json(*row) for row in select(connection, "deck_config", budget)],
    )


def _config18(connection: sqlite3.Connection, budget: Budget) -> dict[str, Any]:
    return {
        key: parse_json(value.decode("utf-8", "replace"), f"The setting “{key}”")
        for key, value in select(connection, "config", budget)
        if key in _SETTINGS
    }


def _notetypes18(connection: sqlite3.Connection, budget: Budget) -> list[dict[str, Any]]:
    parts: dict[str, dict[int, list[tuple[str, bytes]]]] = {}
    for table in ("fields", "templates"):
        parts[table] = defaultdict(list)
        for notetype_id, name, config in select(connection, table, budget):
            parts[table][notetype_id].append((name, config))
    return [
        notetype_json(row, parts["fields"][row[0]], parts["templates"][row[0]])
        for row in select(connection, "notetypes", budget)
    ]


def _utc_offset(config: JsonObject) -> timedelta | None:
    west = config.optional_number("creationOffset")
    return None if west is None or abs(west) >= _MINUTES_OF_A_DAY else timedelta(minutes=-west)


def _rollover_hour(config: JsonObject) -> int:
    hour = config.integer("rollover", _ROLLOVER_HOUR)
    return hour if hour in range(24) else _ROLLOVER_HOUR


def _notes(rows: Iterable[tuple[Any, ...]], budget: Budget) -> Iterator[AnkiNote]:
    for id_, guid, notetype_id, modified, tags, texts in rows:
        fields = tuple(texts.split(_FIELD_SEPARATOR, MAX_FIELDS))
        if len(fields) > MAX_FIELDS:
            raise DeckError(f"A note has more than {MAX_FIELDS:,} fields", "Export the others without it")
        note = AnkiNote(id_, guid, notetype_id, modified, tuple(tags.split()), fields)
        budget.take(sum(map(getsizeof, (*note.tags, *fields))))
        yield note
