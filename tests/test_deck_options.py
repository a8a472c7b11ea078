"""What decks change for themselves and their subdecks, as a sitting and the overview follow it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.agenda import Plan, overview
from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.collection.parameters import model_in_use, rules_in_use, use_model
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.leeches import LeechAction
from lrcards.study.limits import Limits
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.options import DeckOptions
from lrcards.study.queue import Counts
from lrcards.study.rules import Rules
from lrcards.study.scheduler import SchedulerSettings
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
SETTINGS = StudySettings(scheduler=SchedulerSettings(fuzz=False))
RANDOM = Random(1)
OTHER = tuple(round(value * 1.1, 4) for value in DEFAULT_PARAMETERS)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def basic(question: str, deck: str) -> Note:
    return Note(question, deck, NoteKind.BASIC, question, "answer")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Ten notes in each of A, A::B, A::C and D."""
    with Collection.open(tmp_path / "collection.db") as collection:
        notes = [basic(f"{deck} {n}", deck) for n in range(10) for deck in ("A", "A::B", "A::C", "D")]
        collection.import_notes(notes, NOON)
        yield collection


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sit(
    collection: Collection, clock: Clock, deck: str | None = None, chosen: StudySettings = SETTINGS
) -> Sitting:
    return Sitting(collection, chosen, DAYS, clock, RANDOM, Plan(deck))


def rules_of(collection: Collection) -> Rules:
    return rules_in_use(collection, SETTINGS, DAYS)


def dump(collection: Collection) -> list[str]:
    with closing(sqlite3.connect(collection.path)) as connection:
        return list(connection.iterdump())


def answer_all(sitting: Sitting, rating: Rating) -> int:
    while sitting.current:
        sitting.answer(rating)
    return sitting.answered


def test_options_come_back_as_they_were_set(collection: Collection) -> None:
    changed = DeckOptions(0.85, OTHER, 5, 60, 4, LeechAction.TAG)
    collection.set_options("A::B", changed, NOON)
    collection.set_options("D", DeckOptions(new_per_day=0), NOON)
    with Collection.open(collection.path) as another:
        options = another.options()
    assert options == {
        "A::B": replace(changed, parameters=options["A::B"].parameters),
        "D": DeckOptions(new_per_day=0),
    }
    collection.set_options("D", DeckOptions(), NOON)
    assert "D" not in collection.options()


def test_a_deck_that_is_not_there_has_no_options(collection: Collection) -> None:
    with pytest.raises(CollectionError, match="no deck 'Z'"):
        collection.set_options("Z", DeckOptions(), NOON)


def test_a_parent_without_cards_of_its_own_can_have_options(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "other.db") as collection:
        collection.import_notes([basic("p", "Top::Sub"), basic("q", "Top::Sub")], NOON)
        before = dump(collection)
        change = collection.set_options("Top", DeckOptions(new_per_day=1), NOON)
        assert sit(collection, Clock(), "Top::Sub").counts == Counts(new=1)
        assert collection.decks() == ["Top::Sub"]
        collection.revert(change, rules_of(collection))
        assert dump(collection) == before


def test_options_that_cannot_be_used_are_told(collection: Collection) -> None:
    with collection.writing() as database:
        database.execute("""UPDATE decks SET options = '{"desired_retention": 7}' WHERE name = 'A'""")
    with pytest.raises(CollectionError, match="options of the deck 'A' cannot be used: desired_retention"):
        collection.options()


def test_a_sitting_respects_the_limit_of_each_subdeck_and_of_the_decks_above(
    collection: Collection, clock: Clock
) -> None:
    collection.set_options("A", DeckOptions(new_per_day=12), NOON)
    collection.set_options("A::B", DeckOptions(new_per_day=3), NOON)
    decks = ("A", "A::B", "A::C", "D")
    assert {deck: sit(collection, clock, deck).counts.new for deck in decks} == {
        "A": 12,
        "A::B": 3,
        "A::C": 10,
        "D": 10,
    }
    assert sit(collection, clock).counts == Counts(new=20)
    assert answer_all(sit(collection, clock, "A::C"), Rating.EASY) == 10
    assert {deck: sit(collection, clock, deck).counts.new for deck in decks} == {
        "A": 2,
        "A::B": 2,
        "A::C": 0,
        "D": 10,
    }


