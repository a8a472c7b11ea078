from datetime import date, timedelta

import pytest

from lrcards.errors import SettingsError
from lrcards.study.leeches import LeechAction
from lrcards.study.memory import DEFAULT_PARAMETERS
from lrcards.study.options import DECK_SETTINGS, DeckOptions, Fitted, StudyOptions, options_of, source_of
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder

DEFAULT = StudyOptions()
OTHER_PARAMETERS = (0.5, *DEFAULT_PARAMETERS[1:])


def test_a_deck_that_changes_nothing_has_the_learners_settings() -> None:
    assert options_of("A::B", {}, DEFAULT) == DEFAULT
    assert options_of("A::B", {"A": DeckOptions(), "A::B": DeckOptions()}, DEFAULT) == DEFAULT


def test_each_value_comes_from_the_nearest_deck_above_that_has_one() -> None:
    changes = {
        "A": DeckOptions(desired_retention=0.8, new_per_day=7, leech_action=LeechAction.TAG),
        "A::B": DeckOptions(desired_retention=0.95, parameters=OTHER_PARAMETERS),
        "A::B::C": DeckOptions(reviews_per_day=0, leech_threshold=0),
        "AB": DeckOptions(new_per_day=99),
    }
    options = options_of("A::B::C", changes, DEFAULT)
    assert options.scheduler.desired_retention == 0.95
    assert options.scheduler.learning_steps == DEFAULT.scheduler.learning_steps
    assert options.parameters == OTHER_PARAMETERS
    assert (options.limits.new_per_day, options.limits.reviews_per_day) == (7, 0)
    assert (options.leeches.threshold, options.leeches.action) == (0, LeechAction.TAG)
    assert options_of("A", changes, DEFAULT).scheduler.desired_retention == 0.8
    assert options_of("A::Z", changes, DEFAULT) == options_of("A", changes, DEFAULT)


def test_every_value_of_a_deck_that_is_not_allowed_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        DeckOptions(1.5, (1.0,), -1, -2, -3)
    for words in (
        "desired_retention is 1.5",
        "1 FSRS parameters",
        "new_per_day is -1",
        "reviews_per_day is -2",
    ):
        assert words in str(caught.value)
    assert "leech_threshold is -3" in str(caught.value)


def test_every_setting_of_a_deck_is_in_force_where_it_belongs() -> None:
    step = (timedelta(hours=1),)
    deck = DeckOptions(
        0.8, None, 1, 2, 3, LeechAction.TAG, step, (), 100, False, False,
        ReviewOrder.DUE, NewOrder.RANDOM, NewMix.LAST, False, False,
    )  # fmt: skip
    options = DEFAULT.changed_by(deck)
    for name in DECK_SETTINGS:
        assert options.value(name) == getattr(deck, name) != DEFAULT.value(name)


def test_parameters_come_with_when_they_were_fitted() -> None:
    fitted = Fitted(date(2026, 3, 2), 500)
    changes = {"A": DeckOptions(parameters=OTHER_PARAMETERS, fitted=fitted), "A::B": DeckOptions(fuzz=False)}
    assert options_of("A::B", changes, DEFAULT).fitted == fitted
    given = changes | {"A::B": DeckOptions(parameters=OTHER_PARAMETERS)}
    assert options_of("A::B", given, DEFAULT).fitted is None


def test_an_option_comes_from_the_nearest_deck_that_has_it() -> None:
    changes = {"A": DeckOptions(fuzz=False, new_per_day=1), "A::B": DeckOptions(fuzz=True)}
    assert source_of("fuzz", "A::B::C", changes) == "A::B"
    assert source_of("new_per_day", "A::B", changes) == "A"
    assert source_of("new_mix", "A::B", changes) is None
    assert source_of("fuzz", "AB", changes) is None
