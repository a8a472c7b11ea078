"""The rate axis: a strip over decades of η, each rate marked by what its own run came to."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual.events import MouseDown, MouseEvent, MouseMove, MouseUp
from textual.message import Message

from lrcards.descent.regimes import Regime
from lrcards.descent.sweep import Sweep
from lrcards.lab import Mark
from lrcards.tui.plots import glyph
from lrcards.tui.widgets.canvas import Canvas
from lrcards.tui.widgets.inks import BAD, CURVE, FAIR, GOOD, GUIDE, LANES, OPTIMUM, PAPER
from lrcards.tui.widgets.raster import Axis, Raster

_LOOKS: dict[Regime, tuple[str, int]] = {
    Regime.OVERFLOW: ("▲", BAD),
    Regime.DIVERGING: ("▲", BAD),
    Regime.KINK_CYCLE: ("~", FAIR),
    Regime.CYCLE: ("~", FAIR),
    Regime.BOUNDED: ("~", FAIR),
    Regime.NOISE_FLOOR: ("░", FAIR),
    Regime.ARRIVED: ("█", GOOD),
    Regime.OSCILLATING: ("▓", GOOD),
    Regime.ESCAPED: ("█", GOOD),
    Regime.SLOW: ("·", GUIDE),
    Regime.STALLED: ("-", GUIDE),
    Regime.PLATEAU: ("-", GUIDE),
    Regime.SADDLE: ("x", FAIR),
    Regime.LOCAL_MINIMUM: ("o", FAIR),
    Regime.OVERFITTING: ("%", FAIR),
    Regime.VALIDATION_PLATEAU: ("░", FAIR),
}
_MEANINGS = {
    "·": "slow",
    "-": "halts on the way",
    "█": "arrives",
    "▓": "arrives oscillating",
    "o": "local minimum",
    "x": "saddle",
    "~": "bounces",
    "░": "noise floor",
    "%": "overfits",
    "▲": "diverges",
}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

LEGEND = "  ".join(f"{mark} {meaning}" for mark, meaning in _MEANINGS.items())
"""What the marks mean; every mark differs in shape, not only in colour."""


class RateAxis(Canvas):
    """Shows a sweep with the lanes' rates as cursors; dragging along it asks for another rate.

    Attributes:
        legend: what the marks on the strip mean.
        dragging: whether a rate is being dragged; the axis must not move under the mouse then.
    """

    DEFAULT_CSS = """
    RateAxis { height: 3; }
    """
    STRIP, CURSORS, SCALE = range(3)
    ALLOW_SELECT: ClassVar[bool] = False

    class Chosen(Message):
        """A rate was clicked or dragged to."""

        def __init__(self, rate: float) -> None:
            super().__init__()
            self.rate = rate

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.dragging = False
        self.legend = ""
        self._axis: Axis | None = None
        self._drawn: object = None

    def show_rates(
        self,
        sweep: Sweep | None,
        rates: Sequence[float],
        marks: Sequence[Mark] = (),
        span: tuple[float, float] | None = None,
    ) -> None:
        """Paint the strip of a sweep, a cursor for each lane's rate, and what theory marks.

        Args:
            sweep: what the rates come to; ``None`` leaves the strip empty.
            rates: the lanes' rates.
            marks: the rates that theory singles out.
            span: the ends of the axis, ``None`` for whole decades around the rates. While a rate is dragged
                the axis stays as it is.
        """
        drawn = (sweep, list(rates), list(marks), span, self.size)
        if not self.size or drawn == self._drawn:
            return
        self._drawn = drawn
        if self._axis is None or not self.dragging:
            low, high = span or _span(rates)
            self._axis = Axis(float(low), float(high), log=True)
        raster = Raster(self.size.width, self.size.height, self._axis, Axis(0, 1))
        if sweep is not None:
            nearest = np.abs(np.log(sweep.rates[:, None] / self._rates_of_cells())).argmin(axis=0)
            looks = [_LOOKS[sweep.regimes[index]] for index in nearest]
            for column, (sign, ink) in enumerate(looks):
                raster.text(column, self.STRIP, sign, ink)
            shown = {sign for sign, _ in looks}
            self.legend = "  ".join(f"{sign} {words}" for sign, words in _MEANINGS.items() if sign in shown)
        cells = [*(self._cell(mark.rate) for mark in marks), self.size.width]
        taken: set[int] = set()
        for mark, cell, following in zip(marks, cells, cells[1:], strict=False):
            label = f"│{mark.label}" if cell + len(mark.label) < following else "│"
            raster.text(cell, self.SCALE, label, OPTIMUM)
            taken.update(range(cell - 1, cell + len(label) + 1))
        for exponent in range(round(np.log10(self._axis.low)), round(np.log10(self._axis.high)) + 1):
            label = f"10{str(exponent).translate(_SUPERSCRIPTS)}"
            cell = min(self._cell(10.0**exponent), self.size.width - len(label))
            if taken.isdisjoint(range(cell, cell + len(label))):
                raster.text(cell, self.SCALE, label, CURVE)
        if len(rates) == 1:
            raster.text(self._cell(rates[0]), self.CURSORS, f"▲ η = {rates[0]:.3g}", PAPER)
        for lane, rate in reversed(list(enumerate(rates))):
            cursor = "▲" if len(rates) == 1 else glyph(lane, len(rates))
            raster.text(self._cell(rate), self.CURSORS, cursor, LANES[lane % len(LANES)])
        self.show(raster)

    def _rates_of_cells(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        assert self._axis is not None
        return self._axis.value((np.arange(self.size.width) + 0.5) / self.size.width)

    def _cell(self, rate: float) -> int:
        """Return the column of a rate; beyond the ends, the last column on that side."""
        assert self._axis is not None
        return int(np.clip(self._axis.fraction(rate) * self.size.width, 0, self.size.width - 1))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Take the cursor to where the mouse is."""
        self.dragging = True
        self.capture_mouse()
        self._choose(event)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Drag the cursor along."""
        if self.dragging:
            self._choose(event)

    def on_mouse_up(self, event: MouseUp) -> None:
        """Let the cursor go."""
        if self.dragging:
            self.dragging = False
            self.release_mouse()
            self._choose(event)

    def _choose(self, event: MouseEvent) -> None:
        if self._axis is not None:
            column = event.get_content_offset_capture(self).x
            rate = self._axis.value((np.clip(column, 0, self.size.width - 1) + 0.5) / self.size.width)
            self.post_message(self.Chosen(float(f"{float(rate):.3g}")))


def _span(rates: Sequence[float]) -> tuple[float, float]:
    return 10.0 ** (np.floor(np.log10(min(rates))) - 1), 10.0 ** (np.ceil(np.log10(max(rates))) + 1)
