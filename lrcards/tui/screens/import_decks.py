"""Import decks: choose a file or folder, look at what would happen, and let it happen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input, ProgressBar, Static

from lrcards import links
from lrcards.cards.formats.markdown import WANTED
from lrcards.cards.matching import Choices
from lrcards.collection.importing import ImportReport
from lrcards.errors import LrcardsError
from lrcards.exchange import Delivery, Entry, Fate, entries, receive, summary
from lrcards.text import clean
from lrcards.tui.widgets.path_input import PathInput
from lrcards.tui.widgets.table import Table

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.tui.app import LrcardsApp

MOST_LISTED = 2000
"""So many notes are listed; of more there are only the numbers."""

COLOURS = {
    Fate.REWORDED: "text-warning",
    Fate.CHANGED: "text-primary",
    Fate.SKIPPED: "text-error",
    Fate.ORPHANED: "text-error",
    Fate.NEW: "text-success",
    Fate.UNCHANGED: "text-muted",
}
SIGNS = {"-": "$text-error", "+": "$text-success"}

ASK = f"Type the path of a deck, or of a folder of Markdown, and press enter.\n\n{WANTED}."


class CancelledError(Exception):
    """The learner does not want it any more."""


class EntryTable(Table):
    """What becomes of each note, a row each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # A click would select a row, too, but should do no more.
        Binding("enter", "screen.import_all", "Import", show=False, id="import.go-on"),
        Binding("j", "cursor_down", "Down", show=False, id="import.down"),
        Binding("k", "cursor_up", "Up", show=False, id="import.up"),
    ]


