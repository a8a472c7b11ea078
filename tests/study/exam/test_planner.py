"""A plan is the best there is where that can be computed, keeps to its minutes, and knows its bound."""

import itertools
from collections.abc import Callable, Sequence
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.cards.model import Memory, Rating
from lrcards.study.exam.candidate import Candidate, Stake
from lrcards.study.exam.forgetting import Forgetting
from lrcards.study.exam.learner import Learner, Seconds
from lrcards.study.exam.planner import ExamPlan, make_plan
from lrcards.study.memory import AVERAGE_HABITS, DEFAULT_PARAMETERS, MemoryModel

MODEL = MemoryModel()
SECONDS = Seconds(new=20.0, recalled=7.0, forgotten=20.0)
LEARNER = Learner(Forgetting(DEFAULT_PARAMETERS), SECONDS)

State = tuple[Memory, int] | None
"""A memory and the day of its last answer, today being day 0; nothing of a new card."""


def plan_of(states: Sequence[State], budget: Sequence[float], day: int = 0, **options: object) -> ExamPlan:
    stakes = (Stake("exam", len(budget)),)
    candidates = [
        Candidate(str(number), LEARNER, stakes)
        if state is None
        else Candidate(str(number), LEARNER, stakes, state[0], day - state[1])
        for number, state in enumerate(states)
    ]
    return make_plan(candidates, np.asarray(budget, dtype=float), **options)


# An oracle that shares nothing with the planner but the rule of what a day's study of a card comes to.
def after(state: State, day: int) -> tuple[float, list[tuple[float, State]]]:
    """Return the seconds that a card is expected to take on a day, and what it comes to, by fsrs-rs."""
    if state is None:
        further = {Rating.AGAIN: 2, Rating.HARD: 2, Rating.GOOD: 1, Rating.EASY: 0}
        outcomes: list[tuple[float, State]] = []
        for chance, rating in zip(AVERAGE_HABITS.first_ratings, Rating, strict=True):
            memory = MODEL.next_states(None, 0, 0.9)[rating][0]
            for _ in range(further[rating]):
                memory = MODEL.next_states(memory, 0, 0.9)[Rating.GOOD][0]
            outcomes.append((chance, (memory, day)))
        return SECONDS.new, outcomes
    memory, last = state
    recall = MODEL.retrievability(memory, day - last)
    states = MODEL.next_states(memory, day - last, 0.9)
    relearned = MODEL.next_states(states[Rating.AGAIN][0], 0, 0.9)[Rating.GOOD][0]
    seconds = recall * SECONDS.recalled + (1 - recall) * SECONDS.forgotten
    return seconds, [(recall, (states[Rating.GOOD][0], day)), (1 - recall, (relearned, day))]


def recalled(states: Sequence[State], day: int) -> float:
    return sum(MODEL.retrievability(state[0], day - state[1]) for state in states if state)


def expected(
    states: Sequence[State], asked: Sequence[int], day: int, then: Callable[[Sequence[State]], float]
) -> float:
    """Return the mean of what follows after some cards were asked on a day."""
    total = 0.0
    for course in itertools.product(*(after(states[card], day)[1] for card in asked)):
        left = list(states)
        for card, (_, state) in zip(asked, course, strict=True):
            left[card] = state
        total += prod(chance for chance, _ in course) * then(left)
    return total


def best(states: Sequence[State], budget: Sequence[float], day: int = 0) -> float:
    """Return the most recall that any course of study leads to."""
    if day == len(budget):
        return recalled(states, day)
    cards = range(len(states))
    return max(
        expected(states, asked, day, lambda left: best(left, budget, day + 1))
        for size in range(len(states) + 1)
        for asked in itertools.combinations(cards, size)
        if sum(after(states[card], day)[0] for card in asked) <= budget[day] + 1e-9
    )


def planned(states: Sequence[State], budget: Sequence[float], day: int = 0) -> float:
    """Return the recall that study by a new plan every day leads to."""
    if day == len(budget):
        return recalled(states, day)
    plan = plan_of(states, budget[day:], day)
    asked = [int(pick.candidate.guid) for pick in plan.within(budget[day])]
    return expected(states, asked, day, lambda left: planned(left, budget, day + 1))


def memory(stability: float, difficulty: float, days_ago: int) -> State:
    return Memory(stability, difficulty), -days_ago


@pytest.mark.parametrize(
    ("states", "budget"),
    [
        # Tight days, into which not everything fits, so that prices alone would err.
        ([memory(2.2, 2.0, 14), memory(5.1, 8.5, 9), memory(19.2, 3.3, 13), memory(0.9, 4.8, 5)], [0, 9, 30]),
        ([None, memory(3, 5, 4), None], [20, 30]),
        ([None, None], [20, 20, 9]),
        ([memory(0.7, 8.9, 14), memory(1.3, 8.3, 8), memory(1.8, 5.4, 1)], [0, 25, 13]),
        ([None, memory(2.7, 5.1, 10)], [13, 30, 9]),
    ],
)
def test_a_plan_for_few_cards_and_days_is_the_best_there_is(states: list[State], budget: list[float]) -> None:
    assert planned(states, budget) >= 0.99 * best(states, budget)


