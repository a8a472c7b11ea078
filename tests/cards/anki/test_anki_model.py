"""What Anki keeps in a card's data is read, and changed without losing the rest."""

import json

import pytest

from lrcards.cards.formats.anki.model import AnkiCard, AnkiMemory, with_memory

RECORDED = '{"pos":1,"s":0.3,"d":1.0,"dr":0.87,"decay":2.1,"lrt":1795544725}'


def card(data: str) -> AnkiCard:
    return AnkiCard(1, 1, 1, 0, 0, 2, 2, 10, 4, 2500, 1, 0, 0, 0, 0, 0, data)


def test_the_memory_is_read_from_the_data():
    assert card(RECORDED).memory == AnkiMemory(0.3, 1.0, 0.87, 2.1, 1795544725)


def test_a_memory_of_an_older_fsrs_lacks_what_came_later():
    assert card('{"s":0.3,"d":1}').memory == AnkiMemory(0.3, 1.0)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{}",
        "null",
        "[" * 100_000,
        '{"s":1}',
        '{"s":"1","d":2}',
        '{"s":NaN,"d":2}',
        '{"s":Infinity,"d":2}',
        '{"s":true,"d":2}',
        f'{{"s":1{"0" * 400},"d":2}}',
        f'{{"s":1{"0" * 5000},"d":2}}',
    ],
)
def test_data_without_a_sensible_memory_has_none(data):
    assert card(data).memory is None


def test_a_memory_is_put_beside_what_else_is_known():
    memory = AnkiMemory(12.5, 6.25, 0.9)
    data = with_memory(RECORDED, memory)
    assert card(data).memory == memory
    assert json.loads(data)["pos"] == 1
