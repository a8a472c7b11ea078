"""Due reviews by columns: as little of each as it takes to choose among very many."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlite_utils.db import Database

from lrcards.collection.rows import to_json
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules


class DueReview(NamedTuple):
    """A review card that is due: its guid, and the name of its deck."""

    guid: str
    deck: str

    @property
    def note_guid(self) -> str:
        """The guid of the card's note."""
        return _note_guid(self.guid)


@dataclass(frozen=True, slots=True, eq=False)
class DueReviews:
    """Review cards that are due.

    Attributes:
        guids: of the cards.
        decks: the ids of their decks.
        stabilities: in days; infinite if the memory is not known.
        elapsed: the study days since the last answer.
        names: the names of decks by their ids.
        rules: tell what holds for each deck.
    """

    guids: NDArray[Any]
    decks: NDArray[np.int64]
    stabilities: NDArray[np.float64]
    elapsed: NDArray[np.int64]
    names: Mapping[int, str]
    rules: Rules

    def __len__(self) -> int:
        return len(self.guids)

    def __iter__(self) -> Iterator[DueReview]:
        for guid, deck in zip(self.guids, self.decks, strict=True):
            yield DueReview(guid, self.names[int(deck)])

    def losses(self, days: int = 1) -> NDArray[np.float64]:
        """Return by how much the recall of each falls in some days."""
        losses = np.zeros(len(self))
        by_model: dict[MemoryModel, list[int]] = defaultdict(list)
        for deck in np.unique(self.decks).tolist():
            by_model[self.rules.scheduler(self.names[deck]).memory_model].append(deck)
        for model, decks in by_model.items():
            chosen = np.isin(self.decks, decks)
            losses[chosen] = model.loss(self.stabilities[chosen], self.elapsed[chosen], days)
        return losses

    def most_at_stake_first(self) -> "DueReviews":
        """Return those first that lose most by waiting, as ``study.orders`` has them."""
        return self[np.argsort(-self.losses(), kind="stable")]

    def in_decks(self, decks: Collection[int]) -> "DueReviews":
        """Return those of some decks."""
        return self[np.isin(self.decks, list(decks))]

    def of_cards(self, guids: Set[str]) -> "DueReviews":
        """Return those with some guids."""
        return self[np.array([guid in guids for guid in self.guids], dtype=bool)]

    def __getitem__(self, chosen: "NDArray[Any] | slice") -> "DueReviews":
        return DueReviews(
            self.guids[chosen],
            self.decks[chosen],
            self.stabilities[chosen],
            self.elapsed[chosen],
            self.names,
            self.rules,
        )


def due_reviews(database: Database, decks: Mapping[int, str], day: date, rules: Rules) -> DueReviews:
    """Return the review cards of some decks that are due on a study day or before it.

    Orphaned, suspended and buried ones are left out.
    """
    columns = database.execute(
        """
        SELECT json_group_array(guid), json_group_array(deck_id), json_group_array(stability),
            json_group_array(ifnull(last_day, :day))
        FROM cards
        WHERE phase = 'review' AND NOT orphaned AND NOT suspended AND ifnull(buried_until, '') <= :day
            AND due_day <= :day AND deck_id IN (SELECT value FROM json_each(:decks))
        """,
        {"decks": to_json(list(decks)), "day": day.isoformat()},
    ).fetchone()
    # One text a column is read almost twice as fast as a tuple a row.
    guids, deck_ids, stabilities, last_days = map(json.loads, columns)
    days_since = {text: (day - date.fromisoformat(text)).days for text in set(last_days)}
    return DueReviews(
        np.array(guids, dtype=object),
        np.array(deck_ids, dtype=np.int64),
        np.nan_to_num(np.array(stabilities, dtype=np.float64), nan=np.inf),
        np.array([days_since[text] for text in last_days], dtype=np.int64),
        decks,
        rules,
    )


def _note_guid(card_guid: str) -> str:
    return card_guid.rpartition("#")[0]
