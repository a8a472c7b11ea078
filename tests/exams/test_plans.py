"""Plans toward exams: what they foretell, what a sitting by plan asks, and that nothing else changes."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.collection.exams import keep_exam
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.desk import Desk
from lrcards.errors import ExamError, LrcardsError
from lrcards.exams.plans import ExamPlans, as_data, in_words, plan_exams
from lrcards.settings import Settings
from lrcards.study.days import StudyDays
from lrcards.study.exam.exam import Exam

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)
EXAM = Exam("Rates", TODAY + timedelta(days=6), "deck:Rates", minutes=5)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Collection.open(tmp_path / "collection.db") as collection:
        notes = [
            Note(f"{deck} {n}", deck, NoteKind.BASIC, f"{deck} {n}", "answer", ("core",) if n < 5 else ())
            for deck in ("Rates", "Other")
            for n in range(40)
        ]
        collection.import_notes(notes, NOON)
        yield Desk(collection, Settings(), StudyDays(UTC), Clock(), Random(1))


def plan(desk: Desk, *exams: Exam, told: list[int] | None = None) -> ExamPlans:
    for exam in exams:
        keep_exam(desk.collection, exam, NOON)
    report = (told if told is not None else []).append
    return plan_exams(report, desk.collection.path, desk.settings.study, desk.days, desk.clock())


def test_the_plan_is_better_than_the_schedule_and_than_nothing(desk: Desk) -> None:
    told: list[int] = []
    (outlook,) = plan(desk, EXAM, told=told).outlooks
    assert (outlook.cards, outlook.new, outlook.days) == (40, 40, 6)
    assert 0 == outlook.idle < outlook.scheduled < outlook.planned < 1
    assert 0 < outlook.margin < 0.3
    assert told == sorted(told)
    assert told[-1] == 100


def test_a_sitting_by_plan_asks_the_exams_cards_and_stops_when_the_minutes_are_used_up(desk: Desk) -> None:
    plans = plan(desk, replace(EXAM, minutes=1.0))
    sitting = desk.exam_sitting(plans)
    assert sitting.counts.new == plans.new_today > 0
    asked = []
    while sitting.current:
        asked.append(sitting.current.note.deck)
        desk.clock.now += timedelta(seconds=15)
        sitting.answer(Rating.EASY)
    assert set(asked) == {"Rates"}
    assert len(asked) <= 4
    later = plan(desk)
    assert later.spent == pytest.approx(len(asked) / 4)
    assert later.minutes_left == pytest.approx(1 - len(asked) / 4)


def test_answers_by_plan_are_ordinary_reviews_and_the_schedule_goes_on(desk: Desk) -> None:
    sitting = desk.exam_sitting(plan(desk, EXAM))
    while sitting.current:
        sitting.answer(Rating.EASY)
    assert check(desk.collection, desk.rules, now=desk.clock()).sound
    desk.clock.now += timedelta(days=10)
    with pytest.raises(ExamError, match="no exam ahead"):
        plan(desk)
    assert desk.sitting("Rates").counts.review > 0


def test_what_was_answered_today_is_not_planned_again_today(desk: Desk) -> None:
    first = plan(desk, replace(EXAM, minutes=60.0))
    sitting = desk.exam_sitting(first)
    asked = set()
    while sitting.current and len(asked) < 3:
        asked.add(sitting.current.card.guid)
        sitting.answer(Rating.EASY)
    assert asked.isdisjoint(plan(desk).picks_today)


def test_a_suspended_card_is_not_planned(desk: Desk) -> None:
    sitting = desk.exam_sitting(plan(desk, EXAM))
    assert sitting.current is not None
    guid = sitting.current.card.guid
    sitting.suspend()
    after = plan(desk)
    assert after.outlooks[0].cards == 39
    assert guid not in after.picks_today


def test_a_day_of_rest_asks_nothing(desk: Desk) -> None:
    plans = plan(desk, replace(EXAM, on_days={TODAY: 0.0}))
    assert (plans.picks_today, plans.minutes_left) == ((), 0)
    assert "a day of rest" in "\n".join(in_words(plans))


def test_overlapping_exams_are_planned_together(desk: Desk) -> None:
    soon = Exam("Core", TODAY + timedelta(days=2), "tag:core", minutes=5)
    plans = plan(desk, EXAM, soon)
    assert [outlook.exam.name for outlook in plans.outlooks] == ["Core", "Rates"]
    assert [outlook.cards for outlook in plans.outlooks] == [10, 40]
    assert plans.minutes_left == 10


def test_a_target_within_reach_is_told_and_one_that_is_not_says_what_it_would_take(desk: Desk) -> None:
    reached = plan(desk, replace(EXAM, target=0.5)).outlooks[0]
    assert reached.minutes_needed is None
    short = plan(desk, replace(EXAM, minutes=1.0, target=0.9))
    needed = short.outlooks[0].minutes_needed
    assert needed is not None
    assert 1 < needed < 8
    assert f"would take about {needed:.0f} minutes a day" in "\n".join(in_words(short))
    enough = plan(desk, replace(EXAM, minutes=needed, target=0.9)).outlooks[0]
    assert 0.89 < enough.planned < 0.97


def test_a_target_that_no_minutes_reach_is_said_to_be_out_of_reach(desk: Desk) -> None:
    plans = plan(desk, replace(EXAM, day=TODAY + timedelta(days=1), minutes=0.1, target=0.99))
    assert plans.outlooks[0].minutes_needed == math.inf
    assert "out of reach" in "\n".join(in_words(plans))
    assert as_data(plans)["exams"][0]["minutes_needed"] == "inf"


@pytest.mark.parametrize(
    ("exam", "message"),
    [
        (replace(EXAM, query="deck:nowhere"), "finds no card"),
        (replace(EXAM, query="prop:x>1"), "prop"),
    ],
)
def test_an_exam_that_cannot_be_planned_is_said_in_a_sentence(desk: Desk, exam: Exam, message: str) -> None:
    with pytest.raises(LrcardsError, match=message):
        plan(desk, exam)
