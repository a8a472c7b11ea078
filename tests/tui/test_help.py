"""Help lists the keys of where the learner is."""

from lrcards.settings import Settings


def lines(learner) -> str:
    return " ".join(str(widget.content) for widget in learner.screen.query("HelpScreen Static"))


async def test_help_says_what_the_screen_is_for_and_lists_its_keys(learner):
    async with learner.in_lab("kink"):
        await learner.press("question_mark")
        text = " ".join(lines(learner).split())
        assert "Real gradient descent" in text
        for key in ("o Optimizer", "w Save picture and TOML", "tab Next lane", "q Leave"):
            assert key in text


async def test_escape_closes_help_where_it_was_asked(learner):
    async with learner.studying():
        await learner.press("space", "question_mark", "escape")
        assert learner.screen.title == "study"
        assert learner.screen.revealed


async def test_a_key_of_the_users_own_is_listed_and_works(learner):
    own = Settings({"study": {"fuzz": False}, "keys": {"study.undo": "z"}})
    async with learner.studying(settings=own):
        await learner.press("space", "3", "question_mark")
        assert "z Undo" in " ".join(lines(learner).split())
        await learner.press("escape", "z")
        assert learner.answers("update") == []


async def test_help_is_not_stacked_upon_help(learner):
    async with learner.at():
        await learner.press("question_mark")
        depth = len(learner.pilot.app.screen_stack)
        learner.pilot.app.action_help()
        await learner.settle()
        assert len(learner.pilot.app.screen_stack) == depth


async def test_typed_words_find_keys_in_the_order_of_the_screen(learner):
    own = Settings({"study": {"fuzz": False}, "keys": {"study.bury": "z"}})
    async with learner.studying(settings=own):
        await learner.press("question_mark")
        everything = learner.reads("#keys")
        places = [
            everything.index(word) for word in ("Show answer", "Info", "Bury until tomorrow", "Back", "Keys")
        ]
        assert places == sorted(places)
        await learner.press("e", "d", "i", "t")
        found = learner.reads("#keys").splitlines()
        assert [line.split() for line in found] == [["e", "Edit"], ["E", "Edit", "in", "your", "editor"]]
        await learner.press("q")
        assert learner.reads("#keys") == "No key here is about that."
        await learner.press("question_mark")
        assert learner.screen.title == "study"
