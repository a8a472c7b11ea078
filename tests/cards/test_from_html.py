import re
from html import escape as escape_html

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lrcards.cards.content import deletions
from lrcards.cards.formats.from_html import LARGEST, from_any_html, from_html
from lrcards.cards.formats.simple_html import from_simple_html
from lrcards.text import plain

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain words, no care", "plain words, no care"),
        ("a<br>b<div>c</div><div><br></div><div>d</div>", "a\\\nb\\\nc\n\nd"),
        ("<p>one</p>\n<p>two<br/>three</p>", "one\n\ntwo\\\nthree"),
        ("<b>bold</b> <i>it</i> <u>under</u> <s>gone</s>", "**bold** *it* *under* ~~gone~~"),
        ('<span style="font-weight: 600">a</span> <strong>b <em>c</em></strong>', "**a** **b _c_**"),
        ("x<sup>2</sup> + a<sub>n-1</sub> + b<sup>p/q</sup>", "x² + aₙ₋₁ + b^(p/q)"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
        ("<table><tr><th>a<th>b|c<tr><td>1<br>2</table>", "| a | b\\|c |\n| --- | --- |\n| 1; 2 |"),
        ("<pre>x = 1\n  y &lt; 2</pre>after", "```\nx = 1\n  y < 2\n```\n\nafter"),
        ("<code>a`b</code>", "``a`b``"),
        ("<blockquote>q<br>r</blockquote>", "> q\\\n> r"),
        ("<h2>Title</h2>text", "## Title\n\ntext"),
        ('<img src="a%20b.png">', "![a b.png](<a b.png>)"),
        ('<img src="data:image/png;base64,AAAA">', "(picture)"),
        ("[sound:a b.mp3]", "♪ `a b.mp3`"),
        ('<a href="https://x.org/?a=1&amp;b=2">link</a>', "[link](https://x.org/?a=1&b=2)"),
        ('<a href="javascript:alert(1)">link</a>', "link"),
        ("<ruby>漢<rt>かん</rt></ruby>", "漢(かん)"),
        ("a<!-- b --><script>c</script><style>d</style><iframe>e</iframe>f", "af"),
        ('<div style="display:none">secret <b>x</b></div>shown', "shown"),
        ("a&nbsp; &nbsp;b &amp; &lt;c&gt; &eacute; &amp;eacute;", "a b & <c> é \\&eacute;"),
        ("a\x1b[31m&#27;b\u202e", "a\ufffd[31mb\ufffd"),
    ],
)
def test_html_becomes_markdown(html, markdown):
    assert from_html(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (r"an \(x &lt; y\) here", "an $x < y$ here"),
        (r"\[ \frac{a}<br>{b} \]", "$$\\frac{a}\n{b}$$"),
        (r"so \[x\]<br>and", "so $$x$$\\\nand"),
        ("[$]x_1[/$] [$$]x_2[/$$]", "$x_1$ $$x_2$$"),
        (r"[latex]\sum x[/latex]", r"$$\sum x$$"),
        ("[latex]where $x$ is[/latex]", "where $x$ is"),
        ("<anki-mathjax>x^2</anki-mathjax>", "$x^2$"),
        ('<anki-mathjax block="true">x^2</anki-mathjax>', "$$x^2$$"),
        (r"\(x\)2 and \( \) nothing", "$x$&#50; and nothing"),
        (r"$5 and $6, \alpha, \(never closed", r"\$5 and \$6, \alpha, \\(never closed"),
        (r"\(a $ b\\\)", r"$a  b\\$".replace("  ", " ")),
        (r"<code>\(x\)</code>", r"`\(x\)`"),
    ],
)
def test_formulas_come_in_dollars(html, markdown):
    assert from_html(html) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "- no list",
        "# no heading",
        "1. no list",
        "> no quote",
        "===",
        "---",
        "| --- |",
        "[a](b)",
        "[a]: b",
        "[[page]]",
        "![x](y)",
        "vector<int> <http://a.b>",
        "**x** __y__ ~~z~~ `w`",
        "snake_case 2 * 3 _ * x_",
        "&lt; &#60;",
        "C:\\dir\\*",
        "$5 and $6",
        "~~~",
        "Q: x",
        "+ a",
    ],
)
def test_text_that_looks_like_markdown_is_shown_as_it_is(text):
    assert plain(from_html(escape_html(text))) == text


