"""Options of a deck as they are typed: read, shown, and refused in a sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.errors import SettingsError
from lrcards.study.leeches import LeechAction
from lrcards.study.memory import DEFAULT_PARAMETERS
from lrcards.study.option_texts import changed, parameters_in_words, problem_with, text_of
from lrcards.study.options import DeckOptions, Fitted, StudyOptions
from lrcards.study.orders import ReviewOrder

MINUTE = timedelta(minutes=1)
NONE = DeckOptions()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("desired_retention", " 0.85 ", 0.85),
        ("new_per_day", "0", 0),
        ("maximum_interval", "365", 365),
        ("fuzz", "no", False),
        ("load_balancing", "TRUE", True),
        ("learning_steps", "1m 10m", (MINUTE, 10 * MINUTE)),
        ("learning_steps", "90s,2h", (1.5 * MINUTE, 120 * MINUTE)),
        ("relearning_steps", "none", ()),
        ("review_order", "descending recall", ReviewOrder.DESCENDING_RECALL),
        ("leech_action", "tag", LeechAction.TAG),
        ("parameters", "[" + ", ".join(map(str, DEFAULT_PARAMETERS)) + "]", DEFAULT_PARAMETERS),
    ],
)
def test_a_typed_value_is_read(name: str, text: str, value: object) -> None:
    assert getattr(changed(NONE, name, text), name) == value


def test_an_empty_text_leaves_an_option_to_the_decks_above() -> None:
    assert changed(DeckOptions(fuzz=False, new_per_day=3), "fuzz", " ") == DeckOptions(new_per_day=3)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("desired_retention", "1", "desired_retention is 1.0, but it lies in 0.7 to 0.99."),
        ("desired_retention", "much", "desired_retention must be a number, not 'much'."),
        ("new_per_day", "-1", "new_per_day is -1, but it is 0 or more."),
        ("new_per_day", "2.5", "new_per_day must be a whole number, not 2.5."),
        ("fuzz", "maybe", "fuzz must be true or false, not 'maybe'."),
        ("learning_steps", "ten", "learning_steps must be a list of times"),
        ("relearning_steps", "0s", "a step is a whole number of seconds, at least one."),
        ("maximum_interval", "99999", "it lies in 1 to 36500 days."),
        ("leech_threshold", "-3", "leech_threshold is -3, but it is 0 or more."),
        ("leech_action", "bury", 'leech_action must be one of "suspend", "tag"'),
        ("parameters", "1 2 3", "there are 3 FSRS parameters."),
        ("parameters", "1 2 x", "FSRS parameters are numbers: could not convert string to float: 'x'."),
        ("parameters", " ".join(["nan"] * 21), "FSRS parameter 1 is nan"),
        ("parameter", "1", "there is no option 'parameter'."),
    ],
)
def test_what_is_wrong_with_a_typed_value_is_said(name: str, text: str, reason: str) -> None:
    assert reason in problem_with(name, text)
    with pytest.raises(SettingsError):
        changed(NONE, name, text)


def test_nothing_is_wrong_with_a_right_value() -> None:
    assert problem_with("desired_retention", "0.9") == ""


values: dict[str, st.SearchStrategy[Any]] = {
    "desired_retention": st.integers(70, 99).map(lambda percent: percent / 100),
    "reviews_per_day": st.integers(0, 10**6),
    "learning_steps": st.lists(st.integers(1, 10**6).map(lambda n: timedelta(seconds=n))).map(tuple),
    "fuzz": st.booleans(),
    "review_order": st.sampled_from(ReviewOrder),
}


@given(st.sampled_from(sorted(values)).flatmap(lambda name: st.tuples(st.just(name), values[name])))
def test_a_value_that_is_shown_can_be_typed_again(named: tuple[str, object]) -> None:
    name, value = named
    assert getattr(changed(NONE, name, text_of(value)), name) == value


def test_parameters_say_where_they_come_from() -> None:
    other = (0.5, *DEFAULT_PARAMETERS[1:])
    fitted = Fitted(date(2026, 3, 2), 1234)
    assert parameters_in_words(StudyOptions()) == "default"
    assert parameters_in_words(StudyOptions(parameters=other)) == "given"
    assert parameters_in_words(StudyOptions(parameters=other, fitted=fitted)) == (
        "fitted on 2026-03-02 to 1,234 reviews"
    )


def test_typed_parameters_are_not_fitted_ones() -> None:
    fitted = DeckOptions(parameters=DEFAULT_PARAMETERS, fitted=Fitted(date(2026, 3, 2), 1234))
    assert changed(fitted, "parameters", " ".join(map(str, DEFAULT_PARAMETERS))).fitted is None
