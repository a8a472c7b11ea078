"""Where the log of reviews leads the cards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Review
from lrcards.collection import baselines
from lrcards.collection.baselines import Baseline, start
from lrcards.collection.rows import (
    SELECT_CARDS,
    SELECT_REVIEWS,
    card_from_row,
    review_from_row,
    rows_of,
    state_values,
    to_json,
    update_sql,
)
from lrcards.study.rules import Rules

Replay = Callable[[Card, Iterable[Review]], Card]
"""``Scheduler.replay``: where the reviews of its log take a card that is new or came in from elsewhere."""


def replayed(database: Database, card: Card, replay: Replay) -> Card:
    """Return where its log leads a card."""
    rows = rows_of(database, f"{SELECT_REVIEWS} WHERE card_guid = :card", {"card": card.guid})
    baseline = baselines.read(database, [card.guid]).get(card.guid)
    return _led(card, baseline, replay, [review_from_row(row) for row in rows])


def replays(
    database: Database, rules: Rules, guids: Sequence[str] | None = None
) -> Iterator[tuple[Card, Card]]:
    """Yield each card, or each with one of the guids, as it is stored and as its log leaves it."""
    chosen = "true" if guids is None else "{} IN (SELECT value FROM json_each(:guids))"
    parameters = {} if guids is None else {"guids": to_json(guids)}
    of_cards = f"WHERE {chosen.format('cards.guid')}"
    decks = dict(
        database.execute(
            f"SELECT cards.guid, name FROM cards JOIN decks ON decks.id = deck_id {of_cards}", parameters
        )
    )
    stored = rows_of(database, f"{SELECT_CARDS} {of_cards}", parameters)
    cards = {row["guid"]: card_from_row(row) for row in stored}
    starts = baselines.read(database, guids)
    log = rows_of(
        database,
        f"{SELECT_REVIEWS} WHERE {chosen.format('card_guid')} ORDER BY card_guid, at, id",
        parameters,
    )
    for guid, rows in groupby(log, key=itemgetter("card_guid")):
        if card := cards.pop(guid, None):
            replay = rules.scheduler(decks[guid]).replay
            yield card, _led(card, starts.get(guid), replay, [review_from_row(row) for row in rows])
    for card in cards.values():
        yield card, start(card, starts.get(card.guid))


def move_card(database: Database, card: Card) -> None:
    """Store where the card stands, inside the caller's transaction."""
    values = state_values(card)
    database.execute(update_sql("cards", values, key="guid"), {**values, "guid": card.guid})


def _led(card: Card, baseline: Baseline | None, replay: Replay, log: list[Review]) -> Card:
    return replay(start(card, baseline), baseline.later(log) if baseline else log)
