"""The text of a card as a file to edit, and back."""

from dataclasses import replace

from lrcards.cards.content import text_to_edit
from lrcards.cards.formats.markdown import parse_deck, write_deck
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parametric import is_parametric
from lrcards.errors import DeckError

FILE = "card.md"
"""What the file is called in messages."""


def as_text(note: Note, ordinal: int) -> str:
    """Return what can be changed of a card, as it stands in a deck: question, answer and tags.

    Raises:
        DeckError: the note is not as a deck could hold it.
    """
    return write_deck([_in_a_deck(note, ordinal)], name=note.deck)


def edited(note: Note, ordinal: int, text: str) -> Note:
    """Return a note with the question, the answer and the tags that a text has for a card.

    Raises:
        DeckError: the text is not one card, or changes more than these.
    """
    notes = parse_deck(text, path=FILE)
    if len(notes) > 1:
        raise DeckError("There is more than one card", "Leave only the card that is edited", path=FILE)
    asked, read = _in_a_deck(note, ordinal), notes[0]
    if any(
        getattr(read, name) != getattr(asked, name)
        for name in ("guid", "deck", "kind", "experiment", "typed")
    ):
        raise DeckError(
            "Only the question, the answer and the tags can be changed here",
            "Leave the deck's name, the kind of the card and its experiment as they were",
            path=FILE,
        )
    return read


def _in_a_deck(note: Note, ordinal: int) -> Note:
    """Return the card as a note of its own, with an experiment only where the card makes no sense without."""
    text = text_to_edit(note, ordinal)
    return replace(
        note,
        guid="",
        kind=NoteKind.CLOZE if note.kind is NoteKind.CLOZE else NoteKind.BASIC,
        question=text.question,
        answer=text.answer,
        faces=(),
        experiment=note.experiment if is_parametric(note) else None,
        typed=False,
    )
