"""A text with its pictures apart, so that they can be shown where they stand."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class Picture(NamedTuple):
    """A picture in a text: the name of its file or its address, and what the author says it shows."""

    name: str
    label: str


def pieces(markdown: str) -> Iterator[str | Picture]:
    """Yield the stretches of a text and its pictures, in order.

    A line of pictures alone becomes these pictures; one among words is named there as it was, and comes after
    its paragraph, or after the list, the table or the quote that it is in.
    """
    if "![" not in markdown:
        yield markdown
        return
    lines, done = markdown.split("\n"), 0
    waiting: list[str] = []
    for block in _PARSER.parse(markdown):
        if block.level or block.map is None:
            continue
        first, end = block.map
        waiting += lines[done:first]
        done = end
        named: list[Picture] = []
        for line in lines[first:end] if block.type == "paragraph_open" else ["\n".join(lines[first:end])]:
            found = _pictures(_PARSER.parse(line))
            if found and _stands_alone(line):
                yield from _ended(waiting)
                yield from found
            else:
                waiting.append(line)
                named += found
        if named:
            yield from _ended(waiting)
            yield from named
    waiting += lines[done:]
    yield from _ended(waiting)


def _ended(lines: list[str]) -> Iterator[str]:
    """Yield the text that is in the lines, if any, and empty them."""
    text = "\n".join(lines).strip("\n")
    lines.clear()
    # A backslash at the end of a line breaks it; at the end of a paragraph it would be one.
    if text.endswith("\\") and not text.endswith("\\\\"):
        text = text[:-1]
    if text.strip():
        yield text


def _stands_alone(line: str) -> bool:
    inline = _PARSER.parseInline(line.strip().removesuffix("\\"))[0].children or ()
    return all(child.type == "image" or not child.content.strip() for child in inline)


def _pictures(tokens: Iterable[Token]) -> list[Picture]:
    found = []
    for token in tokens:
        if token.type == "image":
            found.append(Picture(unquote(str(token.attrs["src"])), token.content))
        elif token.children:
            found += _pictures(token.children)
    return found
