from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Card, Memory, Phase, Rating, card_guid
from lrcards.errors import SettingsError
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.hierarchy import path_to
from lrcards.study.limits import ALL_DECKS, Limits
from lrcards.study.memory import MemoryModel
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder
from lrcards.study.queue import Counts, Queue, QueueSettings
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
        last_day=TODAY - timedelta(days=overdue + interval),
    )


def learning(note: str, ordinal: int = 0, *, due: timedelta = timedelta(0)) -> Card:
    return replace(new(note, ordinal), phase=Phase.LEARNING, memory=Memory(1.0, 5.0), due_at=NOW + due)


def queue(
    *cards: Card,
    limits: Limits | None = None,
    left: Mapping[str, Limits] | None = None,
    decks: Mapping[str, str] | None = None,
    notes: str = "",
    **settings: Any,
) -> Queue:
    return Queue.of_the_day(
        cards,
        NOW,
        DAYS,
        SCHEDULER.recall,
        QueueSettings(**settings),
        left=left or {ALL_DECKS: limits or Limits()},
        decks=decks,
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


def test_a_day_brings_no_more_than_its_limits() -> None:
    cards = [
        *(new(f"n{number}", position=number) for number in range(5)),
        *(review(f"r{number}") for number in range(5)),
    ]
    assert queue(*cards, limits=Limits(4, 3)).counts() == Counts(new=4, review=3)
    assert queue(*cards, limits=Limits(0, 0)).counts() == Counts()


def test_a_deck_keeps_to_its_own_limit_and_to_those_of_the_decks_above() -> None:
    decks = {"a1": "A", "b1": "A::B", "b2": "A::B", "b3": "A::B", "c1": "A::C", "c2": "A::C", "z1": "Z"}
    cards = [new(note, position=position) for position, note in enumerate(decks)]

    def brought(**limits: int) -> list[str]:
        left = {name.replace("_", "::"): Limits(limit, 0) for name, limit in limits.items()}
        return order(queue(*cards, left=left or {"Other": Limits(0, 0)}, decks=decks))

    assert brought() == list(decks)
    assert brought(A_B=2) == ["a1", "b1", "b2", "c1", "c2", "z1"]
    assert brought(A=3, A_B=1) == ["a1", "b1", "c1", "z1"]
    assert brought(A=2, A_B=9) == ["a1", "b1", "z1"]
    assert order(queue(*cards, left={ALL_DECKS: Limits(3, 0), "A": Limits(1, 0)}, decks=decks)) == [
        "a1",
        "z1",
    ]


def test_when_not_all_can_be_asked_those_that_lose_most_by_waiting_are() -> None:
    lost, fading, safe = (
        review(name, stability=days) for name, days in [("l", 0.1), ("f", 8.0), ("s", 400.0)]
    )
    assert order(queue(lost, fading, safe)) == ["l", "f", "s"]
    assert order(queue(lost, fading, safe, limits=Limits(0, 2))) == ["l", "f"]
    assert order(queue(lost, fading, safe, limits=Limits(0, 1))) == ["f"]


def test_reviews_come_in_the_order_that_was_chosen() -> None:
    cards = [
        review("a", stability=5.0, overdue=1),
        review("b", stability=50.0, overdue=7),
        review("c", stability=20.0, overdue=0),
    ]
    assert order(queue(*cards, review_order=ReviewOrder.ASCENDING_RECALL)) == ["a", "c", "b"]
    assert order(queue(*cards, review_order=ReviewOrder.DESCENDING_RECALL)) == ["b", "c", "a"]
    assert order(queue(*cards, review_order=ReviewOrder.DUE)) == ["b", "a", "c"]


def test_a_random_order_is_another_one_tomorrow() -> None:
    cards = [review(f"r{number:02}") for number in range(30)]
    today, again = (order(queue(*cards, review_order=ReviewOrder.RANDOM)) for _ in range(2))
    assert today == again
    tomorrow = Queue.of_the_day(
        cards, NOW + ONE_DAY, DAYS, SCHEDULER.recall, QueueSettings(ReviewOrder.RANDOM)
    )
    shuffled = order(tomorrow, NOW + ONE_DAY)
    assert sorted(shuffled) == sorted(today) == [card.note_guid for card in cards]
    assert shuffled != today != sorted(today)


def test_new_cards_can_be_introduced_at_random_their_siblings_still_in_order() -> None:
    cards = [new(f"n{number:02}", ordinal, number) for number in range(20) for ordinal in (1, 0)]
    cards_by_lot = queue(*cards, new_order=NewOrder.RANDOM, limits=Limits(5, 0))
    assert cards_by_lot.counts() == Counts(new=5)
    assert order(cards_by_lot) != [f"n{number:02}" for number in range(5)]
    first = cards_by_lot.next(NOW)
    assert first is not None
    assert first.ordinal == 0


def test_new_cards_come_first_or_last_if_that_was_chosen() -> None:
    cards = [new("x", position=1), new("y", position=2), review("a"), review("b")]
    assert order(queue(*cards, new_mix=NewMix.FIRST)) == ["x", "y", "a", "b"]
    assert order(queue(*cards, new_mix=NewMix.LAST)) == ["a", "b", "x", "y"]
    assert order(queue(*cards, new_mix=NewMix.MIXED)) == ["a", "x", "b", "y"]


@pytest.mark.parametrize("card", [new("a"), review("a"), learning("a")], ids=lambda card: card.phase)
def test_suspended_and_buried_cards_do_not_come(card: Card) -> None:
    assert order(queue(replace(card, suspended=True))) == []
    assert order(queue(replace(card, buried_until=TODAY + ONE_DAY))) == []
    assert order(queue(replace(card, buried_until=TODAY, flag=2))) == ["a"]


@pytest.mark.parametrize("away", [{"suspended": True}, {"buried_until": TODAY + ONE_DAY}])
def test_a_card_that_is_put_away_leaves_and_comes_back_to_its_place(away: dict[str, Any]) -> None:
    cards = [review("a"), new("b"), review("c"), learning("d")]
    today = queue(*cards)
    before, counts = order(today), today.counts()
    for card in cards:
        today.changed(card, replace(card, **away))
        assert card.note_guid not in order(today)
        today.changed(replace(card, **away), card)
        assert (order(today), today.counts()) == (before, counts)


def test_a_leech_that_is_suspended_does_not_come_back_for_its_step() -> None:
    card = review("a")
    today = queue(card)
    lapsed = replace(SCHEDULER.answer(card, Rating.AGAIN, NOW), suspended=True)
    today.answered(card, lapsed)
    assert today.counts() == Counts()
    today.undone(card, lapsed)
    assert today.next(NOW) == card


def test_a_special_sitting_asks_all_its_cards_in_the_order_given_whenever_they_are_due() -> None:
    cards = [review("b", overdue=-9), new("a"), review("c", 0), review("c", 1, overdue=-2)]
    special = Queue(cards, NOW, DAYS)
    assert special.counts() == Counts(new=1, review=3)
    assert order(special) == ["b", "a", "c", "c"]
    lapsed = SCHEDULER.answer(cards[0], Rating.AGAIN, NOW)
    special.answered(cards[0], lapsed)
    assert special.counts() == Counts(new=1, learning=1, review=2)
    special.undone(cards[0], lapsed)
    assert special.next(NOW) == cards[0]


def test_learning_cards_know_no_limit() -> None:
    limits = Limits(new_per_day=0, reviews_per_day=0)
    assert queue(learning("a"), learning("b"), limits=limits).counts() == Counts(learning=2)


def test_a_note_brings_one_card_a_day_and_a_review_before_a_new_one() -> None:
    assert queue(new("a", 0), review("a", 1), review("a", 2)).counts() == Counts(review=1)


def test_a_put_off_sibling_leaves_its_place_to_another_note() -> None:
    cards = [new("a", 0, 1), new("a", 1, 1), new("b", 0, 2)]
    assert order(queue(*cards, limits=Limits(new_per_day=2))) == ["a", "b"]


def test_siblings_can_be_asked_on_the_same_day_if_that_was_chosen() -> None:
    cards = [new("a", 0), new("a", 1), review("b", 0), review("b", 1), new("b", 2)]
    assert queue(*cards, notes="ab", bury_new=False, bury_reviews=False).counts() == Counts(new=3, review=2)
    assert queue(*cards, bury_new=False).counts() == Counts(new=3, review=1)
    assert queue(*cards, bury_reviews=False).counts() == Counts(new=1, review=2)


def test_siblings_of_a_card_answered_today_or_being_learnt_wait_until_tomorrow() -> None:
    assert queue(new("a", 1), review("a", 2), new("b"), notes="a").counts() == Counts(new=1)
    assert queue(new("a", 1), review("a", 2), learning("a", 0)).counts() == Counts(learning=1)


def test_learning_cards_are_not_put_off_for_their_siblings() -> None:
    assert queue(learning("a", 0), learning("a", 1), notes="a").counts() == Counts(learning=2)


def test_a_learning_card_is_shown_ahead_of_time_when_only_such_cards_wait() -> None:
    soon = learning("soon", due=20 * MINUTE)
    assert queue(soon).next(NOW) == soon
    assert queue(soon, learning("later", due=21 * MINUTE)).next(NOW) == soon


def test_how_far_ahead_a_learning_card_is_shown_can_be_chosen() -> None:
    card = learning("a", due=5 * MINUTE)
    assert queue(card, learn_ahead=4 * MINUTE).next(NOW) is None
    assert queue(card, learn_ahead=5 * MINUTE).next(NOW) == card
    with pytest.raises(SettingsError, match="learn_ahead is -1 day, 23:59:00, but it is 0 or more"):
        QueueSettings(learn_ahead=-MINUTE)


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


@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(0, 5), st.integers(0, 9))
def test_all_orders_ask_the_same_cards(seed: int, count: int, most_new: int, most_reviews: int) -> None:
    cards = some_cards(Random(seed), count)
    asked = [
        sorted(order(queue(*cards, limits=Limits(most_new, most_reviews), review_order=reviews, new_mix=mix)))
        for reviews in ReviewOrder
        for mix in NewMix
    ]
    assert asked == [asked[0]] * len(asked)


