"""The numbers and formulas in the deck on optimisers, each worked out again."""

import math
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from lrcards.cards.content import deletions
from lrcards.cards.formats.markdown import read_deck

DECK = Path(__file__).parents[2] / "decks" / "optimisers.md"
BY_GUID = {note.guid: note for note in read_deck(DECK)}
BETA, BETA_1, BETA_2, ALPHA = 0.9, 0.9, 0.999, 0.99


def text(guid: str) -> str:
    return f"{BY_GUID[guid].question}\n{BY_GUID[guid].answer}"


def velocities(gradients: list[float], beta: float = BETA) -> list[float]:
    """The buffer b ← βb + g after each gradient."""
    return list(accumulate(gradients, lambda velocity, gradient: beta * velocity + gradient))


def adam(gradient: Callable[[float], float], start: float, rate: float, steps: int) -> list[float]:
    """The iterates of Adam in one dimension, with its usual settings but for the rate."""
    x, m, v = start, 0.0, 0.0
    iterates = [x]
    for t in range(1, steps + 1):
        g = gradient(x)
        m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g * g
        x -= rate * m / (1 - BETA_1**t) / (math.sqrt(v / (1 - BETA_2**t)) + 1e-8)
        iterates.append(x)
    return iterates


def growth(matrix: list[list[float]]) -> float:
    """By what factor a step multiplies the error in the long run: the spectral radius."""
    return float(np.abs(np.linalg.eigvals(np.array(matrix))).max())


def heavy_ball(rate: float, curvature: float, beta: float = BETA) -> float:
    """The growth of (b, x) under b ← βb + λx, x ← x − ηb."""
    return growth([[beta, curvature], [-rate * beta, 1 - rate * curvature]])


def nesterov(rate: float, curvature: float) -> float:
    """The growth of (b, x) under b ← βb + λx, x ← x − η(λx + βb)."""
    return growth([[BETA, curvature], [-rate * BETA**2, 1 - rate * curvature * (1 + BETA)]])


def test_the_iterations_of_an_epoch_are_counted_right() -> None:
    assert BY_GUID["opt-iterations"].answer.startswith(f"{1000 // 50},")
    full, left = divmod(1000, 64)
    assert full == 15
    assert BY_GUID["opt-last-batch"].answer.startswith(f"{full + 1}: fifteen full batches use {full * 64}")
    assert f"the other {left}." in text("opt-last-batch")


@pytest.mark.parametrize(("rate", "curvature"), [(0.5, 1.0), (0.05, 2.0), (1.9, 1.0)])
def test_the_variance_of_the_noise_ball_is_the_fixed_point_of_a_step(rate: float, curvature: float) -> None:
    sigma, variance = 2.0, 0.0
    for _ in range(2000):
        variance = (1 - rate * curvature) ** 2 * variance + rate**2 * sigma**2
    assert variance == pytest.approx(rate * sigma**2 / (curvature * (2 - rate * curvature)))
    assert r"$\eta\sigma^2/(\lambda(2 - \eta\lambda))$" in text("opt-noise-variance")


def test_after_22_steps_about_a_tenth_of_a_gradient_is_left() -> None:
    assert velocities([1.0] + [0.0] * 22)[-1] == pytest.approx(0.1, rel=0.05)
    assert "after 22 steps" in text("opt-momentum-memory")


def test_the_steps_of_momentum_on_a_constant_slope_are_right() -> None:
    lengths = velocities([1.0] * 200)
    assert f"{lengths[9]:.1f} times at step 10, {lengths[49]:.1f} times at step 50" in text(
        "opt-momentum-terminal"
    )
    assert lengths[-1] == pytest.approx(10)


def test_alternating_gradients_cancel_to_the_share_that_the_deck_names() -> None:
    assert abs(velocities([1.0, -1.0] * 100)[-1]) == pytest.approx(1 / 1.9)
    assert "to $g/1.9$" in text("opt-momentum-ravine")


def test_with_the_rate_inside_the_velocity_a_run_coasts_nine_more_steps() -> None:
    coasting = velocities([1.0] + [0.0] * 300)
    assert sum(coasting[1:]) == pytest.approx(9)
    assert "= 9$" in text("opt-momentum-coast")


