"""Browsing on screen: search as it is typed, look, do things with many cards, undo."""

from textual.widgets import Input

from lrcards.tui.screens.browse import BrowseScreen
from lrcards.tui.widgets.card_table import BAR_WIDTH, MARK_WIDTH, CardTable, layout


def browsing(learner, query="", **how):
    return learner.at(lambda desk: BrowseScreen(desk, query), **how)


async def test_all_cards_are_listed_with_their_number(learner):
    async with browsing(learner):
        await learner.until(lambda: "3 cards." in learner.sees())
        assert "Where does the kink sit?" in learner.sees()


async def test_a_search_is_made_as_it_is_typed(learner):
    async with browsing(learner):
        await learner.press("slash", *"kink")
        await learner.until(lambda: "1 card." in learner.sees())
        assert "epoch" not in learner.sees()
        await learner.press("enter")
        assert learner.screen.focused is learner.screen.query_one(CardTable)


async def test_the_key_that_searches_takes_the_search_at_once(learner):
    async with learner.at():
        await learner.press("slash", *"kink")
        await learner.until(lambda: "1 card." in learner.sees())
        assert learner.screen.query_one(Input).value == "deck:small kink"
        await learner.press("down")
        assert learner.screen.focused is learner.screen.query_one(CardTable)
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_a_mistake_is_pointed_at_while_it_is_typed_and_the_list_stays(learner):
    async with browsing(learner):
        await learner.until(lambda: "3 cards." in learner.sees())
        learner.screen.query_one(Input).value = "kink dekc:x"
        await learner.settle()
        assert "     ^\nCharacter 6" in learner.reads("#found")
        assert "epoch" in learner.sees()


async def test_nothing_found_is_said(learner):
    async with browsing(learner, "nowhere"):
        await learner.until(lambda: "No card is found" in learner.sees())
        await learner.press("enter", "t", "space")
        assert isinstance(learner.screen, BrowseScreen)


async def test_enter_looks_at_the_card_on_a_narrow_screen_and_q_goes_back(learner):
    async with browsing(learner, "epoch"):
        await learner.until(lambda: "1 card." in learner.sees())
        await learner.press("enter")
        await learner.until(lambda: "One pass through all training samples." in learner.sees())
        await learner.press("q")
        assert "One pass" not in learner.sees()
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_the_cards_are_gone_through_while_the_list_is_hidden(learner):
    async with browsing(learner):
        await learner.until(lambda: "3 cards." in learner.sees())
        await learner.press("enter", "j")
        await learner.until(lambda: "At the median, 19." in learner.sees())


async def test_all_that_is_done_most_is_offered_at_80_columns(learner):
    most = ("/ Search", "Mark", "a Add", "e Edit", "t Tags", "d Delete", "u Undo", "q Back", "? Keys")
    async with browsing(learner):
        await learner.until(lambda: all(words in learner.keys_offered() for words in most))


async def test_a_wide_screen_shows_the_card_beside_the_list(learner):
    async with browsing(learner, "epoch", size=(140, 45)):
        await learner.until(lambda: "One pass through all training samples." in learner.sees())


async def test_marked_cards_are_suspended_together_and_undo_brings_them_back(learner):
    async with browsing(learner):
        await learner.until(lambda: "3 cards." in learner.sees())
        await learner.press("space", "space", "at")
        assert [learner.collection.card(f"{note}#0").suspended for note in ("update", "kink", "epoch")] == [
            True,
            True,
            False,
        ]
        assert "Suspended 2 cards." in learner.reads("#found")
        await learner.press("u")
        assert not learner.collection.card("update#0").suspended


async def test_tags_are_given_and_taken_away(learner):
    async with browsing(learner, "epoch"):
        await learner.until(lambda: "1 card." in learner.sees())
        await learner.press("t")
        learner.screen.query_one(Input).value = "exam #later"
        await learner.press("enter", "t")
        learner.screen.query_one(Input).value = "-later"
        await learner.press("enter")
        assert learner.collection.note("epoch").tags == ("exam",)
        assert "Changed the tags of 1 card." in learner.reads("#found")


async def test_cards_move_to_another_deck(learner):
    async with browsing(learner, "epoch"):
        await learner.until(lambda: "1 card." in learner.sees())
        await learner.press("m")
        learner.screen.query_one(Input).value = "New::Deck"
        await learner.press("enter")
        assert learner.collection.note("epoch").deck == "New::Deck"


async def test_a_deletion_is_asked_about_and_can_be_taken_back(learner):
    async with browsing(learner, "epoch"):
        await learner.until(lambda: "1 card." in learner.sees())
        await learner.press("d", "enter")
        assert len(learner.screen._browser) == 1
        await learner.press("d", "j", "enter")
        assert "No card is found" in learner.sees()
        await learner.press("u")
        assert learner.collection.note("epoch").question == "What is an epoch?"


async def test_a_flag_is_given_by_its_number_and_found(learner):
    async with browsing(learner, "epoch"):
        await learner.until(lambda: "1 card." in learner.sees())
        await learner.press("3")
        assert learner.collection.card("epoch#0").flag == 3


async def test_the_list_is_sorted_by_a_column(learner):
    async with browsing(learner):
        await learner.until(lambda: "3 cards." in learner.sees())
        await learner.press("o", "j", "enter")
        first = learner.screen.query_one(CardTable).line
        assert first.question == "What does gradient descent subtract from the parameters?"


async def test_what_is_found_is_crammed(learner):
    async with browsing(learner, "epoch or kink"):
        await learner.until(lambda: "2 cards." in learner.sees())
        await learner.press("c")
        assert learner.screen.title == "study"
        assert learner.screen.sitting.is_cram
        assert learner.screen.sitting.counts.review == 2
        await learner.press("q")
        assert "2 cards." in learner.sees()


async def test_a_card_that_another_screen_changed_is_shown_as_it_is_in_the_sitting(learner):
    async with learner.studying():
        first = learner.screen.sitting.current.note.guid
        await learner.press("slash")
        await learner.until(lambda: "3 cards." in learner.sees())
        await learner.press("down", "at", "q")
        assert learner.screen.title == "study"
        assert learner.screen.sitting.current.note.guid != first


def test_the_columns_fill_the_width_and_fewer_are_shown_where_it_is_narrow():
    for width in (76, 80, 100, 140):
        assert sum(cells + 1 for _, cells in layout(width)) + MARK_WIDTH + BAR_WIDTH == width
    assert len(layout(60)) < len(layout(80)) < len(layout(140))
