"""LaTeX formulas as one line of Unicode text: pylatexenc parses them, the rules here write them.

The library's own text output drops the brackets that a line needs: it writes ``\\frac{a-1}{b}`` as ``a-1/b``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pylatexenc import latex2text, latexwalker
from pylatexenc.macrospec import LatexContextDb, std_macro

from lrcards.latex_pieces import KINDS, Kind, Piece, is_factor, is_product, join
from lrcards.latex_symbols import (
    ACCENTS,
    ALPHABETS,
    CLOSING,
    DROPPED,
    EXTRA_MACROS,
    LINES,
    MATRICES,
    NEGATION,
    OPENING,
    SPACES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)
from lrcards.text import script

MAX_LENGTH = 20_000
"""Longer formulas, in characters, are left as they are."""

_CHARACTERS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\S")
_BARE_RADICAND = re.compile(rf"(?:\d+(?:\.\d+)?|\w[\u0300-\u036f\u20d7]?)[{''.join(SUBSCRIPTS.values())}]*")

# The parser's nodes have no types; an item is one of them, or a character or number.
_Item = Any


def to_unicode(latex: str) -> str:
    """Return ``latex`` as Unicode text on one line; as it is if it does not parse or is too long or deep."""
    source = " ".join(latex.split())
    if len(source) > MAX_LENGTH:
        return source
    walker = latexwalker.LatexWalker(latex, latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, _, _ = walker.get_latex_nodes(parsing_state=walker.make_parsing_state(in_math_mode=True))
        return " ".join(_inline(_pieces(nodes)).split())
    except (latexwalker.LatexWalkerError, RecursionError, IndexError):
        # IndexError: the parser, on a \verb that ends the text.
        return source


@cache
def _context() -> LatexContextDb:
    """Return the parser's macros with those that it does not know to have arguments."""
    macros = [std_macro(name, False, count) for count, names in EXTRA_MACROS.items() for name in names]
    context = latexwalker.get_default_latex_context_db()
    context.add_context_category("lrcards", macros=[*macros, std_macro("operatorname", "*{")], prepend=True)
    return context


@cache
def _library_symbols() -> LatexContextDb:
    return latex2text.get_default_latex_context_db()


def _inline(pieces: Sequence[Piece]) -> str:
    return join(pieces, compact=False)


def _compact(pieces: Sequence[Piece]) -> str:
    return join(pieces, compact=True)


def _pieces(nodes: Sequence[_Item]) -> list[Piece]:
    """Turn parsed nodes into pieces, with scripts on their bases and delimiters that open and close."""
    items = list(_items(nodes))
    pieces: list[Piece] = []
    at = 0
    while at < len(items):
        item = items[at]
        if _is_script(item):
            scripted, at = _with_scripts(pieces.pop() if pieces else Piece(""), items, at)
            pieces.append(scripted)
            continue
        at += 1
        side = _delimiter_side(_macro_name(item))
        if side and at < len(items):
            pieces += [replace(piece, kind=side) for piece in _delimiter(items[at])]
            at += 1
            continue
        written = _item_pieces(item)
        is_group = isinstance(item, latexwalker.LatexGroupNode)
        if is_group and len(written) > 1 and at < len(items) and _is_script(items[at]):
            written = [Piece(f"({_compact(written)})")]
        pieces += written
    return pieces


def _items(nodes: Sequence[_Item]) -> Iterator[_Item]:
    """Yield characters, whole numbers and nodes, without comments and white space."""
    for node in nodes:
        if isinstance(node, latexwalker.LatexCharsNode):
            yield from _CHARACTERS.findall(node.chars)
        elif isinstance(node, latexwalker.LatexSpecialsNode):
            # Ligatures of running text, such as ``--``, are none in maths.
            yield from node.specials_chars
        elif node is not None and not isinstance(node, latexwalker.LatexCommentNode):
            yield node


def _is_script(item: _Item) -> bool:
    """Tell whether the item clings to what stands before it: a script, a prime or a factorial."""
    return isinstance(item, str) and item in "^_'!"


def _macro_name(item: _Item) -> str | None:
    return item.macroname if isinstance(item, latexwalker.LatexMacroNode) else None


