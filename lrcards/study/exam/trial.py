"""How plans fare: learners who forget in ways that the planner does not know study by one rule or another.

Everybody has the same minutes a day and stops when they are used up, with the card in hand.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lrcards.cards.model import Memory, Rating
from lrcards.study.exam.candidate import Candidate, Stake
from lrcards.study.exam.forgetting import Floats, Forgetting, Memories
from lrcards.study.exam.learner import Learner, Seconds
from lrcards.study.exam.planner import make_plan
from lrcards.study.memory import AVERAGE_HABITS, DECAY_RANGE, DEFAULT_PARAMETERS

Order = NDArray[np.intp]
SPREAD = 0.1
"""Standard deviation of the logarithm of each true parameter around the one that the planner goes by."""

QUICK_TRIAL = Seconds(new=20.0, recalled=7.0, forgotten=20.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One setting of a trial: how many new cards, days until the exam, and minutes a day."""

    cards: int
    days: int
    minutes: float


class Student:
    """A simulated learner with a deck of new cards and an exam on the morning after the last day.

    Args:
        cell: the setting.
        learner: what the planner believes of the learner; the truth differs by ``spread``.
        seed: of the truth and of what is remembered.
        spread: see ``SPREAD``.
    """

    def __init__(self, cell: Cell, learner: Learner, seed: int, spread: float = SPREAD) -> None:
        self._random = np.random.default_rng(seed)
        self.cell = cell
        self.believed = learner
        self._true = _varied(learner, spread, self._random)
        self.known = _Known(cell.cards)
        self._truly = _Known(cell.cards)
        self.seen = np.zeros(cell.cards, dtype=bool)
        self.last = np.zeros(cell.cards)
        self.day = 0

    def study(self, order: Order, seconds: float) -> None:
        """Introduce or review the cards in this order until the time is used up, then sleep."""
        recall_true, recall_believed = (self._recalls(side, order) for side in self._sides)
        introduced = ~self.seen[order]
        recalled = self._random.random(order.size) < recall_true
        ratings = np.where(
            recalled, self._draw(AVERAGE_HABITS.passing_ratings, order.size, Rating.HARD), Rating.AGAIN
        )
        ratings = np.where(
            introduced, self._draw(self.believed.first_ratings, order.size, Rating.AGAIN), ratings
        )
        takes = self.believed.seconds
        taken = np.where(introduced, takes.new, np.where(recalled, takes.recalled, takes.forgotten))
        reached = np.cumsum(taken) - taken < seconds
        for rating in Rating:
            for known, learner, recall in (
                (self._truly, self._true, recall_true),
                (self.known, self.believed, recall_believed),
            ):
                new = reached & introduced & (ratings == rating)
                known.put(order[new], learner.introduced_as(rating))
                old = reached & ~introduced & (ratings == rating)
                known.put(order[old], learner.reviewed(known.get(order[old]), rating, recall[old]))
        self.seen[order[reached]] = True
        self.last[order[reached]] = self.day
        self.day += 1

    def recall(self) -> Floats:
        """Return what the planner believes of the recall of each card today; 0 of a new one."""
        return self._recalls((self.known, self.believed), np.arange(self.cell.cards))

    def score(self) -> float:
        """Return the true mean recall today."""
        return float(self._recalls((self._truly, self._true), np.arange(self.cell.cards)).mean())

    @property
    def _sides(self) -> tuple[tuple["_Known", Learner], ...]:
        return (self._truly, self._true), (self.known, self.believed)

    def _recalls(self, side: tuple["_Known", Learner], cards: Order) -> Floats:
        known, learner = side
        recall = learner.forgetting.recall(known.get(cards).stability, self.day - self.last[cards])
        return np.where(self.seen[cards], recall, 0.0)

    def _draw(self, chances: Sequence[float], size: int, first: Rating) -> NDArray[np.int64]:
        shares = np.asarray(chances) / sum(chances)
        return self._random.choice(len(shares), size, p=shares) + int(first)


class _Known:
    """What is known of each card of a deck."""

    def __init__(self, cards: int) -> None:
        self._memories = Memories(np.ones(cards), np.full(cards, 5.0))

    def get(self, cards: Order) -> Memories:
        return Memories(self._memories.stability[cards], self._memories.difficulty[cards])

    def put(self, cards: Order, memories: Memories) -> None:
        self._memories.stability[cards] = memories.stability
        self._memories.difficulty[cards] = memories.difficulty


