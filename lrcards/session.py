"""One sitting: next card, reveal, answer, undo; and what each deck has for today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from lrcards.cards.content import Face, face
from lrcards.cards.model import Card, Note, Rating
from lrcards.collection.importing import ImportReport
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.queue import Counts, Limits
from lrcards.study.scheduler import Scheduler

LONGEST_LOOK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Shown:
    """The card on the table, with its note and its two sides in Markdown."""

    card: Card
    note: Note
    face: Face


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sitting came to.

    Attributes:
        answered: how many answers were given and not taken back.
        ratings: how many of them had each rating; every rating is a key.
        time_spent: the sum of the times per answer, each capped at a minute.
        next_due: the earliest instant (UTC) at which a card of the sitting's decks is due; ``None`` if none is.
    """

    answered: int
    ratings: dict[Rating, int]
    time_spent: timedelta
    next_due: datetime | None


class Sitting:
    """One sitting with a deck and its subdecks, or with the whole collection.

    Args:
        collection: where the cards are.
        scheduler: what an answer leads to.
        clock: gives the instant now, with a time zone.
        random: makes the ids of the reviews; two programs must not share a seed.
        deck: the deck to study with its subdecks; ``None`` for all decks.
        limits: how many new cards and reviews a day.
        limit: at most how many cards to ask in this sitting; ``None`` for as many as are due.

    Raises:
        CollectionError: there is no such deck, or the collection cannot be read.
    """

    def __init__(
        self,
        collection: Collection,
        scheduler: Scheduler,
        clock: Callable[[], datetime],
        random: Random,
        deck: str | None = None,
        limits: Limits | None = None,
        limit: int | None = None,
    ) -> None: ...

    @property
    def current(self) -> Shown | None:
        """The card to answer; ``None`` when nothing is to be shown now (ask again at ``next_due_at()``)."""

    @property
    def counts(self) -> Counts:
        """How many new, learning and review cards are left, the current one included."""

    @property
    def answered(self) -> int:
        """How many answers of this sitting stand."""

    def preview(self) -> dict[Rating, str]:
        """Return the delay that each rating would give, as on Anki's buttons; empty when no card is shown."""

    def answer(self, rating: Rating) -> None:
        """Give the current card a rating; on disk when this returns, and ``current`` is the next card."""

    def undo(self) -> bool:
        """Take back the last answer of this sitting and return to its card; ``False`` if there is none."""

    def next_due_at(self) -> datetime | None:
        """Return when (UTC) the next learning card comes, if only such cards wait."""

    def summary(self) -> Summary:
        """Return what the sitting came to."""


@dataclass(frozen=True, slots=True)
class DeckCounts:
    """What a deck with its subdecks has for today, within the daily limits."""

    name: str
    new: int
    learning: int
    review: int

    @property
    def due(self) -> int:
        """Cards that are due: learning and review cards."""
        return self.learning + self.review


def overview(collection: Collection, days: StudyDays, limits: Limits, now: datetime) -> list[DeckCounts]:
    """Return the decks by name, parents that exist only through their subdecks included."""


def ensure_shipped_decks(collection: Collection, folder: Path, now: datetime) -> list[ImportReport]:
    """Import the decks in the folder (``*.md`` but ``README.md``) that changed since they were last imported."""
