from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lrcards.cards.model import Card, Memory, Phase, Rating, Review, ReviewKind
from lrcards.study.selections import due_ahead, forgotten_on, of_deck, with_tag

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


def test_forgotten_today_are_the_cards_rated_again_on_the_study_day_in_any_sitting() -> None:
    cards = [review(note) for note in "abcd"]
    at = datetime(2026, 5, 20, 12, tzinfo=UTC)
    log = [
        Review("1", "a#0", Rating.AGAIN, at, TODAY, 900),
        Review("2", "a#0", Rating.GOOD, at, TODAY, 900),
        Review("3", "b#0", Rating.HARD, at, TODAY, 900),
        Review("4", "c#0", Rating.AGAIN, at, TODAY - timedelta(days=1), 900),
        Review("5", "d#0", Rating.AGAIN, at, TODAY, 900, ReviewKind.CRAM),
    ]
    assert names(forgotten_on(cards, log, TODAY)) == ["a", "d"]


def test_a_tag_takes_those_below_it_in_any_case() -> None:
    cards = [review(note) for note in "abcd"]
    tags = {"a": ("rates",), "b": ("x", "Rates::Decay"), "c": ("ratesx",)}
    assert names(with_tag(cards, tags, "RATES")) == ["a", "b"]
    assert names(with_tag(cards, tags, "rates::decay")) == ["b"]


def test_a_deck_takes_its_subdecks() -> None:
    cards = [review(note) for note in "abc"]
    assert names(of_deck(cards, {"a": "A", "b": "A::B", "c": "AB"}, "A")) == ["a", "b"]
