"""How plans fare: learners who forget in ways that the planner does not know study by one rule or another.

Everybody has the same minutes a day and stops when they are used up, with the card in hand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lrcards.cards.model import Memory
from lrcards.study.exam.candidate import Candidate, Stake
from lrcards.study.exam.forgetting import Floats, Forgetting
from lrcards.study.exam.learner import Learner, Seconds
from lrcards.study.exam.planner import make_plan
from lrcards.study.exam.student import Deck, Order, Retention, Student
from lrcards.study.memory import DEFAULT_PARAMETERS

SPREAD = 0.1
"""Standard deviation of the logarithm of each true parameter around the one that the planner goes by."""

TYPICAL = Learner(Forgetting(DEFAULT_PARAMETERS), Seconds(new=20.0, recalled=7.0, forgotten=20.0))

Rule = Callable[[Student, Floats], None]
"""Lets a student study for some days: given the seconds of each day from today on."""


def by_plan(student: Student, budget: Floats) -> None:
    """Study every day what the plan of that day finds best."""
    prices = None
    for day in range(budget.size):
        stakes = (Stake("exam", budget.size - day),)
        candidates = [_candidate(student, card, stakes) for card in student.cards]
        plan = make_plan(candidates, budget[day:], prices)
        prices = plan.prices[1:]
        order: Order = np.array([int(pick.candidate.guid) for pick in plan.picks], dtype=np.intp)
        student.study(order, budget[day])


def _candidate(student: Student, card: int, stakes: tuple[Stake, ...]) -> Candidate:
    if not student.seen[card]:
        return Candidate(str(card), student.believed, stakes)
    memory = Memory(student.known.stability[card], student.known.difficulty[card])
    return Candidate(str(card), student.believed, stakes, memory, int(student.day - student.last[card]))


def by_schedule(student: Student, budget: Floats, retention: Retention) -> None:
    """Study every day what is due, then new cards."""
    student.follow_schedule(budget, retention)


def in_the_last_days(student: Student, budget: Floats, *, days: int = 3, squeezed: bool = False) -> None:
    """Study by the normal schedule on the last days only, or with the time of all days squeezed into them."""
    last = np.where(np.arange(budget.size) < budget.size - days, 0.0, budget)
    if squeezed:
        last *= budget.sum() / last.sum()
    student.follow_schedule(last, steady(0.9))


def steady(retention: float) -> Retention:
    """Return the same desired retention at any time."""
    return lambda _passed: retention


RULES: Mapping[str, Rule] = {
    "plan": by_plan,
    "schedule at 0.9": partial(by_schedule, retention=steady(0.9)),
    "schedule at 0.97": partial(by_schedule, retention=steady(0.97)),
    "0.9 rising to 0.97": partial(by_schedule, retention=lambda passed: 0.9 + 0.07 * passed),
    "last 3 days": in_the_last_days,
}
FOR_INFORMATION: Mapping[str, Rule] = {"squeezed into 3 days": partial(in_the_last_days, squeezed=True)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One setting of a trial: how many new cards, days until the exam, and minutes a day."""

    cards: int
    days: int
    minutes: float


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
    rules: Mapping[str, Rule] = RULES,
    learner: Learner = TYPICAL,
    spread: float = SPREAD,
) -> Iterator[tuple[str, Result]]:
    """Yield how each rule fares in a cell; the students are the same for all rules."""
    for name, rule in rules.items():
        scores = []
        for seed in seeds:
            student = Student(Deck.of_new_cards(cell.cards), learner, seed, spread)
            rule(student, np.full(cell.days, 60.0 * cell.minutes))
            scores.append(student.score())
        deviation = float(np.std(scores, ddof=1)) if len(scores) > 1 else float("nan")
        yield name, Result(float(np.mean(scores)), 1.96 * deviation / len(scores) ** 0.5)
