"""A raster of braille dots in numpy: lines, points and words in plot coordinates, read out as rows of text.

Knows neither Textual nor the terminal, so that the lab and ``lrcards sim --plot`` share it.
"""

import math
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

DOTS_PER_ROW = 4
DOTS_PER_COLUMN = 2
# The bit of each dot of a braille cell (Unicode chart U2800), by dot row and dot column.
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint32)
_BLANK = 0x2800
# Of the smallest number that is not zero.
_LEAST_DECADE = math.log10(math.ulp(0.0))
# Beyond this a span could overflow; such values are off every axis.
_LARGEST = 1e300
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of plot coordinates along one side of a raster; ``log`` spaces it by powers of ten.

    Values at or below zero have no place on a log axis and come out as NaN, which is never drawn.
    """

    low: float
    high: float
    log: bool = False

    @classmethod
    def around(cls, values: ArrayLike, *, log: bool = False, margin: float = 0.05) -> "Axis":
        """Return the axis that shows every finite value (up to 1e300) with a margin.

        Without any it is [0, 1], or [1, 10] on a log axis.
        """
        shown = np.asarray(values, dtype=float)
        shown = shown[(np.abs(shown) <= _LARGEST) & ((shown > 0) | (not log))]
        if not shown.size:
            return cls(1.0, 10.0, log=True) if log else cls(0.0, 1.0)
        low, high = float(shown.min()), float(shown.max())
        if log:
            bottom, top = np.log10(low), np.log10(high)
            decades = max(margin * (top - bottom), 0.1)
            return cls(
                10.0 ** max(bottom - decades, _LEAST_DECADE), 10.0 ** min(top + decades, 307.0), log=True
            )
        pad = margin * (high - low) or max(abs(high) * margin, 1e-12)
        return cls(low - pad, high + pad)

    def fraction(self, values: ArrayLike) -> _Floats:
        """Map values to [0, 1] along the axis; outside values map outside, unmappable ones to NaN."""
        at = np.asarray(values, dtype=float)
        with np.errstate(all="ignore"):
            if self.log:
                at = np.log10(np.where(at > 0, at, np.nan))
                low, high = np.log10(self.low), np.log10(self.high)
            else:
                low, high = self.low, self.high
            return np.asarray((at - low) / (high - low), dtype=float)

    def value(self, fraction: ArrayLike) -> _Floats:
        """Invert ``fraction``."""
        share = np.asarray(fraction, dtype=float)
        if self.log:
            low, high = np.log10(self.low), np.log10(self.high)
            return np.asarray(10.0 ** (low + share * (high - low)), dtype=float)
        return np.asarray(self.low + share * (self.high - self.low), dtype=float)


class Piece(NamedTuple):
    """A run of text in one ink on one shade."""

    text: str
    ink: int
    shade: int = 0


class Raster:
    """``width`` × ``height`` character cells of 2 × 4 dots each; every cell has one ink and one shade.

    An ink is a small number whose colour the caller chooses; 0 is plain. Later drawing covers the ink of
    earlier drawing in the same cell. A shade is the colour of the paper, 0 for none. Plot coordinates run
    from the lower left.
    """

    def __init__(self, width: int, height: int, x: Axis, y: Axis) -> None:
        self.width, self.height = max(width, 1), max(height, 1)
        self.x, self.y = x, y
        self._dots = np.zeros((self.height * DOTS_PER_ROW, self.width * DOTS_PER_COLUMN), dtype=bool)
        self._ink = np.zeros((self.height, self.width), dtype=np.uint8)
        self._glyphs = np.zeros((self.height, self.width), dtype=np.uint32)
        self._shades = np.zeros((self.height, self.width), dtype=np.uint8)

    def copy(self) -> "Raster":
        """Return a raster with the same drawing, to draw on further."""
        twin = copy(self)
        twin._dots, twin._ink = self._dots.copy(), self._ink.copy()
        twin._glyphs, twin._shades = self._glyphs.copy(), self._shades.copy()
        return twin

    def line(self, xs: ArrayLike, ys: ArrayLike, ink: int) -> None:
        """Join consecutive points; a non-finite one breaks the line, a far one is cut at the edge."""
        corners = np.stack(self._dot_coordinates(xs, ys), axis=-1)
        start, end = corners[:-1], corners[1:]
        right, bottom = self._dots.shape[1] - 1, self._dots.shape[0] - 1
        if not ((corners >= 0) & (corners <= (right, bottom))).all():
            start, end = _clip(start, end, right, bottom)
        if not len(start):
            return
        samples = np.ceil(np.abs(end - start).max(axis=1)).astype(int) + 1
        owner = np.repeat(np.arange(len(samples)), samples)
        index = np.arange(samples.sum()) - np.repeat(np.cumsum(samples) - samples, samples)
        share = index / np.maximum(samples - 1, 1)[owner]
        at = start[owner] + share[:, None] * (end - start)[owner]
        self._plot(at[:, 0], at[:, 1], ink)

    def points(self, xs: ArrayLike, ys: ArrayLike, ink: int) -> None:
        """Set one dot for each point inside the raster."""
        self._plot(*self._dot_coordinates(xs, ys), ink)

    def mask(self, dots: NDArray[np.bool_], ink: int) -> None:
        """Set the dots that are true in an array of all dots, (4·height, 2·width), top row first."""
        self._dots |= dots
        cells = dots.reshape(self.height, DOTS_PER_ROW, self.width, DOTS_PER_COLUMN).any(axis=(1, 3))
        self._ink[cells] = ink

    def shade(self, shades: NDArray[np.integer[Any]]) -> None:
        """Set the shade of every cell, (height, width), top row first."""
        self._shades[:] = shades

    def marker(self, x: float, y: float, glyph: str, ink: int) -> None:
        """Put one character where a point is; off the edge, an arrow in the nearest edge cell says where."""
        px, py = (float(value[0]) for value in self._dot_coordinates([x], [y]))
        if np.isnan(px) or np.isnan(py):
            return
        column, row = np.floor(px / DOTS_PER_COLUMN), np.floor(py / DOTS_PER_ROW)
        if column < 0:
            glyph = "◀"
        elif column >= self.width:
            glyph = "▶"
        elif row < 0:
            glyph = "▲"
        elif row >= self.height:
            glyph = "▼"
        inside_row = int(np.clip(row, 0, self.height - 1))
        self.text(int(np.clip(column, 0, self.width - 1)), inside_row, glyph, ink)

    def text(self, column: int, row: int, text: str, ink: int) -> None:
        """Write characters of one cell each over the dots; what does not fit is cut."""
        for offset, character in enumerate(text):
            if 0 <= column + offset < self.width and 0 <= row < self.height:
                self._glyphs[row, column + offset] = ord(character)
                self._ink[row, column + offset] = ink

    def rows(self) -> list[list[Piece]]:
        """Return, for each row from the top, its runs of text of equal ink and shade."""
        cells = self._dots.reshape(self.height, DOTS_PER_ROW, self.width, DOTS_PER_COLUMN)
        codes = np.einsum("hrwc,rc->hw", cells.astype(np.uint32), _BITS)
        codes = np.where(codes > 0, codes + _BLANK, ord(" "))
        codes = np.where(self._glyphs > 0, self._glyphs, codes).astype("<u4")
        looks = self._ink.astype(np.uint16) << 8 | self._shades
        return [
            list(_pieces(line.tobytes().decode("utf-32-le"), look))
            for line, look in zip(codes, looks, strict=True)
        ]

    def dot_centres(self) -> tuple[_Floats, _Floats]:
        """Return the plot coordinates of the dots' centres: the columns', and the rows' from the top."""
        rows, columns = self._dots.shape
        return self.x.value(np.arange(columns) / max(columns - 1, 1)), self.y.value(
            1 - np.arange(rows) / max(rows - 1, 1)
        )

    def _dot_coordinates(self, xs: ArrayLike, ys: ArrayLike) -> tuple[_Floats, _Floats]:
        rows, columns = self._dots.shape
        with np.errstate(over="ignore"):
            return self.x.fraction(xs) * (columns - 1), (1 - self.y.fraction(ys)) * (rows - 1)

    def _plot(self, px: _Floats, py: _Floats, ink: int) -> None:
        rows, columns = self._dots.shape
        with np.errstate(invalid="ignore"):
            inside = (px > -0.5) & (px < columns - 0.5) & (py > -0.5) & (py < rows - 0.5)
        column, row = np.rint(px[inside]).astype(int), np.rint(py[inside]).astype(int)
        self._dots[row, column] = True
        self._ink[row // DOTS_PER_ROW, column // DOTS_PER_COLUMN] = ink


def _clip(start: _Floats, end: _Floats, right: float, bottom: float) -> tuple[_Floats, _Floats]:
    """Cut segments, (n, 2) each, to the window [0, right] × [0, bottom]; drop those outside or not finite.

    Liang and Barsky's parametric clipping, for all segments at once.
    """
    finite = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    start, end = start[finite], end[finite]
    enter, leave = np.zeros(len(start)), np.ones(len(start))
    with np.errstate(all="ignore"):
        delta = end - start
        for axis, limit in ((0, right), (1, bottom)):
            for direction, distance in (
                (-delta[:, axis], start[:, axis]),
                (delta[:, axis], limit - start[:, axis]),
            ):
                share = distance / direction
                enter = np.where(direction < 0, np.maximum(enter, share), enter)
                leave = np.where(direction > 0, np.minimum(leave, share), leave)
                leave = np.where((direction == 0) & (distance < 0), -1.0, leave)
        seen = (enter <= leave) & np.isfinite(delta).all(axis=1)
    enter, leave = enter[seen, None], leave[seen, None]
    return start[seen] + enter * delta[seen], start[seen] + leave * delta[seen]


def _pieces(text: str, looks: NDArray[np.uint16]) -> Iterator[Piece]:
    position = 0
    for look, group in groupby(looks.tolist()):
        length = len(list(group))
        yield Piece(text[position : position + length], ink=look >> 8, shade=look & 0xFF)
        position += length
