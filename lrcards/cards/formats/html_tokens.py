"""HTML cut into tags, text and formulas, whatever state it is in, in time linear in its length.

The standard library's parser takes minutes for 60 KB of ``<a <a <a …`` and stops at ``<![<![``; Anki's fields
come from strangers.
"""

import html
import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """What a token is."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    INLINE_MATH = auto()
    DISPLAY_MATH = auto()
    SOUND = auto()


class Token(NamedTuple):
    """A piece of HTML.

    Attributes:
        kind: what it is.
        text: the text, or the body of a formula, without entities and tags; the file of a sound; else the
            name of the tag in small letters.
        attributes: of an opening tag.
        source: the HTML itself.
    """

    kind: Kind
    text: str
    attributes: Mapping[str, str] = {}
    source: str = ""


_START = re.compile(r"<(?=[A-Za-z/!?])|\\[(\[]|\[(?:latex\]|\$\$?\]|sound:|anki:)", re.IGNORECASE)
_TAG = re.compile(r"""</?([A-Za-z][^\s/>]*)((?:[^>=]|=\s*+(?:"[^"]*+"|'[^']*+')?)*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]++))?""")
_MARKUP = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/?div|/?p)\b[^<>]*>", re.IGNORECASE)
_HAS_MATH = re.compile(r"\$|\\[(\[]")

# Elements whose content is no text.
_HIDDEN = frozenset(
    ("script", "style", "iframe", "object", "applet", "noframes", "template", "title", "textarea", "svg")
)

_MATH = {
    "\\(": ("\\)", Kind.INLINE_MATH),
    "\\[": ("\\]", Kind.DISPLAY_MATH),
    "[$]": ("[/$]", Kind.INLINE_MATH),
    "[$$]": ("[/$$]", Kind.DISPLAY_MATH),
    "[latex]": ("[/latex]", Kind.DISPLAY_MATH),
}


def tokens(source: str) -> Iterator[Token]:
    """Yield the tokens of a text in HTML, in order; comments, scripts and the like are left out.

    ``\\(…\\)``, ``\\[…\\]`` and the tags of ``anki-mathjax`` hold formulas, as do Anki's ``[$]``, ``[$$]``
    and ``[latex]``; ``[sound:…]`` names a file, ``[anki:…]`` is spoken and makes no token.
    """
    return _Tokenizer(source).tokens()


