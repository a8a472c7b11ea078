from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import LeastSquares, LogisticRegression
from lrcards.descent.network import Network
from lrcards.descent.objectives import AbsoluteDeviations, DoubleWell, Quadratic
from lrcards.descent.optimizers import OPTIMIZERS, Adam, GradientDescent, Hypergradient, Momentum, RMSProp
from lrcards.descent.run import CHECKPOINT, Run, simulate, start, step
from lrcards.descent.schedules import (
    Chain,
    Constant,
    Cosine,
    Exponential,
    ReduceOnPlateau,
    StepDecay,
    WarmRestarts,
    Warmup,
)
from lrcards.descent.surfaces import Catapult, Helipad, Himmelblau, Plateau, Rosenbrock, Saddle

OBJECTIVES = [
    Quadratic(),
    Quadratic((1.0, 50.0), angle=30.0),
    Quadratic(tuple(range(1, 20))),
    AbsoluteDeviations(),
    DoubleWell(),
    Helipad(),
    Saddle(),
    Plateau(),
    Rosenbrock(),
    Himmelblau(),
    Catapult(),
    Function("sin(3*x) + exp(x/4) + x^2"),
    Function("x**2 * y**2 + tanh(x - y)"),
    LeastSquares(samples=20),
    LogisticRegression(samples=20),
    Network(samples=20, validation_samples=20),
]
SCHEDULES = [
    Constant(),
    Exponential(0.9),
    Cosine(10),
    WarmRestarts(4),
    StepDecay(3),
    ReduceOnPlateau(patience=1),
    Chain((Warmup(4), ReduceOnPlateau(patience=0)), (4,)),
]
optimizers = st.sampled_from([optimizer() for optimizer in OPTIMIZERS.values()])
schedules = st.sampled_from(SCHEDULES)


@st.composite
def experiments(draw, objective=None, least=1, most=40):
    lanes = draw(st.integers(1, 4))
    objective = objective or draw(st.sampled_from(OBJECTIVES))
    point = st.floats(-3, 3).map(lambda number: (number,) * objective.dimension)
    has_samples = hasattr(objective, "samples")

    def one_or_each(strategy):
        return draw(st.one_of(strategy, st.tuples(*[strategy] * lanes)))

    return Experiment(
        objective=objective,
        rates=draw(st.tuples(*[st.sampled_from([1e-3, 0.1, 1.0, 3.0])] * lanes)),
        starts=draw(st.tuples(*[point] * lanes)),
        steps=draw(st.integers(least, most)),
        optimizer=one_or_each(optimizers),
        schedule=one_or_each(schedules),
        seed=one_or_each(st.integers(0, 2)),
        noise=draw(st.sampled_from([0.0, 0.5])),
        batch_size=one_or_each(st.integers(1, 5)) if has_samples and draw(st.booleans()) else None,
        update_every=draw(st.integers(1, 3)),
    )


def bowl(**fields):
    defaults = {"objective": Quadratic(), "rates": (0.1,), "starts": ((8.0,),), "steps": 200}
    return Experiment(**defaults | fields)


def assert_same_frame(a, b):
    for field in ("step", "x", "loss", "gradient", "rate", "finite"):
        np.testing.assert_array_equal(getattr(a, field), getattr(b, field), field)


def assert_same_trajectory(a, b):
    for field in ("iterates", "losses", "rates", "gradients", "stopped"):
        np.testing.assert_array_equal(getattr(a, field), getattr(b, field), field)


@settings(max_examples=60, deadline=None)
@given(experiments())
def test_a_run_in_bulk_gives_the_very_numbers_of_the_steps(experiment):
    bulk = simulate(experiment)
    frame = start(experiment)
    for number in range(experiment.steps + 1):
        np.testing.assert_array_equal(frame.x, bulk.iterates[number])
        np.testing.assert_array_equal(frame.loss, bulk.losses[number])
        np.testing.assert_array_equal(frame.rate, bulk.rates[number])
        np.testing.assert_array_equal(frame.finite, (bulk.stopped < 0) | (bulk.stopped > number))
        frame = step(experiment, frame)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: objective.name)
@settings(max_examples=8, deadline=None)
@given(st.data())
def test_a_lane_alone_equals_that_lane_among_others(objective, data):
    experiment = data.draw(experiments(objective))
    together = simulate(experiment)
    for lane in range(experiment.lanes):
        assert_same_trajectory(simulate(experiment.lane(lane)), together.lane(lane))


