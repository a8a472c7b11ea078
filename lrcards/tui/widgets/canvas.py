"""A widget that shows a raster of braille dots and repaints only the rows that changed."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from lrcards.tui.widgets.inks import INKS
from lrcards.tui.widgets.raster import Raster


class Canvas(Widget):
    """Shows one raster of exactly its own size; asks for a new one whenever that size changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"canvas--{ink}" for ink in INKS}

    DEFAULT_CSS = """
    Canvas {
        height: 1fr;
        & > .canvas--paper { color: $foreground; }
        & > .canvas--curve { color: $text-muted; }
        & > .canvas--lane-1 { color: $text-primary; text-style: bold; }
        & > .canvas--lane-2 { color: $text-warning; text-style: bold; }
        & > .canvas--lane-3 { color: $text-success; text-style: bold; }
        & > .canvas--lane-4 { color: $text-error; text-style: bold; }
        & > .canvas--guide { color: $foreground 40%; }
        & > .canvas--optimum { color: $text-accent; text-style: bold; }
    }
    """

    class Resized(Message):
        """The canvas has a new size and needs a new raster."""

        def __init__(self, canvas: "Canvas", size: Size) -> None:
            super().__init__()
            self.canvas = canvas
            self.size = size

        @property
        def control(self) -> "Canvas":
            """The canvas that was resized."""
            return self.canvas

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._rows: list[list[tuple[str, int]]] = []
        self._styles: list[Style] = []

    def show(self, raster: Raster) -> None:
        """Paint a raster; rows equal to what is on screen are left alone."""
        rows = raster.rows()
        if len(rows) != len(self._rows):
            self._rows = rows
            self.refresh()
            return
        changed = [Region(0, y, self.size.width, 1) for y, row in enumerate(rows) if row != self._rows[y]]
        self._rows = rows
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Ask for a raster of the new size."""
        self.post_message(self.Resized(self, self.size))

    def notify_style_update(self) -> None:
        """Forget the inks' styles when the theme changes."""
        super().notify_style_update()
        self._styles = []

    def render_line(self, y: int) -> Strip:
        """Return one row of the raster."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        if not self._styles:
            self._styles = [self.get_component_rich_style(f"canvas--{ink}") for ink in INKS]
        row = self._rows[y]
        segments = [Segment(text, self._styles[ink]) for text, ink in row]
        return Strip(segments, sum(len(text) for text, _ in row))
