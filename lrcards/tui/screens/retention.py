"""What each desired retention would cost and bring: a table, charts, and a choice."""

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Static

from lrcards.retention import COLUMNS, Retentions, cells, retentions
from lrcards.study.option_texts import text_of
from lrcards.study.simulator import RETENTIONS
from lrcards.tui import figures
from lrcards.tui.errands import Running
from lrcards.tui.widgets.chart import Figure
from lrcards.tui.widgets.table import Table

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp


class RetentionTable(Table):
    """The retentions, a row each; Enter and a click choose the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Desire this retention", id="retention.choose"),
        Binding("j", "cursor_down", "Down", show=False, id="retention.down"),
        Binding("k", "cursor_up", "Up", show=False, id="retention.up"),
    ]

    def on_resize(self, event: Resize) -> None:
        """Show the retention under the cursor in the middle, wherever it scrolled to without a size."""
        middle = self.cursor_row - event.size.height // 2
        self.call_after_refresh(self.scroll_to, y=middle, animate=False)


class RetentionScreen(Screen[str | None]):
    """Simulates a year of a deck with its subdecks, or of all decks; answers with a retention as typed."""

    TITLE = "retention"
    HELP = (
        "What a year would cost and bring if cards came back at each of these probabilities of recall, "
        "simulated for a learner who forgets and answers as you do. The mark is what is desired now."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "dismiss(None)", "Back", key_display="q", id="retention.leave"),
    ]

    def __init__(self, deck: str | None = None) -> None:
        super().__init__()
        self._deck = deck

    def compose(self) -> ComposeResult:
        """Begin to simulate; until it is done, only the bar is there."""
        desk = cast("LrcardsApp", self.app).desk
        learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
        whose = self._deck or "All decks"
        yield Static(Content.assemble(("Desired retention  ", "bold"), whose), id="banner")
        yield Running("Simulating a year.", len(RETENTIONS), retentions, *learner, self._deck)
        with Container(id="outlooks"):
            yield RetentionTable(cursor_type="row")
            with Vertical(id="charts"):
                yield Figure("minutes-by-retention")
                yield Figure("known-by-retention")
        yield Static(id="assumptions", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Set up the columns."""
        self.add_class("waiting")
        table = self.query_one(RetentionTable)
        for column in COLUMNS:
            table.add_column(Text(f"{column:>12}"), width=12)

    def on_running_done(self, event: Running.Done) -> None:
        """Show the outlooks, the cursor on the retention that is desired now."""
        found: Retentions = event.result
        self.query_one(Running).remove()
        self.remove_class("waiting")
        table = self.query_one(RetentionTable)
        for outlook, is_desired in zip(found.outlooks, found.is_desired, strict=True):
            retention, *others = cells(outlook)
            row = (f"{'▶ ' if is_desired else ''}{retention}", *others)
            table.add_row(
                *(Text(cell, justify="right") for cell in row), key=text_of(outlook.desired_retention)
            )
        if any(found.is_desired):
            table.move_cursor(row=found.is_desired.index(True))
        table.focus()
        self.query_one("#minutes-by-retention", Figure).show(figures.minutes_by_retention(found))
        self.query_one("#known-by-retention", Figure).show(figures.known_by_retention(found))
        self.query_one("#assumptions", Static).update(Content(found.assumptions))

    def on_running_refused(self, event: Running.Refused) -> None:
        """Say why there is nothing to see."""
        self.query_one(Running).remove()
        self.query_one("#assumptions", Static).update(Content(event.reason))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Answer with the retention that was entered or clicked."""
        self.dismiss(event.row_key.value)
