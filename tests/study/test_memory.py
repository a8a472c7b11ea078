import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Memory, Rating
from lrcards.errors import SettingsError
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel

memories = st.builds(Memory, st.floats(0.001, 36500), st.floats(1, 10))


def test_a_new_card_takes_its_first_stability_from_the_first_four_parameters() -> None:
    states = MemoryModel().next_states(None, 0, 0.9)
    assert [states[rating][0].stability for rating in Rating] == list(DEFAULT_PARAMETERS[:4])
    assert [states[rating][1] for rating in Rating] == list(DEFAULT_PARAMETERS[:4])


def test_recall_is_nine_in_ten_after_as_many_days_as_the_stability() -> None:
    assert MemoryModel().retrievability(Memory(12.5, 5.0), 12.5) == pytest.approx(0.9)


def test_recall_is_certain_at_once_and_when_the_clock_went_backwards() -> None:
    assert MemoryModel().retrievability(Memory(3.0, 5.0), 0) == 1.0
    assert MemoryModel().retrievability(Memory(3.0, 5.0), -2) == 1.0


def test_a_second_good_answer_on_the_same_day_never_lowers_stability() -> None:
    memory = Memory(30.0, 5.0)
    states = MemoryModel().next_states(memory, 0, 0.9)
    assert states[Rating.GOOD][0].stability == memory.stability
    assert states[Rating.EASY][0].stability > memory.stability > states[Rating.AGAIN][0].stability


@pytest.mark.parametrize("count", [17, 19])
def test_older_parameters_are_filled_up_with_the_old_decay(count: int) -> None:
    model = MemoryModel(DEFAULT_PARAMETERS[:count])
    assert len(model.parameters) == 21
    assert model.parameters[20] == 0.5
    assert model.short_term == (count == 19)


def test_models_with_equal_parameters_are_equal_and_can_be_keys() -> None:
    assert {MemoryModel(), MemoryModel(tuple(round(value, 4) for value in DEFAULT_PARAMETERS))} == {
        MemoryModel()
    }


@pytest.mark.parametrize("count", [0, 18, 22])
def test_a_wrong_count_of_parameters_is_refused(count: int) -> None:
    with pytest.raises(SettingsError, match=f"there are {count} FSRS parameters"):
        MemoryModel((1.0,) * count)


def test_every_parameter_that_is_absurd_is_named() -> None:
    parameters = [*DEFAULT_PARAMETERS]
    parameters[2], parameters[7], parameters[9] = math.nan, math.inf, 1e9
    with pytest.raises(SettingsError, match="parameter 3 is nan; FSRS parameter 8 is inf; FSRS parameter 10"):
        MemoryModel(tuple(parameters))


@pytest.mark.parametrize("decay", [0.0, -0.2, 0.9])
def test_a_decay_that_is_out_of_range_is_refused(decay: float) -> None:
    with pytest.raises(SettingsError, match="decay"):
        MemoryModel((*DEFAULT_PARAMETERS[:20], decay))


@given(st.none() | memories, st.integers(0, 36500), st.floats(0.7, 0.99))
def test_memory_stays_within_its_bounds(memory: Memory | None, elapsed: int, retention: float) -> None:
    for after, interval in MemoryModel().next_states(memory, elapsed, retention).values():
        assert 0.001 <= after.stability <= 36500
        assert 1 <= after.difficulty <= 10
        assert math.isfinite(interval)
        assert interval > 0


@given(memories, st.floats(0.7, 0.99))
def test_the_interval_is_when_recall_has_fallen_to_the_desired_retention(
    memory: Memory, retention: float
) -> None:
    model = MemoryModel()
    interval = model.interval(memory, retention)
    assert model.retrievability(memory, interval) == pytest.approx(retention, abs=1e-4)
    for after, interval in model.next_states(memory, 3, retention).values():
        assert interval == pytest.approx(model.interval(after, retention), rel=1e-6)


@given(memories, st.floats(0, 36500), st.floats(0, 36500))
def test_recall_only_falls_with_time(memory: Memory, one: float, other: float) -> None:
    model = MemoryModel()
    earlier, later = sorted((one, other))
    assert 0 < model.retrievability(memory, later) <= model.retrievability(memory, earlier) <= 1
