"""A function as a list of operations: simplified while built, differentiated exactly, evaluated in bulk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lrcards.descent.objectives import Array

# An absolute value counts as being at its kink within this distance, relative to the terms of its argument.
_SNAP = 1e-9
# Points are evaluated in blocks, so that a long function of many points stays within a few tens of megabytes.
_BLOCK = 8192


def _sign(value: Array, *terms: Array | float) -> Array:
    snap = _SNAP * (1 + sum(np.abs(term) for term in terms))
    return np.where(np.abs(value) <= snap, 0.0, np.sign(value))


def _power(base: Any, exponent: Any) -> Any:
    # The operator, unlike the ufunc, has short ways for the exponents -1, 0.5 and 2.
    return base**exponent


_EVALUATE: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "multiply": np.multiply,
    "power": _power,
    "sign": _sign,
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
}


class _Operation(NamedTuple):
    """One line of the list: a constant, an input (the index is its value), or a function of earlier lines."""

    name: str
    arguments: tuple[int, ...] = ()
    value: float = 0.0


class Operations:
    """A growing list of operations, each said once; a line is known by its index.

    The inputs are the ``dimension`` coordinates of a point. Because a line only uses earlier lines, and
    equal lines are one line, a derivative adds a bounded number of lines for each line of the function:
    it cannot blow up however deeply the function is nested.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._lines: list[_Operation] = []
        self._index: dict[_Operation, int] = {}
        self._inputs = [self._line(_Operation("input", value=axis)) for axis in range(dimension)]

    def coordinate(self, axis: int) -> int:
        """Return the line of a coordinate of the point."""
        return self._inputs[axis]

    def constant(self, value: float) -> int:
        """Return the line of a number."""
        return self._line(_Operation("constant", value=float(value)))

    def number(self, line: int) -> float | None:
        """Return the number that a line always has, or ``None`` if it depends on the point."""
        operation = self._lines[line]
        return operation.value if operation.name == "constant" else None

    def add(self, a: int, b: int) -> int:
        """Return the line of ``a + b``."""
        a, b = self._constant_first(a, b)
        if self.number(a) == 0:
            return b
        return self._function("add", a, b)

    def multiply(self, a: int, b: int) -> int:
        """Return the line of ``a * b``."""
        a, b = self._constant_first(a, b)
        factor = self.number(a)
        if factor == 0:
            return a
        if factor == 1:
            return b
        if factor is not None and self._lines[b].name == "multiply":
            inner, rest = self._lines[b].arguments
            if self.number(inner) is not None:
                return self.multiply(self._function("multiply", a, inner), rest)
        return self._function("multiply", a, b)

    def power(self, base: int, exponent: int) -> int:
        """Return the line of ``base ** exponent``."""
        if self.number(exponent) == 0:
            return self.constant(1)
        if self.number(exponent) == 1:
            return base
        return self._function("power", base, exponent)

    def call(self, name: str, argument: int) -> int:
        """Return the line of a function in ``FUNCTIONS``."""
        if name == "sigmoid":
            half = self.constant(0.5)
            return self.add(half, self.multiply(half, self.call("tanh", self.multiply(half, argument))))
        return self._function(name, argument)

    def derivative(self, line: int, axis: int) -> int:
        """Return the line of the partial derivative of a line along an axis, adding what it needs."""
        zero = self.constant(0)
        slopes: dict[int, int] = {}
        for index in self._needed([line]):
            name, arguments, _ = self._lines[index]
            if not arguments:
                slopes[index] = self.constant(1) if index == self._inputs[axis] else zero
            elif name == "add":
                a, b = arguments
                slopes[index] = self.add(slopes[a], slopes[b])
            elif name == "multiply":
                a, b = arguments
                slopes[index] = self.add(self.multiply(slopes[a], b), self.multiply(a, slopes[b]))
            elif name == "power":
                slopes[index] = self._power_slope(index, slopes)
            else:
                argument = arguments[0]
                slopes[index] = zero
                if slopes[argument] != zero:
                    slopes[index] = self.multiply(_SLOPES[name](self, argument, index), slopes[argument])
        return slopes[line]

    def program(self, lines: Sequence[int]) -> "Program":
        """Return what evaluates the given lines and nothing else."""
        needed = self._needed([*self._inputs, *lines])
        place = {line: position for position, line in enumerate(needed)}
        operations = [self._lines[line] for line in needed]
        return Program(
            dimension=self.dimension,
            start=tuple(operation.value for operation in operations),
            calls=tuple(
                (position, _EVALUATE[operation.name], tuple(place[a] for a in operation.arguments))
                for position, operation in enumerate(operations)
                if operation.arguments
            ),
            outputs=tuple(place[line] for line in lines),
        )

    def _power_slope(self, line: int, slopes: dict[int, int]) -> int:
        base, exponent = self._lines[line].arguments
        lowered = self.power(base, self.add(exponent, self.constant(-1)))
        by_base = self.multiply(self.multiply(exponent, lowered), slopes[base])
        by_exponent = self.multiply(line, self.multiply(self.call("log", base), slopes[exponent]))
        return self.add(by_base, by_exponent)

    def _sign(self, argument: int) -> int:
        name, terms, _ = self._lines[argument]
        return self._line(_Operation("sign", (argument, *(terms if name == "add" else [argument]))))

    def _constant_first(self, a: int, b: int) -> tuple[int, int]:
        # One order for a sum or a product makes ``a + b`` and ``b + a`` the same line.
        first, second = sorted((a, b), key=lambda line: (self._lines[line].name != "constant", line))
        return first, second

    def _function(self, name: str, *arguments: int) -> int:
        numbers = [self.number(argument) for argument in arguments]
        if None in numbers:
            return self._line(_Operation(name, arguments))
        with np.errstate(all="ignore"):
            return self.constant(float(_EVALUATE[name](*np.array(numbers, dtype=np.float64))))

    def _line(self, operation: _Operation) -> int:
        if operation not in self._index:
            self._index[operation] = len(self._lines)
            self._lines.append(operation)
        return self._index[operation]

    def _needed(self, lines: Sequence[int]) -> list[int]:
        needed = set(lines)
        for line in range(max(lines), -1, -1):
            if line in needed:
                needed.update(self._lines[line].arguments)
        return sorted(needed)


