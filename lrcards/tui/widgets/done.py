"""What stands in the place of a card when a sitting has none left, and what can be done then."""

from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

What = Literal["new", "special", "test"]


class DoneForNow(Static, can_focus=True):
    """Says what a sitting came to; a key each for what can be done beyond it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "more('new')", "More new", id="study.more-new", tooltip="More new cards today"),
        Binding("g", "app.lab", "Lab", id="study.any-lab"),
        Binding("t", "more('test')", "Mock test", id="study.mock-test"),
        Binding("c", "more('special')", "Extra", id="study.special", tooltip="Special sitting"),
    ]

    class More(Message):
        """Something else was asked for: more new cards, a special sitting or a mock test."""

        def __init__(self, what: What) -> None:
            super().__init__()
            self.what = what

    def action_more(self, what: What) -> None:
        """Ask for something else."""
        self.post_message(self.More(what))
