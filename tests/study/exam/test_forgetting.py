"""FSRS over arrays says what fsrs-rs says one card at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Memory, Rating
from lrcards.study.exam.forgetting import Forgetting, Memories
from lrcards.study.memory import MemoryModel

MODELS = [
    MemoryModel(),
    MemoryModel(
        (
            0.3,
            1.1,
            3.0,
            9.0,
            6.0,
            0.9,
            2.5,
            0.02,
            1.6,
            0.2,
            0.9,
            1.7,
            0.1,
            0.3,
            2.0,
            0.4,
            2.2,
            0.6,
            0.3,
            0.1,
            0.3,
        )
    ),
]

stabilities, difficulties = st.floats(0.01, 3000), st.floats(1, 10)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("rating", Rating)
def test_a_first_answer_leaves_what_fsrs_says(model: MemoryModel, rating: Rating) -> None:
    (expected, _) = model.next_states(None, 0, 0.9)[rating]
    left = Forgetting(model.parameters).first(rating)
    assert (left.stability, left.difficulty) == pytest.approx(
        (expected.stability, expected.difficulty), rel=1e-5
    )


@given(st.sampled_from(MODELS), st.sampled_from(Rating), stabilities, difficulties, st.integers(0, 400))
def test_a_further_answer_leaves_what_fsrs_says(
    model: MemoryModel, rating: Rating, stability: float, difficulty: float, elapsed: int
) -> None:
    (expected, _) = model.next_states(Memory(stability, difficulty), elapsed, 0.9)[rating]
    forgetting = Forgetting(model.parameters)
    before = Memories(np.array([stability]), np.array([difficulty]))
    if elapsed:
        left = forgetting.after(before, rating, forgetting.recall(stability, elapsed))
    else:
        left = forgetting.after_same_day(before, [rating])
    assert left.stability == pytest.approx(expected.stability, rel=1e-4)
    assert left.difficulty == pytest.approx(expected.difficulty, rel=1e-4)


@given(st.sampled_from(MODELS), stabilities, st.integers(0, 1000))
def test_recall_falls_as_fsrs_says(model: MemoryModel, stability: float, days: int) -> None:
    expected = model.retrievability(Memory(stability, 5), days)
    assert Forgetting(model.parameters).recall(stability, days) == pytest.approx(expected)
