"""What all tables of the app share."""

from rich.text import Text
from textual.events import Resize
from textual.widgets import DataTable


class Table(DataTable[Text]):
    """A table whose rows reach to the right edge, also when the terminal was made wider."""

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002
        """Draw anew: what Textual drew before it heard of the new width has rows of the old one."""
        self._clear_caches()
        self.refresh()
