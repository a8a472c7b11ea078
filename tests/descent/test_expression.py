import ast
import math
import operator
import time
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.expression import Function
from lrcards.descent.parsing import MAX_LENGTH


@dataclass(frozen=True)
class Dual:
    """A second implementation of differentiation: a value with its slope along one direction.

    Large intermediate results are refused, for there two orders of the same arithmetic differ visibly.
    """

    value: float
    slope: float = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.value, complex) or not (abs(self.value) < 100 and abs(self.slope) < 1e4):
            raise OverflowError

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: "Dual") -> "Dual":
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: "Dual") -> "Dual":
        slope = (self.slope * other.value - self.value * other.slope) / other.value**2
        return Dual(self.value / other.value, slope)

    def __pow__(self, other: "Dual") -> "Dual":
        value = self.value**other.value
        slope = other.value * self.value ** (other.value - 1) * self.slope
        if other.slope:
            slope += value * math.log(self.value) * other.slope
        return Dual(value, slope)


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def sign(u: float) -> float:
    if abs(u) < 1e-6:
        raise ValueError("too near to the kink")
    return math.copysign(1, u)


FUNCTIONS = {
    "exp": (math.exp, math.exp),
    "log": (math.log, lambda u: 1 / u),
    "sqrt": (math.sqrt, lambda u: 1 / (2 * math.sqrt(u))),
    "sin": (math.sin, math.cos),
    "cos": (math.cos, lambda u: -math.sin(u)),
    "tan": (math.tan, lambda u: 1 / math.cos(u) ** 2),
    "sinh": (math.sinh, math.cosh),
    "cosh": (math.cosh, math.sinh),
    "tanh": (math.tanh, lambda u: 1 / math.cosh(u) ** 2),
    "sigmoid": (sigmoid, lambda u: sigmoid(u) * (1 - sigmoid(u))),
    "abs": (abs, sign),
}
BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def names(node: ast.expr) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def dual(node: ast.expr, point: dict[str, Dual]) -> Dual:
    """Evaluate Python's own reading of the text."""
    match node:
        case ast.Name(id=name):
            return point[name]
        case ast.Constant(value=number):
            return Dual(float(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Dual(-1.0) * dual(operand, point)
        case ast.UnaryOp(operand=operand):
            return dual(operand, point)
        case ast.BinOp(left=left, op=symbol, right=right):
            base = dual(left, point)
            if isinstance(symbol, ast.Pow) and base.value <= 0 and not {"x", "y"}.isdisjoint(names(right)):
                raise ValueError("a power whose exponent varies needs a positive base")
            return BINARY[type(symbol)](base, dual(right, point))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            function, slope = FUNCTIONS[name]
            inner = dual(argument, point)
            return Dual(function(inner.value), slope(inner.value) * inner.slope)
    raise AssertionError(ast.dump(node))


def dual_gradient(text: str, x: tuple[float, ...]) -> tuple[float, list[float]]:
    tree = ast.parse(text, mode="eval").body
    results = []
    for direction in range(len(x)):
        point = {"xy"[axis]: Dual(c, float(axis == direction)) for axis, c in enumerate(x)}
        results.append(dual(tree, {**point, "pi": Dual(math.pi), "e": Dual(math.e)}))
    return results[0].value, [result.slope for result in results]


def leaves(coordinates: str) -> st.SearchStrategy[str]:
    numbers = st.floats(0, 9).map(lambda number: f"{number:.3g}")
    return st.one_of(st.sampled_from([*coordinates, "pi", "e"]), numbers)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{} {} {}".format, inner, st.sampled_from("+-*"), inner),
        st.builds("({})**{}".format, inner, st.integers(-3, 5)),
        st.builds("({})**({})".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds("-{}".format, inner),
    )


formulas = st.recursive(leaves("xy"), larger, max_leaves=12).map("x + 0*y + {}".format)
# Among the smallest numbers a gradient can be a difference of huge ones, and both readings mere rounding.
coordinates = st.floats(-3, 3).filter(lambda x: x == 0 or abs(x) > 1e-3)
points = st.tuples(coordinates, coordinates)


def at(*coordinates: float) -> np.ndarray:
    return np.array(coordinates, dtype=np.float64)


@settings(max_examples=400, deadline=None)
@given(formulas, points)
def test_value_and_gradient_agree_with_dual_numbers_over_pythons_own_reading(text, point):
    assume(len(text) <= MAX_LENGTH)
    try:
        value, gradient = dual_gradient(text, point)
    except (ArithmeticError, ValueError):
        assume(False)
    function = Function(text)
    np.testing.assert_allclose(function.value(at(*point)), value, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(function.gradient(at(*point)), gradient, rtol=1e-7, atol=1e-7)


SMOOTH = [
    ("x**4 - 3*x**2 + x", at(0.7)),
    ("exp(-x**2)*sin(3*x) + x/7", at(0.4)),
    ("log(1 + x**2)**1.5", at(-1.2)),
    ("x**x", at(1.7)),
    ("2**x + x**pi", at(0.9)),
    ("tanh(x)*sigmoid(-2*x) + sqrt(2 + cos(x))", at(0.3)),
    ("sinh(x) - cosh(x/2) + tan(x/3)", at(1.1)),
    ("(1 - x)**2 + 100*(y - x**2)**2", at(-1.2, 1.0)),
    ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", at(1.0, -2.0)),
    ("x**y / (1 + y**2)", at(1.3, 0.8)),
]


@pytest.mark.parametrize(("text", "x"), SMOOTH)
def test_gradient_and_hessian_agree_with_central_differences(text, x):
    function = Function(text)
    for axis in range(len(x)):
        step = np.zeros(len(x))
        step[axis] = 1e-5
        slope = (function.value(x + step) - function.value(x - step)) / 2e-5
        curvature = (function.gradient(x + step) - function.gradient(x - step)) / 2e-5
        np.testing.assert_allclose(function.gradient(x)[axis], slope, rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(function.hessian(x)[axis], curvature, rtol=1e-7, atol=1e-7)


def test_a_polynomial_is_differentiated_exactly():
    x = np.linspace(-3, 3, 7)[:, None]
    function = Function("x**4 - 3*x**2 + x")
    np.testing.assert_array_equal(function.gradient(x), 4 * x**3 - 6 * x + 1)
    np.testing.assert_array_equal(function.hessian(x)[..., 0], 12 * x**2 - 6)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("-x**2", "0 - (x*x)"),
        ("2**-x", "1/(2**x)"),
        ("x^2^3", "x**8"),
        ("x - 1 - 2", "x - 3"),
        ("8/x/2", "4/x"),
        ("-x*3", "3*(0 - x)"),
        ("--x", "x"),
        (" +x\t+\n.5e1 ", "x + 5"),
    ],
)
def test_precedence_is_pythons(text, same):
    x = np.array([[0.7], [1.9]])
    np.testing.assert_allclose(Function(text).value(x), Function(same).value(x), rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "at_character", "sentence"),
    [
        ("x + foo(x)", 5, "no function 'foo': there is abs, cos"),
        ("x + sine(x)", 5, "no function 'sine': did you mean 'sin"),
        ("x + z", 5, "no name 'z': there is abs, cos, cosh, e, exp"),
        ("2x", 2, "an operator such as * is missing in front of x"),
        ("(x + 1", 1, "this parenthesis is never closed"),
        ("x + 1)", 6, "nothing for this parenthesis to close"),
        ("x + * 2", 5, "something is missing in front of *"),
        ("x +", 4, "it ends too early"),
        ("   ", 4, "there is no function"),
        ("exp x", 1, "exp needs its argument in parentheses"),
        ("x + 1e999", 5, "this number is too large"),
        ("x + 9**9**9", 6, "this has no finite value"),
        ("x / 0", 3, "this has no finite value"),
        ("x + log(0 - 1)", 5, "this has no finite value"),
        ("x = 3", 3, "= does not belong in a function"),
        ("x + 3; x", 6, "; does not belong in a function"),
        ("x +  ٣", 6, "٣ does not belong in a function"),
        ("x.__class__", 2, ". does not belong in a function"),
        ("__import__('os')", 12, "' does not belong in a function"),
        ("lambda x: x", 9, ": does not belong in a function"),
        ("x if x else x", 3, "an operator such as * is missing in front of if"),
        ("x\x1b[31m", 2, "\N{REPLACEMENT CHARACTER} does not belong in a function"),
    ],
)
def test_a_refusal_points_at_the_character(text, at_character, sentence):
    with pytest.raises(SpecError) as refusal:
        Function(text)
    message = str(refusal.value)
    assert message.startswith(f'at character {at_character} of "')
    assert sentence in message
    assert message.isprintable()


def test_a_function_without_x_is_refused():
    with pytest.raises(SpecError, match="has no x in it"):
        Function("3 + pi")


@pytest.mark.parametrize("text", [None, 3, b"x"])
def test_something_that_is_no_text_is_refused(text):
    with pytest.raises(SpecError, match="is a text such as"):
        Function(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000_000 + "x" + ")" * 1_000_000,
        "(" * 240 + "x" + ")" * 240,
        "-" * 499 + "x",
        "**".join(["x"] * 160),
        "x**x**x**x**9**9",
        "x" * 500,
        "x" + "+x" * 249,
        "*".join(["x"] * 250),
        "*".join(f"sin({k}*x)" for k in range(45)),
        "sin(" * 39 + "x" + ")" * 39,
        "x**(x**(x**(x**(x**(x**(x**(x**x)))))))*y**(y**(y**y))",
        "x*" * 200 + "1e300*1e300",
        "1/x" * 160,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_input_is_refused_or_harmless_at_once(text):
    started = time.process_time()
    try:
        function = Function(text)
        x = np.full((3, function.dimension), 0.5)
        function.value(x), function.gradient(x), function.hessian(x)
    except SpecError as refusal:
        assert len(str(refusal)) < 300  # noqa: PT017
    assert time.process_time() - started < 3


@pytest.mark.parametrize("text", ["log(x)", "sqrt(x)", "1/x", "x**x", "exp(exp(x))", "x**0.5", "log(x*y)"])
def test_outside_of_the_domain_there_is_no_number_and_no_warning(text):
    function = Function(text)
    x = np.linspace(-1000, 1000, 9)[:, None].repeat(function.dimension, axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = function.value(x), function.gradient(x), function.hessian(x), function.minima, function.view
    assert not np.isfinite(results[0]).all()


def test_an_absolute_value_has_slope_zero_at_its_kink_as_far_as_rounding_reaches():
    x = np.array([[18.9], [19 - 1e-9], [19.0], [19 + 1e-9], [19.1]])
    np.testing.assert_array_equal(Function("abs(x - 19)").gradient(x)[:, 0], [-1, 0, 0, 0, 1])
    np.testing.assert_array_equal(Function("abs(x - 19)").hessian(x), np.zeros((5, 1, 1)))
    np.testing.assert_array_equal(Function("3*abs(x)").gradient(at(1e-6)), [3])


@pytest.mark.parametrize("text", [text for text, _ in SMOOTH] + ["abs(x - y)*1.1", "x**3"])
@pytest.mark.parametrize("lanes", [1, 2, 7, 32])
def test_a_lane_does_not_depend_on_its_company(text, lanes):
    function = Function(text)
    x = np.random.default_rng(1).normal(size=(lanes, function.dimension))
    for evaluate in (function.value, function.gradient, function.hessian):
        together = evaluate(x)
        alone = np.stack([evaluate(x[lane]) for lane in range(lanes)])
        np.testing.assert_array_equal(together, alone)
        np.testing.assert_array_equal(evaluate(np.asfortranarray(x)), together)


def test_a_gradient_that_has_almost_vanished_is_still_right():
    u = at(30)
    np.testing.assert_allclose(Function("tanh(x)").gradient(u), 4 * np.exp(-2 * u), rtol=1e-12)
    np.testing.assert_allclose(Function("sigmoid(x)").gradient(-u), np.exp(-u), rtol=1e-12)
    np.testing.assert_array_equal(Function("sigmoid(x)").gradient(at(-1e6)), [0])


def test_many_points_are_evaluated_in_their_shape():
    function = Function("x*y")
    x = np.random.default_rng(2).normal(size=(100, 170, 2))
    np.testing.assert_array_equal(function.value(x), x[..., 0] * x[..., 1])
    assert function.gradient(x).shape == x.shape
    assert function.hessian(x).shape == (100, 170, 2, 2)
    assert function.value(x[:0]).shape == (0, 170)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**4 - 3*x**2 + x", [(-1.3008395659, True), (1.1309011226, False)]),
        ("abs(x - 19) + abs(x - 17) + abs(x - 24)", [(19, True)]),
        ("(x - 400)**2", [(400, True)]),
        ("x*log(x)", [(1 / math.e, True)]),
        ("x**3 - 3*x", [(1, False)]),
        ("sqrt(abs(x))", [(0, True)]),
        ("exp(x)", []),
        ("exp(-x**2)", []),
        ("-1/x**2", []),
        ("log(abs(x))", []),
        ("tan(x)", []),
    ],
)
def test_minima_of_one_variable_are_found(text, expected):
    found = Function(text).minima
    assert [minimum.is_global for minimum in found] == [is_global for _, is_global in expected]
    np.testing.assert_allclose([minimum.x[0] for minimum in found], [x for x, _ in expected], atol=1e-8)


def test_minima_of_two_variables_are_found():
    himmelblau = Function("(x**2 + y - 11)**2 + (x + y**2 - 7)**2").minima
    assert len(himmelblau) == 4
    assert all(minimum.is_global for minimum in himmelblau)
    (rosenbrock,) = Function("(1 - x)**2 + 100*(y - x**2)**2").minima
    np.testing.assert_allclose(rosenbrock.x, (1, 1), atol=1e-8)
    assert Function("x**2 - y**2").minima == ()
    assert Function("abs(x - 2) + abs(y + 1)").minima[0].x == (2, -1)


def test_of_a_level_valley_one_representative_is_given():
    assert [minimum.x for minimum in Function("0.5*(x*y)**2").minima] == [(0, 0)]


def test_the_view_holds_the_minima_with_room_around_them():
    box = Function("(x**2 - 1)**2").view
    assert box.low[0] < -1 < 1 < box.high[0]
    assert Function("exp(x)").view.low == (-3,)


def test_making_a_function_and_finding_its_minima_is_cheap():
    for text in ("x**4 - 3*x**2 + x", "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"):
        started = time.process_time()
        assert Function(text).minima
        assert time.process_time() - started < 3


def test_equal_texts_are_equal_functions():
    assert Function("x**2") == Function("x**2")
    assert len({Function("x**2"), Function("x**2")}) == 1
