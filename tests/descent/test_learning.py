import numpy as np
import pytest

from lrcards.descent.errors import SpecError
from lrcards.descent.learning import LeastSquares, LogisticRegression
from lrcards.descent.network import Network

OBJECTIVES = [
    LeastSquares(),
    LeastSquares(dimension=5, condition=1000, samples=37, noise=0, seed=3),
    LogisticRegression(),
    LogisticRegression(dimension=3, penalty=0.1, samples=29, seed=4),
    Network(),
    Network(samples=45, validation_samples=31, noise=0.1, seed=5),
]
WITH_MINIMUM = OBJECTIVES[:4]
every_objective = pytest.mark.parametrize("objective", OBJECTIVES, ids=repr)
every_minimum = pytest.mark.parametrize("objective", WITH_MINIMUM, ids=repr)


def points(objective, lanes, seed=0):
    return np.random.default_rng(seed).normal(size=(lanes, objective.dimension))


def central_differences(function, x, step=1e-6):
    shifts = step * np.eye(len(x))
    return np.stack([(function(x + shift) - function(x - shift)) / (2 * step) for shift in shifts])


@every_objective
def test_gradients_agree_with_central_differences(objective):
    x = points(objective, 1)[0]
    rows = np.array([3, 0, 7, 7, 20])
    np.testing.assert_allclose(
        objective.gradient(x), central_differences(objective.value, x), rtol=1e-6, atol=1e-8
    )
    np.testing.assert_allclose(
        objective.batch_gradient(x, rows),
        central_differences(lambda x: objective.batch_value(x, rows), x),
        rtol=1e-6,
        atol=1e-8,
    )


@every_minimum
def test_hessians_agree_with_central_differences(objective):
    x = points(objective, 1)[0]
    np.testing.assert_allclose(
        objective.hessian(x), central_differences(objective.gradient, x), rtol=1e-6, atol=1e-8
    )


def test_the_network_is_the_textbook_network():
    network = Network()
    x = points(network, 1)[0]
    inputs, targets = network.data[0]
    hidden = np.tanh(inputs[:, :2] @ x[:32].reshape(2, 16) + x[32:48])
    scores = hidden @ x[48:64] + x[64]
    chances = 1 / (1 + np.exp(-scores))
    losses = -np.where(targets > 0, np.log(chances), np.log(1 - chances))
    np.testing.assert_allclose(network.value(x), losses.mean(), rtol=1e-12)


@every_objective
def test_all_rows_together_are_the_whole(objective):
    x = points(objective, 3)
    rows = np.arange(objective.samples)
    np.testing.assert_array_equal(objective.batch_value(x, rows), objective.value(x))
    np.testing.assert_array_equal(objective.batch_gradient(x, rows), objective.gradient(x))


@every_objective
def test_minibatch_gradients_average_to_the_whole_gradient(objective):
    x = points(objective, 2)
    rows = np.arange(objective.samples)[:, None]
    gradients = [objective.batch_gradient(x, row) for row in rows]
    np.testing.assert_allclose(np.mean(gradients, axis=0), objective.gradient(x), rtol=1e-10, atol=1e-12)


@every_objective
@pytest.mark.parametrize("lanes", [1, 2, 7, 32])
def test_a_lane_does_not_depend_on_its_company(objective, lanes):
    x = points(objective, lanes)
    x[-1] *= 1e200
    rows = np.array([1, 5, 2, 8, 13, 21, 0])
    evaluations = [
        objective.value,
        objective.gradient,
        objective.validation,
        lambda x: objective.batch_value(x, rows),
        lambda x: objective.batch_gradient(x, rows),
    ]
    if objective in WITH_MINIMUM:
        evaluations.append(objective.hessian)
    with np.errstate(all="ignore"):
        for evaluate in evaluations:
            together = evaluate(x)
            np.testing.assert_array_equal(together, np.stack([evaluate(lane) for lane in x]))
            np.testing.assert_array_equal(together, np.concatenate([evaluate(x[:1]), evaluate(x[1:])]))
            np.testing.assert_array_equal(evaluate(x[::-1].copy()), together[::-1])
            np.testing.assert_array_equal(evaluate(np.stack([x, x]))[1], together)


@every_objective
def test_points_beyond_one_block_are_evaluated_as_in_one(objective):
    x = points(objective, 9000).reshape(3, 3000, -1)
    for evaluate in (objective.value, objective.gradient, objective.validation):
        whole = evaluate(x)
        np.testing.assert_array_equal(whole[0, :2], evaluate(x[0, :2]))
        np.testing.assert_array_equal(whole[2, -2:], evaluate(x[2, -2:]))


