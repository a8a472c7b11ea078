"""The command line that the lab copies: run as it stands, it gives the very numbers of the lab's run."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from lrcards.cards.formats.markdown import read_deck
from lrcards.cli import group
from lrcards.descent.presets import PRESETS
from lrcards.experiments import prepared
from lrcards.lab import Lab

CHANGES = {
    "nothing": lambda _: None,
    "its rate": lambda lab: lab.set_rate(0.012345678901234),
    "its seed": lambda lab: lab.reseed(),
    "its start": lambda lab: lab.set_start([0.1 + 0.2] * lab.experiment.objective.dimension),
}
ONE_LANE = {
    "its optimizer": lambda lab: lab.set_optimizer("adam"),
    "its schedule": lambda lab: lab.set_schedule("cosine"),
}
ALONE = [name for name, preset in PRESETS.items() if preset.experiment.lanes == 1]
CASES = [
    *((name, change) for name in PRESETS for change in CHANGES),
    *((name, change) for name in ALONE for change in ONE_LANE),
]
OPTIMISERS = {note.guid: note for note in read_deck(Path(__file__).parents[1] / "decks" / "optimisers.md")}


def runs_alike(lab: Lab) -> bool:
    """Run the lab's command, and return whether its iterates are those of the lab, bit for bit."""
    command = lab.command()
    assert command is not None
    program, *arguments = shlex.split(command)
    assert program == "lrcards"
    result = CliRunner().invoke(group, [*arguments, "--json"], catch_exceptions=False)
    lanes = json.loads(result.stdout)["lanes"]
    lab.finish()
    ours = lab.trajectory.iterates
    theirs = np.array([np.array(lane["iterates"], dtype=float) for lane in lanes])
    theirs = theirs.reshape(len(lanes), len(ours), -1).swapaxes(0, 1)
    # The lab ends a lane where its loss overflows; the bare run goes on with what it has.
    return bool(np.array_equal(np.where(np.isfinite(ours), theirs, np.nan), ours, equal_nan=True))


@pytest.mark.parametrize(("name", "change"), CASES)
def test_the_command_gives_the_numbers_of_the_run(name, change):
    lab = Lab(PRESETS[name])
    (CHANGES | ONE_LANE)[change](lab)
    if lab.command() is None:
        assert change == "its start"
        assert len({tuple(start) for start in lab.experiment.lane_starts.tolist()}) > 1
        return
    assert runs_alike(lab)


@pytest.mark.parametrize("guid", ["opt-adam-reach", "opt-noise-tenth"])
def test_the_changes_of_a_card_to_its_preset_are_in_the_command(guid):
    lab = Lab(prepared(OPTIMISERS[guid], 0).preset)
    assert "--steps 1000" in lab.command()
    assert runs_alike(lab)


def test_a_card_whose_changes_no_option_expresses_has_no_command():
    assert Lab(prepared(OPTIMISERS["opt-momentum-coast"], 0).preset).command() is None


def test_a_change_on_the_way_is_noticed_from_there_on_only():
    lab = Lab(PRESETS["kink"])
    lab.set_rate(0.5)
    assert not lab.run.was_changed
    lab.forward(3)
    lab.set_rate(0.25)
    assert lab.run.was_changed
    lab.back(2)
    assert not lab.run.was_changed
