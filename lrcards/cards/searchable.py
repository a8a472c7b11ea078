"""Markdown as one line of plain text, to be listed or searched: quick, and right where it matters.

``text.plain`` is exact, but takes milliseconds for a text, and a search goes through a hundred thousand.
"""

import re
import unicodedata
from functools import lru_cache

from lrcards.cards.content import whole
from lrcards.cards.model import Note
from lrcards.text import Span, math_to_unicode, one_line, segments

SIDES = "\x1f"
"""Stands between the question and the answer of a searched text; no clean text holds it."""

_MARK = re.compile(
    r"\\([\W_])"
    r"|!?\[([^\[\]]*)\]\([^()\s]*\)"
    r"|^[ \t]*(?:#{1,6}[ \t]|>+[ \t]?|[-*+][ \t])"
    r"|\*+(?=\S)|(?<=\S)\*+"
    r"|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)"
    r"|~~|\|",
    re.MULTILINE,
)
_CODE_MARK = re.compile(r"^[ \t>]*(?:`{3,}|~{3,}).*$|`+", re.MULTILINE)
_MARKED = re.compile(r"[\\`*_\[$#~>|+-]")


def readable(markdown: str) -> str:
    """Return Markdown on one line without its marks, with formulas in Unicode."""
    if not _MARKED.search(markdown):
        return one_line(markdown)
    return one_line("".join(_readable(span, text) for span, text in segments(markdown)))


def _readable(span: Span, text: str) -> str:
    match span:
        case Span.TEXT:
            return _MARK.sub(lambda mark: mark[1] or mark[2] or "", text)
        case Span.CODE:
            return _CODE_MARK.sub("", text)
        case Span.INLINE_MATH | Span.DISPLAY_MATH:
            return _formula(text.strip("$"))


@lru_cache(maxsize=10_000)
def _formula(latex: str) -> str:
    return math_to_unicode(latex)


def folded(text: str) -> str:
    """Return text as it is compared: in lower case, without accents, ² as 2 and the like."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def searched(note: Note) -> str:
    """Return what a search for words looks through: the folded question, ``SIDES``, the folded answer."""
    shown = whole(note)
    return f"{folded(readable(shown.question))}{SIDES}{folded(readable(shown.answer))}"
