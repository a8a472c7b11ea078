from dataclasses import replace
from itertools import pairwise

import pytest

from lrcards.cards.model import Card
from lrcards.errors import SettingsError
from lrcards.study.leeches import LeechRule, is_leech

CARD = Card("note#0", "note", 0)


@pytest.mark.parametrize(
    ("threshold", "told"),
    [(8, [8, 12, 16, 20]), (7, [7, 11, 15, 19]), (3, [3, 5, 7, 9, 11, 13, 15, 17, 19]), (0, [])],
)
def test_a_leech_is_told_at_the_threshold_and_then_every_half_of_it(threshold: int, told: list[int]) -> None:
    lapses = [replace(CARD, lapses=number) for number in range(21)]
    assert [after.lapses for before, after in pairwise(lapses) if is_leech(before, after, threshold)] == told
    assert is_leech(CARD, replace(CARD, lapses=1), 1)


def test_a_leech_that_recalls_is_not_told_again() -> None:
    leech = replace(CARD, lapses=8)
    assert not is_leech(leech, leech, 8)


def test_lapses_that_came_together_are_all_looked_at() -> None:
    assert is_leech(replace(CARD, lapses=6), replace(CARD, lapses=10), 8)


def test_a_negative_threshold_is_refused() -> None:
    with pytest.raises(SettingsError, match="leech_threshold is -1"):
        LeechRule(-1)
