"""What can be done with a card besides answering it: each key, and that it can be taken back."""

from dataclasses import replace

from textual.widgets import Input, TextArea

from lrcards.cards.model import Rating
from lrcards.collection.store import Collection
from lrcards.settings import Settings

ONE_CARD = "Q: What is an epoch?\nA: One pass through *all* samples.\n<!-- id: epoch; tags: training -->\n"
CLOZE = "C: An [epoch] is one pass.\n<!-- id: epoch -->\n"


async def test_bury_puts_a_card_off_and_undo_brings_it_back(learner):
    async with learner.studying():
        await learner.press("minus")
        assert "Where does the kink sit?" in learner.sees()
        assert str(learner.collection.card("update#0").buried_until) == "2026-03-03"
        await learner.press("u")
        assert "gradient descent subtract" in learner.sees()
        assert learner.collection.card("update#0").buried_until is None
        assert learner.is_told() == ["Buried until tomorrow.", "Took back the burying."]


async def test_suspend_takes_a_card_out_also_after_the_answer_was_seen(learner):
    async with learner.studying():
        await learner.press("space", "at")
        assert learner.collection.card("update#0").suspended
        assert not learner.screen.revealed
        assert "Where does the kink sit?" in learner.sees()
        await learner.press("u")
        assert not learner.collection.card("update#0").suspended


async def test_a_mark_shows_on_the_card_which_stays_as_it_is(learner):
    async with learner.studying():
        await learner.press("space", "asterisk")
        assert learner.reads("#badges") == "★ marked"
        assert learner.screen.revealed
        assert learner.collection.note("update").tags == ("marked",)
        await learner.press("asterisk")
        assert not learner.screen.query_one("#badges").display
        assert learner.collection.note("update").tags == ()


async def test_a_digit_flags_and_the_flag_is_named(learner):
    async with learner.studying():
        await learner.press("space", "f", "3")
        assert learner.reads("#badges") == "⚑ 3 green"
        assert learner.screen.revealed
        assert learner.collection.card("update#0").flag == 3
        await learner.press("f", "0")
        assert learner.reads("#badges") == ""
        await learner.press("u")
        assert learner.reads("#badges") == "⚑ 3 green"


async def test_a_flag_is_chosen_from_the_list_too_and_escape_changes_none(learner):
    async with learner.studying():
        await learner.press("f", "j", "enter")
        assert learner.reads("#badges") == "⚑ 1 red"
        await learner.press("f", "escape")
        assert learner.collection.card("update#0").flag == 1


async def test_the_digits_of_a_flag_rate_nothing(learner):
    async with learner.studying():
        await learner.press("space", "f", "4")
        assert learner.answers("update") == []


