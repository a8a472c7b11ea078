"""What there is to know about a card, on a screen of its own."""

import pytest

from lrcards.cards.model import Rating

ONE_CARD = "Q: What is an *epoch*?\nA: One pass\n<!-- id: epoch; tags: training -->\n"


@pytest.mark.parametrize("size", [(60, 16), (140, 45)])
async def test_a_new_card_has_no_history_and_no_forecast_yet(learner, size):
    async with learner.studying(ONE_CARD, size=size):
        await learner.press("i")
        assert "Card What is an epoch?" in learner.sees()
        assert "Tags #training" in learner.sees()
        assert "This card was not answered yet" in learner.reads("#history")
        assert "from the first answer on" in learner.sees()


async def test_a_card_shows_its_memory_its_forecast_and_its_answers(learner):
    async with learner.studying(ONE_CARD, size=(140, 45)):
        await learner.press("space", "4")
        learner.clock.advance(days=5)
        await learner.press("c", "j", "enter")
        await learner.press("i")
        seen = learner.sees()
        assert "Stability" in seen
        assert "Recall now" in seen
        assert "on 6 April 2026." in seen
        assert "2026-03-02 12:00 new Easy 8d 0 s" in seen


async def test_the_card_is_as_it_was_left(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("space", "i", "q")
        assert learner.screen.title == "study"
        assert learner.screen.revealed


async def test_a_long_history_scrolls(learner):
    learner.app(deck=ONE_CARD)
    sitting = learner.desk().sitting()
    for _ in range(20):
        sitting.answer(Rating.AGAIN)
    async with learner.studying(""):
        await learner.press("i", "j", "j", "k")
        assert learner.screen.query_one("VerticalScroll").scroll_offset.y == 2
