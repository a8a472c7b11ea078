"""What a verdict says: plain words, numbers as people write them, and nothing the run does not bear out."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lrcards.descent import wording
from lrcards.descent.experiment import Experiment
from lrcards.descent.network import Network
from lrcards.descent.objectives import AbsoluteDeviations, DoubleWell, Objective, Quadratic
from lrcards.descent.optimizers import Momentum
from lrcards.descent.presets import PRESETS
from lrcards.descent.run import Run, simulate
from lrcards.descent.schedules import StepDecay
from lrcards.descent.surfaces import Catapult, Helipad
from lrcards.descent.verdict import judge

BOWL = Quadratic()


def experiment(objective: Objective, rate: float, start: float, steps: int, **more: Any) -> Experiment:
    return Experiment(objective=objective, rates=(rate,), starts=((start,),), steps=steps, **more)


def reasons(*situation: Any, **more: Any) -> tuple[str, ...]:
    return judge(simulate(experiment(*situation, **more))).reasons


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (130.0, "130"),
        (0.025371, "0.02537"),
        (18.5, "18.5"),
        (-4.95162, "-4.952"),
        (15860.4, "15860"),
        (63004.0, "63000"),
        (999999.0, "1e6"),
        (1.2e-9, "1.2e-9"),
        (2.127e37, "2.127e37"),
    ],
)
def test_a_number_reads_as_people_write_it(value: float, text: str) -> None:
    assert wording.number(value) == text


def test_a_share_has_a_space_before_the_percent_sign() -> None:
    assert [wording.percent(share) for share in (0.001, 0.19876, 1.0)] == ["0.1 %", "19.9 %", "100 %"]


@pytest.mark.parametrize("name", PRESETS)
def test_the_reasons_of_every_preset_are_clean(name: str) -> None:
    trajectory = simulate(PRESETS[name].experiment)
    for lane in range(trajectory.lanes):
        told = judge(trajectory, lane).reasons
        assert 1 <= len(told) <= 4
        for reason in told:
            assert reason == reason.strip()
            assert not reason.endswith(".")
            assert not re.search(r"nan|\binf\b|e[+]|e-0|\d%|  ", reason), reason
            assert re.search(r"\d|once|twice", reason), reason


def test_arrival_says_how_much_is_left_and_that_no_step_overshoots() -> None:
    assert reasons(BOWL, 0.25, 8.0, 20) == (
        "from step 13 on, at most 0.1 % of the starting loss above the minimum is left",
        "it ends at 0.02537 with the loss 0.0003218",
        "η = 0.25 does not exceed 1/λ = 1: no step overshoots",
    )


def test_the_lab_does_not_say_that_a_run_ends_which_goes_on() -> None:
    run = Run(experiment(BOWL, 0.25, 8.0, 100))
    run.forward(20)
    assert judge(run.trajectory()).reasons[1] == "it is now at 0.02537 with the loss 0.0003218"


def test_where_the_curvature_fell_on_the_way_nothing_is_said_of_overshooting() -> None:
    told = judge(
        simulate(Experiment(objective=Catapult(), rates=(0.8,), starts=((2.0, 0.05),), steps=100))
    ).reasons
    assert not any("overshoots" in reason for reason in told)


def test_a_slow_run_says_how_many_steps_are_missing_and_how_small_its_rate_is() -> None:
    assert reasons(BOWL, 0.02, 8.0, 40) == (
        "after 40 steps, 19.9 % of the starting loss above the minimum is left",
        "at the pace of the last 10 steps it needs about 130 more steps",
        "η = 0.02 is 1 % of the largest rate that is stable there, 2",
    )


def test_a_run_that_goes_on_says_how_many_steps_are_left() -> None:
    run = Run(experiment(BOWL, 0.25, 8.0, 20))
    run.forward(4)
    assert (
        judge(run.trajectory()).reasons[1]
        == "at the pace of the last step it needs about 9 more steps; 16 are left"
    )


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.05, 0.1])
@pytest.mark.parametrize("steps", [5, 20, 30])
def test_a_bowl_takes_as_many_more_steps_as_foretold(rate: float, steps: int) -> None:
    situation = experiment(BOWL, rate, 8.0, steps)
    missing = int(re.findall(r"about (\d+) more", "; ".join(judge(simulate(situation)).reasons))[0])
    arrived_at = judge(simulate(replace(situation, steps=steps + 2 * missing))).arrived_at
    assert arrived_at is not None
    assert arrived_at - steps == pytest.approx(missing, rel=0.05, abs=1)


def test_on_a_constant_slope_the_loss_falls_by_the_same_amount_each_time() -> None:
    situation = experiment(AbsoluteDeviations((0.0,)), 0.01, 10.0, 100)
    assert judge(simulate(situation)).reasons[1].endswith("it needs about 900 more steps")
    assert judge(simulate(replace(situation, steps=1100))).arrived_at == pytest.approx(1000, abs=1)


def test_overflow_names_the_limit_where_the_run_was_first_beyond_it() -> None:
    # λ = 3·3² − 1 = 26 at the start; where it is thrown to, the curvature is any number.
    assert reasons(DoubleWell(), 0.5, 3.0, 60)[1] == (
        "η = 0.5 is above 0.07692, the largest stable rate at a curvature of 26"
    )


def test_a_loss_that_climbs_in_swings_is_said_to_climb() -> None:
    told = reasons(BOWL, 3.81, 3.0, 101, optimizer=Momentum())
    assert told[0].startswith("the loss climbs from 4.5 to ")


def test_a_first_step_has_no_step_before_it_to_compare_with() -> None:
    assert reasons(BOWL, 3.0, 10.0, 1) == (
        "the loss climbs from 50 to 200",
        "η = 3 is above 2, the largest stable rate at a curvature of 1",
    )


def test_a_cycle_goes_around_the_minimum_that_it_encloses() -> None:
    assert "around -4.952" in reasons(Helipad(), 0.7, -8.0, 400)[0]
    assert "around 0" in reasons(BOWL, 2.0, 8.0, 30)[0]


def test_the_steps_that_led_to_a_cycle_do_not_count_as_its_width() -> None:
    told = reasons(AbsoluteDeviations(), 0.3, 24.5, 30)
    assert told[1:] == (
        "the step η·|g| = 0.3 is longer than the distance 0.1",
        "halving η shrinks the cycle from 0.3 to 0.15: alternates 18.95 ↔ 19.1",
    )


def test_under_noise_the_words_speak_of_averages() -> None:
    told = reasons(BOWL, 0.5, 10.0, 600, noise=1.0, schedule=StepDecay(200), seed=3)
    assert re.match(r"on average from step 2\d\d on, at most 0.1 % of the starting loss", told[0])


def test_a_local_minimum_says_which_rates_stay_in_it() -> None:
    assert reasons(Helipad(), 0.2, -8.0, 400) == (
        "rests at -4.952 with the loss 0.3567; the lowest minimum is 4.952 away and has the loss -1",
        "in this basin any η below 0.564 is stable",
    )


def test_a_few_steps_up_and_down_are_too_few_to_see_more() -> None:
    assert reasons(BOWL, 2.5, 8.0, 3, optimizer=Momentum())[0] == (
        "in 3 steps the loss went up and down between 0 and 72: too few to see where it is heading"
    )


def test_a_network_says_how_much_the_second_half_still_brought() -> None:
    network = Network()
    situation = Experiment(
        objective=network, rates=(0.01,), starts=(network.default_start(0),), steps=200, batch_size=16
    )
    trajectory = simulate(situation)
    told = judge(trajectory).reasons[0]
    share = float(re.findall(r"brought ([\d.]+) %", told)[0]) / 100
    losses = trajectory.losses[:, 0]
    brought = (losses[100:125].mean() - losses[-25:].mean()) / (losses[0] - losses.min())
    assert share == pytest.approx(brought, rel=0.01)
    assert np.isfinite(share)
