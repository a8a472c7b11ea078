"""What each deck has for today, and what a special sitting asks instead."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from lrcards.cards.model import Card, Phase
from lrcards.cards.query import Query
from lrcards.collection import due, search
from lrcards.collection.decks import decks_within
from lrcards.collection.due_reviews import DueReview, DueReviews, due_reviews
from lrcards.collection.store import Collection
from lrcards.study.backlog import FARTHEST, Backlog, backlog
from lrcards.study.cramming import to_cram
from lrcards.study.days import ONE_DAY
from lrcards.study.hierarchy import is_within, path_to
from lrcards.study.limits import ALL_DECKS, Allowance, Limits, left_today
from lrcards.study.orders import NewOrder
from lrcards.study.queue import Counts, Queue, choose, is_on_step, is_shown
from lrcards.study.rules import Rules
from lrcards.study.selections import due_ahead


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sitting asks.

    Attributes:
        deck: only cards of the deck and its subdecks; ``None`` for all decks.
        limit: at most how many answers to ask for.
        ahead: instead of what is due today, the reviews that come due within so many days after it.
        forgotten: instead of what is due today, the cards that were rated Again today.
        cram: ask until each card is known once, without touching the schedule; alone, all cards.
        query: only cards that it finds.
        cards: instead of what is due today, the cards with these guids in this order, but those that were
            answered today, with whatever else is on a step.
        seconds: ask no more after so much time was spent on answers.
        more_new: how many new cards to ask beyond what the limits of the day leave.
    """

    deck: str | None = None
    limit: int | None = None
    ahead: int | None = None
    forgotten: bool = False
    cram: bool = False
    query: Query | None = None
    cards: tuple[str, ...] | None = None
    seconds: float | None = None
    more_new: int = 0

    @property
    def is_of_the_day(self) -> bool:
        """Whether it asks what is due, within the limits of the day."""
        return self.ahead is None and not self.forgotten and not self.cram and self.cards is None


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
    if plan.cards is not None:
        return _queue_in_order(collection, rules, now, plan.cards)
    make = _queue_of_the_day if plan.is_of_the_day else _special_queue
    return make(collection, rules, now, plan)


def overview(collection: Collection, rules: Rules, now: datetime) -> list[DeckCounts]:
    """Return the decks by name, each before its subdecks, with parents that exist only through them.

    The counts of a deck are those that a sitting with it would begin with.
    """
    names = sorted({name for deck in collection.decks() for name in path_to(deck)}, key=path_to)
    rows = []
    with collection.reading() as database:
        everything = _waiting(database, rules, now, decks_within(database, None))
        for name in names:
            waiting = everything.within(name)
            chosen = _chosen(database, rules, name, waiting)
            rows.append(DeckCounts(name, len(chosen.new), len(waiting.learning), len(chosen.reviews)))
    return rows


def tomorrow(collection: Collection, rules: Rules, now: datetime, deck: str | None = None) -> Counts:
    """Return what a deck with its subdecks, or all decks, will have on the next study day if all rests.

    Raises:
        CollectionError: there is no such deck.
    """
    begins = rules.days.starts(rules.days.day(now) + ONE_DAY)
    return queue_for(collection, rules, begins, Plan(deck)).counts()


def backlog_of(collection: Collection, rules: Rules, now: datetime) -> Backlog | None:
    """Return what becomes of the due reviews of all decks if there are more than a day brings."""
    day = rules.days.day(now)
    with collection.reading() as database:
        waiting = due_reviews(database, decks_within(database, None), day, rules).most_at_stake_first()
        coming = due.due_by_day(database, day + ONE_DAY, day + FARTHEST * ONE_DAY)

    def loss(places: slice, days: int) -> float:
        return float(waiting[places].losses(days).sum())

    per_day = rules.options(ALL_DECKS).limits.reviews_per_day
    return backlog(len(waiting), loss, per_day, day, coming)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits in some decks on a study day, apart from new cards."""

    day: date
    decks: due.DeckNames
    studied: due.StudiedToday
    learning: Sequence[tuple[str, Card]]
    reviews: DueReviews

    def within(self, name: str) -> "_Waiting":
        """Return what waits in a deck and its subdecks."""
        decks = {deck_id: deck for deck_id, deck in self.decks.items() if is_within(deck, name)}
        names = set(decks.values())
        return replace(
            self,
            decks=decks,
            learning=[(deck, card) for deck, card in self.learning if deck in names],
            reviews=self.reviews.in_decks(decks),
        )

    def of_cards(self, guids: Set[str]) -> "_Waiting":
        """Return what waits of some cards."""
        return replace(
            self,
            learning=[(deck, card) for deck, card in self.learning if card.guid in guids],
            reviews=self.reviews.of_cards(guids),
        )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which reviews and new cards a day brings, and what its limits leave."""

    reviews: Sequence[DueReview]
    new: Sequence[Card]
    left: Mapping[str, Limits]


