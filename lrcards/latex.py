"""LaTeX formulas as one line of Unicode text, with brackets wherever the meaning would change without them.

The formula is parsed by pylatexenc. As in TeX (The TeXbook, chapter 18) it becomes a list of atoms, here called
pieces, whose kinds decide the spaces between them, and here also the brackets around a fraction.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from itertools import pairwise
from typing import Any

from pylatexenc import latex2text, latexwalker
from pylatexenc.macrospec import LatexContextDb, std_macro

MAX_LENGTH = 20_000

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ*′°⊤⋆†∗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ*′°ᵀ⋆†*",
        strict=True,
    )
) | {"∘": "°"}
_SUBSCRIPTS = dict(
    zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
_ACCENTS = {
    **{"hat": "\u0302", "widehat": "\u0302", "^": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "~": "\u0303"},
    **{"bar": "\u0304", "=": "\u0304", "dot": "\u0307", ".": "\u0307", "ddot": "\u0308", '"': "\u0308"},
    **{"vec": "\u20d7", "overrightarrow": "\u20d7", "check": "\u030c", "v": "\u030c", "breve": "\u0306"},
    **{"acute": "\u0301", "'": "\u0301", "grave": "\u0300", "`": "\u0300"},
}
_LINES = {"overline": "\u0305", "underline": "\u0332"}
_ALPHABETS = {"mathbb": "doublestruck", "mathbbm": "doublestruck", "mathcal": "script", "mathscr": "script"} | {
    "mathfrak": "fraktur"
}
# Where pylatexenc's table has no symbol, or one that fonts or readers know less well.
_SYMBOLS = {
    **{"ne": "≠", "implies": "⇒", "iff": "⇔", "impliedby": "⇐", "gets": "←", "coloneqq": "≔", "colon": ":"},
    **{"land": "∧", "lor": "∨", "lnot": "¬", "neg": "¬", "epsilon": "ε", "phi": "φ", "prime": "′", "|": "‖"},
    **{"triangle": "△", "checkmark": "✓", "Re": "Re", "Im": "Im", "lbrace": "{", "rbrace": "}", "%": "%"},
    **{"lbrack": "[", "rbrack": "]", "vert": "|", "lvert": "|", "rvert": "|", "bmod": "mod", "cdotp": "·"},
}
_SPACES = {",", ":", ";", " ", ">", "quad", "qquad", "enspace", "thinspace", "space", "~"}
_DROPPED = {"!", "limits", "nolimits", "displaystyle", "textstyle", "scriptstyle", "label", "color", "nonumber"} | {
    *("notag", "phantom", "hphantom", "vphantom", "hspace", "vspace", "big", "Big", "bigg", "Bigg", "hline", "rm", "bf")
}
_FENCE_KINDS = {"left": "(", "bigl": "(", "Bigl": "(", "biggl": "(", "Biggl": "(", "middle": "|"} | dict.fromkeys(
    ("right", "bigr", "Bigr", "biggr", "Biggr"), ")"
)
_MATRICES = {"pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "cases": "{}"} | {
    **dict.fromkeys(("matrix", "smallmatrix", "array"), ""),
    **{"dcases": "{}", "rcases": "{}"},
}
_DIFFERENTIALS = {"d", "∂", "∇", "Δ", "δ"}
_BARE_OPERAND = re.compile(rf"(?:\d+(?:\.\d+)?|\w[\u0300-\u036f\u20d7]?)[{''.join(_SUBSCRIPTS.values())}]*")


class Kind(Enum):
    """What a piece does to its neighbours; TeX's classes of atoms, and three of our own."""

    ORDINARY = auto()
    FUNCTION = auto()
    BINARY = auto()
    RELATION = auto()
    OPEN = auto()
    CLOSE = auto()
    PUNCTUATION = auto()
    SPACE = auto()
    SIGN = auto()  # an operator that stands before one operand
    BAR = auto()  # opens or closes, whichever is its turn
    FRACTION = auto()  # needs brackets beside a factor or under a script
    ROOT = auto()  # needs brackets before a factor or under a script


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the result that is never broken up again."""

    text: str
    kind: Kind = Kind.ORDINARY


_KINDS = {
    **dict.fromkeys("+−±∓·×÷*∗∘⊕⊗⊙⊖∧∨∪∩∖⋆", Kind.BINARY),
    **dict.fromkeys("=<>:≤≥≠≈∼≃≅≡≐∝≪≫≲≳≺≻∈∉∋⊂⊃⊆⊇⊢⊨∥⊥≔→←↔↦⇒⇐⇔⟶⟵⟷⟹⟸⟺⟼⇝↗↘↑↓", Kind.RELATION),
    **dict.fromkeys("([{⌊⌈⟨", Kind.OPEN),
    **dict.fromkeys(")]}⌋⌉⟩", Kind.CLOSE),
    **dict.fromkeys(",;", Kind.PUNCTUATION),
    **dict.fromkeys("∑∏∐∫∬∭∮⋃⋂", Kind.FUNCTION),
    **dict.fromkeys("|‖", Kind.BAR),
}
_FACTORS = {Kind.ORDINARY, Kind.FUNCTION, Kind.FRACTION, Kind.ROOT}
_SPACED = {Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION}
_BEFORE_OPERAND = {Kind.BINARY, Kind.RELATION, Kind.OPEN, Kind.PUNCTUATION, Kind.FUNCTION, Kind.SIGN}


def to_unicode(latex: str) -> str:
    """Return ``latex`` as one line of Unicode text, or as it is if it does not parse or is too long or deep."""
    source = " ".join(latex.split())
    if len(source) > MAX_LENGTH:
        return source
    walker = latexwalker.LatexWalker(latex, latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, _, _ = walker.get_latex_nodes(parsing_state=walker.make_parsing_state(in_math_mode=True))
        return " ".join(_join(_pieces(nodes)).split())
    except (latexwalker.LatexWalkerError, RecursionError, IndexError):  # IndexError: the parser on a final \verb
        return source


@cache
def _context() -> LatexContextDb:
    context = latexwalker.get_default_latex_context_db()
    one = ["boldsymbol", "bm", "mathbbm", "pmod", "substack", "boxed", "tag", "mathop", "mathnormal", "phantom", "pmb"]
    two = ["dfrac", "tfrac", "cfrac", "sfrac", "binom", "dbinom", "tbinom", "overset", "underset", "stackrel"]
    macros = [std_macro(name, False, 1) for name in one] + [std_macro(name, False, 2) for name in two]
    context.add_context_category(
        "lrcards", macros=[*macros, std_macro("operatorname", "*{")], prepend=True
    )
    return context


@cache
def _library_symbols() -> LatexContextDb:
    return latex2text.get_default_latex_context_db()


def _pieces(nodes: Sequence[Any]) -> list[Piece]:
    """Turn parsed nodes into pieces, scripts attached to their bases."""
    items = list(_items(nodes))
    pieces: list[Piece] = []
    at = 0
    while at < len(items):
        if _is_script(items[at]):
            base = pieces.pop() if pieces else Piece("")
            scripted, at = _with_scripts(base, items, at)
            pieces.append(scripted)
            continue
        scripted_next = at + 1 < len(items) and _is_script(items[at + 1])
        name = _macro_name(items[at])
        if name in _FENCE_KINDS and at + 1 < len(items):
            at += 1
            pieces.extend(_delimiter(items[at], _FENCE_KINDS[name]))
        elif isinstance(items[at], latexwalker.LatexGroupNode):
            group = _pieces(items[at].nodelist)
            pieces.extend([_bracketed(group)] if scripted_next and len(group) > 1 else _grouped(group))
        else:
            for piece in _item_pieces(items[at]):
                if pieces and _continues_number(items, at, pieces[-1], piece):
                    pieces[-1] = Piece(pieces[-1].text + piece.text)
                else:
                    pieces.append(piece)
        at += 1
    return pieces


def _items(nodes: Sequence[Any]) -> Iterator[Any]:
    """Yield single characters and nodes, without comments and white space."""
    for node in nodes:
        if isinstance(node, latexwalker.LatexCharsNode):
            yield from (char for char in node.chars if not char.isspace())
        elif isinstance(node, latexwalker.LatexSpecialsNode):
            yield from (" " if node.specials_chars == "~" else node.specials_chars)
        elif node is not None and not isinstance(node, latexwalker.LatexCommentNode):
            yield node


def _is_script(item: Any) -> bool:
    """Tell whether ``item`` clings to what stands before it: a script, a prime or a factorial."""
    return isinstance(item, str) and item in "^_'!"


def _macro_name(item: Any) -> str | None:
    return item.macroname if isinstance(item, latexwalker.LatexMacroNode) else None


def _continues_number(items: Sequence[Any], at: int, before: Piece, piece: Piece) -> bool:
    """Tell whether a digit, or a point or comma between digits, goes on with the number before it."""
    if before.kind is not Kind.ORDINARY or not before.text[-1:].isdigit() and before.text[-1:] not in (".", ","):
        return False
    following = items[at + 1] if at + 1 < len(items) else ""
    if piece.text in (".", ","):
        # A comma separates thousands only before exactly three digits: $(0,1)$ is a pair.
        digits = [item for item in items[at + 1 : at + 5] if isinstance(item, str)]
        run = next((i for i, digit in enumerate(digits) if not digit.isdigit()), len(digits))
        return before.text[-1].isdigit() and (run == 3 if piece.text == "," else str(following).isdigit())
    return piece.text.isdigit() and before.text[0].isdigit()


def _with_scripts(base: Piece, items: Sequence[Any], at: int) -> tuple[Piece, int]:
    """Attach the primes, subscripts and superscripts that start at ``at``; return the piece and where they end."""
    primes = sub = sup = ""
    while at < len(items) and _is_script(items[at]):
        mark = items[at]
        at += 1
        if mark in ("'", "!"):
            primes += "′" if mark == "'" else "!"
            continue
        content = ""
        if at < len(items):
            content = _join(_script_pieces(items[at]), compact=True)
            at += 1
        if mark == "^":
            sup += _script(content, _SUPERSCRIPTS, "^")
        else:
            sub += _script(content, _SUBSCRIPTS, "_")
    text = f"({base.text})" if base.kind in (Kind.FRACTION, Kind.ROOT) else base.text
    kind = base.kind if base.kind in (Kind.FUNCTION, Kind.CLOSE, Kind.RELATION, Kind.BINARY, Kind.BAR) else Kind.ORDINARY
    return Piece(text + primes + sub + sup, kind), at


def _script_pieces(item: Any) -> list[Piece]:
    return _pieces(item.nodelist) if isinstance(item, latexwalker.LatexGroupNode) else _item_pieces(item)


def _script(content: str, table: dict[str, str], mark: str) -> str:
    if all(char in table for char in content):
        return "".join(table[char] for char in content)
    return f"{mark}({content})"


def _delimiter(item: Any, side: str) -> list[Piece]:
    if isinstance(item, str) and item == ".":
        return []
    kind = {"(": Kind.OPEN, ")": Kind.CLOSE, "|": Kind.RELATION}[side]
    return [replace(piece, kind=kind) for piece in _item_pieces(item)]


def _grouped(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces of a brace group; as in TeX, a lone operator in braces is no operator."""
    if len(pieces) == 1 and pieces[0].kind in (Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION):
        return [Piece(pieces[0].text)]
    return pieces


