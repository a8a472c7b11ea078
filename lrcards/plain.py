"""Markdown as plain text: the shapes of lists, code and tables kept, the marks of emphasis left out."""

from collections.abc import Iterable
from textwrap import indent
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from lrcards.text import cell_width

if TYPE_CHECKING:
    from markdown_it.token import Token


def to_plain(markdown: str) -> str:
    """Return ``markdown`` (maths already converted) as plain text without a final newline."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return _blocks(SyntaxTreeNode(parser.parse(markdown)).children)


def _blocks(nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph" | "heading":
            return _inline(node.children)
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return indent(_blocks(node.children), "> ", lambda _: True)
        case "fence" | "code_block":
            return indent(node.content.rstrip("\n"), "    ")
        case "table":
            return _table(node)
        case "hr":
            return "* * *"
        case _:
            return node.content


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    items = []
    for number, item in enumerate(node.children, first):
        mark = "- " if node.type == "bullet_list" else f"{number}. "
        tight = any(child.type == "paragraph" and _opening(child).hidden for child in item.children)
        body = _blocks(item.children, "\n" if tight else "\n\n")
        items.append(mark + indent(body, " " * len(mark)).lstrip())
    return "\n".join(items)


def _opening(node: SyntaxTreeNode) -> "Token":
    assert node.nester_tokens is not None
    return node.nester_tokens.opening


def _table(node: SyntaxTreeNode) -> str:
    rows = [
        [_inline(cell.children) for cell in row.children] for part in node.children for row in part.children
    ]
    widths = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
    lines = [
        " | ".join(
            cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def _inline(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(_inline_node(node) for node in nodes)


def _inline_node(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            text, address = _inline(node.children), str(node.attrs["href"])
            return text if text == address else f"{text} ({address})"
        case "image":
            text, address = _inline(node.children), str(node.attrs["src"])
            return f"{text} ({address})" if text else address
        case _:
            return _inline(node.children) if node.children else node.content
