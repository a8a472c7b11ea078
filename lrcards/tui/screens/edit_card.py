"""Edit the card on the table: its question, its answer and its tags."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Footer, Input, Label, Static, TextArea

from lrcards.cards.content import text_to_edit
from lrcards.cards.model import NoteKind
from lrcards.showing import Shown
from lrcards.tui.card_editor import Save
from lrcards.tui.screens.editor import EditorScreen


class EditScreen(EditorScreen):
    """The text of a note to be changed in place."""

    TITLE = "edit"
    HELP = (
        "Change the card; its progress stays. tab goes from field to field. Markdown and $maths$ are shown."
    )

    def __init__(self, shown: Shown, save: Save) -> None:
        super().__init__()
        self._text = text_to_edit(shown.note, shown.card.ordinal)
        self._tags = " ".join(shown.note.tags)
        self._is_cloze = shown.note.kind is NoteKind.CLOZE
        self._save = save

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
    def is_changed(self) -> bool:
        """Whether the fields say something else than the note."""
        return self._fields() != (self._text.question, self._text.answer, self._tags.split())

    def store(self) -> None:
        """Give the note the text of the fields."""
        self._save(*self._fields())

    def on_text_area_changed(self) -> None:
        """Take back what was said of an earlier text."""
        self.say("")

    def on_input_changed(self) -> None:
        """Take back what was said of earlier tags."""
        self.say("")
