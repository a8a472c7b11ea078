from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Card, Memory, Phase, Rating, card_guid
from lrcards.errors import SettingsError
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.queue import Counts, Limits, Queue
from lrcards.study.scheduler import Scheduler, SchedulerSettings

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TODAY = date(2026, 5, 20)
DAYS = StudyDays(UTC)
MINUTE = timedelta(minutes=1)
SCHEDULER = Scheduler(SchedulerSettings(), MemoryModel(), DAYS)


def new(note: str, ordinal: int = 0, position: int = 0) -> Card:
    return Card(card_guid(note, ordinal), note, ordinal, position)


def review(
    note: str, ordinal: int = 0, *, stability: float = 10.0, overdue: int = 0, interval: int = 10
) -> Card:
    return replace(
        new(note, ordinal),
        phase=Phase.REVIEW,
        memory=Memory(stability, 5.0),
        due_day=TODAY - timedelta(days=overdue),
        interval=interval,
    )


def learning(note: str, ordinal: int = 0, *, due: timedelta = timedelta(0)) -> Card:
    return replace(new(note, ordinal), phase=Phase.LEARNING, memory=Memory(1.0, 5.0), due_at=NOW + due)


def queue(
    *cards: Card, limits: Limits | None = None, introduced: int = 0, reviewed: int = 0, notes: str = ""
) -> Queue:
    return Queue(
        cards,
        NOW,
        DAYS,
        limits or Limits(),
        introduced=introduced,
        reviewed=reviewed,
        answered_notes=frozenset(notes),
    )


def order(of: Queue, now: datetime = NOW) -> list[str]:
    """Name the notes in the order they would come if every card left after its answer; undo it all again."""
    answers = []
    while card := of.next(now):
        after = replace(card, phase=Phase.REVIEW, due_at=None, due_day=TODAY + timedelta(days=3), interval=3)
        of.answered(card, after)
        answers.append((card, after))
    for card, after in reversed(answers):
        of.undone(card, after)
    return [card.note_guid for card, _ in answers]


def test_learning_cards_come_at_their_minute_and_before_all_others() -> None:
    cards = queue(new("n"), review("r"), learning("b", due=-MINUTE), learning("a", due=2 * MINUTE))
    assert order(cards) == ["b", "r", "n", "a"]
    assert order(cards, NOW + 2 * MINUTE) == ["b", "a", "r", "n"]


def test_the_review_most_likely_forgotten_comes_first_whatever_its_due_day() -> None:
    barely = review("barely", stability=100.0, overdue=30)
    fading = review("fading", stability=2.0)
    assert order(queue(barely, fading)) == ["fading", "barely"]


def test_equally_likely_reviews_come_in_the_order_of_their_guids() -> None:
    assert order(queue(review("b"), review("c"), review("a"))) == ["a", "b", "c"]


def test_new_cards_come_in_order_of_position_spread_evenly_over_the_reviews() -> None:
    cards = [new("y", position=2), new("x", position=1), *(review(name) for name in "abcdef")]
    assert order(queue(*cards)) == ["a", "b", "x", "c", "d", "e", "y", "f"]


def test_cards_that_are_not_due_today_are_left_out() -> None:
    tomorrow = replace(learning("a"), due_at=None, due_day=TODAY + timedelta(days=1), interval=1)
    assert order(queue(review("r", overdue=-1), tomorrow)) == []


def test_a_step_that_was_put_off_to_today_comes_first_and_counts_as_learning() -> None:
    put_off = replace(learning("a"), due_at=None, due_day=TODAY, interval=1)
    cards = queue(review("r"), put_off)
    assert cards.counts() == Counts(learning=1, review=1)
    assert order(cards) == ["a", "r"]


def test_the_limits_take_account_of_what_today_already_brought() -> None:
    cards = [
        *(new(f"n{number}", position=number) for number in range(5)),
        *(review(f"r{number}") for number in range(5)),
    ]
    limits = Limits(new_per_day=4, reviews_per_day=3)
    assert queue(*cards, limits=limits).counts() == Counts(new=4, review=3)
    assert queue(*cards, limits=limits, introduced=3, reviewed=1).counts() == Counts(new=1, review=2)
    assert queue(*cards, limits=limits, introduced=9, reviewed=9).counts() == Counts()


def test_learning_cards_know_no_limit() -> None:
    limits = Limits(new_per_day=0, reviews_per_day=0)
    assert queue(learning("a"), learning("b"), limits=limits).counts() == Counts(learning=2)


def test_a_note_brings_one_card_a_day_and_a_review_before_a_new_one() -> None:
    assert queue(new("a", 0), review("a", 1), review("a", 2)).counts() == Counts(review=1)


def test_a_put_off_sibling_leaves_its_place_to_another_note() -> None:
    cards = [new("a", 0, 1), new("a", 1, 1), new("b", 0, 2)]
    assert order(queue(*cards, limits=Limits(new_per_day=2))) == ["a", "b"]


def test_siblings_of_a_card_answered_today_or_being_learnt_wait_until_tomorrow() -> None:
    assert queue(new("a", 1), review("a", 2), new("b"), notes="a").counts() == Counts(new=1)
    assert queue(new("a", 1), review("a", 2), learning("a", 0)).counts() == Counts(learning=1)


