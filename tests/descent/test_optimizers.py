import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    GradientDescent,
    Hypergradient,
    Momentum,
    Nesterov,
    RMSProp,
)

SPECS = [
    *(spec() for spec in OPTIMIZERS.values()),
    Momentum(0.8, dampening=0.5),
    Momentum(rate_inside=True),
    RMSProp(centred=True),
    Adam(corrected=False),
    Hypergradient(0.05),
]


def column(*values):
    return np.array(values, dtype=np.float64)[:, np.newaxis]


@np.errstate(all="ignore")  # a lane may overflow; whoever runs the optimizer has to expect it
def descend(optimizer, gradient, x, rate, steps):
    """Return the iterates 0 … steps of ``optimizer`` on the gradient function ``gradient``."""
    state, iterates = optimizer.init(x), [x]
    for _ in range(steps):
        x, state = optimizer.update(gradient(x), state, x, rate)
        iterates.append(x)
    return np.array(iterates)


def wavy(x):
    return x + 0.3 * np.sin(5 * x)


@st.composite
def lanes(draw):
    shape = draw(st.integers(1, 9)), draw(st.integers(1, 20))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    return random.normal(size=shape) * 10.0 ** random.integers(-3, 3, shape), 10 ** random.uniform(
        -4, 0, (shape[0], 1)
    )


@pytest.mark.parametrize("optimizer", SPECS, ids=repr)
@settings(max_examples=15, deadline=None)
@given(batch=lanes())
def test_a_lane_alone_equals_that_lane_in_the_batch_bit_for_bit(optimizer, batch):
    starts, rates = batch
    together = descend(optimizer, wavy, starts, rates, 8)
    for lane in range(len(starts)):
        alone = descend(optimizer, wavy, starts[[lane]], rates[[lane]], 8)
        assert np.array_equal(alone[:, 0], together[:, lane], equal_nan=True)


@pytest.mark.parametrize("optimizer", SPECS, ids=repr)
def test_a_lane_does_not_depend_on_how_its_batch_lies_in_memory(optimizer):
    starts, rates = np.random.default_rng(1).normal(size=(7, 40)), np.full((7, 1), 0.01)
    ours = descend(optimizer, wavy, starts, rates, 5)
    assert np.array_equal(descend(optimizer, wavy, np.asfortranarray(starts), rates, 5), ours)


@pytest.mark.parametrize("optimizer", SPECS, ids=repr)
def test_an_overflowing_lane_leaves_its_neighbours_alone(optimizer):
    starts, rates = np.array([[1.0], [1e200], [2.0]]), column(0.1, 1e200, 0.1)
    together = descend(optimizer, wavy, starts, rates, 20)
    assert np.array_equal(together[:, [0, 2]], descend(optimizer, wavy, starts[[0, 2]], rates[[0, 2]], 20))


@pytest.mark.parametrize("optimizer", SPECS, ids=repr)
def test_an_update_writes_to_nothing_and_repeats_exactly(optimizer):
    x, rate = np.array([[1.0, -2.0], [0.5, 3.0]]), column(0.1, 0.02)
    state = optimizer.init(x)
    for _ in range(3):
        gradient = wavy(x)
        for array in (x, rate, gradient, *(part for part in state or () if isinstance(part, np.ndarray))):
            array.flags.writeable = False
        again, _ = optimizer.update(gradient, state, x, rate)
        x, state = optimizer.update(gradient, state, x, rate)
        assert np.array_equal(again, x)


@pytest.mark.parametrize("optimizer", SPECS, ids=repr)
def test_the_effective_rate_is_the_given_one_unless_it_is_learned(optimizer):
    x, rate = np.array([[1.0, -2.0], [0.5, 3.0]]), column(0.1, 0.02)
    _, state = optimizer.update(wavy(x), optimizer.init(x), x, rate)
    learns = isinstance(optimizer, Hypergradient)
    assert np.array_equal(optimizer.effective_rate(rate, state, wavy(x)), rate) is not learns


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_is_known_by_its_name_and_compares_by_value(name):
    spec = OPTIMIZERS[name]
    assert spec.name == name
    assert spec() == spec()
    assert len({spec(), spec()}) == 1
    assert all(spec() != other() for other in OPTIMIZERS.values() if other is not spec)


def test_the_first_velocity_is_the_gradient_undampened():
    optimizer, x = Momentum(0.9, dampening=0.5), column(1.0)
    first, state = optimizer.update(column(2.0), optimizer.init(x), x, column(0.1))
    second, _ = optimizer.update(column(2.0), state, first, column(0.1))
    assert first[0, 0] == pytest.approx(1 - 0.1 * 2)
    assert second[0, 0] == pytest.approx(first[0, 0] - 0.1 * (0.9 * 2 + 0.5 * 2))


