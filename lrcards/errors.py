"""Mistakes that a user can cause, told in the user's words."""

from pathlib import Path


class LrcardsError(Exception):
    """Something could not be done: what happened, where, and what to do about it.

    Args:
        what: one clause that says what is wrong, without a final full stop.
        remedy: one clause that says what to do, without a final full stop.
        path: the file it happened in, if there is one.
        line: the 1-based line in that file, if it is known.

    ``str()`` joins them into one line: ``notes.md:12: what. Remedy.``
    """

    def __init__(
        self, what: str, remedy: str = "", *, path: Path | str | None = None, line: int | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.path = path
        self.line = line

    def __str__(self) -> str:
        where = "" if self.path is None else f"{self.path}: "
        if self.path is not None and self.line is not None:
            where = f"{self.path}:{self.line}: "
        remedy = f" {self.remedy}." if self.remedy else ""
        stop = "" if self.what.endswith("?") else "."
        return f"{where}{self.what}{stop}{remedy}"


class DeckError(LrcardsError):
    """A deck file that cannot be read as it is."""


class CollectionError(LrcardsError):
    """A collection file that cannot be opened, read or written."""


class ExperimentError(LrcardsError):
    """An experiment named by a card or on the command line that cannot be run."""


class SettingsError(LrcardsError):
    """A value in the settings file that is not allowed."""


class ExamError(LrcardsError):
    """An exam, a plan or a mock test that cannot be as it was asked for."""


class QueryError(LrcardsError):
    """A search that cannot be read.

    Args:
        query: the text of the search, on one line.
        at: the 0-based character of it that cannot be read.

    ``str()`` names the character; ``text.pointer`` shows it.
    """

    def __init__(self, what: str, remedy: str, *, query: str, at: int) -> None:
        super().__init__(what, remedy)
        self.query = query
        self.at = at

    def __str__(self) -> str:
        return f"Character {self.at + 1}: {super().__str__()}"
