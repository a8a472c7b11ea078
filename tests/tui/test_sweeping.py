"""A long sweep beside the lab: how far it is, and that it ends with the experiment or the visit."""

from threading import Event

import pytest

from lrcards.tui.screens import lab as lab_screen
from lrcards.tui.widgets.rate_axis import RateAxis


class EndlessSweep:
    """Stands for a sweep that is always half done; it ends by what its progress raises."""

    def __init__(self) -> None:
        self.ended = Event()

    def __call__(self, _experiment, progress=None):
        try:
            while True:
                progress(0.4)
        finally:
            self.ended.set()


@pytest.fixture
def endless(monkeypatch) -> EndlessSweep:
    sweep = EndlessSweep()
    monkeypatch.setattr(lab_screen, "sweep_of", sweep)
    return sweep


async def test_a_long_sweep_says_how_far_it_is(learner, endless):
    async with learner.in_lab("network") as lab:
        await learner.until(lambda: str(lab.query_one(RateAxis).border_subtitle) == "sweeping 40 %")
        assert not endless.ended.is_set()
        await learner.press("q")
        await learner.until(endless.ended.is_set)


async def test_a_sweep_ends_when_the_experiment_becomes_another(learner, endless, monkeypatch):
    async with learner.in_lab("network") as lab:
        await learner.until(lambda: lab._swept_share > 0)
        monkeypatch.undo()
        lab._try(lambda: lab.lab.set_objective("kink"))
        await learner.until(endless.ended.is_set)
        assert str(lab.query_one(RateAxis).border_subtitle) in ("", "sweeping…")


async def test_the_axis_stays_where_it_is_when_the_sweep_arrives(learner):
    async with learner.in_lab("network") as lab:
        axis = lab.query_one(RateAxis)
        assert lab._sweep is None
        before = axis._axis
        await learner.until(lambda: lab._sweep is not None)
        assert axis._axis == before


async def test_the_axis_stays_while_a_rate_is_dragged_over_decades_and_moves_when_it_is_let_go(learner):
    async with learner.in_lab("kink", size=(140, 45)) as lab:
        axis = lab.query_one(RateAxis)
        before = axis._axis
        await learner.pilot.mouse_down(axis, offset=(60, 1))
        for column in (50, 30, 10):
            await learner.pilot.hover(axis, offset=(column, 1))
            assert axis._axis == before
            assert axis._cell(lab.lab.experiment.lane_rates[0]) == column - 1
        await learner.pilot.mouse_up(axis, offset=(10, 1))
        assert axis._axis != before
        assert lab._sweep is not None
        assert lab._sweep.rates[0] == axis._axis.low
