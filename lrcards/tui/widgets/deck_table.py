"""The table of decks: a tree, with what each deck has for today."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message

from lrcards.tui.widgets.table import Table

if TYPE_CHECKING:
    from lrcards.deck_tree import Branch
    from lrcards.study.queue import Counts

ALL_DECKS = "All decks"
FOLDED, UNFOLDED, NO_MARK = "▸ ", "▾ ", "  "
NAME_WIDTH = 40
"""How wide the names are if there is room, however short they are."""
NUMBERS = (("New", 6), ("Learning", 9), ("Due", 6))


class DeckTable(Table):
    """The decks, a row each; Enter and a click study the one under the cursor, a click on its mark folds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Study", id="home.study"),
        Binding("j", "cursor_down", "Down", show=False, id="home.down"),
        Binding("k", "cursor_up", "Up", show=False, id="home.up"),
        Binding("left,h", "fold(True)", "Hide the subdecks", show=False, id="home.fold"),
        Binding("right,l", "fold(False)", "Show the subdecks", show=False, id="home.unfold"),
    ]

    class Fold(Message):
        """The subdecks of a deck are to be hidden or shown."""

        def __init__(self, deck: str, *, folded: bool) -> None:
            super().__init__()
            self.deck = deck
            self.folded = folded

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, cursor_type="row")
        self._branches: dict[str, Branch] = {}
        self._everything: Counts | None = None

    def on_mount(self) -> None:
        """Set up the columns."""
        self._names = self.add_column(Text("Deck"), width=NAME_WIDTH, key="Deck")
        for label, width in NUMBERS:
            self.add_column(Text(f"{label:>{width}}"), width=width, key=label)

    def show(self, branches: "Sequence[Branch]", everything: "Counts") -> None:
        """Show the decks, and before several of them all decks together; the cursor stays on its deck."""
        # The first frame, without decks, need not wait for it.
        from lrcards.text import cell_width, fit

        colours = [self.app.theme_variables[name] for name in ("text-primary", "text-error", "text-success")]
        before = self.cursor_deck
        self._branches = {branch.deck.name: branch for branch in branches}
        self._everything = everything
        self.clear()
        if len(branches) > 1:
            # Not the sum of the decks: the daily limits hold for what is studied together.
            counts = everything.new, everything.learning, everything.review
            self.add_row(*_row(ALL_DECKS, counts, colours), key="")
        has_marks = any(branch.has_subdecks for branch in branches)
        labels = ["  " * each.depth + (_mark(each) if has_marks else "") + each.label for each in branches]
        width = min(max([NAME_WIDTH, *map(cell_width, labels)]), self._room)
        self.columns[self._names].width = width
        for branch, label in zip(branches, labels, strict=True):
            deck = branch.deck
            counts = deck.new, deck.learning, deck.review
            self.add_row(*_row(fit(label, width), counts, colours), key=deck.name)
        if before is not None and before in (row.value for row in self.rows):
            self.move_cursor(row=self.get_row_index(before))

    @property
    def _room(self) -> int:
        """How wide the names can be beside the numbers; before there is a size, as ever."""
        numbers = sum(width for _, width in NUMBERS) + 2 * self.cell_padding * (1 + len(NUMBERS))
        width = self.scrollable_content_region.width
        return max(1, width - numbers) if width else NAME_WIDTH

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002
        """Give long names the room that there is now."""
        if self._everything is not None:
            self.show(list(self._branches.values()), self._everything)

    @property
    def cursor_deck(self) -> str | None:
        """The deck under the cursor, "" for all decks, ``None`` without rows."""
        if not self.is_valid_row_index(self.cursor_row):
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value

    @property
    def deck(self) -> str | None:
        """The deck under the cursor, ``None`` for all decks."""
        return self.cursor_deck or None

    def action_fold(self, folded: bool) -> None:
        """Hide or show what is below the deck under the cursor."""
        branch = self._branches.get(self.cursor_deck or "")
        if branch is not None and branch.has_subdecks and branch.is_folded is not folded:
            self.post_message(self.Fold(branch.deck.name, folded=folded))

    async def _on_click(self, event: Click) -> None:
        """Fold by mouse; anywhere else a click does what it does in any table."""
        row = event.style.meta.get("row", -1)
        deck = self.ordered_rows[row].key.value if self.is_valid_row_index(row) else None
        branch = self._branches.get(deck or "")
        if branch is not None and branch.has_subdecks:
            at = event.x - self.cell_padding - len(NO_MARK) * branch.depth
            if at in range(len(NO_MARK)):
                self.post_message(self.Fold(branch.deck.name, folded=not branch.is_folded))
                event.stop()
                return
        await super()._on_click(event)


def _mark(branch: "Branch") -> str:
    if not branch.has_subdecks:
        return NO_MARK
    return FOLDED if branch.is_folded else UNFOLDED


def _row(name: str, counts: Sequence[int], colours: Sequence[str]) -> list[Text]:
    """Return one row's cells; a zero is dimmed so that work stands out. ``Text`` is never read as markup."""
    numbers = [
        Text(str(number), style=colour if number else "dim", justify="right")
        for number, colour in zip(counts, colours, strict=True)
    ]
    return [Text(name), *numbers]
