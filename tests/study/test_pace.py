"""How long a learner takes: from what is usual to what their own answers say."""

from datetime import date, timedelta

import pytest

from lrcards.cards.model import Rating, ReviewKind
from lrcards.study.pace import EQUAL_WEIGHT, USUAL_ANSWER, USUAL_STEPS, Pace
from lrcards.study.queue import Counts
from lrcards.study.tallies import DayTally, Stage

DAY = date(2026, 3, 2)
MANY = 1_000_000


def tally(stage: Stage, rating: Rating, answers: int, seconds: float, kind=ReviewKind.STUDY) -> DayTally:
    return DayTally(DAY, kind, stage, rating, answers, round(1000 * answers * seconds))


def test_without_answers_the_pace_is_what_is_usual():
    assert Pace.of([]) == Pace(USUAL_ANSWER + USUAL_STEPS, USUAL_STEPS, USUAL_ANSWER)


def test_with_many_answers_the_pace_is_the_learners_own():
    pace = Pace.of(
        [
            tally(Stage.NEW, Rating.GOOD, MANY, 15),
            tally(Stage.LEARNING, Rating.GOOD, 2 * MANY, 6),
            tally(Stage.YOUNG, Rating.GOOD, MANY, 4),
            tally(Stage.MATURE, Rating.AGAIN, MANY, 8),
        ]
    )
    # Two answers on the steps for each card that came onto them: a new one, or one that was forgotten.
    assert pace.learning == pytest.approx(6, rel=1e-3)
    assert pace.new == pytest.approx(15 + 6, rel=1e-3)
    assert pace.review == pytest.approx(6 + 6 / 2, rel=1e-3)


def test_a_few_answers_count_half_of_what_is_usual():
    pace = Pace.of([tally(Stage.YOUNG, Rating.GOOD, EQUAL_WEIGHT, 30)])
    assert pace.review == pytest.approx((30 + USUAL_ANSWER) / 2)


def test_cramming_and_tests_do_not_tell_the_pace():
    assert Pace.of([tally(Stage.YOUNG, Rating.GOOD, MANY, 99, ReviewKind.CRAM)]) == Pace.of([])


def test_the_time_of_a_day_is_that_of_its_cards():
    assert Pace(new=30, learning=20, review=10).time_for(Counts(2, 3, 6)) == timedelta(minutes=3)
