import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.text import clean, math_to_unicode

FORMULAS = {
    r"\frac{\kappa-1}{\kappa+1}": "(κ−1)/(κ+1)",
    r"\frac{a}{b}": "a/b",
    r"\theta^{t+1} = \theta^t - \eta\nabla L_t": "θᵗ⁺¹ = θᵗ − η∇Lₜ",
    r"\theta_{t+1}=\theta_t-\eta\nabla L(\theta_t)": "θₜ₊₁ = θₜ − η∇L(θₜ)",
    r"\eta_t = \frac{\eta_0}{1+\alpha t}": "ηₜ = η₀/(1+αt)",
    r"\eta(t) = \eta_0\gamma^t": "η(t) = η₀γᵗ",
    r"\eta_t=\tfrac12\eta_0\left(1+\cos\frac{\pi t}{T}\right)": "ηₜ = (1/2)η₀(1 + cos(πt/T))",
    r"\frac{\eta}{\sqrt{\hat v_t}+\epsilon}\hat m_t": "(η/(√v̂ₜ+ε))m̂ₜ",
    r"L(\hat{x}) = \sum_i |x_i - \hat{x}|": "L(x̂) = ∑ᵢ |xᵢ − x̂|",
    r"v^t = \beta v^{t-1} + \eta\nabla L": "vᵗ = βvᵗ⁻¹ + η∇L",
    r"0 < \eta < \frac{2}{\lambda_{\max}}": "0 < η < 2/λₘₐₓ",
    r"\sigma(z)=\frac{1}{1+e^{-z}}": "σ(z) = 1/(1+e⁻ᶻ)",
    r"\frac{1}{B}\sum_{i\in\mathcal{B}} \nabla L_i": "(1/B) ∑_(i∈ℬ) ∇Lᵢ",
    r"\|\nabla L\|_2^2": "‖∇L‖₂²",
    # Fractions, where a line needs brackets that a built-up fraction does not.
    r"\frac12 x^2": "(1/2)x²",
    r"2\frac{1}{3}": "2(1/3)",
    r"\frac{1}{2m}": "1/(2m)",
    r"\frac{\frac{a}{b}}{c}": "(a/b)/c",
    r"\frac{a}{\frac{b}{c}}": "a/(b/c)",
    r"a/\frac{b}{c}": "a/(b/c)",
    r"\frac{a}{b}^2": "(a/b)²",
    r"a \cdot \frac{b}{c} \cdot d": "a · b/c · d",
    r"\frac{-a}{b}": "(−a)/b",
    r"-\frac{a}{b}": "−a/b",
    r"\frac{\log x}{y}": "(log x)/y",
    r"\frac{\partial L}{\partial w}": "∂L/∂w",
    r"\frac{dy}{dx}": "dy/dx",
    r"\frac{1}{f(x)}": "1/(f(x))",
    r"\frac{1}{\max(a,b)}": "1/max(a,b)",
    r"\frac{|g|}{|h|}": "|g|/|h|",
    r"\frac{1}{(a+b)(c+d)}": "1/((a+b)(c+d))",
    r"\frac{(a+b)}{(c+d)}": "(a+b)/(c+d)",
    r"\frac{x}{2}y": "(x/2)y",
    r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}": "(−b±√(b²−4ac))/(2a)",
    # Roots.
    r"\sqrt{x+1}": "√(x+1)",
    r"\sqrt[3]{x}": "∛x",
    r"\sqrt[n]{x}": "ⁿ√x",
    r"\sqrt{2}x": "(√2)x",
    r"\sqrt{2x}": "√(2x)",
    r"\sqrt{x}^2": "(√x)²",
    r"\sqrt{x^2}": "√(x²)",
    r"\mathcal{O}(1/\sqrt{T})": "𝒪(1/√T)",
    # Scripts.
    r"x_i^2": "xᵢ²",
    r"x^2_i": "xᵢ²",
    r"x^23": "x²3",
    r"10^{-3}": "10⁻³",
    r"3\times10^{-4}": "3 × 10⁻⁴",
    r"W_{\text{train}}^{(l)}": "Wₜᵣₐᵢₙ⁽ˡ⁾",
    r"x_{i,j}": "x_(i,j)",
    r"x^{1/2}": "x^(1/2)",
    r"e^{-x^2/2}": "e^(−x²/2)",
    r"{a+b}^2": "(a+b)²",
    r"A^\top B": "AᵀB",
    r"\theta^*": "θ*",
    r"90^\circ": "90°",
    r"f'(x) + y''": "f′(x) + y′′",
    r"x^{\prime}": "x′",
    r"n!/k!": "n!/k!",
    r"\sum_{i=1}^{n} x_i": "∑ᵢ₌₁ⁿ xᵢ",
    r"\int_0^1 x\,dx": "∫₀¹ x dx",
    r"\lim_{x\to 0} f": "lim_(x→0) f",
    r"\left.\frac{d}{dx}\right|_{x=0}": "d/dx|ₓ₌₀",
    # Letters and words.
    r"\hat x, \bar{y}, \tilde{\theta}, \dot x, \vec{v}, \hat{x_i}": "x̂, ȳ, θ̃, ẋ, v⃗, x̂ᵢ",
    r"\hat{xy}": "hat(xy)",
    r"\mathbb{R}^n, \mathbb{E}[X]": "ℝⁿ, 𝔼[X]",
    r"\mathcal{L}, \mathbf{w}": "ℒ, w",
    r"\text{if } x > 0": "if x > 0",
    r"\text{lr-max} - y": "lr-max − y",
    r"\text{if $x<1$}": "if x < 1",
    r"\operatorname*{arg\,min}_\theta L(\theta)": "arg min_(θ) L(θ)",
    r"-\log p(x|y)": "−log p(x|y)",
    r"\foo{x} + \bar{z}": "foo x + z̄",
    # Operators, delimiters, numbers.
    r"a\cdot b\times c\le d\ge e\ne f\approx g": "a · b × c ≤ d ≥ e ≠ f ≈ g",
    r"x\to\infty, a\pm b, a\ll b, a\gg b, a\propto b": "x → ∞, a ± b, a ≪ b, a ≫ b, a ∝ b",
    r"x\not\in B, \not= y": "x ∉ B, ≠ y",
    r"P(A \mid B)": "P(A | B)",
    r"a := b": "a := b",
    r"a - -b": "a − −b",
    r"\lfloor x \rfloor": "⌊x⌋",
    r"\left( \frac{a}{b} \right)^2": "(a/b)²",
    r"1,000 + (0,1) + 0.001": "1,000 + (0, 1) + 0.001",
    r"50\%": "50%",
    r"\binom{n}{k}": "(n choose k)",
    r"a \quad b": "a b",
    # Rows.
    r"f = \begin{cases} x, & x \ge 0 \\ -x & \text{otherwise} \end{cases}": "f = {x, x ≥ 0; −x, otherwise}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}": "(a, b; c, d)⁻¹",
    r"\begin{aligned} a &= b + c \\ &= d \end{aligned}": "a = b + c; = d",
    r"x \\[2pt] y": "x; y",
    "": "",
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_a_formula_keeps_its_meaning_on_one_line(latex):
    assert math_to_unicode(latex) == FORMULAS[latex]