def _delimiter_side(name: str | None) -> Kind | None:
    if name in OPENING:
        return Kind.OPEN
    if name in CLOSING:
        return Kind.CLOSE
    return Kind.RELATION if name == "middle" else None


def _delimiter(item: _Item) -> list[Piece]:
    return [] if isinstance(item, str) and item == "." else _item_pieces(item)


def _with_scripts(base: Piece, items: list[_Item], at: int) -> tuple[Piece, int]:
    """Attach the scripts that start at ``at`` to their base; return it and where they end."""
    marks = below = above = ""
    while at < len(items) and _is_script(items[at]):
        mark = items[at]
        at += 1
        if mark in "'!":
            marks += "′" if mark == "'" else "!"
            continue
        content = ""
        if at < len(items):
            item = items[at]
            if isinstance(item, str) and len(item) > 1:
                # As in TeX, of several digits only the first is the script.
                item, items[at] = item[0], item[1:]
            else:
                at += 1
            content = _compact(_item_pieces(item))
        if mark == "^":
            above += _superscript(content)
        else:
            below += _subscript(content)
    is_built_up = base.kind in (Kind.FRACTION, Kind.ROOT)
    text = f"({base.text})" if is_built_up else base.text
    return Piece(text + marks + below + above, Kind.ORDINARY if is_built_up else base.kind), at


def _superscript(content: str) -> str:
    return script(content, is_raised=True)


def _subscript(content: str) -> str:
    return script(content, is_raised=False)


def _item_pieces(item: _Item) -> list[Piece]:
    if isinstance(item, str):
        return _character(item)
    if isinstance(item, latexwalker.LatexMacroNode):
        return _macro(item)
    if isinstance(item, latexwalker.LatexEnvironmentNode):
        return [_environment(item)]
    return _group(_pieces(item.nodelist))


