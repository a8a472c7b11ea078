"""Parametric cards: what their authors may write, and that a review always has the same values."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.formats.markdown import parse_deck, write_deck
from lrcards.cards.model import Note, NoteKind, Source
from lrcards.cards.parametric import draw, in_words, is_parametric, possible_values, samples
from lrcards.errors import DeckError

CARD = """
Q: On $\\lambda x^2/2$ with $\\lambda = {curvature}$ and η = {rate}, what do the iterates do?
<!-- id: bowl -->
```lab
ask = "regime"
objective = {name = "quadratic", curvatures = ["{curvature}"]}
rate = "{rate}"
start = 8
steps = 60

[vary]
curvature = [1, 2, 4]
rate = {from = 0.1, to = 1.2, decimals = 1}
```
"""


def parse(text: str) -> Note:
    (note,) = parse_deck(text, path="notes.md")
    return note


BOWL = parse(CARD)


def note(vary: object, question: str = "{rate}", **experiment: object) -> Note:
    data = {"ask": "regime", "rate": "{rate}", **experiment, "vary": vary}
    return Note("guid", "deck", NoteKind.BASIC, question, experiment=data, source=Source("notes.md", 1, 5))


def mistake(asked: Note) -> str:
    with pytest.raises(DeckError) as caught:
        draw(asked, 0)
    return str(caught.value)


def test_a_parametric_card_needs_no_answer_in_the_deck():
    assert BOWL.answer == ""
    assert is_parametric(BOWL)
    assert len(parse_deck(CARD + CARD.replace("id: bowl", "id: second"), path="notes.md")) == 2
    assert len(parse_deck(CARD + "---\nQ: Why?\nA: Because.", path="notes.md")) == 2


def test_a_parametric_card_may_have_words_of_its_own_for_the_answer():
    assert parse(CARD + "A: Look at the factor.").answer == "Look at the factor."


def test_a_card_that_does_not_vary_still_needs_its_answer():
    with pytest.raises(DeckError, match="before the question has an answer"):
        parse(CARD.replace("[vary]", "[other]"))


def test_a_parametric_card_is_written_and_read_again():
    written = write_deck([BOWL], name="notes")
    assert parse_deck(written, path="notes.md") == [replace(BOWL, source=Source("notes.md", 5))]


def test_the_line_of_the_lab_fence_is_remembered_but_makes_no_other_note():
    assert BOWL.source == Source("notes.md", 2)
    assert BOWL.source.lab == 4


def test_numbers_arrive_as_numbers_in_the_experiment_and_are_written_into_the_question():
    drawn = draw(BOWL, 3)
    experiment = dict(drawn.experiment)
    curvature, rate = experiment["objective"]["curvatures"][0], experiment["rate"]
    assert curvature in (1, 2, 4)
    assert isinstance(rate, float)
    assert "vary" not in experiment
    assert f"= {{{curvature}}}$ and η = {rate}, what" in drawn.question


def test_a_word_fills_a_part_of_a_text():
    drawn = draw(note({"rate": [0.1], "a": ["2"]}, function="{a}*x**2"), 0)
    assert drawn.experiment == {"ask": "regime", "rate": 0.1, "function": "2*x**2"}


def test_braces_that_are_no_names_are_left_alone():
    drawn = draw(note({"rate": [0.5]}, "$\\frac{a}{b}$, `{x: 1}`, {rate}"), 0)
    assert drawn.question == "$\\frac{a}{b}$, `{x: 1}`, 0.5"


@given(st.integers(min_value=0, max_value=10**6))
def test_the_same_review_has_the_same_values_every_time(number):
    Random(number).random()
    assert draw(BOWL, number) == draw(BOWL, number)


@given(st.integers(min_value=0, max_value=10**6))
def test_what_was_drawn_stays_as_it_is(number):
    drawn = draw(BOWL, number)
    assert draw(drawn, number + 1) == drawn


def test_reviews_differ_from_each_other_and_from_those_of_other_notes():
    questions = {draw(BOWL, number).question for number in range(200)}
    assert len(questions) == 3 * 12
    other = replace(BOWL, guid="other")
    assert [draw(other, n).question for n in range(9)] != [draw(BOWL, n).question for n in range(9)]


def test_the_values_of_a_review_are_the_same_on_every_machine():
    assert [draw(BOWL, number).experiment["rate"] for number in range(5)] == [0.4, 0.3, 0.6, 0.2, 0.3]


def test_values_are_told_by_name():
    assert in_words({"curvature": 2, "rate": 0.50, "schedule": "cosine"}) == (
        "curvature = 2, rate = 0.5, schedule = cosine"
    )


@pytest.mark.parametrize(
    ("given_values", "values"),
    [
        ([3, "a", 0.5], [3, "a", 0.5]),
        ({"from": 1, "to": 4}, [1, 2, 3, 4]),
        ({"from": 0.1, "to": 0.4, "decimals": 1}, [0.1, 0.2, 0.3, 0.4]),
        ({"from": -0.5, "to": 0.27, "decimals": 1}, [-0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2]),
        ({"from": 1, "to": 2, "decimals": 1}, [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0]),
    ],
)
def test_a_name_has_the_values_of_a_list_or_of_a_range(given_values, values):
    assert list(possible_values(note({"rate": given_values}))["rate"]) == values


def test_all_combinations_are_tried_if_they_are_few_and_all_ends_if_they_are_many():
    few = list(samples(BOWL, 100))
    assert len(few) == 36
    many = note(
        {"rate": {"from": 0, "to": 1, "decimals": 3}, "other": {"from": 0, "to": 999}}, "{rate} {other}"
    )
    tried = list(samples(many, 100))
    assert 50 <= len(tried) <= 110
    for rate in (0.0, 1.0):
        for other in (0, 999):
            assert {"rate": rate, "other": other} in tried


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (note({}), "“vary” is no table"),
        (note([1]), "“vary” is no table"),
        (note({"rate": []}), "not numbers or texts"),
        (note({"rate": [True]}), "not numbers or texts"),
        (note({"rate": [float("nan")]}), "not numbers or texts"),
        (note({"rate": 3}), "no list and no range"),
        (note({"rate": {"from": 1}}), "no list and no range"),
        (note({"rate": {"from": 1, "to": 2, "step": 1}}), "no list and no range"),
        (note({"rate": {"from": 2, "to": 1}}), "does not go up"),
        (note({"rate": {"from": 1, "to": 2, "decimals": 1.5}}), "not one of 0 to 9"),
        (note({"rate": {"from": 0, "to": 1, "decimals": 9}}), "has more than 10000 values"),
        (note({"rate": {"from": 0, "to": 1e308, "decimals": 9}}), "does not go up"),
        (note({"rate": [10**400]}), "not numbers or texts"),
        (note({"rate": [1], "ratio": [1]}), "Nothing uses “ratio”"),
        (note({"rate": [1]}, steps="{rat}"), "Did you mean {rate}?"),
        (note({"rate": [1], "a b": [1]}), "“a b” is no name"),
    ],
)
def test_a_mistake_is_told_at_the_line_of_the_experiment(asked, message):
    told = mistake(asked)
    assert told.startswith("notes.md:5: ")
    assert message in told


def test_a_card_that_varies_must_ask_something_and_cannot_be_a_cloze():
    silent = Note("guid", "deck", NoteKind.BASIC, "{rate}", experiment={"vary": {"rate": [1]}})
    assert "asks nothing" in mistake(silent)
    cloze = Note(
        "guid", "deck", NoteKind.CLOZE, "[{rate}]", experiment={"ask": "regime", "vary": {"rate": [1]}}
    )
    assert "cloze card cannot vary" in mistake(cloze)