@pytest.mark.parametrize("optimizer", [Momentum(), Nesterov()])
def test_a_change_of_the_rate_acts_on_the_whole_velocity_since_it_stands_outside(optimizer):
    x = column(1.0)
    x, state = optimizer.update(column(2.0), optimizer.init(x), x, column(0.1))
    whole, _ = optimizer.update(column(0.0), state, x, column(0.1))
    tenth, _ = optimizer.update(column(0.0), state, x, column(0.01))
    assert (tenth - x)[0, 0] == pytest.approx((whole - x)[0, 0] / 10)


def test_with_the_rate_inside_the_velocity_a_run_coasts_nine_more_steps_after_the_rate_is_0():
    optimizer, x = Momentum(0.9, rate_inside=True), column(0.0)
    x, state = optimizer.update(column(-1.0), optimizer.init(x), x, column(0.1))
    assert x[0, 0] == pytest.approx(0.1)
    for _ in range(400):
        x, state = optimizer.update(column(-1.0), state, x, column(0.0))
    assert x[0, 0] == pytest.approx(0.1 + 9 * 0.1)


def test_it_makes_no_difference_where_the_rate_stands_as_long_as_it_stays():
    outside, inside = (
        descend(Momentum(0.8, dampening=0.3, rate_inside=is_inside), wavy, column(3.0), column(0.1), 50)
        for is_inside in (False, True)
    )
    assert inside == pytest.approx(outside)


def test_momentum_without_memory_is_gradient_descent():
    start, rate = column(3.0, -1.0), column(0.2, 0.4)
    for optimizer in (Momentum(0.0), Nesterov(0.0), Hypergradient(0.0)):
        assert np.array_equal(
            descend(optimizer, wavy, start, rate, 30), descend(GradientDescent(), wavy, start, rate, 30)
        )


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("curvature", [0.5, 4.0])
def test_heavy_ball_is_stable_below_its_bound_and_diverges_above(momentum, curvature):
    bound = 2 * (1 + momentum) / curvature
    iterates = descend(
        Momentum(momentum),
        lambda x: curvature * x,
        column(1.0, 1.0),
        column(0.98 * bound, 1.02 * bound),
        3000,
    )
    assert abs(iterates[-1, 0, 0]) < 1e-6
    assert abs(iterates[-1, 1, 0]) > 1e6


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("curvature", [0.5, 4.0])
def test_nesterov_is_stable_below_its_own_smaller_bound_and_diverges_above(momentum, curvature):
    bound = (2 + 2 * momentum) / ((1 + 2 * momentum) * curvature)
    iterates = descend(
        Nesterov(momentum),
        lambda x: curvature * x,
        column(1.0, 1.0),
        column(0.98 * bound, 1.02 * bound),
        3000,
    )
    assert abs(iterates[-1, 0, 0]) < 1e-6
    assert abs(iterates[-1, 1, 0]) > 1e6


@pytest.mark.parametrize("gradient", [1e-3, -1.0, 1e4])
def test_the_first_step_of_adagrad_is_the_rate_whatever_the_gradient(gradient):
    optimizer, x = AdaGrad(), column(1.0)
    stepped, _ = optimizer.update(column(gradient), optimizer.init(x), x, column(0.01))
    assert (x - stepped)[0, 0] == pytest.approx(0.01 * np.sign(gradient))


@pytest.mark.parametrize("gradient", [1e-1, -1.0, 1e4])
def test_the_first_step_of_rmsprop_is_ten_times_the_rate_since_nothing_is_corrected(gradient):
    optimizer, x = RMSProp(), column(1.0)
    stepped, _ = optimizer.update(column(gradient), optimizer.init(x), x, column(0.01))
    assert (x - stepped)[0, 0] == pytest.approx(0.1 * np.sign(gradient), rel=1e-5)


@pytest.mark.parametrize("gradient", [1e-1, -1.0, 1e4])
def test_the_first_step_of_adam_is_the_rate_since_its_averages_are_corrected(gradient):
    optimizer, x = Adam(), column(1.0)
    stepped, _ = optimizer.update(column(gradient), optimizer.init(x), x, column(0.01))
    assert (x - stepped)[0, 0] == pytest.approx(0.01 * np.sign(gradient), rel=1e-5)


def test_without_the_correction_the_steps_of_adam_begin_too_long_and_grow_before_they_settle():
    slope = descend(Adam(corrected=False), np.ones_like, column(0.0), column(0.01), 20_000)
    steps = -np.diff(slope[:, 0, 0]) / 0.01
    assert steps[0] == pytest.approx(0.1 / 0.001**0.5, rel=1e-6)
    assert (steps.max(), steps.argmax() + 1) == (pytest.approx(6.57, abs=0.01), 12)
    assert steps[-1] == pytest.approx(1, rel=1e-6)


def test_adagrads_accumulator_grows_for_ever_and_rmsprops_forgets():
    x = column(0.0)
    adagrad, rmsprop = AdaGrad(), RMSProp(decay=0.9)
    grown, forgotten = adagrad.init(x), rmsprop.init(x)
    for gradient in [100.0] * 5 + [1.0] * 300:
        _, grown = adagrad.update(column(gradient), grown, x, column(1.0))
        _, forgotten = rmsprop.update(column(gradient), forgotten, x, column(1.0))
    assert grown.total[0, 0] == 50_300
    assert forgotten.square[0, 0] == pytest.approx(1)


