"""A mock test goes from question to question, and its result says how good and how well known it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lrcards.study.exam.mock_test import Given, Item, MockTest, Mode
from lrcards.study.exam.test_result import Score, result_of, trend_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fresh(questions: int = 4, minutes: float | None = None) -> MockTest:
    items = tuple(Item(f"c{n}", ("even" if n % 2 == 0 else "odd",), 0, 0.8) for n in range(questions))
    return MockTest("id", "Statistics", 7, NOW, items, minutes=minutes)


def given(correct: bool, confidence: float = 0.7, seconds: float = 10.0) -> Given:
    return Given(Mode.SELF, "", correct, confidence, seconds)


def test_an_answer_brings_the_next_open_question() -> None:
    test = fresh().answered(given(True))
    assert (test.at, test.unanswered, test.spent) == (1, [1, 2, 3], 10.0)


def test_a_skipped_question_comes_again_after_the_others() -> None:
    test = fresh(3).skipped(5.0).answered(given(True)).answered(given(True))
    assert (test.at, test.unanswered, test.spent) == (0, [0], 25.0)


def test_one_can_go_to_any_question_and_answer_it_anew() -> None:
    test = fresh().answered(given(False)).looked_at(0, 3.0).answered(given(True))
    assert test.given[0] == given(True)
    assert test.spent == 23.0
    with pytest.raises(ValueError, match="no question 4"):
        test.looked_at(4, 0.0)


def test_a_mark_comes_and_goes() -> None:
    assert fresh().toggled().marked == {0}
    assert fresh().toggled().toggled().marked == frozenset()


def test_the_time_is_up_when_it_was_spent_whatever_the_clock_says() -> None:
    test = fresh(minutes=0.5).answered(given(True)).answered(given(True))
    assert test.seconds_left == 10.0
    assert not test.is_over
    assert test.answered(given(True)).is_over
    assert fresh().finished(NOW).is_over


def test_a_test_without_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="has questions"):
        replace(fresh(), items=())


def test_a_question_without_an_answer_is_not_right() -> None:
    result = result_of(fresh().answered(given(True)).answered(given(False)))
    assert result.score == Score(1, 4)
    assert {topic.topic: topic.score for topic in result.topics} == {"even": Score(1, 2), "odd": Score(0, 2)}
    assert result.predicted == pytest.approx(0.8)
    assert result.weakest == (1, 2, 3)


def test_wrong_answers_that_one_was_sure_of_come_first() -> None:
    test = fresh().answered(given(False, 0.1)).answered(given(False, 0.95)).answered(given(True))
    assert result_of(test).weakest == (1, 0, 3)


def test_calibration_is_the_mean_squared_difference_and_what_is_said_too_much() -> None:
    test = fresh(2).answered(given(True, 0.7)).answered(given(False, 0.95, seconds=20.0))
    result = result_of(test)
    assert result.calibration is not None
    assert result.calibration.brier == pytest.approx((0.3**2 + 0.95**2) / 2)
    assert result.calibration.overconfidence == pytest.approx(0.825 - 0.5)
    assert result.seconds_a_question == 15.0
    assert result_of(fresh()).calibration is None


# Wilson score intervals as statsmodels' proportion_confint(method="wilson") gives them.
@pytest.mark.parametrize(
    ("right", "asked", "low", "high"),
    [
        (8, 10, 0.490162, 0.943318),
        (0, 5, 0.0, 0.434482),
        (20, 20, 0.838875, 1.0),
        (50, 100, 0.403832, 0.596168),
    ],
)
def test_a_score_has_wilsons_interval(right: int, asked: int, low: float, high: float) -> None:
    assert Score(right, asked).interval == pytest.approx((low, high), abs=1e-6)


def test_a_trend_has_the_finished_tests_in_their_order() -> None:
    first = fresh(2).answered(given(True)).answered(given(False)).finished(NOW)
    second = fresh(2).answered(given(True)).answered(given(True)).finished(NOW + timedelta(days=1))
    trend = trend_of([second, fresh(), first])
    assert [(at, score.share) for at, score, _ in trend.points] == [
        (NOW, 0.5),
        (NOW + timedelta(days=1), 1.0),
    ]
