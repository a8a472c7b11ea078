"""Markdown as HTML that Anki shows: formulas for MathJax, pictures and sounds by their names."""

import re
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt

from lrcards.cards.formats.from_html import SOUND
from lrcards.text import Span, segments

# A character of the private use area stands where a formula does, with its number.
_MARK = "\ue0f2"
_MARKED = re.compile(f"{_MARK}([0-9]+){_MARK}")
_APART = "<!-- -->"
_SPECIAL = re.compile(r"\\(?=[(\[])|\[(?=latex\]|\$\$?\]|sound:|anki:)|\{(?=\{)", re.IGNORECASE)
_SPECIAL_IN_CLOZE = re.compile(rf"{_SPECIAL.pattern}|\}}(?=\}})|:(?=:)", re.IGNORECASE)
_SOUND = re.compile(rf"{SOUND} <code>([^<>\n]+)</code>")
_SOURCE = re.compile(r'(<img src=")([^"]*)(" alt=")([^"]*)(" />)')
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>\n?", re.DOTALL)
_NEEDS_CARE = re.compile(r"[<>&\\\[\]*_`$~#|=:!\"\n{}]|^[-+\d ]|  | $|" + SOUND)


def to_html(markdown: str, *, in_cloze: bool = False) -> str:
    """Return clean Markdown as HTML; a text of one paragraph without a tag around it.

    Text that Anki would take for a formula, a sound or a deletion is kept apart by an empty comment; with
    ``in_cloze`` so is what would end a deletion, or begin its hint.
    """
    if not _NEEDS_CARE.search(markdown) and _MARK not in markdown:
        return markdown
    formulas: list[str] = []
    pieces: list[str] = []
    for span, text in segments(markdown.replace(_MARK, "\ufffd")):
        if span in (Span.INLINE_MATH, Span.DISPLAY_MATH):
            pieces.append(f"{_MARK}{len(formulas)}{_MARK}")
            formulas.append(_mathjax(span, text, in_cloze))
        else:
            pieces.append(text)
    html = _parser().render("".join(pieces))
    html = (_SPECIAL_IN_CLOZE if in_cloze else _SPECIAL).sub(rf"\g<0>{_APART}", html)
    html = _SOURCE.sub(_picture, html)
    html = _SOUND.sub(lambda sound: f"[sound:{sound[1]}]", html)
    html = _MARKED.sub(lambda mark: formulas[int(mark[1])], html)
    one = _ONE_PARAGRAPH.fullmatch(html)
    return (one[1] if one else html).strip().replace("<br />\n", "<br>")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _mathjax(span: Span, text: str, in_cloze: bool) -> str:
    if in_cloze:
        text = text.replace("}}", "} }").replace("}}", "} }").replace("::", ": :")
    if span is Span.INLINE_MATH:
        return rf"\({_escaped(text[1:-1])}\)"
    return rf"\[{_escaped(text[2:-2].strip())}\]"


def _escaped(latex: str) -> str:
    return latex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


def _picture(found: re.Match[str]) -> str:
    before, source, _, _, _ = found.groups()
    name = source if ":" in source else unquote(source)
    return f'{before}{name}">'
