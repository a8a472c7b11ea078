"""Browse: find cards, look at them, and do something with one or with all that are marked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from lrcards.browsing import GONE
from lrcards.cards.content import with_text
from lrcards.cards.query_parser import parse
from lrcards.collection.search import Column
from lrcards.errors import CollectionError, QueryError
from lrcards.showing import Shown
from lrcards.study.card_facts import facts
from lrcards.text import counted, pointer
from lrcards.tui.card_editor import CardEditor
from lrcards.tui.mistakes import said_on
from lrcards.tui.screens.prompts import ChoosePrompt, LinePrompt
from lrcards.tui.widgets.card_table import CardHead, CardTable
from lrcards.tui.widgets.card_view import CardView

if TYPE_CHECKING:
    from lrcards.desk import Desk

TYPING_PAUSE = 0.15
LOOKING_PAUSE = 0.1
"""Seconds without a key before a search that is typed is made, and before a card is laid out."""

ORDERS = {
    Column.ADDED: "as they came",
    Column.QUESTION: "by the alphabet",
    Column.DECK: "by the alphabet",
    Column.DUE: "the earliest first; new cards last",
    Column.INTERVAL: "the shortest first",
    Column.STABILITY: "the weakest first",
    Column.RECALL: "the most likely forgotten first",
    Column.TAGS: "by the alphabet",
    Column.FLAG: "by number",
}


class BrowseScreen(Screen[None]):
    """A search, a table of what it finds, and the card under the cursor."""

    TITLE = "browse"
    HELP = (
        "Type / to search: words, deck:NAME, tag:NAME, is:due, flag:1, rated:7:1, added:30, prop:r<0.9, "
        '"a phrase", -not, or, (brackets). What you do is done with the marked cards, or with the one under '
        "the cursor if none is marked; u takes it back. “lrcards search -h” lists all words."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("/", "search", "Search", key_display="/", id="browse.search"),
        Binding("enter", "look", "Look", id="browse.look"),
        Binding("i", "info", "Info", show=False, id="browse.info"),
        Binding("space", "mark", "Mark", id="browse.mark"),
        Binding("ctrl+a", "mark_all", "Mark all or none", show=False, id="browse.mark-all"),
        Binding("a", "write", "Add", id="browse.write"),
        Binding("e", "edit", "Edit", id="browse.edit"),
        Binding("E", "edit_outside", "Edit in your editor", show=False, id="browse.edit-outside"),
        Binding("t", "tag", "Tags", id="browse.tag"),
        Binding("m", "move", "Move to another deck", show=False, id="browse.move"),
        Binding("@", "suspend", "Suspend", show=False, key_display="@", id="browse.suspend"),
        Binding("-", "bury", "Bury until tomorrow", key_display="-", show=False, id="browse.bury"),
        *(
            Binding(
                str(flag),
                f"flag({flag})",
                f"Flag {flag}" if flag else "No flag",
                show=False,
                id=f"browse.flag-{flag}",
            )
            for flag in range(8)
        ),
        Binding("delete,d", "delete", "Delete", key_display="d", id="browse.delete"),
        Binding("K", "keep", "Keep", tooltip="Keep what is gone from its file", id="browse.keep"),
        Binding("u", "undo", "Undo", id="browse.undo"),
        Binding("o", "order", "Sort", show=False, id="browse.order"),
        Binding("s", "study(False)", "Study what is due of these", show=False, id="browse.study"),
        Binding("c", "study(True)", "Cram these", show=False, id="browse.cram"),
        Binding("j", "go(1)", "Next card", show=False, id="browse.next"),
        Binding("k", "go(-1)", "Previous card", show=False, id="browse.previous"),
        Binding("escape,down", "list", "To the list", key_display="esc", id="browse.list"),
        Binding("q,escape", "leave", "Back", key_display="q", id="browse.leave"),
    ]

    def __init__(self, desk: "Desk", query: str = "", *, typing: bool = False) -> None:
        """Begin with a search; ``typing`` goes on with it at once, as after the key that searches."""
        super().__init__()
        self._desk = desk
        self._query = f"{query} " if typing and query else query
        self._types = typing
        self._browser = desk.browser()
        self._typing: Timer | None = None
        self._looking: Timer | None = None
        self._outside = CardEditor()

    @property
    def _table(self) -> CardTable:
        return self.query_one(CardTable)

    def compose(self) -> ComposeResult:
        """Lay out the search, the table and the card."""
        yield Input(
            self._query,
            placeholder="Search: words, deck:, tag:, is:due …",
            id="query",
            compact=True,
            select_on_focus=False,
        )
        yield Static(id="found", markup=False)
        with Horizontal():
            with Vertical(id="list"):
                yield CardHead()
                yield CardTable(self._browser)
            with Vertical(id="preview"):
                yield CardView(id="card")
                yield Static(id="facts", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Search at once; what was just imported is read first, which may take seconds."""
        (self.query_one("#query") if self._types else self._table).focus()
        if self._desk.search_is_ready():
            self._search()
        else:
            self._say("Reading what your cards say, so that it can be searched …")
            self._prepare()

    @work(thread=True)
    def _prepare(self) -> None:
        try:
            self._desk.prepare_search()
        except CollectionError as error:
            self.app.call_from_thread(self._say, str(error))
        else:
            self.app.call_from_thread(self._search)

    # Searching

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what cannot be read at its character; search once the typing pauses."""
        self._stop(self._typing)
        try:
            parse(event.value)
        except QueryError as error:
            self._say(f"{pointer(error.query, error.at)}\n{error}", is_problem=True)
        else:
            self._typing = self.set_timer(TYPING_PAUSE, self._search)

    def on_input_submitted(self) -> None:
        """Go to what was found."""
        self._table.focus()

    def _search(self) -> None:
        if not self.is_attached:
            return
        with said_on(self):
            try:
                self._browser.search(self.query_one("#query", Input).value)
            except QueryError:
                return
            self._show(from_start=True)

    def _show(self, done: str = "", *, from_start: bool = False) -> None:
        """Draw what the browser has now, and say what was done."""
        self.query_one(CardHead).show(self._browser.order)
        self._table.show(from_start=from_start)
        found, marked = len(self._browser), self._browser.marked
        also = f", {marked:,} marked" if marked else ""
        cards = counted(found, "card") if found else "No card is found by this search"
        self._say(f"{cards}{also}. {done}")
        self._show_card()
        self.refresh_bindings()

    def _say(self, words: str, *, is_problem: bool = False) -> None:
        found = self.query_one("#found", Static)
        found.set_class(is_problem, "problem")
        found.update(Content(words))

    def action_search(self) -> None:
        """Type a search."""
        self.query_one("#query", Input).focus()

    def action_list(self) -> None:
        """Go from the search to what was found."""
        self._table.focus()

    def action_order(self) -> None:
        """Choose what the cards are sorted by; choosing the same again turns the order round."""
        choices = [(column.value, meaning) for column, meaning in ORDERS.items()]

        def sort(column: str | None) -> None:
            if column is not None:
                self._sort(Column(column))

        self.app.push_screen(ChoosePrompt("Sort by", choices, self._browser.order.column), sort)

    def on_card_head_pressed(self, event: CardHead.Pressed) -> None:
        """Sort by a column whose header was clicked."""
        self._sort(event.column)

    def _sort(self, column: Column) -> None:
        with said_on(self):
            self._browser.sort(column)
            self._show(from_start=True)

    # Looking

    def on_resize(self) -> None:
        """Show the card as well once there is room for it beside the list."""
        if not self.query_one("#preview").display:
            self.call_after_refresh(self._show_card)

    def on_card_table_moved(self) -> None:
        """Lay the card out once the cursor rests: that takes longer than to move on."""
        self._stop(self._looking)
        self._looking = self.set_timer(LOOKING_PAUSE, self._show_card)

    def on_card_table_entered(self) -> None:
        """Look at a card by mouse."""
        self.action_look()

    def _show_card(self) -> None:
        line = self._table.line
        self.query_one("#preview").set_class(line is None, "empty")
        if line is None or not self.query_one("#preview").display:
            return
        shown = self._browser.shown(line)
        card = self.query_one(CardView)
        card.show(shown.question, shown.answer)
        card.revealed = True
        rows = facts(self._browser.info(line))
        lines = (Content.assemble((f"{name:<12}", "$text-muted"), value) for name, value in rows)
        self.query_one("#facts", Static).update(Content("\n").join(lines))

    def action_look(self) -> None:
        """Show the card instead of the list where there is no room for both, and back."""
        self.toggle_class("looking")
        self._show_card()

    def action_go(self, lines: int) -> None:
        """Go to another card while the list is hidden."""
        self._table.cursor += lines

    def action_info(self) -> None:
        """Show all there is to know of the card."""
        from lrcards.tui.screens.card_info import CardInfoScreen

        line = self._table.line
        assert line is not None
        self.app.push_screen(CardInfoScreen(self._browser.info(line), line.question))

    # Doing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Leave the keys to the search while it is typed, and offer only what there is a card for."""
        is_typing = isinstance(self.focused, Input)
        if action == "list":
            return is_typing
        if action == "keep" and not self._browser.is_of(GONE):
            return False
        if action in _ON_CARDS:
            return not is_typing and self._table.line is not None
        return action not in _ON_LISTS or not is_typing

    def _do(self, deed: Callable[[Sequence[int]], str]) -> None:
        """Do something with the chosen cards, and say what was done."""
        with said_on(self):
            self._show(deed(self._browser.chosen(self._table.cursor)))

    def action_mark(self) -> None:
        """Mark the card under the cursor and go on to the next."""
        self._browser.mark(self._table.cursor)
        self._show()
        self._table.cursor += 1

    def action_mark_all(self) -> None:
        """Mark all that is found, or nothing."""
        self._browser.mark_all()
        self._show()

    def action_suspend(self) -> None:
        """Suspend the chosen cards, or bring them back."""
        self._do(self._browser.suspend)

    def action_bury(self) -> None:
        """Put the chosen cards off until tomorrow, or bring them back."""
        self._do(self._browser.bury)

    def action_flag(self, flag: int) -> None:
        """Flag the chosen cards."""
        self._do(lambda ids: self._browser.flag(ids, flag))

    def action_tag(self) -> None:
        """Ask for tags to give or take away."""
        self._ask(
            "Tags to give, and after a minus those to take away: exam -later",
            lambda words: self._do(lambda ids: self._browser.tag(ids, words)),
        )

    def action_move(self) -> None:
        """Ask for the deck to move to."""
        line = self._table.line
        self._ask(
            "Move to the deck",
            lambda deck: self._do(lambda ids: self._browser.move(ids, deck)),
            value=line.note.deck if line else "",
        )

    def _ask(self, title: str, then: Callable[[str], None], value: str = "") -> None:
        def taken(answer: str | None) -> None:
            if answer and answer.strip():
                then(answer)

        self.app.push_screen(LinePrompt(title, value, lambda _: ""), taken)

    def action_delete(self) -> None:
        """Ask whether to delete the notes of the chosen cards."""
        ids = self._browser.chosen(self._table.cursor)
        cards = counted(len(ids), "card")
        choices = [
            ("keep", "go back"),
            ("delete", f"the notes of {cards}, with all their cards; u brings them back"),
        ]

        def taken(choice: str | None) -> None:
            if choice == "delete":
                self._do(self._browser.delete)

        self.app.push_screen(ChoosePrompt(f"Delete the notes of {cards}?", choices), taken)

    def action_keep(self) -> None:
        """Keep the notes of the chosen cards, which their files have no more."""
        self._do(self._browser.keep)

    def action_write(self) -> None:
        """Write a new card, into the deck of the card under the cursor."""
        from lrcards.authoring import Draft
        from lrcards.tui.screens.write_card import WriteScreen

        line = self._table.line
        deck = line.note.deck if line else next(iter(self._browser.decks()), "My cards")
        self.app.push_screen(WriteScreen(Draft(deck), self._browser.add), self._written)

    def action_edit(self) -> None:
        """Change all of the card under the cursor."""
        from lrcards.authoring import draft_of
        from lrcards.tui.screens.write_card import WriteScreen

        line = self._table.line
        assert line is not None
        seen = line.note
        form = WriteScreen(draft_of(seen), lambda note: self._browser.edit(seen, note), seen)
        self.app.push_screen(form, self._written)

    def action_edit_outside(self) -> None:
        """Change the card under the cursor in the learner's own editor."""
        line = self._table.line
        assert line is not None
        seen, ordinal = line.note, line.card.ordinal

        def save(question: str, answer: str, tags: Sequence[str]) -> None:
            edited = replace(with_text(seen, ordinal, question, answer), tags=tuple(tags))
            self._show(self._browser.edit(seen, edited))

        with said_on(self):
            self._outside.edit(self.app, Shown(line.card, seen, self._browser.shown(line)), save)

    def _written(self, _: None) -> None:
        self._show()

    def action_undo(self) -> None:
        """Take back what was done last."""
        with said_on(self):
            self._show(self._browser.undo() or "There is nothing to take back.")

    def action_study(self, cram: bool) -> None:
        """Study what is due of the found cards, or cram all of them."""
        from lrcards.tui.screens.study import StudyScreen

        def back(_: None) -> None:
            with said_on(self):
                self._browser.refresh()
                self._show()

        query = self.query_one("#query", Input).value
        with said_on(self):
            self.app.push_screen(StudyScreen(self._desk.sitting(query=query, cram=cram)), back)

    def action_leave(self) -> None:
        """Go back from the card to the list, and from there to where one came from."""
        if self.has_class("looking"):
            self.action_look()
        else:
            self.dismiss()

    def _stop(self, timer: Timer | None) -> None:
        if timer is not None:
            timer.stop()


_ON_CARDS = {"look", "go", "info", "edit", "edit_outside", "mark", "mark_all"} | {
    *("tag", "move", "suspend", "bury", "flag", "delete", "keep")
}
_ON_LISTS = {"search", "write", "undo", "order", "study", "leave"}
