"""Questions about experiments: exactly one choice is right, and it is what the run does."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import Experiment
from lrcards.descent.presets import PRESETS, Preset
from lrcards.descent.questions import KINDS, Question, ask
from lrcards.descent.run import simulate

QUICK = [name for name in PRESETS if name not in ("network", "rosenbrock", "noise-escape", "single-sample")]


def preset_question(name: str, kind: str | None = None, **changes: object) -> Question | None:
    preset = Preset.from_data({"preset": name, **changes})
    return ask(kind, preset.experiment, preset.labels, Random(1))


def answer(name: str, kind: str | None = None, **changes: object) -> str:
    question = preset_question(name, kind, **changes)
    assert question is not None
    return question.answer


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(QUICK), st.sampled_from([None, *KINDS]), st.integers(0, 99))
def test_a_question_has_two_to_four_different_choices_and_the_same_ones_for_the_same_seed(name, kind, seed):
    preset = PRESETS[name]
    question, again = (ask(kind, preset.experiment, preset.labels, Random(seed)) for _ in range(2))
    assert question == again
    if question is not None:
        assert 2 <= len(question.choices) <= 4
        assert len(set(question.choices)) == len(question.choices)
        assert question.answer == question.choices[question.truth]
        assert question.prompt
        assert question.because


@pytest.mark.parametrize("name", QUICK)
def test_which_choice_is_right_does_not_depend_on_which_wrong_ones_are_offered(name):
    preset = PRESETS[name]
    questions = [ask(None, preset.experiment, preset.labels, Random(seed)) for seed in range(4)]
    assert len({question and question.answer for question in questions}) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [("three-regimes", "first"), ("kink", "cycle"), ("divergence", "regime"), ("sgd-noise", "lowest")],
)
def test_an_experiment_is_asked_what_suits_it(name, kind):
    question = preset_question(name)
    assert question is not None
    assert question.kind == kind


def test_a_run_in_noise_or_on_a_plateau_schedule_is_asked_what_a_drop_does():
    noisy = preset_question("plateau-drop", schedule="constant")
    assert noisy is not None
    assert (noisy.kind, noisy.answer) == ("drop", "it falls, to a lower level")


@pytest.mark.parametrize(
    ("name", "fate"),
    [
        ("too-small", "creeps, and runs out of steps on the way"),
        ("just-right", "goes to the minimum from one side"),
        ("two-cycle", "cycles for ever between the same points"),
        ("divergence", "diverges"),
        ("kink", "bounces across the kink for ever"),
        ("exponential", "jumps from side to side, and arrives"),
    ],
)
def test_the_regime_is_that_of_the_run(name, fate):
    assert answer(name, "regime") == fate


def test_a_run_that_overflows_diverges():
    assert answer("divergence", "regime", rate=50.0, steps=400) == "diverges"


def test_the_choices_of_a_regime_stand_in_an_order_that_tells_nothing():
    orders = []
    for seed in range(20):
        question = ask("regime", PRESETS["just-right"].experiment, ("",), Random(seed))
        assert question is not None
        orders.append([c for c in question.choices if c != question.answer])
    assert all(order.index("diverges") == len(order) - 1 for order in orders if "diverges" in order)


def test_a_run_that_ends_near_to_what_counts_as_arrival_is_asked_no_regime():
    # 0.75^24 = 0.001 of the loss is left.
    assert preset_question("update-rule", "regime", steps=12) is None
    assert preset_question("update-rule", "regime", steps=20) is not None


@pytest.mark.parametrize(
    ("rate", "fate"), [(0.7, "it converges"), (0.75, "it neither settles nor leaves"), (0.8, "it diverges")]
)
def test_momentum_converges_up_to_its_own_limit(rate, fate):
    changes = {
        "objective": {"name": "quadratic", "curvatures": [4.0]},
        "optimizer": {"name": "momentum", "momentum": 0.5},
    }
    question = preset_question("just-right", "converges", rate=rate, steps=200, **changes)
    assert question is not None
    assert question.answer == fate
    assert "momentum is stable here below η = 0.75" in question.because


def test_the_first_lane_is_the_one_with_the_fewest_steps():
    question = preset_question("three-regimes", "first")
    assert question is not None
    assert question.answer == "η = 0.8 just right"
    assert "η = 0.8 just right arrives at step 3" in question.because


def test_lanes_that_arrive_together_are_not_asked_which_is_first():
    assert preset_question("just-right", "first", rates=[0.5, 1.5]) is None


def test_lanes_of_which_none_arrives_are_asked_which_ends_lowest():
    assert preset_question("starting-points", "first", steps=20) is None
    assert answer("starting-points", "lowest", steps=20) == "η = 0.1"
    assert preset_question("just-right", "lowest", rates=[0.5, 0.5], starts=[[8.0], [-8.0]]) is None


def test_the_right_lane_is_among_the_choices_where_there_are_more_lanes_than_choices():
    preset = PRESETS["tuning-by-decades"]
    for seed in range(20):
        question = ask("first", preset.experiment, preset.labels, Random(seed))
        assert question is not None
        assert question.answer == "η = 1"
        assert len(question.choices) == 4


def test_lanes_without_names_of_their_own_are_not_asked_about():
    assert ask("first", PRESETS["three-regimes"].experiment, ("a", "a", "b"), Random(1)) is None


@pytest.mark.parametrize(
    ("rate", "points"),
    [(1.0, "18.5 ↔ 19.5"), (0.3, "18.8 ↔ 19.1"), (3.0, "15.5 ↔ 24.5"), (0.5, "it comes to rest at 19")],
)
def test_the_cycle_at_the_kink_is_where_the_run_ends(rate, points):
    assert answer("kink", "cycle", rate=rate, steps=60) == points


def test_a_run_that_is_on_its_way_or_gone_is_not_asked_for_its_cycle():
    assert preset_question("too-small", "cycle") is None
    assert preset_question("divergence", "cycle") is None


@pytest.mark.parametrize(
    ("name", "changes", "lands"),
    [
        ("update-rule", {}, "6"),
        ("kink", {}, "21.5"),
        ("just-right", {"optimizer": "adam", "rate": 0.5}, "7.5"),
        ("just-right", {"optimizer": {"name": "nesterov", "momentum": 0.5}, "rate": 0.5}, "2"),
    ],
)
def test_the_next_iterate_is_that_of_the_optimizer(name, changes, lands):
    assert answer(name, "next", **changes) == lands


def test_the_next_iterate_is_not_asked_of_noise():
    assert preset_question("update-rule", "next", noise=1.0) is None


@pytest.mark.parametrize(
    ("schedule", "steps", "rate", "formula"),
    [
        ({"name": "step", "every": 30}, 75, "0.001", "η₀·γ^⌊t/s⌋ = 0.1·0.1^2 = 0.001"),
        ({"name": "multi-step", "milestones": [30, 60]}, 75, "0.001", "0.1·0.1^2 = 0.001"),
        ({"name": "exponential", "factor": 0.5}, 3, "0.0125", "η₀·γᵗ = 0.1·0.5^3 = 0.0125"),
        ({"name": "inverse-time", "decay": 0.5}, 8, "0.02", "η₀/(1 + α·t) = 0.1/(1 + 0.5·8) = 0.02"),
        (
            {"name": "cosine", "updates": 60},
            20,
            "0.075",
            "η₀·(1 + cos(π·t/T))/2 = 0.1·(1 + cos(π·20/60))/2 = 0.075",
        ),
    ],
)
def test_the_rate_in_force_follows_from_the_schedule(schedule, steps, rate, formula):
    question = preset_question("just-right", "rate", rate=0.1, schedule=schedule, steps=steps)
    assert question is not None
    assert question.answer == rate
    assert question.because == formula
    assert question.prompt == f"Which η is in force after {steps} steps?"


def test_at_a_drop_the_rate_before_it_is_no_choice():
    for seed in range(10):
        experiment = Experiment.from_data(
            {"preset": "just-right", "rate": 0.1, "schedule": {"name": "step", "every": 30}, "steps": 60}
        )
        question = ask("rate", experiment, ("",), Random(seed))
        assert question is not None
        assert question.answer == "0.001"
        assert "0.01" not in question.choices


def test_the_rate_of_a_plateau_schedule_is_the_one_that_the_run_led_to():
    changes = {"schedule": {"name": "plateau", "patience": 5}, "rates": [1.0], "steps": 100}
    question = preset_question("kink", "rate", **changes)
    assert question is not None
    run = simulate(Preset.from_data({"preset": "kink", **changes}).experiment)
    assert float(question.answer) == pytest.approx(run.rates[-1, 0])


def test_a_constant_rate_is_not_asked_for():
    assert preset_question("just-right", "rate") is None


@pytest.mark.parametrize(
    ("name", "changes", "what"),
    [
        ("kink", {}, "it falls, to a lower level"),
        ("too-small", {}, "it falls on, only more slowly"),
        ("just-right", {}, "nothing changes"),
        ("sgd-noise", {"rates": [0.5]}, "it falls, to a lower level"),
    ],
)
def test_a_drop_of_the_rate_is_tried(name, changes, what):
    question = preset_question(name, "drop", **changes)
    assert question is not None
    assert question.answer == what
    assert "it was tried" in question.because


def test_a_run_that_starts_at_the_minimum_is_not_asked_what_it_loses():
    assert preset_question("kink", "drop", start=19.0) is None
    assert preset_question("kink", "next", start=19.0) is None


def test_a_cycle_too_narrow_to_read_is_not_asked_for():
    assert preset_question("exponential", "cycle", steps=300) is None


def test_after_divergence_a_drop_is_not_asked_about():
    assert preset_question("divergence", "drop") is None


def test_a_kind_that_is_not_known_is_told_with_the_nearest():
    with pytest.raises(SpecError, match="no kind of question 'regimes': did you mean 'regime'"):
        preset_question("kink", "regimes")
