"""What a plan needs to know of a learner: how they forget, and how long their answers take."""

from dataclasses import dataclass

import numpy as np

from lrcards.cards.model import Rating
from lrcards.study.exam.forgetting import Floats, Forgetting, Memories
from lrcards.study.memory import AVERAGE_HABITS, Habits


@dataclass(frozen=True)
class Seconds:
    """How long a card takes, with all steps of its day: introduced, recalled, or forgotten and relearned."""

    new: float
    recalled: float
    forgotten: float


@dataclass(frozen=True)
class Learner:
    """How a learner forgets and answers, as far as a plan counts with it.

    A card that is recalled counts as rated Good, and one that is forgotten as relearned on the same day.

    Attributes:
        forgetting: with the learner's own FSRS parameters.
        seconds: per card and day.
        first_ratings: the probabilities of Again to Easy for a new card.
        learning_steps, relearning_steps: how many there are.
    """

    forgetting: Forgetting
    seconds: Seconds
    first_ratings: tuple[float, ...] = AVERAGE_HABITS.first_ratings
    learning_steps: int = 2
    relearning_steps: int = 1

    @classmethod
    def with_habits(
        cls, parameters: tuple[float, ...], habits: Habits, learning_steps: int, relearning_steps: int
    ) -> "Learner":
        """Return the learner who answers by habit, as ``simulator.habits_of`` finds them in a log."""
        on_steps = habits.learning_seconds[Rating.GOOD - 1]
        new = sum(
            share * (habits.learning_seconds[rating - 1] + on_steps * _further(rating, learning_steps))
            for share, rating in zip(habits.first_ratings, Rating, strict=True)
        )
        recalled = float(np.dot(habits.passing_ratings, habits.review_seconds[1:]))
        relearning = habits.relearning_seconds[Rating.GOOD - 1] * relearning_steps
        forgotten = habits.review_seconds[Rating.AGAIN - 1] + relearning
        return cls(
            Forgetting(parameters),
            Seconds(new, recalled, forgotten),
            habits.first_ratings,
            learning_steps,
            relearning_steps,
        )

    def introduced(self) -> tuple[Floats, Memories]:
        """Return the memories that the day of its introduction can leave of a card, after their chances."""
        left = [self.introduced_as(rating) for rating in Rating]
        return np.asarray(self.first_ratings), Memories(
            np.array([memory.stability for memory in left]), np.array([memory.difficulty for memory in left])
        )

    def introduced_as(self, rating: Rating) -> Memories:
        """Return the memory at the end of a day that began with this first answer."""
        further = [Rating.GOOD] * _further(rating, self.learning_steps)
        return self.forgetting.after_same_day(self.forgetting.first(rating), further)

    def reviewed(self, memories: Memories, rating: Rating, recall: Floats) -> Memories:
        """Return the memories at the end of a day on which cards were reviewed and, if need be, relearned."""
        after = self.forgetting.after(memories, rating, recall)
        if rating is not Rating.AGAIN:
            return after
        return self.forgetting.after_same_day(after, [Rating.GOOD] * self.relearning_steps)


def _further(rating: Rating, steps: int) -> int:
    """Return how many times a new card is rated Good on the rest of its learning steps."""
    return {Rating.AGAIN: steps, Rating.HARD: steps, Rating.GOOD: max(0, steps - 1), Rating.EASY: 0}[rating]
