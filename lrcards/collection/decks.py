"""Decks by name and by id: a name can change while a deck is being studied."""

from sqlite_utils.db import Database

from lrcards.collection.rows import rows_of
from lrcards.errors import CollectionError
from lrcards.study.hierarchy import SEPARATOR

DeckKey = tuple[int, int]
"""By what a deck is known whatever its name: the id of a deck in it, and how many levels above that it is."""


def decks_within(database: Database, deck: str | None) -> dict[int, str]:
    """Return the ids and names of a deck and its subdecks, or of all decks.

    Raises:
        CollectionError: there is no such deck.
    """
    if deck is None:
        return dict(database.execute("SELECT id, name FROM decks"))
    rows = database.execute(
        """
        SELECT id, name FROM decks WHERE name = :deck OR substr(name, 1, length(:deck) + 2) = :deck || '::'
        ORDER BY length(name)
        """,
        {"deck": deck},
    )
    found = dict(rows)
    if not found:
        raise CollectionError(f"there is no deck {deck!r}", "`lrcards decks` lists the decks")
    return found


def key_of(database: Database, deck: str) -> DeckKey:
    """Return by what a deck will be known even if its name changes.

    Raises:
        CollectionError: there is no such deck.
    """
    deck_id, name = next(iter(decks_within(database, deck).items()))
    return deck_id, name.count(SEPARATOR) - deck.count(SEPARATOR)


def name_of(database: Database, key: DeckKey) -> str:
    """Return the name that a deck has now.

    Raises:
        CollectionError: the deck is gone.
    """
    deck_id, levels = key
    row = next(rows_of(database, "SELECT name FROM decks WHERE id = :id", {"id": deck_id}), None)
    if row is None:
        raise CollectionError("the deck that is being studied is gone", "Choose another deck")
    name = str(row["name"])
    return name.rsplit(SEPARATOR, levels)[0] if levels else name