def test_centred_rmsprop_stays_finite_where_rounding_makes_the_variance_negative():
    optimizer = RMSProp(decay=0.5, centred=True)
    x = np.zeros((200, 1))
    gradient = np.random.default_rng(0).normal(size=(200, 1))
    state = optimizer.init(x)
    for _ in range(80):
        x, state = optimizer.update(gradient, state, x, np.full((200, 1), 1e-9))
    assert (state.square - state.mean**2 < 0).any()
    assert np.isfinite(x).all()


def test_amsgrad_keeps_the_largest_average_where_adam_forgets_it():
    x = column(0.0)
    states = {}
    for optimizer in (Adam(beta2=0.9), AMSGrad(beta2=0.9)):
        state = optimizer.init(x)
        for gradient in [100.0] + [1.0] * 200:
            _, state = optimizer.update(column(gradient), state, x, column(0.1))
        states[optimizer.name] = state
    assert states["adam"].divisor[0, 0] == pytest.approx(1)
    assert states["amsgrad"].divisor[0, 0] == pytest.approx(1000)
    assert states["amsgrad"].square[0, 0] == pytest.approx(1)


def test_adamws_decay_shrinks_the_iterate_without_passing_through_the_averages():
    optimizer, x = AdamW(weight_decay=0.5), column(4.0)
    stepped, state = optimizer.update(column(0.0), optimizer.init(x), x, column(0.1))
    assert stepped[0, 0] == pytest.approx(4 * (1 - 0.1 * 0.5))
    assert state.mean[0, 0] == 0


def test_hypergradient_raises_a_rate_that_is_too_small_and_steps_with_it():
    optimizer, x, rate = Hypergradient(1e-3), column(2.0), column(0.01)
    state = optimizer.init(x)
    used = []
    for _ in range(30):
        effective = optimizer.effective_rate(rate, state, x)
        stepped, state = optimizer.update(x, state, x, rate)
        assert np.array_equal(stepped, x - effective * x)
        used.append(effective[0, 0])
        x = stepped
    assert used[0] == 0.01
    assert used == sorted(used)
    assert used[-1] > 0.02


def test_hypergradient_lowers_a_rate_that_overshoots_below_zero_if_its_own_rate_is_large():
    optimizer, x, rate = Hypergradient(0.5), column(2.0), column(1.5)
    _, state = optimizer.update(x, optimizer.init(x), x, rate)
    assert optimizer.effective_rate(rate, state, column(-1.0))[0, 0] == pytest.approx(1.5 - 0.5 * 2)
    assert optimizer.effective_rate(rate, state, column(-9.0))[0, 0] < 0


def test_hypergradient_blows_up_if_its_own_rate_is_too_large_and_not_if_it_is_small():
    small, large = (
        descend(Hypergradient(meta_rate), lambda x: x, column(5.0), column(0.01), 200)[-1, 0, 0]
        for meta_rate in (1e-4, 1.0)
    )
    assert abs(small) < 1
    assert not abs(large) < 1e6


def test_what_hypergradient_has_learned_stays_when_the_given_rate_changes():
    optimizer, x = Hypergradient(1e-2), column(2.0)
    _, state = optimizer.update(x, optimizer.init(x), x, column(0.1))
    low, high = (optimizer.effective_rate(column(rate), state, x)[0, 0] for rate in (0.1, 0.3))
    assert low == pytest.approx(0.1 + 1e-2 * 4)
    assert high - low == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("spec", "knobs"),
    [
        (Momentum, {"momentum": 1.0}),
        (Momentum, {"momentum": -0.1}),
        (Momentum, {"dampening": 1.5}),
        (Nesterov, {"momentum": float("nan")}),
        (AdaGrad, {"epsilon": 0.0}),
        (RMSProp, {"decay": float("inf")}),
        (RMSProp, {"centred": 1}),
        (Adam, {"beta1": True}),
        (Adam, {"beta2": "0.9"}),
        (AdamW, {"weight_decay": -1}),
        (Hypergradient, {"meta_rate": 10**400}),
    ],
)
def test_a_knob_outside_its_range_is_refused_with_the_range(spec, knobs):
    (name,) = knobs
    with pytest.raises(SpecError, match=f"{spec.name}: {name} must be (a number|true or false)"):
        spec(**knobs)


def test_every_problem_of_a_spec_is_told_at_once():
    with pytest.raises(SpecError) as caught:
        Adam(beta1=1.0, beta2=-1.0, epsilon=0.0)
    assert caught.value.problems == (
        "adam: beta1 must be a number at least 0 and below 1, not 1.0",
        "adam: beta2 must be a number at least 0 and below 1, not -1.0",
        "adam: epsilon must be a number above 0, not 0.0",
    )
