"""Which cards a study day may bring: the queries of the queue, over decks given by their ids."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Phase
from lrcards.collection.rows import SELECT_CARDS, card_from_row, from_ms, rows_of, to_json
from lrcards.study.limits import Allowance, Limits, Studied

Reader: TypeAlias = Database
"""What ``Collection.reading`` gives to its block."""

DeckNames = Mapping[int, str]
"""The names of some decks by their ids."""

_IN_DECKS = "cards.deck_id IN (SELECT value FROM json_each(:decks))"
_SHOWN = "NOT orphaned AND NOT suspended AND ifnull(buried_until, '') <= :day"


@dataclass(frozen=True, slots=True)
class StudiedToday:
    """What the log says of a study day.

    Attributes:
        by_deck: how many cards were introduced and reviewed, by the name of the deck they are in now.
        notes: the guids of all notes that were asked.
    """

    by_deck: Mapping[str, Studied]
    notes: frozenset[str]


def learning_cards(database: Database, decks: DeckNames, day: date) -> list[Card]:
    """Return the cards on a step that ends on a study day or before it."""
    which = "phase IN ('learning', 'relearning') AND (due_day IS NULL OR due_day <= :day)"
    return _shown_cards(database, decks, day, which)


def reviews_due_by(database: Database, decks: DeckNames, day: date, last: date) -> list[Card]:
    """Return the review cards that are due on a last study day or before, but not those buried on ``day``."""
    which = "phase = 'review' AND due_day <= :last"
    return _shown_cards(database, decks, day, which, last=last.isoformat())


def forgotten_cards(database: Database, decks: DeckNames, day: date) -> list[Card]:
    """Return the cards that were rated Again on a study day."""
    which = "cards.guid IN (SELECT card_guid FROM reviews WHERE day = :day AND rating = 1)"
    return _shown_cards(database, decks, day, which)


def cards(database: Database, guids: Iterable[str]) -> list[Card]:
    """Return the cards with these guids."""
    sql = f"{SELECT_CARDS} WHERE cards.guid IN (SELECT value FROM json_each(:guids))"
    return [card_from_row(row) for row in rows_of(database, sql, {"guids": to_json(list(guids))})]


def decks_of_notes(database: Database, guids: Iterable[str]) -> dict[str, str]:
    """Return the names of the decks of notes, by the note's guid."""
    rows = database.execute(
        """
        SELECT guid, name FROM notes JOIN decks ON decks.id = deck_id
        WHERE guid IN (SELECT value FROM json_each(:guids))
        """,
        {"guids": to_json(list(guids))},
    )
    return dict(rows)


def shown_cards(database: Database, decks: DeckNames, day: date) -> list[Card]:
    """Return all cards but those that are orphaned, suspended or buried on a study day."""
    return _shown_cards(database, decks, day, "true")


def count_shown(database: Database, decks: DeckNames) -> int:
    """Return how many cards there are but those that are orphaned or suspended."""
    sql = f"SELECT count(*) FROM cards WHERE NOT orphaned AND NOT suspended AND {_IN_DECKS}"
    (cards,) = database.execute(sql, {"decks": to_json(list(decks))}).fetchone()
    return int(cards)


