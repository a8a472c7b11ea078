"""Pictures apart from the text they stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.pictures import Picture, pieces

A, B = Picture("a.png", "a"), Picture("b c.png", "")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("no pictures", ["no pictures"]),
        ("", [""]),
        ("![a](a.png)", [A]),
        ("![a](a.png) ![](<b c.png>)", [A, B]),
        ("before\\\n![a](a.png)\\\nafter", ["before", A, "after"]),
        ("before\n\n![](b%20c.png)\n\nafter\n\nmore", ["before", B, "after\n\nmore"]),
        ("among ![a](a.png) words\n\nafter", ["among ![a](a.png) words", A, "after"]),
        ("- one ![a](a.png)\n- two\n\nafter", ["- one ![a](a.png)\n- two", A, "after"]),
        ("> ![a](a.png)", ["> ![a](a.png)", A]),
        ("| x |\n| --- |\n| ![a](a.png) |", ["| x |\n| --- |\n| ![a](a.png) |", A]),
        ("`![a](a.png)` is Markdown", ["`![a](a.png)` is Markdown"]),
        ("```\n![a](a.png)\n```", ["```\n![a](a.png)\n```"]),
        ("two backslashes\\\\\n![a](a.png)", ["two backslashes\\\\", A]),
        (r"\![a](a.png)", [r"\![a](a.png)"]),
    ],
)
def test_pictures_stand_where_they_are_shown(markdown, expected):
    assert list(pieces(markdown)) == expected


LINES = st.lists(
    st.sampled_from(["word", "two words", "![a](a.png)", "- item", "> quote", "", "see ![a](a.png)"])
)


@given(LINES)
def test_no_word_and_no_picture_is_lost(lines):
    found = list(pieces("\n".join(lines)))
    words = " ".join(piece for piece in found if isinstance(piece, str)).split()
    assert [word for word in words if word.isalpha()] == [
        word for line in lines for word in line.split() if word.isalpha()
    ]
    assert found.count(A) == sum("![" in line for line in lines)
