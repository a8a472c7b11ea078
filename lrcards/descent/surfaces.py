"""Objectives with a difficulty: a pothole, a saddle, a plateau, a bent valley, four minima, a catapult."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lrcards.descent.objectives import Array, Box, Minimum, Objective, stationary_point


@dataclass(frozen=True)
class Helipad(Objective):
    """x²/50 − 1/(1 + x²) − 0.1/(1 + 25(x + 5)²): a pad in a wide valley, and a pothole on the way to it.

    The pad's curvature of 2 holds no run whose rate is above 1, and the pothole's of 3.5 none above 0.57. Who
    comes from the left with long steps passes over the pothole, with short ones stays in it.
    """

    name = "helipad"

    @property
    def dimension(self) -> int:
        """One: the way across the valley."""
        return 1

    def value(self, x: Array) -> Array:
        """The height; the valley's alone would be 0 at its bottom."""
        along = x[..., 0]
        beside = along + 5
        return along * along / 50 - 1 / (1 + along * along) - 0.1 / (1 + 25 * beside * beside)

    def gradient(self, x: Array) -> Array:
        """The slopes of the valley, the pad and the pothole."""
        beside = x + 5
        pad, pothole = 1 + x * x, 1 + 25 * beside * beside
        return x / 25 + 2 * x / (pad * pad) + 5 * beside / (pothole * pothole)

    def hessian(self, x: Array) -> Array:
        """The curvatures of the three."""
        beside = x + 5
        pad, pothole = 1 + x * x, 1 + 25 * beside * beside
        wide = (2 - 6 * x * x) / (pad * pad * pad)
        narrow = (5 - 375 * beside * beside) / (pothole * pothole * pothole)
        return (1 / 25 + wide + narrow)[..., None]

    @property
    def view(self) -> Box:
        """The valley."""
        return Box((-10.0,), (10.0,))

    @cached_property
    def minima(self) -> tuple[Minimum, ...]:
        """The pad and the pothole."""
        return (_minimum(self, (0.0,)), _minimum(self, (-4.95,), is_global=False))


@dataclass(frozen=True)
class Saddle(Objective):
    """½x² − ½y² + ¼y⁴: a saddle at the origin between two minima at (0, ±1).

    A run that starts on the ridge y = 0 ends at the saddle; from close by it lingers there before it falls.
    """

    name = "saddle"

    @property
    def dimension(self) -> int:
        """Two."""
        return 2

    def value(self, x: Array) -> Array:
        """0 at the saddle, −¼ at the minima."""
        a, b = x[..., 0] * x[..., 0], x[..., 1] * x[..., 1]
        return 0.5 * (a - b) + 0.25 * b * b

    def gradient(self, x: Array) -> Array:
        """(x, y³ − y)."""
        a, b = x[..., 0], x[..., 1]
        return _pair(a, b * (b * b - 1))

    def hessian(self, x: Array) -> Array:
        """Diagonal: 1 and 3y² − 1."""
        b = x[..., 1]
        return _symmetric(np.ones_like(b), np.zeros_like(b), 3 * b * b - 1)

    @property
    def view(self) -> Box:
        """Both minima."""
        return Box((-2.0, -2.0), (2.0, 2.0))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """On either side of the saddle."""
        return (Minimum((0.0, -1.0), -0.25), Minimum((0.0, 1.0), -0.25))


@dataclass(frozen=True)
class Plateau(Objective):
    """x²/(1 + x²): a basin at 0 in a plateau on which the gradient fades as 2/x³."""

    name = "plateau"

    @property
    def dimension(self) -> int:
        """One."""
        return 1

    def value(self, x: Array) -> Array:
        """0 in the basin, towards 1 on the plateau."""
        square = x[..., 0] * x[..., 0]
        return square / (1 + square)

    def gradient(self, x: Array) -> Array:
        """2x/(1 + x²)²."""
        base = 1 + x * x
        return 2 * x / (base * base)

    def hessian(self, x: Array) -> Array:
        """(2 − 6x²)/(1 + x²)³: negative beyond 1/√3."""
        base = 1 + x * x
        return ((2 - 6 * x * x) / (base * base * base))[..., None]

    @property
    def view(self) -> Box:
        """The basin and the plateau around it."""
        return Box((-8.0,), (8.0,))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """At 0."""
        return (Minimum((0.0,), 0.0),)