def test_a_plan_with_prices_comes_close_to_the_best_where_they_rule() -> None:
    states = [memory(1.5 + card, 3 + card, 2 * card + 1) for card in range(5)]
    budget = [25.0, 13.0, 25.0]
    assert planned(states, budget) >= 0.99 * best(states, budget)


@pytest.fixture(scope="module")
def season() -> tuple[ExamPlan, np.ndarray]:
    budget = np.full(20, 600.0)
    budget[[5, 6]] = 0.0
    return plan_of(
        [None] * 150 + [memory(2 + n % 20, 1 + n % 9, n % 15 + 1) for n in range(150)], budget
    ), budget


def test_a_plan_keeps_to_the_minutes_of_each_day(season: tuple[ExamPlan, np.ndarray]) -> None:
    plan, budget = season
    assert plan.seconds == pytest.approx(budget, rel=0.2)
    assert plan.seconds.sum() <= 1.05 * budget.sum()
    assert sum(pick.seconds for pick in plan.within(600)) <= 600


def test_nothing_is_planned_for_a_day_of_rest(season: tuple[ExamPlan, np.ndarray]) -> None:
    plan, _ = season
    assert plan.seconds[[5, 6]].tolist() == [0, 0]
    assert plan_of([None] * 20, [0, 60, 60]).picks == ()


def test_a_plan_knows_that_it_can_hardly_be_improved(season: tuple[ExamPlan, np.ndarray]) -> None:
    plan, _ = season
    assert 0.99 * plan.bound <= plan.expected <= plan.bound
    assert plan.recalled["exam"] == pytest.approx(plan.expected)
    assert plan.idle["exam"] < plan.expected


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 30), st.floats(1, 10), st.integers(1, 30)), min_size=1, max_size=3))
def test_no_course_of_study_surpasses_the_bound(cards: list[tuple[float, float, int]]) -> None:
    states, budget = [memory(*card) for card in cards], [20.0, 13.0]
    assert best(states, budget) <= 1.005 * plan_of(states, budget).bound


def test_a_day_without_need_is_not_filled() -> None:
    fresh = plan_of([memory(1000, 3, 1)] * 30, [3600, 3600])
    assert fresh.picks == ()


def test_a_card_of_today_is_not_asked_again_today() -> None:
    plan = plan_of([memory(0.5, 5, 0), memory(0.5, 5, 1)], [600, 600])
    assert [pick.candidate.guid for pick in plan.picks] == ["1"]


def test_what_counts_more_is_learned_better() -> None:
    light = [Candidate(f"light {n}", LEARNER, (Stake("light", 5, 1.0),)) for n in range(50)]
    heavy = [Candidate(f"heavy {n}", LEARNER, (Stake("heavy", 5, 3.0),)) for n in range(50)]
    plan = make_plan([*light, *heavy], np.full(5, 240.0))
    assert plan.recalled["heavy"] > plan.recalled["light"] + 5


def test_an_exam_that_comes_first_goes_first_and_both_are_planned_together() -> None:
    soon = [Candidate(f"soon {n}", LEARNER, (Stake("soon", 2),)) for n in range(30)]
    late = [Candidate(f"late {n}", LEARNER, (Stake("late", 12),)) for n in range(30)]
    both = [Candidate(f"both {n}", LEARNER, (Stake("soon", 2), Stake("late", 12))) for n in range(10)]
    plan = make_plan([*late, *soon, *both], np.full(12, 240.0))
    first = [pick.candidate.guid.split()[0] for pick in plan.within(240)]
    assert first.count("both") == 10
    assert "late" not in first
    assert plan.recalled["late"] > 0.95 * 40
    assert plan.recalled["soon"] < 24


def test_a_buried_card_waits_until_tomorrow() -> None:
    stakes = (Stake("exam", 3),)
    plan = make_plan(
        [Candidate("a", LEARNER, stakes, askable=False), Candidate("b", LEARNER, stakes)], np.full(3, 60.0)
    )
    assert [pick.candidate.guid for pick in plan.picks] == ["b"]


def test_alike_cards_are_put_together_without_changing_the_plan() -> None:
    states = [memory(1 + (n * 7919 % 400) / 20, 1 + n * 31 % 90 / 10, n % 40 + 1) for n in range(3000)]
    many, few = plan_of(states, [1800.0] * 5), plan_of(states[::2], [900.0] * 5)
    assert many.expected / 3000 == pytest.approx(few.expected / 1500, abs=0.01)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    plan_of([None] * 20, [60.0] * 3, progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] == len(told)
