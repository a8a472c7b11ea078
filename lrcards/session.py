"""One sitting: next card, reveal, answer, undo; and what each deck has for today."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from lrcards.cards.content import Face, face
from lrcards.cards.markdown import read_deck
from lrcards.cards.model import Card, Note, Rating, Review
from lrcards.cards.parametric import is_parametric
from lrcards.collection.importing import ImportReport
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.study.delays import describe_delay
from lrcards.study.limits import ALL_DECKS, Limits, Studied, left_today
from lrcards.study.memory import MemoryModel
from lrcards.study.queue import Counts, Queue, QueueSettings
from lrcards.study.scheduler import Scheduler, scheduled

if TYPE_CHECKING:
    from lrcards.descent.questions import Question

LONGEST_LOOK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Shown:
    """The card on the table, with its note and its two sides in Markdown.

    Attributes:
        note: as it is stored; ``experiments.prepared(note, card.reviews)`` is what the lab runs and asks.
        face: with the values of this review, if the note is parametric.
        question: of a parametric note, the choices to answer with instead of from memory.
    """

    card: Card
    note: Note
    face: Face
    question: "Question | None" = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sitting came to.

    Attributes:
        answered: how many answers were given and not taken back.
        ratings: how many of them had each rating; every rating is a key.
        time_spent: the sum of the times per answer, each capped at a minute.
        next_due: the earliest instant (UTC) at which an answered card of the sitting's decks is due.
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
        order: in which order, and which siblings wait.

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
        order: QueueSettings | None = None,
    ) -> None:
        self._collection = collection
        self._scheduler = scheduler
        self._clock = clock
        self._random = random
        self._deck = deck
        self._limits = limits or Limits()
        self._limit = limit
        self._order = order or QueueSettings()
        self._answers: list[Answer] = []
        self._current: Shown | None = None
        self._prediction: dict[str, Any] | None = None
        self._shown_at = clock()
        self._queue = queue_of_the_day(collection, scheduler, self._limits, self._shown_at, deck, self._order)

    @property
    def current(self) -> Shown | None:
        """The card to answer; ``None`` when nothing is to be shown now (ask again at ``next_due_at()``).

        It stays the same until it is answered.
        """
        if self._current is None and not self._limit_reached:
            now = self._clock()
            if self._scheduler.days.day(now) != self._queue.day:
                self._queue = queue_of_the_day(
                    self._collection, self._scheduler, self._limits, now, self._deck, self._order
                )
            if card := self._queue.next(now):
                self._show(card)
        return self._current

    @property
    def counts(self) -> Counts:
        """How many new, learning and review cards are left today, the current one included."""
        return self._queue.counts()

    @property
    def answered(self) -> int:
        """How many answers of this sitting stand."""
        return len(self._answers)

    def preview(self) -> dict[Rating, str]:
        """Return the delay that each rating would give, as on Anki's buttons; empty if no card is shown."""
        if self.current is None:
            return {}
        now = self._now(self.current.card)
        outcomes = self._scheduler.preview(self.current.card, now)
        days, learn_ahead = self._scheduler.days, self._order.learn_ahead
        return {rating: describe_delay(card, now, days, learn_ahead) for rating, card in outcomes.items()}

    def predict(self, question: "Question", choice: int) -> bool:
        """Keep what the learner chose for the current card, and return whether it is right.

        Only the first choice counts: it is stored with the answer, and ``suggested`` follows from it.
        """
        held = choice == question.truth
        if self._prediction is None:
            self._prediction = {
                "asked": question.kind,
                "chosen": question.choices[choice],
                "truth": question.answer,
                "held": held,
            }
        return held

    @property
    def suggested(self) -> Rating | None:
        """The rating that the learner's choice speaks for; ``None`` before there is one."""
        if self._prediction is None:
            return None
        return Rating.GOOD if self._prediction["held"] else Rating.AGAIN

    def answer(self, rating: Rating) -> None:
        """Give the current card a rating; it is on disk when this returns, and ``current`` is the next card.

        Raises:
            LookupError: no card is shown.
            CollectionError: the answer could not be written; the sitting stands as it was.
        """
        if self.current is None:
            raise LookupError("no card is shown")
        before = self.current.card
        now = self._now(before)
        after = self._scheduler.answer(before, rating, now)
        day = self._scheduler.days.day(now)
        looked = min(max(self._clock() - self._shown_at, timedelta()), LONGEST_LOOK)
        review = Review(
            id=new_review_id(now, self._random),
            card_guid=before.guid,
            rating=rating,
            at=now,
            day=day,
            duration_ms=looked // timedelta(milliseconds=1),
            phase=before.phase,
            scheduled=scheduled(after, now),
            prediction=self._prediction,
            last_interval=before.interval,
            recall=foretold_recall(before, day, self._scheduler.memory_model),
        )
        stored = self._collection.answer(Answer(review, before, after), self._scheduler.replay)
        self._answers.append(stored)
        self._queue.answered(before, stored.after)
        self._current = self._prediction = None

    def undo(self) -> bool:
        """Take back the last answer of this sitting and return to its card; ``False`` if there is none."""
        if not self._answers:
            return False
        card = self._collection.undo(self._answers[-1], self._scheduler.replay)
        self._queue.undone(card, self._answers.pop().after)
        self._show(card)
        return True

    def next_due_at(self) -> datetime | None:
        """Return when (UTC) the next learning card comes, if only such cards wait."""
        return None if self.current or self._limit_reached else self._queue.next_due_at()

    def summary(self) -> Summary:
        """Return what the sitting came to."""
        reviews = [answer.review for answer in self._answers]
        ratings = Counter(review.rating for review in reviews)
        at, day = self._collection.next_due(self._deck)
        instants = [] if at is None else [at]
        instants += [] if day is None else [self._scheduler.days.starts(day)]
        return Summary(
            answered=len(reviews),
            ratings={rating: ratings[rating] for rating in Rating},
            time_spent=timedelta(milliseconds=sum(review.duration_ms for review in reviews)),
            next_due=min(instants, default=None),
        )

    @property
    def _limit_reached(self) -> bool:
        return self._limit is not None and len(self._answers) >= self._limit

    def _show(self, card: Card) -> None:
        self._current = _shown(card, self._collection.note(card.note_guid))
        self._prediction = None
        self._shown_at = self._clock()

    def _now(self, card: Card) -> datetime:
        """Return the instant for an answer, in whole milliseconds, as the log keeps it.

        It is after the card's last answer even if the clock was set back, so that the log of a card, which
        is sorted by time, keeps the order in which the answers were given.
        """
        now = self._clock().astimezone(UTC)
        now -= timedelta(microseconds=now.microsecond % 1000)
        return now if card.last_review is None else max(now, card.last_review + timedelta(milliseconds=1))


