"""Text from programs that write HTML and ``{{c1::deletions}}``, as Markdown with ``[deletions]``."""

import re
from typing import NamedTuple

from lrcards.cards.from_html import from_html

_HTML = re.compile(
    r"</?(?:a|b|i|u|s|p|br|div|span|img|ul|ol|li|sub|sup|em|strong|table|tr|td|th|hr|h[1-6]|pre|code|font)\b[^<>]*>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d+);",
    re.IGNORECASE,
)
_DELETION = re.compile(
    r"\{\{c(\d{1,3})::((?:[^{}]|\{[^{}]*\})*?)(?:::(?:[^{}]|\{[^{}]*\})*)?\}\}", re.IGNORECASE
)


class Cloze(NamedTuple):
    """A text with ``[deletions]``, and the ordinal of each."""

    text: str
    ordinals: tuple[int, ...]


def looks_like_html(text: str) -> bool:
    """Return whether a text has a tag or an entity that programs with cards write."""
    return _HTML.search(text) is not None


def field_text(text: str, *, is_html: bool) -> str:
    """Return what a field says in Markdown, without white space around it."""
    return (from_html(text) if is_html else text).strip()


def cloze_in(text: str) -> Cloze | None:
    """Return a text with ``{{c1::deletions}}`` as one with ``[deletions]``; ``None`` if there are none."""
    found = list(_DELETION.finditer(text))
    if not found:
        return None
    return Cloze(
        _DELETION.sub(lambda deletion: f"[{deletion[2]}]", text),
        tuple(max(int(deletion[1]) - 1, 0) for deletion in found),
    )
