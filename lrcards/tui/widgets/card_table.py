"""A table of found cards that draws only the lines on screen, so that a hundred thousand scroll like ten."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from lrcards.collection.search import Column, Order
from lrcards.text import fit

if TYPE_CHECKING:
    from lrcards.browsing import Browser, Line

FLAG_INKS = ("$error", "$warning", "$success", "$primary", "$accent", "$secondary", "$foreground 60%")
"""The inks of the flags 1 to 7; their numbers tell them apart, too."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the table.

    Attributes:
        column: what its header sorts by.
        title: its header.
        width: in cells; 0 for all that is left.
        text: what it says of a card.
        from_width: how wide the table must be for the column to be there.
    """

    column: Column
    title: str
    width: int
    text: "Callable[[Line], str]"
    from_width: int = 0


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


FIELDS = (
    Field(Column.QUESTION, "Question", 0, lambda line: line.question),
    Field(Column.DECK, "Deck", 14, lambda line: line.note.deck),
    Field(Column.DUE, "Due", 10, lambda line: line.due),
    Field(
        Column.INTERVAL,
        "Days",
        5,
        lambda line: f"{line.card.interval:>5}" if line.card.interval else "",
        from_width=76,
    ),
    Field(
        Column.STABILITY,
        "Stable",
        7,
        lambda line: f"{line.card.memory.stability:>7.1f}" if line.card.memory else "",
        from_width=100,
    ),
    Field(Column.RECALL, "Recall", 6, lambda line: f"{_percent(line.recall):>6}"),
    Field(
        Column.TAGS, "Tags", 16, lambda line: " ".join(f"#{tag}" for tag in line.note.tags), from_width=100
    ),
    Field(Column.FLAG, "⚑", 1, lambda line: str(line.card.flag or "")),
)
MARK_WIDTH = BAR_WIDTH = 2
"""Cells before the columns, for the mark, and after them, where a scroll bar may stand."""


def layout(width: int) -> list[tuple[Field, int]]:
    """Return the columns of a table so many cells wide, with their widths; a space stands after each."""
    fields = [field for field in FIELDS if width >= field.from_width]
    left = width - MARK_WIDTH - BAR_WIDTH - sum(field.width + 1 for field in fields)
    return [(field, field.width or max(left, 10)) for field in fields]


class CardHead(Widget):
    """The headers of the columns; a click sorts."""

    DEFAULT_CSS = "CardHead { height: 1; color: $text-muted; text-style: bold; }"

    class Pressed(Message):
        """A header was clicked."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__()
        self._order = Order()

    def show(self, order: Order) -> None:
        """Say by which column the table is sorted."""
        self._order = order
        self.refresh()

    def render(self) -> Content:
        """Return the headers."""
        text = " " * MARK_WIDTH
        for field, width in layout(self.size.width):
            arrow = ("↓" if self._order.descending else "↑") if field.column is self._order.column else ""
            text += fit(f"{field.title}{arrow}", width) + " "
        return Content(text)

    def on_click(self, event: Click) -> None:
        """Sort by the column that was clicked."""
        end = MARK_WIDTH
        for field, width in layout(self.size.width):
            end += width + 1
            if event.x < end:
                self.post_message(self.Pressed(field.column))
                return


class CardTable(ScrollView, can_focus=True):
    """The cards of a browser, a line each, with a cursor."""

    DEFAULT_CSS = "CardTable { height: 1fr; background: $background; scrollbar-size-horizontal: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="browse.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="browse.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="browse.page-down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="browse.page-up"),
        Binding("home", "move(-1000000000)", "First", show=False, id="browse.first"),
        Binding("end", "move(1000000000)", "Last", show=False, id="browse.last"),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    """The place of the line under the cursor, counted from 0."""

    class Moved(Message):
        """Another line is under the cursor."""

    class Entered(Message):
        """The line under the cursor was clicked again."""

    def __init__(self, browser: "Browser") -> None:
        super().__init__()
        self._browser = browser
        self._inks: dict[str, RichStyle] = {}

    @property
    def line(self) -> "Line | None":
        """The line under the cursor, if there is one."""
        return self._browser.line(self.cursor) if self.cursor < len(self._browser) else None

    def show(self, *, from_start: bool = False) -> None:
        """Draw what the browser has now."""
        self.virtual_size = Size(0, len(self._browser))
        self.cursor = 0 if from_start else self.cursor
        if from_start:
            self.scroll_to(0, 0, animate=False)
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a line."""
        return max(0, min(cursor, len(self._browser) - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        """Show the cursor where it is."""
        for place in (before, now):
            self.refresh(Region(0, place - self.scroll_offset.y, self.size.width, 1))
        self.scroll_to_region(Region(0, now, 1, 1), animate=False, force=True)
        self.post_message(self.Moved())

    def action_move(self, lines: int) -> None:
        """Move the cursor."""
        self.cursor += lines

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many lines as there are on screen."""
        self.cursor += pages * max(self.size.height - 1, 1)

    def on_click(self, event: Click) -> None:
        """Put the cursor where the click was; a second click there enters."""
        place = event.y + self.scroll_offset.y
        if place >= len(self._browser):
            return
        if place == self.cursor:
            self.post_message(self.Entered())
        self.cursor = place

    def render_line(self, y: int) -> Strip:
        """Return one line of the part on screen."""
        place, width = y + self.scroll_offset.y, self.size.width
        plain = self.rich_style
        line = self._browser.line(place) if place < len(self._browser) else None
        if line is None:
            gone = "  (deleted meanwhile)" if place < len(self._browser) else ""
            return Strip([Segment(fit(gone, width), plain)])
        is_under_cursor = place == self.cursor
        segments = [Segment("● " if self._browser.is_marked(line) else "  ", self._ink("bold $text-accent"))]
        muted = line.card.suspended
        for field, cells in layout(width):
            style = self._ink("$foreground 50%") if muted else plain
            if field.column is Column.FLAG and line.card.flag:
                style = self._ink(f"bold {FLAG_INKS[line.card.flag - 1]}")
            segments.append(Segment(fit(field.text(line), cells) + " ", style))
        strip = Strip(segments).adjust_cell_length(width, plain)
        if not is_under_cursor:
            return strip
        cursor = "$block-cursor-foreground on $block-cursor-background" if self.has_focus else "on $boost"
        return Strip([Segment(strip.text, self._ink(cursor))]).adjust_cell_length(width, plain)

    def notify_style_update(self) -> None:
        """Forget the inks when the theme changes."""
        super().notify_style_update()
        self._inks.clear()

    def _ink(self, style: str) -> RichStyle:
        if style not in self._inks:
            _, paper = self.background_colors
            self._inks[style] = (Style(background=paper) + Style.parse(style)).rich_style
        return self._inks[style]
