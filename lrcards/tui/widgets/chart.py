"""A still chart in the colours of the theme, under a title and above a sentence."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual_plot import HiResMode, PlotWidget
from textual_plot.axis_formatter import AxisFormatter

MOST_APART = 31
"""How many bars still stand apart from each other on a narrow screen."""


class NamedTicks(AxisFormatter):
    """Ticks with a name each, by where they are."""

    def __init__(self, names: Mapping[float, str]) -> None:
        self._names = names

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:  # noqa: ARG002
        """Return where the ticks are, however many that is."""
        return list(self._names)

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """Return the names."""
        return [self._names[tick] for tick in ticks]


class Chart(PlotWidget, can_focus=False):
    """A plot that stands still, and is drawn again when the theme changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chart--bar", "chart--line", "chart--point"}

    DEFAULT_CSS = """
    Chart {
        & > .plot--axis { color: $foreground 40%; }
        & > .plot--tick { color: $text-muted; text-style: none; }
        & > .chart--bar { color: $primary; }
        & > .chart--line { color: $foreground 60%; }
        & > .chart--point { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__(allow_pan_and_zoom=False)
        self._draw: Callable[[Chart], None] | None = None

    def on_mount(self) -> None:
        """Leave no more room around the plot than its labels take."""
        super().on_mount()
        self.margin_top, self.margin_bottom, self.margin_left = 0, 1, 7
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show(self._draw))

    def on_canvas_resize(self) -> None:
        """Draw at the new size; a chart on a hidden page has none until the page is turned to."""
        self.refresh(layout=True)

    def show(self, draw: "Callable[[Chart], None] | None") -> None:
        """Draw something else."""
        self._draw = draw
        self.clear()
        if draw is not None:
            draw(self)

    def scale(
        self, width: tuple[float, float], x_names: Mapping[float, str], y_names: Mapping[float, str]
    ) -> None:
        """Set the range of x and the ticks of both axes; y goes from the lowest to the highest tick."""
        self.set_xlimits(*width)
        self.set_ylimits(min(y_names), max(y_names))
        self.set_x_formatter(NamedTicks(x_names))
        self.set_y_formatter(NamedTicks(y_names))

    def bars(self, heights: Sequence[float]) -> None:
        """Draw a bar over each whole number from 0 on; where there is nothing, nothing is drawn.

        Where two bars share a character, the higher one is drawn last and is not cut off. Many bars leave no
        gaps between them, which would look like days without answers.
        """
        standing = sorted((height, place) for place, height in enumerate(heights) if height)
        if not standing:
            return
        y, x = zip(*standing, strict=True)
        width, mode = (0.8, HiResMode.QUADRANT) if len(heights) <= MOST_APART else (1, HiResMode.HALFBLOCK)
        self.bar(x, y, width=width, bar_style=self._ink("bar"), hires_mode=mode)

    def points(self, places: Sequence[tuple[float, float]]) -> None:
        """Draw a dot at each place, to half a character."""
        x, y = zip(*places, strict=True)
        self.scatter(x, y, marker_style=self._ink("point"), hires_mode=HiResMode.QUADRANT)

    def marks(self, places: Sequence[tuple[float, float]], mark: str) -> None:
        """Draw a character at each place."""
        for x, y in places:
            self.scatter([x], [y], marker=mark, marker_style=self._ink("point"))

    def line(self, places: Sequence[tuple[float, float]]) -> None:
        """Draw a thin line through the places, to compare with."""
        self._join(places, "line")

    def curve(self, places: Sequence[tuple[float, float]]) -> None:
        """Draw what the chart is about as a line through the places."""
        self._join(places, "bar")

    def _join(self, places: Sequence[tuple[float, float]], part: str) -> None:
        x, y = zip(*places, strict=True)
        self.plot(x, y, line_style=self._ink(part), hires_mode=HiResMode.BRAILLE)

    def _ink(self, part: str) -> str:
        return str(self.get_component_rich_style(f"chart--{part}"))


class Picture(NamedTuple):
    """What a figure shows: a title, a sentence, and how to draw the chart if there is anything to draw."""

    title: str
    sentence: str
    draw: Callable[[Chart], None] | None = None


class Figure(Vertical):
    """A chart with a title above and a sentence below; where there is nothing to draw, the sentence alone."""

    DEFAULT_CSS = """
    Figure {
        height: 1fr; min-height: 10;
        & > .figure--title { text-style: bold; height: 1; }
        & > .figure--sentence { color: $text-muted; height: auto; }
        & > Chart { height: 1fr; }
        &.empty { height: auto; min-height: 3; & > Chart { display: none; } }
    }
    """

    def __init__(self, id: str) -> None:  # noqa: A002
        super().__init__(id=id)

    def compose(self) -> ComposeResult:
        """Lay out the three parts."""
        yield Static(classes="figure--title")
        yield Chart()
        yield Static(classes="figure--sentence")

    def show(self, picture: Picture) -> None:
        """Show another picture."""
        self.query_one(".figure--title", Static).update(Content(picture.title))
        self.query_one(".figure--sentence", Static).update(Content(picture.sentence))
        self.set_class(picture.draw is None, "empty")
        self.query_one(Chart).show(picture.draw)


def count_ticks(largest: float) -> dict[float, str]:
    """Return ticks from 0 to the largest or a little more: a handful of round whole numbers."""
    rough = max(largest, 1) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = max(1, next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough))
    return {step * number: f"{step * number:,g}" for number in range(math.ceil(max(largest, 1) / step) + 1)}
