"""A line for the path of a file or folder, completed as it is typed."""

import os
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input


class PathInput(Input):
    """Shows how the path may go on; tab takes that."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "cursor_right", "Complete", id="path.complete"),
    ]

    def __init__(self, value: str, *, id: str) -> None:  # noqa: A002
        super().__init__(
            value, placeholder="A file or folder", suggester=PathSuggester(use_cache=False), id=id
        )

    def action_cursor_right(self, select: bool = False) -> None:
        """Take the whole of what is suggested, from the end of the line or with tab."""
        self.cursor_position = len(self.value)
        super().action_cursor_right(select)


class PathSuggester(Suggester):
    """Knows the files and folders that there are."""

    async def get_suggestion(self, value: str) -> str | None:
        """Return the path with its last part completed to the first name that begins so."""
        typed = os.path.expanduser(value)
        folder, begun = os.path.split(typed)
        try:
            names = sorted(os.listdir(folder or "."))
        except OSError:
            return None
        for name in names:
            hidden = name.startswith(".") and not begun.startswith(".")
            if begun != name and name.startswith(begun) and name.isprintable() and not hidden:
                ending = os.sep if Path(folder, name).is_dir() else ""
                return value + name[len(begun) :] + ending
        return None
