"""Text from programs that write HTML and ``{{c1::deletions}}``, as Markdown with ``[deletions]``."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lrcards.cards.formats.anki import cloze
from lrcards.cards.formats.bracketing import Mark, bracketed
from lrcards.cards.formats.from_html import from_html
from lrcards.cards.model import Face

_HTML = re.compile(
    r"</?(?:a|b|i|u|s|p|br|div|span|img|ul|ol|li|sub|sup|em|strong|table|tr|td|th|hr|h[1-6]|pre|code|font)\b[^<>]*>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d+);",
    re.IGNORECASE,
)
_BOLD = re.compile(r"</?b>")


class Cloze(NamedTuple):
    """A text with ``[deletions]`` and their ordinals; or, where that would say something else, its faces."""

    text: str
    ordinals: tuple[int, ...]
    faces: tuple[Face, ...] = ()


def looks_like_html(text: str) -> bool:
    """Return whether a text has a tag or an entity that programs with cards write."""
    return _HTML.search(text) is not None


def to_markdown(text: str, *, is_html: bool) -> str:
    """Return what a field says in Markdown, without white space around it."""
    return (from_html(text) if is_html else text).strip()


def cloze_in(text: str, more: str = "", *, is_html: bool) -> Cloze | None:
    """Return a text with ``{{c1::deletions}}`` as ours; ``None`` if there are none.

    Args:
        text: the text.
        more: what Anki shows below it when a deletion is revealed, in Markdown.
        is_html: whether the text is HTML, or else Markdown.
    """
    numbers = sorted(number for number in cloze.numbers(text) if number) if "{{c" in text else []
    if not numbers:
        return None
    ours = None if more else cloze.as_ours(text) if is_html else _as_ours(text)
    if ours is not None:
        return Cloze(ours[0].strip(), ours[1])
    faces = []
    for number in numbers:
        question, answer = (
            to_markdown(shown if is_html else _BOLD.sub("**", shown), is_html=is_html)
            for shown in (cloze.shown(text, number, is_answer=is_answer) for is_answer in (False, True))
        )
        faces.append(Face(question, "\n\n".join(filter(None, (answer, more)))))
    return Cloze(faces[0].question, tuple(number - 1 for number in numbers), tuple(faces))


def _as_ours(markdown: str) -> tuple[str, tuple[int, ...]] | None:
    """Do for Markdown what ``cloze.as_ours`` does for HTML."""
    parts = cloze.parse(markdown)
    found = [part for part in parts if isinstance(part, cloze.Deletion)]
    ordinals = tuple(deletion.numbers[0] - 1 for deletion in found)
    is_simple = all(
        len(each.numbers) == 1 and each.hint is None and all(isinstance(part, str) for part in each.parts)
        for each in found
    )
    if not is_simple or len({*ordinals}) < len(found) or min(ordinals) < 0:
        return None
    shown = "".join(part if isinstance(part, str) else _inside(part) for part in parts)
    text = bracketed(shown, _marks(parts))
    return None if text is None else (text, ordinals)


def _marks(parts: list[str | cloze.Deletion]) -> Iterator[Mark]:
    position = 0
    for part in parts:
        text = part if isinstance(part, str) else _inside(part)
        if not isinstance(part, str):
            yield Mark(position, position + len(text), text)
        position += len(text)


def _inside(deletion: cloze.Deletion) -> str:
    return "".join(part for part in deletion.parts if isinstance(part, str))