class ImportScreen(Screen[None]):
    """What files hold and what would become of it; nothing is changed before the learner says so."""

    TITLE = "import"
    HELP = (
        "Type the path of a deck, or of a folder of Markdown, and press enter to see what it brings. "
        "Cards of notes that are already here keep their history. A note that is gone from its file stays."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "import_all", "Import", id="import.import"),
        Binding("d", "decline", "Another note", tooltip="Another note, or the same", id="import.decline"),
        Binding("l", "link", "Link", tooltip="Offer what changes in the file from now on", id="import.link"),
        Binding("escape", "back", "Back", key_display="esc", id="import.back"),
    ]

    @dataclass
    class Previewed(Message):
        """What an import would do is known."""

        delivery: Delivery
        report: ImportReport

    @dataclass
    class Advanced(Message):
        """A share of the import is written."""

        share: float

    @dataclass
    class Imported(Message):
        """The import is done."""

        report: ImportReport

    @dataclass
    class Refused(Message):
        """It could not be done."""

        reason: str

    def __init__(self, path: Path | None = None, deck: str | None = None) -> None:
        super().__init__()
        self._path = path
        self._deck = deck
        self._choices = Choices()
        self._is_linked = False
        self._delivery: Delivery | None = None
        self._report = ImportReport()
        self._entries: list[Entry] = []
        self._cancelled = Event()

    def compose(self) -> ComposeResult:
        """Ask for a path; what is found there follows."""
        yield Static("[b]Import[/b]  [dim]decks from files and folders[/dim]", id="banner")
        yield PathInput("" if self._path is None else str(self._path), id="path")
        yield Static(ASK, id="told", markup=False)
        yield ProgressBar(total=1.0, show_eta=False)
        yield EntryTable(id="entries", cursor_type="row")
        with VerticalScroll(id="details", can_focus=False):
            yield Static(markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Look at once at a path that is given; draw again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._list())
        table = self.query_one(EntryTable)
        for label, width in (("Fate", 10), ("Note", 40), ("Deck", None)):
            table.add_column(Text(label), width=width, key=label)
        if self._path is not None:
            self._look(self._path)

    def on_unmount(self) -> None:
        """Take back what is being done."""
        self._cancelled.set()

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    # What is offered, and what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002
        """Offer only what can be done now."""
        if action == "import_all" or action == "link":
            return self._delivery is not None and not self._is_busy
        if action == "decline":
            entry = self._entry
            return entry is not None and (entry.fate is Fate.REWORDED or entry.guid in self._choices.declined)
        return True

    @property
    def _is_busy(self) -> bool:
        return self.has_class("busy")

    @property
    def _entry(self) -> Entry | None:
        row = self.query_one(EntryTable).cursor_row
        return self._entries[row] if not self._is_busy and row < len(self._entries) else None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look at what is there."""
        if typed := event.value.strip():
            self._deck, self._choices = None, Choices()
            self._look(Path(typed).expanduser())

    def action_decline(self) -> None:
        """Take a note that was found by likeness for another one, or for the same one again."""
        if self._entry is not None and self._delivery is not None:
            declined = frozenset(self._choices.declined) ^ {self._entry.guid}
            self._choices = replace(self._choices, declined=declined)
            self._begin("Comparing…")
            self._compare(self._delivery, self._choices, self._cancelled)

    def action_link(self) -> None:
        """Offer what changes in the file from now on, or do not."""
        self._is_linked = not self._is_linked
        self._say_what_would_happen()

    def action_import_all(self) -> None:
        """Let happen what is shown."""
        if self._delivery is not None:
            self._begin("Importing…")
            self._write(self._delivery, self._choices, self._cancelled)

    def action_back(self) -> None:
        """Cancel what is being done, or go back to the path, or leave."""
        if self._is_busy:
            self._cancelled.set()
            self._end("Cancelled. Nothing was imported.")
        elif not isinstance(self.focused, PathInput):
            self.query_one(PathInput).focus()
        else:
            self.dismiss()

    # What is done in a thread, with a connection of its own, since a collection belongs to its thread

    def _look(self, path: Path) -> None:
        self._path = path
        self._is_linked = any(link.path == path.resolve() for link in links.read(self._desk.collection))
        self._begin("Reading…")
        self._read(path, self._deck, self._choices, self._cancelled)

    @work(thread=True)
    def _read(self, path: Path, deck: str | None, choices: Choices, cancelled: Event) -> None:
        def look() -> Message:
            delivery = receive([path], deck, self._desk.days)
            return self.Previewed(delivery, self._desk.preview(delivery.parcel, choices))

        self._post(look, cancelled)

    @work(thread=True)
    def _compare(self, delivery: Delivery, choices: Choices, cancelled: Event) -> None:
        self._post(lambda: self.Previewed(delivery, self._desk.preview(delivery.parcel, choices)), cancelled)

    @work(thread=True)
    def _write(self, delivery: Delivery, choices: Choices, cancelled: Event) -> None:
        def progress(share: float) -> None:
            if cancelled.is_set():
                raise CancelledError
            self.post_message(self.Advanced(share))

        self._post(
            lambda: self.Imported(self._desk.import_parcel(delivery.parcel, choices, progress)), cancelled
        )

    def _post(self, do: Callable[[], Message], cancelled: Event) -> None:
        """Do something, and tell what came of it, unless that is not wanted any more."""
        try:
            message = do()
        except LrcardsError as error:
            message = self.Refused(str(error))
        except CancelledError:
            return
        if not cancelled.is_set():
            self.post_message(message)

    # What came of it

    def on_import_screen_previewed(self, message: Previewed) -> None:
        """List what would become of each note."""
        self._delivery, self._report = message.delivery, message.report
        self._entries = list(islice(entries(message.report), MOST_LISTED))
        self._list()
        self.add_class("previewed")
        self._end("")
        self._say_what_would_happen()
        self.query_one(EntryTable).focus()

    def _list(self) -> None:
        table = self.query_one(EntryTable)
        row = table.cursor_row
        table.clear()
        for entry in self._entries:
            colour = self.app.theme_variables[COLOURS[entry.fate]]
            table.add_row(Text(entry.fate, colour), Text(entry.text), Text(entry.deck))
        table.move_cursor(row=row)

    def on_import_screen_advanced(self, message: Advanced) -> None:
        """Move the bar."""
        self.query_one(ProgressBar).update(total=1.0, progress=message.share)

    def on_import_screen_imported(self, message: Imported) -> None:
        """Say what was done, and leave."""
        if self._delivery is not None:
            now = self._desk.clock()
            for link in self._delivery.links:
                if self._is_linked:
                    links.remember(self._desk.collection, [link], now)
                else:
                    links.forget(self._desk.collection, link.path)
        self.app.notify(f"Imported: {summary(message.report)}", markup=False)
        self.dismiss()

    def on_import_screen_refused(self, message: Refused) -> None:
        """Say why it could not be done, and let another path be typed."""
        self._delivery, self._entries = None, []
        self._end(message.reason, mistake=True)

    def on_data_table_row_highlighted(self) -> None:
        """Show all that there is to know about the note under the cursor."""
        lines = self._entry.details if self._entry else ()
        details = [
            Content.styled(f"{sign} {text}" if sign else text, SIGNS.get(sign, "")) for sign, text in lines
        ]
        self.query_one("#details Static", Static).update(Content("\n").join(details))
        self.refresh_bindings()

    def _begin(self, what: str) -> None:
        self._cancelled = Event()
        self.remove_class("previewed")
        self.add_class("busy")
        self.query_one(ProgressBar).update(total=None)
        self._tell(what)

    def _end(self, what: str, *, mistake: bool = False) -> None:
        self.remove_class("busy")
        self._tell(what, mistake=mistake)
        if not self.has_class("previewed"):
            self.query_one(PathInput).focus()

    def _tell(self, what: str, *, mistake: bool = False) -> None:
        told = self.query_one("#told", Static)
        told.update(Content(what))
        told.set_class(mistake, "mistake")
        self.refresh_bindings()

    def _say_what_would_happen(self) -> None:
        assert self._delivery is not None
        lines = [f"What it brings: {summary(self._report)}"]
        if warnings := self._delivery.warnings:
            more = f" And {len(warnings) - 1} more like this." if len(warnings) > 1 else ""
            lines.append(f"{clean(warnings[0])}{more}")
        linked = "linked: what changes in it is offered at start" if self._is_linked else "not linked"
        lines.append(f"Press enter or i to import it. It is {linked}.")
        self._tell("\n".join(lines))
