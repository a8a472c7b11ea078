"""Text for the screen: untrusted text made safe, maths as Unicode, and widths in terminal cells."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

# C0 and C1 controls but tab and newline, the bidi controls, and halves of surrogate pairs: what could drive
# a terminal, reorder a line, or fail to be encoded.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_FENCE = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t][ \t>]*)*)(`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE)
_FENCE_LINE = re.compile(rf"^{_FENCE.pattern}", re.MULTILINE)
_TOKEN = re.compile(r"\\[\s\S]|`+|\$\$?")
_BLANK_LINE = re.compile(r"\n[ \t>]*(?=\n)")
_DISPLAY_BODY = re.compile(r"(?:\\[\s\S]|[^\\$]|\$(?!\$))*\$\$")
_INLINE_BODY = re.compile(r"(?:\\[\s\S]|[^\\$`])*\$")
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>|#~&$]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


def clean(text: str) -> str:
    """Replace control characters by U+FFFD, and CR LF by LF; deck text passes through here once."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))


def clean_data(value: Any) -> Any:
    """Return plain data (as JSON has it) with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): clean_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_data(item) for item in value]
    return value


def one_line(text: str) -> str:
    """Collapse every run of white space into one space."""
    return " ".join(text.split())


def counted(number: int, what: str) -> str:
    """Return a number of things in words: of one, or of several that get an s."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def excerpt(text: str, most: int = 60) -> str:
    """Return the beginning of a text on one line, to be shown in a message."""
    line = one_line(text[: 10 * most])
    return line if len(line) <= most else line[: most - 1] + "…"


