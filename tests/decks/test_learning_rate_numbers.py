"""The numbers in the deck on the learning rate, each worked out again."""

from pathlib import Path

import pytest

from lrcards.cards.content import deletions
from lrcards.cards.formats.markdown import read_deck

DECK = Path(__file__).parents[2] / "decks" / "learning-rate.md"
BY_GUID = {note.guid: note for note in read_deck(DECK)}


def kink_iterates(rate: float, steps: int, factor: float = 1.0) -> list[float]:
    """Descend Σ|xᵢ − x̂| over 19, 17, 24 from 24.5; the rate shrinks by ``factor`` after each step."""
    iterates = [24.5]
    for t in range(steps):
        slope = sum((iterates[-1] > x) - (iterates[-1] < x) for x in (19, 17, 24))
        iterates.append(iterates[-1] - rate * factor**t * slope)
    return iterates


def kink_loss(x: float) -> float:
    return sum(abs(measurement - x) for measurement in (19, 17, 24))


def text(guid: str) -> str:
    return f"{BY_GUID[guid].question}\n{BY_GUID[guid].answer}"


def numbers(values: list[float], arrow: str) -> str:
    return f" {arrow} ".join(f"{value:.4g}" for value in values)


def test_the_iterates_of_the_worked_example_are_those_of_gradient_descent() -> None:
    iterates = kink_iterates(1, 6)
    assert numbers(iterates[:3], "→") in BY_GUID["lr-kink-iterates"].question
    assert numbers(iterates[3:], "→") in BY_GUID["lr-kink-iterates"].answer
    assert f"as far as {iterates[1]}" in text("lr-kink-first-step")


def test_the_losses_of_the_worked_example_are_right() -> None:
    cycle = kink_iterates(1, 40)[-2:]
    assert {kink_loss(x) for x in cycle} == {7.5}
    assert deletions(text("lr-kink-loss")) == ["7.5", f"{kink_loss(19):.1f}"]
    assert f"= {kink_loss(19):.0f}." in text("lr-kink-optimum")


@pytest.mark.parametrize(
    ("guid", "rate"),
    [("lr-kink-loss", 1), ("lr-flat-not-converged", 1), ("lr-kink-tenths", 0.3), ("lr-kink-wide", 3)],
)
def test_the_cycles_at_the_kink_are_right(guid: str, rate: float) -> None:
    cycle = sorted(kink_iterates(rate, 200)[-2:], reverse=True)
    assert numbers(cycle, "↔") in text(guid)


def test_a_rate_of_a_tenth_comes_to_the_optimum_at_the_step_that_the_deck_names() -> None:
    iterates = kink_iterates(0.1, 60)
    arrived_at = next(step for step, x in enumerate(iterates) if abs(x - 19) < 1e-9)
    assert f"at step {arrived_at}." in text("lr-kink-small")
    assert f"lead to {iterates[2]:.1f}" in text("lr-kink-small")


def test_the_distances_at_which_exponential_decay_stops_are_right() -> None:
    distances = {factor: abs(kink_iterates(1, 500, factor)[-1] - 19) for factor in (0.5, 0.7, 0.9)}
    assert f"stops {distances[0.5]:.1f} away" in text("lr-exponential-stall")
    assert f"stops {distances[0.7]:.2f} away" in text("lr-exponential-stall")
    assert distances[0.9] < 1e-6


def test_the_parabola_swings_as_the_kink_does_until_the_rate_is_halved() -> None:
    across, solved = (19.5 - rate * 2 * (19.5 - 19) for rate in (1, 0.5))
    assert f"once at 19.5, swings {numbers([19.5, across], '↔')}" in text("lr-kink-or-bowl")
    assert solved == 19


def test_the_rate_of_step_decay_in_epoch_75_is_right() -> None:
    assert f"{0.1 * 0.1 ** (74 // 30):.4g}: two drops" in text("lr-step-decay")
