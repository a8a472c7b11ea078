"""How long a learner takes for a card on a day, by the times of their answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from lrcards.cards.model import Rating, ReviewKind
from lrcards.study.queue import Counts
from lrcards.study.tallies import DayTally, Stage

PACE_DAYS = 90
"""How many days back answers tell how long the learner takes."""

USUAL_ANSWER = 10.0
USUAL_STEPS = 20.0
"""Seconds of an answer, and of all answers on the steps until a card has passed them."""

EQUAL_WEIGHT = 20
"""How many answers of the learner's own weigh as much as what is usual."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a card takes on a day, with its answers on the steps.

    Attributes:
        new: a card that is asked for the first time.
        learning: a card that is on the steps already.
        review: a card that is due; on the steps comes the share that is forgotten.
    """

    new: float
    learning: float
    review: float

    @classmethod
    def of(cls, tallies: Iterable[DayTally]) -> Self:
        """Return the pace that shows in some answers; the fewer they are, the more like what is usual."""
        answers: Counter[Stage] = Counter()
        seconds: Counter[Stage] = Counter()
        forgotten = 0
        for tally in tallies:
            if tally.kind is ReviewKind.STUDY:
                # Young and mature cards are asked alike.
                stage = Stage.YOUNG if tally.stage is Stage.MATURE else tally.stage
                answers[stage] += tally.answers
                seconds[stage] += tally.duration_ms // 1000
                if stage is Stage.YOUNG and tally.rating is Rating.AGAIN:
                    forgotten += tally.answers

        def mean(total: float, number: int, usual: float) -> float:
            return (total + EQUAL_WEIGHT * usual) / (number + EQUAL_WEIGHT)

        steps = mean(seconds[Stage.LEARNING], answers[Stage.NEW] + forgotten, USUAL_STEPS)
        share_forgotten = forgotten / max(answers[Stage.YOUNG], 1)
        return cls(
            new=mean(seconds[Stage.NEW], answers[Stage.NEW], USUAL_ANSWER) + steps,
            learning=steps,
            review=mean(seconds[Stage.YOUNG], answers[Stage.YOUNG], USUAL_ANSWER) + share_forgotten * steps,
        )

    def time_for(self, cards: Counts) -> timedelta:
        """Return how long these cards take."""
        seconds = self.new * cards.new + self.learning * cards.learning + self.review * cards.review
        return timedelta(seconds=seconds)
