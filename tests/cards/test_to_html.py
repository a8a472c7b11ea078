import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.formats.from_html import from_html
from lrcards.cards.formats.to_html import to_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("plain", "plain"),
        ("a < b & **c**", "a &lt; b &amp; <strong>c</strong>"),
        ("$a<b$ and\n\n$$\\frac{a}\n{b}$$", "<p>\\(a&lt;b\\) and</p>\n<p>\\[\\frac{a}<br>{b}\\]</p>"),
        ("![a b.png](<a b.png>) ♪ `s.mp3`", '<img src="a b.png"> [sound:s.mp3]'),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("\\\\(x\\\\) {{c1::x}}", "\\<!-- -->(x\\<!-- -->) {<!-- -->{c1::x}}".replace("\\<!-- -->)", "\\)")),
    ],
)
def test_markdown_becomes_html_that_anki_shows(markdown, html):
    assert to_html(markdown) == html


@pytest.mark.parametrize(
    "markdown",
    [
        "a\\\nb\n\nc",
        "1. a\n2. b",
        "- a\n  - b\n- c",
        "> a\\\n> b",
        "## Head\n\ntext",
        "```py\nx < 1\n```",
        "| a | b |\n| --- | --- |\n| 1 | $|x|$ |",
        "**a** *b* ~~c~~ `d`",
        "[a](https://x.org/y)",
        "![a b.png](<a b.png>) ♪ `s.mp3`",
        "a $x^2$ b\n\n$$y$$\n\nc",
        "***",
    ],
)
def test_what_html_can_say_comes_back_as_it_was(markdown):
    assert from_html(to_html(markdown)) == markdown


WORDS = st.text(st.sampled_from("ab (.)*_~`[]<>#|-+=!&$\\1{}:é"), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=3))
def test_text_goes_to_anki_and_back(lines):
    from html import escape

    markdown = from_html("<br>".join(map(escape, lines)))
    assert from_html(to_html(markdown)) == markdown
