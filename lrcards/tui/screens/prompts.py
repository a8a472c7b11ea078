"""Small modal questions: choose one of a list, type a line, edit a text."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

Check = Callable[[str], str]
"""Takes a text and returns what is wrong with it, empty if nothing is."""


class Prompt(ModalScreen[str | None]):
    """The frame that all prompts share; Escape dismisses with ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel", key_display="esc", id="prompt.cancel"),
    ]
    DEFAULT_CSS = """
    Prompt { align: center middle; }
    Prompt > Vertical {
        width: 84; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 1; background: $surface;
    }
    Prompt OptionList, Prompt Input, Prompt TextArea {
        background: $surface; height: auto; max-height: 100%;
        &, &:focus { border: none; }
    }
    Prompt TextArea { height: 16; max-height: 70vh; }
    Prompt #problem { color: $text-error; height: auto; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.prompt_title = title

    def framed(self) -> Vertical:
        """Return the box with its title."""
        box = Vertical()
        box.border_title = Content(self.prompt_title)
        return box


class ChoosePrompt(Prompt):
    """Offers a list of names, each with what it means; the answer is the name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move('down')", "Down", show=False, id="prompt.down"),
        Binding("k", "move('up')", "Up", show=False, id="prompt.up"),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], current: str = "") -> None:
        super().__init__(title)
        self._choices = choices
        self._current = current

    def compose(self) -> ComposeResult:
        """List the choices, the current one under the cursor."""
        with self.framed():
            yield OptionList(
                *(
                    Option(Content.assemble((f"{name:<16}", "bold"), (meaning, "dim")), id=name)
                    for name, meaning in self._choices
                )
            )
        yield Footer()

    def on_mount(self) -> None:
        """Put the cursor on the current choice."""
        names = [name for name, _ in self._choices]
        if self._current in names:
            self.query_one(OptionList).highlighted = names.index(self._current)

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if direction == "down" else options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with the chosen name."""
        self.dismiss(event.option_id)


class LinePrompt(Prompt):
    """Asks for one line; says what is wrong with it as it is typed, and takes it only when nothing is."""

    def __init__(self, title: str, value: str, check: Check) -> None:
        super().__init__(title)
        self._value = value
        self._check = check

    def compose(self) -> ComposeResult:
        """Show the line to edit."""
        with self.framed():
            yield Input(self._value)
            yield Static(id="problem", markup=False)
        yield Footer()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is wrong."""
        self.query_one("#problem", Static).update(Content(self._check(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line, if it is right."""
        if not self._check(event.value):
            self.dismiss(event.value)


class TextPrompt(Prompt):
    """Asks for a longer text; ctrl+s takes it once nothing is wrong with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", "Use it", priority=True, id="prompt.take"),
    ]

    def __init__(self, title: str, text: str, check: Check) -> None:
        super().__init__(title)
        self._text = text
        self._check = check

    def compose(self) -> ComposeResult:
        """Show the text to edit."""
        with self.framed():
            yield TextArea(self._text, soft_wrap=True)
            yield Static(id="problem", markup=False)
        yield Footer()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what is wrong."""
        self.query_one("#problem", Static).update(Content(self._check(event.text_area.text)))

    def action_take(self) -> None:
        """Answer with the text, if it is right."""
        text = self.query_one(TextArea).text
        if not self._check(text):
            self.dismiss(text)
