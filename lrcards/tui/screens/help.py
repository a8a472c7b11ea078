"""The keys of the screen that help was asked from."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer, Static


class HelpScreen(ModalScreen[None]):
    """Says what a screen is for and lists the keys that work there, as the user's keymap has them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "Close", key_display="esc", id="help.close"),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 70; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 2; background: $surface;
    }
    HelpScreen #purpose { margin: 1 0; }
    """

    def __init__(self, asked_from: "Screen[object]") -> None:
        super().__init__()
        self._asked_from = asked_from

    def compose(self) -> ComposeResult:
        """Show the purpose, then one line for each key."""
        with VerticalScroll() as panel:
            panel.border_title = Content(f"Keys: {self._asked_from.title or 'lrcards'}")
            yield Static((self._asked_from.HELP or "").strip(), id="purpose", markup=False)
            yield Static(self._keys())
        yield Footer()

    def _keys(self) -> Content:
        rows: dict[str, list[str]] = {}
        for active in self._asked_from.active_bindings.values():
            binding = active.binding
            # Every key of ours has an id; what Textual adds for its own widgets has none.
            if binding.id and active.enabled:
                rows.setdefault(binding.tooltip or binding.description, []).append(
                    self.app.get_key_display(binding)
                )
        lines = [
            Content.assemble((f"{' '.join(dict.fromkeys(keys)):>16}", "bold $text-accent"), "  ", description)
            for description, keys in rows.items()
        ]
        return Content("\n").join(lines)
