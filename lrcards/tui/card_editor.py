"""A card in the learner's own editor."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual.app import App

from lrcards.cards.editing import FILE, as_text, edited
from lrcards.errors import LrcardsError
from lrcards.showing import Shown
from lrcards.tui.editor import edit_outside

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

Save = Callable[[str, str, Sequence[str]], None]
"""Stores a question, an answer and tags; raises ``LrcardsError`` if that cannot be."""


class CardEditor:
    """Edits cards outside the app; a text that was not taken is kept for the next time."""

    def __init__(self) -> None:
        self._drafts: dict[str, str] = {}

    def edit(self, app: App[object], shown: Shown, save: Save) -> None:
        """Let the learner change a card, and save it if it was changed.

        Raises:
            LrcardsError: the editor cannot be run, or what it saved is not taken.
        """
        card, note = shown.card, shown.note
        text = self._drafts.get(card.guid) or as_text(note, card.ordinal)
        saved = edit_outside(app, text, FILE, cast("LrcardsApp", app).settings.editor)
        if saved is None:
            return
        try:
            change = edited(note, card.ordinal, saved)
            save(change.question, change.answer, change.tags)
        except LrcardsError as error:
            self._drafts[card.guid] = saved
            error.remedy = f"{error.remedy}; E goes on with your text".removeprefix("; ")
            raise
        self._drafts.pop(card.guid, None)
