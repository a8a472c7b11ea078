"""What holds on every screen: too little room, themes, hostile text."""

import pytest

from lrcards.tui.screens.too_small import TooSmallScreen
from lrcards.tui.widgets.rate_axis import RateAxis

HOSTILE = """\
Q: A [@click=app.quit]stop[/] and [/foo] with <EOS> and vector<int> and \x1b[31mred\x1b[0m {text}
A: [@click=app.quit]stop[/] <EOS> \x9b31m [/bar]
<!-- id: hostile -->
"""


async def test_a_terminal_that_is_too_small_shows_one_sentence_and_comes_back(learner):
    async with learner.studying(size=(80, 24)):
        await learner.press("space")
        await learner.pilot.resize_terminal(40, 10)
        await learner.settle()
        assert isinstance(learner.screen, TooSmallScreen)
        assert "lrcards needs 60×16 characters." in learner.sees()
        await learner.pilot.resize_terminal(80, 24)
        await learner.settle()
        assert learner.screen.title == "study"
        assert learner.screen.revealed


async def test_the_app_starts_in_a_terminal_that_is_too_small(learner):
    async with learner.at(size=(40, 10)):
        assert isinstance(learner.screen, TooSmallScreen)
        await learner.pilot.resize_terminal(80, 24)
        await learner.settle()
        assert "small 3 0 0" in learner.sees()


async def test_a_first_screen_waits_below_until_there_is_room(learner):
    async with learner.studying(size=(40, 10)):
        assert isinstance(learner.screen, TooSmallScreen)
        await learner.pilot.resize_terminal(80, 24)
        await learner.settle()
        assert learner.screen.title == "study"
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_f2_goes_round_dark_light_and_high_contrast(learner):
    async with learner.at() as app:
        themes = [app.theme]
        for _ in range(3):
            await learner.press("f2")
            themes.append(app.theme)
        assert themes[0] == themes[3]
        assert len(set(themes)) == 3


async def test_the_lab_takes_its_colours_from_the_theme(learner):
    async with learner.in_lab("kink") as lab:
        colours = []
        for _ in range(3):
            row = lab.query_one("#axis", RateAxis).render_line(RateAxis.CURSORS)
            colours.append(next(segment.style.color for segment in row if "▲" in segment.text))
            await learner.press("f2")
        assert len(set(colours)) == 3


async def test_the_text_of_a_deck_is_shown_literally(learner):
    async with learner.studying(HOSTILE):
        for text in ("[@click=app.quit]stop[/]", "[/foo]", "<EOS>", "vector<int>", "\ufffd[31mred"):
            assert text in learner.sees()
        await learner.press("space")
        assert "\ufffd31m [/bar]" in learner.sees()
        assert "\x1b" not in learner.sees()


async def test_a_deck_with_a_hostile_name_is_shown_literally_and_studied(learner):
    async with learner.at(deck='---\nname = "[@click=app.quit]Rates[/foo]"\n---\n\nQ: a\nA: 1\n'):
        assert "[@click=app.quit]Rates[/foo]" in learner.sees()
        await learner.press("enter")
        assert "[@click=app.quit]Rates[/foo]" in learner.reads("#where")


async def test_a_link_in_a_card_is_not_opened(learner, monkeypatch):
    opened = []
    async with learner.studying("Q: [here](javascript:alert(1)) and [there](https://example.org)\nA: 1\n"):
        monkeypatch.setattr(learner.pilot.app, "open_url", lambda url, **_: opened.append(url))
        await learner.pilot.click("#question", offset=(3, 0))
        await learner.settle()
        assert opened == []


@pytest.mark.parametrize("preset", ["three-regimes", "adam-vs-gd"])
async def test_shrinking_to_80_by_24_loses_no_control_of_the_lab(learner, preset):
    async with learner.in_lab(preset, size=(140, 45)) as lab:
        await learner.press("end")
        await learner.pilot.resize_terminal(80, 24)
        await learner.settle()
        for selector in ("#landscape", "#loss", "#axis", "#words", "Footer"):
            region = lab.query_one(selector).region
            assert region.area > 0, selector
            assert region in lab.region, selector
        assert learner.keys_offered().startswith("space Play → Step ← Back r Restart ↑↓ η q Leave ? Keys")


async def test_shrinking_to_80_by_24_loses_no_control_of_a_sitting(learner):
    async with learner.studying(size=(140, 45)) as app:
        await learner.press("space")
        await learner.pilot.resize_terminal(80, 24)
        await learner.settle()
        for button in app.screen.query("RatingButton"):
            assert button.region.area > 0
            assert button.region in app.screen.region
        assert "1 Again <1m" in learner.sees()
        assert "4 Easy" in learner.sees()
        assert learner.keys_offered() == "space Rate u Undo e Edit i Info g Lab q Back ? Keys ^p palette"


async def test_the_palette_offers_the_lab(learner):
    async with learner.at() as app:
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "Open the lab" in titles
        assert "Next theme" in titles