def test_learning_cards_are_not_put_off_for_their_siblings() -> None:
    assert queue(learning("a", 0), learning("a", 1), notes="a").counts() == Counts(learning=2)


def test_a_learning_card_is_shown_ahead_of_time_when_only_such_cards_wait() -> None:
    soon = learning("soon", due=20 * MINUTE)
    assert queue(soon).next(NOW) == soon
    assert queue(soon, learning("later", due=21 * MINUTE)).next(NOW) == soon


def test_nothing_is_shown_while_the_next_learning_card_is_far_off() -> None:
    cards = queue(learning("a", due=25 * MINUTE), learning("b", due=40 * MINUTE))
    assert cards.next(NOW) is None
    assert cards.next_due_at() == NOW + 25 * MINUTE
    assert cards.counts() == Counts(learning=2)
    assert queue().next_due_at() is None


@pytest.mark.parametrize(
    "other", [new("b"), review("b"), learning("b", due=15 * MINUTE)], ids=lambda card: card.phase
)
def test_a_card_just_answered_again_lets_another_card_go_first(other: Card) -> None:
    card = learning("a", due=-MINUTE)
    cards = queue(card, other)
    after = SCHEDULER.answer(card, Rating.AGAIN, NOW)
    cards.answered(card, after)
    assert cards.next(NOW) == other
    assert cards.next(NOW + 2 * MINUTE) == other


def test_a_card_just_answered_comes_again_when_it_is_the_only_one() -> None:
    card = learning("a")
    cards = queue(card, learning("far", due=30 * MINUTE))
    after = SCHEDULER.answer(card, Rating.AGAIN, NOW)
    cards.answered(card, after)
    assert cards.next(NOW) == after


def test_an_answer_moves_a_card_from_new_to_learning_and_then_out() -> None:
    card = new("a")
    cards = queue(card)
    after = SCHEDULER.answer(card, Rating.GOOD, NOW)
    cards.answered(card, after)
    assert cards.counts() == Counts(learning=1)
    cards.answered(after, SCHEDULER.answer(after, Rating.GOOD, NOW + 10 * MINUTE))
    assert cards.counts() == Counts()
    assert cards.next(NOW + 10 * MINUTE) is None


def test_a_card_answered_before_the_queue_was_made_comes_first_when_undone() -> None:
    card = review("z")
    cards = queue(review("a", stability=1.0), new("b"))
    cards.undone(card, SCHEDULER.answer(card, Rating.GOOD, NOW))
    assert order(cards)[0] == "z"


def test_every_negative_limit_is_named() -> None:
    with pytest.raises(SettingsError, match=r"new_per_day is -1.*reviews_per_day is -2"):
        Limits(-1, -2)


def some_cards(random: Random, count: int) -> list[Card]:
    """Return cards of all phases, about three to a note."""
    cards = []
    for ordinal in range(count):
        note = f"n{random.randrange(1 + count // 3)}"
        phase = random.choice([Phase.NEW, Phase.LEARNING, Phase.REVIEW])
        if phase is Phase.NEW:
            cards.append(new(note, ordinal, random.randrange(10)))
        elif phase is Phase.LEARNING:
            cards.append(learning(note, ordinal, due=random.randrange(-30, 60) * MINUTE))
        else:
            overdue = random.randrange(-2, 9)
            cards.append(review(note, ordinal, stability=random.uniform(1, 50), overdue=overdue))
    return cards


@given(
    st.integers(0, 2**32),
    st.integers(0, 40),
    st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 900)), max_size=20),
)
def test_undoing_every_answer_leads_back_through_the_same_queues(
    seed: int, count: int, ratings: list[tuple[Rating, int]]
) -> None:
    cards = queue(*some_cards(Random(seed), count))
    now, past = NOW, []
    for rating, seconds in ratings:
        now += timedelta(seconds=seconds)
        card = cards.next(now)
        if card is None:
            break
        past.append((now, cards.counts(), order(cards, now), card, SCHEDULER.answer(card, rating, now)))
        cards.answered(*past[-1][3:])
    for then, counts, names, card, after in reversed(past):
        cards.undone(card, after)
        assert cards.counts() == counts
        assert cards.next(then) == card
        assert order(cards, then) == names


@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(0, 5), st.integers(0, 5))
def test_a_sitting_shows_each_note_once_within_the_limits(
    seed: int, count: int, most_new: int, most_reviews: int
) -> None:
    cards = some_cards(Random(seed), count)
    today = queue(*cards, limits=Limits(most_new, most_reviews))
    now, shown = NOW, []
    while card := today.next(now):
        shown.append(card)
        today.answered(card, SCHEDULER.answer(card, Rating.GOOD, now))
        now += MINUTE
    notes = [card.note_guid for card in shown if card.phase in (Phase.NEW, Phase.REVIEW)]
    assert len(notes) == len(set(notes))
    assert sum(card.phase is Phase.NEW for card in shown) <= most_new
    assert sum(card.phase is Phase.REVIEW for card in shown) <= most_reviews


@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_cards_were_given(seed: int, random: Random) -> None:
    cards = some_cards(Random(seed), 30)
    shuffled = random.sample(cards, len(cards))
    assert order(queue(*cards), NOW + 60 * MINUTE) == order(queue(*shuffled), NOW + 60 * MINUTE)
