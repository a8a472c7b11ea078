from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from lrcards.cards.model import Card, Memory, Phase
from lrcards.study.backlog import Backlog, backlog
from lrcards.study.memory import MemoryModel
from lrcards.study.orders import most_at_stake_first

TODAY = date(2026, 5, 20)
MODEL = MemoryModel()


def recall(card: Card, day: date) -> float:
    assert card.memory is not None
    assert card.last_day is not None
    return MODEL.retrievability(card.memory, (day - card.last_day).days)


def reviews(*stabilities: float) -> list[Card]:
    card = Card("", "", 0, phase=Phase.REVIEW, due_day=TODAY, last_day=TODAY - timedelta(days=10))
    return [
        replace(card, guid=f"n{number}#0", memory=Memory(stability, 5.0))
        for number, stability in enumerate(stabilities)
    ]


def plan_for(due: list[Card], per_day: int, coming: Mapping[date, int] | None = None) -> Backlog | None:
    waiting = most_at_stake_first(due, TODAY, recall)

    def loss(places: slice, days: int) -> float:
        then = TODAY + timedelta(days=days)
        return sum(recall(card, TODAY) - recall(card, then) for card in waiting[places])

    return backlog(len(due), loss, per_day, TODAY, coming)


def test_what_a_day_brings_is_no_backlog() -> None:
    assert plan_for(reviews(1, 2, 3), 3) is None


def test_a_backlog_ends_when_the_last_card_was_asked() -> None:
    plan = plan_for(reviews(*[10.0] * 25), 10)
    assert plan is not None
    assert (plan.due, plan.per_day, plan.days) == (25, 10, 3)
    card = reviews(10.0)[0]
    losses = [recall(card, TODAY) - recall(card, TODAY + timedelta(days=days)) for days in (1, 2)]
    assert plan.forgotten == pytest.approx(10 * losses[0] + 5 * losses[1])


def test_what_comes_due_anyway_goes_first() -> None:
    coming = {TODAY: 99, TODAY + timedelta(days=1): 8, TODAY + timedelta(days=2): 12}
    plan = plan_for(reviews(*[10.0] * 25), 10, coming)
    assert plan is not None
    assert plan.days == 5


def test_a_backlog_that_never_ends_is_told() -> None:
    plan = plan_for(reviews(1, 2, 3), 0)
    assert plan is not None
    assert plan.days is None
    assert "not be done within a year" in plan.sentence()


@pytest.mark.parametrize("stabilities", [(0.5, 4, 12, 30), (1, 2, 90, 365), (0.02, 0.3, 6, 700)])
def test_no_other_order_forgets_much_less(stabilities: tuple[float, ...]) -> None:
    plan = plan_for(reviews(*stabilities), 1)
    assert plan is not None
    forgotten = [
        sum(
            recall(card, TODAY) - recall(card, TODAY + timedelta(days=days))
            for days, card in enumerate(order)
        )
        for order in permutations(reviews(*stabilities))
    ]
    assert plan.forgotten <= min(forgotten) + 0.01
    assert plan.forgotten < 0.75 * max(forgotten)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (
            Backlog(412, 200, 3, 6.4),
            "412 reviews are due and a day brings 200: they will be done in 3 days, "
            "and about 6 cards are forgotten in the meantime.",
        ),
        (
            Backlog(2, 1, 2, 0.2),
            "2 reviews are due and a day brings 1: they will be done in 2 days, "
            "and hardly a card is forgotten in the meantime.",
        ),
    ],
)
def test_the_cost_is_told_in_one_sentence(plan: Backlog, sentence: str) -> None:
    assert plan.sentence() == sentence
