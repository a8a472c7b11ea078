"""What each desired retention would cost a learner, and what it would bring."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from lrcards.cards.model import Phase, Rating, Review
from lrcards.study.log import study_by_card
from lrcards.study.memory import AVERAGE_HABITS, Habits, MemoryModel, Plan, simulated_workload

RETENTIONS = tuple(percent / 100 for percent in range(70, 98))
# So many new cards make chance small: minutes a day then differ by about 1 % between two simulations.
ENOUGH_CARDS = 10_000
# How many answers of the learner's own weigh as much as what is known of the average learner, as in fsrs-rs.
EQUAL_WEIGHT = 50


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a desired retention would come to.

    Attributes:
        desired_retention: the probability of recall at which a card is shown again.
        reviews_per_day, minutes_per_day: the mean over the days of the plan; minutes include new cards.
        remembered: how many cards would be recalled at the end.
        remembered_per_minute: cards remembered at the end for each minute of study.
    """

    desired_retention: float
    reviews_per_day: float
    minutes_per_day: float
    remembered: float
    remembered_per_minute: float


def outlooks(
    model: MemoryModel, plan: Plan, habits: Habits = AVERAGE_HABITS, retentions: Sequence[float] = RETENTIONS
) -> Iterator[Outlook]:
    """Yield what each desired retention would come to for a learner who forgets as the model says.

    A small deck is simulated several times, for the mean. Two calls give the same.
    """
    introduced = min(plan.cards, plan.new_per_day * plan.days)
    seeds = range(math.ceil(ENOUGH_CARDS / introduced) if introduced else 1)
    for retention in retentions:
        workloads = [simulated_workload(model, retention, plan, habits, seed) for seed in seeds]
        minutes = fmean(workload.seconds for workload in workloads) / 60
        remembered = fmean(workload.remembered for workload in workloads)
        yield Outlook(
            retention,
            reviews_per_day=fmean(workload.reviews for workload in workloads) / plan.days,
            minutes_per_day=minutes / plan.days,
            remembered=remembered,
            remembered_per_minute=remembered / minutes if minutes else 0.0,
        )


def habits_of(reviews: Iterable[Review], today: date) -> Habits:
    """Return how the learner of a log answers, leaning on the average learner where there are few answers.

    As ``extract_simulator_config`` of fsrs-rs. An answer that took no time says nothing about time.
    """
    first: Counter[int] = Counter()
    at_review: Counter[int] = Counter()
    on_steps: defaultdict[tuple[Phase, int], Counter[int]] = defaultdict(Counter)
    seconds: defaultdict[tuple[Phase, int], list[float]] = defaultdict(list)
    for answers in study_by_card(reviews, today).values():
        before: Review | None = None
        for review in answers:
            if review.phase is Phase.NEW:
                first[review.rating] += 1
            elif review.phase is Phase.REVIEW:
                at_review[review.rating] += 1
            elif before is not None and before.day == review.day:
                on_steps[review.phase, before.rating][review.rating] += 1
            if review.duration_ms:
                phase = Phase.LEARNING if review.phase is Phase.NEW else review.phase
                seconds[phase, review.rating].append(review.duration_ms / 1000)
            before = review

    def after_each(phase: Phase, average: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
        return tuple(
            _shares(on_steps[phase, before], row) for before, row in zip(Rating, average, strict=False)
        )

    def mean_of_each(phase: Phase, average: Sequence[float]) -> tuple[float, ...]:
        return tuple(
            _mean(seconds[phase, rating], usual) for rating, usual in zip(Rating, average, strict=True)
        )

    return Habits(
        first_ratings=_shares(first, AVERAGE_HABITS.first_ratings),
        passing_ratings=_shares(at_review, AVERAGE_HABITS.passing_ratings),
        learning_ratings=after_each(Phase.LEARNING, AVERAGE_HABITS.learning_ratings),
        relearning_ratings=after_each(Phase.RELEARNING, AVERAGE_HABITS.relearning_ratings),
        learning_seconds=mean_of_each(Phase.LEARNING, AVERAGE_HABITS.learning_seconds),
        review_seconds=mean_of_each(Phase.REVIEW, AVERAGE_HABITS.review_seconds),
        relearning_seconds=mean_of_each(Phase.RELEARNING, AVERAGE_HABITS.relearning_seconds),
    )


def _shares(counts: Counter[int], average: Sequence[float]) -> tuple[float, ...]:
    """Return the share of each of the best ratings, as many as the average learner's shares are given for."""
    ratings = tuple(Rating)[-len(average) :]
    total = sum(counts[rating] for rating in ratings) + EQUAL_WEIGHT
    return tuple(
        (counts[rating] + EQUAL_WEIGHT * share) / total
        for rating, share in zip(ratings, average, strict=True)
    )


def _mean(values: Sequence[float], average: float) -> float:
    return (sum(values) + EQUAL_WEIGHT * average) / (len(values) + EQUAL_WEIGHT)
