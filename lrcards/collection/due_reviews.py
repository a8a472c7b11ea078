"""Due reviews by columns: as little of each as it takes to choose among very many."""

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
        losses: by how much the recall of each falls until tomorrow; 0 if its memory is not known.
        names: the names of decks by their ids.
    """

    guids: NDArray[Any]
    decks: NDArray[np.int64]
    losses: NDArray[np.float64]
    names: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.guids)

    def most_at_stake_first(self) -> Iterator[DueReview]:
        """Yield those first that lose most by waiting, as ``study.orders`` has them."""
        for index in np.argsort(-self.losses, kind="stable"):
            yield DueReview(self.guids[index], self.names[int(self.decks[index])])

    def in_decks(self, decks: Collection[int]) -> "DueReviews":
        """Return those of some decks."""
        return self._those(np.isin(self.decks, list(decks)))

    def of_notes(self, notes: Set[str]) -> "DueReviews":
        """Return those of some notes, given by their guids."""
        return self._those(np.array([_note_guid(guid) in notes for guid in self.guids], dtype=bool))

    def _those(self, chosen: NDArray[np.bool_]) -> "DueReviews":
        return DueReviews(self.guids[chosen], self.decks[chosen], self.losses[chosen], self.names)


def due_reviews(database: Database, decks: Mapping[int, str], day: date, rules: Rules) -> DueReviews:
    """Return the review cards of some decks that are due on a study day or before it.

    Orphaned, suspended and buried ones are left out.
    """
    rows = database.execute(
        """
        SELECT guid, deck_id, ifnull(stability, 9e999), ifnull(last_day, :day) FROM cards
        WHERE phase = 'review' AND NOT orphaned AND NOT suspended AND ifnull(buried_until, '') <= :day
            AND due_day <= :day AND deck_id IN (SELECT value FROM json_each(:decks))
        """,
        {"decks": to_json(list(decks)), "day": day.isoformat()},
    ).fetchall()
    guids, deck_ids, stabilities, last_days = zip(*rows, strict=True) if rows else ((), (), (), ())
    days_since = {text: (day - date.fromisoformat(text)).days for text in set(last_days)}
    elapsed, stability = np.array([days_since[text] for text in last_days]), np.array(stabilities)
    in_deck, losses = np.array(deck_ids, dtype=np.int64), np.zeros(len(rows))
    for model, ids in _decks_by_model(decks, rules).items():
        chosen = np.isin(in_deck, ids)
        losses[chosen] = model.loss(stability[chosen], elapsed[chosen])
    return DueReviews(np.array(guids, dtype=object), in_deck, losses, decks)


def _decks_by_model(decks: Mapping[int, str], rules: Rules) -> dict[MemoryModel, list[int]]:
    groups: dict[MemoryModel, list[int]] = defaultdict(list)
    for deck_id, name in decks.items():
        groups[rules.scheduler(name).memory_model].append(deck_id)
    return groups


def _note_guid(card_guid: str) -> str:
    return card_guid.rpartition("#")[0]