def _bracketed(pieces: Sequence[Piece]) -> Piece:
    return Piece(f"({_join(pieces, compact=True)})")


def _item_pieces(item: Any) -> list[Piece]:
    if isinstance(item, str):
        return _character(item)
    if isinstance(item, latexwalker.LatexMacroNode):
        return _macro(item)
    if isinstance(item, latexwalker.LatexEnvironmentNode):
        return [_environment(item)]
    return _pieces(item.nodelist)


def _character(char: str) -> list[Piece]:
    if char == "&":
        return []
    if char == " ":
        return [Piece(" ", Kind.SPACE)]
    char = "−" if char == "-" else char
    return [Piece(char, _KINDS.get(char, Kind.ORDINARY))]


def _macro(node: Any) -> list[Piece]:
    name = node.macroname
    arguments = (node.nodeargd.argnlist if node.nodeargd else None) or ()
    if name in _DROPPED:
        return []
    if name in _SPACES:
        return [Piece(" ", Kind.SPACE)]
    if name in ("\\", "cr", "newline"):
        return [Piece(";", Kind.PUNCTUATION)]
    if name == "mid":
        return [Piece("|", Kind.RELATION)]
    if arguments and (name.startswith("text") or name == "mbox") and name != "textcolor":
        return [Piece(_text(arguments))]
    required = [_pieces([argument]) for argument in arguments if argument is not None]
    if name in _RULES and required:
        return [_RULES[name](*required)]
    if required and (mark := _ACCENTS.get(name)):
        return [_accent(name, _join(required[0], compact=True), mark)]
    if required and (mark := _LINES.get(name)):
        text = _join(required[0], compact=True)
        return [Piece("".join(char if unicodedata.combining(char) else char + mark for char in text))]
    if required and (alphabet := _ALPHABETS.get(name)):
        return [Piece(latex2text.fmt_math_text_style(_join(required[0], compact=True), alphabet))]
    if name == "operatorname" and required:
        return [Piece(_join(required[-1], compact=True), Kind.FUNCTION)]
    if required:
        return _grouped(required[-1])
    return [_symbol(name)]


