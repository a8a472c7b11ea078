"""Drawing in ASCII: the table is whole, nothing changes its width, and what is written keeps its meaning."""

import pytest
from rich.cells import cell_len

from lrcards.ascii_drawing import ARROWS, BLOCKS, BOXES, BRAILLE, SHAPES, TABLE, in_ascii, key_in_ascii
from lrcards.tui.plots import glyph
from lrcards.tui.widgets import rate_axis
from lrcards.tui.widgets.calendar import MARKS


def test_every_sign_that_draws_has_one_ascii_character_of_its_width():
    for codes in (BOXES, BLOCKS, SHAPES, BRAILLE, *ARROWS):
        for sign in map(chr, codes):
            assert sign in TABLE or cell_len(sign) == 2, f"U+{ord(sign):04X}"
    assert all(cell_len(sign) == 1 for sign in TABLE)
    assert all(len(plain) == 1 and " " <= plain <= "~" for plain in TABLE.values())


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("┌─┬━┐│┃╱╲╳", "+-+=+||/\\X"),
        ("▁▄█▌▐▛░▒▓▔", "_.#||#:+&-"),
        ("\u2800⠁⠉⣀⡇⠿⣿", " ''.:##"),
        ("●○◇▲▼◀▶▸▾★⚑‣", "@o+^v<>>v*F*"),
        ("“a” – b…\u00a0c", '"a" - b. c'),
        # Text of cards, and the signs of its formulas.
        ("Größe 月曜日 اليوم é 👍 ¡«»!", "Größe 月曜日 اليوم é 👍 ¡«»!"),
        ("η₀·λ ∇f(x)² ≤ λ/2 ≈ √2 × ∑ᵢ xᵢ", "η₀·λ ∇f(x)² ≤ λ/2 ≈ √2 × ∑ᵢ xᵢ"),
        # An arrow or a product must not become a comparison or a decimal point.
        ("x → 0", "x-->0"),
        ("w ← w − 2·3η", "w<--w - 2·3η"),
        ("18.5 ↔ 19.5 ⇒ cycle", "18.5<->19.5==>cycle"),
        ("x→0 and a · b", "x→0 and a * b"),
        ("as η →", "as η->"),
        (" ↑ ", " ^ "),
        ("🔎 Search", "/  Search"),
        # A sign that is asked to be a wide picture.
        ("▶\ufe0f →", "▶\ufe0f->"),
        ("\ufe0f\n\ufe0f…", "\ufe0f\n\ufe0f."),
    ],
)
def test_drawing_is_replaced_and_text_is_not(drawn, plain):
    assert in_ascii(drawn) == plain
    assert cell_len(plain) == cell_len(drawn)


@pytest.mark.parametrize(
    "signs",
    [MARKS, "".join(rate_axis._MEANINGS), glyph(0, 1) + "○◇" + glyph(0, 2)],
    ids=["calendar", "rates", "runs"],
)
def test_signs_of_one_picture_stay_apart(signs):
    assert len({in_ascii(sign) for sign in signs}) == len(signs)


def test_keys_are_named_where_their_signs_would_be_other_keys():
    assert [key_in_ascii(key) for key in ("⏎", "↑↓", "^q", "v")] == ["enter", "up/down", "^q", "v"]
