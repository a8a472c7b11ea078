"""What each deck has for today, and what a special sitting asks instead."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from lrcards.cards.model import Card, Phase
from lrcards.collection import due
from lrcards.collection.decks import decks_within
from lrcards.collection.store import Collection
from lrcards.study.cramming import to_cram
from lrcards.study.days import ONE_DAY
from lrcards.study.hierarchy import path_to
from lrcards.study.limits import ALL_DECKS, Allowance, left_today
from lrcards.study.orders import NewOrder
from lrcards.study.queue import Queue, choose
from lrcards.study.rules import Rules
from lrcards.study.selections import due_ahead, notes_with_tag
from lrcards.study.waiting import DueReview, most_at_stake_first


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sitting asks.

    Attributes:
        deck: only cards of the deck and its subdecks; ``None`` for all decks.
        tag: only cards whose notes have the tag, or one below it.
        limit: at most how many answers to ask for.
        ahead: instead of what is due today, the reviews that come due within so many days after it.
        forgotten: instead of what is due today, the cards that were rated Again today.
        cram: ask until each card is known once, without touching the schedule; alone, all cards.
    """

    deck: str | None = None
    tag: str | None = None
    limit: int | None = None
    ahead: int | None = None
    forgotten: bool = False
    cram: bool = False

    @property
    def is_of_the_day(self) -> bool:
        """Whether it asks what is due, within the limits of the day."""
        return self.ahead is None and not self.forgotten and not self.cram

    def notes(self, tags: Callable[[], Mapping[str, Sequence[str]]]) -> Set[str] | None:
        """Return the guids of the notes to which a tag narrows the sitting down; ``None`` without one.

        Args:
            tags: gives the tags of each note, by the note's guid.
        """
        return None if self.tag is None else notes_with_tag(tags(), self.tag)


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


def queue_for(collection: Collection, rules: Rules, now: datetime, plan: Plan) -> Queue:
    """Return what a sitting asks.

    Raises:
        CollectionError: there is no such deck, or the collection cannot be read.
    """
    make = _queue_of_the_day if plan.is_of_the_day else _special_queue
    return make(collection, rules, now, plan)


def overview(collection: Collection, rules: Rules, now: datetime) -> list[DeckCounts]:
    """Return the decks by name, with parents that exist only through their subdecks.

    The counts of a deck are those that a sitting with it would begin with.
    """
    rows = []
    for name in sorted({name for deck in collection.decks() for name in path_to(deck)}):
        counts = queue_for(collection, rules, now, Plan(name)).counts()
        rows.append(DeckCounts(name, counts.new, counts.learning, counts.review))
    return rows


def _queue_of_the_day(collection: Collection, rules: Rules, now: datetime, plan: Plan) -> Queue:
    """Read no more of each card than it takes to choose among them, and all of those that are chosen."""
    day, settings = rules.days.day(now), rules.settings.queue
    root = plan.deck or ALL_DECKS
    with collection.reading() as database:
        decks = decks_within(database, plan.deck)
        notes = plan.notes(lambda: due.tags_of_notes(database, decks))
        studied = due.studied_on(database, day)
        left = left_today(rules.limits({root, *path_to(root), *decks.values()}), studied.by_deck)
        allowance = Allowance(left)
        learning = _of_notes(due.learning_cards(database, decks, day), notes)
        seen = {*studied.notes, *(card.note_guid for card in learning)}
        reviews = choose(
            most_at_stake_first(_of_notes(due.due_reviews(database, decks, day), notes), day, rules),
            lambda review: allowance.take(review.deck, Phase.REVIEW),
            seen,
            bury=settings.bury_reviews,
        )
        chosen = [review.guid for review in islice(reviews, left[root].reviews_per_day)]
        new = due.new_cards(
            database,
            decks,
            day,
            left,
            notes=notes,
            without=seen if settings.bury_new else frozenset(),
            one_a_note=settings.bury_new,
            scattered=settings.new_order is NewOrder.RANDOM,
        )
        cards = [*learning, *due.cards(database, chosen), *new]
        names = due.decks_of_notes(database, {card.note_guid for card in cards})
    return Queue.of_the_day(
        cards,
        now,
        rules.days,
        rules.recall(names),
        settings,
        left=left,
        decks=names,
        answered_notes=studied.notes,
    )


def _special_queue(collection: Collection, rules: Rules, now: datetime, plan: Plan) -> Queue:
    day = rules.days.day(now)
    with collection.reading() as database:
        decks = decks_within(database, plan.deck)
        if plan.ahead is not None:
            last = day + plan.ahead * ONE_DAY
            cards = due_ahead(due.reviews_due_by(database, decks, day, last), day, plan.ahead)
        elif plan.forgotten:
            cards = due.forgotten_cards(database, decks, day)
        else:
            cards = due.shown_cards(database, decks, day)
        cards = _of_notes(cards, plan.notes(lambda: due.tags_of_notes(database, decks)))
        if plan.cram:
            names = due.decks_of_notes(database, {card.note_guid for card in cards})
            cards = to_cram(cards, day, rules.recall(names))
    return Queue(cards, now, rules.days, rules.settings.queue.learn_ahead)


Waiting = TypeVar("Waiting", Card, DueReview)


def _of_notes(cards: list[Waiting], notes: Set[str] | None) -> list[Waiting]:
    return cards if notes is None else [card for card in cards if card.note_guid in notes]
