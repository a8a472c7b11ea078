"""What all forms for a card's text share: ctrl+s stores, esc asks before it throws anything away."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from lrcards.collection.changes import ConflictError
from lrcards.errors import LrcardsError


class EditorScreen(ModalScreen[None]):
    """Fields to be changed in place; a mistake is said in ``#problem``, and nothing typed is lost.

    A form says by ``is_changed`` whether there is anything to store, and stores it by ``store``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True, id="edit.save"),
        Binding("escape", "leave", "Leave", key_display="esc", id="edit.leave"),
    ]
    DEFAULT_CSS = """
    EditorScreen { align: center middle; }
    EditorScreen > Vertical {
        width: 92; max-width: 95%; height: 90%; max-height: 32;
        border: round $primary; padding: 0 1; background: $surface;
    }
    EditorScreen Label { color: $text-muted; }
    EditorScreen TextArea { height: 1fr; min-height: 2; background: $background; }
    EditorScreen TextArea, EditorScreen Input { &, &:focus { border: none; padding: 0 1; } }
    EditorScreen Input { background: $background; padding: 0 1; }
    EditorScreen #problem { color: $text-error; height: auto; }
    """

    _warned_of: Sequence[str] = ()
    """What the fields said when the learner was warned that it would be thrown away."""

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed that is not stored."""
        raise NotImplementedError

    def store(self) -> None:
        """Store what the fields say.

        Raises:
            LrcardsError: it cannot be; the form stays open.
        """
        raise NotImplementedError

    def action_save(self) -> None:
        """Store the card if it was changed, and go back; say what is wrong if it cannot be stored."""
        try:
            if self.is_changed:
                self.store()
        except ConflictError:
            self.say(
                "Another window has changed this card meanwhile: ctrl+s replaces that by what stands here, "
                "esc leaves it."
            )
        except LrcardsError as error:
            self.say(str(error))
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Go back to the card as it was; ask once before what was typed is thrown away."""
        typed = [
            field.text if isinstance(field, TextArea) else field.value
            for field in self.query("TextArea, Input").results()
            if isinstance(field, (TextArea, Input))
        ]
        if self.is_changed and self._warned_of != typed:
            self._warned_of = typed
            self.say("Press esc again to throw your changes away, or ctrl+s to save them.")
        else:
            self.dismiss()

    def say(self, problem: str) -> None:
        """Say what is wrong; nothing takes back what was said of an earlier text."""
        if not problem:
            self._warned_of = ()
        self.query_one("#problem", Static).update(Content(problem))