@dataclass(frozen=True)
class Rosenbrock(Objective):
    """(1 − x)² + 100(y − x²)²: a bent valley, quick to reach and slow to follow (Rosenbrock 1960)."""

    name = "rosenbrock"

    @property
    def dimension(self) -> int:
        """Two."""
        return 2

    def value(self, x: Array) -> Array:
        """0 at (1, 1)."""
        a, b = x[..., 0], x[..., 1]
        wall = b - a * a
        return (1 - a) * (1 - a) + 100 * wall * wall

    def gradient(self, x: Array) -> Array:
        """(−2(1 − x) − 400x(y − x²), 200(y − x²))."""
        a, b = x[..., 0], x[..., 1]
        wall = b - a * a
        return _pair(2 * (a - 1) - 400 * a * wall, 200 * wall)

    def hessian(self, x: Array) -> Array:
        """About 1000 across the valley and 0.4 along it, at the minimum."""
        a, b = x[..., 0], x[..., 1]
        return _symmetric(2 - 400 * (b - 3 * a * a), -400 * a, np.full_like(a, 200.0))

    @property
    def view(self) -> Box:
        """The valley from the usual start (−1.2, 1) to the minimum."""
        return Box((-2.0, -1.0), (2.0, 3.0))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """At (1, 1)."""
        return (Minimum((1.0, 1.0), 0.0),)


@dataclass(frozen=True)
class Himmelblau(Objective):
    """(x² + y − 11)² + (x + y² − 7)²: four minima of equal depth (Himmelblau 1972)."""

    name = "himmelblau"

    @property
    def dimension(self) -> int:
        """Two."""
        return 2

    def value(self, x: Array) -> Array:
        """0 at all four minima."""
        first, second = self._residuals(x)
        return first * first + second * second

    def gradient(self, x: Array) -> Array:
        """(4x·first + 2·second, 2·first + 4y·second)."""
        first, second = self._residuals(x)
        return _pair(4 * x[..., 0] * first + 2 * second, 2 * first + 4 * x[..., 1] * second)

    def hessian(self, x: Array) -> Array:
        """The derivative of the gradient."""
        a, b = x[..., 0], x[..., 1]
        first, second = self._residuals(x)
        return _symmetric(4 * first + 8 * a * a + 2, 4 * a + 4 * b, 4 * second + 8 * b * b + 2)

    def _residuals(self, x: Array) -> tuple[Array, Array]:
        a, b = x[..., 0], x[..., 1]
        return a * a + b - 11, a + b * b - 7

    @property
    def view(self) -> Box:
        """All four minima."""
        return Box((-5.0, -5.0), (5.0, 5.0))

    @cached_property
    def minima(self) -> tuple[Minimum, ...]:
        """(3, 2) and three that are not whole numbers."""
        guesses = ((3.0, 2.0), (-2.8, 3.1), (-3.8, -3.3), (3.6, -1.8))
        return tuple(_minimum(self, guess) for guess in guesses)


@dataclass(frozen=True)
class Catapult(Objective):
    """½(uv)²: the smallest network, one weight after the other, with the data 1 ↦ 0.

    Its curvature at a minimum, u² + v², depends on which of the minima uv = 0 it is: a rate that is too large
    for where the run is throws it to where the curvature is lower (Lewkowycz et al., arXiv 2003.02218).
    """

    name = "catapult"

    @property
    def dimension(self) -> int:
        """Two: u and v."""
        return 2

    def value(self, x: Array) -> Array:
        """0 wherever u or v is 0."""
        product = x[..., 0] * x[..., 1]
        return 0.5 * product * product

    def gradient(self, x: Array) -> Array:
        """(uv², u²v)."""
        u, v = x[..., 0], x[..., 1]
        product = u * v
        return _pair(product * v, product * u)

    def hessian(self, x: Array) -> Array:
        """V² and u² on the diagonal, 2uv beside it."""
        u, v = x[..., 0], x[..., 1]
        return _symmetric(v * v, 2 * u * v, u * u)

    @property
    def view(self) -> Box:
        """The cross of minima."""
        return Box((-4.0, -4.0), (4.0, 4.0))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The origin, for all points with u = 0 or v = 0."""
        return (Minimum((0.0, 0.0), 0.0),)


def _minimum(objective: Objective, near: Sequence[float], *, is_global: bool = True) -> Minimum:
    point = stationary_point(objective, near)
    return Minimum(point, float(objective.value(np.array(point))), is_global)


def _pair(a: Array, b: Array) -> Array:
    """Return the vectors (a, b), shape (..., 2); for few of them five times as quick as ``np.stack``."""
    pair: Array = np.empty((*a.shape, 2), a.dtype)
    pair[..., 0], pair[..., 1] = a, b
    return pair


def _symmetric(a: Array, b: Array, c: Array) -> Array:
    """Return the matrices ((a, b), (b, c)), shape (..., 2, 2)."""
    return np.stack([np.stack([a, b], axis=-1), np.stack([b, c], axis=-1)], axis=-2)
