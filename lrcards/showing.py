"""What is on the table: a card with its note and its two sides, with the values of this review."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrcards.cards.content import deletions, face, ordinals
from lrcards.cards.model import Card, Face, Note, NoteKind
from lrcards.cards.parametric import is_parametric

if TYPE_CHECKING:
    from lrcards.descent.questions import Question


@dataclass(frozen=True, slots=True)
class Shown:
    """The card on the table, with its note and its two sides in Markdown.

    Attributes:
        note: as it is stored; ``experiments.prepared(note, card.reviews)`` is what the lab runs and asks.
        face: with the values of this review, if the note is parametric.
        question: of a parametric note, the choices to answer with instead of from memory.
    """

    card: Card
    note: Note
    face: Face
    question: "Question | None" = None

    @property
    def recalled(self) -> str:
        """What is to be recalled, in Markdown: of a cloze the deletion alone, otherwise the answer."""
        if self.note.kind is NoteKind.CLOZE:
            return deletions(self.note.question)[ordinals(self.note).index(self.card.ordinal)]
        return self.face.answer


def show(card: Card, note: Note) -> Shown:
    """Return the card as this review shows it."""
    if not is_parametric(note):
        return Shown(card, note, face(note, card.ordinal))
    # Only a parametric card needs the descent, which is slow to load, before it is on the table.
    from lrcards.experiments import answer_of, prepared

    ready = prepared(note, card.reviews)
    shown = face(ready.note, card.ordinal)
    return Shown(card, note, Face(shown.question, answer_of(ready)), ready.question)
