"""One line of styled text written as Markdown that shows it literally, with few backslashes."""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto
from functools import reduce
from itertools import groupby, pairwise
from operator import and_
from typing import NamedTuple

from lrcards.text import script

MOST_PIECES = 5000
"""A line of more pieces is written without styles, which would take minutes."""


class Style:
    """How a piece looks, in bits of a plain number: those of an ``IntFlag`` cost a sixth of an import."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRUCK = 4
    CODE = 8
    RAISED = 16
    LOWERED = 32
    ALL = (BOLD, ITALIC, STRUCK, CODE, RAISED, LOWERED)


class What(Enum):
    """What a piece is: text, a formula in dollars, or other Markdown that is written as it is."""

    TEXT = auto()
    FORMULA = auto()
    MARKDOWN = auto()


class Piece(NamedTuple):
    """A stretch of a line in one style; ``link`` is where it leads, empty for nowhere."""

    text: str
    style: int = Style.PLAIN
    link: str = ""
    what: What = What.TEXT


def write_line(pieces: Sequence[Piece], *, brackets: bool = False, in_table: bool = False) -> str:
    """Return one line of Markdown, white space collapsed.

    Args:
        pieces: the line.
        brackets: whether every bracket is to be escaped, as in a cloze text.
        in_table: whether the line is a cell of a table.
    """
    if len(pieces) > MOST_PIECES:
        pieces = [Piece(piece.text, what=piece.what) for piece in pieces]
    line = _collapsed(pieces)
    if len(line) == 1 and line[0][1:] == _PLAIN_TEXT:
        text = escape(line[0].text, brackets=brackets, in_table=in_table, ends_line=True)
    else:
        writer = _Writer(brackets, in_table)
        text = writer.write(_untangled(line), _MARKS, _Around(), _Around(), False)
    if line and line[0].what is What.TEXT and (special := _AT_START.match(text)):
        text = f"{special[0]}\\{text[special.end() :]}"
    return text


def write_code(text: str) -> str:
    """Return a code span."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    pad = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{'`' * (longest + 1)}{pad}{text}{pad}{'`' * (longest + 1)}"


def write_picture(name: str, label: str = "") -> str:
    """Return a picture by the name of its file, or its address."""
    target = name.replace("%", "%25") if ":" not in name else name
    return f"![{escape(label or name, brackets=True)}]({_destination(target)})"


_SPECIAL = r"""
    \\(?=[!-/:-@\[-`{-~\n]|\Z) | ` | \*(?!(?<=\s\*)\s) | _(?!(?<=[^\W_]_)[^\W_])(?!(?<=\s_)\s)
    | ^~ | ~(?=~|\Z) | (?<=~)~ | \$(?!\ ) | &(?=\#?\w{1,32};)
    | <(?=[A-Za-z][A-Za-z0-9+.\-]*:|[^\s<>@]*@|\Z)
"""
_ANYWHERE = re.compile(_SPECIAL + r"| \](?=[(\[:]|\Z) | \[(?=\[|\Z)", re.VERBOSE)
_WITH_BRACKETS = re.compile(_SPECIAL + r"| [\[\]]", re.VERBOSE)
_AT_START = re.compile(
    r"(?=[-+](?:\s|$|-)|>|=+\s*$|#{1,6}(?:\s|$)|[-:|][-:|\s]*$)|[0-9]{1,9}(?=[.)](?:\s|$))"
)
_MARKS = ((Style.BOLD, "**"), (Style.ITALIC, "*"), (Style.STRUCK, "~~"))
_MARKED = Style.BOLD | Style.ITALIC | Style.STRUCK
_Marks = tuple[tuple[int, str], ...]
_SPACES = re.compile(r"\s+")


_PLAIN_TEXT = (Style.PLAIN, "", What.TEXT)


_BACKSLASH = r"\\\g<0>"


