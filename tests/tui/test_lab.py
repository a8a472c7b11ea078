"""The lab: real runs, stepped, steered and taken along."""

import tomllib

import pytest

from lrcards.tui.widgets.canvas import Canvas
from lrcards.tui.widgets.rate_axis import RateAxis

KINK = [24.5, 21.5, 20.5, 19.5, 18.5, 19.5]
POWERS = ("⁻⁵", "⁻⁴", "⁻³", "⁻²", "⁻¹", "⁰", "¹", "²", "³")


def iterates(lab) -> list[float]:
    return lab.lab.trajectory.iterates[:, 0, 0].tolist()


async def test_steps_forward_give_the_iterates_of_the_kink(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("right", "right", "right", "right", "right")
        assert iterates(lab) == KINK


async def test_a_step_back_takes_back_one_step(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("L", "left")
        assert lab.lab.run.cursor == 9
        assert "step 9 of 30" in learner.reads("#lanes")


async def test_ten_steps_and_the_start_and_the_end(learner):
    async with learner.in_lab("kink") as lab:
        cursors = []
        for key in ("L", "L", "H", "r", "end"):
            await learner.press(key)
            cursors.append(lab.lab.run.cursor)
        assert cursors == [10, 20, 10, 0, 30]


async def test_playing_advances_by_the_time_that_passed(learner, stopwatch):
    async with learner.in_lab("kink") as lab:
        await learner.press("space")
        assert "playing, 5 steps a second" in learner.reads("#lanes")
        stopwatch.seconds += 1
        await learner.until(lambda: lab.lab.run.cursor == 5)
        stopwatch.seconds += 0.5
        await learner.until(lambda: lab.lab.run.cursor == 7)
        await learner.press("space")
        assert not lab.playing


async def test_playing_stops_at_the_end_and_says_the_verdict(learner, stopwatch):
    async with learner.in_lab("kink") as lab:
        lab.action_play()
        stopwatch.seconds += 60
        await learner.until(lambda: not lab.playing)
        assert "at the end" in learner.reads("#lanes")
        assert "bouncing at a kink" in learner.reads("#verdict")


@pytest.mark.usefixtures("stopwatch")
async def test_playing_again_at_the_end_starts_anew(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("end")
        lab.action_play()
        assert lab.playing
        assert lab.lab.run.cursor == 0


async def test_speed_goes_up_and_down_between_its_ends(learner):
    async with learner.in_lab("kink") as lab:
        lab.action_speed(1)
        assert "10 steps a second" in learner.reads("#lanes")
        lab.action_speed(-99)
        assert " 1 steps a second" in learner.reads("#lanes")


async def test_a_change_of_rate_acts_at_once_and_stepping_back_goes_through_it(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("right", "right")
        await learner.press("pagedown")
        assert lab.lab.experiment.lane_rates.tolist() == [0.1]
        await learner.press("right", "right")
        assert iterates(lab) == pytest.approx([24.5, 21.5, 20.5, 20.4, 20.3], abs=1e-12)
        await learner.press("left", "left", "left")
        assert iterates(lab) == KINK[:2]
        assert lab.lab.experiment.lane_rates.tolist() == [1.0]
        await learner.press("L")
        assert iterates(lab)[:5] == pytest.approx([24.5, 21.5, 20.5, 20.4, 20.3], abs=1e-12)


async def test_the_arrows_change_the_rate_by_a_tenth_of_a_decade(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("up")
        assert lab.lab.experiment.lane_rates.tolist() == [1.26]
        await learner.press("down")
        assert lab.lab.experiment.lane_rates.tolist() == [1.0]


async def test_lanes_are_added_selected_and_removed(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("a", "a")
        assert lab.lab.experiment.lane_rates.tolist() == [1.0, 0.5, 0.25]
        await learner.press("tab", "tab", "x")
        assert lab.lab.experiment.lane_rates.tolist() == [1.0, 0.25]
        assert "›2" in learner.reads("#lanes")


async def test_the_last_lane_stays_and_a_fifth_is_refused(learner):
    async with learner.in_lab("kink") as lab:
        lab.action_remove_lane()
        for _ in range(4):
            lab.action_add_lane()
        await learner.settle()
        assert lab.lab.experiment.lanes == 4
        assert learner.is_told() == [
            "the last lane cannot be removed",
            "at most 4 lanes can be told apart on a screen",
        ]


async def test_keys_turn_only_the_selected_lane(learner):
    async with learner.in_lab("three-regimes") as lab:
        before = lab.lab.experiment.lane_rates.tolist()
        await learner.press("tab", "pageup")
        after = lab.lab.experiment.lane_rates.tolist()
        assert after == [before[0], 10 * before[1], before[2]]


async def test_a_drag_along_the_rate_axis_takes_the_rate_along(learner):
    async with learner.in_lab("kink", size=(140, 45)) as lab:
        axis = lab.query_one(RateAxis)
        await learner.pilot.mouse_down(axis, offset=(30, 1))
        assert (first := lab.lab.experiment.lane_rates[0]) < 0.2
        await learner.pilot.hover(axis, offset=(60, 1))
        assert (second := lab.lab.experiment.lane_rates[0]) > first
        await learner.pilot.mouse_up(axis, offset=(60, 1))
        await learner.pilot.hover(axis, offset=(90, 1))
        assert lab.lab.experiment.lane_rates[0] == second


async def test_a_click_on_the_rate_axis_gives_the_rate_under_the_mouse(learner):
    async with learner.in_lab("kink") as lab:
        axis = lab.query_one(RateAxis)
        column = axis._cell(0.1)
        await learner.pilot.click(axis, offset=axis.content_region.offset - axis.region.offset + (column, 0))
        assert lab.lab.experiment.lane_rates[0] == pytest.approx(0.1, rel=0.1)
        assert "▲ η = 0.1" in learner.sees()


async def test_a_click_on_the_landscape_sets_the_start(learner):
    async with learner.in_lab("kink") as lab:
        canvas = lab.query_one("#landscape", Canvas)
        await learner.pilot.click(canvas, offset=(1 + canvas.size.width // 2, 5))
        low, high = lab.lab.experiment.objective.view.low[0], lab.lab.experiment.objective.view.high[0]
        assert lab.lab.experiment.lane_starts[0, 0] == pytest.approx((low + high) / 2, abs=0.2)


async def test_a_click_on_a_plane_sets_both_coordinates(learner):
    async with learner.in_lab("adam-vs-gd") as lab:
        canvas = lab.query_one("#landscape", Canvas)
        before = lab.lab.experiment.lane_starts.tolist()
        await learner.pilot.click(canvas, offset=(10, 5))
        after = lab.lab.experiment.lane_starts.tolist()
        assert after[0] != before[0]
        assert after[1] == before[1]


async def test_log_and_linear_loss_are_switched(learner):
    async with learner.in_lab("kink") as lab:
        assert str(lab.query_one("#loss").border_title) == "Loss above minimum, log"
        await learner.press("y")
        assert str(lab.query_one("#loss").border_title) == "Loss"


async def test_another_seed_draws_other_noise_and_reset_brings_the_card_back(learner):
    async with learner.in_lab("sgd-noise") as lab:
        await learner.press("L")
        before = iterates(lab)
        await learner.press("d", "L")
        assert iterates(lab) != before
        await learner.press("0", "L")
        assert iterates(lab) == before


async def test_the_command_line_is_copied(learner):
    async with learner.in_lab("kink"):
        await learner.press("up", "c")
        assert learner.pilot.app.clipboard == "lrcards sim kink --rate 1.26"
        assert learner.is_told() == ["lrcards sim kink --rate 1.26"]


async def test_what_was_changed_on_the_way_is_said_to_be_left_out(learner):
    async with learner.in_lab("kink"):
        await learner.press("right", "up", "c")
        assert learner.pilot.app.clipboard == "lrcards sim kink --rate 1.26"
        assert "what you changed on the way is not in it" in learner.is_told()[0]


async def test_an_experiment_beyond_the_command_line_says_so(learner):
    async with learner.in_lab("kink") as lab:
        lab.lab.set_noise(0.5)
        await learner.press("c")
        assert learner.is_told() == ["No command line expresses this experiment; w saves it as TOML."]


async def test_saving_writes_a_picture_and_the_experiment(learner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with learner.in_lab("kink") as lab:
        await learner.press("w")
        pictures, tables = list(tmp_path.glob("*.svg")), list(tmp_path.glob("*.toml"))
        assert [len(pictures), len(tables)] == [1, 1]
        assert pictures[0].read_text(encoding="utf-8").startswith("<svg")
        assert tomllib.loads(tables[0].read_text(encoding="utf-8"))["objective"] == "kink"
        assert pictures[0].name in learner.is_told()[0]
        assert lab.is_current


async def test_a_picture_that_cannot_be_saved_is_said(learner, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("Permission denied")

    async with learner.in_lab("kink") as lab:
        monkeypatch.setattr(learner.pilot.app, "save_screenshot", refuse)
        lab.action_save()
        await learner.settle()
        assert learner.is_told() == ["Not saved: Permission denied"]


async def test_a_long_sweep_comes_from_beside_the_screen(learner):
    async with learner.in_lab("network") as lab:
        assert str(lab.query_one(RateAxis).border_subtitle).startswith("sweeping")
        await learner.until(lambda: lab._sweep is not None)
        assert str(lab.query_one(RateAxis).border_subtitle) == ""


async def test_leaving_while_it_sweeps_leaves_nothing_behind(learner):
    async with learner.in_lab("network"):
        await learner.press("q")
        assert learner.screen.title == "home"
        await learner.pilot.app.workers.wait_for_complete()


async def test_overflow_is_said_in_words(learner):
    async with learner.in_lab("divergence") as lab:
        lab.lab.set_rate(1e200)
        await learner.press("end")
        assert "overflow" in learner.reads("#verdict")


@pytest.mark.usefixtures("stopwatch")
async def test_a_question_mark_pauses_the_run(learner):
    async with learner.in_lab("kink") as lab:
        lab.action_play()
        await learner.press("question_mark")
        assert not lab.playing


@pytest.mark.parametrize("preset", ["three-regimes", "step-decay", "full-batch", "helicopter"])
async def test_no_label_on_the_rate_axis_covers_half_of_another(learner, preset):
    async with learner.in_lab(preset) as lab:
        await learner.until(lambda: lab._sweep is not None)
        axis = lab.query_one(RateAxis)
        scale = "".join(piece.text for piece in axis._rows[RateAxis.SCALE])
        labels = {"│", *(f"│{mark.label}" for mark in lab.lab.marks), *(f"10{power}" for power in POWERS)}
        assert set(scale.replace("│", " │").split()) <= labels


async def test_a_loss_without_a_known_minimum_is_not_said_to_be_above_one(learner):
    async with learner.in_lab("network") as lab:
        assert str(lab.query_one("#loss").border_title) == "Loss, log"
