"""Reads a function that a user typed, such as ``x**4 - 3*x**2 + x``, into operations; runs nothing of it."""

import math
import re
from typing import NamedTuple

from lrcards.descent.algebra import FUNCTIONS, Operations
from lrcards.descent.errors import SpecError, unknown

MAX_LENGTH = 500
MAX_DEPTH = 40

_CONSTANTS = {"pi": math.pi, "e": math.e}
_COORDINATES = ("x", "y")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[-+*/^()])"
    r"|(?P<end>\Z))"
)
# How strongly an operator holds on to what stands left and right of it; a power associates to the right.
_BINDING = {"+": (1, 2), "-": (1, 2), "*": (3, 4), "/": (3, 4), "**": (8, 7)}
_SIGN_BINDING = 5


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(text: str) -> tuple[Operations, int]:
    """Read a function of x, or of x and y.

    Understood are numbers, ``x``, ``y``, ``pi``, ``e``, ``+ - * / **`` (``^`` is the same as ``**``),
    parentheses, and the functions in ``algebra.FUNCTIONS``, with Python's precedence.

    Returns:
        The operations, of dimension 2 if the text has a ``y`` in it and else 1, and the line of the value.

    Raises:
        SpecError: for anything else, with the number of the character where it stops being a function.
    """
    if not isinstance(text, str):
        raise SpecError(f"a function is a text such as x**2, not {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise SpecError(f"the function is {len(text)} characters long; at most {MAX_LENGTH} are allowed")
    return _Parser(text).parse()


class _Parser:
    """Precedence climbing over the tokens of one text (Pratt, 1973, "Top down operator precedence")."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.position = 0
        self.depth = 0
        names = {token.text for token in self.tokens if token.kind == "name"}
        self.operations = Operations(dimension=2 if "y" in names else 1)
        self.has_coordinate = not names.isdisjoint(_COORDINATES)

    def parse(self) -> tuple[Operations, int]:
        line = self._expression(0)
        if self._next.kind != "end":
            raise self._unexpected(self._next)
        if not self.has_coordinate:
            raise SpecError(f'"{_excerpt(self.text, 0)}" has no x in it, so there is nothing to descend')
        return self.operations, line

    def _expression(self, binding: int) -> int:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._error(self._next.at, f"nested more than {MAX_DEPTH} deep")
        line = self._operand()
        while True:
            operator = self._next
            symbol = "**" if operator.text == "^" else operator.text
            left, right = _BINDING.get(symbol, (-1, -1))
            if left < binding:
                break
            self.position += 1
            line = self._combined(operator, symbol, line, self._expression(right))
        self.depth -= 1
        return line

    def _operand(self) -> int:
        token = self._take()
        if token.text == "-":
            return self.operations.multiply(self.operations.constant(-1), self._expression(_SIGN_BINDING))
        if token.text == "+":
            return self._expression(_SIGN_BINDING)
        if token.text == "(":
            return self._closed(token)
        if token.kind == "number":
            return self._finite(self.operations.constant(float(token.text)), token)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "end":
            raise self._error(token.at, "it ends too early" if self.text.strip() else "there is no function")
        raise self._error(token.at, f"something is missing in front of {token.text}")

    def _named(self, token: _Token) -> int:
        if token.text in _COORDINATES:
            return self.operations.coordinate(_COORDINATES.index(token.text))
        if token.text in _CONSTANTS:
            return self.operations.constant(_CONSTANTS[token.text])
        opened = self._next.text == "("
        if token.text in FUNCTIONS:
            if not opened:
                raise self._error(
                    token.at, f"{token.text} needs its argument in parentheses: {token.text}(x)"
                )
            return self._finite(self.operations.call(token.text, self._closed(self._take())), token)
        known = FUNCTIONS if opened else (*_COORDINATES, *_CONSTANTS, *FUNCTIONS)
        raise self._error(token.at, unknown("function" if opened else "name", _shortened(token.text), known))

    def _closed(self, opening: _Token) -> int:
        line = self._expression(0)
        if self._next.kind == "end":
            raise self._error(opening.at, "this parenthesis is never closed")
        if self._next.text != ")":
            raise self._unexpected(self._next)
        self.position += 1
        return line

    def _combined(self, token: _Token, symbol: str, left: int, right: int) -> int:
        operations = self.operations
        minus_one = operations.constant(-1)
        match symbol:
            case "+":
                line = operations.add(left, right)
            case "-":
                line = operations.add(left, operations.multiply(minus_one, right))
            case "*":
                line = operations.multiply(left, right)
            case "/":
                line = operations.multiply(left, self._finite(operations.power(right, minus_one), token))
            case _:
                line = operations.power(left, right)
        return self._finite(line, token)

    def _finite(self, line: int, token: _Token) -> int:
        number = self.operations.number(line)
        if number is not None and not math.isfinite(number):
            what = "this number is too large" if token.kind == "number" else "this has no finite value"
            raise self._error(token.at, what)
        return line

    @property
    def _next(self) -> _Token:
        return self.tokens[self.position]

    def _take(self) -> _Token:
        token = self._next
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def _tokens(self) -> list[_Token]:
        tokens: list[_Token] = []
        position = 0
        while not tokens or tokens[-1].kind != "end":
            found = _TOKEN.match(self.text, position)
            if found is None:
                at = position + len(self.text[position:]) - len(self.text[position:].lstrip())
                raise self._error(at, f"{_printable(self.text[at])} does not belong in a function")
            kind = str(found.lastgroup)
            tokens.append(_Token(kind, found[kind], found.start(kind)))
            position = found.end()
        return tokens

    def _unexpected(self, token: _Token) -> SpecError:
        if token.text == ")":
            return self._error(token.at, "there is nothing for this parenthesis to close")
        return self._error(token.at, f"an operator such as * is missing in front of {_shortened(token.text)}")

    def _error(self, at: int, what: str) -> SpecError:
        return SpecError(f'at character {at + 1} of "{_excerpt(self.text, at)}": {what}')


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def _shortened(text: str, limit: int = 24) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _excerpt(text: str, at: int, width: int = 60) -> str:
    first = max(0, min(at - width // 2, len(text) - width))
    return f"{'…' * (first > 0)}{_printable(text[first : first + width])}{'…' * (first + width < len(text))}"
