"""A mock test is drawn by topic, over all strengths, and by its seed."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lrcards.study.exam.drawing import NO_TOPIC, Drawable, drawn, drawn_for


def deck(**sizes: int) -> list[Drawable]:
    return [
        Drawable(f"{topic} {n}", f"note {topic} {n}", (topic,), recall=n / size, seconds=10.0)
        for topic, size in sizes.items()
        for n in range(size)
    ]


def test_each_topic_gets_its_share() -> None:
    chosen = drawn(deck(kinks=60, schedules=30, momentum=10), 20, Random(1))
    assert Counter(card.topic for card in chosen) == {"kinks": 12, "schedules": 6, "momentum": 2}


def test_the_strong_and_the_weak_are_asked() -> None:
    chosen = sorted(card.recall for card in drawn(deck(kinks=100), 4, Random(2)))
    assert [int(4 * recall) for recall in chosen] == [0, 1, 2, 3]


def test_the_same_seed_draws_the_same_test_and_another_seed_another() -> None:
    cards = deck(kinks=50, schedules=50)
    assert drawn(cards, 10, Random(3)) == drawn(cards, 10, Random(3))
    assert drawn(cards, 10, Random(3)) != drawn(cards, 10, Random(4))


def test_of_a_note_one_card_is_asked_while_there_are_others() -> None:
    siblings = [Drawable(f"a#{n}", "a", (), 0.5, 10.0) for n in range(5)]
    others = [Drawable(f"{n}#0", str(n), (), 0.5, 10.0) for n in range(3)]
    few, all_of_them = drawn([*siblings, *others], 4, Random(5)), drawn([*siblings, *others], 8, Random(5))
    assert len({card.note_guid for card in few}) == 4
    assert len(all_of_them) == 8


def test_a_card_without_tags_has_a_topic_of_its_own() -> None:
    assert Drawable("a", "a", (), 0.5, 1.0).topic == NO_TOPIC


def test_as_many_are_asked_as_the_time_allows() -> None:
    assert len(drawn_for(deck(kinks=100), 205, Random(6))) == 20
    assert len(drawn_for(deck(kinks=100), 1, Random(6))) == 1
    assert len(drawn_for(deck(kinks=3), 1e6, Random(6))) == 3


cards = st.builds(
    lambda n, topic, recall: Drawable(f"c{n}", f"n{n // 2}", (topic,), recall, 5.0),
    st.integers(0, 200),
    st.sampled_from("abc"),
    st.floats(0, 1),
)


@given(st.lists(cards, unique_by=lambda card: card.guid), st.integers(0, 40), st.integers())
def test_no_card_is_asked_twice_and_there_are_as_many_as_there_can_be(
    deck: list[Drawable], count: int, seed: int
) -> None:
    chosen = drawn(deck, count, Random(seed))
    assert len(chosen) == len({card.guid for card in chosen}) == min(count, len(deck))
    assert set(chosen) <= set(deck)
