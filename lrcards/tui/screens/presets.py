"""A list of all experiments to open the lab on."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from lrcards.descent.presets import PRESETS


class PresetScreen(Screen[None]):
    """Every preset with what to look at; Enter opens the lab on it."""

    TITLE = "experiments"
    HELP = "Choose an experiment and press enter to run it in the lab."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "app.simulate_key('down')", "Down", show=False, id="presets.down"),
        Binding("k", "app.simulate_key('up')", "Up", show=False, id="presets.up"),
        Binding("q,escape", "dismiss", "Back", key_display="q", id="presets.leave"),
    ]

    def compose(self) -> ComposeResult:
        """List the presets in the order of the subject."""
        yield Static("[b]The lab[/b]  [dim]choose an experiment[/dim]", id="banner")
        yield OptionList(
            *(
                Option(
                    Content.assemble((preset.title, "bold"), f"  {name}\n", (preset.look_at, "dim")),
                    id=name,
                )
                for name, preset in PRESETS.items()
            )
        )
        yield Footer()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the lab on the chosen preset."""
        from lrcards.tui.screens.lab import LabScreen

        assert event.option_id is not None
        self.app.push_screen(LabScreen(PRESETS[event.option_id]))
