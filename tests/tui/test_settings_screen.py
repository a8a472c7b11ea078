"""The settings on screen: listed, changed at once, and back to the default."""

import pytest
from textual.widgets import Input

from lrcards.preferences import listed
from lrcards.settings import Settings
from lrcards.tui.screens.settings import SETTING_WORDINGS


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    monkeypatch.setattr("lrcards.tui.screens.settings.settings_file", lambda: path)
    return path


async def change(learner, name: str, *keys: str) -> None:
    rows = learner.screen.query_one("SettingList")
    rows.highlighted = rows.get_option_index(name)
    await learner.press(*keys)


def test_every_setting_has_a_name_and_a_meaning():
    assert {row.name for row in listed(Settings())} == set(SETTING_WORDINGS)


async def test_a_change_is_in_the_file_and_holds_at_once_until_x_takes_it_back(learner, file):
    async with learner.at() as app:
        await learner.press("comma")
        assert learner.screen.title == "settings"
        await change(learner, "new_per_day", "enter")
        learner.screen.query_one(Input).value = "many"
        await learner.settle()
        assert "new_per_day must be a whole number" in learner.sees()
        learner.screen.query_one(Input).value = "2"
        await learner.press("enter")
        assert file.read_text() == "[study]\nnew_per_day = 2\n"
        assert app.desk.sitting().counts.new == 2
        await change(learner, "new_per_day", "x")
        assert app.desk.sitting().counts.new == 3


async def test_theme_and_motion_change_at_once(learner):
    async with learner.at() as app:
        await learner.press("comma")
        await change(learner, "theme", "enter", "j", "enter")
        assert app.theme == app.settings.theme != "textual-dark"
        app.animation_level = "full"
        await change(learner, "reduced_motion", "enter", "k", "enter")
        assert app.settings.reduced_motion
        assert app.animation_level == "none"


async def test_with_reduced_motion_the_lab_goes_to_the_end_at_once(learner):
    still = Settings({"display": {"reduced_motion": True}})
    async with learner.in_lab("kink", settings=still) as lab:
        await learner.press("space")
        assert not lab.playing
        assert lab.lab.run.finished


@pytest.mark.parametrize(
    "keys", ["j", "K", ["K", "enter", "g"]], ids=["settings", "keys", "a-key-that-is-taken"]
)
async def test_the_screens_look_as_they_did(pictured, keys, monkeypatch):
    monkeypatch.setattr("lrcards.tui.screens.settings.settings_file", lambda: "~/.config/lrcards/config.toml")
    own = Settings({"study": {"new_per_day": 5, "easy_days": {"sunday": "minimum"}}})
    await pictured("comma", *keys, settings=own)
