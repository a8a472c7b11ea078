"""Put together what leaves a collection: notes with all that belongs to them."""

from collections.abc import Collection, Iterator
from functools import partial

from sqlite_utils.db import Database

from lrcards.cards.media import shown
from lrcards.cards.model import Card, Note, Review
from lrcards.cards.parcel import Media, Parcel
from lrcards.collection import media, options, origins
from lrcards.collection.decks import decks_within
from lrcards.collection.rows import (
    SELECT_CARDS,
    SELECT_NOTES,
    SELECT_REVIEWS,
    card_from_row,
    note_from_row,
    review_from_row,
    rows_of,
    to_json,
)


def packed(database: Database, deck: str | None, guids: Collection[str] | None) -> Parcel:
    """Return the notes of a deck and its subdecks, or of all decks, or only those of the guids.

    The cards of cloze deletions that vanished from their notes are left out. Pictures are read when they are
    wanted, in the thread of the database.

    Raises:
        CollectionError: there is no such deck.
    """
    decks = decks_within(database, deck)
    parameters = {"decks": to_json(list(decks)), "guids": to_json(list(guids or ()))}
    chosen = "notes.deck_id IN (SELECT value FROM json_each(:decks))" + (
        "" if guids is None else " AND notes.guid IN (SELECT value FROM json_each(:guids))"
    )
    notes = [
        note_from_row(row)
        for row in rows_of(database, f"{SELECT_NOTES} WHERE {chosen} ORDER BY notes.id", parameters)
    ]
    cards = [
        card_from_row(row)
        for row in rows_of(
            database, f"{SELECT_CARDS} WHERE {chosen} AND NOT orphaned ORDER BY position", parameters
        )
    ]
    here = {note.guid for note in notes}
    return Parcel(
        tuple(notes),
        tuple(cards),
        tuple(_reviews(database, cards)),
        {
            name: options.to_data(changed)
            for name, changed in options.read(database).items()
            if name in decks.values()
        },
        tuple(_media(database, notes)),
        {guid: origin for guid, origin in origins.read(database) if guid in here},
    )


def _reviews(database: Database, cards: Collection[Card]) -> Iterator[Review]:
    rows = rows_of(
        database,
        f"""
        {SELECT_REVIEWS} WHERE card_guid IN (SELECT value FROM json_each(:cards)) ORDER BY at, id
        """,
        {"cards": to_json([card.guid for card in cards])},
    )
    return map(review_from_row, rows)


def _media(database: Database, notes: Collection[Note]) -> Iterator[Media]:
    kept = media.names(database)
    wanted = {name for note in notes for name in shown(note)} if kept else set()
    for name in sorted(kept & wanted):
        yield Media(name, partial(media.read, database, name))