def new_cards(
    database: Database,
    decks: DeckNames,
    day: date,
    left: Mapping[str, Limits],
    *,
    cards: Set[str] | None = None,
    without: Set[str] = frozenset(),
    one_a_note: bool = True,
    scattered: bool = False,
) -> list[Card]:
    """Return the first new cards that the limits of their decks allow.

    Args:
        database: where the cards are.
        decks: of which decks.
        day: the study day; cards that are buried on it are passed over, and suspended ones.
        left: what decks may still bring.
        cards: the guids of the cards that may be taken; ``None`` for all.
        without: the guids of notes whose cards are passed over.
        one_a_note: whether only the first card of a note is taken.
        scattered: whether to take them from anywhere instead of by position; the same all day.
    """
    allowance = Allowance(left)
    place = f"position * {day.toordinal() * 2 + 1} * 48271 % 2147483647" if scattered else "position"
    sql = f"""
        SELECT id, {place} AS place FROM cards
        WHERE phase = 'new' AND {_SHOWN} AND deck_id = :deck ORDER BY place, id
    """
    used_up: set[int] = set()

    def of_deck(deck: int) -> Iterator[tuple[int, int, int]]:
        # The rows are read one by one, so that what lies beyond the limits is never touched.
        with closing(database.execute(sql, {"deck": deck, "day": day.isoformat()})) as rows:
            for card_id, place in rows:
                yield place, card_id, deck
                if deck in used_up:
                    return

    taken = []
    seen = set(without)
    for _, card_id, deck in heapq.merge(*map(of_deck, decks)):
        (row,) = rows_of(database, f"{SELECT_CARDS} WHERE cards.id = :id", {"id": card_id})
        card = card_from_row(row)
        if card.note_guid in seen or (cards is not None and card.guid not in cards):
            continue
        if not allowance.take(decks[deck], Phase.NEW):
            used_up.add(deck)
            continue
        taken.append(card)
        if one_a_note:
            seen.add(card.note_guid)
    return taken


def studied_on(database: Database, day: date) -> StudiedToday:
    """Return what was studied on a study day."""
    rows = list(
        rows_of(
            database,
            """
            SELECT DISTINCT notes.guid AS note_guid, card_guid, reviews.phase, decks.name AS deck
            FROM reviews JOIN cards ON cards.guid = reviews.card_guid
                JOIN notes ON notes.id = cards.note_id JOIN decks ON decks.id = cards.deck_id
            WHERE reviews.kind <> 'cram' AND day = :day
            """,
            {"day": day.isoformat()},
        )
    )
    counts = Counter((row["deck"], row["phase"]) for row in rows)
    return StudiedToday(
        by_deck={deck: Studied(counts[deck, Phase.NEW], counts[deck, Phase.REVIEW]) for deck, _ in counts},
        notes=frozenset(row["note_guid"] for row in rows),
    )


def next_due(database: Database, decks: DeckNames) -> tuple[datetime | None, date | None]:
    """Return the earliest instant (UTC) and the earliest study day at which an answered card is due."""
    due_at, due_day = database.execute(
        f"""
        SELECT min(due_at), min(due_day) FROM (
            SELECT due_at, due_day FROM cards
            WHERE phase IN ('learning', 'relearning') AND NOT orphaned AND NOT suspended AND {_IN_DECKS}
            UNION ALL
            SELECT NULL, due_day FROM cards
            WHERE phase = 'review' AND NOT orphaned AND NOT suspended AND {_IN_DECKS}
        )
        """,
        {"decks": to_json(list(decks))},
    ).fetchone()
    return (
        None if due_at is None else from_ms(due_at),
        None if due_day is None else date.fromisoformat(due_day),
    )


def due_by_day(database: Database, first: date, last: date) -> Counter[date]:
    """Return how many reviews are due on each of some study days, over all decks."""
    rows = database.execute(
        """
        SELECT due_day, count(*) FROM cards
        WHERE phase = 'review' AND NOT orphaned AND NOT suspended AND due_day BETWEEN :first AND :last
        GROUP BY due_day
        """,
        {"first": first.isoformat(), "last": last.isoformat()},
    )
    return Counter({date.fromisoformat(day): cards for day, cards in rows})


def sibling_days(database: Database, card: Card) -> frozenset[date]:
    """Return the study days on which the other cards of the card's note are due."""
    rows = database.execute(
        """
        SELECT due_day FROM cards JOIN notes ON notes.id = note_id
        WHERE notes.guid = :note AND cards.guid <> :card AND due_day IS NOT NULL
            AND NOT orphaned AND NOT suspended
        """,
        {"note": card.note_guid, "card": card.guid},
    )
    return frozenset(date.fromisoformat(day) for (day,) in rows)


def _shown_cards(
    database: Database, decks: DeckNames, day: date, which: str, **parameters: str
) -> list[Card]:
    rows = rows_of(
        database,
        f"{SELECT_CARDS} WHERE {which} AND {_SHOWN} AND {_IN_DECKS}",
        {"decks": to_json(list(decks)), "day": day.isoformat(), **parameters},
    )
    return [card_from_row(row) for row in rows]
