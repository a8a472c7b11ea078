"""The students of a trial are the same for every rule, and the plan serves them best."""

import numpy as np
import pytest

from lrcards.study.exam.student import Deck, Student
from lrcards.study.exam.trial import RULES, TYPICAL, Cell, compare


def test_a_plan_beats_every_rival_under_the_same_minutes() -> None:
    results = dict(compare(Cell(cards=150, days=7, minutes=6), seeds=range(3)))
    rivals = [result.mean for name, result in results.items() if name != "plan"]
    assert results["plan"].mean > max(rivals)
    assert results["plan"].mean > results["schedule at 0.9"].mean + 0.03


def test_a_student_stops_when_the_time_is_used_up_with_the_card_in_hand() -> None:
    student = Student(Deck.of_new_cards(10), TYPICAL, seed=1)
    student.study(np.arange(10), seconds=60.0)
    assert student.seen.sum() == 3
    student.study(np.arange(10), seconds=0.0)
    assert student.seen.sum() == 3


def test_two_trials_with_the_same_seeds_are_equal() -> None:
    rule = {"schedule": RULES["schedule at 0.9"]}
    first, second = (dict(compare(Cell(50, 5, 5), seeds=(1, 2), rules=rule)) for _ in range(2))
    assert first == second
    assert first != dict(compare(Cell(50, 5, 5), seeds=(3, 4), rules=rule))


def test_without_spread_the_planner_knows_the_student() -> None:
    student = Student(Deck.of_new_cards(200), TYPICAL, seed=4)
    for _ in range(3):
        student.study(np.arange(200), seconds=1e6)
    assert student.score() == pytest.approx(student.recall().mean())
