"""The sweep around a lab's experiment: kept, told how far it is, and ended when it is no longer wanted."""

from dataclasses import replace

import pytest

from lrcards import lab
from lrcards.descent.experiment import Experiment
from lrcards.descent.presets import PRESETS
from lrcards.lab import sweep_of


@pytest.fixture(autouse=True)
def no_sweeps_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "_SWEEPS", {})


@pytest.fixture
def network() -> Experiment:
    return replace(PRESETS["network"].experiment.lane(0), steps=200)


def test_a_sweep_tells_how_far_it_is_and_is_kept(network: Experiment) -> None:
    shares: list[float] = []
    told = sweep_of(network, shares.append)
    assert shares
    assert sweep_of(network, shares.clear) is told
    assert shares


def test_a_sweep_that_was_ended_is_not_kept(network: Experiment) -> None:
    def end(_: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sweep_of(network, end)
    assert not lab._SWEEPS


def test_only_the_last_sweeps_are_kept() -> None:
    experiments = [replace(PRESETS["kink"].experiment.lane(0), seed=seed) for seed in range(12)]
    sweeps = [sweep_of(experiment) for experiment in experiments]
    assert len(lab._SWEEPS) == 8
    assert sweep_of(experiments[-1]) is sweeps[-1]
    assert sweep_of(experiments[0]) is not sweeps[0]