def test_what_markdown_does_not_see_has_no_backslashes():
    text = "snake_case, 2 * 3 > 5, a < b, [0, 1), a/b & c | d # 5 ~ 6 costs 5$ a+b=c C:\\dir"
    assert from_html(escape_html(text)) == text


WORDS = st.text(st.sampled_from("ab(.)*_~`[]<>#|-+=!&$\\1 é²\n"), min_size=1, max_size=8)
TAGS = st.sampled_from(["b", "i", "s", "u", "span", "code"])
STYLED = st.recursive(
    WORDS.map(escape_html),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=3)).map(
        lambda of: f"<{of[0]}>{''.join(of[1])}</{of[0]}>"
    ),
    max_leaves=6,
)


def words_of(html):
    text = re.sub(r"<[^>]*>", "", html)
    return " ".join(
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&").split()
    )


@example("<b>\\ </b>1")
@given(st.lists(STYLED, min_size=1, max_size=4).map("".join))
def test_styled_text_shows_the_same_words(html):
    markdown = from_html(html.replace("\\(", "").replace("\\[", "").replace("[$]", "").replace("[$$]", ""))
    expected = words_of(html.replace("\\(", "").replace("\\[", "").replace("[$]", "").replace("[$$]", ""))
    assert " ".join(plain(markdown).split()) == expected


SIMPLE = (
    *("word", "é", "²", "文", "5", "12)", " ", "  ", "\n", "&nbsp;", "\u00a0", "\x07", "\u202e", "\0"),
    *("<br>", "<br/>", "<br />", "<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<i>", "</i>"),
    *(
        "<b>bold</b>",
        "<i>it is</i>",
        "<em>e</em>",
        "<strong>a b</strong>",
        r"\(",
        r"\)",
        r"\(x\)",
        r"(\(x\))",
    ),
    *(r"\(a_1 + \frac{1}{2}\)", r"\(a\\)", r"\( x\)", r"\(a  b\)", r"\(a \(b\)", r"\(|]~*\)"),
    *"-+=#:|().,!?'\"/%—“*_[]~$&<>\\`٣",
)


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=8).map("".join))
def test_simple_html_becomes_what_any_html_would(html):
    simple = from_simple_html(html)
    assert simple is None or simple == from_any_html(html) == from_any_html(html, brackets=True)


def test_most_of_what_fields_hold_is_simple():
    assert from_simple_html(r"The <b>rate</b>&nbsp;is \(\frac{1}{2}\).<div>Or <i>less</i>?<br>No</div>") == (
        "The **rate** is $\\frac{1}{2}$.\\\nOr *less*?\\\nNo"
    )


@given(WORDS)
def test_with_brackets_escaped_a_text_has_no_deletions(text):
    assert deletions(from_html(escape_html(text), brackets=True)) == []


HOSTILE = {
    "open tags": "<b>" * 100_000,
    "nested lists": "<ul><li>" * 20_000 + "x",
    "nested tables": "<table><tr><td>" * 10_000 + "x",
    "closing tags": "</b>" * 100_000,
    "hidden": '<p style="display:none">' * 8_000,
    "half tags": "<a " * 100_000,
    "half comments": "<!--" * 100_000,
    "half declarations": "<![" * 100_000,
    "odd quotes": '<a b=">" ' * 100_000 + ">",
    "half formulas": "\\(" * 100_000 + "[latex]$" * 100_000,
    "half formulas in latex": "[latex]" + "\\( \\[" * 100_000 + "[/latex]",
    "a number of many digits": "&#" + "9" * 5_000 + ";",
    "stars": "*a" * 90_000,
    "megabytes": "<b>a</b> &lt;i&gt; " * 150_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_html_is_too_deep_or_too_long(name):
    assert len(from_html(HOSTILE[name])) < 3 * max(len(HOSTILE[name]), LARGEST)