@pytest.mark.parametrize(
    "latex",
    ["{", "}", "x^{", r"\frac{a", r"\begin{cases} x", "a $ b", r"\verb", "{" * 10_000, r"\frac{" * 3_000],
)
def test_a_formula_that_does_not_parse_stays_as_it_is(latex):
    assert math_to_unicode(latex) == latex


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{" * 60 + "x" + "}" * 60,
        r"\overline{" * 60 + "x" + "}" * 60,
        r"\frac{1}{" * 60 + "x" + "}" * 60,
        r"\sqrt{" * 60 + "x" + "}" * 60,
        "x^{" * 60 + "y" + "}" * 60,
        r"\begin{cases}" * 60 + r"\end{cases}" * 60,
        r"\left(" * 2_000,
        "x_" * 9_000,
        "1" * 19_999,
        "|" * 19_999,
        r"\frac{1}{2}" * 1_500,
        "9" * 1_000_000,
    ],
)
def test_a_hostile_formula_takes_no_time(latex):
    start = time.process_time()
    math_to_unicode(latex)
    assert time.process_time() - start < 10


TOKENS = r"""
    \frac \sqrt { } [ ] ^ _ ' ! & \\ \left \right . ( ) | \| \begin{cases} \end{cases} \begin{array}
    \end{array} x 1 , - + \text \hat \not \binom \operatorname * \mathbb \overset \foo % $ \$ ~ # \verb \item
    \xrightarrow \underline \c \newcommand \[ \] \( \) \begin{verbatim} \mathop \tag \textcolor \middle
    \big \begin \end
"""


def test_no_sequence_of_macros_raises():
    tokens, generator = TOKENS.split(), random.Random(1)
    for _ in range(4_000):
        math_to_unicode(" ".join(generator.choices(tokens, k=generator.randint(1, 12))))


@given(st.text())
def test_no_text_raises_and_the_result_is_clean(latex):
    shown = math_to_unicode(latex)
    assert clean(shown) == shown
    assert "\n" not in shown
