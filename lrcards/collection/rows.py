"""Rows of the tables from and to the words of the house."""

import json
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Face, Memory, Note, NoteKind, Phase, Rating, Review, ReviewKind, Source

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ENCODER = json.JSONEncoder(ensure_ascii=False)

NOTE_COLUMNS = """
    notes.guid, decks.name AS deck, kind, question, answer, tags, experiment, ordinals, faces, typed,
    source_file, source_line
"""
STATE_COLUMNS = """
    phase, step, stability, difficulty, due_at, due_day, interval, last_review, last_day, reviews, lapses,
    suspended, buried_until, flag, cards.modified_at
"""
SELECT_NOTES = f"SELECT {NOTE_COLUMNS} FROM notes JOIN decks ON decks.id = notes.deck_id"
SELECT_CARDS = f"""
    SELECT cards.guid, notes.guid AS note_guid, ordinal, position, {STATE_COLUMNS}
    FROM cards JOIN notes ON notes.id = cards.note_id
"""
SELECT_NOTE_AND_STATE = f"""
    SELECT {NOTE_COLUMNS}, {STATE_COLUMNS}
    FROM cards JOIN notes ON notes.id = note_id JOIN decks ON decks.id = notes.deck_id
    WHERE cards.guid = :card AND NOT orphaned
"""
SELECT_REVIEWS = """
    SELECT id, card_guid, rating, at, day, duration_ms, kind, phase, scheduled, prediction,
        last_interval, recall
    FROM reviews
"""

Row = sqlite3.Row

# To look a value up takes a fifth of the time that it takes its enumeration.
_KINDS = {kind.value: kind for kind in NoteKind}
_PHASES = {phase.value: phase for phase in Phase}
_RATINGS = {rating.value: rating for rating in Rating}
_REVIEW_KINDS = {kind.value: kind for kind in ReviewKind}