@settings(max_examples=30, deadline=None)
@given(experiments(), st.randoms())
def test_permuting_the_lanes_permutes_the_results(experiment, random):
    order = random.sample(range(experiment.lanes), experiment.lanes)

    def permuted(value):
        return tuple(value[lane] for lane in order) if isinstance(value, tuple) else value

    fields = ("rates", "starts", "optimizer", "schedule", "seed", "batch_size")
    shuffled = replace(experiment, **{field: permuted(getattr(experiment, field)) for field in fields})
    np.testing.assert_array_equal(simulate(shuffled).iterates, simulate(experiment).iterates[:, order])


@settings(max_examples=25, deadline=None)
@given(experiments(least=60, most=150), st.data())
def test_going_back_and_forward_again_changes_nothing(experiment, data):
    run = Run(experiment)
    run.forward(data.draw(st.integers(0, experiment.steps)))
    frame, back = run.frame, data.draw(st.integers(0, run.cursor))
    assert run.back(back)
    assert run.cursor == frame.step - back
    assert run.forward(back)
    assert_same_frame(run.frame, frame)
    assert_same_trajectory(run.complete(), simulate(experiment))


@settings(max_examples=25, deadline=None)
@given(experiments(least=60, most=150), st.data())
def test_a_live_change_leaves_the_past_and_is_there_again_after_going_back(experiment, data):
    at = data.draw(st.integers(1, experiment.steps - 1))
    lanes = range(experiment.lanes)
    changed = replace(
        experiment,
        rates=tuple(data.draw(st.floats(1e-3, 1)) for _ in lanes),
        optimizer=tuple(data.draw(optimizers) for _ in lanes),
        schedule=data.draw(schedules),
    )
    run = Run(experiment)
    run.forward(at)
    run.change(changed)
    assert run.experiment == changed
    after = run.complete()
    np.testing.assert_array_equal(after.iterates[: at + 1], simulate(experiment).iterates[: at + 1])
    run.seek(at - 1)
    assert run.experiment == experiment
    assert_same_trajectory(run.complete(), after)


def test_a_change_cuts_the_future():
    run = Run(bowl())
    run.forward(50)
    run.back(20)
    run.change(bowl(rates=(0.2,)))
    assert run.forward(1)
    assert run.frame.x[0, 0] == pytest.approx(8 * 0.9**30 * 0.8)
    assert len(run.trajectory().iterates) == 32


def test_a_change_of_the_rate_keeps_momentum_and_the_reductions_of_the_schedule():
    experiment = bowl(optimizer=Momentum(), schedule=Exponential(0.5))
    run = Run(experiment)
    run.forward(2)
    velocity = (run.frame.x[0, 0] - run.trajectory().iterates[1, 0, 0]) / -0.05
    run.change(replace(experiment, rates=(0.4,)))
    assert run.frame.rate == pytest.approx([0.1])
    x = run.frame.x[0, 0]
    run.forward()
    assert run.frame.x[0, 0] == pytest.approx(x - 0.1 * (0.9 * velocity + x))


def test_another_optimizer_and_another_schedule_begin_afresh():
    run = Run(bowl(optimizer=Momentum(), schedule=Exponential(0.5)))
    run.forward(3)
    run.change(bowl(optimizer=Adam(), schedule=Exponential(0.9)))
    assert run.frame.rate == pytest.approx([0.1])
    x = run.frame.x[0, 0]
    run.forward()
    assert run.frame.x[0, 0] == pytest.approx(x - 0.1)


def test_an_optimizer_that_must_remember_more_begins_afresh():
    run = Run(bowl(optimizer=RMSProp()))
    run.forward(3)
    run.change(bowl(optimizer=RMSProp(centred=True)))
    assert run.forward(3)


