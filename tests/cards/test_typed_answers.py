from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.typed_answers import GAP, LONGEST, Mark, can_be_typed, compare
from lrcards.text import one_line

LETTER = {Mark.RIGHT: "=", Mark.WRONG: "x", Mark.MISSING: "-"}


def told(typed: str, expected: str) -> tuple[str, str]:
    """Return both answers as ``=right xwrong -missing`` stretches."""
    comparison = compare(typed, expected)
    left, right = (
        " ".join(f"{LETTER[stretch.mark]}{stretch.text}" for stretch in side)
        for side in (comparison.typed, comparison.expected)
    )
    return left, right


@pytest.mark.parametrize(
    ("typed", "expected", "left", "right"),
    [
        # As the Anki backend tells them.
        (
            "y ahora qe vamosa hacer",
            "¿Y ahora qué vamos a hacer?",
            "xy = ahora q xe = vamos -- =a hacer --",
            "-¿Y = ahora q -ué = vamos -  =a hacer -?",
        ),
        ("23", "1", "x23", "-1"),
        ("1", "12", "=1 --", "=1 -2"),
        ("нс", "нос", "=н -- =с", "=н -о =с"),
        ("스다뜸다", "쓰다듬다", "x스 =다 x뜸 =다", "-쓰 =다 -듬 =다"),
        ("1123", "123", "x1 =123", "=123"),
    ],
)
def test_a_typed_answer_is_told_as_in_anki(typed: str, expected: str, left: str, right: str) -> None:
    assert told(typed, expected) == (left, right)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("the gradient", "the gradient"),
        ("  the  gradient ", "the gradient\n"),
        ("the gradient", "the *gradient*"),
        ("a b", "a\n\nb"),
        ("the rate η", "the rate $\\eta$"),
        (normalize("NFD", "Ångström é"), normalize("NFC", "Ångström é")),
    ],
)
def test_what_reads_the_same_is_right(typed: str, expected: str) -> None:
    assert compare(typed, expected).is_right


@pytest.mark.parametrize(
    ("typed", "expected"), [("gradient", "Gradient"), ("ba", "bá"), ("a", "ab"), ("", "a")]
)
def test_case_and_accents_count(typed: str, expected: str) -> None:
    assert not compare(typed, expected).is_right


def test_a_mark_stays_on_its_letter() -> None:
    assert told("q\u0308", "q\u0307") == ("xq\u0308", "-q\u0307")


words = st.text(st.characters(categories=["L", "N"]), max_size=12)


@given(words, words)
def test_the_stretches_spell_both_answers_and_agree_on_what_is_right(typed: str, expected: str) -> None:
    comparison = compare(typed, expected)
    given_text = "".join(stretch.text for stretch in comparison.typed if stretch.mark is not Mark.MISSING)
    wanted_text = "".join(stretch.text for stretch in comparison.expected)
    assert given_text == one_line(normalize("NFC", typed))
    assert wanted_text == one_line(normalize("NFC", expected))
    right = [
        [stretch.text for stretch in side if stretch.mark is Mark.RIGHT]
        for side in (comparison.typed, comparison.expected)
    ]
    assert right[0] == right[1]
    assert comparison.is_right == (given_text == wanted_text)


def test_a_gap_is_as_long_as_what_is_missing() -> None:
    assert compare("ad", "abcd").typed[1].text == 2 * GAP


def test_nobody_is_asked_to_type_a_page() -> None:
    assert can_be_typed("x" * LONGEST)
    assert not can_be_typed("x" * (LONGEST + 1))
