"""HTML, as Anki's fields hold it, turned into Markdown that shows the same text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import unquote

from lrcards.cards.formats.html_tokens import Kind, Token, tokens, unescape
from lrcards.cards.formats.inline_markdown import Piece, Style, What, write_code, write_line, write_picture
from lrcards.cards.formats.simple_html import from_simple_html
from lrcards.text import clean

DEEPEST = 8
"""Lists, quotes and tables within more others than this are shown as paragraphs of the innermost."""

LARGEST = 200_000
"""Of a text with more characters only the words are kept: its structure would take too long."""

SOUND = "♪"
"""Stands before the name of a sound, which is written as code."""

_NEEDS_CARE = re.compile(r"[<>&\\\[\]*_`$~#|=:]|^[-+\d ]|[^\S ]|  | $")


def from_html(source: str, *, brackets: bool = False) -> str:
    """Return clean Markdown for a text in HTML; formulas in dollars, pictures as ``![name](name)``.

    Text stays text: what Markdown would take for more is escaped. Lists, tables, quotes, code, headings,
    bold, italic and struck text and links to the web keep their form; underlined text becomes italic; scripts
    become Unicode's where there are such, else ``x^(…)``; ``[sound:name]`` becomes ``♪ `name```. Colours,
    sizes and all that runs or is hidden is left out.

    Args:
        source: the text, in whatever state.
        brackets: whether every bracket of the text is to be escaped, as in a cloze text.
    """
    if not _NEEDS_CARE.search(source):
        return clean(source)
    simple = from_simple_html(source) if len(source) < LARGEST else None
    return clean(from_any_html(source, brackets=brackets) if simple is None else simple)


def from_any_html(source: str, *, brackets: bool = False) -> str:
    """Return the same as ``from_html``, but for what is cleaned, with care for all that there may be."""
    if len(source) > LARGEST:
        source = _DATA_ADDRESS.sub("data:", source)
        if len(source) > LARGEST:
            return _only_text(source, brackets)
    builder = _Builder(brackets)
    for token in tokens(source.replace("\r\n", "\n").replace("\r", "\n")):
        builder.take(token)
    return builder.finish()


_DATA_ADDRESS = re.compile(r"data:[^\s\"'<>]{1000,}", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LINE_TAG = re.compile(r"<(?:br|/?div|/?p|/?li|/?tr)\b[^<>]*>", re.IGNORECASE)


def _only_text(source: str, brackets: bool) -> str:
    text = unescape(_TAG.sub("", _LINE_TAG.sub("\n", source)))
    lines = (write_line([Piece(line)], brackets=brackets) for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STYLES = {
    **dict.fromkeys(("b", "strong"), Style.BOLD),
    **dict.fromkeys(("i", "em", "u", "ins", "cite", "var", "dfn"), Style.ITALIC),
    **dict.fromkeys(("s", "strike", "del"), Style.STRUCK),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), Style.CODE),
    "sup": Style.RAISED,
    "sub": Style.LOWERED,
}
_CSS_STYLES = (
    (re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE), Style.BOLD),
    (re.compile(r"font-style\s*:\s*italic|text-decoration[^;]*underline", re.IGNORECASE), Style.ITALIC),
    (re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE), Style.STRUCK),
)
_IS_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STYLABLE = _words("span font div p li td th a")
_LINES = _words(
    "div section article main header footer nav aside figure figcaption address center form fieldset details "
    "summary dl dt dd caption body html option legend"
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_FRAMES = _words("ul ol menu li blockquote table tr td th")
_EMPTY = _words("br hr img input wbr col source track area base link meta param embed audio video")
_LANGUAGE = re.compile(r"\blanguage-([\w+#-]+)")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)


@dataclass
class _Frame:
    """An element whose content is still being read: the blocks so far, and the lines of the last."""

    name: str
    is_ordered: bool = False
    number: int = 1
    blocks: list[tuple[str, str]] = field(default_factory=list)
    lines: list[list[Piece]] = field(default_factory=lambda: [[]])
    cells: list[str] = field(default_factory=list)


class _Builder:
    """Markdown as far as it is built."""

    def __init__(self, brackets: bool) -> None:
        self.brackets = brackets
        self.frames = [_Frame("")]
        self.ignored = 0
        self.styles: dict[str, list[int]] = defaultdict(list)
        self.counts: Counter[int] = Counter()
        self.style = Style.PLAIN
        self.link = ""
        self.heading = ""
        self.code: list[str] | None = None
        self.language = ""
        self.hidden: list[str] = []

    # Tokens

    def take(self, token: Token) -> None:
        """Take the next token."""
        if token.kind is Kind.OPEN:
            self._open(token.text, token.attributes)
        elif token.kind is Kind.CLOSE:
            self._close(token.text)
        elif self.hidden:
            return
        elif token.kind is Kind.SOUND:
            if token.text:
                self._add(Piece(f"{SOUND} {write_code(token.text)}", what=What.MARKDOWN))
        elif token.kind is Kind.TEXT or self.code is not None or self.style & Style.CODE:
            self._text(token.text if token.kind is Kind.TEXT else token.source)
        else:
            self._formula(token)

    def finish(self) -> str:
        """Return the whole, whatever is still open closed."""
        self._end_code()
        while len(self.frames) > 1:
            self._close_frame()
        return self._end(self.frames[0])

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        if self.hidden:
            if name not in _EMPTY:
                self.hidden.append(name)
            return
        css = attributes.get("style", "")
        if css and name not in _EMPTY and _IS_HIDDEN.search(css):
            self.hidden.append(name)
            return
        if self.code is not None:
            if name == "br" or name in _LINES:
                self.code.append("\n")
            elif name == "code" and not self.code:
                language = _LANGUAGE.search(attributes.get("class", ""))
                self.language = language[1] if language else ""
            return
        match name:
            case "br":
                self._break_line()
            case "hr":
                self._end_paragraph()
                self.frames[-1].blocks.append(("rule", "***"))
            case "img":
                self._picture(attributes)
            case "audio" | "video" | "source":
                if source := attributes.get("src", ""):
                    self._add(Piece(f"{SOUND} {write_code(unquote(source))}", what=What.MARKDOWN))
            case "p":
                self._end_paragraph()
            case "pre":
                self._end_paragraph()
                self.code, self.language = [], ""
            case "a":
                address = attributes.get("href", "")
                self.link = address if _SAFE_LINK.fullmatch(address) else ""
            case "rt":
                self._text("(")
            case _ if name in _HEADINGS:
                self._end_paragraph()
                self.heading = _HEADINGS[name]
            case _ if name in _FRAMES:
                self._open_frame(name, attributes)
            case _ if name in _LINES:
                self._end_line()
        self._push_style(name, css)

    def _close(self, name: str) -> None:
        if self.hidden:
            if name in self.hidden:
                while self.hidden.pop() != name:
                    pass
            return
        if self.code is not None:
            if name == "pre":
                self._end_code()
            elif name in _LINES and self.code and not self.code[-1].endswith("\n"):
                self.code.append("\n")
            return
        match name:
            case "p":
                self._end_paragraph()
            case "a":
                self.link = ""
            case "rt":
                self._text(")")
            case _ if name in _HEADINGS:
                self._end_paragraph()
                self.heading = ""
            case _ if name in _FRAMES:
                if self.ignored and name in _OUTER:
                    self.ignored -= 1
                elif any(frame.name == name for frame in self.frames[1:]):
                    while self._close_frame() != name:
                        pass
            case _ if name in _LINES:
                self._end_line()
        self._pop_style(name)

    # Styles

    def _push_style(self, name: str, css: str) -> None:
        style = _STYLES.get(name, Style.PLAIN)
        if css:
            for pattern, meant in _CSS_STYLES:
                if pattern.search(css):
                    style |= meant
        if style or name in _STYLABLE:
            self.styles[name].append(style)
            self._count(style, 1)

    def _pop_style(self, name: str) -> None:
        if self.styles.get(name):
            self._count(self.styles[name].pop(), -1)

    def _count(self, style: int, change: int) -> None:
        for one in Style.ALL:
            if style & one:
                self.counts[one] += change
                self.style = self.style | one if self.counts[one] else self.style & ~one

    # Lines

    def _add(self, piece: Piece) -> None:
        self.frames[-1].lines[-1].append(piece)

    def _text(self, text: str) -> None:
        if self.code is not None:
            self.code.append(text)
        elif text:
            # Anki's editor writes spaces that do not break wherever it likes.
            self._add(Piece(text.replace("\u00a0", " "), self.style, self.link))

    def _formula(self, token: Token) -> None:
        body = _in_dollars(token.text)
        if not body:
            return
        if token.kind is Kind.DISPLAY_MATH:
            self._add(Piece(f"$${body}$$", self.style & ~Style.CODE, what=What.FORMULA))
        else:
            inline = " ".join(body.replace("`", r"\lq ").split())
            self._add(Piece(f"${inline}$", self.style & ~Style.CODE, what=What.FORMULA))

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source = attributes.get("src", "").strip()
        if source.lower().startswith("data:"):
            self._text(attributes.get("alt") or "(picture)")
        elif source:
            name = source if ":" in source else unquote(source)
            self._add(Piece(write_picture(name), what=What.MARKDOWN))
        elif attributes.get("alt"):
            self._text(attributes["alt"])

    def _break_line(self) -> None:
        self.frames[-1].lines.append([])

    def _end_line(self) -> None:
        if not _is_blank(self.frames[-1].lines[-1]):
            self._break_line()

    # Blocks

    def _end_paragraph(self) -> None:
        """Turn the lines of the frame into blocks: a blank line or a formula of its own parts them."""
        frame = self.frames[-1]
        lines, frame.lines = frame.lines, [[]]
        if self._is_flat():
            frame.blocks += (("text", line) for line in map(self._line, lines) if line)
            return
        paragraph: list[str] = []
        for pieces in chain(lines, [[]]):
            is_display = len(shown := [piece for piece in pieces if piece.text.strip()]) == 1 and (
                shown[0].what is What.FORMULA and shown[0].text.startswith("$$")
            )
            line = shown[0].text if is_display else self._line(pieces)
            if line and not is_display:
                paragraph.append(f"{self.heading} {line}" if self.heading else line)
                continue
            if paragraph:
                frame.blocks.append(("text", ("\n" if self.heading else "\\\n").join(paragraph)))
                paragraph = []
            if is_display:
                frame.blocks.append(("text", line))

    def _is_flat(self) -> bool:
        return any(frame.name in ("td", "th") for frame in self.frames)

    def _line(self, pieces: list[Piece]) -> str:
        return write_line(pieces, brackets=self.brackets, in_table=self._is_flat()) if pieces else ""

    def _end_code(self) -> None:
        if self.code is None:
            return
        text = "".join(self.code).replace("\u00a0", " ").strip("\n")
        self.code = None
        if not text.strip():
            return
        if self._is_flat():
            self._add(Piece("; ".join(text.split("\n")), Style.CODE))
            return
        fence = "```"
        while fence in text:
            fence += "`"
        self.frames[-1].blocks.append(("code", f"{fence}{self.language}\n{text}\n{fence}"))

    # Frames

    def _open_frame(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self.frames) > 3 * DEEPEST or (self._is_flat() and name not in ("td", "th", "tr")):
            self._end_line()
            self.ignored += name in _OUTER
            return
        self._close_implied(name)
        if name in ("td", "th") and self.frames[-1].name != "tr":
            if self.frames[-1].name != "table":
                self._end_line()
                return
            self.frames.append(_Frame("tr"))
        if name == "tr" and self.frames[-1].name != "table":
            self._end_line()
            return
        if name == "li" and self.frames[-1].name not in _LISTS:
            self._end_paragraph()
            self.frames.append(_Frame("ul"))
        self._end_paragraph()
        start = attributes.get("start", "1")
        number = int(start) if start.isdecimal() and len(start) < 8 else 1
        self.frames.append(_Frame(name, name == "ol", number))

    def _close_implied(self, name: str) -> None:
        """Close what HTML closes by itself: an item or a cell when the next begins."""
        while self.frames[-1].name in _IMPLIED.get(name, ()):
            self._close_frame()

    def _close_frame(self) -> str:
        """Make the innermost frame a block of the one around it, and return its name."""
        content = self._end(self.frames[-1])
        frame = self.frames.pop()
        around = self.frames[-1]
        if frame.name in ("td", "th"):
            around.cells.append(content)
        elif frame.name == "tr":
            if frame.cells:
                around.cells.append("| " + " | ".join(frame.cells) + " |")
                around.number = max(around.number, len(frame.cells))
        elif frame.name == "li":
            if content:
                around.cells.append(content)
        elif content:
            kind = {"table": "table", "blockquote": "quote"}.get(frame.name, "list")
            around.blocks.append((kind, content))
        return frame.name

    def _end(self, frame: _Frame) -> str:
        """Return the content of the innermost frame as one text."""
        self._end_paragraph()
        if frame.name in ("td", "th"):
            return "; ".join(text for _, text in frame.blocks)
        content = _joined(frame.blocks, is_item=frame.name == "li")
        match frame.name:
            case "table":
                rows = _table(frame.cells, frame.number)
                return f"{content}\n\n{rows}" if content and rows else content or rows
            case "blockquote":
                return "\n".join(f"> {line}".rstrip() for line in content.split("\n")) if content else ""
            case "ul" | "ol" | "menu":
                items = [*([content] if content else []), *frame.cells]
                others = sum(kind == "list" for kind, _ in self.frames[-2].blocks[-1:])
                return _list(items, frame.number if frame.is_ordered else None, bool(others))
            case _:
                return content


_LISTS = ("ul", "ol", "menu")
_IMPLIED = {"li": ("li",), "td": ("td", "th"), "th": ("td", "th"), "tr": ("td", "th", "tr")}
_OUTER = frozenset((*_LISTS, "blockquote", "table"))


def _is_blank(pieces: Iterable[Piece]) -> bool:
    return all(not piece.text.strip(" \t\n\f") for piece in pieces)


_ESCAPED_OR_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)


def _in_dollars(latex: str) -> str:
    """Return a formula that may stand between dollars: without such in it, nor a backslash at its end."""
    if "$" in latex:
        latex = _ESCAPED_OR_DOLLAR.sub(lambda found: "" if found[0] == "$" else found[0], latex)
    latex = latex.strip()
    backslashes = len(latex) - len(latex.rstrip("\\"))
    return latex[:-1].rstrip() if backslashes % 2 else latex


def _joined(blocks: list[tuple[str, str]], *, is_item: bool) -> str:
    """Return the blocks; a list within an item comes right under its text."""
    written: list[str] = []
    for index, (kind, text) in enumerate(blocks):
        if index:
            is_close = is_item and index == 1 and kind == "list" and text[:2] in ("- ", "1.")
            written.append("\n" if is_close and blocks[0][0] == "text" else "\n\n")
        written.append(text)
    return "".join(written)


_LINE_WITH_TEXT = re.compile(r"\n(?!\n)")


def _list(items: list[str], number: int | None, is_after_another: bool) -> str:
    """Return a list; a mark of its own keeps it apart from one right before it."""
    if number is None:
        marks = ["* " if is_after_another else "- "] * len(items)
    else:
        marks = [f"{number + index}{')' if is_after_another else '.'} " for index in range(len(items))]
    between = "\n\n" if any("\n\n" in item for item in items) else "\n"
    return between.join(
        mark + _LINE_WITH_TEXT.sub("\n" + " " * len(mark), item)
        for mark, item in zip(marks, items, strict=True)
    )


def _table(rows: list[str], columns: int) -> str:
    """Return a table; its first row is its head, as wide as the widest."""
    if not rows:
        return ""
    head, *body = rows
    missing = columns - _cells(head)
    rule = "|" + " --- |" * columns
    return "\n".join([head + "  |" * max(0, missing), rule, *body])


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row)) - 1
