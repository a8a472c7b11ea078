"""The list of experiments, and every one of them in the lab."""

from lrcards.descent.presets import PRESETS
from lrcards.tui.screens.lab import LabScreen


async def test_enter_opens_the_lab_on_the_experiment_under_the_cursor_and_q_returns(learner):
    async with learner.at():
        await learner.press("g", "j", "j", "enter")
        assert learner.screen.title == "lab"
        assert learner.screen.lab.preset.name == list(PRESETS)[2]
        await learner.press("q")
        assert learner.screen.title == "experiments"
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_an_experiment_of_every_kind_opens_and_runs_to_its_end(learner):
    kinds = {preset.experiment.objective.name: preset for preset in PRESETS.values()}
    async with learner.at(size=(80, 24)) as app:
        for kind, preset in kinds.items():
            lab = LabScreen(preset)
            await app.push_screen(lab)
            await learner.pilot.pause(0)
            lab.action_finish()
            assert str(lab.query_one("#verdict").content).strip(), kind
            lab.action_leave()
            await learner.pilot.pause(0)