DECKS = ["A", "A::B", "A::B::C", "A::D", "E"]


@given(
    st.integers(0, 2**32),
    st.dictionaries(
        st.sampled_from([ALL_DECKS, *DECKS]), st.builds(Limits, st.integers(0, 6), st.integers(0, 6))
    ),
    st.sampled_from(ReviewOrder),
    st.sampled_from(NewOrder),
)
def test_no_deck_brings_more_than_its_limit_nor_less_than_it_could(
    seed: int, left: dict[str, Limits], reviews: ReviewOrder, new_order: NewOrder
) -> None:
    random = Random(seed)
    cards = [replace(card, note_guid=card.guid) for card in some_cards(random, 40)]
    cards = [card for card in cards if card.phase is not Phase.LEARNING and (card.due_day or TODAY) <= TODAY]
    decks = {card.note_guid: random.choice(DECKS) for card in cards}
    settings = QueueSettings(reviews, new_order)
    today = Queue.of_the_day(cards, NOW, DAYS, SCHEDULER.recall, settings, left=left, decks=decks)
    asked = set(order(today))

    def room(deck: str, phase: Phase) -> int:
        """Return how many more cards of the phase the deck could bring."""
        room = 99
        for name, limits in left.items():
            if name in (ALL_DECKS, *path_to(deck)):
                within = [card for card in cards if name in (ALL_DECKS, *path_to(decks[card.note_guid]))]
                done = sum(card.phase is phase and card.note_guid in asked for card in within)
                room = min(
                    room, (limits.new_per_day if phase is Phase.NEW else limits.reviews_per_day) - done
                )
        return room

    assert all(room(deck, phase) >= 0 for deck in DECKS for phase in (Phase.NEW, Phase.REVIEW))
    assert all(room(decks[card.note_guid], card.phase) == 0 for card in cards if card.note_guid not in asked)
