"""Edit the card on the table: its question, its answer and its tags."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, Static, TextArea

from lrcards.cards.content import text_to_edit
from lrcards.cards.model import NoteKind
from lrcards.collection.changes import ConflictError
from lrcards.errors import LrcardsError
from lrcards.showing import Shown
from lrcards.tui.card_editor import Save


class EditScreen(ModalScreen[None]):
    """The text of a note to be changed in place; a mistake is said below it, and nothing typed is lost."""

    TITLE = "edit"
    HELP = (
        "Change the card; its progress stays. tab goes from field to field. Markdown and $maths$ are shown."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True, id="edit.save"),
        Binding("escape", "leave", "Leave", key_display="esc", id="edit.leave"),
    ]
    DEFAULT_CSS = """
    EditScreen { align: center middle; }
    EditScreen > Vertical {
        width: 92; max-width: 95%; height: 90%; max-height: 32;
        border: round $primary; padding: 0 1; background: $surface;
    }
    EditScreen Label { color: $text-muted; }
    EditScreen TextArea { height: 1fr; min-height: 2; background: $background; }
    EditScreen TextArea, EditScreen Input { &, &:focus { border: none; padding: 0 1; } }
    EditScreen #tags { background: $background; padding: 0 1; }
    EditScreen #problem { color: $text-error; height: auto; }
    """

    def __init__(self, shown: Shown, save: Save) -> None:
        super().__init__()
        self._text = text_to_edit(shown.note, shown.card.ordinal)
        self._tags = " ".join(shown.note.tags)
        self._is_cloze = shown.note.kind is NoteKind.CLOZE
        self._save = save
        self._is_warned = False

    def compose(self) -> ComposeResult:
        """Lay out the fields; a cloze note has no answer of its own."""
        with Vertical() as box:
            box.border_title = "Edit the card"
            yield Label(
                "Text, with what is to be recalled in [brackets]" if self._is_cloze else "Question",
                markup=False,
            )
            yield TextArea(self._text.question, id="question", highlight_cursor_line=False)
            if not self._is_cloze:
                yield Label("Answer")
                yield TextArea(self._text.answer, id="answer", highlight_cursor_line=False)
            yield Label("Tags")
            yield Input(self._tags, id="tags", compact=True, select_on_focus=False)
            yield Static(id="problem", markup=False)
        yield Footer()

    def _fields(self) -> tuple[str, str, list[str]]:
        texts = {area.id: area.text for area in self.query(TextArea)}
        return texts["question"], texts.get("answer", ""), self.query_one("#tags", Input).value.split()

    @property
    def _is_changed(self) -> bool:
        return self._fields() != (self._text.question, self._text.answer, self._tags.split())

    def action_save(self) -> None:
        """Store the card if it was changed, and go back to it; say what is wrong if it cannot be stored."""
        try:
            if self._is_changed:
                self._save(*self._fields())
        except ConflictError:
            self._say(
                "Another window has changed this card meanwhile: ctrl+s replaces that by what stands here, "
                "esc leaves it."
            )
        except LrcardsError as error:
            self._say(str(error))
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Go back to the card as it was; ask once before what was typed is thrown away."""
        if self._is_changed and not self._is_warned:
            self._is_warned = True
            self._say("Press esc again to throw your changes away, or ctrl+s to save them.")
        else:
            self.dismiss()

    def on_text_area_changed(self) -> None:
        """Take back what was said of an earlier text."""
        self._say("")

    def on_input_changed(self) -> None:
        """Take back what was said of earlier tags."""
        self._say("")

    def _say(self, problem: str) -> None:
        self._is_warned = self._is_warned and bool(problem)
        self.query_one("#problem", Static).update(Content(problem))