def _symbol(name: str) -> Piece:
    spec = _library_symbols().get_macro_spec(name)
    known = _SYMBOLS.get(name) or getattr(spec, "simplify_repl", None)
    text = known if isinstance(known, str) and known and "%" not in known[:-1] else name
    # A word is a function's name, or a macro that nobody knows, which stays visible.
    is_word = len(text) > 1 and text.isalpha()
    return Piece(text, Kind.FUNCTION if is_word else _KINDS.get(text, Kind.ORDINARY))


def _text(nodes: Sequence[Any]) -> str:
    """Return what stands in ``\\text{…}``, its spaces kept."""
    words = []
    for node in nodes:
        if isinstance(node, latexwalker.LatexCharsNode):
            words.append(node.chars)
        elif isinstance(node, latexwalker.LatexGroupNode):
            words.append(_text(node.nodelist))
        elif isinstance(node, latexwalker.LatexSpecialsNode):
            words.append(" " if node.specials_chars == "~" else node.specials_chars)
        elif node is not None:
            words.append(_join(_item_pieces(node)))
    return "".join(words)


def _fraction(numerator: list[Piece], denominator: list[Piece]) -> Piece:
    above, below = _join(numerator, compact=True), _join(denominator, compact=True)
    above = above if _is_product(numerator) and "/" not in above else f"({above})"
    below = below if _is_factor(denominator) and "/" not in below else f"({below})"
    return Piece(f"{above}/{below}", Kind.FRACTION)


