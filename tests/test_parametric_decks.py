"""The parametric cards of the shipped decks: every draw against a rule worked out here from what it shows."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from lrcards.cards.formats.markdown import read_deck
from lrcards.cards.parametric import draw, is_parametric
from lrcards.descent.questions import Question
from lrcards.experiments import prepared

DECKS = Path(__file__).parents[1] / "decks"
NOTES = {
    note.guid: note
    for path in sorted(DECKS.glob("*.md"))
    if path.name != "README.md"
    for note in read_deck(path)
    if is_parametric(note)
}
DRAWS = 1000
MEASUREMENTS = (19, 17, 24)


def written(value: float | Fraction) -> str:
    return f"{float(value):.5g}"


def kink_slope(x: Fraction) -> int:
    return sum((x > measurement) - (x < measurement) for measurement in MEASUREMENTS)


@lru_cache
def kink_iterates(x: Fraction, rate: Fraction, steps: int) -> list[Fraction]:
    iterates = [x]
    for _ in range(steps):
        iterates.append(iterates[-1] - rate * kink_slope(iterates[-1]))
    return iterates


def next_on_the_bowl(curvature: Fraction, rate: Fraction, start: Fraction) -> str:
    return written(start - rate * curvature * start)


def next_on_the_kink(start: Fraction, rate: Fraction) -> str:
    return written(start - rate * kink_slope(start))


def cycle_at_the_kink(start: Fraction, rate: Fraction) -> str:
    one, other = sorted(kink_iterates(start, rate, 200)[-2:])
    return "it comes to rest at 19" if one == other == 19 else f"{written(one)} ↔ {written(other)}"


def regime_on_the_bowl(curvature: Fraction, rate: Fraction) -> str:
    factor = 1 - rate * curvature
    if factor >= 0:
        return "goes to the minimum from one side"
    if factor > -1:
        return "jumps from side to side, and arrives"
    return "cycles for ever between the same points" if factor == -1 else "diverges"


def first_on_the_bowl(curvature: Fraction, low: Fraction, middle: Fraction, high: Fraction) -> str:
    return f"η = {float(min((low, middle, high), key=lambda rate: abs(1 - rate * curvature))):g}"


def inverse_time(base: Fraction, decay: Fraction, epoch: Fraction) -> str:
    return written(base / (1 + decay * epoch))


def step_decay(base: Fraction, factor: Fraction, every: Fraction, epoch: Fraction) -> str:
    return written(base * factor ** (epoch // every))


def exponential(base: Fraction, factor: Fraction, epoch: Fraction) -> str:
    return written(base * factor ** int(epoch))


def cosine(base: Fraction, horizon: Fraction, epoch: Fraction) -> str:
    return written(float(base) * (1 + math.cos(math.pi * epoch / horizon)) / 2)


def drop_at_the_kink(start: Fraction, rate: Fraction) -> str:
    end, _, again = kink_iterates(start, rate, 42)[40:]
    if kink_slope(end) == 0:
        return "nothing changes"
    return "it falls, to a lower level" if again == end else "it falls on, only more slowly"


def first_step_of_adam(curvature: Fraction, rate: Fraction, start: Fraction) -> str:
    return written(start - rate if curvature * start > 0 else start + rate)


def fate_of_momentum(momentum: Fraction, curvature: Fraction, rate: Fraction) -> str:
    return fate(rate, 2 * (1 + momentum) / curvature)


def fate_of_nesterov(momentum: Fraction, curvature: Fraction, rate: Fraction) -> str:
    return fate(rate, (2 + 2 * momentum) / ((1 + 2 * momentum) * curvature))


def fate(rate: Fraction, limit: Fraction) -> str:
    if rate == limit:
        return "it neither settles nor leaves"
    return "it converges" if rate < limit else "it diverges"


# The rule of each card, and how many different answers its draws must have at least.
RULES: dict[str, tuple[Callable[..., str], int]] = {
    "lr-draw-next": (next_on_the_bowl, 20),
    "lr-draw-kink-next": (next_on_the_kink, 20),
    "lr-draw-kink-cycle": (cycle_at_the_kink, 10),
    "lr-draw-regime": (regime_on_the_bowl, 4),
    "lr-draw-first": (first_on_the_bowl, 7),
    "lr-draw-inverse-time": (inverse_time, 12),
    "lr-draw-step-decay": (step_decay, 20),
    "lr-draw-exponential": (exponential, 20),
    "lr-draw-cosine": (cosine, 12),
    "lr-draw-drop": (drop_at_the_kink, 3),
    "lr-draw-adam": (first_step_of_adam, 15),
    "opt-draw-momentum": (fate_of_momentum, 3),
    "opt-draw-nesterov": (fate_of_nesterov, 3),
}
# What stands before a value in a question, wherever it is shown.
SYMBOLS = {
    "curvature": ("\\lambda = ",),
    "rate": ("\\eta = ",),
    "momentum": ("\\beta = ",),
    "start": ("x = ", "\\hat{x} = "),
    "base": ("\\eta_0 = ",),
    "decay": ("\\alpha = ",),
    "factor": ("\\gamma = ", "multiplies by "),
}
every_card = pytest.mark.parametrize("guid", RULES)


def asked(guid: str, number: int) -> tuple[str, Question]:
    ready = prepared(NOTES[guid], number)
    assert ready.question is not None, ready.problem
    return ready.note.question, ready.question


def first_of_equal_draws(guid: str) -> Iterator[int]:
    """Yield the draws that differ, and each a second time, when other wrong choices go with it.

    There are a hundred combinations of values at most: most of a thousand draws would run the same again.
    """
    drawn = Counter[str]()
    for number in range(DRAWS):
        note = repr(draw(NOTES[guid], number))
        drawn[note] += 1
        if drawn[note] <= 2:
            yield number


def shown(guid: str, question: str) -> dict[str, Fraction]:
    """Return the values that a question shows, exactly as they are written, by their names in the deck."""
    names = "|".join(NOTES[guid].experiment["vary"])  # type: ignore[index]
    pattern = re.sub(
        rf"\\{{({names})\\}}", r"\\{?(?P<\1>-?[0-9.]*[0-9])\\}?", re.escape(NOTES[guid].question)
    )
    found = re.fullmatch(pattern, question)
    assert found, question
    return {name: Fraction(value) for name, value in found.groupdict().items()}


def test_every_parametric_card_has_its_rule() -> None:
    assert set(NOTES) == set(RULES)


@every_card
def test_a_question_shows_every_value_with_its_symbol(guid: str) -> None:
    for name in NOTES[guid].experiment["vary"]:  # type: ignore[index]
        symbols = SYMBOLS.get(name, ("",))
        assert any(f"{symbol}{{{name}}}" in NOTES[guid].question for symbol in symbols), name


@every_card
def test_what_the_engine_computes_is_what_the_rule_says(guid: str) -> None:
    rule, variety = RULES[guid]
    answers = set()
    for number in first_of_equal_draws(guid):
        text, question = asked(guid, number)
        assert question.answer == rule(**shown(guid, text)), text
        answers.add(question.answer)
    assert len(answers) >= variety


@every_card
def test_choices_differ_as_they_read_and_the_right_one_is_not_given_away_by_its_place(guid: str) -> None:
    places = []
    for number in range(100):
        _, question = asked(guid, number)
        assert 3 <= len(question.choices) <= 4
        assert len(set(question.choices)) == len(question.choices)
        assert question.because
        places.append(question.truth)
    assert max(places.count(place) for place in set(places)) <= 90


@every_card
def test_a_review_that_is_asked_again_is_asked_the_same(guid: str) -> None:
    assert asked(guid, 7) == asked(guid, 7)
