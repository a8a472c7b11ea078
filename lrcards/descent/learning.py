"""Objectives learned from data: a mean loss over all samples, over minibatches and over unseen samples."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.errors import SpecError
from lrcards.descent.knobs import Knob, check
from lrcards.descent.objectives import Array, Box, Minimum, Objective

Rows = NDArray[np.intp]

# Points times samples that are evaluated at once: more no longer fit the cache, and take three times as long.
_BLOCK = 2**15

SampleCount = Annotated[int, Knob("how many training samples there are", at_least=2, at_most=10_000)]
Seed = Annotated[int, Knob("seed of the data", at_least=0, at_most=2**63)]
_Dimension = Annotated[int, Knob("how many weights there are", at_least=1, at_most=16)]


class Samples(NamedTuple):
    """Inputs of shape (n, features) and targets of shape (n,)."""

    inputs: Array
    targets: Array

    def take(self, rows: Rows) -> "Samples":
        """Return some of the samples, by their indices."""
        return Samples(self.inputs[rows], self.targets[rows])


class DataObjective(Objective):
    """A mean loss over data that the objective draws itself from its seed.

    A subclass says how the data is drawn and what loss and gradient are over some samples. Each point has
    sums and matrix products of its own, so that it does not depend on the points beside it.
    """

    @property
    @abstractmethod
    def samples(self) -> int:
        """The number n of training samples."""

    @abstractmethod
    def _draw(self) -> tuple[Samples, Samples]:
        """Return the training and the validation samples."""

    @abstractmethod
    def _loss(self, x: Array, data: Samples) -> Array:
        """Return the mean loss of parameters (..., d) over the samples, of shape (...)."""

    @abstractmethod
    def _loss_gradient(self, x: Array, data: Samples) -> Array:
        """Return the gradient (..., d) of the mean loss."""

    @cached_property
    def data(self) -> tuple[Samples, Samples]:
        """The training and the validation samples; read-only."""
        drawn = self._draw()
        for part in drawn:
            part.inputs.setflags(write=False)
            part.targets.setflags(write=False)
        return drawn

    def value(self, x: Array) -> Array:
        """Return the loss over all training samples."""
        return _in_blocks(self._loss, x, self.data[0])

    def gradient(self, x: Array) -> Array:
        """Return the gradient over all training samples."""
        return _in_blocks(self._loss_gradient, x, self.data[0])

    def batch_value(self, x: Array, rows: Rows) -> Array:
        """Return the loss (...) over the training samples with the indices ``rows`` (batch,)."""
        return _in_blocks(self._loss, x, self.data[0].take(rows))

    def batch_gradient(self, x: Array, rows: Rows) -> Array:
        """Return the gradient (..., d) over the training samples with the indices ``rows`` (batch,)."""
        return _in_blocks(self._loss_gradient, x, self.data[0].take(rows))

    def validation(self, x: Array) -> Array:
        """Return the loss over the validation samples, which no gradient has seen."""
        return _in_blocks(self._loss, x, self.data[1])

    def default_start(self, seed: int) -> tuple[float, ...]:  # noqa: ARG002
        """Return where to start when nobody says where: no weight at all, whatever the seed."""
        return (0.0,) * self.dimension


@dataclass(frozen=True)
class LeastSquares(DataObjective):
    """Linear regression, ½·mean((Xw − y)²), on noisy targets of a random linear function.

    The inputs are made so that the Hessian XᵀX/n has eigenvalues spread evenly in logarithm from 1 down to
    1/condition, along random axes. There are as many validation samples as training samples.
    """

    name = "least-squares"
    dimension: _Dimension = 2
    condition: Annotated[float, Knob("largest curvature over the smallest", at_least=1, at_most=1e6)] = 10.0
    samples: SampleCount = 64
    noise: Annotated[float, Knob("standard deviation of the targets' error", at_least=0, at_most=1e3)] = 0.5
    seed: Seed = 0

    def __post_init__(self) -> None:
        check(self)
        if self.samples < self.dimension:
            raise SpecError(f"{self.samples} samples are too few for {self.dimension} weights")

    def _draw(self) -> tuple[Samples, Samples]:
        random = np.random.default_rng(self.seed)
        curvatures = np.geomspace(1, 1 / self.condition, self.dimension)
        axes = np.linalg.qr(random.normal(size=(self.dimension, self.dimension))).Q
        weights = random.normal(size=self.dimension)
        stretch = np.sqrt(curvatures)[:, None] * axes.T
        unrelated = np.linalg.qr(random.normal(size=(self.samples, self.dimension))).Q * np.sqrt(self.samples)
        parts = []
        for features in (unrelated, random.normal(size=(self.samples, self.dimension))):
            inputs = features @ stretch
            targets = inputs @ weights + self.noise * random.normal(size=self.samples)
            parts.append(Samples(inputs, targets))
        return parts[0], parts[1]

    def _loss(self, x: Array, data: Samples) -> Array:
        errors = _scores(x, data.inputs)
        errors -= data.targets
        squares: Array = np.vecdot(errors, errors)
        return 0.5 * squares / len(data.targets)

    def _loss_gradient(self, x: Array, data: Samples) -> Array:
        return _weighted(_scores(x, data.inputs) - data.targets, data.inputs)

    def hessian(self, x: Array) -> Array:
        """Return XᵀX/n at every point: (..., d) to (..., d, d)."""
        inputs = self.data[0].inputs
        return np.broadcast_to(inputs.T @ inputs / self.samples, (*x.shape, self.dimension))

    @cached_property
    def minima(self) -> tuple[Minimum, ...]:
        """The one minimum, by the normal equations."""
        inputs, targets = self.data[0]
        return (_minimum(self, np.linalg.solve(inputs.T @ inputs, inputs.T @ targets)),)

    @property
    def view(self) -> Box:
        """A box around the minimum."""
        return _around(self.minima[0])


@dataclass(frozen=True)
class LogisticRegression(DataObjective):
    """Logistic regression, mean(log(1 + exp(−t·Xw))) + ½·penalty·|w|², on two overlapping clouds, t = ±1.

    There is no intercept, for the clouds lie on both sides of 0. The penalty keeps the minimum finite even
    where the clouds can be told apart. There are as many validation samples as training samples.
    """

    name = "logistic"
    dimension: _Dimension = 2
    penalty: Annotated[float, Knob("strength of the L2 penalty", at_least=1e-4, at_most=1e3)] = 0.01
    samples: SampleCount = 64
    seed: Seed = 0

    def __post_init__(self) -> None:
        check(self)

    def _draw(self) -> tuple[Samples, Samples]:
        random = np.random.default_rng(self.seed)
        direction = random.normal(size=self.dimension)
        direction /= np.linalg.norm(direction)
        targets = np.where(np.arange(self.samples) % 2, 1.0, -1.0)
        parts = []
        for _ in range(2):
            clouds = random.normal(size=(self.samples, self.dimension)) + targets[:, None] * direction
            parts.append(Samples(clouds, targets.copy()))
        return parts[0], parts[1]

    def _loss(self, x: Array, data: Samples) -> Array:
        losses = logistic_loss(_scores(x, data.inputs), data.targets)
        loss: Array = losses.mean(axis=-1) + 0.5 * self.penalty * np.square(x).sum(axis=-1)
        return loss

    def _loss_gradient(self, x: Array, data: Samples) -> Array:
        slopes = logistic_slope(_scores(x, data.inputs), data.targets)
        return _weighted(slopes, data.inputs) + self.penalty * x

    def hessian(self, x: Array) -> Array:
        """Return Xᵀ·diag(σ′)·X/n + penalty·I: (..., d) to (..., d, d)."""
        inputs = self.data[0].inputs
        curvatures = 0.25 * (1 - np.square(np.tanh(0.5 * _scores(x, inputs))))
        weighted: Array = (inputs.T * curvatures[..., None, :]) @ inputs
        return weighted / self.samples + self.penalty * np.eye(self.dimension)

    @cached_property
    def minima(self) -> tuple[Minimum, ...]:
        """The one minimum, by Newton's method, which from 0 is there in far fewer steps."""
        x = np.zeros(self.dimension)
        for _ in range(50):
            x = x - np.linalg.solve(self.hessian(x), self.gradient(x))
        return (_minimum(self, x),)

    @property
    def view(self) -> Box:
        """A box around the minimum."""
        return _around(self.minima[0])