def _root(*arguments: list[Piece]) -> Piece:
    radicand = _join(arguments[-1], compact=True)
    index = _join(arguments[0], compact=True) if len(arguments) > 1 else ""
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(index) or _script(index, _SUPERSCRIPTS, "") + "√"
    return Piece(sign + (radicand if _BARE_OPERAND.fullmatch(radicand) else f"({radicand})"), Kind.ROOT)


def _accent(name: str, text: str, mark: str) -> Piece:
    scripts = set(_SUBSCRIPTS.values()) | set(_SUPERSCRIPTS.values())
    if text and all(char in scripts or unicodedata.combining(char) for char in text[1:]):
        return Piece(unicodedata.normalize("NFC", text[0] + mark) + text[1:])
    return Piece(f"{name.removeprefix('wide')}({text})")


def _over(above: list[Piece], base: list[Piece]) -> Piece:
    return _stacked(base, _script(_join(above, compact=True), _SUPERSCRIPTS, "^"))


def _under(below: list[Piece], base: list[Piece]) -> Piece:
    return _stacked(base, _script(_join(below, compact=True), _SUBSCRIPTS, "_"))


def _stacked(base: list[Piece], script: str) -> Piece:
    kind = base[0].kind if len(base) == 1 else Kind.ORDINARY
    return Piece(_join(base, compact=True) + script, kind)


def _negated(operand: list[Piece]) -> Piece:
    return Piece(unicodedata.normalize("NFC", _join(operand, compact=True) + "\u0338"), Kind.RELATION)


def _arrow(sign: str) -> Callable[..., Piece]:
    return lambda *labels: _over(labels[-1], [Piece(sign, Kind.RELATION)])


_RULES: dict[str, Callable[..., Piece]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"), _fraction),
    **dict.fromkeys(
        ("binom", "dbinom", "tbinom"), lambda n, k: Piece(f"({_join(n, compact=True)} choose {_join(k, compact=True)})")
    ),
    "sqrt": _root,
    "overset": _over,
    "stackrel": _over,
    "underset": _under,
    "not": _negated,
    "xrightarrow": _arrow("→"),
    "xleftarrow": _arrow("←"),
    "pmod": lambda modulus: Piece(f" (mod {_join(modulus, compact=True)})"),
    "tag": lambda label: Piece(f" ({_join(label, compact=True)})"),
    "mathop": lambda name: Piece(_join(name, compact=True), Kind.FUNCTION),
    **dict.fromkeys(("mathrm", "mathsf", "mathtt"), lambda word: Piece(_join(word, compact=True))),
}


