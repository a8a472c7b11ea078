"""One learner's desk: the collection, the settings and the clock that every room above shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Self

from lrcards.agenda import DeckCounts, Plan, overview, tomorrow
from lrcards.browsing import Browser
from lrcards.cards.formats.markdown import read_deck
from lrcards.cards.matching import Choices
from lrcards.cards.parcel import Parcel
from lrcards.cards.query import All, Pattern, Tagged
from lrcards.cards.query_parser import parse
from lrcards.collection import search
from lrcards.collection.decks import decks_within
from lrcards.collection.importing import ImportReport, Progress, silently
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.store import Collection
from lrcards.session import Sitting
from lrcards.settings import Settings, shipped_decks
from lrcards.study.days import StudyDays
from lrcards.study.queue import Counts
from lrcards.study.rules import Rules

if TYPE_CHECKING:
    from lrcards.exams.plans import ExamPlans


@dataclass(frozen=True)
class Desk:
    """An open collection with what it takes to study it.

    Attributes:
        clock: gives the instant now, with a time zone.
        random: makes the ids of the reviews.
    """

    collection: Collection
    settings: Settings
    days: StudyDays
    clock: Callable[[], datetime]
    random: Random

    @classmethod
    def open(
        cls, path: Path, settings: Settings, clock: Callable[[], datetime], zone: tzinfo, random: Random
    ) -> Self:
        """Open the collection file, made and filled with the shipped decks if it is new.

        Raises:
            CollectionError: it cannot be opened.
        """
        days = StudyDays(zone, settings.study.rollover_hour)
        collection = Collection.open(path)
        ensure_shipped_decks(collection, shipped_decks(), clock())
        return cls(collection, settings, days, clock, random)

    def with_settings(self, settings: Settings) -> Self:
        """Return the desk with other settings, for what begins from now on."""
        days = StudyDays(self.days.zone, settings.study.rollover_hour)
        return replace(self, settings=settings, days=days)

    @property
    def rules(self) -> Rules:
        """What holds for each deck, by the settings, the decks' options and the FSRS parameters now."""
        return rules_in_use(self.collection, self.settings.study, self.days)

    def sitting(
        self,
        deck: str | None = None,
        limit: int | None = None,
        *,
        tag: str | None = None,
        ahead: int | None = None,
        forgotten: bool = False,
        cram: bool = False,
        query: str | None = None,
        more_new: int = 0,
    ) -> Sitting:
        """Start a sitting with a deck and its subdecks, or with all decks; see ``Plan`` for special ones.

        Args:
            tag: only cards whose notes have the tag, or one below it.
            query: only cards that this search finds.

        Raises:
            QueryError: the search cannot be read.
            CollectionError: there is no such deck.
        """
        parts = [*([Tagged(Pattern.literal(tag))] if tag else []), *([parse(query)] if query else [])]
        found = All(tuple(parts)) if parts else None
        plan = Plan(deck, limit, ahead, forgotten, cram, found, more_new=more_new)
        return Sitting(self.collection, self.settings.study, self.days, self.clock, self.random, plan)

    def sitting_with(self, cards: Sequence[str]) -> Sitting:
        """Start a sitting with the cards of these guids in this order, but those that were answered today."""
        plan = Plan(cards=tuple(cards))
        return Sitting(self.collection, self.settings.study, self.days, self.clock, self.random, plan)

    def plan_basis(self) -> object:
        """Return what a plan toward the exams is made of: while that is the same, so is the plan."""
        return self.collection.state(), self.settings.study, self.days.day(self.clock())

    def exam_sitting(self, plans: "ExamPlans") -> Sitting:
        """Start a sitting with what the plan toward the exams finds best for the rest of today."""
        plan = Plan(cards=plans.picks_today, seconds=60 * plans.minutes_left)
        return Sitting(self.collection, self.settings.study, self.days, self.clock, self.random, plan)

    def browser(self) -> Browser:
        """Return what finds cards and does something with all of them."""
        return Browser(self.collection, lambda: self.rules, self.clock)

    def require(self, deck: str) -> None:
        """Do nothing if there is the deck.

        Raises:
            CollectionError: there is none.
        """
        with self.collection.reading() as database:
            decks_within(database, deck)

    def notes_found(self, query: str) -> set[str]:
        """Return the guids of the notes of which a search finds a card.

        Raises:
            QueryError: the search cannot be read.
        """
        found = search.find(self.collection, parse(query), self.rules, self.clock())
        return search.notes_of(self.collection, found)

    def search_is_ready(self) -> bool:
        """Return whether a search answers at once; after an import it reads what the cards say first."""
        return search.is_ready(self.collection)

    def prepare_search(self) -> None:
        """Make searches ready, over a connection of its own, so that another thread can do it."""
        with Collection.open(self.collection.path) as collection:
            search.index_texts(collection)

    def overview(self) -> list[DeckCounts]:
        """Return what each deck has for today."""
        return overview(self.collection, self.rules, self.clock())

    def tomorrow(self) -> Counts:
        """Return what all decks will have on the next study day if nothing more is answered."""
        return tomorrow(self.collection, self.rules, self.clock())

    def preview(self, parcel: Parcel, choices: Choices) -> ImportReport:
        """Return what ``import_parcel`` would do; in any thread."""
        with Collection.open(self.collection.path) as collection:
            return collection.preview(parcel, choices)

    def import_parcel(self, parcel: Parcel, choices: Choices, progress: Progress = silently) -> ImportReport:
        """Take in a parcel in one transaction; see ``Collection.import_parcel``.

        It opens the file for itself, so that it may be called in any thread.
        """
        with Collection.open(self.collection.path) as collection:

            def rules() -> Rules:
                return rules_in_use(collection, self.settings.study, self.days)

            return collection.import_parcel(parcel, rules, self.clock(), choices, progress)

    def close(self) -> None:
        """Close the collection."""
        self.collection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ensure_shipped_decks(collection: Collection, folder: Path, now: datetime) -> list[ImportReport]:
    """Import the decks of the folder (``*.md`` but ``README.md``) that changed since they were last imported.

    The history of cards that are still there is kept. Returns the report of each deck that was imported.

    Raises:
        DeckError: a deck cannot be read.
    """
    reports = []
    for path in sorted(folder.glob("*.md")):
        key, digest = f"shipped deck {path.name}", sha256(path.read_bytes()).hexdigest()
        if path.name != "README.md" and collection.meta(key) != digest:
            reports.append(collection.import_notes(read_deck(path), now))
            collection.set_meta(key, digest, now)
    return reports