class _Tokenizer:
    """Where in the source, and what is known not to follow: so nothing is searched for twice."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.folded = ""
        self.missing: set[str] = set()
        self.has_odd_quotes = False

    def tokens(self) -> Iterator[Token]:
        source, done, position = self.source, 0, 0
        while start := _START.search(source, position):
            found = self._special(start)
            if found is None:
                position = start.end()
                continue
            if done < start.start():
                yield _text(source[done : start.start()])
            done = position = found[0]
            yield from found[1]
        if done < len(source):
            yield _text(source[done:])

    def _special(self, start: re.Match[str]) -> tuple[int, tuple[Token, ...]] | None:
        """Return where what starts here ends, and its tokens; ``None`` if it is only text."""
        mark = start[0].lower()
        if mark == "<":
            return self._tag(start.start())
        if mark in _MATH:
            closing, kind = _MATH[mark]
            end = self._find(closing, start.end())
            return None if end < 0 else self._formula(kind, mark, start, end, end + len(closing))
        if mark == "[sound:":
            end = self._find("]", start.end())
            if end < 0:
                return None
            return end + 1, (Token(Kind.SOUND, _without_markup(self.source[start.end() : end])),)
        end = self._find("]", start.end())
        return None if end < 0 else (end + 1, ())

    def _formula(
        self, kind: Kind, mark: str, start: re.Match[str], end: int, after: int
    ) -> tuple[int, tuple[Token, ...]]:
        source = self.source[start.start() : after]
        body = self.source[start.end() : end]
        if mark == "[latex]" and _HAS_MATH.search(body):
            return after, tuple(_in_dollars(body))
        return after, (Token(kind, _formula_text(body), source=source),)

    def _tag(self, start: int) -> tuple[int, tuple[Token, ...]] | None:
        source = self.source
        if source.startswith("<!--", start):
            end = self._find("-->", start + 2)
            return (len(source) if end < 0 else end + 3), ()
        if source[start + 1] in "!?":
            end = self._find(">", start)
            return None if end < 0 else (end + 1, ())
        first_end = self._find(">", start)
        if first_end < 0:
            return None
        tag = None if self.has_odd_quotes else _TAG.match(source, start)
        if tag is None:
            # A quote that is never closed: from here on the first > ends a tag.
            self.has_odd_quotes |= source[start + 1].isalpha()
            tag = _TAG.match(source[start : first_end + 1].replace('"', "").replace("'", ""))
            if tag is None:
                return first_end + 1, ()
            end = first_end + 1
        else:
            end = tag.end()
        return self._element(tag, start, end)

    def _element(self, tag: re.Match[str], start: int, end: int) -> tuple[int, tuple[Token, ...]]:
        name = tag[1].lower()
        if tag[0][1] == "/":
            return end, (Token(Kind.CLOSE, name),)
        if name in _HIDDEN:
            return self._after(name, end), ()
        attributes = _attributes(tag[2])
        if name == "anki-mathjax":
            closing = self._find_folded("</anki-mathjax", end)
            if closing >= 0:
                display = attributes.get("block", "false").lower() not in ("false", "")
                kind = Kind.DISPLAY_MATH if display else Kind.INLINE_MATH
                after = self._find(">", closing) + 1 or len(self.source)
                token = Token(kind, _formula_text(self.source[end:closing]), source=self.source[start:after])
                return after, (token,)
        return end, (Token(Kind.OPEN, name, attributes),)

    def _after(self, name: str, position: int) -> int:
        closing = self._find_folded(f"</{name}", position)
        if closing < 0:
            return position if name in ("svg", "object", "title") else len(self.source)
        return self._find(">", closing) + 1 or len(self.source)

    def _find(self, text: str, position: int) -> int:
        if text in self.missing:
            return -1
        found = self.source.find(text, position)
        if found < 0:
            self.missing.add(text)
        return found

    def _find_folded(self, text: str, position: int) -> int:
        if text in self.missing:
            return -1
        # Not lower(), which changes the length of some letters.
        self.folded = self.folded or self.source.translate(_SMALL)
        found = self.folded.find(text, position)
        if found < 0:
            self.missing.add(text)
        return found


_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def unescape(text: str) -> str:
    """Return the text with its entities replaced."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:
        # An entity with a number of more digits than Python turns into one.
        return text


def _text(source: str) -> Token:
    return Token(Kind.TEXT, unescape(source), source=source)


def _attributes(source: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape((found[2] or "").strip("\"'")) for found in _ATTRIBUTE.finditer(source)
    }


def _without_markup(source: str) -> str:
    return unescape(_MARKUP.sub("", source)).strip()


def _formula_text(source: str) -> str:
    """Return LaTeX without tags, on lines that are not empty."""
    text = unescape(_MARKUP.sub("", _BREAK.sub("\n", source))).replace("\u00a0", " ")
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


# A formula ends before another begins, so that none is looked for in vain to the very end.
_IN_LATEX = re.compile(
    r"\$\$([^$]+)\$\$|\$([^$]+)\$|\\\[((?:(?!\\[(\[\])]).)+)\\\]|\\\(((?:(?!\\[(\[\])]).)+)\\\)", re.DOTALL
)


def _in_dollars(source: str) -> Iterator[Token]:
    """Yield the text and the formulas of a LaTeX document."""
    position = 0
    for formula in _IN_LATEX.finditer(source):
        if position < formula.start():
            yield _text(source[position : formula.start()])
        position = formula.end()
        kind = Kind.DISPLAY_MATH if formula[1] or formula[3] else Kind.INLINE_MATH
        yield Token(kind, _formula_text(formula[formula.lastindex or 0]), source=formula[0])
    if position < len(source):
        yield _text(source[position:])
