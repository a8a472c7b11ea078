"""Every formula is compared with a run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.descent import theory
from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.objectives import Quadratic
from lrcards.descent.optimizers import Adam, GradientDescent, Momentum, Nesterov, Optimizer
from lrcards.descent.run import Trajectory, simulate


def run(
    curvatures: tuple[float, ...], rate: float, optimizer: Optimizer, steps: int = 400, noise: float = 0.0
) -> Trajectory:
    experiment = Experiment(
        objective=Quadratic(curvatures),
        rates=(rate,),
        starts=((1.0,) * len(curvatures),),
        steps=steps,
        optimizer=optimizer,
        noise=noise,
    )
    return simulate(experiment)


def measured_factor(trajectory: Trajectory, late: int = 100) -> float:
    """The factor a step in the long run: from the energy of two successive points, which does not swing."""
    x = np.linalg.norm(trajectory.iterates[:, 0], axis=-1)
    energy = np.hypot(x[1:], x[:-1])
    return float((energy[-1] / energy[-1 - late]) ** (1 / late))


def test_at_the_monotone_limit_one_step_arrives() -> None:
    assert run((4.0,), theory.monotone_limit(4.0), GradientDescent(), steps=1).iterates[1, 0, 0] == 0


@pytest.mark.parametrize(
    ("optimizer", "limit"),
    [
        (GradientDescent(), theory.gradient_descent_limit(0.5)),
        (Momentum(momentum=0.9), theory.heavy_ball_limit(0.5, 0.9)),
        (Momentum(momentum=0.9, dampening=0.5), theory.heavy_ball_limit(0.5, 0.9, 0.5)),
        (Nesterov(momentum=0.9), theory.nesterov_limit(0.5, 0.9)),
    ],
)
def test_a_run_shrinks_just_below_the_limit_and_grows_just_above(optimizer: Optimizer, limit: float) -> None:
    assert measured_factor(run((0.5,), 0.99 * limit, optimizer)) < 1
    assert measured_factor(run((0.5,), 1.01 * limit, optimizer)) > 1
    assert theory.stability_limit(optimizer, 0.5) == limit


def test_there_is_no_limit_without_a_formula_or_a_positive_curvature() -> None:
    assert np.isnan(theory.stability_limit(Adam(), 1.0))
    assert np.isnan(theory.stability_limit(GradientDescent(), -1.0))
    assert np.isnan(theory.stability_limit(GradientDescent(), float("nan")))


@given(rate=st.floats(0.05, 3.0), momentum=st.floats(0.0, 0.95))
def test_the_predicted_convergence_is_the_measured_one(rate: float, momentum: float) -> None:
    cases = [
        (GradientDescent(), theory.gradient_descent_convergence(rate, 1.0)),
        (Momentum(momentum=momentum), theory.heavy_ball_convergence(rate, 1.0, momentum)),
        (Nesterov(momentum=momentum), theory.nesterov_convergence(rate, 1.0, momentum)),
    ]
    for optimizer, predicted in cases:
        if 0.3 < predicted < 3:
            measured = measured_factor(run((1.0,), rate, optimizer, steps=260), late=200)
            assert measured == pytest.approx(predicted, rel=0.03)


def test_the_best_rate_is_the_best_of_a_sweep() -> None:
    curvatures = (1.0, 10.0)
    best = theory.best_rate(*curvatures)
    factors = {
        scale: measured_factor(run(curvatures, scale * best, GradientDescent(), steps=110))
        for scale in (0.9, 0.97, 1.0, 1.03, 1.09)
    }
    assert min(factors, key=lambda scale: factors[scale]) == 1.0
    assert factors[1.0] == pytest.approx(theory.best_convergence(*curvatures), rel=1e-6)


def test_the_best_heavy_ball_shrinks_by_the_root_of_its_momentum() -> None:
    rate, momentum = theory.best_heavy_ball(1.0, 100.0)
    assert momentum == pytest.approx((9 / 11) ** 2)
    measured = measured_factor(run((1.0, 100.0), rate, Momentum(momentum=momentum), steps=900), late=400)
    assert measured == pytest.approx(np.sqrt(momentum), rel=0.01)


def test_adam_hovers_at_its_limit() -> None:
    rate, optimizer = 1e-2, Adam()
    trajectory = run((1.0,), rate, optimizer, steps=20_000)
    square, roots = 0.0, []
    for step, gradient in enumerate(trajectory.gradients[:, 0, 0], start=1):
        square = optimizer.beta2 * square + (1 - optimizer.beta2) * gradient**2
        roots.append(np.sqrt(square / (1 - optimizer.beta2**step)))
    sharpness = 1 / np.array(roots)
    assert theory.adam_limit(rate) == pytest.approx(38 / rate)
    assert np.median(sharpness[-5000:]) == pytest.approx(38 / rate, rel=0.25)


@pytest.mark.parametrize(
    ("rate", "start"), [(1.0, 5.5), (0.3, 5.5), (0.7, -3.1), (3.0, 5.5), (0.1, 5.5), (0.25, 2.0), (0.8, 0.3)]
)
def test_the_cycle_at_a_kink_is_the_predicted_one(rate: float, start: float) -> None:
    cycle = theory.kink_cycle(rate, start)
    experiment = Experiment(objective=Function("abs(x)"), rates=(rate,), starts=((start,),), steps=100)
    distances = np.abs(simulate(experiment).iterates[:, 0, 0])
    near, far = sorted(distances[-2:])
    assert (near, far) == pytest.approx((cycle.near, cycle.far), abs=1e-9)
    assert cycle.hits == (rate in (0.1, 0.25))
    if not cycle.hits:
        assert 0 < cycle.near <= rate / 2 <= cycle.far < rate
    assert set(distances[cycle.steps : cycle.steps + 2].round(9)) <= {round(near, 9), round(far, 9)}


def test_a_steeper_kink_takes_longer_steps() -> None:
    assert theory.kink_cycle(0.5, 1.2, slope=2.0) == theory.kink_cycle(1.0, 1.2)


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.5])
def test_the_noise_ball_is_the_predicted_one(rate: float) -> None:
    x = run((2.0,), rate / 2, GradientDescent(), steps=40_000, noise=0.5).iterates[1000:, 0, 0]
    assert x.var() == pytest.approx(theory.noise_ball(rate / 2, 2.0, 0.5), rel=0.1)


def test_beyond_the_limit_there_is_no_noise_ball() -> None:
    assert theory.noise_ball(1.0, 2.0, 0.5) == np.inf
