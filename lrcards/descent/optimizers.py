"""Optimizers: the rule that turns a gradient and a rate into the next iterate, in PyTorch's arithmetic.

An optimizer is a frozen spec; what it remembers is passed in and out::

    state = optimizer.init(x)
    x, state = optimizer.update(gradient, state, x, rate)

``x`` and ``gradient`` have shape (lanes, dimension) and ``rate`` has shape (lanes, 1), all float64; every
array in a state has one row a lane. Only elementwise operations and sums over one lane's own row are used,
so that a lane never depends on its neighbours. A state keeps references to the arrays it was given: nobody
writes to an array after it was passed in. ``update`` checks nothing and silences nothing: a lane that
overflows becomes inf or NaN as IEEE 754 has it, and it is the caller who says what NumPy should do about
the warning.

In the formulas η is the rate, g the gradient at θ, t counts the updates from 1; products, quotients and
roots are elementwise.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.knobs import Knob, check

Array = NDArray[np.float64]

Epsilon = Annotated[float, Knob("added to the root below the fraction, against division by 0", above=0)]
Share = Annotated[float, Knob("share of the velocity that is kept from step to step", at_least=0, below=1)]


class Optimizer(ABC):
    """The rule of one step; a subclass is a frozen dataclass whose fields are its knobs.

    The state is opaque to everyone but its optimizer: an immutable named tuple of arrays, or ``None``.
    """

    name: ClassVar[str]

    def __post_init__(self) -> None:
        check(self)

    @abstractmethod
    def init(self, x: Array) -> Any:
        """Return the state before the first update at ``x``."""

    @abstractmethod
    def update(self, gradient: Array, state: Any, x: Array, rate: Array) -> tuple[Array, Any]:
        """Return the iterate and the state after one step from ``x``."""

    def effective_rate(self, rate: Array, state: Any, gradient: Array) -> Array:
        """Return the η that ``update`` uses with these arguments, (lanes, 1): ``rate`` unless learned."""
        del state, gradient
        return rate


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """θ ← θ − η g (Cauchy 1847; ``torch/optim/sgd.py`` without momentum)."""

    name = "gd"

    def init(self, x: Array) -> None:
        """Remember nothing."""

    def update(self, gradient: Array, state: None, x: Array, rate: Array) -> tuple[Array, None]:
        """Return ``x − rate·gradient``."""
        return x - rate * gradient, state


class Velocity(NamedTuple):
    """The velocity after the last update, shape (lanes, dimension); ``None`` before the first."""

    velocity: Array | None


class Stride(NamedTuple):
    """The velocity with η inside, which is the last step; ``None`` before the first."""

    velocity: Array | None


@dataclass(frozen=True)
class Momentum(Optimizer):
    """b ← μ b + (1 − τ) g, θ ← θ − η b; the first b is g, undampened (Polyak 1964; ``torch/optim/sgd.py``).

    η stands outside the velocity, as in PyTorch: a change of η acts on the whole velocity at once. Keras
    and Polyak put it inside, v ← μ v + (1 − τ) η g, θ ← θ − v, where old gradients keep the η of their day;
    the two agree as long as η stays constant.
    """

    name = "momentum"

    momentum: Share = 0.9
    dampening: Annotated[
        float, Knob("share of each new gradient that is left out", at_least=0, at_most=1)
    ] = 0.0
    rate_inside: Annotated[bool, Knob("put η inside the velocity, as Keras does")] = False

    def init(self, x: Array) -> Velocity | Stride:
        """Start without a velocity."""
        del x
        return Stride(None) if self.rate_inside else Velocity(None)

    def update(
        self, gradient: Array, state: Velocity | Stride, x: Array, rate: Array
    ) -> tuple[Array, Velocity | Stride]:
        """Step along the velocity."""
        push = rate * gradient if self.rate_inside else gradient
        if state.velocity is None:
            velocity = push
        else:
            velocity = self.momentum * state.velocity
            velocity += push if self.dampening == 0 else (1 - self.dampening) * push
        if self.rate_inside:
            return x - velocity, Stride(velocity)
        return x - rate * velocity, Velocity(velocity)


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """b ← μ b + g, θ ← θ − η (g + μ b); the first b is g (``torch/optim/sgd.py`` with ``nesterov=True``).

    Sutskever et al. 2013 rewritten in the point where the gradient is taken; η outside the velocity as in
    ``Momentum``. On a curvature λ it is stable only for η < (2 + 2μ)/((1 + 2μ)λ), less than heavy-ball
    momentum's 2(1 + μ)/λ.
    """

    name = "nesterov"

    momentum: Share = 0.9

    def init(self, x: Array) -> Velocity:
        """Start without a velocity."""
        del x
        return Velocity(None)

    def update(self, gradient: Array, state: Velocity, x: Array, rate: Array) -> tuple[Array, Velocity]:
        """Step along the gradient plus the velocity to come."""
        velocity = gradient if state.velocity is None else self.momentum * state.velocity + gradient
        return x - rate * (gradient + self.momentum * velocity), Velocity(velocity)


class SumOfSquares(NamedTuple):
    """The sum of all squared gradients so far, shape (lanes, dimension)."""

    total: Array


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """s ← s + g², θ ← θ − η g/(√s + ε) (Duchi et al. 2011; ``torch/optim/adagrad.py``).

    η stands outside s. The first step is η·sign(g), whatever the gradient's size.
    """

    name = "adagrad"

    epsilon: Epsilon = 1e-10

    def init(self, x: Array) -> SumOfSquares:
        """Start with a sum of 0."""
        return SumOfSquares(np.zeros_like(x))

    def update(
        self, gradient: Array, state: SumOfSquares, x: Array, rate: Array
    ) -> tuple[Array, SumOfSquares]:
        """Step by the gradient over the root of the sum of its squares."""
        total = state.total + gradient * gradient
        return x - rate * gradient / (np.sqrt(total) + self.epsilon), SumOfSquares(total)


class Averages(NamedTuple):
    """Running averages of g and g², shape (lanes, dimension); the mean is ``None`` where it is not needed."""

    square: Array
    mean: Array | None


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """v ← α v + (1 − α) g², θ ← θ − η g/(√v + ε) (Hinton's lecture 6e, 2012; ``torch/optim/rmsprop.py``).

    Centred (Graves 2013, arXiv 1308.0850) it divides by √(v − m²) + ε with m ← m + (1 − α)(g − m). Rounding
    can bring that difference below 0 where the gradient is constant: it is held at 0, where PyTorch returns
    NaN.

    η stands outside v. There is no bias correction: the first step is η/√(1 − α), ten times η for α = 0.99.
    """

    name = "rmsprop"

    decay: Annotated[float, Knob("share of the running average that is kept", at_least=0, below=1)] = 0.99
    epsilon: Epsilon = 1e-8
    centred: Annotated[bool, Knob("divide by the gradient's spread instead of its root mean square")] = False

    def init(self, x: Array) -> Averages:
        """Start with averages of 0."""
        return Averages(np.zeros_like(x), np.zeros_like(x) if self.centred else None)

    def update(self, gradient: Array, state: Averages, x: Array, rate: Array) -> tuple[Array, Averages]:
        """Step by the gradient over its running root mean square, or its running standard deviation."""
        square = self.decay * state.square + (1 - self.decay) * gradient * gradient
        if state.mean is None:
            mean, spread = None, square
        else:
            mean = state.mean + (1 - self.decay) * (gradient - state.mean)
            spread = np.maximum(square - mean * mean, 0)
        return x - rate * gradient / (np.sqrt(spread) + self.epsilon), Averages(square, mean)


class Moments(NamedTuple):
    """Adam's memory.

    Attributes:
        updates: how many there were.
        mean, square: the running averages of g and g², shape (lanes, dimension).
        divisor: the average that stands below the fraction: ``square`` itself, or its maximum so far.
    """

    updates: int
    mean: Array
    square: Array
    divisor: Array


@dataclass(frozen=True)
class Adam(Optimizer):
    """m ← m + (1 − β₁)(g − m), v ← β₂ v + (1 − β₂) g², θ ← θ − η/(1 − β₁ᵗ) · m/(√v/√(1 − β₂ᵗ) + ε).

    Kingma & Ba 2015 (arXiv 1412.6980); ``torch/optim/adam.py``, ``_single_tensor_adam``. η stands outside
    both averages. ε is added after the bias correction of v, as in the paper's algorithm 1. Uncorrected, both
    divisors 1 − βᵗ are left out, so that the averages count their start at 0 as if it had been seen.
    """

    name = "adam"

    beta1: Annotated[float, Knob("share kept of the running average of gradients", at_least=0, below=1)] = 0.9
    beta2: Annotated[float, Knob("share kept of the running average of squares", at_least=0, below=1)] = 0.999
    epsilon: Epsilon = 1e-8
    corrected: Annotated[bool, Knob("make up for averages that start at 0")] = True

    def init(self, x: Array) -> Moments:
        """Start with averages of 0."""
        zeros = np.zeros_like(x)
        return Moments(0, zeros, zeros, zeros)

    def update(self, gradient: Array, state: Moments, x: Array, rate: Array) -> tuple[Array, Moments]:
        """Step by the corrected mean over the corrected root mean square."""
        updates = state.updates + 1
        mean = state.mean + (1 - self.beta1) * (gradient - state.mean)
        square = self.beta2 * state.square + (1 - self.beta2) * gradient * gradient
        divisor = self._divisor(square, state)
        first, second = (1 - beta**updates if self.corrected else 1.0 for beta in (self.beta1, self.beta2))
        root = np.sqrt(divisor) / second**0.5 + self.epsilon
        x = x - rate / first * mean / root
        return x, Moments(updates, mean, square, divisor)

    def _divisor(self, square: Array, state: Moments) -> Array:
        del state
        return square


@dataclass(frozen=True)
class AMSGrad(Adam):
    """Adam with v replaced below the fraction by its maximum so far, so that the divisor never shrinks.

    Reddi et al. 2018 (arXiv 1904.09237); ``torch/optim/adam.py`` with ``amsgrad=True``: the maximum is
    taken of v before its bias correction.
    """

    name = "amsgrad"

    def _divisor(self, square: Array, state: Moments) -> Array:
        return np.maximum(square, state.divisor)


@dataclass(frozen=True)
class AdamW(Adam):
    """θ ← (1 − η ω) θ, then Adam's step.

    Loshchilov & Hutter 2019 (arXiv 1711.05101); ``torch/optim/adamw.py``. The decay ω does not pass through
    the averages; η scales it, so that a schedule slows both alike. It pulls towards 0 and moves the resting
    point off the objective's minimum.
    """

    name = "adamw"

    weight_decay: Annotated[float, Knob("pull of every coordinate towards 0, times the rate", at_least=0)] = (
        0.01
    )

    def update(self, gradient: Array, state: Moments, x: Array, rate: Array) -> tuple[Array, Moments]:
        """Shrink ``x``, then step as Adam does."""
        return super().update(gradient, state, x * (1 - rate * self.weight_decay), rate)


class Learned(NamedTuple):
    """What was learned so far: the sum that is added to the rate, shape (lanes, 1), and the last gradient."""

    learned: Array
    previous: Array


@dataclass(frozen=True)
class Hypergradient(Optimizer):
    """η_t = η_{t−1} + β g_t·g_{t−1}, θ ← θ − η_t g_t: descent on η itself, since ∂L(θ_t)/∂η = −g_t·g_{t−1}.

    Baydin et al. 2018 (arXiv 1703.04782), SGD-HD with the additive rule; the first step uses η as it is.
    The learned η_t is the rate that is given plus the sum of β g·g so far: a schedule or a live edit moves
    the first part, the second stays.

    η_t may become negative (the run then climbs until its gradients agree again) or grow without bound, and
    both are left to happen: they are the answer to "why not learn η as well?". β is a rate of its own that
    has to be tuned, in units of η²/L, and the rule looks one step ahead only (Wu et al. 2018, arXiv
    1803.02021).
    """

    name = "hypergradient"

    meta_rate: Annotated[float, Knob("the rate at which the rate itself is learned", at_least=0)] = 1e-3

    def init(self, x: Array) -> Learned:
        """Start with nothing learned and no gradient."""
        return Learned(np.zeros((len(x), 1)), np.zeros_like(x))

    def update(self, gradient: Array, state: Learned, x: Array, rate: Array) -> tuple[Array, Learned]:
        """Learn from the two last gradients, then step."""
        learned = self._learned(state, gradient)
        return x - (rate + learned) * gradient, Learned(learned, gradient)

    def effective_rate(self, rate: Array, state: Learned, gradient: Array) -> Array:
        """Return η_t for the gradient of this step; it may be negative."""
        return rate + self._learned(state, gradient)

    def _learned(self, state: Learned, gradient: Array) -> Array:
        # In C order each lane's sum runs over its own row, in the same way in a batch as alone.
        agreement: Array = np.multiply(gradient, state.previous, order="C").sum(axis=-1, keepdims=True)
        return state.learned + self.meta_rate * agreement


OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            GradientDescent,
            Momentum,
            Nesterov,
            AdaGrad,
            RMSProp,
            Adam,
            AMSGrad,
            AdamW,
            Hypergradient,
        )
    }
)
