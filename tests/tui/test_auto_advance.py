"""A sitting that goes on by itself, once it is told to."""

import pytest

from lrcards.cards.model import Rating
from lrcards.settings import Settings

NAMED = "auto-advance: A stops it"


def at_once(action: str = "good", **more) -> Settings:
    """Return settings by which a side is shown for no longer than a second."""
    chosen = {"auto_advance_question": "1s", "auto_advance_answer": "1s", "auto_advance_action": action}
    return Settings({"study": {"fuzz": False, **chosen, **more}})


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let timers of a second fire after a hundredth of one; gives the seconds asked for."""
    from lrcards.tui.screens.study import StudyScreen

    asked: list[float] = []
    set_timer = StudyScreen.set_timer

    def hurry(self, delay, callback=None, **more):
        asked.append(delay)
        return set_timer(self, delay / 100, callback, **more)

    monkeypatch.setattr(StudyScreen, "set_timer", hurry)
    return asked


async def test_it_is_off_until_it_is_asked_for(learner, hurried):
    async with learner.studying(settings=at_once()):
        assert not learner.screen.auto
        assert not learner.screen.query_one("#badges").display
        assert hurried == []


async def test_it_reveals_and_rates_until_it_is_stopped(learner, hurried):
    async with learner.studying(settings=at_once()):
        await learner.press("A")
        assert learner.reads("#badges") == NAMED
        await learner.until(lambda: len(learner.answers("kink")) > 0)
        assert learner.answers("update")[0].rating is Rating.GOOD
        await learner.press("A")
        assert learner.reads("#badges") == ""
        answered = learner.screen.sitting.answered
        await learner.pilot.pause(0.05)
        assert learner.screen.sitting.answered == answered
        assert set(hurried) == {1.0}


@pytest.mark.usefixtures("hurried")
async def test_it_may_bury_what_was_not_rated(learner):
    async with learner.studying(settings=at_once("bury")):
        await learner.press("A")
        await learner.until(lambda: learner.screen.sitting.current is None)
        assert str(learner.collection.card("epoch#0").buried_until) == "2026-03-03"
        assert learner.answers("epoch") == []


@pytest.mark.usefixtures("hurried")
async def test_a_time_of_zero_waits_for_the_learner(learner):
    async with learner.studying(settings=at_once(auto_advance_answer="0s")):
        await learner.press("A")
        await learner.until(lambda: learner.screen.revealed)
        await learner.pilot.pause(0.05)
        assert learner.answers("update") == []


@pytest.mark.usefixtures("hurried")
async def test_sittings_begin_with_it_if_the_settings_say_so(learner):
    async with learner.studying(settings=at_once(auto_advance=True)):
        await learner.until(lambda: len(learner.answers("update")) > 0)


async def test_a_dialog_the_lab_and_typing_stop_it(learner):
    async with learner.studying(settings=at_once()) as app:
        sitting = app.screen
        for key in ("question_mark", "f", "e", "i", "t", "g"):
            await learner.press("A")
            assert sitting.auto
            await learner.press(key)
            assert not sitting.auto, key
            await learner.press("escape")