def _group(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces of a brace group; as in TeX, a lone operator in braces is no operator."""
    if len(pieces) == 1 and pieces[0].kind in (Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION):
        return [Piece(pieces[0].text)]
    return pieces


def _character(char: str) -> list[Piece]:
    if char == "&":
        return []
    if char == "~":
        return [Piece(" ", Kind.SPACE)]
    char = "−" if char == "-" else char
    return [Piece(char, KINDS.get(char, Kind.ORDINARY))]


def _macro(node: _Item) -> list[Piece]:
    name = node.macroname
    arguments = [node for node in (node.nodeargd and node.nodeargd.argnlist) or () if node is not None]
    if name in DROPPED:
        return []
    if name in SPACES:
        return [Piece(" ", Kind.SPACE)]
    if name in ("\\", "cr", "newline"):
        return [Piece(";", Kind.PUNCTUATION)]
    if not arguments:
        return [_symbol(name)]
    if name == "mbox" or (name.startswith("text") and name != "textcolor"):
        return [Piece(_text(arguments))]
    operands = [_pieces([argument]) for argument in arguments]
    if rule := _RULES.get(name):
        return [rule(*operands)]
    if name in ACCENTS:
        return [_accent(name, _compact(operands[0]))]
    if name in LINES:
        text = _compact(operands[0])
        return [Piece("".join(char if unicodedata.combining(char) else char + LINES[name] for char in text))]
    if name in ALPHABETS:
        return [Piece(latex2text.fmt_math_text_style(_compact(operands[0]), ALPHABETS[name]))]
    return _group(operands[-1])


def _symbol(name: str) -> Piece:
    if name == "mid":
        return Piece("|", Kind.RELATION)
    known = SYMBOLS.get(name) or getattr(_library_symbols().get_macro_spec(name), "simplify_repl", None)
    text = known if isinstance(known, str) and known and "%s" not in known else name
    # A word is a function's name, or a macro that nobody knows, which stays visible.
    is_word = len(text) > 1 and text.isalpha()
    return Piece(text, Kind.FUNCTION if is_word else KINDS.get(text, Kind.ORDINARY))


def _text(nodes: Sequence[_Item]) -> str:
    r"""Return what stands in ``\text{…}``, its spaces kept."""
    words = []
    for node in nodes:
        if isinstance(node, latexwalker.LatexCharsNode):
            words.append(node.chars)
        elif isinstance(node, latexwalker.LatexGroupNode):
            words.append(_text([child for child in node.nodelist if child is not None]))
        elif isinstance(node, latexwalker.LatexSpecialsNode):
            words.append(" " if node.specials_chars == "~" else node.specials_chars)
        elif not isinstance(node, latexwalker.LatexCommentNode):
            words.append(_inline(_item_pieces(node)))
    return "".join(words)


def _fraction(numerator: list[Piece], denominator: list[Piece]) -> Piece:
    above, below = _compact(numerator), _compact(denominator)
    above = above if is_product(numerator) and "/" not in above else f"({above})"
    below = below if is_factor(denominator) and "/" not in below else f"({below})"
    return Piece(f"{above}/{below}", Kind.FRACTION)


def _root(*operands: list[Piece]) -> Piece:
    *index, radicand = map(_compact, operands)
    degree = index[0] if index else "2"
    sign = {"2": "√", "3": "∛", "4": "∜"}.get(degree) or _superscript(degree) + "√"
    return Piece(sign + (radicand if _BARE_RADICAND.fullmatch(radicand) else f"({radicand})"), Kind.ROOT)


def _binomial(above: list[Piece], below: list[Piece]) -> Piece:
    return Piece(f"({_compact(above)} choose {_compact(below)})")


def _accent(name: str, text: str) -> Piece:
    """Put the accent on a character, whatever scripts it has; around several write its name."""
    scripts = {*SUBSCRIPTS.values(), *SUPERSCRIPTS.values()}
    if text and all(char in scripts or unicodedata.combining(char) for char in text[1:]):
        return Piece(unicodedata.normalize("NFC", text[0] + ACCENTS[name]) + text[1:])
    return Piece(f"{name.removeprefix('wide')}({text})")


def _over(above: list[Piece], base: list[Piece]) -> Piece:
    return _stacked(base, _superscript(_compact(above)))


def _under(below: list[Piece], base: list[Piece]) -> Piece:
    return _stacked(base, _subscript(_compact(below)))


def _stacked(base: list[Piece], script: str) -> Piece:
    return Piece(_compact(base) + script, base[0].kind if len(base) == 1 else Kind.ORDINARY)


def _labelled(arrow: str) -> Callable[..., Piece]:
    return lambda *labels: _over(labels[-1], [Piece(arrow, Kind.RELATION)])


def _negated(operand: list[Piece]) -> Piece:
    return Piece(unicodedata.normalize("NFC", _compact(operand) + NEGATION), Kind.RELATION)


def _word(operand: list[Piece]) -> Piece:
    return Piece(_compact(operand))


def _operator(*operands: list[Piece]) -> Piece:
    return Piece(_compact(operands[-1]), Kind.FUNCTION)


def _remark(operand: list[Piece]) -> Piece:
    return Piece(f" ({_compact(operand)})")


_RULES: dict[str, Callable[..., Piece]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"), _fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _binomial),
    **dict.fromkeys(("overset", "stackrel"), _over),
    **dict.fromkeys(("mathrm", "mathsf", "mathtt"), _word),
    **dict.fromkeys(("operatorname", "mathop"), _operator),
    "sqrt": _root,
    "underset": _under,
    "not": _negated,
    "xrightarrow": _labelled("→"),
    "xleftarrow": _labelled("←"),
    "pmod": lambda modulus: _remark([Piece("mod", Kind.FUNCTION), *modulus]),
    "tag": _remark,
}


def _environment(node: _Item) -> Piece:
    """Return a matrix or cases as ``(a, b; c, d)``, aligned lines as ``a; b``."""
    rows: list[list[list[_Item]]] = [[[]]]
    for child in node.nodelist:
        if _macro_name(child) == "\\":
            rows.append([[]])
        elif isinstance(child, latexwalker.LatexSpecialsNode) and child.specials_chars == "&":
            rows[-1].append([])
        else:
            rows[-1][-1].append(child)
    delimiters = MATRICES.get(node.environmentname.rstrip("*"))
    if delimiters is None:
        lines = [_inline(_pieces([node for cell in row for node in cell])) for row in rows]
    else:
        # An author's own comma before the ``&`` of a case is enough.
        lines = [", ".join(_inline(_pieces(cell)).rstrip(",") for cell in row) for row in rows]
    body = "; ".join(line for line in lines if line)
    return Piece(f"{delimiters[:1]}{body}{delimiters[1:]}" if delimiters else body)