@pytest.mark.parametrize(
    ("guid", "radius", "limit", "written"),
    [
        ("opt-momentum-limit", heavy_ball, 2 * (1 + BETA), ".1f"),
        ("opt-nesterov-limit", nesterov, (2 + 2 * BETA) / (1 + 2 * BETA), ".2f"),
    ],
)
@pytest.mark.parametrize("curvature", [1.0, 7.0])
def test_the_limits_of_stability_are_right(
    guid: str, radius: Callable[[float, float], float], limit: float, written: str, curvature: float
) -> None:
    assert radius(0.99 * limit / curvature, curvature) < 1
    assert radius(1.01 * limit / curvature, curvature) > 1
    assert f"${limit:{written}}/\\lambda$" in text(guid)


def test_the_best_factors_at_a_condition_number_of_100_are_right() -> None:
    low, high = 1.0, 100.0
    rates = np.linspace(0.001, 0.02, 1901)
    plain = np.maximum(abs(1 - rates * low), abs(1 - rates * high))
    assert rates[plain.argmin()] == pytest.approx(2 / (low + high), abs=1e-5)
    assert plain.min() == pytest.approx(99 / 101, abs=1e-3)
    # At the best setting the roots are double, so rounding leaves half the digits.
    momentum = max(heavy_ball((2 / 11) ** 2, curvature, (9 / 11) ** 2) for curvature in (low, high))
    assert momentum == pytest.approx(9 / 11, abs=1e-6)
    for guid, factor in [("opt-gd-factor", 99 / 101), ("opt-momentum-factor", 9 / 11)]:
        steps = math.log(10) / -math.log(factor)
        assert f"that is {factor:.2f}: another decimal digit takes about {steps:.0f} steps" in text(guid)


def test_the_hundredth_step_of_adagrad_is_a_tenth_of_the_first() -> None:
    assert math.sqrt(1) / math.sqrt(sum(1 for _ in range(100))) == pytest.approx(0.1)
    assert "the hundredth is a tenth" in text("opt-adagrad-steps")


def test_the_first_step_of_rmsprop_is_ten_times_the_rate() -> None:
    gradient = 3.0
    first = gradient / math.sqrt((1 - ALPHA) * gradient**2)
    assert f"${first:.0f}\\eta$" in text("opt-rmsprop-first")


def test_the_windows_of_adam_are_those_of_its_settings() -> None:
    assert f"{1 / (1 - BETA_1):.0f} for the gradients" in text("opt-adam-windows")
    assert f"{1 / (1 - BETA_2):,.0f}" in deletions(text("opt-adam-windows"))
    assert deletions(text("opt-adam-settings")) == ["0.001", f"{BETA_1}", f"{BETA_2}"]


def test_the_divisors_of_the_bias_correction_are_right() -> None:
    first, tenth = (1 - BETA_1**t for t in (1, 10))
    answer = text("opt-adam-correction")
    assert f"{first:.1g} at step 1, {tenth:.2f} at step 10" in answer
    assert f"still {1 - BETA_2**10:.2f} at step 10" in answer


def test_without_bias_correction_the_steps_of_adam_are_as_long_as_the_deck_says() -> None:
    t = np.arange(1, 5001)
    lengths = (1 - BETA_1**t) / np.sqrt(1 - BETA_2**t)
    answer = text("opt-adam-uncorrected")
    assert f"${lengths[0]:.1f}\\eta$" in answer
    assert f"${lengths.max():.1f}\\eta$ by step {t[lengths.argmax()]}" in answer
    assert -np.diff(adam(lambda _: 5.0, 0.0, 0.01, 50)) == pytest.approx(0.01)


def test_adam_does_not_see_the_scale_of_the_loss() -> None:
    path, scaled = (adam(lambda x, scale=scale: scale * x, 8.0, 0.3, 150) for scale in (1, 1000))
    assert path == pytest.approx(scaled, abs=1e-6)
    assert path[0] - path[1] == pytest.approx(0.3)


def test_a_thousand_steps_of_adam_cover_about_a_thousand_rates() -> None:
    assert 8 - adam(lambda x: x, 8.0, 0.001, 1000)[-1] == pytest.approx(1, abs=0.05)


def test_the_decay_of_adamw_at_its_defaults_is_right() -> None:
    share = 1e-3 * 0.01
    assert f"$1 - {share:.5f}$" in text("opt-adamw-share")
    assert 1 - (1 - share) ** 1000 == pytest.approx(0.01, rel=0.01)
