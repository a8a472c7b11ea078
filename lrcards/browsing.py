"""Browsing: the cards that a search finds, what is done with many of them at once, and undo of all of it.

Of very many cards only those are read that are looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lrcards.cards.content import face
from lrcards.cards.model import Card, Face, Note
from lrcards.cards.query import EVERYTHING, InDeck, Is, Pattern, Query, State, written
from lrcards.cards.query_parser import parse
from lrcards.cards.searchable import readable
from lrcards.collection import bulk, decisions
from lrcards.collection.changes import NO_CHANGE, Change, ConflictError
from lrcards.collection.search import AS_ADDED, Column, Order, find, found
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError
from lrcards.showing import show
from lrcards.study.days import StudyDays
from lrcards.study.information import CardInfo, card_info
from lrcards.study.rules import Rules
from lrcards.text import clean, counted, one_line

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
        self._marked: set[int] = set()
        self._deeds: list[tuple[str, Change]] = []

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

    def is_of(self, text: str) -> bool:
        """Return whether the cards are those of this search."""
        return self._query == parse(text)

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

    # What is chosen

    @property
    def marked(self) -> int:
        """How many cards are marked; they need not be among those found now."""
        return len(self._marked)

    def is_marked(self, line: Line) -> bool:
        """Return whether a card is marked."""
        return line.id in self._marked

    def mark(self, place: int) -> None:
        """Mark the card at a place, or take its mark away."""
        self._marked ^= {self._ids[place]}

    def mark_all(self) -> None:
        """Mark all found cards; if they are marked already, take all marks away."""
        self._marked = set() if self._marked >= set(self._ids) else {*self._marked, *self._ids}

    def chosen(self, place: int) -> list[int]:
        """Return the ids of the marked cards, or of the one at a place if none is."""
        return sorted(self._marked) or self._ids[place : place + 1]

    # What is done; each returns a sentence, and raises ``CollectionError`` if it could not be done.

    def suspend(self, ids: Sequence[int]) -> str:
        """Suspend cards, or if all of them are, let them be asked again."""
        with self._collection.writing() as database:
            away, change = bulk.toggle_suspended(database, ids, self._clock())
        return self._done(f"{'Suspended' if away else 'Brought back'} {_cards(ids)}", change)

    def bury(self, ids: Sequence[int]) -> str:
        """Put cards off until tomorrow, or if all of them are, bring them back."""
        now = self._clock()
        with self._collection.writing() as database:
            away, change = bulk.toggle_buried(database, ids, self._rules().days.day(now), now)
        return self._done(f"{'Buried' if away else 'Brought back'} {_cards(ids)}", change)

    def flag(self, ids: Sequence[int], flag: int) -> str:
        """Flag cards with one of the colours 1 to 7, or with 0 take their flag away."""
        with self._collection.writing() as database:
            change = bulk.decide(database, ids, {"flag": flag}, self._clock())
        return self._done(f"{'Flagged' if flag else 'Took the flag of'} {_cards(ids)}", change)

    def tag(self, ids: Sequence[int], words: str) -> str:
        """Give the notes of cards tags, and take away those with a minus before them."""
        given = clean(words).split()
        lost = {word.removeprefix("-").lstrip("#") for word in given if word.startswith("-")}
        new = [word.lstrip("#") for word in given if not word.startswith("-")]

        def choose(tags: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(tag for tag in dict.fromkeys((*tags, *new)) if tag and tag not in lost)

        with self._collection.writing() as database:
            change = bulk.change_tags(database, ids, choose, self._clock())
        return self._done(f"Changed the tags of {_cards(ids)}", change)

    def move(self, ids: Sequence[int], deck: str) -> str:
        """Put the notes of cards into a deck."""
        name = one_line(clean(deck))
        if not name:
            raise CollectionError("the deck has no name", "Write one, such as Maths::Algebra")
        with self._collection.writing() as database:
            change = bulk.move(database, ids, name, self._clock())
        return self._done(f"Moved {_cards(ids)} to {name}", change)

    def delete(self, ids: Sequence[int]) -> str:
        """Delete the notes of cards with all their cards; the answers stay in the log."""
        with self._collection.writing() as database:
            change = bulk.delete(database, ids, self._clock())
        self._marked.clear()
        notes = sum(row.table == "notes" for row in change.rows)
        done = self._done(f"Deleted {counted(notes, 'note')}", change)
        self.refresh()
        return done

    def keep(self, ids: Sequence[int]) -> str:
        """Keep the notes of cards although they are gone from their files."""
        with self._collection.writing() as database:
            change = bulk.keep(database, ids)
        done = self._done(f"Kept {counted(len(change.rows), 'note')}", change)
        self.refresh()
        return done

    def edit(self, seen: Note, edited: Note) -> str:
        """Give a note another text, tags, deck, kind or experiment."""
        change = self._collection.edit(seen, edited, self._clock())
        return self._done("Changed the card", change)

    def add(self, note: Note) -> str:
        """Add a note."""
        rules, now = self._rules(), self._clock()
        with self._collection.writing() as database:
            change = decisions.add(database, note, rules, now)
        done = self._done("Added the card", change)
        self.refresh()
        return done

    def undo(self) -> str:
        """Take back what was done last.

        Returns:
            A sentence that says what was taken back; empty if there is nothing.

        Raises:
            CollectionError: another program has changed the same since; the next ``undo`` goes on with what
                was done before.
        """
        if not self._deeds:
            return ""
        name, change = self._deeds[-1]
        try:
            self._collection.revert(change, self._rules())
        except ConflictError:
            self._deeds.pop()
            raise
        self._deeds.pop()
        self.refresh()
        return f"Took back: {name}."

    def decks(self) -> list[str]:
        """Return the names of the decks that hold notes."""
        return self._collection.decks()

    def info(self, line: Line) -> CardInfo:
        """Return what there is to know about a card."""
        log, scheduler = self._collection.reviews(line.card.guid), self._rules().scheduler(line.note.deck)
        return card_info(line.card, line.note, log, scheduler, self._clock())

    def shown(self, line: Line) -> Face:
        """Return the two sides of a card; of one whose deletion vanished, those of its note."""
        if line.card.ordinal in line.note.ordinals:
            return show(line.card, line.note).face
        return Face(line.note.question, line.note.answer)

    def _done(self, name: str, change: Change) -> str:
        """Remember what was done, and read again what is looked at; the lines stay where they are."""
        if change == NO_CHANGE:
            return "That is so already."
        self._deeds.append((name, change))
        self._pages.clear()
        return f"{name}."

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


def _cards(ids: Sequence[int]) -> str:
    return counted(len(ids), "card")


GONE = written(Is(State.GONE))
"""The search for the notes that their files have no more."""


def query_for(deck: str | None) -> str:
    """Return the search for the cards of a deck and its subdecks, or for all cards."""
    return "" if deck is None else written(InDeck(Pattern.literal(deck)))


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