def _waiting(database: due.Reader, rules: Rules, now: datetime, decks: due.DeckNames) -> _Waiting:
    day = rules.days.day(now)
    ends = rules.days.starts(day + ONE_DAY)
    learning = [card for card in due.learning_cards(database, decks, day) if is_on_step(card, day, ends)]
    names = due.decks_of_notes(database, {card.note_guid for card in learning})
    return _Waiting(
        day,
        decks,
        due.studied_on(database, day),
        [(names[card.note_guid], card) for card in learning],
        due_reviews(database, decks, day, rules),
    )


def _chosen(
    database: due.Reader,
    rules: Rules,
    root: str,
    waiting: _Waiting,
    found: Set[str] | None = None,
    more_new: int = 0,
) -> _Chosen:
    """Choose within the limits of a deck, its subdecks and the decks above it, each with so many more new."""
    settings, studied = rules.options(root).queue, waiting.studied
    limits = rules.limits({root, *path_to(root), *waiting.decks.values()})
    left = left_today(limits, studied.by_deck, more_new)
    allowance = Allowance(left)
    seen = {*studied.notes, *(card.note_guid for _, card in waiting.learning)}
    reviews = choose(
        waiting.reviews.most_at_stake_first(),
        lambda review: allowance.take(review.deck, Phase.REVIEW),
        seen,
        bury=settings.bury_reviews,
    )
    chosen = list(islice(reviews, left[root].reviews_per_day))
    new = due.new_cards(
        database,
        waiting.decks,
        waiting.day,
        left,
        cards=found,
        without=seen if settings.bury_new else frozenset(),
        one_a_note=settings.bury_new,
        scattered=settings.new_order is NewOrder.RANDOM,
    )
    return _Chosen(chosen, new, left)


def _queue_of_the_day(collection: Collection, rules: Rules, now: datetime, plan: Plan) -> Queue:
    found = _found(collection, rules, now, plan)
    with collection.reading() as database:
        waiting = _waiting(database, rules, now, decks_within(database, plan.deck))
        if found is not None:
            waiting = waiting.of_cards(found)
        chosen = _chosen(database, rules, plan.deck or ALL_DECKS, waiting, found, plan.more_new)
        reviews = due.cards(database, [review.guid for review in chosen.reviews])
        cards = [*(card for _, card in waiting.learning), *reviews, *chosen.new]
        names = due.decks_of_notes(database, {card.note_guid for card in cards})
    return Queue.of_the_day(
        cards,
        now,
        rules.days,
        rules.recall(names),
        rules.options(plan.deck or ALL_DECKS).queue,
        left=chosen.left,
        decks=names,
        answered_notes=waiting.studied.notes,
    )


def _special_queue(collection: Collection, rules: Rules, now: datetime, plan: Plan) -> Queue:
    day = rules.days.day(now)
    found = _found(collection, rules, now, plan)
    with collection.reading() as database:
        decks = decks_within(database, plan.deck)
        if plan.ahead is not None:
            last = day + plan.ahead * ONE_DAY
            cards = due_ahead(due.reviews_due_by(database, decks, day, last), day, plan.ahead)
        elif plan.forgotten:
            cards = due.forgotten_cards(database, decks, day)
        else:
            cards = due.shown_cards(database, decks, day)
        if found is not None:
            cards = [card for card in cards if card.guid in found]
        if plan.cram:
            names = due.decks_of_notes(database, {card.note_guid for card in cards})
            cards = to_cram(cards, day, rules.recall(names))
    return Queue(cards, now, rules.days, rules.settings.queue.learn_ahead)


def _queue_in_order(collection: Collection, rules: Rules, now: datetime, guids: Sequence[str]) -> Queue:
    """Return the cards in this order; of a note one a day, if the settings say so."""
    settings = rules.settings.queue
    with collection.reading() as database:
        waiting = _waiting(database, rules, now, decks_within(database, None))
        cards = {card.guid: card for card in due.cards(database, guids)}
    in_order = [
        card
        for guid in guids
        if (card := cards.get(guid)) and is_shown(card, waiting.day) and card.last_day != waiting.day
    ]
    seen = {*waiting.studied.notes, *(card.note_guid for _, card in waiting.learning)}
    bury = settings.bury_new and settings.bury_reviews
    chosen = choose(in_order, lambda _: True, seen, bury=bury)
    return Queue([*(card for _, card in waiting.learning), *chosen], now, rules.days, settings.learn_ahead)


def _found(collection: Collection, rules: Rules, now: datetime, plan: Plan) -> Set[str] | None:
    """Return the guids of the cards to which a query narrows the sitting down; ``None`` without one."""
    if plan.query is None:
        return None
    return frozenset(search.guids(collection, search.find(collection, plan.query, rules, now)))
