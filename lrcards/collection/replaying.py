"""Where the log of reviews leads the cards."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqlite_utils.db import Database

from lrcards.cards.model import Card
from lrcards.collection.rows import (
    SELECT_CARDS,
    SELECT_REVIEWS,
    card_from_row,
    review_from_row,
    rows_of,
    to_json,
)
from lrcards.collection.store import new_again
from lrcards.study.rules import Rules


def replays(
    database: Database, rules: Rules, guids: Sequence[str] | None = None
) -> Iterator[tuple[Card, Card]]:
    """Yield each card, or each with one of the guids, as it is stored and as its log leaves it."""
    decks = dict(database.execute("SELECT cards.guid, name FROM cards JOIN decks ON decks.id = deck_id"))
    chosen = "true" if guids is None else "{} IN (SELECT value FROM json_each(:guids))"
    parameters = {} if guids is None else {"guids": to_json(guids)}
    stored = rows_of(database, f"{SELECT_CARDS} WHERE {chosen.format('cards.guid')}", parameters)
    cards = {row["guid"]: card_from_row(row) for row in stored}
    log = rows_of(
        database,
        f"{SELECT_REVIEWS} WHERE {chosen.format('card_guid')} ORDER BY card_guid, at, id",
        parameters,
    )
    for guid, rows in groupby(log, key=itemgetter("card_guid")):
        if card := cards.pop(guid, None):
            replay = rules.scheduler(decks[guid]).replay
            yield card, replay(new_again(card), [review_from_row(row) for row in rows])
    for card in cards.values():
        yield card, new_again(card)
