"""What a day brings when more is due than it can, and that answers make for even days."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.agenda import Plan, queue_for
from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.desk import Desk
from lrcards.session import Sitting
from lrcards.settings import Settings
from lrcards.study.days import StudyDays
from lrcards.study.limits import ALL_DECKS, Limits
from lrcards.study.options import DeckOptions
from lrcards.study.orders import most_at_stake_first
from lrcards.study.queue import Counts
from lrcards.study.rules import Rules
from lrcards.study.scheduler import SchedulerSettings
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAYS = StudyDays(UTC)
RANDOM = Random(1)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.db") as collection:
        yield collection


def due_for_long(collection: Collection, cards: int, deck: str = "Rates") -> list[Card]:
    """Fill a deck with reviews of all sorts that have been due for a while."""
    random = Random(deck)
    notes = [Note(f"{deck} {n}", deck, NoteKind.BASIC, f"{deck} {n}", "answer") for n in range(cards)]
    collection.import_notes(notes, NOON)
    placed = []
    for note in notes:
        stored = collection.card(f"{note.guid}#0")
        last_day = TODAY - timedelta(days=random.randrange(30, 90))
        card = replace(
            stored,
            phase=Phase.REVIEW,
            memory=Memory(random.uniform(1, 60), 5.0),
            due_day=TODAY - timedelta(days=random.randrange(30)),
            last_review=NOON - (TODAY - last_day),
            last_day=last_day,
            interval=30,
            reviews=3,
        )
        review = Review(new_review_id(NOON, RANDOM), card.guid, Rating.GOOD, NOON, last_day, 900)
        placed.append(collection.answer(Answer(review, stored, card), lambda card, _: card).after)
    return placed


def rules_of(collection: Collection, **chosen: object) -> Rules:
    return rules_in_use(collection, replace(StudySettings(), **chosen), DAYS)


def chosen(collection: Collection, rules: Rules, plan: Plan) -> list[str]:
    queue, guids = queue_for(collection, rules, NOON, plan), []
    while card := queue.next(NOON):
        guids.append(card.guid)
        queue.answered(card, replace(card, due_day=TODAY + timedelta(days=9), reviews=99))
    return guids


def test_a_backlog_is_worked_off_by_what_is_most_at_stake(collection: Collection) -> None:
    cards = due_for_long(collection, 60)
    rules = rules_of(collection, limits=Limits(reviews_per_day=7))
    recall = rules.scheduler(ALL_DECKS).recall
    first = [card.guid for card in most_at_stake_first(cards, TODAY, recall)[:7]]
    assert sorted(chosen(collection, rules, Plan())) == sorted(first)


def test_each_subdeck_brings_what_is_most_at_stake_in_it_within_its_limit(collection: Collection) -> None:
    for deck in ("A::B", "A::C"):
        due_for_long(collection, 30, deck)
    collection.set_options("A::B", DeckOptions(reviews_per_day=2), NOON)
    guids = chosen(collection, rules_of(collection, limits=Limits(reviews_per_day=9)), Plan("A"))
    assert len(guids) == 9
    assert sum(guid.startswith("A::B") for guid in guids) <= 2


def test_the_desk_tells_what_a_backlog_costs(collection: Collection) -> None:
    due_for_long(collection, 60)

    def told(limit: int) -> str:
        settings = Settings(tables={"study": {"reviews_per_day": limit}})
        return Desk(collection, settings, DAYS, lambda: NOON, RANDOM).sitting().backlog()

    assert told(60) == ""
    assert told(20).startswith("60 reviews are due and a day brings 20: they will be done in 3 days, and")


def test_answers_go_to_days_that_bring_little(collection: Collection) -> None:
    notes = [Note(f"n{n}", "Rates", NoteKind.BASIC, f"question {n}", "answer") for n in range(150)]
    collection.import_notes(notes, NOON)

    def fullest(*, balanced: bool) -> int:
        """Return how much the fullest of the coming days has, and take all answers back."""
        settings = StudySettings(SchedulerSettings(load_balancing=balanced), Limits(new_per_day=150))
        sitting = Sitting(collection, settings, DAYS, lambda: NOON, RANDOM)
        answered = []
        while sitting.current:
            answered.append(sitting.current.card.guid)
            delay = sitting.preview()[Rating.EASY]
            sitting.answer(Rating.EASY)
            assert delay == f"{collection.card(answered[-1]).interval}d"
        days = Counter(collection.card(guid).due_day for guid in answered)
        while sitting.undo():
            pass
        return max(days.values())

    assert fullest(balanced=True) < fullest(balanced=False)


def test_a_sibling_keeps_away_from_the_day_of_the_other(collection: Collection) -> None:
    cloze = [Note(f"c{n}", "Rates", NoteKind.CLOZE, f"[x{n}] [y]", ordinals=(0, 1)) for n in range(20)]
    collection.import_notes(cloze, NOON)
    for day in range(2):
        now = NOON + timedelta(days=day)
        sitting = Sitting(collection, StudySettings(), DAYS, lambda: now, RANDOM)  # noqa: B023
        while sitting.current:
            sitting.answer(Rating.EASY)
    days = [[collection.card(f"c{n}#{ordinal}").due_day for ordinal in (0, 1)] for n in range(20)]
    assert all(first != second for first, second in days)


def test_suspended_buried_and_other_decks_cards_are_not_in_the_queue(collection: Collection) -> None:
    cards = due_for_long(collection, 5)
    due_for_long(collection, 5, "Other")
    collection.decide(replace(cards[0], suspended=True), NOON)
    collection.decide(replace(cards[1], buried_until=TODAY + timedelta(days=1)), NOON)
    queue = queue_for(collection, rules_of(collection), NOON, Plan("Rates"))
    assert queue.counts() == Counts(review=3)