def test_the_overview_counts_what_a_sitting_would_begin_with(collection: Collection, clock: Clock) -> None:
    collection.set_options("A", DeckOptions(new_per_day=15, reviews_per_day=14), NOON)
    collection.set_options("A::B", DeckOptions(new_per_day=3, reviews_per_day=2), NOON)
    chosen = replace(SETTINGS, limits=Limits(new_per_day=12))
    for _ in range(4):
        for row in overview(collection, rules_in_use(collection, chosen, DAYS), clock()):
            counts = sit(collection, clock, row.name, chosen).counts
            assert (row.new, row.learning, row.review) == (counts.new, counts.learning, counts.review)
        sitting = sit(collection, clock, None, chosen)
        for rating in (Rating.EASY, Rating.AGAIN, Rating.GOOD, Rating.EASY, Rating.EASY):
            sitting.answer(rating)
        clock.advance(days=5)


def test_each_deck_is_scheduled_for_its_own_retention(collection: Collection, clock: Clock) -> None:
    collection.set_options("D", DeckOptions(desired_retention=0.8), NOON)
    for deck in ("A", "D"):
        sit(collection, clock, deck).answer(Rating.EASY)
    ours, theirs = collection.card("A 0#0"), collection.card("D 0#0")
    assert ours.memory == theirs.memory
    assert ours.interval < theirs.interval


def test_each_deck_has_its_own_rule_for_leeches(collection: Collection, clock: Clock) -> None:
    collection.set_options("A", DeckOptions(leech_threshold=1, leech_action=LeechAction.TAG), NOON)
    for deck in ("A::B", "D"):
        sit(collection, clock, deck).answer(Rating.EASY)
    clock.advance(days=60)
    told = []
    for deck in ("A::B", "D"):
        sitting = sit(collection, clock, deck, replace(SETTINGS, limits=Limits(new_per_day=0)))
        sitting.answer(Rating.AGAIN)
        assert sitting.last
        told.append("leech" in sitting.last.remark)
    assert told == [True, False]
    assert (collection.note("A::B 0").tags, collection.card("A::B 0#0").suspended) == (("leech",), False)


def test_options_that_another_window_changes_hold_from_the_next_card_on(
    collection: Collection, clock: Clock
) -> None:
    sitting = sit(collection, clock, "D")
    sitting.answer(Rating.EASY)
    with Collection.open(collection.path) as another:
        another.set_options("D", DeckOptions(desired_retention=0.75), NOON)
    sitting.answer(Rating.EASY)
    sitting.answer(Rating.EASY)
    first, _, third = (collection.card(f"D {number}#0").interval for number in range(3))
    assert third > first


def test_a_deck_with_its_own_parameters_has_memories_made_of_them(
    collection: Collection, clock: Clock
) -> None:
    answer_all(sit(collection, clock), Rating.EASY)
    before = dump(collection)
    a, b = collection.card("A 0#0"), collection.card("A::B 0#0")
    change = collection.set_options("A::B", DeckOptions(parameters=OTHER), NOON)
    assert collection.card("A 0#0") == a
    assert collection.card("A::B 0#0").memory != b.memory
    assert collection.card("A::B 0#0").due_day == b.due_day
    assert check(collection, rules_of(collection)).problems == ()
    assert len(check(collection, Rules(SETTINGS, DAYS)).problems) == 5
    clock.advance(days=20)
    answer_all(sit(collection, clock), Rating.GOOD)
    assert check(collection, rules_of(collection)).problems == ()
    with pytest.raises(CollectionError, match="changed again"):
        collection.revert(change, rules_of(collection))
    assert dump(collection) != before


def test_options_with_parameters_can_be_taken_back(collection: Collection, clock: Clock) -> None:
    answer_all(sit(collection, clock), Rating.EASY)
    before = dump(collection)
    change = collection.set_options("A::B", DeckOptions(parameters=OTHER), NOON)
    collection.revert(change, rules_of(collection))
    assert dump(collection) == before


def test_a_note_that_moves_to_a_deck_with_other_parameters_has_its_memory_made_anew(
    collection: Collection, clock: Clock
) -> None:
    answer_all(sit(collection, clock), Rating.EASY)
    collection.set_options("D", DeckOptions(parameters=OTHER), NOON)
    collection.import_notes([replace(collection.note("A 0"), deck="D")], NOON)
    assert check(collection, rules_of(collection)).problems == ()


def test_parameters_for_all_decks_leave_those_with_their_own_alone(
    collection: Collection, clock: Clock
) -> None:
    answer_all(sit(collection, clock), Rating.EASY)
    assert use_model(collection, MemoryModel(OTHER), NOON, "A") == 15
    own = collection.card("A::B 0#0")
    assert model_in_use(collection, "A::B") == MemoryModel(OTHER)
    assert model_in_use(collection, "D") == MemoryModel()
    assert use_model(collection, MemoryModel(tuple(value * 0.9 for value in DEFAULT_PARAMETERS)), NOON) == 5
    assert collection.card("A::B 0#0") == own
    assert check(collection, rules_of(collection)).problems == ()