def foretold_recall(card: Card, day: date, memory_model: MemoryModel) -> float | None:
    """Return how probable FSRS holds recall on a later study day than that of the last answer."""
    if card.memory is None or card.last_day is None or day <= card.last_day:
        return None
    return memory_model.retrievability(card.memory, (day - card.last_day).days)


def _shown(card: Card, note: Note) -> Shown:
    """Return the card as this review shows it."""
    if not is_parametric(note):
        return Shown(card, note, face(note, card.ordinal))
    # Only a parametric card needs the descent, which is slow to load, before it is on the table.
    from lrcards.experiments import answer_of, prepared

    ready = prepared(note, card.reviews)
    shown = face(ready.note, card.ordinal)
    return Shown(card, note, Face(shown.question, answer_of(ready)), ready.question)


def queue_of_the_day(
    collection: Collection,
    scheduler: Scheduler,
    limits: Limits,
    now: datetime,
    deck: str | None,
    order: QueueSettings | None = None,
) -> Queue:
    """Return what a deck with its subdecks, or the whole collection, has for today.

    Only due cards and as many new cards as the day may still bring are read.
    """
    today = scheduler.days.day(now)
    studied = collection.studied_on(today, deck)
    done = Studied(studied.introduced, studied.reviewed)
    left = left_today({ALL_DECKS: limits}, {ALL_DECKS: done})
    due = collection.due_cards(today, deck)
    new = collection.new_cards(
        today,
        deck,
        left[ALL_DECKS].new_per_day,
        without=studied.notes | {card.note_guid for card in due},
    )
    return Queue.of_the_day(
        [*due, *new], now, scheduler.days, scheduler.recall, order, left=left, answered_notes=studied.notes
    )


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


def overview(
    collection: Collection,
    scheduler: Scheduler,
    limits: Limits,
    now: datetime,
    order: QueueSettings | None = None,
) -> list[DeckCounts]:
    """Return the decks by name, with parents that exist only through their subdecks.

    The counts of a deck are those that a sitting with it would begin with.
    """
    names = {
        "::".join(parts[:depth])
        for parts in (deck.split("::") for deck in collection.decks())
        for depth in range(1, len(parts) + 1)
    }
    rows = []
    for name in sorted(names):
        counts = queue_of_the_day(collection, scheduler, limits, now, name, order).counts()
        rows.append(DeckCounts(name, counts.new, counts.learning, counts.review))
    return rows


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
