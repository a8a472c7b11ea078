"""The keys of the screen that help was asked from, to look through and to find by a word."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer, Input, Static

KEY_COLUMN = 16
"""Cells for the keys; longer ones push what they do to the right."""


class Finder(Input):
    """Takes the words to look for; the key that opened help closes it here, too."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leave the question mark to the screen."""
        return key != "question_mark" and super().check_consume_key(key, character)


class HelpScreen(ModalScreen[None]):
    """Says what a screen is for and lists the keys that work there, as the user's keymap has them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the field, which would take them for itself.
        Binding(
            "escape,question_mark", "dismiss", "Close", key_display="esc", priority=True, id="help.close"
        ),
        Binding("down", "scroll(1)", "Scroll", key_display="↑↓", priority=True, id="help.down"),
        Binding("pagedown", "scroll(10)", "Page down", show=False, priority=True, id="help.page-down"),
        Binding("pageup", "scroll(-10)", "Page up", show=False, priority=True, id="help.page-up"),
        Binding("up", "scroll(-1)", "Scroll up", show=False, priority=True, id="help.up"),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 70; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 2; background: $surface;
    }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; & > Static { padding-right: 1; } }
    HelpScreen Input { dock: bottom; height: 1; background: $boost; &, &:focus { border: none; padding: 0; } }
    HelpScreen #purpose { margin: 1 0; }
    HelpScreen #keys { margin-bottom: 2; }
    """

    def __init__(self, asked_from: "Screen[object]") -> None:
        super().__init__()
        self._asked_from = asked_from

    def compose(self) -> ComposeResult:
        """Show the purpose, then one line for each key, and a field to find one."""
        with Vertical() as panel:
            panel.border_title = Content(f"Keys: {self._asked_from.title or 'lrcards'}")
            yield Finder(placeholder="Type to find a key")
            with VerticalScroll(can_focus=False):
                yield Static((self._asked_from.HELP or "").strip(), id="purpose", markup=False)
                yield Static(self._keys(""), id="keys")
        yield Footer()

    def on_input_changed(self, event: Input.Changed) -> None:
        """List the keys that have every typed word in their name or in what they do."""
        self.query_one("#purpose").display = not event.value.strip()
        self.query_one("#keys", Static).update(self._keys(event.value))

    def action_scroll(self, lines: int) -> None:
        """Scroll the list."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _keys(self, typed: str) -> Content:
        rows: dict[str, list[str]] = {}
        for active in _in_order(self._asked_from):
            rows.setdefault(active.binding.tooltip or active.binding.description, []).append(
                self.app.get_key_display(active.binding)
            )
        joined = {meaning: " ".join(dict.fromkeys(displays)) for meaning, displays in rows.items()}
        lines = [
            Content.assemble((f"{keys:>{KEY_COLUMN}}", "bold $text-accent"), "  ", meaning)
            for meaning, keys in joined.items()
            if _has(typed, f"{keys} {meaning}".casefold())
        ]
        return Content("\n").join(lines) if lines else Content("No key here is about that.")


def _has(typed: str, text: str) -> bool:
    return all(word in text for word in typed.casefold().split())


def _in_order(screen: "Screen[object]") -> list[ActiveBinding]:
    """Return what works on a screen: its own bindings as they are written down, its widgets', the app's."""
    # Every key of ours has an id; what Textual adds for its own widgets has none.
    ours = [active for active in screen.active_bindings.values() if active.binding.id and active.enabled]
    nodes = dict.fromkeys([screen, *(active.node for active in ours)])
    written = [(node, identifier) for node in nodes for identifier in _identifiers(node)]
    places = {identity: place for place, identity in enumerate(written)}
    return sorted(ours, key=lambda active: places[active.node, active.binding.id])


def _identifiers(node: DOMNode) -> Iterator[str | None]:
    for kind in type(node).__mro__:
        for binding in kind.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding):
                yield binding.id
