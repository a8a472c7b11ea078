import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from lrcards.text import (
    Span,
    cell_width,
    clean,
    escape_markdown,
    fit,
    math_to_unicode,
    one_line,
    plain,
    render_math,
    segments,
)

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def shown(markdown: str) -> str:
    """Return the text that a reader of the rendered Markdown sees."""
    words = []
    for token in MARKDOWN.parse(markdown):
        children = token.children or ()
        words += ["\n" if child.type == "softbreak" else child.content for child in children]
        if token.type in ("fence", "code_block"):
            words.append(token.content)
    return "".join(words)


def test_controls_and_bidi_overrides_become_visible():
    hostile = "a\x1b[31m\x07\x00\x9b\u202e\u2066\u200f\x7fb\ud800"
    assert clean(hostile) == "a�[31m" + "�" * 7 + "b�"


def test_tabs_and_newlines_stay_and_windows_line_ends_go():
    assert clean("a\tb\r\nc\rd") == "a\tb\nc�d"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


def test_one_line_collapses_white_space():
    assert one_line(" a\n\tb  c ") == "a b c"


@given(st.text(), st.integers(-1, 30))
def test_a_fitted_text_has_exactly_its_width(text, width):
    fitted = fit(clean(text), width)
    assert cell_width(fitted) == cell_len(fitted) == max(width, 0)


def test_a_text_that_does_not_fit_ends_in_an_ellipsis():
    assert fit("gradient", 5) == "grad…"
    assert fit("勾配降下", 4) == "勾 …"
    assert fit("η", 3) == "η  "


@given(st.text("$`\\ \nab1>-~*[]", max_size=40))
def test_the_segments_of_a_text_are_the_text(markdown):
    assert "".join(text for _, text in segments(markdown)) == markdown


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (r"$x_i$ and $y$", "xᵢ and y"),
        ("cost $5 and $6", "cost $5 and $6"),
        (r"\$x$ y", r"\$x$ y"),
        ("$ x$", "$ x$"),
        ("$x $", "$x $"),
        ("$x$5", "$x$5"),
        ("`$x$` ``a ` $y$``", "`$x$` ``a ` $y$``"),
        ("```\n$x$\n```\n$y$", "```\n$x$\n```\ny"),
        ("- ~~~\n  $x$\n  ~~~\n$y$", "- ~~~\n  $x$\n  ~~~\ny"),
        ("> ```\n> $x$\n> ```\n> $y$", "> ```\n> $x$\n> ```\n> y"),
        ("~~~\n$x$", "~~~\n$x$"),
        ("$a\n\nb$", "$a\n\nb$"),
        ("`a\n\nb` $y$", "`a\n\nb` y"),
        ("$a\nb$", "ab"),
        ("$$x$$", "\nx\n"),
        ("so $$x$$ it", "so x it"),
        (r"$a*b$", r"a \* b"),
    ],
)
def test_maths_is_found_as_pandoc_finds_it(markdown, expected):
    assert render_math(markdown) == expected


def test_display_maths_on_its_own_lines_is_its_own_paragraph():
    html = MARKDOWN.render(render_math("Then\n$$\n\\eta_t =\n\\frac{1}{t}\n$$\nfollows."))
    assert html == "<p>Then</p>\n<p>ηₜ = 1/t</p>\n<p>follows.</p>\n"


def test_display_maths_stays_in_its_quote_and_its_list():
    assert "<blockquote>\n<p>a = b</p>" in MARKDOWN.render(render_math("> $$\n> a =\n> b\n> $$"))
    assert "<li>\n<p>So</p>\n<p>x</p>\n</li>" in MARKDOWN.render(render_math("- So\n  $$\n  x\n  $$"))


def test_bars_in_maths_do_not_split_a_table():
    html = MARKDOWN.render(render_math("| a | b |\n|---|---|\n| $|x|$ | $\\|g\\|$ |"))
    assert "<td>|x|</td>\n<td>‖g‖</td>" in html


FORMULA = st.text("ab12_*`~<>|#&\\[]()!+-=.:/ \"'^{}é", min_size=1, max_size=12).filter(
    lambda text: text.split()
)


@given(FORMULA)
def test_markdown_shows_an_escaped_line_as_it_is(formula):
    line = " ".join(formula.split())
    assert shown(escape_markdown(line)) == line


@given(FORMULA.filter(lambda text: not set(text) & set("$`\\") and text == text.strip()))
def test_markdown_shows_the_formula_that_was_converted(formula):
    # After a word, since a formula alone that is empty shows nothing to compare.
    assert shown(render_math(f"x ${formula}$")) == f"x {math_to_unicode(formula)}".strip()


@given(st.text())
def test_rendered_maths_of_clean_text_is_clean(text):
    rendered = render_math(clean(text))
    assert clean(rendered) == rendered


@pytest.mark.parametrize(
    "markdown",
    [
        "$a " * 30_000,
        "$$" * 30_001,
        "$" * 50_001,
        "`$" * 30_000,
        " ".join("`" * (i % 300 + 1) for i in range(2_000)),
        "~~~\n" * 20_000,
        "- " * 20_000,
        "\\" * 50_001 + "$x$",
        "```\n\n" * 9_999,
        "$\n\n" * 20_000,
    ],
)
def test_hostile_markdown_takes_linear_time(markdown):
    start = time.process_time()
    render_math(markdown)
    assert time.process_time() - start < 10


def test_a_segment_knows_what_it_is():
    found = [(span, text) for span, text in segments("a `b` $c$ $$d$$")]
    assert found == [
        (Span.TEXT, "a "),
        (Span.CODE, "`b`"),
        (Span.TEXT, " "),
        (Span.INLINE_MATH, "$c$"),
        (Span.TEXT, " "),
        (Span.DISPLAY_MATH, "$$d$$"),
    ]


def test_plain_text_keeps_shapes_and_drops_marks():
    markdown = """\
# *Title*

A **bold** `x_i` [link](http://a.b) ![pic](p.png) <EOS> ~~old~~
goes on with $\\eta_0$.

1. one
2. two
   - inner

> quote

```python
print(1)
```

| rate | regime |
|------|--------|
| $10^{-3}$ | slow |
"""
    assert (
        plain(markdown)
        == """\
Title

A bold x_i link (http://a.b) pic (p.png) <EOS> old goes on with η₀.

1. one
2. two
   - inner

> quote

    print(1)

rate | regime
-----+-------
10⁻³ | slow"""
    )


@given(st.text("a *_`>-#|[]()!\n1.$\\", max_size=60))
def test_plain_text_never_fails(markdown):
    assert isinstance(plain(markdown), str)


def test_importing_text_loads_no_heavy_library():
    heavy = ("rich", "pylatexenc", "markdown_it", "textual")
    program = f"import sys, lrcards.text; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
