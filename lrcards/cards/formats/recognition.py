"""What kind of deck a text is, told by its content; its name only decides where the content does not."""

import re
from enum import Enum
from pathlib import Path

from lrcards.cards.formats.table_rows import guess_separator

_HEADER = re.compile(
    r"#(?:separator|html|columns|(?:notetype|deck|tags|guid)(?: column)?|if matches|match scope)[ \t]*:"
    r"|tags:",
    re.IGNORECASE,
)
_JSON = re.compile(r"\s*\{\s*[\"}]")
_CARD = re.compile(
    r"^(?:[QC]:| {0,3}>[ \t]*\[!(?:question|help|faq)(?:\|[^\]]*)?\])", re.MULTILINE | re.IGNORECASE
)
_MARKDOWN = re.compile(
    r"^(?:#{1,6} \S|---[ \t]*$|\+\+\+[ \t]*$|```|~~~|[-*+] \S|> |\|[ \t:|-]+\|[ \t]*$)", re.MULTILINE
)
_QUESTION_MARK = re.compile(r"^\?{1,2}[ \t]*$", re.MULTILINE)
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown")
_TABLE_NAMES = (".csv", ".tsv")


class TextKind(Enum):
    """The formats that are plain text."""

    MARKDOWN = "Markdown"
    TABLE = "a table"
    JSON = "JSON"


def kind_of_text(text: str, path: Path) -> TextKind:
    """Return what a text is.

    Anki's header lines make it a table, a brace with a key at the start JSON, a row that names the columns a
    table, a line with ``Q:``, ``C:`` or a question callout Markdown. Else TABs that cut all rows alike make
    it a table; a heading, list, quote, fence or front matter, or a name such as ``notes.md``, makes it
    Markdown. What is left is a table if it has any separator, but for lists of Obsidian's cards that are not
    called one.
    """
    if _HEADER.match(text):
        return TextKind.TABLE
    if _JSON.match(text):
        return TextKind.JSON
    guess = guess_separator(text)
    if guess and guess.has_heading:
        return TextKind.TABLE
    if _CARD.search(text):
        return TextKind.MARKDOWN
    if guess and guess.is_even and guess.separator == "\t":
        return TextKind.TABLE
    suffix = path.suffix.lower()
    if guess is None or suffix in _MARKDOWN_NAMES or _MARKDOWN.search(text):
        return TextKind.MARKDOWN
    if suffix not in _TABLE_NAMES and _has_cards_of_obsidian(text):
        return TextKind.MARKDOWN
    return TextKind.TABLE


def _has_cards_of_obsidian(text: str) -> bool:
    """Return whether most lines are ``a::b``, or any is a ``?`` between question and answer."""
    lines = [line for line in text.split("\n") if line.strip()]
    return _QUESTION_MARK.search(text) is not None or 2 * sum("::" in line for line in lines) >= len(lines)