def test_a_run_in_bulk_tells_how_far_it_is_and_can_be_ended_there():
    shares = []
    simulate(bowl(rates=(0.1, 0.2), seed=(1, 2), steps=200), shares.append)
    assert shares == pytest.approx([0.16, 0.32, 0.48, 0.66, 0.82, 0.98])

    def end(_share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        simulate(bowl(), end)


def test_a_velocity_is_not_taken_for_one_with_the_rate_inside():
    run = Run(bowl(optimizer=Momentum()))
    run.forward(3)
    run.change(bowl(optimizer=Momentum(rate_inside=True)))
    x, gradient, rate = run.frame.x, run.frame.gradient, run.frame.rate
    run.forward()
    assert run.frame.x == pytest.approx(x - rate[:, None] * gradient)


def test_a_larger_budget_can_be_granted_on_the_way():
    run = Run(bowl(steps=10))
    assert not run.forward(20)
    assert run.finished
    run.change(bowl(steps=30))
    assert run.complete().steps == 30


def test_a_run_keeps_its_objective_and_its_lanes():
    run = Run(bowl())
    with pytest.raises(SpecError, match="start another run"):
        run.change(bowl(rates=(0.1, 0.2)))
    with pytest.raises(SpecError, match="start another run"):
        run.change(bowl(objective=DoubleWell()))


def test_the_cursor_stays_between_start_and_budget():
    run = Run(bowl(steps=10))
    assert not run.back()
    run.seek(99)
    assert run.cursor == 10
    run.seek(-5)
    assert run.cursor == 0
    run.forward(7)
    run.restart()
    assert run.cursor == 0


def test_going_back_costs_no_more_steps_than_lie_between_checkpoints(monkeypatch):
    run = Run(bowl(steps=1000))
    run.complete()
    taken = []
    monkeypatch.setattr("lrcards.descent.run.step", lambda *given: taken.append(1) or step(*given))
    run.back()
    assert len(taken) < CHECKPOINT


def test_a_lane_that_overflows_keeps_its_last_finite_frame_and_is_labelled():
    experiment = bowl(objective=DoubleWell(), rates=(0.1, 3.0), starts=((3.0,),), steps=50)
    trajectory = simulate(experiment)
    first = trajectory.stopped[1]
    assert trajectory.stopped[0] == -1
    assert 0 < first < 50
    assert np.isfinite(trajectory.iterates).all()
    assert np.isfinite(trajectory.losses).all()
    assert np.isfinite(trajectory.rates).all()
    assert (trajectory.iterates[first:, 1] == trajectory.iterates[first - 1, 1]).all()
    run = Run(experiment)
    assert_same_trajectory(run.complete(), trajectory)
    assert run.frame.finite.tolist() == [True, False]


def test_a_loss_that_overflows_before_its_iterate_stops_the_lane():
    trajectory = simulate(bowl(rates=(1e3,), starts=((1e100,),), steps=200))
    assert trajectory.stopped[0] > 0
    assert np.isfinite(trajectory.losses).all()


def test_lanes_with_the_same_seed_see_the_same_noise():
    experiment = bowl(rates=(0.1, 0.1, 0.1), seed=(1, 1, 2), noise=1.0)
    x = simulate(experiment).iterates[-1, :, 0]
    assert x[0] == x[1] != x[2]


def test_noise_has_the_standard_deviation_that_was_asked_for():
    experiment = bowl(objective=Quadratic((0.0,)), rates=(1.0,), starts=((0.0,),), steps=20_000, noise=3.0)
    increments = np.diff(simulate(experiment).iterates[:, 0, 0])
    assert increments.std() == pytest.approx(3, rel=0.02)
    assert increments.mean() == pytest.approx(0, abs=0.1)


def test_an_epoch_of_minibatches_sees_every_sample_once():
    objective = LeastSquares(samples=20)
    experiment = Experiment(objective=objective, rates=(1e-300,), starts=((1.0, 2.0),), steps=7, batch_size=3)
    frame, total = start(experiment), 0.0
    for size in [3] * 6 + [2]:
        total = total + size * frame.gradient
        frame = step(experiment, frame)
    np.testing.assert_allclose(total / 20, objective.gradient(frame.x))


def test_a_plateau_is_judged_by_the_validation_loss():
    experiment = Experiment(
        objective=LeastSquares(samples=20, seed=2, noise=2.0),
        rates=(0.5,),
        starts=((4.0, -4.0),),
        steps=60,
        schedule=ReduceOnPlateau(patience=2, threshold=0.0),
    )
    trajectory = simulate(experiment)
    reduced = int(np.argmax(trajectory.rates[:, 0] < 0.5))
    assert trajectory.validation[: reduced + 1, 0].argmin() == reduced - 3
    assert trajectory.losses[reduced, 0] < trajectory.losses[reduced - 3, 0]


def test_the_schedule_is_updated_once_an_epoch():
    rates = simulate(bowl(schedule=Exponential(0.5), update_every=5, steps=12)).rates[:, 0]
    np.testing.assert_allclose(rates / 0.1, [1] * 5 + [0.5] * 5 + [0.25] * 3)


def test_the_rate_that_hypergradient_descent_learns_is_the_rate_in_force():
    trajectory = simulate(bowl(optimizer=Hypergradient(1e-4), steps=5))
    x, rates = trajectory.iterates[:, 0, 0], trajectory.rates[:, 0]
    np.testing.assert_allclose(x[1:], x[:-1] * (1 - rates[:-1]))
    assert (np.diff(rates)[1:] > 0).all()


def test_lanes_may_differ_in_everything_but_the_objective():
    experiment = bowl(
        rates=(0.1, 0.2, 0.3),
        starts=((1.0,), (2.0,), (3.0,)),
        optimizer=(GradientDescent(), Adam(), GradientDescent()),
        schedule=(Constant(), Constant(), Cosine(10)),
        seed=(0, 1, 2),
        noise=0.1,
    )
    assert simulate(experiment).iterates.shape == (201, 3, 1)
