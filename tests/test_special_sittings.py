"""Sittings with something else than what is due today: ahead of time, forgotten, of a tag, and cramming."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.agenda import Plan
from lrcards.cards.model import Note, NoteKind, Phase, Rating, ReviewKind
from lrcards.cards.query_parser import parse
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.desk import Desk
from lrcards.session import Sitting
from lrcards.settings import Settings
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.queue import Counts
from lrcards.study.rules import Rules
from lrcards.study.scheduler import SchedulerSettings
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
SETTINGS = StudySettings(scheduler=SchedulerSettings(fuzz=False))
RANDOM = Random(1)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def note(question: str, *tags: str, deck: str = "Rates") -> Note:
    return Note(question, deck, NoteKind.BASIC, question, "answer", tags)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.db") as collection:
        yield collection


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sit(
    collection: Collection, clock: Clock, plan: Plan | None = None, chosen: StudySettings = SETTINGS
) -> Sitting:
    return Sitting(collection, chosen, DAYS, clock, RANDOM, plan)


def go_through(sitting: Sitting, rating: Rating = Rating.GOOD) -> list[str]:
    """Answer all cards; return the questions in the order they came."""
    questions = []
    while shown := sitting.current:
        questions.append(shown.note.question)
        sitting.answer(rating)
    return questions


def is_sound(collection: Collection) -> bool:
    return check(collection, Rules(SETTINGS, DAYS)).sound


def test_studying_ahead_asks_what_comes_due_and_schedules_it_anew(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([note("p"), note("q")], NOON)
    go_through(sit(collection, clock), Rating.EASY)
    before = collection.card("p#0")
    assert before.interval == 8
    clock.advance(days=5)
    assert go_through(sit(collection, clock, Plan(ahead=2))) == []
    sitting = sit(collection, clock, Plan(ahead=3))
    assert sitting.counts == Counts(review=2)
    assert go_through(sitting) == ["p", "q"]
    after = collection.card("p#0")
    assert after.last_day == date(2026, 3, 7)
    assert after.interval > before.interval
    assert is_sound(collection)


def test_a_card_that_is_forgotten_ahead_of_time_comes_back_on_its_step(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([note("p")], NOON)
    go_through(sit(collection, clock), Rating.EASY)
    clock.advance(days=3)
    sitting = sit(collection, clock, Plan(ahead=30))
    sitting.flag(1)
    sitting.answer(Rating.AGAIN)
    assert sitting.current
    assert sitting.current.card.phase is Phase.RELEARNING


def test_more_new_cards_than_the_limit_leaves_can_be_asked_for(collection: Collection, clock: Clock) -> None:
    few = replace(SETTINGS, limits=Limits(new_per_day=2))
    collection.import_notes([note(name) for name in "pqrstu"], NOON)
    assert go_through(sit(collection, clock, Plan(), few), Rating.EASY) == ["p", "q"]
    assert go_through(sit(collection, clock, Plan(), few)) == []
    assert go_through(sit(collection, clock, Plan(more_new=3), few), Rating.EASY) == ["r", "s", "t"]
    assert go_through(sit(collection, clock, Plan(), few)) == []


def test_more_new_cards_are_of_the_day_alone(collection: Collection, clock: Clock) -> None:
    few = replace(SETTINGS, limits=Limits(new_per_day=2))
    collection.import_notes([note(name) for name in "pqrstu"], NOON)
    sitting = sit(collection, clock, Plan(more_new=2), few)
    assert sitting.counts == Counts(new=4)
    sitting.answer(Rating.EASY)
    clock.advance(days=1)
    sitting.answer(Rating.EASY)
    assert sitting.current is not None
    assert sitting.counts.new == 1


def test_what_was_forgotten_today_can_be_asked_again(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q"), note("r")], NOON)
    sitting = sit(collection, clock)
    for rating in (Rating.AGAIN, Rating.EASY, Rating.AGAIN):
        sitting.answer(rating)
    clock.advance(minutes=10)
    assert go_through(sit(collection, clock, Plan(forgotten=True)), Rating.EASY) == ["p", "r"]
    clock.advance(days=1)
    assert go_through(sit(collection, clock, Plan(forgotten=True))) == []


def test_a_tag_narrows_a_day_down_and_takes_those_below_it(collection: Collection, clock: Clock) -> None:
    notes = [note("p", "exam::hard"), note("q"), note("r", "Exam"), note("s", "examples")]
    collection.import_notes(notes, NOON)
    sitting = sit(collection, clock, Plan(query=parse("tag:exam")))
    assert sitting.counts == Counts(new=2)
    assert go_through(sitting, Rating.EASY) == ["p", "r"]
    clock.advance(days=8)
    assert go_through(sit(collection, clock, Plan(query=parse("tag:EXAM")))) == ["p", "r"]


def test_a_tag_stays_within_the_limits_of_the_day(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p", "t"), note("q"), note("r", "t"), note("s", "t")], NOON)
    chosen = replace(SETTINGS, limits=Limits(new_per_day=2))
    assert go_through(sit(collection, clock, Plan(query=parse("tag:t")), chosen), Rating.EASY) == ["p", "r"]


def test_cramming_leaves_every_card_where_it_is(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q"), note("r")], NOON)
    learning = sit(collection, clock)
    learning.answer(Rating.EASY)
    learning.answer(Rating.AGAIN)
    before = {guid: collection.card(guid) for guid in ("p#0", "q#0", "r#0")}
    clock.advance(days=2)
    sitting = sit(collection, clock, Plan(cram=True))
    assert sitting.is_cram
    assert sitting.counts == Counts(review=3)
    assert go_through(sitting) == ["q", "p", "r"]
    assert {guid: collection.card(guid) for guid in before} == before
    crams = [collection.reviews(guid)[-1] for guid in before]
    assert {review.kind for review in crams} == {ReviewKind.CRAM}
    assert [review.phase for review in crams] == [Phase.REVIEW, Phase.LEARNING, Phase.NEW]
    assert [review.scheduled for review in crams] == [0, 0, 0]
    assert is_sound(collection)


def test_what_is_wrong_in_a_cram_comes_again_until_it_is_right(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q")], NOON)
    sitting = sit(collection, clock, Plan(cram=True))
    assert sitting.preview() == {
        Rating.AGAIN: "again",
        Rating.HARD: "done",
        Rating.GOOD: "done",
        Rating.EASY: "done",
    }
    asked = []
    for rating in (Rating.AGAIN, Rating.GOOD, Rating.AGAIN, Rating.HARD):
        assert sitting.current
        asked.append(sitting.current.note.question)
        sitting.answer(rating)
    assert asked == ["p", "q", "p", "p"]
    assert sitting.current is None
    assert sitting.undo() == "Took back the answer Hard."
    assert sitting.current
    assert sitting.current.note.question == "p"


def test_a_crammed_card_can_be_marked_flagged_and_suspended(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q")], NOON)
    sitting = sit(collection, clock, Plan(cram=True))
    sitting.flag(2)
    sitting.mark()
    sitting.suspend()
    assert (collection.card("p#0").flag, collection.card("p#0").suspended) == (2, True)
    assert collection.card("p#0").phase is Phase.NEW
    assert go_through(sitting) == ["q"]
    info = sit(collection, clock, Plan(cram=True)).info()
    assert info
    assert info.card == collection.card("q#0")


def test_a_cram_can_be_of_a_deck_or_of_what_was_forgotten(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q", deck="Rates::Deep"), note("r", deck="Other")], NOON)
    assert go_through(sit(collection, clock, Plan("Rates", cram=True))) == ["p", "q"]
    sit(collection, clock).answer(Rating.AGAIN)
    assert go_through(sit(collection, clock, Plan(forgotten=True, cram=True))) == ["p"]


def test_a_cram_goes_on_over_the_rollover(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q")], NOON)
    sitting = sit(collection, clock, Plan(cram=True))
    sitting.answer(Rating.GOOD)
    clock.advance(days=1)
    assert go_through(sitting) == ["q"]


def test_a_cram_counts_for_no_limit_and_makes_no_leech(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p"), note("q")], NOON)
    sitting = sit(collection, clock, Plan(cram=True))
    for _ in range(20):
        sitting.answer(Rating.AGAIN)
    assert collection.note("p").tags == ()
    chosen = replace(SETTINGS, limits=Limits(new_per_day=2))
    assert sit(collection, clock, chosen=chosen).counts == Counts(new=2)


def test_the_desk_starts_special_sittings(collection: Collection, clock: Clock) -> None:
    collection.import_notes([note("p", "t"), note("q"), note("r", "t")], NOON)
    desk = Desk(collection, Settings(), DAYS, clock, RANDOM)
    assert go_through(desk.sitting("Rates", 1, tag="t", cram=True)) == ["p"]
    assert go_through(desk.sitting(query="p or q", cram=True)) == ["p", "q"]
    assert go_through(desk.sitting(tag="t", query="p or q", cram=True)) == ["p"]
    assert desk.sitting(ahead=3).current is None
    assert desk.sitting(forgotten=True).current is None
