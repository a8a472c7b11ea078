"""A function that the user types, as an objective with exact derivatives."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from lrcards.descent.algebra import Program
from lrcards.descent.minima import find_minima
from lrcards.descent.objectives import Array, Box, Minimum, Objective
from lrcards.descent.parsing import parse


@dataclass(frozen=True)
class Function(Objective):
    """A function of x, or of x and y, such as ``x**4 - 3*x**2 + x``; ``parsing.parse`` says what it may be.

    The derivatives are exact: they are derived from the text by the rules of calculus. An absolute value has
    subgradient 0 at its kink and no curvature. A power whose exponent varies needs a positive base. Outside
    of the domain value and derivatives are NaN or infinite, without a warning.

    Args:
        text: the function, at most ``parsing.MAX_LENGTH`` characters.

    Raises:
        SpecError: if the text is not such a function, with the number of the character where it goes wrong.
    """

    name = "function"
    text: str

    def __post_init__(self) -> None:
        # Now, so that a mistake is told where the function is made and not where it is first used.
        _ = self._programs

    @property
    def dimension(self) -> int:
        """2 if the text has a ``y`` in it, else 1."""
        return self._programs.value.dimension

    def value(self, x: Array) -> Array:
        """Return the function's value."""
        return self._programs.value.run(x)[..., 0]

    def gradient(self, x: Array) -> Array:
        """Return the exact gradient."""
        return self._programs.gradient.run(x)

    def hessian(self, x: Array) -> Array:
        """Return the exact matrix of second derivatives."""
        return self._programs.hessian.run(x).reshape(*x.shape, self.dimension)

    @cached_property
    def minima(self) -> tuple[Minimum, ...]:
        """The minima that a numerical search finds, lowest first; see ``minima.find_minima``."""
        points, global_value = find_minima(*self._programs)
        values = self.value(points)
        tolerance = 1e-9 * (1 + abs(global_value))
        return tuple(
            Minimum(tuple(point.tolist()), float(value), bool(value <= global_value + tolerance))
            for point, value in zip(points, values, strict=True)
        )

    @cached_property
    def view(self) -> Box:
        """The minima with some room around them; -3 to 3 where there are none."""
        points = np.array([minimum.x for minimum in self.minima] or [(0.0,) * self.dimension])
        low, high = points.min(axis=0), points.max(axis=0)
        margin = 0.4 * (high - low).max() or 3.0
        return Box(tuple((low - margin).tolist()), tuple((high + margin).tolist()))

    @cached_property
    def _programs(self) -> "_Programs":
        operations, value = parse(self.text)
        axes = range(operations.dimension)
        gradient = [operations.derivative(value, axis) for axis in axes]
        hessian = [operations.derivative(slope, axis) for slope in gradient for axis in axes]
        return _Programs(*(operations.program(lines) for lines in ([value], gradient, hessian)))


class _Programs(NamedTuple):
    value: Program
    gradient: Program
    hessian: Program
