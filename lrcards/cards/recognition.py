"""What kind of deck a text is, told by its content; its name only decides where the content does not."""

import re
from enum import Enum
from pathlib import Path

from lrcards.cards.table_rows import guess_separator

_HEADER = re.compile(
    r"#(?:separator|html|columns|(?:notetype|deck|tags|guid)(?: column)?|if matches|match scope)[ \t]*:"
    r"|tags:",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"^(?:[QC]:| {0,3}>[ \t]*\[!(?:question|help|faq)(?:\|[^\]]*)?\])", re.MULTILINE | re.IGNORECASE
)
_MARKDOWN = re.compile(
    r"^(?:#{1,6} \S|---[ \t]*$|\+\+\+[ \t]*$|```|~~~|[-*+] \S|> |\|[ \t:|-]+\|[ \t]*$)", re.MULTILINE
)
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown")


class TextKind(Enum):
    """The formats that are plain text."""

    MARKDOWN = "Markdown"
    TABLE = "a table"
    JSON = "JSON"


def kind_of_text(text: str, path: Path) -> TextKind:
    """Return what a text is.

    Anki's header lines make it a table, a brace at the start JSON, a line with ``Q:``, ``C:`` or a question
    callout Markdown. Else a heading row makes it a table, and so do TABs that cut all rows alike; a heading,
    list, quote, fence or front matter makes it Markdown; any other separator that cuts all rows alike makes
    it a table. What is left is what its name says.
    """
    if _HEADER.match(text):
        return TextKind.TABLE
    if text.lstrip().startswith("{"):
        return TextKind.JSON
    if _CARD.search(text):
        return TextKind.MARKDOWN
    guess = guess_separator(text)
    if guess and (guess.has_heading or (guess.is_even and guess.separator == "\t")):
        return TextKind.TABLE
    is_called_markdown = path.suffix.lower() in _MARKDOWN_NAMES
    if _MARKDOWN.search(text) or (is_called_markdown and not (guess and guess.is_even)):
        return TextKind.MARKDOWN
    return TextKind.TABLE if guess else TextKind.MARKDOWN
