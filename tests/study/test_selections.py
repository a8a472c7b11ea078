from dataclasses import replace
from datetime import date, timedelta

from lrcards.cards.model import Card, Memory, Phase
from lrcards.study.selections import due_ahead

TODAY = date(2026, 5, 20)


def review(note: str, due: int = 0) -> Card:
    due_day = TODAY + timedelta(days=due)
    return Card(f"{note}#0", note, 0, phase=Phase.REVIEW, memory=Memory(3.0, 5.0), due_day=due_day)


def names(cards: list[Card]) -> list[str]:
    return [card.note_guid for card in cards]


def test_studying_ahead_takes_the_reviews_of_the_coming_days_the_earliest_first() -> None:
    cards = [
        review("far", 4),
        review("third", 3),
        review("first", 1),
        review("today", 0),
        Card("n#0", "n", 0),
    ]
    learning = replace(review("step", 1), phase=Phase.LEARNING)
    away = [replace(review("s", 1), suspended=True), replace(review("b", 1), buried_until=date(2026, 5, 21))]
    assert names(due_ahead([*cards, learning, *away], TODAY, 3)) == ["first", "third"]
