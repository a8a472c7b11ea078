"""A plan toward exams: which cards to review or introduce today, so that most is known on the day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lrcards.study.exam.candidate import Candidate, Stake
from lrcards.study.exam.exhaustive import best_today, is_small
from lrcards.study.exam.forgetting import Floats, Memories
from lrcards.study.exam.grid import Grid
from lrcards.study.exam.group import Group
from lrcards.study.exam.learner import Learner
from lrcards.study.exam.packing import best_subset
from lrcards.study.exam.prices import LOWEST, Progress, Settled, settle

ENOUGH_KINDS = 1500
"""So many different memories tell the prices; more are put together with those like them."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A card that is worth asking today.

    Attributes:
        candidate: the card.
        worth: what asking it today brings beyond what asking it later does, in weighted recall a second.
        seconds: how long it is expected to take.
    """

    candidate: Candidate
    worth: float
    seconds: float


@dataclass(frozen=True)
class ExamPlan:
    """What is best toward some exams.

    Attributes:
        picks: the cards worth asking today, the best first; new ones among equals in the order given.
        seconds: what the plan takes of each day, today first; shape (days,).
        recalled: how many cards are expected to be recalled on the day of each exam, by its name.
        idle: how many would be if nothing more were done.
        expected, bound: the weighted recall that is expected, and what no plan can surpass.
        prices: of the days, to start the next plan from: without its first if it is tomorrow.
    """

    picks: tuple[Pick, ...]
    seconds: Floats
    recalled: Mapping[str, float]
    idle: Mapping[str, float]
    expected: float
    bound: float
    prices: Floats

    def within(self, seconds: float) -> tuple[Pick, ...]:
        """Return the picks that bring most within so many seconds of today, the best first."""
        fitting = [pick for pick in self.picks if pick.seconds <= seconds]
        gains = [pick.seconds * pick.worth for pick in fitting]
        chosen = best_subset([pick.seconds for pick in fitting], gains, seconds)
        return tuple(fitting[place] for place in chosen)


def make_plan(
    candidates: Sequence[Candidate],
    budget: Floats,
    start: Floats | None = None,
    progress: Progress | None = None,
) -> ExamPlan:
    """Return the plan that is best within the seconds of the days.

    Args:
        candidates: the cards, new ones in the order in which they are to be introduced.
        budget: the seconds of each study day from today to the day before the last exam, shape (days,).
        start: prices of a plan that was made for nearly the same cards and days.
        progress: told of each step.
    """
    grid = Grid()
    families = [_Family(alike) for alike in _alike(candidates)]
    settled = _settled(grid, families, budget, start, progress)
    picks = [
        pick
        for family in (families if budget[0] > 0 else ())
        for pick in family.picks(family.group(grid, budget.size), settled.prices)
        if pick.worth > LOWEST
    ]
    picks.sort(key=lambda pick: -pick.worth)
    if is_small(candidates, budget.size):
        best = {candidate.guid for candidate in best_today(candidates, budget.tolist())}
        picks = [pick for pick in picks if pick.candidate.guid in best]
    recalled, expected = _recalled(families, settled)
    return ExamPlan(
        picks=tuple(picks),
        seconds=settled.seconds,
        recalled=recalled,
        idle=idle(candidates),
        expected=expected,
        bound=settled.bound,
        prices=settled.prices,
    )


def recalled_with(
    candidates: Sequence[Candidate], budget: Floats, start: Floats | None = None
) -> Mapping[str, float]:
    """Return how many cards are recalled on the day of each exam by a plan within other seconds of the days.

    Arguments are those of ``make_plan``.
    """
    families = [_Family(alike) for alike in _alike(candidates)]
    recalled, _ = _recalled(families, _settled(Grid(), families, budget, start))
    return recalled


def _settled(
    grid: Grid,
    families: Sequence["_Family"],
    budget: Floats,
    start: Floats | None,
    progress: Progress | None = None,
) -> Settled:
    groups = [family.group(grid, budget.size, condensed=True) for family in families]
    return settle(groups, budget, start, progress)


def idle(candidates: Iterable[Candidate]) -> dict[str, float]:
    """Return how many of the cards are recalled on the day of each exam if nothing more is done."""
    recalled: defaultdict[str, float] = defaultdict(float)
    for family in map(_Family, _alike(candidates)):
        for stake in family.stakes:
            days = family.elapsed + stake.days
            recall = family.learner.forgetting.recall(family.memories.stability, days)
            recalled[stake.exam] += float(recall.sum())
    return dict(recalled)


def _alike(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    found: defaultdict[tuple[Learner, tuple[Stake, ...]], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        found[candidate.learner, tuple(sorted(candidate.stakes, key=lambda stake: stake.exam))].append(
            candidate
        )
    return found.values()


def _recalled(families: Sequence["_Family"], settled: Settled) -> tuple[dict[str, float], float]:
    """Return how many cards are recalled on each exam, and their weight; no more than can be."""
    recalled: defaultdict[str, float] = defaultdict(float)
    weighted = 0.0
    for family, of_family in zip(families, settled.recalled, strict=True):
        for stake, number in zip(family.stakes, of_family, strict=True):
            recalled[stake.exam] += float(number)
            weighted += stake.weight * float(number)
    # The days are only about full, so that a little more can seem possible than is.
    surplus = max(1.0, weighted / settled.bound) if settled.bound > 0 else 1.0
    return {exam: number / surplus for exam, number in recalled.items()}, weighted / surplus


class _Family:
    """Candidates that are alike in learner and stakes."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.learner = candidates[0].learner
        self.stakes = tuple(sorted(candidates[0].stakes, key=lambda stake: stake.exam))
        self._known = [candidate for candidate in candidates if candidate.memory is not None]
        self._new = [candidate for candidate in candidates if candidate.memory is None]
        memories = [candidate.memory for candidate in self._known if candidate.memory is not None]
        self.memories = Memories(
            np.array([memory.stability for memory in memories], dtype=float),
            np.array([memory.difficulty for memory in memories], dtype=float),
        )
        self.elapsed = np.array([candidate.elapsed for candidate in self._known], dtype=float)

    def group(self, grid: Grid, days: int, *, condensed: bool = False) -> Group:
        """Return the group of the cards, or of fewer that stand for all of them."""
        memories, elapsed, counts = self.memories, self.elapsed, np.ones(self.elapsed.shape)
        if condensed and elapsed.size > ENOUGH_KINDS:
            memories, elapsed, counts = _condensed(memories, elapsed)
        return Group(grid, self.learner, self.stakes, days, memories, elapsed, counts, len(self._new))

    def picks(self, group: Group, prices: Floats) -> Iterable[Pick]:
        """Yield what each card is worth today at the prices, if it may be asked."""
        values = group.follow(prices)
        reviews = group.first_reviews(values, prices).values
        gains = reviews[0] - reviews[1:].max(axis=0) + prices[0] * group.seconds_today
        for candidate, gain, seconds in zip(self._known, gains, group.seconds_today, strict=True):
            if candidate.askable and candidate.elapsed:
                yield Pick(candidate, float(gain / seconds), float(seconds))
        worth = group.introductions(values, prices).values[:, 0]
        seconds_of_new = self.learner.seconds.new
        gain_of_new = worth[0] - worth[1:].max() + prices[0] * seconds_of_new
        for candidate in self._new:
            if candidate.askable:
                yield Pick(candidate, float(gain_of_new / seconds_of_new), seconds_of_new)


def _condensed(memories: Memories, elapsed: Floats) -> tuple[Memories, Floats, Floats]:
    """Return fewer memories, days and how many each stands for: the means of those that are alike."""
    axes = np.stack([np.log(memories.stability), memories.difficulty / 5, np.log1p(elapsed)])
    # Cards of today are not reviewed again today, so they stay among themselves.
    axes = np.concatenate([axes, (elapsed == 0)[None] * 1e6])
    width = 0.1
    while True:
        cells = np.round(axes / width).astype(np.int64)
        _, which, counts = np.unique(cells, axis=1, return_inverse=True, return_counts=True)
        if counts.size <= ENOUGH_KINDS:
            break
        width *= 1.5
    which = which.reshape(-1)

    def mean(values: Floats) -> Floats:
        return np.bincount(which, values) / counts

    stability = np.exp(mean(np.log(memories.stability)))
    return Memories(stability, mean(memories.difficulty)), mean(elapsed), counts.astype(float)