@every_minimum
def test_the_minimum_is_where_the_gradient_vanishes(objective):
    (minimum,) = objective.minima
    x = np.array(minimum.x)
    np.testing.assert_allclose(objective.gradient(x), 0, atol=1e-10)
    assert objective.value(x) == minimum.value
    assert (np.linalg.eigvalsh(objective.hessian(x)) > 0).all()
    assert all(
        low < c < high
        for low, c, high in zip(objective.view.low, minimum.x, objective.view.high, strict=True)
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_logistic_minimum_is_found_for_every_data(seed):
    for objective in (
        LogisticRegression(seed=seed, samples=4, dimension=8, penalty=1e-4),
        LogisticRegression(seed=seed, dimension=16, penalty=1e-4),
        LogisticRegression(seed=seed, samples=300, penalty=1000),
    ):
        np.testing.assert_allclose(objective.gradient(np.array(objective.minima[0].x)), 0, atol=1e-10)


@pytest.mark.parametrize(("dimension", "condition"), [(2, 1.0), (2, 100.0), (6, 1e4)])
def test_least_squares_has_the_condition_number_that_was_asked_for(dimension, condition):
    objective = LeastSquares(dimension=dimension, condition=condition)
    eigenvalues = np.linalg.eigvalsh(objective.hessian(np.zeros(dimension)))
    np.testing.assert_allclose(eigenvalues[[0, -1]], [1 / condition, 1], rtol=1e-9)


def test_data_without_noise_is_fitted_exactly():
    assert LeastSquares(noise=0).minima[0].value == pytest.approx(0, abs=1e-25)


@every_objective
def test_the_data_follows_from_the_seed_and_cannot_be_changed(objective):
    again = type(objective)(**{field: getattr(objective, field) for field in objective.__dataclass_fields__})
    assert again == objective
    for part, part_again in zip(objective.data, again.data, strict=True):
        np.testing.assert_array_equal(part.inputs, part_again.inputs)
        np.testing.assert_array_equal(part.targets, part_again.targets)
        with pytest.raises(ValueError, match="read-only"):
            part.inputs[0] = 0
    other = type(objective)(seed=99)
    assert other.data[0].inputs.tobytes() != type(objective)().data[0].inputs.tobytes()


@every_objective
def test_validation_samples_are_not_training_samples(objective):
    training, validation = objective.data
    assert len(training.inputs) == objective.samples
    assert not set(map(bytes, training.inputs)) & set(map(bytes, validation.inputs))


@every_objective
def test_the_default_start_has_a_finite_loss(objective):
    start = objective.default_start(0)
    assert start == objective.default_start(0)
    assert len(start) == objective.dimension
    assert np.isfinite(objective.value(np.array(start)))


def test_a_network_starts_with_weights_that_differ_and_follow_from_the_seed():
    network = Network()
    start = np.array(network.default_start(1))
    assert start.tolist() != list(network.default_start(2))
    assert len(np.unique(start[:32])) == 32
    assert np.abs(start[:32]).max() <= np.sqrt(6 / 18)
    assert np.abs(start[48:64]).max() <= np.sqrt(6 / 17)
    assert not start[32:48].any()
    assert start[64] == 0


def test_a_network_trained_for_long_overfits():
    network = Network()
    x = np.array([network.default_start(0)])
    validation = []
    for _ in range(2000):
        validation.append(float(network.validation(x)[0]))
        x = x - network.gradient(x)
    assert network.value(x)[0] < 0.02
    assert min(validation) < 0.3
    assert validation[-1] > 1.5 * min(validation)
    assert network.accuracy(x)[0] > 0.88


def test_a_large_rate_on_minibatches_ends_in_noise_that_a_small_one_does_not_have():
    network = Network(noise=0.4, samples=128)
    random = np.random.default_rng(0)
    rates = np.array([[0.05], [1.0]])
    x = np.array([network.default_start(0)] * 2)
    losses = []
    for _ in range(1000):
        x = x - rates * network.batch_gradient(x, random.permutation(128)[:8])
        losses.append(network.value(x))
    jumps = np.abs(np.diff(losses[500:], axis=0)).mean(axis=0)
    assert jumps[1] > 10 * jumps[0]


def test_scores_far_out_neither_overflow_nor_lose_the_loss():
    objective = LogisticRegression(penalty=1e-4)
    x = np.array([[1e4, 0.0], [-1e4, 0.0]])
    assert np.isfinite(objective.value(x)).all()
    assert np.isfinite(objective.gradient(x)).all()


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (LeastSquares, {"condition": 0.5}),
        (LeastSquares, {"condition": float("nan")}),
        (LeastSquares, {"dimension": 10, "samples": 9}),
        (LogisticRegression, {"penalty": 0}),
        (LogisticRegression, {"dimension": 10**9}),
        (Network, {"samples": 10**9}),
        (Network, {"samples": "64"}),
        (Network, {"seed": -1}),
        (Network, {"noise": -0.1}),
    ],
)
def test_data_that_cannot_be_drawn_is_refused_by_name(kind, wrong):
    with pytest.raises(SpecError, match=next(reversed(wrong))):
        kind(**wrong)
