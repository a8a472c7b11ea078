"""All keys of the program, and another one for any of them by pressing it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.keys import format_key
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from lrcards.preferences import written
from lrcards.settings import settings_file
from lrcards.text import fit
from lrcards.tui.keymap import Bound, bindings, taken_by
from lrcards.tui.mistakes import said_on
from lrcards.tui.screens.prompts import Check, Prompt

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp


class KeyPrompt(Prompt):
    """Asks for a key by pressing it; Escape leaves it as it is."""

    def __init__(self, title: str, check: Check) -> None:
        super().__init__(title)
        self._check = check

    def compose(self) -> ComposeResult:
        """Say what to do, with room for what is wrong with a key."""
        with self.framed():
            yield Static("Press the new key.")
            yield Static(id="problem", markup=False)
        yield Footer()

    def on_key(self, event: Key) -> None:
        """Take the key, if it is free."""
        if event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        problem = self._check(event.key)
        self.query_one("#problem", Static).update(problem)
        if not problem:
            self.dismiss(event.key)


class KeyList(OptionList):
    """What keys do, a row each; Enter and a click change the key of the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", id="keys.change"),
        Binding("j", "cursor_down", "Down", show=False, id="keys.down"),
        Binding("k", "cursor_up", "Up", show=False, id="keys.up"),
    ]


class KeysScreen(Screen[None]):
    """Every key by the place where it works; a change is in the settings file and holds at once."""

    TITLE = "keys"
    HELP = (
        "Press enter and then the key that you want instead. It must be free where it works, and everywhere."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x,delete", "reset", "Default", key_display="x", tooltip="The default again", id="keys.reset"
        ),
        Binding("q,escape", "dismiss", "Back", key_display="q", id="keys.leave"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static(Content.assemble(("Keys  ", "bold"), "of every screen"), id="banner")
        yield KeyList()
        yield Footer()

    def on_mount(self) -> None:
        """List the keys."""
        self._bound = {bound.identifier: bound for bound in bindings()}
        self._list()

    @property
    def _app(self) -> "LrcardsApp":
        return cast("LrcardsApp", self.app)

    def _list(self) -> None:
        rows = self.query_one(KeyList)
        place = rows.highlighted or 0
        own = self._app.settings.keys
        rows.set_options(
            [Option(self._row(bound, own.get(name)), id=name) for name, bound in self._bound.items()]
        )
        rows.highlighted = place

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for another key."""
        bound = self._bound[event.option_id or ""]
        self.app.push_screen(KeyPrompt(f"{bound.place}: {bound.meaning}", self._check_for(bound)), self._set)

    def _check_for(self, bound: Bound) -> Callable[[str], str]:
        def check(key: str) -> str:
            other = taken_by(bound, key, self._bound.values(), self._app.settings.keys)
            return f"{self._named(key)} is already there for “{other.meaning}”." if other else ""

        return check

    def action_reset(self) -> None:
        """Let the default hold again."""
        self._write(None)

    def _set(self, key: str | None) -> None:
        if key is not None:
            self._write(key)

    def _write(self, key: str | None) -> None:
        chosen = self.query_one(KeyList).highlighted_option
        assert chosen is not None
        with said_on(self):
            self._app.use(written(settings_file(), "keys", chosen.id or "", key))
        self._list()

    def _row(self, bound: Bound, own: str | None) -> Content:
        keys = " ".join(map(self._named, (own or bound.keys).split(",")))
        return Content.assemble(
            f"{fit(bound.place, 10)} {fit(bound.meaning, 44)} ", (keys, "bold" if own else "")
        )

    def _named(self, key: str) -> str:
        return self._app.key_display(format_key(key))
