"""Read the tables of an Anki collection, of schema 11 or 18, as what they mean."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from sys import getsizeof
from typing import Any, NamedTuple, TypeVar

from lrcards.cards.anki.columns import select
from lrcards.cards.anki.database import opened
from lrcards.cards.anki.json_objects import JsonObject, parse_json
from lrcards.cards.anki.model import AnkiCard, AnkiCollection, AnkiNote, AnkiReview
from lrcards.cards.anki.schema11 import deck_from_json, notetype_from_json, options_from_json
from lrcards.cards.anki.schema18 import deck_json, notetype_json, options_json
from lrcards.errors import DeckError

MAX_MEMORY = 400 << 20
"""How many bytes all that is read may take."""

_BYTES_OF_A_NOTE, _BYTES_OF_A_FIELD, _BYTES_OF_A_CARD, _BYTES_OF_A_REVIEW = 350, 64, 600, 310
_BATCH = 10_000
_SETTINGS = ("creationOffset", "rollover")
_ROLLOVER_HOUR = 4
_MINUTES_OF_A_DAY = 24 * 60
_FIELD_SEPARATOR = "\x1f"

Row = TypeVar("Row", AnkiCard, AnkiReview)


class _Budget:
    """The memory that is left."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise DeckError(
                "the package holds more than fits in memory", "In Anki, export its decks one by one"
            )


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
    budget = _Budget(MAX_MEMORY)
    with opened(path) as (connection, schema):
        frame = _frame11(connection) if schema == 11 else _frame18(connection, budget)
        config = JsonObject.of(frame.config, "the configuration of the collection")
        by_id = attrgetter("id")
        return AnkiCollection(
            created=datetime.fromtimestamp(frame.created, UTC),
            utc_offset=_utc_offset(config),
            rollover_hour=_rollover_hour(config),
            notetypes=tuple(sorted(map(notetype_from_json, frame.notetypes), key=by_id)),
            decks=tuple(sorted(map(deck_from_json, frame.decks), key=by_id)),
            options=tuple(sorted(map(options_from_json, frame.options), key=by_id)),
            notes=tuple(_notes(select(connection, "notes"), budget)),
            cards=_rows(select(connection, "cards"), AnkiCard._make, _BYTES_OF_A_CARD, budget),
            reviews=_rows(select(connection, "revlog"), AnkiReview._make, _BYTES_OF_A_REVIEW, budget),
        )


def _frame11(connection: sqlite3.Connection) -> _Frame:
    (created, *documents), *_ = select(connection, "col")
    names = ("the configuration", "the notetypes", "the decks", "the presets")
    config, *lists = (
        JsonObject.of(parse_json(document, what), what).values
        for document, what in zip(documents, names, strict=True)
    )
    return _Frame(created, config, *(values.values() for values in lists))


def _frame18(connection: sqlite3.Connection, budget: _Budget) -> _Frame:
    (created, *_), *_ = select(connection, "col")
    return _Frame(
        created,
        _config18(connection),
        _notetypes18(connection, budget),
        [deck_json(*row) for row in select(connection, "decks")],
        [options_json(*row) for row in select(connection, "deck_config")],
    )


def _config18(connection: sqlite3.Connection) -> dict[str, Any]:
    return {
        key: parse_json(value.decode("utf-8", "replace"), f"the setting “{key}”")
        for key, value in select(connection, "config")
        if key in _SETTINGS
    }


def _notetypes18(connection: sqlite3.Connection, budget: _Budget) -> list[dict[str, Any]]:
    parts: dict[str, dict[int, list[tuple[str, bytes]]]] = {}
    for table in ("fields", "templates"):
        parts[table] = defaultdict(list)
        for notetype_id, name, config in select(connection, table):
            budget.take(_BYTES_OF_A_NOTE + 4 * len(config))
            parts[table][notetype_id].append((name, config))
    return [
        notetype_json(row, parts["fields"][row[0]], parts["templates"][row[0]])
        for row in select(connection, "notetypes")
    ]


def _utc_offset(config: JsonObject) -> timedelta | None:
    west = config.optional_number("creationOffset")
    return None if west is None or abs(west) >= _MINUTES_OF_A_DAY else timedelta(minutes=-west)


def _rollover_hour(config: JsonObject) -> int:
    hour = config.integer("rollover", _ROLLOVER_HOUR)
    return hour if hour in range(24) else _ROLLOVER_HOUR


def _notes(rows: Iterable[tuple[int, str, int, int, str, str]], budget: _Budget) -> Iterator[AnkiNote]:
    for id_, guid, notetype_id, modified, tags, texts in rows:
        fields = tuple(texts.split(_FIELD_SEPARATOR))
        budget.take(
            _BYTES_OF_A_NOTE + getsizeof(texts) + len(fields) * _BYTES_OF_A_FIELD + 2 * getsizeof(tags)
        )
        yield AnkiNote(id_, guid, notetype_id, modified, tuple(tags.split()), fields)


def _rows(
    rows: sqlite3.Cursor, make: Callable[[Iterable[Any]], Row], size: int, budget: _Budget
) -> tuple[Row, ...]:
    """Return the rows of a cursor, each of so many bytes, as named tuples."""
    made: list[Row] = []
    while batch := rows.fetchmany(_BATCH):
        budget.take(size * len(batch))
        made.extend(map(make, batch))
    return tuple(made)
