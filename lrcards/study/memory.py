"""The memory model: FSRS-6, computed by fsrs-rs, the engine that Anki uses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import fsrs_rs_python as fsrs

from lrcards.cards.model import Memory, Rating
from lrcards.errors import SettingsError

DEFAULT_PARAMETERS = tuple(fsrs.DEFAULT_PARAMETERS)
SHORTEST_STABILITY, LONGEST_STABILITY = 0.001, 36500.0
EASIEST, HARDEST = 1.0, 10.0

PARAMETER_COUNTS = (17, 19, 21)
DECAY_RANGE = (0.1, 0.8)
LARGEST_PARAMETER = 100.0
"""The longest first stability that fsrs-rs fits; all other parameters are far smaller."""

History = Sequence[tuple[int, int]]
"""The answers of one card, oldest first: the rating, and whole study days since the one before, if any."""


@dataclass(frozen=True)
class MemoryModel:
    """FSRS-6 with a learner's parameters.

    Attributes:
        parameters: the 21 parameters of FSRS-6 in single precision. The 17 of FSRS-4.5 and the 19 of
            FSRS-5 are accepted and filled up as Anki does (no short-term memory, decay 0.5).

    Raises:
        SettingsError: for another count of parameters, or for values that are not allowed.
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS

    def __post_init__(self) -> None:
        if len(self.parameters) not in PARAMETER_COUNTS:
            raise SettingsError(
                f"there are {len(self.parameters)} FSRS parameters",
                "FSRS has 21 of them; 17 or 19 in old versions",
            )
        problems = [
            f"FSRS parameter {number} is {value}"
            for number, value in enumerate(self.parameters, start=1)
            if not abs(value) <= LARGEST_PARAMETER
        ]
        if problems:
            raise SettingsError("; ".join(problems), f"No parameter is beyond ±{LARGEST_PARAMETER:g}")
        filled = tuple(fsrs.check_and_fill_parameters(self.parameters))
        low, high = DECAY_RANGE
        if not low <= round(filled[20], 6) <= high:
            raise SettingsError(
                f"the FSRS decay, parameter 21, is {filled[20]:g}", f"It lies in {low} to {high}"
            )
        object.__setattr__(self, "parameters", filled)

    @property
    def short_term(self) -> bool:
        """Whether the parameters describe what a second answer on the same day does."""
        return self.parameters[17] > 0 and self.parameters[18] > 0

    def next_states(
        self, memory: Memory | None, elapsed_days: int, desired_retention: float
    ) -> dict[Rating, tuple[Memory, float]]:
        """Return the memory that each rating leaves, and after how many days recall falls to the desired one.

        Args:
            memory: what is known so far; ``None`` for a card that was never answered.
            elapsed_days: whole study days since the last answer; 0 takes the same-day formula.
            desired_retention: the probability of recall at the next showing, between 0 and 1.
        """
        states = fsrs.FSRS(self.parameters).next_states(
            _state(memory),
            desired_retention,
            elapsed_days,
        )
        by_rating = {
            Rating.AGAIN: states.again,
            Rating.HARD: states.hard,
            Rating.GOOD: states.good,
            Rating.EASY: states.easy,
        }
        return {rating: (_within_bounds(state.memory), state.interval) for rating, state in by_rating.items()}

    def retrievability(self, memory: Memory, elapsed_days: float) -> float:
        """Return the probability of recall after some days.

        FSRS-6: R = (1 + f · t / S)^(−w₂₀) with f = 0.9^(−1/w₂₀) − 1, so that R is 0.9 after t = S days
        (github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm).
        """
        decay, factor = self._forgetting_curve
        return float((1 + factor * max(0.0, elapsed_days) / memory.stability) ** -decay)

    def delay(self, recall: float) -> float:
        """Return after how many times the stability the probability of recall falls to this."""
        decay, factor = self._forgetting_curve
        return (recall ** (-1 / decay) - 1) / factor if recall > 0 else math.inf

    def loss(self, stability: Any, elapsed_days: Any, days: int = 1) -> Any:
        """Return by how much the probability of recall falls in some days more; of arrays, an array."""
        decay, factor = self._forgetting_curve
        slope = factor / stability
        return (1 + slope * elapsed_days) ** -decay - (1 + slope * (elapsed_days + days)) ** -decay

    def interval(self, memory: Memory, desired_retention: float) -> float:
        """Return after how many days recall falls to the desired one; the inverse of ``retrievability``."""
        return fsrs.FSRS(self.parameters).next_interval(memory.stability, desired_retention, Rating.GOOD)

    def memory_after(
        self, histories: Sequence[History], starts: Sequence[Memory | None] | None = None
    ) -> list[Memory]:
        """Return the memory that each history leaves: what ``next_states`` leads to, in one call.

        Args:
            histories: none may be empty.
            starts: the memory before each history, where there was one already.
        """
        items = [fsrs.FSRSItem(_reviews(history)) for history in histories]
        states = None if starts is None else [_state(memory) for memory in starts]
        return [
            _within_bounds(state) for state in fsrs.FSRS(self.parameters).memory_state_batch(items, states)
        ]

    def memory_of_interval(self, interval: int) -> Memory:
        """Return the memory of a card of which nothing is known but that it waits so many days, at least 1.

        Its recall is taken to fall to 0.9 by then, and it to be as difficult as a card of usual ease in SM-2.
        """
        usual_ease = 2.5
        state = fsrs.FSRS(self.parameters).memory_state_from_sm2(usual_ease, float(max(1, interval)), 0.9)
        return _within_bounds(state)

    def recalls(self, histories: Sequence[History]) -> list[list[float]]:
        """Return the probability of recall at each answer of each history, foretold by those before."""
        items = [fsrs.FSRSItem(_reviews(history)) for history in histories]
        memories = fsrs.FSRS(self.parameters).historical_memory_state_batch(items)
        decay, factor = self._forgetting_curve
        return [
            [1.0]
            + [
                (1 + factor * elapsed / memory.stability) ** -decay
                for (_, elapsed), memory in zip(history[1:], of_a_card, strict=False)
            ]
            for history, of_a_card in zip(histories, memories, strict=True)
        ]

    @cached_property
    def _forgetting_curve(self) -> tuple[float, float]:
        """The decay, and the factor that makes recall 0.9 after as many days as the stability."""
        decay = self.parameters[20]
        return decay, 0.9 ** (-1 / decay) - 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well recall was predicted; 0 would be perfect for both.

    Attributes:
        log_loss: the mean of −ln of the probability that was given to what came true.
        rmse_bins: the root of the mean squared difference between predicted and observed recall, over
            bins of reviews that are alike in elapsed days, number of answers and lapses.
    """

    log_loss: float
    rmse_bins: float


class TrainingSet:
    """Reviews that FSRS can learn from: each with the history of its card up to and including it.

    Args:
        histories: of each card.
        order: the reviews by time: the index of the card's history, and how many of its answers belong
            to the item, at least 2. The last of them was given at least one day after the one before.
    """

    def __init__(self, histories: Sequence[History], order: Sequence[tuple[int, int]]) -> None:
        reviews = [_reviews(history) for history in histories]
        self._items = [fsrs.FSRSItem(reviews[card][:answers]) for card, answers in order]
        self._cards = [card for card, _ in order]

    def fitted(self, relearning_steps: int) -> tuple[float, ...]:
        """Return the parameters that fsrs-rs fits; recent reviews weigh more.

        fsrs-rs leaves out first intervals that are rare. It returns the default parameters if fewer than 8
        reviews remain, and fits only the four first stabilities for fewer than 64.

        Args:
            relearning_steps: how many a forgotten card takes; a lapse followed by them must not raise
                stability.
        """
        learner = fsrs.FSRS(DEFAULT_PARAMETERS)
        fitted = learner.compute_parameters(self._items, self._cards, True, relearning_steps)
        return tuple(fitted)

    def evaluated(self, parameters: Sequence[float]) -> Evaluation:
        """Return how well parameters predict all the reviews, recent ones weighing more."""
        return _evaluation(fsrs.FSRS(parameters).evaluate(self._items))

    def evaluated_by_splits(self, relearning_steps: int) -> Evaluation:
        """Return how well fitting predicts reviews it has not seen; all of those weigh the same.

        The reviews, 6 or more, are cut by time into six segments; each but the first is predicted by
        parameters fitted to all before it.
        """
        return _evaluation(
            fsrs.evaluate_with_time_series_splits(self._items, self._cards, True, relearning_steps)
        )


@dataclass(frozen=True, slots=True)
class Habits:
    """How a learner answers and how long that takes, as fsrs-rs's simulator wants to know it.

    Ratings are probabilities, seconds are those of one answer; both from Again to Easy unless said.

    Attributes:
        first_ratings: of a new card.
        passing_ratings: Hard, Good and Easy of a review card that is recalled.
        learning_ratings, relearning_ratings: of the next answer on the steps; a row after Again, Hard, Good.
        learning_seconds, review_seconds, relearning_seconds: by the rating.
    """

    first_ratings: tuple[float, ...]
    passing_ratings: tuple[float, ...]
    learning_ratings: tuple[tuple[float, ...], ...]
    relearning_ratings: tuple[tuple[float, ...], ...]
    learning_seconds: tuple[float, ...]
    review_seconds: tuple[float, ...]
    relearning_seconds: tuple[float, ...]


def _average_habits() -> Habits:
    average = fsrs.default_simulator_config()
    learning, review, relearning = average.state_rating_costs
    return Habits(
        first_ratings=tuple(average.first_rating_prob),
        passing_ratings=tuple(average.review_rating_prob),
        learning_ratings=tuple(map(tuple, average.learning_step_transitions)),
        relearning_ratings=tuple(map(tuple, average.relearning_step_transitions)),
        learning_seconds=tuple(learning),
        review_seconds=tuple(review),
        relearning_seconds=tuple(relearning),
    )


AVERAGE_HABITS = _average_habits()
"""Those of the average user of Anki, as fsrs-rs has them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be studied: a deck of new cards, for some days.

    Attributes:
        cards: how many the deck has, at least 1.
        days: for how long it is studied, at least 1.
        new_per_day, reviews_per_day: at most so many.
        maximum_interval: in days.
        learning_steps, relearning_steps: how many there are.

    Raises:
        ValueError: there are no cards or no days.
    """

    cards: int
    days: int
    new_per_day: int
    reviews_per_day: int
    maximum_interval: int = int(LONGEST_STABILITY)
    learning_steps: int = 2
    relearning_steps: int = 1

    def __post_init__(self) -> None:
        if self.cards < 1 or self.days < 1:
            raise ValueError(f"there is nothing to simulate with {self.cards} cards for {self.days} days")


@dataclass(frozen=True, slots=True)
class Workload:
    """What a plan came to.

    Attributes:
        introduced: how many cards were introduced.
        reviews, recalled: how many review cards were asked, and how many of them were recalled.
        seconds: how long all answers took.
        remembered: how many cards would be recalled at the end: the sum of the probabilities.
    """

    introduced: int
    reviews: int
    recalled: int
    seconds: float
    remembered: float


def simulated_workload(
    model: MemoryModel, desired_retention: float, plan: Plan, habits: Habits, seed: int
) -> Workload:
    """Return what a plan comes to for a learner who forgets as the model says, by fsrs-rs's simulator."""
    config = fsrs.SimulatorConfig(
        deck_size=plan.cards,
        learn_span=plan.days,
        max_cost_perday=math.inf,
        max_ivl=plan.maximum_interval,
        first_rating_prob=habits.first_ratings,
        review_rating_prob=habits.passing_ratings,
        learn_limit=plan.new_per_day,
        review_limit=plan.reviews_per_day,
        new_cards_ignore_review_limit=True,
        learning_step_transitions=habits.learning_ratings,
        relearning_step_transitions=habits.relearning_ratings,
        state_rating_costs=(habits.learning_seconds, habits.review_seconds, habits.relearning_seconds),
        learning_step_count=plan.learning_steps,
        relearning_step_count=plan.relearning_steps,
    )
    result = fsrs.simulate(model.parameters, desired_retention, config, seed)
    return Workload(
        introduced=sum(result.learn_cnt_per_day),
        reviews=sum(result.review_cnt_per_day),
        recalled=sum(result.correct_cnt_per_day),
        seconds=sum(result.cost_per_day),
        remembered=result.memorized_cnt_per_day[-1],
    )


def _state(memory: Memory | None) -> fsrs.MemoryState | None:
    return None if memory is None else fsrs.MemoryState(memory.stability, memory.difficulty)


def _reviews(history: History) -> list[fsrs.FSRSReview]:
    return [fsrs.FSRSReview(rating, elapsed) for rating, elapsed in history]


def _evaluation(evaluation: fsrs.ModelEvaluation) -> Evaluation:
    return Evaluation(evaluation.log_loss, evaluation.rmse_bins)


def _within_bounds(state: fsrs.MemoryState) -> Memory:
    return Memory(
        stability=min(max(state.stability, SHORTEST_STABILITY), LONGEST_STABILITY),
        difficulty=min(max(state.difficulty, EASIEST), HARDEST),
    )