def _environment(node: Any) -> Piece:
    """Return a matrix or a list of cases as ``(a, b; c, d)``, aligned lines as ``a; b``."""
    name = node.environmentname.rstrip("*")
    rows: list[list[list[Any]]] = [[[]]]
    for child in node.nodelist:
        if _macro_name(child) == "\\":
            rows.append([[]])
        elif isinstance(child, latexwalker.LatexSpecialsNode) and child.specials_chars == "&":
            rows[-1].append([])
        else:
            rows[-1][-1].append(child)
    if name not in _MATRICES:
        lines = (_join(_pieces([node for cell in row for node in cell])) for row in rows)
        return Piece("; ".join(line for line in lines if line))
    cells = ([_join(_pieces(cell)).strip().rstrip(",") for cell in row] for row in rows)
    body = "; ".join(line for line in (", ".join(row) for row in cells) if line)
    delimiters = _MATRICES[name]
    return Piece(delimiters[:1] + body + delimiters[1:])


def _outside_brackets(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, with each bracketed stretch as one ordinary piece."""
    depth = 0
    for piece in _resolved(pieces):
        if piece.kind is Kind.OPEN:
            depth += 1
        elif piece.kind is Kind.CLOSE and depth:
            depth -= 1
            if depth == 0:
                yield Piece("()" + piece.text[1:])
        elif depth == 0:
            yield piece


def _is_product(pieces: Sequence[Piece]) -> bool:
    """Tell whether nothing in ``pieces`` binds less tightly than a product."""
    return all(piece.kind in (Kind.ORDINARY, Kind.ROOT) and " " not in piece.text for piece in _outside_brackets(pieces))


def _is_factor(pieces: Sequence[Piece]) -> bool:
    """Tell whether ``pieces`` are one factor: a symbol, a differential, a bracket or a function of a bracket."""
    outside = list(_outside_brackets(pieces))
    if len(outside) == 2 and outside[0].kind is Kind.FUNCTION:
        return outside[1].text.startswith("()")
    if len(outside) == 2 and outside[0].text in _DIFFERENTIALS:
        return outside[1].kind is Kind.ORDINARY and not outside[1].text.startswith("()")
    return len(outside) == 1 and _is_product(outside)


def _resolved(pieces: Sequence[Piece]) -> list[Piece]:
    """Decide which bars open and close, and which operators are signs."""
    resolved: list[Piece] = []
    open_bars: set[str] = set()
    for piece in pieces:
        kind = piece.kind
        if kind is Kind.BAR:
            bar = piece.text[0]
            kind = Kind.CLOSE if bar in open_bars else Kind.OPEN
            open_bars ^= {bar}
        before = next((earlier.kind for earlier in reversed(resolved) if earlier.kind is not Kind.SPACE), None)
        if kind is Kind.BINARY and (before is None or before in _BEFORE_OPERAND):
            kind = Kind.SIGN
        resolved.append(replace(piece, kind=kind))
    return resolved


def _join(pieces: Sequence[Piece], *, compact: bool = False) -> str:
    """Write the pieces in a row, with brackets where a fraction or root meets a factor."""
    text = ""
    last: Piece | None = None
    for piece in _with_brackets(_resolved(pieces)):
        text += (" " if last and _space_between(last, piece, compact=compact) else "") + piece.text
        last = piece
    return text.strip()


def _with_brackets(pieces: Sequence[Piece]) -> list[Piece]:
    bracketed = list(pieces)
    solid = [index for index, piece in enumerate(pieces) if piece.kind is not Kind.SPACE]
    for left, right in pairwise(solid):
        before, after = pieces[left].kind, pieces[right].kind
        if before in (Kind.FRACTION, Kind.ROOT) and (after in _FACTORS or after is Kind.OPEN):
            bracketed[left] = Piece(f"({pieces[left].text})")
        if after is Kind.FRACTION and (before in _FACTORS or before is Kind.CLOSE):
            bracketed[right] = Piece(f"({pieces[right].text})")
    return bracketed


def _space_between(before: Piece, after: Piece, *, compact: bool) -> bool:
    if before.kind is Kind.FUNCTION:
        if after.kind is Kind.OPEN or after.text.startswith("("):
            return not before.text[0].isalpha()
        return after.kind in _FACTORS
    if after.kind is Kind.FUNCTION and (before.kind in _FACTORS or before.kind is Kind.CLOSE):
        return True
    if compact or (before.kind is Kind.RELATION and after.kind is Kind.RELATION):
        return False
    return before.kind in _SPACED or after.kind in (Kind.BINARY, Kind.RELATION)
