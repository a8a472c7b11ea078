"""A small neural network on two half moons: plateaus, minibatch noise and overfitting in earnest."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from lrcards.descent.knobs import Knob, check
from lrcards.descent.learning import (
    DataObjective,
    SampleCount,
    Samples,
    Seed,
    logistic_loss,
    logistic_slope,
)
from lrcards.descent.objectives import Array, Box

HIDDEN = 16
# The parameters are, in this order: 16 weights of each of the two inputs, 16 biases, 16 weights of the output
# and its bias.
_OUTPUT = 3 * HIDDEN
_BIAS = _OUTPUT + HIDDEN


@dataclass(frozen=True)
class Network(DataObjective):
    """A network 2-16-1 with tanh units and the logistic loss, telling two half moons of radius 1 apart."""

    name = "network"
    samples: SampleCount = 64
    validation_samples: Annotated[int, Knob("how many are set aside", at_least=2, at_most=10_000)] = 256
    noise: Annotated[float, Knob("standard deviation around the moons", at_least=0, at_most=10)] = 0.3
    seed: Seed = 0

    def __post_init__(self) -> None:
        check(self)

    @property
    def dimension(self) -> int:
        """The number of parameters: 65."""
        return _BIAS + 1

    def default_start(self, seed: int) -> tuple[float, ...]:
        """Return random parameters to start from: Xavier-uniform weights, biases 0.

        Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
        networks", 2010, equation 16.
        """
        random = np.random.default_rng(seed)
        hidden = random.uniform(-1, 1, size=2 * HIDDEN) * np.sqrt(6 / (2 + HIDDEN))
        output = random.uniform(-1, 1, size=HIDDEN) * np.sqrt(6 / (HIDDEN + 1))
        return (*hidden.tolist(), *[0.0] * HIDDEN, *output.tolist(), 0.0)

    def accuracy(self, x: Array) -> Array:
        """Return the share of the validation samples that parameters (..., 65) tell right, of shape (...)."""
        data = self.data[1]
        right = _scores(x, _activations(x, data.inputs)) * data.targets > 0
        share: Array = right.mean(axis=-1)
        return share

    @property
    def view(self) -> Box:
        """A box in which the parameters usually stay."""
        return Box((-5.0,) * self.dimension, (5.0,) * self.dimension)

    def _draw(self) -> tuple[Samples, Samples]:
        random = np.random.default_rng(self.seed)
        return (
            _half_moons(self.samples, self.noise, random),
            _half_moons(self.validation_samples, self.noise, random),
        )

    def _loss(self, x: Array, data: Samples) -> Array:
        losses = logistic_loss(_scores(x, _activations(x, data.inputs)), data.targets)
        mean: Array = losses.mean(axis=-1)
        return mean

    def _loss_gradient(self, x: Array, data: Samples) -> Array:
        hidden = _activations(x, data.inputs)
        slopes = logistic_slope(_scores(x, hidden), data.targets) / len(data.targets)
        gradient = np.empty_like(x)
        gradient[..., _OUTPUT:_BIAS] = (slopes[..., None, :] @ hidden)[..., 0, :]
        gradient[..., _BIAS] = slopes.sum(axis=-1)
        # In place, for this array is most of the work: back through the output weights and tanh.
        np.square(hidden, out=hidden)
        np.subtract(1, hidden, out=hidden)
        hidden *= slopes[..., None]
        hidden *= x[..., None, _OUTPUT:_BIAS]
        gradient[..., :_OUTPUT] = (data.inputs.T @ hidden).reshape(*x.shape[:-1], _OUTPUT)
        return gradient


def _activations(x: Array, inputs: Array) -> Array:
    """Hidden units (..., n, 16) of parameters (..., 65) at inputs (n, 3)."""
    weights = x[..., :_OUTPUT].reshape(*x.shape[:-1], 3, HIDDEN)
    hidden = inputs @ weights
    return np.tanh(hidden, out=hidden)


def _scores(x: Array, hidden: Array) -> Array:
    weighted: Array = hidden @ x[..., _OUTPUT:_BIAS, None]
    return weighted[..., 0] + x[..., _BIAS:]


def _half_moons(count: int, noise: float, random: np.random.Generator) -> Samples:
    """Points on two interleaved half circles, with a third input that is always 1, for the bias."""
    targets = np.where(np.arange(count) % 2, 1.0, -1.0)
    angle = random.uniform(0, np.pi, size=count)
    points = targets[:, None] * np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=-1)
    points += noise * random.normal(size=(count, 2))
    return Samples(np.column_stack([points, np.ones(count)]), targets)
