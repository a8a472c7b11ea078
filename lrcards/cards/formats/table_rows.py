"""The rows of a table of text: quotes as in RFC 4180, ``#`` comments, rows of any width."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from lrcards.cards.formats.table_layout import is_heading
from lrcards.errors import DeckError

MOST_CHARACTERS = 16_000_000
"""What a cell may have."""

_SAMPLE = 8 * 1024
_IN_ORDER = "\t|;,:"
_ANKIS_ORDER = "\t|;:,"
_END = "the end of the table"
_ENTITY = re.compile(r"&#?\w{1,10};")
"""In HTML a semicolon ends it, and separates nothing."""

_QUOTED = re.compile(r'"(?:[^"]|"")*+"')


class Row(NamedTuple):
    """The cells of a row, and the number of the line it begins on."""

    cells: list[str]
    line: int


def rows(text: str, separator: str, *, path: str, skip: int = 0) -> Iterator[Row]:
    """Yield the rows that are not empty.

    Args:
        text: clean text.
        separator: one character.
        path: the file, for messages.
        skip: how many lines at the top are no rows.

    Raises:
        DeckError: for a quote that is never closed, naming the line on which it opens.
    """
    lines = _Lines(text, skip)
    csv.field_size_limit(MOST_CHARACTERS)
    table = csv.reader(lines, delimiter=separator)
    while True:
        try:
            cells = next(table)
        except csv.Error:
            what = f"A cell has more than {MOST_CHARACTERS // 1_000_000} million characters"
            remedy = "Split it, or see whether a quote before it is never closed"
            raise DeckError(what, remedy, path=path, line=lines.row) from None
        if lines.is_over:
            if cells != [_END]:
                raise DeckError(
                    "The quote that opens here is never closed",
                    'Close it with a quote, and write a quote within it twice: ""',
                    path=path,
                    line=_open_quote(lines, separator),
                )
            return
        if any(cells):
            yield Row(cells, lines.row)
        lines.is_between_rows = True


class _Lines:
    """The lines of a text but for comments, which begin with ``#`` where a row could begin; then ``_END``.

    The last shows whether a quote is still open: else it is a row of its own.
    """

    def __init__(self, text: str, skip: int) -> None:
        self.text = text
        self.position = 0
        self.number = 0
        for _ in range(skip):
            self._line()
        self.row = 0
        self.row_start = 0
        self.is_between_rows = True
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.is_over:
            raise StopIteration
        if self.is_between_rows:
            while self.text.startswith("#", self.position):
                self._line()
            self.row, self.row_start = self.number + 1, self.position
            self.is_between_rows = False
        if self.position >= len(self.text):
            self.is_over = True
            return _END
        return self._line()

    def _line(self) -> str:
        start = self.position
        self.position = self.text.find("\n", start) + 1 or len(self.text)
        self.number += 1
        return self.text[start : self.position]


def _open_quote(lines: _Lines, separator: str) -> int:
    """Return the number of the line on which the quote opens that makes the rest of the text one field."""
    row = lines.text[lines.row_start :]
    ends = re.compile(f"[\n{re.escape(separator)}]")
    position = 0
    while end := ends.search(row, _after_quotes(row, position)):
        position = end.end()
    return lines.row + row.count("\n", 0, position)


def _after_quotes(row: str, start: int) -> int:
    """Return where the quoted part of the field ends that begins at ``start``; past all if it never does."""
    if not row.startswith('"', start):
        return start
    quoted = _QUOTED.match(row, start)
    return quoted.end() if quoted else len(row)


class Guess(NamedTuple):
    """A separator, and how sure it is."""

    separator: str
    has_heading: bool = False
    is_even: bool = False
    """Whether all rows have the same number of columns."""


def guess_separator(text: str, *, skip: int = 0) -> Guess | None:
    """Return what may stand between the columns, by the first 8 KiB; ``None`` if nothing does.

    It is the one that makes the first row a heading, else the first of TAB ``|`` ``;`` ``,`` ``:`` that cuts
    all rows into the same number of columns, else, as in Anki, the first of TAB ``|`` ``;`` ``:`` ``,`` that
    occurs.
    """
    lines = text[:_SAMPLE].split("\n")[skip:]
    if len(text) > _SAMPLE:
        lines = lines[:-1] or lines
    sample = [f"{_ENTITY.sub('&', line)}\n" for line in lines if not line.startswith("#")]
    tables = {
        separator: [row for row in csv.reader(sample, delimiter=separator) if any(row)]
        for separator in _IN_ORDER
        if any(separator in line for line in sample)
    }
    for separator, table in tables.items():
        if table and len(table[0]) > 1 and is_heading(table[0]):
            return Guess(separator, has_heading=True)
    for separator, table in tables.items():
        if len({len(row) for row in table}) == 1 and len(table[0]) > 1:
            return Guess(separator, is_even=True)
    found = next((separator for separator in _ANKIS_ORDER if separator in tables), None)
    return None if found is None else Guess(found)
