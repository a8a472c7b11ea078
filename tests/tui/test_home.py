"""Home: counts, and the way to study and back."""

from textual.widgets import DataTable

from lrcards.cards.formats.markdown import parse_deck
from lrcards.errors import CollectionError
from lrcards.settings import Settings

TWO_DECKS = '---\nname = "Rates"\n---\n\nQ: a\nA: 1\n\nQ: b\nA: 2\n'


async def test_home_shows_what_each_deck_has(learner):
    async with learner.at(deck=TWO_DECKS):
        assert "Rates 2 0 0" in learner.sees()


async def test_enter_studies_the_deck_under_the_cursor(learner):
    async with learner.at(deck=TWO_DECKS):
        await learner.press("enter")
        assert learner.screen.title == "study"
        assert learner.reads("#where") == "Rates"


async def test_a_click_on_a_deck_studies_it(learner):
    async with learner.at(deck=TWO_DECKS):
        await learner.pilot.click(DataTable, offset=(5, 1))
        assert learner.screen.title == "study"


async def test_the_counts_are_right_after_a_sitting(learner):
    async with learner.at(deck=TWO_DECKS):
        await learner.press("enter", "space", "4", "space", "1", "q")
        assert "Rates 0 1 0" in learner.sees()


async def test_with_several_decks_the_first_row_studies_all_of_them(learner):
    learner.app(deck='---\nname = "Kinks"\n---\n\nQ: c\nA: 3\n')
    async with learner.at(deck=TWO_DECKS):
        assert "All decks 3 0 0 Kinks 1 0 0 Rates 2 0 0" in learner.sees()
        await learner.press("enter")
        assert learner.screen.sitting.counts.new == 3


async def test_the_cursor_stays_on_its_deck_when_the_learner_returns(learner):
    learner.app(deck='---\nname = "Kinks"\n---\n\nQ: c\nA: 3\n')
    async with learner.at(deck=TWO_DECKS):
        await learner.press("j", "j", "enter")
        assert learner.reads("#where") == "Rates"
        await learner.press("q", "enter")
        assert learner.reads("#where") == "Rates"


async def test_a_subdeck_stands_below_its_parent(learner):
    async with learner.at(deck='---\nname = "Rates::Kinks"\n---\n\nQ: a\nA: 1\n'):
        assert "▾ Rates 1 0 0 Kinks 1 0 0" in learner.sees()


async def test_without_decks_home_says_how_to_get_one(learner):
    async with learner.at(deck=""):
        assert "Press i to import one" in learner.reads("#message")


async def test_a_collection_that_cannot_be_opened_ends_the_app_with_its_reason(learner):
    app = learner.app()

    def refuse():
        raise CollectionError("notes.txt is not a collection", "Choose another file")

    app._open_desk = refuse
    async with app.run_test() as pilot:
        await pilot.pause()
    assert app.return_code == 1


async def test_slash_browses_the_deck_under_the_cursor(learner):
    async with learner.at(deck=TWO_DECKS):
        await learner.press("slash")
        await learner.until(lambda: "2 cards." in learner.sees())
        assert learner.screen.title == "browse"
        assert "deck:Rates" in learner.sees()


async def test_all_keys_of_home_fit_80_columns(learner):
    async with learner.at(deck=TWO_DECKS):
        assert learner.keys_offered().endswith("q Quit ? Keys")


async def test_subdecks_are_folded_by_key_and_by_mouse_and_stay_so(learner):
    async with learner.at(deck='---\nname = "A::B::C"\n---\n\nQ: a\nA: 1\n'):
        await learner.press("j", "j", "left")
        assert "▾ A 1 0 0 ▸ B 1 0 0 ⏎" in learner.sees()
        await learner.pilot.click(DataTable, offset=(1, 2))
        await learner.settle()
        assert "▸ A 1 0 0 ⏎" in learner.sees()
        assert learner.screen.title == "home"
        assert learner.collection.meta("folded decks") == '["A", "A::B"]'
        await learner.press("k", "right")
        assert "▾ A 1 0 0 ▸ B 1 0 0 ⏎" in learner.sees()


async def test_the_first_time_home_welcomes_to_the_first_deck_and_then_no_more(learner):
    learner.app(deck='---\nname = "Kinks"\n---\n\nQ: c\nA: 3\n')
    async with learner.at(deck=TWO_DECKS):
        assert "Press enter for your first card." in learner.sees()
        await learner.press("enter")
        assert learner.reads("#where") == "Kinks"
        await learner.press("space", "4", "q")
        assert "Welcome" not in learner.sees()
        assert "about 1 min today · 1 day in a row" in learner.sees()


async def test_a_done_day_tells_what_tomorrow_brings(learner):
    async with learner.at(deck=TWO_DECKS, settings=Settings({"study": {"new_per_day": 1}})):
        await learner.press("enter", "space", "4", "q")
        assert "All done for today. Tomorrow brings 0 reviews and 1 new card." in learner.sees()


async def test_what_is_gone_from_its_file_is_told_and_a_key_away(learner):
    async with learner.at():
        assert "gone from" not in learner.sees()
        learner.collection.import_notes(parse_deck("Q: a\nA: b", path="small.md"), learner.clock())
        await learner.press("s", "q")
        assert "3 notes are gone from the imported files." in learner.sees()
        await learner.press("O")
        await learner.until(lambda: "What does gradient" in learner.sees())
        await learner.press("ctrl+a", "K")
        await learner.until(lambda: "Kept 3 notes." in learner.sees())
        await learner.press("q")
        assert "gone from" not in learner.sees()