def cell_width(text: str) -> int:
    """Return how many terminal cells ``text`` takes, by the tables that Textual lays out with."""
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int) -> str:
    """Pad ``text`` with spaces, or cut it with ``…``, to exactly ``width`` cells."""
    from rich.cells import set_cell_size

    if width < 1:
        return ""
    if cell_width(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def pointer(text: str, at: int) -> str:
    """Return the line that, under a line of ``text``, points at its 0-based character ``at``."""
    return " " * cell_width(text[:at]) + "^"


class Span(Enum):
    """What a stretch of Markdown is, as far as maths and brackets are concerned."""

    TEXT = "text"
    CODE = "code"
    INLINE_MATH = "inline maths"
    DISPLAY_MATH = "display maths"


class Segment(NamedTuple):
    """A stretch of Markdown as it stands in the source, with its backticks or dollars."""

    span: Span
    text: str


class Fence(NamedTuple):
    """An open code fence: its backticks or tildes, and whether it stands in a quote."""

    mark: str
    is_quoted: bool

    @property
    def closing(self) -> re.Pattern[str]:
        """The pattern of a line that closes the fence."""
        prefix = r"[ \t>]*" if self.is_quoted else r"[ \t]*"
        return re.compile(rf"^{prefix}{self.mark[0]}{{{len(self.mark)},}}[ \t]*$", re.MULTILINE)


def open_fence(line: str) -> Fence | None:
    """Return the code fence that ``line`` opens, if it opens one."""
    found = _FENCE.match(line)
    return Fence(found[2], ">" in found[1]) if found else None


def segments(markdown: str) -> Iterator[Segment]:
    """Cut Markdown into text, code (spans and fences) and maths; joined, the segments are the source.

    ``\\$`` is a dollar sign. By pandoc's rule a ``$`` opens maths if no white space follows it, and the next
    ``$`` closes it if no white space comes before it and no digit after it; so ``$5 and $6`` is text.
    The time taken is linear in the text.
    """
    start = 0
    while opening := _FENCE_LINE.search(markdown, start):
        yield from _inline_segments(markdown[start : opening.start()])
        fence = Fence(opening[2], ">" in opening[1])
        closed = fence.closing.search(markdown, opening.end())
        start = closed.end() if closed else len(markdown)
        yield Segment(Span.CODE, markdown[opening.start() : start])
    yield from _inline_segments(markdown[start:])


def _inline_segments(markdown: str) -> Iterator[Segment]:
    paragraph_ends = [blank.start() for blank in _BLANK_LINE.finditer(markdown)] + [len(markdown)]
    backticks: dict[int, list[int]] = defaultdict(list)
    for run in re.finditer("`+", markdown):
        backticks[len(run[0])].append(run.start())
    done = position = 0
    while token := _TOKEN.search(markdown, position):
        position = token.end()
        limit = paragraph_ends[bisect_left(paragraph_ends, position)]
        end = 0
        if token[0][0] == "`":
            closers = backticks[len(token[0])]
            at = bisect_left(closers, position)
            end = closers[at] + len(token[0]) if at < len(closers) else 0
            span = Span.CODE
        elif token[0] == "$$":
            closed = _DISPLAY_BODY.match(markdown, position)
            end = closed.end() if closed else 0
            span = Span.DISPLAY_MATH
        elif token[0] == "$":
            closed = _INLINE_BODY.match(markdown, position)
            end = closed.end() if closed and _is_inline_math(markdown, position, closed.end()) else 0
            span = Span.INLINE_MATH
        if position < end <= limit:
            if done < token.start():
                yield Segment(Span.TEXT, markdown[done : token.start()])
            yield Segment(span, markdown[token.start() : end])
            done = position = end
    if done < len(markdown):
        yield Segment(Span.TEXT, markdown[done:])


def _is_inline_math(markdown: str, start: int, end: int) -> bool:
    body = markdown[start : end - 1]
    return (
        bool(body)
        and not body[0].isspace()
        and not body[-1].isspace()
        and not markdown[end : end + 1].isdigit()
    )


def math_to_unicode(latex: str) -> str:
    """Return one LaTeX formula as one line of Unicode text; one that does not parse comes back as it is.

    ``\\frac{\\kappa-1}{\\kappa+1}`` gives ``(κ−1)/(κ+1)``. Never raises.
    """
    from lrcards.latex import to_unicode

    return to_unicode(clean(latex))


def script(text: str, *, is_raised: bool) -> str:
    """Return a superscript or subscript in Unicode; where that lacks a character, as ``^(…)`` or ``_(…)``."""
    from lrcards.latex_symbols import SUBSCRIPTS, SUPERSCRIPTS

    table = SUPERSCRIPTS if is_raised else SUBSCRIPTS
    letters = text.replace("-", "−")
    if all(letter in table for letter in letters):
        return "".join(table[letter] for letter in letters)
    return f"{'^' if is_raised else '_'}({text})" if text.strip() else text


def escape_markdown(text: str) -> str:
    """Escape one line of ``text`` so that Markdown shows it literally, in a paragraph or a table cell."""
    return _MARKDOWN_SPECIAL.sub(r"\\\g<0>", text)


def render_math(markdown: str) -> str:
    """Replace ``$…$`` and ``$$…$$`` outside code by Unicode text that Markdown shows literally.

    Display maths on lines of its own becomes a paragraph of its own.
    """
    if "$" not in markdown:
        return markdown
    shown: list[str] = []
    pieces = list(segments(markdown))
    for index, (span, text) in enumerate(pieces):
        if span is Span.INLINE_MATH:
            shown.append(escape_markdown(math_to_unicode(text[1:-1])))
        elif span is Span.DISPLAY_MATH:
            prefix = pieces[index - 1].text.rpartition("\n")[2] if index else ""
            rest = pieces[index + 1].text.partition("\n")[0] if index + 1 < len(pieces) else ""
            # Inside a quote each line of the formula has its own ``>``.
            latex = re.sub(r"\n[ \t>]*", "\n", text[2:-2]) if ">" in prefix else text[2:-2]
            formula = escape_markdown(math_to_unicode(latex))
            alone = not prefix.strip(" \t>") and not rest.strip()
            shown.append(f"\n{prefix}{formula}\n{prefix}" if alone else formula)
        else:
            shown.append(text)
    return "".join(shown)


def plain(markdown: str) -> str:
    """Return Markdown with maths as readable text without styles: for a pipe or a screen reader.

    Lists, code, quotes and tables keep their shape, emphasis marks go, a link is ``text (url)``.
    """
    from lrcards.plain import to_plain

    return to_plain(render_math(markdown))
