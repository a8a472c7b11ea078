"""Browsing: the cards that a search finds, of which only those are read that are looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lrcards.cards.content import face
from lrcards.cards.model import Card, Note
from lrcards.cards.query import EVERYTHING, Query
from lrcards.cards.query_parser import parse
from lrcards.cards.searchable import readable
from lrcards.collection.search import AS_ADDED, Column, Order, find, found
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.rules import Rules

PAGE = 100
"""How many cards are read at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One found card.

    Attributes:
        id: by which the table knows it.
        question: on one line, without Markdown.
        due: the day or, within the day, the time when it is asked next, or why it is not asked, in a word.
        recall: how likely it is to be recalled today; ``None`` before the first answer.
    """

    id: int
    card: Card
    note: Note
    question: str
    due: str
    recall: float | None

    def as_data(self) -> dict[str, Any]:
        """Return the line as plain data for a script."""
        card, memory = self.card, self.card.memory
        return {
            "card": card.guid,
            "note": self.note.guid,
            "question": self.question,
            "deck": self.note.deck,
            "due": self.due,
            "phase": card.phase.value,
            "interval": card.interval,
            "stability": None if memory is None else memory.stability,
            "difficulty": None if memory is None else memory.difficulty,
            "recall": self.recall,
            "tags": list(self.note.tags),
            "flag": card.flag,
            "suspended": card.suspended,
            "answers": card.reviews,
            "lapses": card.lapses,
        }


class Browser:
    """Cards in the order that was asked for.

    Args:
        collection: where the cards are.
        rules: gives what holds for each deck now.
        clock: gives the instant now, with a time zone.
    """

    def __init__(
        self, collection: Collection, rules: Callable[[], Rules], clock: Callable[[], datetime]
    ) -> None:
        self._collection = collection
        self._rules = rules
        self._clock = clock
        self._query: Query = EVERYTHING
        self._order = AS_ADDED
        self._ids: list[int] = []
        self._pages: dict[int, dict[int, Line]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def order(self) -> Order:
        """How the cards are sorted."""
        return self._order

    def search(self, text: str) -> None:
        """Find other cards.

        Raises:
            QueryError: the text cannot be read; the cards stay.
        """
        self._query = parse(text)
        self.refresh()

    def sort(self, column: Column) -> None:
        """Sort by a column, or if it is sorted by it already, the other way round."""
        turned = self._order.column is column and not self._order.descending
        self._order = Order(column, descending=turned)
        self.refresh()

    def refresh(self) -> None:
        """Find the same again, after something may have changed."""
        self._ids = find(self._collection, self._query, self._rules(), self._clock(), self._order)
        self._pages.clear()

    def line(self, place: int) -> Line | None:
        """Return the line at a place, counted from 0; ``None`` if its card is gone meanwhile."""
        page = place // PAGE
        if page not in self._pages:
            ids = self._ids[page * PAGE : (page + 1) * PAGE]
            self._pages[page] = {line.id: line for line in self._read(ids)}
        return self._pages[page].get(self._ids[place])

    def lines(self, limit: int) -> list[Line]:
        """Return the first lines."""
        return self._read(self._ids[:limit])

    def _read(self, ids: list[int]) -> list[Line]:
        rules, now = self._rules(), self._clock()
        return [
            Line(
                card_id,
                card,
                note,
                _question(card, note),
                due_in_words(card, rules.days, now),
                None if card.memory is None else rules.scheduler(note.deck).recall(card, rules.days.day(now)),
            )
            for card_id, (card, note) in found(self._collection, ids).items()
        ]


def due_in_words(card: Card, days: StudyDays, now: datetime) -> str:
    """Return when a card is asked next, or why it is not, in a word."""
    if card.suspended:
        return "suspended"
    if card.buried_until is not None and card.buried_until > days.day(now):
        return "buried"
    if card.due_at is not None:
        return f"{card.due_at.astimezone(days.zone):%H:%M}"
    return "new" if card.due_day is None else card.due_day.isoformat()


def _question(card: Card, note: Note) -> str:
    """Return the question on one line; of a card whose deletion vanished, the whole text."""
    try:
        return readable(face(note, card.ordinal).question)
    except ValueError:
        return readable(note.question)
