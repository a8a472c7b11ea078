"""Sweeps over rates: each rate by its own run, and what they say of one another."""

from dataclasses import fields

import numpy as np
import pytest

from lrcards.descent import theory
from lrcards.descent.errors import SpecError
from lrcards.descent.evidence import Evidence
from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import LeastSquares
from lrcards.descent.network import Network
from lrcards.descent.objectives import AbsoluteDeviations, Quadratic
from lrcards.descent.optimizers import Adam, Momentum
from lrcards.descent.run import simulate
from lrcards.descent.sweep import range_test, sweep
from lrcards.descent.verdict import Regime, judge


def bowl(rate: float = 0.1, steps: int = 100, **knobs: object) -> Experiment:
    return Experiment(
        objective=Quadratic((1.0,)),
        rates=(rate,),
        starts=((3.0,),),
        steps=steps,
        **knobs,  # type: ignore[arg-type]
    )


def test_the_best_rate_of_a_bowl_is_one_over_its_curvature() -> None:
    assert sweep(bowl()).best == pytest.approx(theory.monotone_limit(1.0), rel=0.05)


def test_the_default_rates_cover_decades_around_the_own_rate_and_the_limit() -> None:
    rates = sweep(bowl(rate=0.1)).rates
    assert rates[0] <= 1e-4
    assert rates[-1] >= 20
    assert 0.1 in rates
    assert (np.diff(rates) > 0).all()


@pytest.mark.parametrize(
    ("rate", "label"),
    [
        (1e-3, "too small"),
        (0.02, "too small"),
        (0.7, "just right"),
        (1.0, "just right"),
        (1.95, "too large"),
        (1.999, "too large"),
        (2.1, "too large"),
        (15.0, "too large"),
    ],
)
def test_a_rate_is_labelled_against_the_others(rate: float, label: str) -> None:
    assert (
        sweep(bowl(), np.array([1e-3, 0.02, 0.1, 0.7, 1.0, 1.5, 1.95, 1.999, 2.1, 15.0])).label(rate) == label
    )


def test_at_the_kink_smaller_rates_end_lower() -> None:
    experiment = Experiment(objective=AbsoluteDeviations(), rates=(1.0,), starts=((24.5,),), steps=60)
    result = sweep(experiment, np.array([0.001, 0.3, 1.0, 3.0]))
    assert [result.label(rate) for rate in result.rates] == [
        "too small",
        "just right",
        "too large",
        "too large",
    ]


def test_a_sweep_says_nothing_where_all_rates_do_the_same() -> None:
    experiment = Experiment(objective=Quadratic((1.0,)), rates=(0.1,), starts=((0.0,),), steps=20)
    assert sweep(experiment).label(0.1) is None


def test_every_rate_has_the_verdict_of_its_own_run() -> None:
    result = sweep(bowl(optimizer=Momentum()), np.geomspace(1e-3, 5, 23))
    for index, rate in enumerate(result.rates):
        alone = judge(simulate(bowl(rate=float(rate), optimizer=Momentum())))
        assert result.regimes[index] == alone.regime
        assert result.verdict(float(rate)) == alone


def test_all_rates_of_a_sweep_see_the_same_noise() -> None:
    result = sweep(bowl(noise=0.5, steps=400), np.array([0.05, 0.05 * (1 + 1e-12)]))
    assert result.losses[0] == pytest.approx(result.losses[1], rel=1e-6)


def test_only_arrivals_have_steps() -> None:
    result = sweep(bowl())
    arrived = {Regime.ARRIVED, Regime.OSCILLATING}
    assert [np.isfinite(steps) for steps in result.steps_to_arrive] == [r in arrived for r in result.regimes]


NETWORK = Network()
LONG_SWEEPS = {
    "bowl": (bowl(steps=4000), np.geomspace(1e-3, 1e3, 200)),
    "noise": (bowl(steps=4000, noise=0.3), np.geomspace(1e-3, 3, 120)),
    "network": (
        Experiment(
            objective=NETWORK, rates=(0.1,), starts=(NETWORK.default_start(0),), steps=200, batch_size=16
        ),
        np.geomspace(1e-3, 1e2, 40),
    ),
}


@pytest.mark.parametrize("name", LONG_SWEEPS)
def test_a_sweep_that_tells_how_far_it_is_comes_to_the_same_bit_for_bit(name: str) -> None:
    experiment, rates = LONG_SWEEPS[name]
    shares: list[float] = []
    silent, told = sweep(experiment, rates), sweep(experiment, rates, shares.append)
    assert shares == sorted(set(shares))
    assert len(shares) > 1
    assert all(0 < share < 1 for share in shares)
    assert told.experiment == silent.experiment
    assert told.regimes == silent.regimes
    ours, theirs = told.judgement, silent.judgement
    for field in fields(Evidence):
        np.testing.assert_array_equal(
            getattr(ours.evidence, field.name), getattr(theirs.evidence, field.name)
        )
    for series in ("recorded", "iterates", "rates", "losses", "validation", "stopped"):
        np.testing.assert_array_equal(getattr(ours.trajectory, series), getattr(theirs.trajectory, series))
    assert [told.verdict(rate) for rate in rates[::20]] == [silent.verdict(rate) for rate in rates[::20]]
    assert [told.label(rate) for rate in rates] == [silent.label(rate) for rate in rates]


def test_what_a_sweep_tells_its_progress_to_can_end_it() -> None:
    class EnoughError(Exception):
        pass

    shares = []

    def listen(share: float) -> None:
        shares.append(share)
        raise EnoughError

    with pytest.raises(EnoughError):
        sweep(*LONG_SWEEPS["bowl"], listen)
    assert len(shares) == 1


def test_a_rate_that_cannot_be_run_is_refused() -> None:
    with pytest.raises(SpecError, match="rate"):
        sweep(bowl(), np.array([0.1, -1.0]))


def test_a_sweep_of_an_adaptive_optimizer_has_a_best_rate() -> None:
    result = sweep(bowl(optimizer=Adam(), rate=1e-3, steps=200))
    assert result.label(result.best) == "just right"
    assert result.label(1e-5) == "too small"


def test_the_range_test_finds_where_the_loss_turns() -> None:
    objective = LeastSquares(dimension=4, condition=10.0)
    experiment = Experiment(objective=objective, rates=(0.1,), starts=((2.0,) * 4,), steps=300, batch_size=8)
    test = range_test(experiment, 1e-4, 100.0)
    assert test.rates[0] == pytest.approx(1e-4)
    assert test.rates[-1] == pytest.approx(100.0)
    assert 0.05 < test.largest < 2 * theory.gradient_descent_limit(1.0)
    assert not np.isfinite(test.losses[-1]) or test.losses[-1] > 10 * test.losses.min()


def test_chaos_that_happens_to_end_low_is_not_the_best_rate() -> None:
    quartic = Experiment(objective=Function("x**4 - 3*x**2 + x"), rates=(0.05,), starts=((1.67,),), steps=40)
    swept = sweep(quartic)
    assert swept.verdict(swept.best).regime not in {Regime.BOUNDED, Regime.CYCLE, Regime.DIVERGING}


def test_where_every_rate_diverges_none_is_called_just_right() -> None:
    assert sweep(bowl(), np.geomspace(1e10, 1e12, 20)).label(1e11) is None
