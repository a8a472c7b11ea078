"""One learner's desk: the collection, the scheduler and the settings that every room above shares."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from random import Random
from typing import Self

from lrcards.collection.parameters import model_in_use
from lrcards.collection.store import Collection
from lrcards.session import DeckCounts, Sitting, ensure_shipped_decks, overview
from lrcards.settings import Settings, shipped_decks
from lrcards.study.days import StudyDays
from lrcards.study.scheduler import Scheduler


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

    @property
    def scheduler(self) -> Scheduler:
        """What an answer leads to, by the settings and the FSRS parameters that are in use now."""
        return Scheduler(self.settings.study.scheduler, model_in_use(self.collection), self.days)

    def sitting(self, deck: str | None = None, limit: int | None = None) -> Sitting:
        """Start a sitting with a deck and its subdecks, or with all decks."""
        return Sitting(
            self.collection, self.scheduler, self.clock, self.random, deck, self.settings.study.limits, limit
        )

    def overview(self) -> list[DeckCounts]:
        """Return what each deck has for today."""
        return overview(self.collection, self.scheduler, self.settings.study.limits, self.clock())

    def close(self) -> None:
        """Close the collection."""
        self.collection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