def to_ms(at: datetime) -> int:
    """Return the whole milliseconds since 1970 of an instant with a time zone, rounded down."""
    return (at - EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Return the instant (UTC) that is so many milliseconds after 1970."""
    return EPOCH + timedelta(milliseconds=ms)


def note_from_row(row: Iterable[Any]) -> Note:
    """Return the note in a row that begins with ``NOTE_COLUMNS``."""
    # By place, as for cards.
    guid, deck, kind, question, answer, tags, experiment, ordinals, faces, typed, file, line, *_ = row
    return Note(
        guid,
        deck,
        _KINDS[kind],
        question,
        answer,
        _list(tags),
        None if experiment is None else json.loads(experiment),
        _list(ordinals),
        () if faces is None else tuple(Face(*sides) for sides in json.loads(faces)),
        bool(typed),
        None if file is None else Source(file, line),
    )


def note_values(note: Note) -> dict[str, Any]:
    """Return the columns of ``notes`` that the note itself decides (not its ids, deck and times)."""
    return {
        "kind": note.kind.value,
        "question": note.question,
        "answer": note.answer,
        "tags": _json_list(note.tags),
        "experiment": None if note.experiment is None else to_json(note.experiment),
        "ordinals": _json_list(note.ordinals),
        "faces": to_json([[face.question, face.answer] for face in note.faces]) if note.faces else None,
        "typed": note.typed,
        "source_file": None if note.source is None else note.source.file,
        "source_line": None if note.source is None else note.source.line,
    }


# Many notes have the same tags and ordinals.
@lru_cache(maxsize=4096)
def _list(text: str) -> tuple[Any, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=4096)
def _json_list(values: tuple[Any, ...]) -> str:
    return to_json(values)


def card_from_row(row: Iterable[Any]) -> Card:
    """Return the card in a row of ``SELECT_CARDS``."""
    # By place: to find 18 columns by name takes twice as long, and a day brings very many cards.
    guid, note_guid, ordinal, position, phase, step, stability, difficulty, due_at, due_day, *others = row
    interval, last_review, last_day, reviews, lapses, suspended, buried_until, flag, modified_at = others
    return Card(
        guid,
        note_guid,
        ordinal,
        position,
        _PHASES[phase],
        step,
        None if stability is None else Memory(stability, difficulty),
        None if due_at is None else from_ms(due_at),
        _day(due_day),
        interval,
        None if last_review is None else from_ms(last_review),
        _day(last_day),
        reviews,
        lapses,
        bool(suspended),
        _day(buried_until),
        flag,
        None if modified_at is None else from_ms(modified_at),
    )


def schedule_values(card: Card) -> dict[str, Any]:
    """Return the columns of ``cards`` that studying moves."""
    return {
        "phase": card.phase.value,
        "step": card.step,
        "stability": None if card.memory is None else card.memory.stability,
        "difficulty": None if card.memory is None else card.memory.difficulty,
        "due_at": None if card.due_at is None else to_ms(card.due_at),
        "due_day": _day_text(card.due_day),
        "interval": card.interval,
        "last_review": None if card.last_review is None else to_ms(card.last_review),
        "last_day": _day_text(card.last_day),
        "reviews": card.reviews,
        "lapses": card.lapses,
    }


def state_values(card: Card) -> dict[str, Any]:
    """Return the columns of ``cards`` that studying and the learner move."""
    return {
        **schedule_values(card),
        "suspended": card.suspended,
        "buried_until": _day_text(card.buried_until),
        "flag": card.flag,
        "modified_at": None if card.modified_at is None else to_ms(card.modified_at),
    }


def is_in(row: Row, card: Card) -> bool:
    """Return whether a row that ends with ``STATE_COLUMNS`` says the same as the card."""
    values = tuple(state_values(card).values())
    return tuple(row)[-len(values) :] == values


def card_values(card: Card) -> dict[str, Any]:
    """Return the columns of ``cards`` that the card itself decides (not the ids of its note and deck)."""
    return {"guid": card.guid, "ordinal": card.ordinal, "position": card.position, **state_values(card)}


def review_from_row(row: Iterable[Any]) -> Review:
    """Return the review in a row of ``SELECT_REVIEWS``."""
    # By place, as for cards.
    guid, card, rating, at, day, duration_ms, kind, phase, scheduled, prediction, last_interval, recall = row
    return Review(
        guid,
        card,
        _RATINGS[rating],
        from_ms(at),
        date.fromisoformat(day),
        duration_ms,
        _REVIEW_KINDS[kind],
        _PHASES[phase],
        scheduled,
        None if prediction is None else json.loads(prediction),
        last_interval,
        recall,
    )


def review_values(review: Review) -> dict[str, Any]:
    """Return the columns of ``reviews``."""
    return {
        "id": review.id,
        "card_guid": review.card_guid,
        "rating": review.rating.value,
        "at": to_ms(review.at),
        "day": review.day.isoformat(),
        "duration_ms": review.duration_ms,
        "kind": review.kind.value,
        "phase": review.phase.value,
        "scheduled": review.scheduled,
        "prediction": None if review.prediction is None else to_json(review.prediction),
        "last_interval": review.last_interval,
        "recall": review.recall,
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def rows_of(database: Database, sql: str, parameters: Mapping[str, Any]) -> Generator[Row, None, None]:
    """Yield the rows of a query as they are read, by column name."""
    cursor = database.execute(sql, dict(parameters))
    cursor.row_factory = sqlite3.Row
    try:
        yield from cursor
    finally:
        cursor.close()


def insert_sql(table: str, columns: Iterable[str]) -> str:
    """Return an ``INSERT`` with a named parameter for each column."""
    return _insert_sql(table, tuple(columns))


@lru_cache(maxsize=256)
def _insert_sql(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


def insert_many(
    database: Database, table: str, rows: Sequence[Mapping[str, Any]], *, or_else: str = "ABORT"
) -> None:
    """Insert rows that have the same columns in the same order.

    A number or word that is the same in all rows stands in the statement, since to bind it for each takes
    longer than to store it. ``or_else`` is SQLite's conflict resolution, such as ``IGNORE``.
    """
    if not rows:
        return
    columns = dict(zip(rows[0], zip(*(row.values() for row in rows), strict=True), strict=True))
    literals = {name: _literal(values) for name, values in columns.items()}
    places = ", ".join(literal or "?" for literal in literals.values())
    bound = [values for name, values in columns.items() if literals[name] is None]
    sql = f"INSERT OR {or_else} INTO {table} ({', '.join(columns)}) VALUES ({places})"
    database.conn.executemany(sql, zip(*bound, strict=True) if bound else [()] * len(rows))


def _literal(values: Sequence[Any]) -> str | None:
    first = values[0]
    if values.count(first) < len(values):
        return None
    if isinstance(first, str):
        return f"'{first}'" if first == "" or first.isalpha() else None
    return "NULL" if first is None else str(int(first)) if isinstance(first, int) else None


def update_sql(table: str, columns: Iterable[str], *, key: str) -> str:
    """Return an ``UPDATE`` of one row with a named parameter for each column and the key."""
    return _update_sql(table, tuple(columns), key)


@lru_cache(maxsize=256)
def _update_sql(table: str, names: tuple[str, ...], key: str) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = :{name}' for name in names)} WHERE {key} = :{key}"


def to_json(value: Any) -> str:
    """Return the value as JSON text, readable and with its keys in the order given."""
    return _ENCODER.encode(value)