async def test_an_edit_comes_back_to_the_same_card_with_its_progress(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("space", "1", "space", "e")
        question, answer = learner.screen.query(TextArea)
        assert (question.text, answer.text) == ("What is an epoch?", "One pass through *all* samples.")
        answer.text = "One pass."
        learner.screen.query_one("#tags", Input).value = "training #basics"
        await learner.press("ctrl+s")
        assert "One pass." in learner.sees()
        assert learner.screen.revealed
        note = learner.collection.note("epoch")
        assert (note.answer, note.tags) == ("One pass.", ("training", "basics"))
        assert learner.screen.sitting.current.card.reviews == 1
        await learner.press("u")
        assert "One pass through all samples." in learner.sees()


async def test_a_cloze_is_edited_as_one_text(learner):
    async with learner.studying(CLOZE):
        await learner.press("e")
        (text,) = learner.screen.query(TextArea)
        text.text = "An [epoch] is a [pass]."
        await learner.press("ctrl+s")
        assert learner.collection.card("epoch#1").reviews == 0


async def test_an_edit_that_makes_no_card_is_refused_below_the_text(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("e")
        learner.screen.query_one("#answer", TextArea).text = " "
        await learner.settle()
        await learner.press("ctrl+s")
        assert learner.screen.title == "edit"
        assert "has no answer" in learner.reads("#problem")
        learner.screen.query_one("#answer", TextArea).text = "one"
        await learner.settle()
        assert learner.reads("#problem") == ""


async def test_leaving_an_edit_asks_once_before_it_throws_away_what_was_typed(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("e", "escape")
        assert learner.screen.title == "study"
        await learner.press("e")
        learner.screen.query_one("#answer", TextArea).text = "half a thou"
        await learner.settle()
        await learner.press("escape")
        assert "esc again" in learner.reads("#problem")
        await learner.press("escape")
        assert learner.screen.title == "study"
        assert learner.collection.note("epoch").answer == "One pass through *all* samples."


async def test_saving_what_was_not_changed_is_no_edit(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("e", "ctrl+s")
        assert learner.screen.title == "study"
        assert learner.screen.sitting.last is None


async def test_an_edit_does_not_silently_overwrite_that_of_another_window(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("e")
        with Collection.open(learner.collection.path) as another:
            seen = another.note("epoch")
            another.edit(seen, replace(seen, answer="theirs"), learner.clock())
        learner.screen.query_one("#answer", TextArea).text = "mine"
        await learner.settle()
        await learner.press("ctrl+s")
        assert "Another window has changed this card" in learner.reads("#problem")
        assert learner.collection.note("epoch").answer == "theirs"
        await learner.press("ctrl+s")
        assert learner.collection.note("epoch").answer == "mine"


async def test_a_leech_is_told(learner):
    harsh = Settings({"study": {"leech_threshold": 1, "fuzz": False}})
    async with learner.studying(ONE_CARD, settings=harsh):
        await learner.press("space", "4")
        learner.clock.advance(days=30)
        await learner.until(lambda: not learner.screen.has_class("done"))
        await learner.press("space", "1")
        told = learner.is_told()[-1]
        assert told == "This card was forgotten once, so it is tagged leech and suspended."


async def test_an_answer_that_another_window_gave_too_is_told(learner):
    async with learner.studying():
        with Collection.open(learner.collection.path) as another:
            desk = replace(learner.pilot.app.desk, collection=another)
            desk.sitting().answer(Rating.GOOD)
        await learner.press("space", "3")
        assert learner.is_told() == [
            "This card was answered in another window meanwhile; both answers count."
        ]
        assert len(learner.answers("update")) == 2


async def test_what_another_window_did_since_is_not_taken_back_and_that_is_said(learner):
    async with learner.studying():
        await learner.press("f", "1")
        with Collection.open(learner.collection.path) as another:
            another.decide(replace(another.card("update#0"), flag=2), learner.clock())
        await learner.press("u")
        assert "not taken back" in learner.is_told()[-1]
        assert learner.collection.card("update#0").flag == 2


async def test_a_card_that_another_window_suspended_behind_a_dialog_gives_way(learner):
    async with learner.studying():
        await learner.press("question_mark")
        with Collection.open(learner.collection.path) as another:
            another.decide(replace(another.card("update#0"), suspended=True), learner.clock())
        await learner.press("escape")
        assert "Where does the kink sit?" in learner.sees()


async def test_nothing_happens_where_there_is_no_card(learner):
    async with learner.studying(deck=""):
        await learner.press("minus", "at", "asterisk", "f", "e", "E", "i", "u")
        assert learner.screen.title == "study"
        assert learner.is_told() == []


async def test_the_help_names_every_key(learner):
    async with learner.studying():
        await learner.press("question_mark")
        keys = str(learner.screen.query("Static").last().content)
        for line in (
            "-  Bury until tomorrow",
            "@  Suspend",
            "*  Mark",
            "f  Flag",
            "e  Edit",
            "E  Edit in your editor",
            "i  Info",
            "t  Type the answer",
            "A  Auto-advance on or off",
        ):
            assert line in keys
