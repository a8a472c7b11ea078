"""What is minimised: the common shape of an objective, and the analytic ones with their minima."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.errors import SpecError

Array = NDArray[np.float64]

# Curvatures or measurements: a step takes time, and noise memory, for each.
MAX_TERMS = 1000


@dataclass(frozen=True)
class Box:
    """A part of the space to look at: the lowest and the highest coordinate along each axis."""

    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Minimum:
    """A local minimum, its value, and whether no value is lower anywhere."""

    x: tuple[float, ...]
    value: float
    is_global: bool = True


class Objective(ABC):
    """A function of d numbers. Subclasses are frozen dataclasses whose fields are its parameters.

    All methods take points of shape (..., d). The result for a point does not depend on the points beside
    it, to the last bit: sums run over the point's own axis only, and everything else is elementwise.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What the objective is called."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """The number d of coordinates of a point."""

    @abstractmethod
    def value(self, x: Array) -> Array:
        """Return the loss, shape (...)."""

    @abstractmethod
    def gradient(self, x: Array) -> Array:
        """Return the gradient, shape (..., d); where there is none, a subgradient."""

    def hessian(self, x: Array) -> Array | None:  # noqa: ARG002
        """Return the second derivatives, shape (..., d, d); ``None`` for an objective without any."""
        return None

    @property
    @abstractmethod
    def view(self) -> Box:
        """Where to look for what the function is about."""

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The known minima; of a connected set of minima one representative."""
        return ()


@dataclass(frozen=True)
class Quadratic(Objective):
    """½ Σ λᵢ(xᵢ − cᵢ)²: the bowl on which the theory is exact.

    Args:
        curvatures: the eigenvalues λ of the Hessian, one an axis; of any sign.
        centre: the point c; the origin if empty.
        angle: turns the axes of a bowl in two dimensions, in degrees.
    """

    name = "quadratic"
    curvatures: tuple[float, ...] = (1.0,)
    centre: tuple[float, ...] = ()
    angle: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        if not 1 <= len(self.curvatures) <= MAX_TERMS or not np.isfinite(self.curvatures).all():
            problems.append(f"the quadratic needs 1 to {MAX_TERMS} curvatures, all of them finite")
        if self.centre and len(self.centre) != len(self.curvatures):
            problems.append(
                f"the centre has {len(self.centre)} coordinates for {len(self.curvatures)} curvatures"
            )
        if not np.isfinite([*self.centre, self.angle]).all():
            problems.append("the centre and the angle must be finite")
        if self.angle and len(self.curvatures) != 2:
            problems.append(
                f"only a quadratic in 2 dimensions can be turned, not one in {len(self.curvatures)}"
            )
        if problems:
            raise SpecError(*problems)

    @property
    def dimension(self) -> int:
        """As many as there are curvatures."""
        return len(self.curvatures)

    @cached_property
    def _centre(self) -> Array | None:
        return np.array(self.centre, dtype=np.float64) if any(self.centre) else None

    @cached_property
    def _diagonal(self) -> Array:
        diagonal = np.diag(self._matrix).copy()
        # Without an axis of its own numpy multiplies twice as fast.
        return diagonal.reshape(()) if self.dimension == 1 else diagonal

    @cached_property
    def _matrix(self) -> Array:
        matrix = np.diag(self.curvatures).astype(np.float64)
        if not self.angle:
            return matrix
        cosine, sine = np.cos(np.radians(self.angle)), np.sin(np.radians(self.angle))
        turn = np.array([[cosine, -sine], [sine, cosine]])
        turned: Array = turn @ matrix @ turn.T
        return turned

    def value(self, x: Array) -> Array:
        """Half the curvatures times the squares of the offsets from the centre."""
        offset = self._offset(x)
        squares = offset * offset
        squares *= 0.5 * self._diagonal
        total: Array = squares[..., 0] if self.dimension == 1 else squares.sum(axis=-1)
        if self.angle:
            total += self._matrix[0, 1] * offset[..., 0] * offset[..., 1]
        return total

    def gradient(self, x: Array) -> Array:
        """The Hessian times the offset from the centre."""
        offset = self._offset(x)
        slope = self._diagonal * offset
        if self.angle:
            slope += self._matrix[0, 1] * offset[..., ::-1]
        return slope

    def _offset(self, x: Array) -> Array:
        return x if self._centre is None else x - self._centre

    def hessian(self, x: Array) -> Array:
        """The same everywhere."""
        return np.broadcast_to(self._matrix, (*x.shape, self.dimension))

    @property
    def view(self) -> Box:
        """Ten to each side of the centre."""
        centre = self.centre or (0.0,) * self.dimension
        return Box(tuple(c - 10 for c in centre), tuple(c + 10 for c in centre))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The centre, unless a curvature is negative."""
        if min(self.curvatures) < 0:
            return ()
        return (Minimum(self.centre or (0.0,) * self.dimension, 0.0),)


