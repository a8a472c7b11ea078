"""A widget that shows a raster of braille dots and repaints only the rows that changed."""

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from lrcards.tui.widgets.contrast import legible
from lrcards.tui.widgets.inks import INKS, LANES, SHADES, STYLES
from lrcards.tui.widgets.raster import Piece, Raster


class Canvas(Widget):
    """Shows one raster of exactly its own size; asks for a new one whenever that size changes."""

    DEFAULT_CSS = "Canvas { height: 1fr; }"

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
        self._styles: dict[tuple[int, int], RichStyle] = {}

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

    def _style(self, ink: int, shade: int) -> RichStyle:
        """Return the style of an ink on a shade; shades run evenly from the background to the deepest."""
        style = self._styles.get((ink, shade))
        if style is None:
            _, paper = self.background_colors
            deepest = Style.parse("$primary-muted").foreground
            assert deepest is not None
            paper = paper.blend(deepest, shade / SHADES)
            look = Style(background=paper) + Style.parse(STYLES[INKS[ink]])
            if ink in LANES:
                assert look.foreground is not None
                look += Style(foreground=legible(look.foreground, paper))
            style = self._styles[ink, shade] = look.rich_style
        return style