_SLOPES: dict[str, Callable[[Operations, int, int], int]] = {
    # Each from the operations, the line u of the argument and the line of the function's own value.
    "abs": lambda o, u, _: o._sign(u),
    "sign": lambda o, _u, _: o.constant(0),
    "exp": lambda _o, _u, value: value,
    "log": lambda o, u, _: o.power(u, o.constant(-1)),
    "sqrt": lambda o, _u, value: o.multiply(o.constant(0.5), o.power(value, o.constant(-1))),
    "sin": lambda o, u, _: o.call("cos", u),
    "cos": lambda o, u, _: o.multiply(o.constant(-1), o.call("sin", u)),
    "tan": lambda o, _u, value: o.add(o.constant(1), o.power(value, o.constant(2))),
    "sinh": lambda o, u, _: o.call("cosh", u),
    "cosh": lambda o, u, _: o.call("sinh", u),
    # Not 1 − tanh²: far out that cancels to 0, and whether a gradient has vanished is what a learner asks.
    "tanh": lambda o, u, _: o.power(o.call("cosh", u), o.constant(-2)),
}

FUNCTIONS = (*(name for name in _SLOPES if name != "sign"), "sigmoid")


@dataclass(frozen=True)
class Program:
    """Operations in the order in which they are carried out.

    Attributes:
        dimension: the number of coordinates of a point.
        start: the value of every place before the first operation; the first places are for the inputs.
        calls: for each operation the place of its result, its function, and the places of its arguments.
        outputs: the places of the results.
    """

    dimension: int
    start: tuple[float, ...]
    calls: tuple[tuple[int, Callable[..., Any], tuple[int, ...]], ...]
    outputs: tuple[int, ...]

    def run(self, x: Array) -> Array:
        """Evaluate at x of shape (..., dimension); the result has shape (..., outputs).

        Each point is computed elementwise, on its own. Outside of the domain the result is NaN or infinite,
        without a warning.
        """
        points = x.reshape(-1, self.dimension)
        results = np.empty((len(points), len(self.outputs)))
        with np.errstate(all="ignore"):
            for first in range(0, len(points), _BLOCK):
                block = slice(first, first + _BLOCK)
                self._run_block(points[block], results[block])
        return results.reshape(*x.shape[:-1], len(self.outputs))

    def _run_block(self, points: Array, results: Array) -> None:
        values: list[Any] = list(self.start)
        # Contiguous copies: numpy may round a strided function and a contiguous one differently.
        values[: self.dimension] = np.ascontiguousarray(points.T)
        for place, function, arguments in self.calls:
            values[place] = function(*[values[argument] for argument in arguments])
        for column, place in enumerate(self.outputs):
            results[:, column] = values[place]