@dataclass(frozen=True)
class AbsoluteDeviations(Objective):
    """Σ |x − xᵢ|, least at the median: a kink at every measurement.

    Within 1e-9(1+|x|) of a measurement its term counts as being at its kink and has subgradient 0, so that
    rounding does not carry a run past a measurement that it hits in exact arithmetic.
    """

    name = "kink"
    measurements: tuple[float, ...] = (19.0, 17.0, 24.0)

    def __post_init__(self) -> None:
        if not 1 <= len(self.measurements) <= MAX_TERMS or not np.isfinite(self.measurements).all():
            raise SpecError(f"the kink needs 1 to {MAX_TERMS} measurements, all of them finite")

    @property
    def dimension(self) -> int:
        """One: the estimate of the measurements."""
        return 1

    def value(self, x: Array) -> Array:
        """The sum, not the mean, of the distances."""
        # One measurement at a time, for all of them times all points of a long run would not fit into memory.
        total = np.abs(x[..., 0] - self.measurements[0])
        for measurement in self.measurements[1:]:
            total += np.abs(x[..., 0] - measurement)
        return total

    def gradient(self, x: Array) -> Array:
        """How many measurements are to the left, less how many are to the right."""
        snap = 1e-9 * (1 + np.abs(x))
        total = np.zeros_like(x)
        for measurement in self.measurements:
            distance = x - measurement
            total += (distance > snap).astype(np.float64)
            total -= distance < -snap
        return total

    @property
    def view(self) -> Box:
        """The measurements with as much again on either side."""
        low, high = min(self.measurements), max(self.measurements)
        margin = (high - low) or 10.0
        return Box((low - margin,), (high + margin,))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The median; of an even number of measurements the middle of the two that are least between."""
        median = float(np.median(self.measurements))
        return (Minimum((median,), float(self.value(np.array([median])))),)


@dataclass(frozen=True)
class DoubleWell(Objective):
    """(x² − 1)²/4: two equal minima with a hump between them."""

    name = "double-well"

    @property
    def dimension(self) -> int:
        """One."""
        return 1

    def value(self, x: Array) -> Array:
        """0 at the minima, ¼ on the hump."""
        bracket = x[..., 0] * x[..., 0] - 1
        return 0.25 * bracket * bracket

    def gradient(self, x: Array) -> Array:
        """X³ − x."""
        return x * (x * x - 1)

    def hessian(self, x: Array) -> Array:
        """3x² − 1."""
        return (3 * x * x - 1)[..., None]

    @property
    def view(self) -> Box:
        """Both wells and their walls."""
        return Box((-2.0,), (2.0,))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """At −1 and 1."""
        return (Minimum((-1.0,), 0.0), Minimum((1.0,), 0.0))


def stationary_point(objective: Objective, near: Sequence[float]) -> tuple[float, ...]:
    """Return the stationary point that Newton's method reaches from a point nearby, to rounding."""
    x = np.array(near, dtype=np.float64)
    for _ in range(50):
        hessian = objective.hessian(x)
        assert hessian is not None
        x = x - np.linalg.solve(hessian, objective.gradient(x))
    return tuple(x.tolist())
