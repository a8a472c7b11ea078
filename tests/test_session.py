"""A sitting: the next card, an answer that is kept, undo, and what is left for today."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.agenda import Plan, overview
from lrcards.cards.model import Note, NoteKind, Phase, Rating
from lrcards.collection import due, opening
from lrcards.collection.decks import decks_within
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.desk import ensure_shipped_decks
from lrcards.errors import CollectionError
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.memory import MemoryModel
from lrcards.study.orders import NewMix
from lrcards.study.queue import Counts, QueueSettings
from lrcards.study.rules import Rules
from lrcards.study.scheduler import Scheduler, SchedulerSettings
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
SETTINGS = StudySettings(scheduler=SchedulerSettings(fuzz=False))
SCHEDULER = Scheduler(SETTINGS.scheduler, MemoryModel(), DAYS)
RULES = Rules(SETTINGS, DAYS)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def basic(question: str, deck: str = "Rates") -> Note:
    return Note(question, deck, NoteKind.BASIC, question, f"answer to {question}")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sit(
    collection: Collection,
    clock: Clock,
    deck: str | None = None,
    limits: Limits | None = None,
    limit: int | None = None,
) -> Sitting:
    settings = replace(SETTINGS, limits=limits or Limits())
    return Sitting(collection, settings, DAYS, clock, Random(1), Plan(deck, limit=limit))


def asked(sitting: Sitting) -> str | None:
    return sitting.current.note.question if sitting.current else None


def dump(collection: Collection) -> list[str]:
    connection = sqlite3.connect(collection.path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def test_a_sitting_asks_a_card_with_its_note_and_face(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    assert sitting.current is not None
    assert sitting.current.note == collection.note("p")
    assert sitting.current.card == collection.card("p#0")
    assert sitting.current.face.answer == "answer to p"
    assert sitting.counts == Counts(new=2)


def test_the_current_card_stays_until_it_is_answered(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    before = sitting.current
    clock.advance(hours=1)
    assert sitting.current is before


def test_an_answer_keeps_how_long_the_card_had_waited_and_the_recall_that_was_foretold(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic("p")], NOON)
    sit(collection, clock).answer(Rating.GOOD)
    clock.advance(minutes=10)
    sit(collection, clock).answer(Rating.GOOD)
    card = collection.card("p#0")
    assert card.memory is not None
    clock.advance(days=card.interval + 3)
    sit(collection, clock).answer(Rating.GOOD)
    first, second, third = collection.reviews("p#0")
    assert [(review.last_interval, review.recall) for review in (first, second)] == [(0, None)] * 2
    assert third.last_interval == card.interval
    assert third.recall == MemoryModel().retrievability(card.memory, card.interval + 3)


def test_an_answer_is_on_disk_and_the_next_card_is_there(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    expected = SCHEDULER.answer(collection.card("p#0"), Rating.GOOD, NOON)
    sitting.answer(Rating.GOOD)
    with Collection.open(collection.path) as another:
        (review,) = another.reviews("p#0")
        assert another.card("p#0") == expected
    assert (review.rating, review.at, review.phase, review.scheduled) == (Rating.GOOD, NOON, Phase.NEW, 600)
    assert asked(sitting) == "q"
    assert sitting.answered == 1
    assert sitting.counts == Counts(new=1, learning=1)


def test_the_preview_shows_what_each_rating_then_gives(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    sitting = sit(collection, clock)
    assert sitting.preview() == {
        Rating.AGAIN: "<1m",
        Rating.HARD: "<6m",
        Rating.GOOD: "<10m",
        Rating.EASY: "8d",
    }
    sitting.answer(Rating.EASY)
    assert collection.card("p#0").interval == 8
    assert sitting.preview() == {}


def test_the_order_of_the_day_is_the_learners_choice(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sit(collection, clock).answer(Rating.EASY)
    clock.advance(days=8)
    orders = {
        mix: Sitting(collection, replace(SETTINGS, queue=QueueSettings(new_mix=mix)), DAYS, clock, Random(1))
        for mix in NewMix
    }
    assert [asked(orders[mix]) for mix in (NewMix.FIRST, NewMix.LAST)] == ["q", "p"]


def test_learning_ahead_shows_in_the_preview_and_in_what_comes(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    settings = replace(SETTINGS, queue=QueueSettings(learn_ahead=timedelta(minutes=2)))
    sitting = Sitting(collection, settings, DAYS, clock, Random(1))
    assert list(sitting.preview().values())[:3] == ["<1m", "6m", "10m"]
    sitting.answer(Rating.GOOD)
    assert sitting.current is None


def test_time_is_measured_from_showing_to_answering_up_to_a_minute(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic("p"), basic("q"), basic("r")], NOON)
    sitting = sit(collection, clock)
    for seconds in (2.5, 600, -30):
        assert sitting.current
        clock.advance(seconds=seconds)
        sitting.answer(Rating.EASY)
    durations = [collection.reviews(guid)[0].duration_ms for guid in ("p#0", "q#0", "r#0")]
    assert durations == [2500, 60_000, 0]
    assert sitting.summary().time_spent == timedelta(seconds=62.5)


def test_a_learning_card_comes_back_at_its_minute(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q"), basic("r")], NOON)
    sitting = sit(collection, clock)
    sitting.answer(Rating.AGAIN)
    assert asked(sitting) == "q"
    clock.advance(minutes=2)
    sitting.answer(Rating.EASY)
    assert asked(sitting) == "p"


def test_a_learning_card_beyond_the_learn_ahead_limit_is_waited_for(
    collection: Collection, clock: Clock
) -> None:
    settings = StudySettings(SchedulerSettings(learning_steps=(timedelta(hours=1),)))
    collection.import_notes([basic("p")], NOON)
    sitting = Sitting(collection, settings, DAYS, clock, Random(1))
    assert sitting.next_due_at() is None
    sitting.answer(Rating.AGAIN)
    assert sitting.current is None
    assert sitting.next_due_at() == NOON + timedelta(hours=1)
    assert sitting.summary().next_due == NOON + timedelta(hours=1)
    clock.advance(hours=1)
    assert asked(sitting) == "p"


def test_answering_when_nothing_is_shown_is_refused(collection: Collection, clock: Clock) -> None:
    with pytest.raises(LookupError):
        sit(collection, clock).answer(Rating.GOOD)


def test_undo_returns_to_the_card_again_and_again(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q"), basic("r")], NOON)
    before = dump(collection)
    sitting = sit(collection, clock)
    for rating in (Rating.GOOD, Rating.AGAIN):
        sitting.answer(rating)
    assert asked(sitting) == "r"
    assert sitting.undo()
    assert asked(sitting) == "q"
    assert sitting.undo()
    assert asked(sitting) == "p"
    assert not sitting.undo()
    assert (sitting.answered, sitting.counts) == (0, Counts(new=3))
    assert dump(collection) == before


def test_an_undone_answer_can_be_given_again(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    sitting.answer(Rating.AGAIN)
    sitting.undo()
    sitting.answer(Rating.EASY)
    assert [review.rating for review in collection.reviews("p#0")] == [Rating.EASY]
    assert asked(sitting) == "q"


def test_a_limit_ends_the_sitting_and_undo_reopens_it(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic(name) for name in "pqrs"], NOON)
    sitting = sit(collection, clock, limit=2)
    sitting.answer(Rating.GOOD)
    sitting.answer(Rating.GOOD)
    assert sitting.current is None
    assert sitting.next_due_at() is None
    sitting.undo()
    assert asked(sitting) == "q"


def test_a_failed_answer_leaves_the_sitting_where_it_was(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 0.01)
    path = tmp_path / "collection.sqlite"
    with Collection.open(path) as collection, Collection.open(path) as another:
        collection.import_notes([basic("p"), basic("q")], NOON)
        sitting = sit(collection, clock)
        with another.writing(), pytest.raises(CollectionError, match="locked"):
            sitting.answer(Rating.GOOD)
        assert asked(sitting) == "p"
        sitting.answer(Rating.GOOD)
        assert len(collection.reviews("p#0")) == 1


def test_a_sitting_goes_on_over_the_rollover_with_the_new_day(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic(name) for name in "pqrs"], NOON)
    sitting = sit(collection, clock, limits=Limits(new_per_day=1))
    sitting.answer(Rating.EASY)
    assert sitting.current is None
    clock.advance(days=1)
    assert asked(sitting) == "q"
    sitting.answer(Rating.EASY)
    assert sitting.current is None
    sitting.undo()
    sitting.undo()
    assert asked(sitting) == "p"
    assert collection.reviews("p#0") == []


def test_limits_count_what_earlier_sittings_of_the_day_brought(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic(name) for name in "pqrs"], NOON)
    limits = Limits(new_per_day=3)
    sit(collection, clock, limits=limits).answer(Rating.EASY)
    assert sit(collection, clock, limits=limits).counts == Counts(new=2)


def test_siblings_wait_until_tomorrow_in_a_later_sitting_too(collection: Collection, clock: Clock) -> None:
    note = Note("c", "Rates", NoteKind.CLOZE, "[x] and [y]", ordinals=(0, 1))
    collection.import_notes([note, basic("q")], NOON)
    sit(collection, clock).answer(Rating.EASY)
    assert asked(sit(collection, clock)) == "q"
    clock.advance(days=1)
    shown = sit(collection, clock).current
    assert shown is not None
    assert shown.card.guid == "c#1"


def test_answers_keep_their_order_when_the_clock_is_set_back(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    sitting = sit(collection, clock)
    sitting.answer(Rating.AGAIN)
    clock.advance(seconds=-30)
    sitting.answer(Rating.GOOD)
    first, second = collection.reviews("p#0")
    assert (first.rating, second.rating) == (Rating.AGAIN, Rating.GOOD)
    assert second.at > first.at
    assert check(collection, RULES).problems == ()


def test_the_summary_says_what_the_sitting_came_to(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    assert sitting.summary().next_due is None
    sitting.answer(Rating.EASY)
    sitting.answer(Rating.EASY)
    summary = sitting.summary()
    assert summary.answered == 2
    assert summary.ratings == {Rating.AGAIN: 0, Rating.HARD: 0, Rating.GOOD: 0, Rating.EASY: 2}
    assert summary.next_due == datetime(2026, 3, 10, 4, tzinfo=UTC)


def test_the_summary_tells_what_the_next_day_then_has(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic(str(number)) for number in range(30)], NOON)
    one_a_day = Limits(new_per_day=12)
    sitting = sit(collection, clock, limits=one_a_day)
    for _ in range(12):
        sitting.answer(Rating.GOOD)
        sitting.answer(Rating.GOOD)
    foretold = sitting.summary().tomorrow
    clock.advance(days=1)
    assert foretold == sit(collection, clock, limits=one_a_day).counts
    assert foretold.new == 12


def test_the_overview_lists_parents_with_their_subdecks(collection: Collection, clock: Clock) -> None:
    notes = [basic("p", "A::B"), basic("q", "A::C"), basic("r", "A::C"), basic("s", "D")]
    collection.import_notes(notes, NOON)
    sitting = sit(collection, clock, "A::C")
    sitting.answer(Rating.AGAIN)
    rows = overview(collection, RULES, NOON)
    assert [(row.name, row.new, row.learning, row.review, row.due) for row in rows] == [
        ("A", 2, 1, 0, 1),
        ("A::B", 1, 0, 0, 0),
        ("A::C", 1, 1, 0, 1),
        ("D", 1, 0, 0, 0),
    ]


def test_the_overview_respects_the_daily_limits(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic(str(number)) for number in range(30)], NOON)
    sit(collection, clock).answer(Rating.EASY)
    (row,) = overview(collection, Rules(replace(SETTINGS, limits=Limits(new_per_day=10)), DAYS), NOON)
    assert row.new == 9
    assert sit(collection, clock, "Rates", Limits(new_per_day=10)).counts.new == 9


def test_shipped_decks_are_imported_when_they_change_and_keep_their_history(
    collection: Collection, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / "README.md").write_text("No deck at all.")
    deck = folder / "rates.md"
    deck.write_text("Q: What is η?\nA: The learning rate.\n")
    (report,) = ensure_shipped_decks(collection, folder, NOON)
    assert len(report.new) == 1
    assert ensure_shipped_decks(collection, folder, NOON) == []
    sit(collection, clock).answer(Rating.GOOD)
    deck.write_text("Q: What is η?\nA: The learning rate, or step size.\n")
    (report,) = ensure_shipped_decks(collection, folder, NOON)
    assert len(report.changed) == 1
    with collection.reading() as database:
        (card,) = due.learning_cards(database, decks_within(database, None), DAYS.day(NOON))
    assert len(collection.reviews(card.guid)) == 1


STEPS = st.lists(
    st.tuples(st.sampled_from(["undo", *Rating]), st.sampled_from([1, 30, 700, 4000, 90_000, 4_000_000])),
    max_size=25,
)


@contextmanager
def studied(steps: list[tuple[Rating | str, int]]) -> Iterator[tuple[Collection, Sitting, list[str]]]:
    """Yield a collection after a random sitting over some days, the sitting, and how it was before."""
    notes = [basic("p"), Note("c", "Rates::Deep", NoteKind.CLOZE, "[x] [y]", ordinals=(0, 1)), basic("q")]
    with tempfile.TemporaryDirectory() as folder, Collection.open(Path(folder) / "c.sqlite") as collection:
        collection.import_notes(notes, NOON)
        clock, before = Clock(), dump(collection)
        sitting = sit(collection, clock)
        for step, seconds in steps:
            clock.advance(seconds=seconds)
            if isinstance(step, Rating):
                if sitting.current:
                    sitting.answer(step)
            else:
                sitting.undo()
        yield collection, sitting, before


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_undoing_a_whole_sitting_is_the_identity(steps: list[tuple[Rating | str, int]]) -> None:
    with studied(steps) as (collection, sitting, before):
        while sitting.undo():
            pass
        assert dump(collection) == before


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_rebuilding_a_healthy_collection_is_the_identity(steps: list[tuple[Rating | str, int]]) -> None:
    with studied(steps) as (collection, sitting, _):
        before = dump(collection)
        report = check(collection, RULES, rebuild=True)
        assert (report.reviews, report.problems, report.mended) == (sitting.answered, (), ())
        assert dump(collection) == before
