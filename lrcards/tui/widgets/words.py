"""A text that changes with every frame."""

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """Is laid out anew only when it takes more or fewer lines than before; the same words cost nothing."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._words = Content()

    def say(self, words: Content) -> None:
        """Show other words."""
        if not words.is_same(self._words):
            self._words = words
            fits = bool(self.size) and words.get_height({}, self.size.width) == self.size.height
            self.update(words, layout=not fits)
