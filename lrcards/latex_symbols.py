"""The tables by which LaTeX becomes Unicode: scripts, accents, delimiters, and what pylatexenc has not."""


def _pairs(words: str) -> dict[str, str]:
    """Return a table written as names and values in turn."""
    alternating = iter(words.split())
    return dict(zip(alternating, alternating, strict=True))


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ*∗′°∘⊤⋆†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ**′°°ᵀ⋆†",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)

# Combining characters: over one character, and over or under each of several.
ACCENTS = {
    name: mark
    for mark, names in {
        "\u0300": "grave `",
        "\u0301": "acute '",
        "\u0302": "hat widehat ^",
        "\u0303": "tilde widetilde ~",
        "\u0304": "bar =",
        "\u0306": "breve u",
        "\u0307": "dot .",
        "\u0308": 'ddot "',
        "\u030c": "check v",
        "\u20d7": "vec overrightarrow",
    }.items()
    for name in names.split()
}
LINES = {"overline": "\u0305", "underline": "\u0332"}
NEGATION = "\u0338"

# pylatexenc's names of the alphabets; the other styles of letters stay as they are.
ALPHABETS = dict.fromkeys(("mathbb", "mathbbm", "mathds"), "doublestruck") | _pairs(
    "mathcal script mathscr script mathfrak fraktur"
)

# Where pylatexenc's table has none, or one that fonts and readers know less well.
SYMBOLS = _pairs(
    """
    ne ≠ lt < gt > implies ⇒ iff ⇔ impliedby ⇐ gets ← coloneqq ≔ colon : nmid ∤
    land ∧ lor ∨ lnot ¬ neg ¬ epsilon ε phi φ prime ′ Re Re Im Im bmod mod cdotp · triangle △ checkmark ✓
    lbrace { rbrace } lbrack [ rbrack ] vert | lvert | rvert | | ‖ Vert ‖ lVert ‖ rVert ‖ % %
    """
)
SPACES = _words(", : ; > quad qquad enspace thinspace space") | {" "}
DROPPED = _words(
    """
    ! limits nolimits displaystyle textstyle scriptstyle label color nonumber notag phantom hphantom vphantom
    hspace vspace big Big bigg Bigg hline rm bf
    """
)

OPENING = _words("left bigl Bigl biggl Biggl")
CLOSING = _words("right bigr Bigr biggr Biggr")

# What stands around the rows of an environment whose cells are set apart.
MATRICES = _pairs("pmatrix () bmatrix [] Bmatrix {} vmatrix || Vmatrix ‖‖ cases {} dcases {} rcases {}") | (
    dict.fromkeys(("matrix", "smallmatrix", "array"), "")
)

EXTRA_MACROS = {
    1: _words("boldsymbol bm pmb mathbbm mathds mathnormal mathop pmod substack boxed tag phantom"),
    2: _words("dfrac tfrac cfrac sfrac binom dbinom tbinom overset underset stackrel"),
}
"""Macros that pylatexenc does not know, by how many arguments they take."""
