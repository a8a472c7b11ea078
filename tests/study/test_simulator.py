"""What each desired retention would cost, and how a learner's habits are read from the log."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lrcards.cards.model import Phase, Rating, Review, ReviewKind
from lrcards.study.memory import AVERAGE_HABITS, MemoryModel, Plan, simulated_workload
from lrcards.study.simulator import RETENTIONS, habits_of, outlooks

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 12, 31)
PLAN = Plan(cards=200, days=120, new_per_day=5, reviews_per_day=9999)
AGAIN, HARD, GOOD, EASY = Rating


def answers(
    *given: tuple[Phase, Rating], card: str = "c", kind: ReviewKind = ReviewKind.STUDY, seconds: float = 8
) -> list[Review]:
    """Return answers of one card within a minute each."""
    return [
        Review(
            f"{card} {minute}",
            card,
            rating,
            NOON + timedelta(minutes=minute),
            NOON.date(),
            round(seconds * 1000),
            kind,
            phase,
        )
        for minute, (phase, rating) in enumerate(given)
    ]


def test_every_percent_from_70_to_97_is_simulated() -> None:
    rows = list(outlooks(MemoryModel(), PLAN))
    assert [row.desired_retention for row in rows] == list(RETENTIONS)
    assert (RETENTIONS[0], RETENTIONS[-1], len(RETENTIONS)) == (0.7, 0.97, 28)


def test_a_higher_retention_costs_more_and_brings_more() -> None:
    low, middle, high = outlooks(MemoryModel(), PLAN, retentions=(0.7, 0.85, 0.97))
    assert low.minutes_per_day < middle.minutes_per_day < high.minutes_per_day
    assert low.reviews_per_day < middle.reviews_per_day < high.reviews_per_day
    assert low.remembered < middle.remembered < high.remembered <= PLAN.cards
    assert high.remembered_per_minute == pytest.approx(
        high.remembered / (high.minutes_per_day * PLAN.days), rel=1e-9
    )


def test_two_calls_give_the_same() -> None:
    assert list(outlooks(MemoryModel(), PLAN, retentions=[0.9])) == list(
        outlooks(MemoryModel(), PLAN, retentions=[0.9])
    )


def test_no_more_is_introduced_and_asked_in_a_day_than_planned() -> None:
    plan = Plan(cards=1000, days=50, new_per_day=7, reviews_per_day=10)
    workload = simulated_workload(MemoryModel(), 0.9, plan, AVERAGE_HABITS, seed=1)
    assert workload.introduced == 350
    assert workload.reviews <= 500


def test_a_plan_without_new_cards_costs_nothing() -> None:
    (row,) = outlooks(MemoryModel(), Plan(10, 5, 0, 100), retentions=[0.9])
    assert (row.reviews_per_day, row.minutes_per_day, row.remembered_per_minute) == (0, 0, 0)


@pytest.mark.parametrize(("cards", "days"), [(0, 5), (5, 0)])
def test_a_plan_with_nothing_in_it_is_refused(cards: int, days: int) -> None:
    with pytest.raises(ValueError, match="nothing to simulate"):
        Plan(cards, days, 20, 200)


def test_without_a_log_the_learner_is_the_average_one() -> None:
    habits = habits_of([], TODAY)
    assert habits.first_ratings == pytest.approx(AVERAGE_HABITS.first_ratings)
    assert habits.relearning_seconds == pytest.approx(AVERAGE_HABITS.relearning_seconds)
    assert sum(habits.first_ratings) == pytest.approx(1)
    assert [sum(row) for row in habits.learning_ratings] == pytest.approx([1, 1, 1], abs=1e-3)


def test_the_more_the_learner_answered_the_more_it_counts() -> None:
    log = [review for card in range(50) for review in answers((Phase.NEW, EASY), card=f"{card}")]
    habits = habits_of(log, TODAY)
    assert habits.first_ratings[3] == pytest.approx((AVERAGE_HABITS.first_ratings[3] + 1) / 2)
    assert habits.learning_seconds[3] == pytest.approx((AVERAGE_HABITS.learning_seconds[3] + 8) / 2)
    assert habits.learning_seconds[:3] == pytest.approx(AVERAGE_HABITS.learning_seconds[:3])


def test_a_lapse_does_not_count_among_the_passing_ratings() -> None:
    habits = habits_of(answers((Phase.REVIEW, AGAIN), (Phase.RELEARNING, GOOD)), TODAY)
    assert habits.passing_ratings == pytest.approx(AVERAGE_HABITS.passing_ratings)
    assert habits.review_seconds[0] < AVERAGE_HABITS.review_seconds[0]


def test_a_rating_on_a_step_counts_after_the_one_before() -> None:
    log = answers((Phase.NEW, AGAIN), (Phase.LEARNING, HARD), (Phase.LEARNING, GOOD))
    after_again, after_hard, after_good = habits_of(log, TODAY).learning_ratings
    assert after_again[1] > AVERAGE_HABITS.learning_ratings[0][1]
    assert after_hard[2] > AVERAGE_HABITS.learning_ratings[1][2]
    assert after_good == pytest.approx(AVERAGE_HABITS.learning_ratings[2])


def test_cramming_and_answers_without_a_time_tell_no_time() -> None:
    log = answers((Phase.REVIEW, GOOD), card="a", kind=ReviewKind.CRAM) + answers(
        (Phase.REVIEW, GOOD), card="b", seconds=0
    )
    assert habits_of(log, TODAY).review_seconds == pytest.approx(AVERAGE_HABITS.review_seconds)
