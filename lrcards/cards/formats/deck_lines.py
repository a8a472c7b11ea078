"""The lines of a deck in Markdown: what kind each is, and escapes for text that looks like another kind."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from lrcards.errors import DeckError
from lrcards.text import Fence, open_fence

CALLOUT = re.compile(r" {0,3}>[ \t]*\[!(?:question|help|faq)(?:\|[^\]]*)?\][+-]?(.*)", re.IGNORECASE)
_QUOTE_MARK = re.compile(r" {0,3}> ?")
_COMMENT = re.compile(r"\s*<!--((?:(?!-->).)*)-->\s*")
_LAB_FENCE = re.compile(r"\s*[`~]+\s*lab\s*", re.IGNORECASE)
_TAG = re.compile(r"([QAC])(\\*):")
_MARKED = re.compile(r"(\s*)(\\*)([-<>`~*+\d].*)", re.DOTALL)


class LineKind(Enum):
    """What a line of a deck is."""

    QUESTION = "“Q:”"
    ANSWER = "“A:”"
    CLOZE = "“C:”"
    CALLOUT = "a callout"
    CALLOUT_END = "the end of a callout"
    SEPARATOR = "“---”"
    COMMENT = "this comment"
    FENCE = "a code fence"
    LAB = "this lab fence"
    TEXT = "this text"
    END = "the end of the file"


_CARD_LINE = re.compile(rf"^(?:[QAC]:|{CALLOUT.pattern})", re.MULTILINE | re.IGNORECASE)
TAGS = {"Q:": LineKind.QUESTION, "A:": LineKind.ANSWER, "C:": LineKind.CLOZE}


class Line(NamedTuple):
    """A line and the part of it that counts: what follows ``Q:``, the inside of a comment or lab fence."""

    kind: LineKind
    text: str
    number: int


def has_card_lines(text: str) -> bool:
    """Return whether a text has a line that could be of a card: a tagged one, or the first of a callout."""
    return _CARD_LINE.search(text) is not None


def classify(line: str) -> tuple[LineKind, str]:
    """Return the kind of a line outside fences and callouts, and the part of it that counts."""
    if kind := TAGS.get(line[:2]):
        return kind, line[2:].strip()
    if line.strip() == "---":
        return LineKind.SEPARATOR, ""
    if ">" in line and (callout := CALLOUT.fullmatch(line)):
        return LineKind.CALLOUT, callout[1].strip()
    return _classify_in_callout(line)


def _classify_in_callout(line: str) -> tuple[LineKind, str]:
    if "<!--" in line and (comment := _COMMENT.fullmatch(line)):
        return LineKind.COMMENT, comment[1]
    if ("```" in line or "~~~" in line) and open_fence(line):
        return LineKind.FENCE, line
    return LineKind.TEXT, line


class _OpenFence(NamedTuple):
    """A fence whose lines are still being read."""

    fence: Fence
    start: int
    lines: list[str]

    def unclosed(self, path: str) -> DeckError:
        what = "The code fence that opens here is never closed"
        return DeckError(what, "Close it with the same marks", path=path, line=self.start)

    def read(self) -> Iterator[Line]:
        if _LAB_FENCE.fullmatch(self.lines[0]):
            yield Line(LineKind.LAB, "\n".join(self.lines[1:-1]), self.start)
        else:
            yield from (
                Line(LineKind.TEXT, text, number) for number, text in enumerate(self.lines, self.start)
            )


def read_lines(lines: Iterable[str], first: int, path: str) -> Iterator[Line]:
    """Yield the lines with their kinds; a lab fence comes as one line, the lines of other fences as text.

    Args:
        lines: the deck without its front matter.
        first: the number of the first of them in the file.
        path: the file, for messages.

    Raises:
        DeckError: for a fence that is not closed.
    """
    number = first - 1
    in_callout = False
    fence: _OpenFence | None = None
    for number, line in enumerate(lines, first):
        text = line
        if in_callout and (quote := _QUOTE_MARK.match(line)):
            text = line[quote.end() :]
        elif in_callout:
            if fence:
                raise fence.unclosed(path)
            in_callout = False
            yield Line(LineKind.CALLOUT_END, "", number)
        if fence:
            fence.lines.append(text)
            if fence.fence.closing.match(text):
                yield from fence.read()
                fence = None
            continue
        starts_callout = CALLOUT.fullmatch(line) is not None
        kind, text = _classify_in_callout(text) if in_callout and not starts_callout else classify(line)
        in_callout = in_callout or starts_callout
        opened = open_fence(text) if kind is LineKind.FENCE or kind in TAGS.values() else None
        if opened:
            if kind is not LineKind.FENCE:
                yield Line(kind, "", number)
            fence = _OpenFence(opened, number, [text])
        else:
            yield Line(kind, unescape(text) if kind is LineKind.TEXT else text, number)
    if fence:
        raise fence.unclosed(path)
    yield Line(LineKind.END, "", number)


def unescape(line: str) -> str:
    """Take back the backslash that ``escape`` put into a line."""
    if "\\" not in line:
        return line
    if (tag := _TAG.match(line)) and tag[2]:
        return f"{tag[1]}{tag[2][1:]}:{line[tag.end() :]}"
    if (marked := _MARKED.fullmatch(line)) and marked[2] and _is_grammar(marked[3]):
        return marked[1] + marked[2][1:] + marked[3]
    return line


def escape(text: str) -> list[str]:
    r"""Return the lines of a text, those that look like grammar as ``Q\:``, ``\---`` or ``\<!-- … -->``.

    Markdown itself shows such a character as it is. Fences that are closed keep their lines.
    """
    lines = text.split("\n")
    written: list[str] = []
    never_closed: set[Fence] = set()
    while len(written) < len(lines):
        at = len(written)
        fence = open_fence(lines[at]) if classify(lines[at])[0] is LineKind.FENCE else None
        if fence is None or fence in never_closed or _LAB_FENCE.fullmatch(lines[at]):
            written.append(_escaped(lines[at]))
            continue
        closing = fence.closing
        end = next((end for end in range(at + 1, len(lines)) if closing.match(lines[end])), None)
        if end is None:
            never_closed.add(fence)
        else:
            written += lines[at : end + 1]
    return written


def _escaped(line: str) -> str:
    if tag := _TAG.match(line):
        return f"{tag[1]}\\{line[1:]}"
    if (marked := _MARKED.fullmatch(line)) and _is_grammar(marked[3]):
        return f"{marked[1]}\\{line[len(marked[1]) :]}"
    return line


def _is_grammar(text: str) -> bool:
    return classify(text)[0] is not LineKind.TEXT
