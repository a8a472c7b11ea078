"""The decks as a tree: which are shown, and which are folded; kept in the collection."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lrcards.agenda import DeckCounts
from lrcards.collection.store import Collection
from lrcards.study.hierarchy import SEPARATOR, path_to

FOLDED = "folded decks"
"""The key under which the collection keeps them."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A deck that is shown.

    Attributes:
        depth: how many decks are above it.
        has_subdecks: whether decks are below it.
        is_folded: whether these are hidden.
    """

    deck: DeckCounts
    depth: int
    has_subdecks: bool
    is_folded: bool

    @property
    def label(self) -> str:
        """The last part of its name."""
        return self.deck.name.rpartition(SEPARATOR)[2]


def branches(collection: Collection, decks: Sequence[DeckCounts]) -> Iterator[Branch]:
    """Yield the decks that are below no folded one.

    Args:
        collection: keeps which are folded.
        decks: each after the decks above it.
    """
    folded = _folded(collection)
    parents = {name for deck in decks for name in path_to(deck.name)[:-1]}
    for deck in decks:
        above = path_to(deck.name)[:-1]
        if folded.isdisjoint(above):
            yield Branch(deck, len(above), deck.name in parents, deck.name in folded & parents)


def fold(collection: Collection, deck: str, *, folded: bool, now: datetime) -> None:
    """Hide what is below a deck, or show it."""
    kept = _folded(collection) - {deck} | ({deck} if folded else set())
    collection.set_meta(FOLDED, json.dumps(sorted(kept), ensure_ascii=False), now)


def _folded(collection: Collection) -> set[str]:
    return set(json.loads(collection.meta(FOLDED) or "[]"))
