import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.objectives import AbsoluteDeviations, DoubleWell, Quadratic
from lrcards.descent.surfaces import Catapult, Helipad, Himmelblau, Plateau, Rosenbrock, Saddle

SMOOTH = [
    Quadratic(),
    Quadratic((2.0,), centre=(19.0,)),
    Quadratic((1.0, 50.0), centre=(1.0, -2.0), angle=30.0),
    Quadratic((0.5, 1.0, 2.0, 4.0)),
    DoubleWell(),
    Helipad(),
    Saddle(),
    Plateau(),
    Rosenbrock(),
    Himmelblau(),
    Catapult(),
]
OBJECTIVES = [*SMOOTH, AbsoluteDeviations(), AbsoluteDeviations((1.0, 2.0))]
coordinates = st.floats(-6, 6).map(lambda number: round(number, 6))


def points(objective):
    return st.lists(coordinates, min_size=objective.dimension, max_size=objective.dimension).map(np.array)


def name(objective):
    return f"{objective.name}-{objective.dimension}"


@pytest.mark.parametrize("objective", SMOOTH, ids=name)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_gradient_is_the_complex_step_derivative_of_the_value(objective, data):
    x = data.draw(points(objective))
    step = 1e-30j * np.eye(objective.dimension)
    np.testing.assert_allclose(
        objective.gradient(x), objective.value(x + step).imag / 1e-30, rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("objective", SMOOTH, ids=name)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_hessian_is_the_complex_step_derivative_of_the_gradient(objective, data):
    x = data.draw(points(objective))
    step = 1e-30j * np.eye(objective.dimension)
    np.testing.assert_allclose(
        objective.hessian(x), objective.gradient(x + step).imag / 1e-30, rtol=1e-10, atol=1e-10
    )


@settings(max_examples=25, deadline=None)
@given(coordinates.filter(lambda x: min(abs(x - m) for m in (1.0, 2.0)) > 1e-4))
def test_the_gradient_of_the_kink_is_its_slope_between_measurements(x):
    kink = AbsoluteDeviations((1.0, 2.0))
    low, high = kink.value(np.array([[x - 1e-5], [x + 1e-5]]))
    assert kink.gradient(np.array([x]))[0] == pytest.approx((high - low) / 2e-5, abs=1e-6)


@pytest.mark.parametrize("offset", [0.0, 1e-9, -1e-8])
def test_within_the_snap_a_measurement_pulls_neither_way(offset):
    assert AbsoluteDeviations().gradient(np.array([19 + offset])) == 0


def test_outside_the_snap_it_pulls():
    assert AbsoluteDeviations().gradient(np.array([[19 + 1e-6], [19 - 1e-6]])).ravel().tolist() == [1, -1]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=name)
def test_the_known_minima_are_stationary_lowest_nearby_and_in_view(objective):
    nearby = np.random.default_rng(0).normal(scale=1e-3, size=(50, objective.dimension))
    for minimum in objective.minima:
        x = np.array(minimum.x)
        assert objective.value(x) == minimum.value
        assert np.abs(objective.gradient(x)).max() < 1e-12
        assert (objective.value(x + nearby) >= minimum.value).all()
        assert (np.array(objective.view.low) <= x).all()
        assert (x <= np.array(objective.view.high)).all()


@pytest.mark.parametrize("objective", OBJECTIVES, ids=name)
def test_no_value_in_view_is_below_the_global_minima(objective):
    box = objective.view
    grid = np.random.default_rng(0).uniform(box.low, box.high, size=(2000, objective.dimension))
    for minimum in objective.minima:
        assert not minimum.is_global or objective.value(grid).min() >= minimum.value


@pytest.mark.parametrize("objective", OBJECTIVES, ids=name)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_point_has_the_same_numbers_alone_as_among_others(objective, data):
    x = np.array(data.draw(st.lists(points(objective), min_size=1, max_size=9)))
    for function in (objective.value, objective.gradient):
        together = function(x)
        assert together.shape == x.shape[: together.ndim]
        for index in range(len(x)):
            assert (function(x[index : index + 1]) == together[index]).all()


def test_a_turned_bowl_has_the_curvatures_it_was_made_with():
    bowl = Quadratic((1.0, 50.0), angle=25.0)
    assert np.linalg.eigvalsh(bowl.hessian(np.zeros(2))) == pytest.approx([1, 50])


def test_a_quadratic_without_a_lowest_point_has_no_minimum():
    assert Quadratic((1.0, -1.0)).minima == ()


def test_a_quadratic_names_all_that_is_wrong_with_it():
    with pytest.raises(SpecError) as caught:
        Quadratic((1.0, float("nan"), 2.0), centre=(0.0,), angle=10.0)
    assert len(caught.value.problems) == 3


def test_the_kink_needs_measurements():
    with pytest.raises(SpecError, match="measurement"):
        AbsoluteDeviations(())
