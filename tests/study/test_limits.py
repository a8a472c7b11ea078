import pytest

from lrcards.cards.model import Phase
from lrcards.errors import SettingsError
from lrcards.study.limits import ALL_DECKS, Allowance, Limits, Studied, left_today


def test_every_negative_limit_is_named() -> None:
    with pytest.raises(SettingsError, match=r"new_per_day is -1.*reviews_per_day is -2"):
        Limits(-1, -2)


def test_what_subdecks_did_today_counts_for_the_decks_above() -> None:
    limits = {ALL_DECKS: Limits(100, 100), "A": Limits(10, 20), "A::B": Limits(5, 5), "AB": Limits(7, 7)}
    studied = {"A": Studied(1, 2), "A::B": Studied(2, 9), "A::B::C": Studied(2, 0), "Z": Studied(1, 1)}
    assert left_today(limits, studied) == {
        ALL_DECKS: Limits(94, 88),
        "A": Limits(5, 9),
        "A::B": Limits(1, 0),
        "AB": Limits(7, 7),
    }


def test_a_deck_takes_from_the_decks_above_only_if_its_own_limit_lets_it() -> None:
    allowance = Allowance({"A": Limits(2, 1), "A::B": Limits(1, 1)})
    assert allowance.take("A::B", Phase.NEW)
    assert not allowance.take("A::B", Phase.NEW)
    assert allowance.take("A::C", Phase.NEW)
    assert not allowance.take("A", Phase.NEW)
    assert allowance.take("Other", Phase.NEW)
    assert allowance.take("A", Phase.REVIEW)
    assert not allowance.take("A::B", Phase.REVIEW)
