"""With the setting ``ascii`` no screen draws with other characters, and it can be had at once."""

import pytest

from lrcards.ascii_drawing import TABLE
from lrcards.settings import Settings
from lrcards.tui.screens.lab import LabScreen
from lrcards.tui.widgets.rate_axis import RateAxis

ASCII = Settings({"display": {"ascii": True}, "study": {"fuzz": False}})


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    monkeypatch.setattr("lrcards.tui.screens.settings.settings_file", lambda: path)
    return path


def painted(learner) -> str:
    return "\n".join(strip.text for strip in learner.screen._compositor.render_strips())


def assert_in_ascii(learner, *, text_of_cards: str = "") -> None:
    lines = painted(learner).splitlines()
    others = {sign for line in lines for sign in line if not sign.isascii()}
    assert others <= set(text_of_cards), learner.screen
    assert not others & set(TABLE)
    assert {len(line) for line in lines} == {learner.pilot.app.size.width}


async def test_no_screen_draws_with_anything_else(learner):
    async with learner.at(settings=ASCII, size=(100, 30)):
        assert_in_ascii(learner)
        await learner.press("question_mark")
        assert "+- Keys: home" in painted(learner)
        assert_in_ascii(learner)
        await learner.press("escape", "enter")
        assert learner.screen.title == "study"
        assert_in_ascii(learner)
        await learner.press("space", "g")
        lab = learner.screen
        assert isinstance(lab, LabScreen)
        await learner.until(lambda: lab._sweep is not None)
        await learner.press("right", "right")
        assert "|:" in painted(learner)
        assert_in_ascii(learner, text_of_cards="ηλ⁻⁰¹²³⁴")
        axis = lab.query_one(RateAxis)
        under_the_mouse = axis.content_region.offset - axis.region.offset + (axis._cell(0.1), 0)
        await learner.pilot.click(axis, offset=under_the_mouse)
        assert lab.lab.experiment.lane_rates[0] == pytest.approx(0.1, rel=0.1)
        await learner.press("q", "3", "q", "s")
        await learner.until(lambda: not learner.screen.has_class("waiting"))
        assert "no answer . : + & #" in learner.sees()
        assert_in_ascii(learner)
        await learner.press("l")
        assert_in_ascii(learner)
        await learner.press("q", "slash")
        await learner.until(lambda: "What is an epoch?" in learner.sees())
        assert_in_ascii(learner, text_of_cards="η")
        await learner.press("down", "q", "comma")
        assert learner.screen.title == "settings"
        assert_in_ascii(learner)


async def test_the_drawing_changes_at_once_on_the_settings_screen(learner, file):
    async with learner.at() as app:
        await learner.press("comma")
        rows = learner.screen.query_one("SettingList")
        rows.highlighted = rows.get_option_index("ascii")
        await learner.settle()
        assert "⏎ Change" in learner.keys_offered()
        assert "─" in painted(learner)
        await learner.press("enter", "k", "enter")
        assert file.read_text() == "[display]\nascii = true\n"
        assert "enter Change" in learner.keys_offered()
        assert_in_ascii(learner)
        await learner.press("x")
        assert "─" in painted(learner)
        assert not app.settings.ascii
