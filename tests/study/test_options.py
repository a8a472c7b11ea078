import pytest

from lrcards.errors import SettingsError
from lrcards.study.leeches import LeechAction
from lrcards.study.memory import DEFAULT_PARAMETERS
from lrcards.study.options import DeckOptions, StudyOptions, options_of

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
