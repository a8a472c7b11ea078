"""What a second of each day is worth, so that cards that are each planned alone fill the days and no more.

This is Lagrangian relaxation. At any prices, what the cards bring less what they pay, plus what the days'
seconds would sell for, is at least what the best plan can bring within these seconds. The prices for which
this bound is lowest are found by gradient descent on their logarithms; the gradient is how far each day is
from being just full. The maximum over what can be done with a card is rounded off by a temperature that falls
as the steps go on, since without it a thousand equal cards would all choose the same day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lrcards.study.exam.forgetting import Floats
from lrcards.study.exam.group import Group, Response

LOWEST, HIGHEST = 1e-4, 1.0
"""Recall a second. Even a day with time to spare is not filled with what brings less than the lowest."""

FEWEST_STEPS, MOST_STEPS, STEPS_TIMES_DAYS = 50, 150, 3000
FURTHER_STEPS = 15
HOT, COLD = 0.3, 0.03
"""The temperature at first and in the end, as a share of the price of a review."""
SHARPEST = 1e-9

Progress = Callable[[int, int], object]
"""Told how many steps are done, of how many."""


@dataclass(frozen=True)
class Settled:
    """Prices at which the days are about full.

    Attributes:
        prices: weighted recall a second, shape (days,); infinite on a day without time.
        seconds: what the cards take of each day at these prices, shape (days,).
        recalled: how many cards of each group are recalled on each of its exams.
        bound: no plan within the seconds of the days brings more weighted recall, on average.
    """

    prices: Floats
    seconds: Floats
    recalled: Sequence[Floats]
    bound: float


def settle(
    groups: Sequence[Group], budget: Floats, start: Floats | None = None, progress: Progress | None = None
) -> Settled:
    """Return the prices at which the groups fill the days.

    Args:
        groups: the cards.
        budget: the seconds of each day, shape (days,).
        start: prices that were right for nearly the same cards and days, if there are any.
        progress: told of each step.
    """
    market = _Market(groups, budget)
    # Adam, with a rate that falls linearly: the gradients of the days differ by orders of magnitude.
    if start is None:
        logs, rate, hot = market.level(), 0.3, HOT
        steps = min(max(STEPS_TIMES_DAYS // budget.size, FEWEST_STEPS), MOST_STEPS)
    else:
        usable = np.where(np.isfinite(start), start, LOWEST)
        logs, rate, hot = np.log(np.clip(usable, LOWEST, HIGHEST)), 0.1, 2 * COLD
        steps = FURTHER_STEPS
    mean, square = np.zeros(budget.shape), np.zeros(budget.shape)
    for step in range(steps):
        done = step / steps
        heat = hot * (COLD / hot) ** min(1.0, 1.5 * done)
        gradient = market.slack(market.respond(logs, heat))
        mean = 0.8 * mean + 0.2 * gradient
        square = 0.9 * square + 0.1 * gradient**2
        unbiased, scale = mean / (1 - 0.8 ** (step + 1)), np.sqrt(square / (1 - 0.9 ** (step + 1)))
        logs = logs - rate * (1 - done) * unbiased / (scale + 1e-3)
        logs = np.clip(logs, np.log(LOWEST), np.log(HIGHEST))
        if progress is not None:
            progress(step + 1, steps)
    responses = market.respond(logs, COLD)
    return Settled(
        market.prices(logs),
        np.sum([response.seconds for response in responses], axis=0),
        [response.recalled for response in responses],
        market.bound(logs),
    )


class _Market:
    """Groups of cards and the days that they fill."""

    def __init__(self, groups: Sequence[Group], budget: Floats) -> None:
        self._groups = groups
        self._budget = budget
        self._open = budget > 0
        self._seconds_of_a_review = float(np.mean([group.learner.seconds.recalled for group in groups]))

    def prices(self, logs: Floats) -> Floats:
        return np.where(self._open, np.exp(logs), np.inf)

    def respond(self, logs: Floats, heat: float) -> list[Response]:
        """Return what the groups do; the heat is the temperature as a share of the price of a review."""
        of_a_review = self._seconds_of_a_review * float(
            np.exp(logs[self._open]).mean() if self._open.any() else 1
        )
        return [group.respond(self.prices(logs), heat * of_a_review) for group in self._groups]

    def slack(self, responses: Sequence[Response]) -> Floats:
        """Return which share of each day is left; at least -2, as a day is not that much dearer for it."""
        taken = np.sum([response.seconds for response in responses], axis=0)
        share = np.divide(taken, self._budget, out=np.ones(self._budget.shape), where=self._open)
        return np.asarray(np.maximum(1 - share, -2.0))

    def level(self) -> Floats:
        """Return the logarithm of the one price at which all days together are about full."""
        low, high = np.log(LOWEST), np.log(HIGHEST)
        for _ in range(8):
            middle = np.full(self._budget.shape, (low + high) / 2)
            taken = sum(float(response.seconds.sum()) for response in self.respond(middle, HOT))
            low, high = (middle[0], high) if taken > self._budget.sum() else (low, middle[0])
        return np.full(self._budget.shape, (low + high) / 2)

    def bound(self, logs: Floats) -> float:
        sold = float((np.exp(logs) * self._budget)[self._open].sum())
        return sold + sum(group.respond(self.prices(logs), SHARPEST).value for group in self._groups)
