"""A widget that shows a raster of braille dots and repaints only the rows that changed."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from lrcards.tui.widgets.inks import INKS, SHADES
from lrcards.tui.widgets.raster import Piece, Raster


class Canvas(Widget):
    """Shows one raster of exactly its own size; asks for a new one whenever that size changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"canvas--deepest", *(f"canvas--{ink}" for ink in INKS)}

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
        & > .canvas--good { color: $text-success; }
        & > .canvas--fair { color: $text-warning; }
        & > .canvas--bad { color: $text-error; }
        & > .canvas--deepest { color: $primary-muted; }
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
        self._rows: list[list[Piece]] = []
        self._titles = ("", "")
        self._styles: dict[tuple[int, int], Style] = {}

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

    def entitle(self, title: str, subtitle: str = "") -> None:
        """Write on the border; words that are there already cost nothing."""
        if (title, subtitle) != self._titles:
            self._titles = title, subtitle
            self.border_title, self.border_subtitle = Content(title), Content(subtitle)

    def on_resize(self) -> None:
        """Ask for a raster of the new size."""
        self.post_message(self.Resized(self, self.size))

    def notify_style_update(self) -> None:
        """Forget the inks' styles when the theme changes."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Return one row of the raster."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        row = self._rows[y]
        segments = [Segment(piece.text, self._style(piece.ink, piece.shade)) for piece in row]
        return Strip(segments, sum(len(piece.text) for piece in row))

    def _style(self, ink: int, shade: int) -> Style:
        """Return the style of an ink on a shade; shades run evenly from the background to the deepest."""
        style = self._styles.get((ink, shade))
        if style is None:
            style = self.get_component_rich_style(f"canvas--{INKS[ink]}")
            if shade:
                _, background = self.background_colors
                deepest = self.get_component_styles("canvas--deepest").color
                style += Style(bgcolor=background.blend(deepest, shade / SHADES).rich_color)
            self._styles[ink, shade] = style
        return style