def escape(text: str, *, brackets: bool = False, in_table: bool = False, ends_line: bool = False) -> str:
    """Return a stretch of a line so that Markdown shows it literally anywhere but at the start of a line."""
    special = _WITH_BRACKETS if brackets else _ANYWHERE
    text = special.sub(_BACKSLASH, text + "\n")[:-1] if ends_line else special.sub(_BACKSLASH, text)
    return text.replace("|", r"\|") if in_table else text


def _collapsed(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, those alike as one, with single spaces between words and none at the ends."""
    line: list[Piece] = []
    is_after_space = True
    for _, alike in groupby(map(_simplified, pieces), lambda piece: piece[1:]):
        first, *more = alike
        text = first.text if not more else "".join((first.text, *(piece.text for piece in more)))
        if first.what is What.TEXT:
            text = _SPACES.sub(" ", text)
            text = text[1:] if is_after_space and text[:1] == " " else text
        if text:
            is_after_space = text[-1] == " "
            line.append(first._replace(text=text))
    while line and line[-1].what is What.TEXT and not line[-1].text.strip(" "):
        line.pop()
    if line and line[-1].what is What.TEXT:
        line[-1] = line[-1]._replace(text=line[-1].text.rstrip(" "))
    return line


def _simplified(piece: Piece) -> Piece:
    """Return the piece, code with no other style, blanks with none."""
    if piece.what is What.TEXT and not piece.text.strip():
        return Piece(piece.text)
    return piece._replace(style=Style.CODE) if piece.style & Style.CODE else piece


def _untangled(line: list[Piece]) -> list[Piece]:
    """Return the pieces, only the bold ones marked if the marks of neighbours overlap.

    Markdown nests its marks; which of several at one place opens and which closes, it has to guess.
    """
    marks = [style for style, _ in groupby(piece.style & _MARKED for piece in line)]
    for _, run in groupby(marks, bool):
        styles = list(run)
        common = reduce(and_, styles)
        if any(one & ~common and other & ~common for one, other in pairwise(styles)):
            break
    else:
        return line
    return [piece._replace(style=piece.style & ~(Style.ITALIC | Style.STRUCK)) for piece in line]


class _Around(NamedTuple):
    """What stands before or after a stretch: a character of text, and whether there is a mark between."""

    character: str = ""
    is_marked: bool = False


class _Writer(NamedTuple):
    """How the pieces of a line are written."""

    brackets: bool
    in_table: bool

    def write(
        self, pieces: Sequence[Piece], marks: _Marks, before: _Around, after: _Around, in_link: bool
    ) -> str:
        """Return pieces with these marks, and what stands around them."""
        written: list[str] = []
        start = 0
        while start < len(pieces):
            piece = pieces[start]
            extents = {mark: _extent(pieces, start, mark[0]) for mark in marks if piece.style & mark[0]}
            if piece.link and not in_link:
                end = start + 1
                while end < len(pieces) and pieces[end].link == piece.link:
                    end += 1
                text = self.write(pieces[start:end], marks, _Around("["), _Around("]"), True)
                written.append(f"[{text.strip()}]({_destination(piece.link)})" if text.strip() else text)
                before = _Around(")")
            elif extents:
                mark = max(extents, key=extents.__getitem__)
                end = extents[mark]
                others = tuple(other for other in marks if other is not mark)
                next_to = _start_of(pieces[end], marks, in_link) if end < len(pieces) else after
                text = self._marked(pieces[start:end], mark, others, before, next_to, in_link)
                written.append(text)
                before = _Around(_edge(pieces[end - 1], -1, in_link), text[-1:] in ("*", "_", "~"))
            else:
                end = start + 1
                is_after_formula = start > 0 and pieces[start - 1].what is What.FORMULA
                ends_line = end == len(pieces) and after == _Around()
                written.append(self._leaf(piece, in_link, is_after_formula, ends_line))
                before = _Around(_edge(piece, -1, in_link))
            start = end
        return "".join(written)

    def _marked(
        self,
        pieces: Sequence[Piece],
        mark: tuple[int, str],
        others: _Marks,
        before: _Around,
        after: _Around,
        in_link: bool,
    ) -> str:
        """Return pieces between marks, or without them where Markdown would not see them."""
        first, last = _start_of(pieces[0], others, in_link), _end_of(pieces[-1], others, in_link)
        outer_before = _Around(" ") if first.character == " " else before
        outer_after = _Around(" ") if last.character == " " else after
        sign = _sign(mark[1], outer_before, first, last, outer_after)
        if not sign:
            return self.write(pieces, others, before, after, in_link)
        body = self.write(
            pieces,
            others,
            outer_before._replace(is_marked=first.character != " "),
            outer_after._replace(is_marked=last.character != " "),
            in_link,
        )
        core = body.strip(" ")
        at = body.index(core)
        # A backslash before a space is only that; before the mark it would take its meaning away.
        other = "\\" * ((len(core) - len(core.rstrip("\\"))) % 2)
        return f"{body[:at]}{sign}{core}{other}{sign}{body[at + len(core) :]}"

    def _leaf(self, piece: Piece, in_link: bool, is_after_formula: bool, ends_line: bool) -> str:
        text = piece.text
        if piece.what is What.TEXT and piece.style & Style.CODE:
            text = write_code(text) if text.strip() else text
        elif piece.what is What.TEXT:
            if piece.style & (Style.RAISED | Style.LOWERED):
                text = script(text, is_raised=bool(piece.style & Style.RAISED))
            digit = f"&#{ord(text[0])};" if is_after_formula and text[0].isdigit() else ""
            text = text[1:] if digit else text
            text = digit + escape(text, brackets=self.brackets or in_link, ends_line=ends_line)
        # A formula becomes text, with its own escapes, before tables are read.
        return text.replace("|", r"\|") if self.in_table and piece.what is not What.FORMULA else text


def _extent(pieces: Sequence[Piece], start: int, style: int) -> int:
    """Return where the stretch with this style ends; a link is wholly in it or not at all."""
    end = start + 1
    while end < len(pieces) and pieces[end].style & style:
        end += 1
    return end


def _start_of(piece: Piece, marks: _Marks, in_link: bool) -> _Around:
    return _Around(_edge(piece, 0, in_link), any(piece.style & mark[0] for mark in marks))


def _end_of(piece: Piece, marks: _Marks, in_link: bool) -> _Around:
    return _Around(_edge(piece, -1, in_link), any(piece.style & mark[0] for mark in marks))


def _edge(piece: Piece, at: int, in_link: bool) -> str:
    """Return the first or last character of a piece, ``_ANY`` where it may become any."""
    if piece.link and not in_link:
        return "[" if at == 0 else ")"
    if piece.what is not What.TEXT or piece.style & (Style.RAISED | Style.LOWERED):
        return _ANY
    return piece.text[at] if not piece.style & Style.CODE else "`"


_ANY = "\0"


def _sign(mark: str, before: _Around, first: _Around, last: _Around, after: _Around) -> str:
    """Return the mark that Markdown sees here, empty if there is none (CommonMark's flanking rules).

    Between a word and a mark there must be a word; a mark that touches another is an underscore, which must
    not touch a word.
    """
    for outside, inside in ((before, first), (after, last)):
        ends_word = outside.character == _ANY or _is_word(outside.character)
        if ends_word and (inside.is_marked or inside.character == _ANY or not _is_word(inside.character)):
            return ""
    if mark == "*" and any(around.is_marked for around in (before, first, last, after)):
        is_free = [around.is_marked or not _is_word(around.character) for around in (before, after)]
        return "_" if all(is_free) and _ANY not in (before.character, after.character) else ""
    return mark


def _is_word(character: str) -> bool:
    return bool(character) and not character.isspace() and unicodedata.category(character)[0] not in "PSC"


def _destination(address: str) -> str:
    """Return an address as it stands in a link: in <…> if it has spaces or brackets."""
    address = re.sub(r"[<>\\]|&(?=#?\w{1,32};)", r"\\\g<0>", re.sub(r"[\n\r]", "", address))
    return f"<{address}>" if not address or re.search(r"[\s()<>\\]", address) else address
