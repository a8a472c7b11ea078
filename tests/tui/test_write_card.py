"""Writing a card on screen: mistakes as they are typed, the card and its experiment beside the form."""

from textual.widgets import Input, TextArea

from lrcards.descent.presets import PRESETS
from lrcards.tui.screens.browse import BrowseScreen
from lrcards.tui.screens.write_card import WriteScreen


def browsing(learner, **how):
    return learner.at(lambda desk: BrowseScreen(desk, "epoch"), **how)


async def opened(learner, key):
    await learner.until(lambda: "1 card." in learner.sees())
    await learner.press(key)
    assert isinstance(learner.screen, WriteScreen)


def fill(learner, **fields):
    for name, text in fields.items():
        field = learner.screen.query_one(f"#{name}")
        if isinstance(field, TextArea):
            field.text = text
        else:
            assert isinstance(field, Input)
            field.value = text


async def test_a_card_is_written_and_taken_back(learner):
    async with browsing(learner):
        await opened(learner, "a")
        fill(learner, question="What is an epoch good for?", answer="Counting.", tags="new")
        await learner.press("ctrl+s")
        assert isinstance(learner.screen, BrowseScreen)
        assert "2 cards." in learner.sees()
        await learner.press("u")
        assert "1 card." in learner.sees()


async def test_a_card_is_changed_and_its_progress_stays(learner):
    async with browsing(learner):
        await opened(learner, "e")
        fill(learner, answer="All samples once.", deck="Other")
        await learner.press("ctrl+s")
        note = learner.collection.note("epoch")
        assert (note.answer, note.deck) == ("All samples once.", "Other")


async def test_what_is_wrong_is_said_as_it_is_typed_and_nothing_is_stored(learner):
    async with browsing(learner):
        await opened(learner, "e")
        fill(learner, answer="", lab="kinkk")
        await learner.until(lambda: "no answer" in learner.reads("#problem"))
        await learner.press("ctrl+s")
        assert isinstance(learner.screen, WriteScreen)
        assert learner.collection.note("epoch").answer
        fill(learner, answer="x")
        await learner.until(lambda: "kinkk" in learner.reads("#problem"))


async def test_the_card_and_what_its_experiment_does_are_shown_beside_the_form(learner):
    async with browsing(learner, size=(140, 45)):
        await opened(learner, "e")
        fill(learner, answer="One **pass**.", lab="kink")
        await learner.until(lambda: "bouncing at a kink" in learner.reads("#verdict"))
        await learner.until(lambda: "One pass." in learner.sees())


async def test_the_experiment_is_chosen_from_a_list(learner):
    async with browsing(learner):
        await opened(learner, "e")
        await learner.press("ctrl+l", "j", "enter")
        assert learner.screen.query_one("#lab", TextArea).text in PRESETS


async def test_a_kind_is_chosen_and_a_cloze_text_has_no_answer(learner):
    async with browsing(learner):
        await opened(learner, "a")
        await learner.press("ctrl+k", "j", "j", "j", "enter")
        assert not learner.screen.query_one("#answer").display
        fill(learner, question="An [epoch] and a [batch].")
        await learner.press("ctrl+s")
        assert "3 cards." in learner.sees()


async def test_leaving_asks_before_it_throws_anything_away(learner):
    async with browsing(learner):
        await opened(learner, "a")
        fill(learner, question="What")
        await learner.press("escape")
        assert "esc again" in learner.reads("#problem")
        await learner.press("escape")
        assert isinstance(learner.screen, BrowseScreen)


async def test_a_card_is_written_from_home(learner):
    async with learner.at():
        await learner.press("a")
        fill(learner, question="Another?", answer="Yes.")
        await learner.press("ctrl+s")
        assert "small 4 0 0" in learner.sees()
