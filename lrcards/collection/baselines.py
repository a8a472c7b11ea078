"""Where cards came in from another program: the state from which their replays start."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Review
from lrcards.collection.rows import Row, card_from_row, from_ms, rows_of, schedule_values, to_json, to_ms
from lrcards.errors import CollectionError


@dataclass(frozen=True, slots=True)
class Baseline:
    """The state in which a card came from another program.

    Attributes:
        at: the last answer that it comes from; a replay takes only later ones.
        card: the card as it stood then; what the learner decides about it does not count.
    """

    at: datetime
    card: Card

    def later(self, reviews: Iterable[Review]) -> list[Review]:
        """Return the reviews that are not in the state."""
        return [review for review in reviews if review.at > self.at]


def start(card: Card, baseline: Baseline | None = None) -> Card:
    """Return the card where its replay starts: at its baseline, or else new."""
    return replace(
        baseline.card if baseline else Card(card.guid, card.note_guid, card.ordinal),
        note_guid=card.note_guid,
        ordinal=card.ordinal,
        position=card.position,
        suspended=card.suspended,
        buried_until=card.buried_until,
        flag=card.flag,
        modified_at=card.modified_at,
    )


def read(database: Database, guids: Sequence[str] | None = None) -> dict[str, Baseline]:
    """Return the baselines of all cards, or of those with the guids, by the guid of the card.

    Raises:
        CollectionError: what is stored is no state of a card.
    """
    chosen = "true" if guids is None else "card_guid IN (SELECT value FROM json_each(:guids))"
    rows = rows_of(
        database,
        f"SELECT card_guid, at, state FROM baselines WHERE {chosen}",
        {} if guids is None else {"guids": to_json(guids)},
    )
    return {row["card_guid"]: _baseline(row) for row in rows}


def instants(database: Database, guids: Sequence[str]) -> dict[str, datetime]:
    """Return of when the baselines of the cards with the guids are."""
    rows = database.execute(
        "SELECT card_guid, at FROM baselines WHERE card_guid IN (SELECT value FROM json_each(:guids))",
        {"guids": to_json(guids)},
    )
    return {guid: from_ms(at) for guid, at in rows}


def store(database: Database, baselines: Mapping[str, Baseline]) -> None:
    """Keep baselines, by the guid of the card; of two for a card the new one counts."""
    database.conn.executemany(
        "INSERT OR REPLACE INTO baselines (card_guid, at, state) VALUES (?, ?, ?)",
        [
            (guid, to_ms(baseline.at), to_json(schedule_values(baseline.card)))
            for guid, baseline in baselines.items()
        ],
    )


def _baseline(row: Row) -> Baseline:
    guid = row["card_guid"]
    try:
        state = json.loads(row["state"])
        schedule = [state[column] for column in _SCHEDULE]
        card = card_from_row((guid, "", 0, 0, *schedule, False, None, 0, None))
    except (KeyError, TypeError, ValueError) as error:
        raise CollectionError(
            f"the state in which the card {guid!r} came in cannot be used", "Restore a backup"
        ) from error
    return Baseline(from_ms(row["at"]), card)


_SCHEDULE = tuple(schedule_values(Card("", "", 0)))
