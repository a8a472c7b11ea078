"""Special sittings: forgotten today, ahead of time, as a cram, of one tag."""

from textual.widgets import Input

from lrcards.cards.model import Rating
from lrcards.settings import Settings

TAGGED = """\
Q: p
A: 1
<!-- id: p; tags: exam -->

Q: q
A: 2
<!-- id: q; tags: exam::hard -->

Q: r
A: 3
<!-- id: r -->
"""


async def answer(learner, *ratings: str) -> None:
    for rating in ratings:
        await learner.press("space", rating)


async def test_a_cram_asks_every_card_and_changes_no_schedule(learner):
    async with learner.at(deck=TAGGED):
        await learner.press("c", "j", "j")
        assert learner.reads("#found") == "3 cards."
        await learner.press("enter")
        assert learner.reads("#where") == "Cram: small"
        await learner.press("space")
        assert "1 Again again" in learner.sees()
        await answer(learner, "3")
        await answer(learner, "3", "3")
        assert learner.collection.card("p#0").reviews == 0
        assert learner.screen.has_class("done")


async def test_what_comes_due_is_studied_ahead(learner):
    async with learner.studying(TAGGED):
        await answer(learner, "4", "4", "4")
        await learner.press("c", "j")
        assert learner.reads("#found") == "Nothing comes due here in these days."
        await learner.press("enter")
        assert learner.screen.title == "special sitting"
        learner.screen.query_one("#days", Input).value = "8"
        await learner.settle()
        assert learner.reads("#found") == "3 cards."
        await learner.press("enter", "space", "3")
        assert len(learner.answers("p")) == 2


async def test_no_days_ahead_bring_nothing(learner):
    async with learner.studying(TAGGED):
        await answer(learner, "4", "4", "4")
        await learner.press("c", "j")
        learner.screen.query_one("#days", Input).value = ""
        await learner.settle()
        assert learner.reads("#found") == "Nothing comes due here in these days."


async def test_what_was_forgotten_today_is_asked_again(learner):
    steps = Settings({"study": {"learning_steps": ["1h"]}})
    async with learner.studying(TAGGED, settings=steps):
        await answer(learner, "1", "4", "4")
        await learner.press("c")
        assert learner.reads("#found") == "1 card."
        await learner.press("tab", "tab", "space")
        assert "A cram: the schedule stays" in learner.sees()
        await learner.press("enter")
        assert learner.reads("#where").startswith("Cram: ")


async def test_a_tag_narrows_what_is_due_today(learner):
    async with learner.at(deck=TAGGED):
        await learner.press("c", "j", "j", "j")
        assert "such as exam, exam::hard" in learner.sees()
        learner.screen.query_one("#tag", Input).value = "exam"
        await learner.settle()
        assert learner.reads("#found") == "2 cards."
        learner.screen.query_one("#tag", Input).value = "nowhere"
        await learner.settle()
        assert learner.reads("#found") == "Nothing is due here today with this tag."


async def test_escape_begins_nothing(learner):
    async with learner.at(deck=TAGGED):
        await learner.press("c", "escape")
        assert learner.screen.title == "home"


async def test_a_special_sitting_is_of_the_deck_under_the_cursor(learner):
    learner.app(deck='---\nname = "Kinks"\n---\n\nQ: c\nA: 3\n')
    async with learner.at(deck=TAGGED):
        await learner.press("j", "c", "j", "j")
        assert "A special sitting with Kinks" in learner.sees()
        assert learner.reads("#found") == "1 card."


async def test_the_sitting_that_was_done_can_still_be_taken_back_after_a_special_one(learner):
    async with learner.studying(TAGGED):
        await answer(learner, "4", "4", "4")
        await learner.press("c", "j", "j", "enter", "q", "u")
        assert learner.is_told() == ["Took back the answer Easy."]
        assert len(learner.answers("r")) == 0


async def test_hostile_tags_are_only_text(learner):
    async with learner.at(deck="Q: p\nA: 1\n<!-- tags: [/foo], [@click=app.quit]x -->\n"):
        await learner.press("c", "j")
        assert "any; such as [/foo], [@click=app.quit]x" in learner.sees()


async def test_a_backlog_is_told_at_home_and_until_the_first_answer_of_a_sitting(learner):
    few = Settings({"study": {"reviews_per_day": 1, "fuzz": False}})
    earlier = learner.app(deck=TAGGED, settings=few)._open_desk().sitting()
    for _ in range(3):
        earlier.answer(Rating.EASY)
    learner.clock.advance(days=30)
    async with learner.at(deck="", settings=few):
        told = learner.reads("#backlog")
        assert told.startswith("3 reviews are due and a day brings 1: they will be done in 3 days, and ")
        await learner.press("enter")
        assert learner.reads("#suggestion") == told
        await learner.press("space", "1")
        assert learner.reads("#suggestion") == ""


async def test_without_a_backlog_nothing_is_told(learner):
    async with learner.at(deck=TAGGED):
        assert learner.reads("#backlog") == ""
        await learner.press("enter")
        assert learner.reads("#suggestion") == ""
