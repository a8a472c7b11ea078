"""How long a plan toward an exam takes, beside a fixed amount of numpy's own work in the same run."""

from time import perf_counter, process_time

import numpy as np
import pytest

from lrcards.cards.model import Memory
from lrcards.study.exam.candidate import Candidate, Stake
from lrcards.study.exam.planner import make_plan
from lrcards.study.exam.trial import TYPICAL

pytestmark = pytest.mark.bench


def reference() -> float:
    """Return the processor time of 200 sorts of 100,000 numbers."""
    numbers = np.random.default_rng(0).random(100_000)
    start = process_time()
    for _ in range(200):
        np.sort(numbers)
    return process_time() - start


@pytest.mark.parametrize(("cards", "days"), [(1_000, 14), (1_000, 60), (10_000, 60), (10_000, 180)])
def test_a_plan(cards: int, days: int) -> None:
    random = np.random.default_rng(1)
    stakes = (Stake("exam", days),)
    candidates = [
        Candidate(str(card), TYPICAL, stakes)
        if random.random() < 0.3
        else Candidate(
            str(card),
            TYPICAL,
            stakes,
            Memory(float(np.exp(random.normal(2, 1.5))), float(random.uniform(1, 10))),
            int(random.integers(1, 60)),
        )
        for card in range(cards)
    ]
    wall, processor = perf_counter(), process_time()
    plan = make_plan(candidates, np.full(days, 2400.0))
    wall, processor = perf_counter() - wall, process_time() - processor
    print(
        f"\n{cards:,} cards, {days} days: {processor:.2f} s of processor time ({wall:.2f} s by the clock), "
        f"{processor / reference():.1f} times the reference; expected {plan.expected / cards:.4f}, "
        f"bound {plan.bound / cards:.4f}",
        end="",
    )
    assert plan.expected <= plan.bound
