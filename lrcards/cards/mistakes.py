"""What keeps a note from being a card, whoever wrote it."""

from lrcards.cards.content import deletions
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parametric import is_parametric
from lrcards.text import excerpt


def mistake_in(note: Note) -> tuple[str, str] | None:
    """Return what keeps ``note`` from being a card, and the remedy."""
    if not note.question:
        return (
            "The question is empty",
            "Write it after the “Q:” or “C:”, or after the callout's “[!question]”",
        )
    if note.kind in (NoteKind.BASIC, NoteKind.REVERSED) and not note.answer and not is_parametric(note):
        return (
            f"“{excerpt(note.question)}” has no answer",
            "Write it after an “A:”, in a callout on “> ” lines under the question",
        )
    if note.kind is NoteKind.CLOZE and not deletions(note.question):
        return (
            f"“{excerpt(note.question)}” has no deletion",
            "Put what is to be recalled in [brackets], outside code and around the whole of a $formula$",
        )
    return None