def _varied(learner: Learner, spread: float, random: np.random.Generator) -> Learner:
    """Return a learner whose every parameter is off by a random factor."""
    parameters = np.asarray(learner.forgetting.parameters) * np.exp(random.normal(0, spread, 21))
    parameters[20] = np.clip(parameters[20], *DECAY_RANGE)
    return Learner(
        Forgetting(tuple(parameters.tolist())),
        learner.seconds,
        learner.first_ratings,
        learner.learning_steps,
        learner.relearning_steps,
    )


def _steady(retention: float) -> "Retention":
    return lambda _passed: retention


Retention = Callable[[float], float]
"""The desired retention, by how much of the time has passed, from 0 to 1."""

Rule = Callable[[Student, Floats], None]
"""Lets a student study for a day or more: given the seconds of each day from today on."""


def by_plan(student: Student, budget: Floats) -> None:
    """Study every day what the plan of that day finds best."""
    prices = None
    for day in range(budget.size):
        stakes = (Stake("exam", budget.size - day),)
        known = student.known.get(np.arange(student.cell.cards))
        candidates = [
            Candidate(
                str(card),
                student.believed,
                stakes,
                Memory(known.stability[card], known.difficulty[card]) if student.seen[card] else None,
                int(day - student.last[card]),
            )
            for card in range(student.cell.cards)
        ]
        plan = make_plan(candidates, budget[day:], prices)
        prices = plan.prices[1:]
        student.study(np.array([int(pick.candidate.guid) for pick in plan.picks], dtype=np.intp), budget[day])


def by_schedule(student: Student, budget: Floats, retention: Retention) -> None:
    """Study every day what is due, first what loses most by waiting, then new cards.

    Args:
        student: who studies.
        budget: the seconds of the days.
        retention: the desired one.
    """
    decay = student.believed.forgetting.parameters[20]
    factor = 0.9 ** (-1 / decay) - 1
    for day in range(budget.size):
        desired = retention(day / max(1, budget.size - 1))
        stability = student.known.get(np.arange(student.cell.cards)).stability
        interval = np.maximum(1, np.round(stability / factor * (desired ** (-1 / decay) - 1)))
        due = np.flatnonzero(student.seen & (day - student.last >= interval))
        tomorrow = student.believed.forgetting.recall(stability, day + 1 - student.last)
        loss = (student.recall() - tomorrow)[due]
        student.study(np.concatenate([due[np.argsort(-loss)], np.flatnonzero(~student.seen)]), budget[day])


def in_the_last_days(student: Student, budget: Floats, *, days: int = 3, squeezed: bool = False) -> None:
    """Study by the normal schedule on the last days only, or with the time of all days squeezed into them."""
    last = np.where(np.arange(budget.size) < budget.size - days, 0.0, budget)
    if squeezed:
        last *= budget.sum() / last.sum()
    by_schedule(student, last, _steady(0.9))


RULES: dict[str, Rule] = {
    "plan": by_plan,
    "schedule at 0.9": partial(by_schedule, retention=_steady(0.9)),
    "schedule at 0.97": partial(by_schedule, retention=_steady(0.97)),
    "0.9 rising to 0.97": partial(by_schedule, retention=lambda passed: 0.9 + 0.07 * passed),
    "last 3 days": in_the_last_days,
}
FOR_INFORMATION: dict[str, Rule] = {"squeezed into 3 days": partial(in_the_last_days, squeezed=True)}

CELLS = tuple(
    Cell(cards, days, minutes)
    for days in (7, 14, 30, 60)
    for cards in (100, 400, 1000)
    for minutes in (10, 20, 40)
)


@dataclass(frozen=True, slots=True)
class Result:
    """How a rule fared in a cell: mean recall on the exam day, and half the width of its 95 % interval."""

    mean: float
    margin: float


def compare(
    cell: Cell,
    seeds: Sequence[int],
    rules: dict[str, Rule] | None = None,
    learner: Learner | None = None,
    spread: float = SPREAD,
) -> Iterator[tuple[str, Result]]:
    """Yield how each rule fares in a cell; the students are the same for all rules."""
    learner = learner or Learner(Forgetting(DEFAULT_PARAMETERS), QUICK_TRIAL)
    for name, rule in (RULES if rules is None else rules).items():
        scores = []
        for seed in seeds:
            student = Student(cell, learner, seed, spread)
            rule(student, np.full(cell.days, 60.0 * cell.minutes))
            scores.append(student.score())
        deviation = float(np.std(scores, ddof=1)) if len(scores) > 1 else float("nan")
        yield name, Result(float(np.mean(scores)), 1.96 * deviation / len(scores) ** 0.5)