def logistic_loss(scores: Array, targets: Array) -> Array:
    """Return log(1 + exp(−t·score)) for targets t = ±1, without overflow."""
    margins = scores * targets
    losses: Array = np.log1p(np.exp(-np.abs(margins))) - np.minimum(margins, 0)
    return losses


def logistic_slope(scores: Array, targets: Array) -> Array:
    """Return the derivative of the logistic loss along the score, σ(score) − (1 + t)/2, for t = ±1."""
    slope: Array = 0.5 * (np.tanh(0.5 * scores) - targets)
    return slope


def _in_blocks(evaluate: Callable[[Array, Samples], Array], x: Array, data: Samples) -> Array:
    """Evaluate points (..., d) a block at a time, so that memory stays bounded for any number of them."""
    dimension = x.shape[-1]
    block = max(1, _BLOCK // len(data.targets))
    if x.size <= block * dimension:
        return evaluate(x, data)
    points = x.reshape(-1, dimension)
    results = [evaluate(points[first : first + block], data) for first in range(0, len(points), block)]
    whole = np.concatenate(results)
    return whole.reshape(*x.shape[:-1], *whole.shape[1:])


def _scores(x: Array, inputs: Array) -> Array:
    scores: Array = inputs @ x[..., None]
    return scores[..., 0]


def _weighted(slopes: Array, inputs: Array) -> Array:
    """Mean over the samples of slope times input: (..., n) and (n, d) to (..., d)."""
    total: Array = slopes[..., None, :] @ inputs
    return total[..., 0, :] / len(inputs)


def _minimum(objective: DataObjective, x: NDArray[Any]) -> Minimum:
    return Minimum(tuple(x.tolist()), float(objective.value(x)))


def _around(minimum: Minimum, reach: float = 3.0) -> Box:
    return Box(tuple(c - reach for c in minimum.x), tuple(c + reach for c in minimum.x))
