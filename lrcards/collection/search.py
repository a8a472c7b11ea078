"""Which cards a query finds, in which order; and some of them, to be listed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Memory, Note
from lrcards.cards.query import Is, Query, State, terms
from lrcards.collection import texts
from lrcards.collection.conditions import Conditions
from lrcards.collection.rows import (
    SELECT_CARDS,
    SELECT_NOTES,
    card_from_row,
    note_from_row,
    rows_of,
    to_json,
)
from lrcards.collection.store import Collection
from lrcards.study.rules import Rules


class Column(StrEnum):
    """What found cards can be sorted by; ``added`` is the order in which they came."""

    ADDED = "added"
    QUESTION = "question"
    DECK = "deck"
    DUE = "due"
    INTERVAL = "interval"
    STABILITY = "stability"
    RECALL = "recall"
    TAGS = "tags"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Order:
    """How found cards are sorted; those that have nothing in the column come last either way."""

    column: Column = Column.ADDED
    descending: bool = False


AS_ADDED = Order()


def is_ready(collection: Collection) -> bool:
    """Return whether what a search looks through is up to date."""
    with collection.reading() as database:
        return texts.are_up_to_date(database)


def index_texts(collection: Collection) -> None:
    """Bring what a search looks through up to date: about 6 s after an import of 100,000 notes, else nothing.

    It is done in short transactions, so that an answer in another window need not wait.
    """
    while not is_ready(collection):
        with collection.writing() as database:
            texts.read_some_again(database)


def find(
    collection: Collection, query: Query, rules: Rules, now: datetime, order: Order = AS_ADDED
) -> list[int]:
    """Return the ids of the cards that a query finds, in order.

    Orphaned cards are found only by a query that names them.
    """
    index_texts(collection)
    with collection.reading() as database:
        conditions = Conditions(database, rules, now)
        condition = conditions.of(query)
        if Is(State.ORPHANED) not in terms(query):
            condition = f"({condition}) AND NOT orphaned"
        if order.column is Column.RECALL:
            _let_sql_recall(database, rules, now)
        key, direction = _KEYS[order.column], "DESC" if order.descending else "ASC"
        chosen = f"SELECT id FROM {conditions.rows} WHERE {condition}"
        # As one value: to fetch a hundred thousand rows takes longer than to find them.
        ((ids,),) = database.execute(
            f"SELECT json_group_array(id) FROM ({chosen} ORDER BY {key} {direction} NULLS LAST, id)",
            conditions.values,
        )
        return list(json.loads(ids))


def found(collection: Collection, ids: Sequence[int]) -> dict[int, tuple[Card, Note]]:
    """Return cards with their notes, by their ids; those that are gone are left out."""
    values = {"ids": to_json(list(ids))}
    of_cards = "SELECT note_id FROM cards WHERE id IN (SELECT value FROM json_each(:ids))"
    with collection.reading() as database:
        known = [card_id for (card_id,) in database.execute(f"SELECT cards.id FROM cards {_CHOSEN}", values)]
        cards = [card_from_row(row) for row in rows_of(database, f"{SELECT_CARDS} {_CHOSEN}", values)]
        rows = rows_of(database, f"{SELECT_NOTES} WHERE notes.id IN ({of_cards})", values)
        notes = {row["guid"]: note_from_row(row) for row in rows}
    return {card_id: (card, notes[card.note_guid]) for card_id, card in zip(known, cards, strict=True)}


def guids(collection: Collection, ids: Sequence[int]) -> list[str]:
    """Return the guids of cards, in the order of their ids."""
    with collection.reading() as database:
        rows = database.execute(f"SELECT guid FROM cards {_CHOSEN}", {"ids": to_json(list(ids))})
        return [guid for (guid,) in rows]


def notes_of(collection: Collection, ids: Sequence[int]) -> set[str]:
    """Return the guids of the notes of cards."""
    of_cards = "SELECT note_id FROM cards WHERE id IN (SELECT value FROM json_each(:ids))"
    with collection.reading() as database:
        rows = database.execute(
            f"SELECT guid FROM notes WHERE id IN ({of_cards})", {"ids": to_json(list(ids))}
        )
        return {guid for (guid,) in rows}


_CHOSEN = "JOIN json_each(:ids) AS chosen ON chosen.value = cards.id ORDER BY chosen.key"


_KEYS = {
    Column.ADDED: "id",
    Column.QUESTION: "(SELECT text FROM note_texts WHERE note_texts.note_id = cards.note_id)",
    Column.DECK: "(SELECT name FROM decks WHERE decks.id = deck_id)",
    Column.DUE: "iif(phase = 'new', NULL, ifnull(due_day, date(due_at / 1000, 'unixepoch')))",
    Column.INTERVAL: "nullif(interval, 0)",
    Column.STABILITY: "stability",
    Column.RECALL: "recall(deck_id, stability, last_day)",
    Column.TAGS: "(SELECT nullif(tags, '[]') FROM notes WHERE notes.id = cards.note_id)",
    Column.FLAG: "nullif(flag, 0)",
}


def _let_sql_recall(database: Database, rules: Rules, now: datetime) -> None:
    """Let statements compute how likely a card is to be recalled today."""
    decks = database.execute("SELECT id, name FROM decks")
    models = {deck_id: rules.scheduler(name).memory_model for deck_id, name in decks}
    today = rules.days.day(now)

    def recall(deck_id: int, stability: float | None, last_day: str | None) -> float | None:
        if stability is None or last_day is None:
            return None
        passed = (today - date.fromisoformat(last_day)).days
        return models[deck_id].retrievability(Memory(stability, 5), passed)

    database.register_function(recall, deterministic=True, replace=True)
