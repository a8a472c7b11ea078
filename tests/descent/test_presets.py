import numpy as np
import pytest

from lrcards.descent.errors import SpecError
from lrcards.descent.presets import PRESETS, Preset, preset
from lrcards.descent.run import simulate
from lrcards.descent.verdict import Regime, judge

NAMED_BY_CARDS = {
    *("update-rule", "three-regimes", "too-small", "too-large", "just-right", "two-cycle", "divergence"),
    *("starting-points", "kink", "kink-small", "kink-tenths", "kink-wide", "bowl-not-kink", "hypergradient"),
    *("tuning-by-decades", "inverse-time", "constant-vs-step", "step-decay", "exponential"),
    *(
        "exponential-stall",
        "plateau-drop",
        "cosine",
        "cosine-vs-step",
        "warm-restarts",
        "one-cycle",
        "warmup",
    ),
    *("helicopter", "pothole", "adagrad", "rmsprop", "adam", "adam-vs-gd", "momentum", "nesterov", "saddle"),
    *("flat-plateau", "rosenbrock", "himmelblau", "catapult", "sgd-noise", "minibatch", "network"),
    *("constant-slope", "turned-bowl", "weight-decay", "ill-conditioned", "stability-limits"),
    "best-rate",
    *("noise-escape", "full-batch", "single-sample", "epochs"),
}


def run(name, **changes):
    return simulate(Preset.from_data({"preset": name, **changes}).experiment)


def x(name, lane=0):
    """The iterates of a lane in one dimension."""
    return run(name).iterates[:, lane, 0]


def excess(name):
    """How far the loss of each lane is above the minimum, as a share of the start's: shape (T + 1, lanes)."""
    trajectory = run(name)
    lowest = min(minimum.value for minimum in trajectory.experiment.objective.minima)
    above = trajectory.losses - lowest
    return above / above[0]


def arrival(name, within=1e-3):
    """The first step from which on each lane stays within a share of its first excess; budget + 1 if none."""
    away = excess(name) > within
    return [int(np.flatnonzero(lane)[-1]) + 1 for lane in away.T]


def regimes(name):
    trajectory = run(name)
    return [judge(trajectory, lane).regime for lane in range(trajectory.lanes)]


def lengths(name, **changes):
    """The lengths of the steps of each lane in units of its rate, in one dimension: shape (T, lanes)."""
    trajectory = run(name, **changes)
    return np.abs(np.diff(trajectory.iterates[:, :, 0], axis=0)) / trajectory.rates[0]


def mean_loss(name, first, last):
    return run(name).losses[first:last].mean(axis=0)


def test_every_preset_that_cards_name_is_there():
    assert set(PRESETS) == NAMED_BY_CARDS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_what_to_look_at_and_has_a_label_for_each_lane(name):
    entry = PRESETS[name]
    assert entry.name == name
    assert entry.title
    assert entry.look_at.endswith(".")
    assert len(set(entry.labels)) == len(entry.labels) == entry.experiment.lanes


def test_an_unknown_preset_is_refused_with_the_nearest():
    with pytest.raises(SpecError, match="did you mean 'helicopter'"):
        preset("helicoptre")


def test_a_changed_preset_keeps_its_title_and_gets_labels_that_are_true():
    changed = Preset.from_data({"preset": "three-regimes", "rates": [0.1, 0.2]})
    assert changed.title == PRESETS["three-regimes"].title
    assert changed.labels == ("η = 0.1", "η = 0.2")
    assert Preset.from_data({"preset": "three-regimes"}) is PRESETS["three-regimes"]


def test_an_experiment_without_a_preset_gets_labels_too():
    data = {"objective": {"function": "x**2"}, "rate": 0.1, "starts": [1, 2], "steps": 5}
    assert Preset.from_data(data).labels == ("from 1", "from 2")


def test_the_steps_of_the_update_rule_shrink_with_the_gradient():
    np.testing.assert_allclose(x("update-rule")[:4], [8, 6, 4.5, 3.375])


def test_the_three_regimes_creep_settle_and_grow():
    loss = excess("three-regimes")
    assert (np.diff(loss[:, 0]) < 0).all()
    assert loss[-1, 0] > 0.1
    assert arrival("three-regimes")[1] <= 3
    assert (np.diff(loss[:, 2]) > 0).all()
    assert loss[-1, 2] > 10


def test_too_small_falls_at_every_step_and_does_not_arrive():
    loss = excess("too-small")[:, 0]
    assert (np.diff(loss) < 0).all()
    assert loss[-1] > 0.1


def test_just_right_arrives_early_with_ever_shorter_steps():
    assert arrival("just-right")[0] <= 5
    steps = np.abs(np.diff(x("just-right")))
    assert (np.diff(steps) < 0).all()


def test_too_large_overshoots_at_every_step_and_its_loss_goes_up_and_down():
    tail = x("too-large")[-20:]
    assert (np.diff(np.sign(tail - 1)) != 0).all()
    rises = np.diff(run("too-large").losses[-20:, 0])
    assert (rises[1:] * rises[:-1] < 0).all()
    assert np.abs(rises).min() > 0.01


def test_the_two_cycle_lands_exactly_as_far_on_the_other_side():
    assert set(x("two-cycle")) == {8, -8}


def test_divergence_grows_with_every_bounce():
    path = x("divergence")
    assert (path[1:] * path[:-1] < 0).all()
    assert np.abs(path[-1]) > 100
    assert (np.diff(np.abs(path)) > 0).all()


def test_of_the_starting_points_only_the_largest_arrives():
    steps = arrival("starting-points")
    assert steps[0] <= 40
    assert steps[1:] == [201, 201]


def test_of_five_decades_one_works_one_diverges_and_three_are_too_small():
    loss = excess("tuning-by-decades")
    assert arrival("tuning-by-decades") == [31, 31, 31, 5, 31]
    assert (loss[-1, :3] < 1).all()
    assert loss[-1, 4] > 1e6


def test_the_kink_gives_the_very_numbers_of_the_note():
    assert x("kink")[:7].tolist() == [24.5, 21.5, 20.5, 19.5, 18.5, 19.5, 18.5]
    assert set(x("kink")[4:]) == {18.5, 19.5}


def test_the_small_rate_lands_on_the_median():
    assert x("kink-small")[51] == pytest.approx(19, abs=1e-9)
    assert (x("kink-small")[51:] == x("kink-small")[51]).all()
    assert abs(x("kink-small")[50] - 19) > 0.09


def test_tenths_bounce_closer():
    tail = x("kink-tenths")[-10:]
    np.testing.assert_allclose(np.sort(tail), [18.8] * 5 + [19.1] * 5)


def test_a_wide_cycle_is_wider_than_the_rate():
    assert set(x("kink-wide")) == {24.5, 15.5}


def test_the_bowl_bounces_like_the_kink_but_is_solved_by_half_the_rate():
    assert set(x("bowl-not-kink")) == {19.5, 18.5}
    halved = simulate(Preset.from_data({"preset": "bowl-not-kink", "rate": 0.5}).experiment)
    assert (halved.iterates[1:] == 19).all()


def test_a_learned_rate_wins_until_its_own_rate_is_too_big():
    trajectory = run("hypergradient")
    assert trajectory.losses[-1, 1] < trajectory.losses[-1, 0] / 1000
    assert trajectory.rates[-1, 1] > 5 * trajectory.rates[0, 1]
    assert trajectory.stopped.tolist()[:2] == [-1, -1]
    assert trajectory.stopped[2] > 0


def test_inverse_time_closes_in_where_the_constant_rate_bounces():
    assert set(x("inverse-time", 0)[4:]) == {18.5, 19.5}
    assert np.abs(x("inverse-time", 1)[-20:] - 19).max() < 0.06


def test_five_epochs_fall_before_the_constant_rate_swings_wildly_and_the_dropped_one_settles():
    trajectory = run("constant-vs-step")
    assert trajectory.rates[[0, 79, 80, 159], 1].round(6).tolist() == [0.2, 0.2, 0.02, 0.02]
    assert (trajectory.iterates[:81, 0] == trajectory.iterates[:81, 1]).all()
    epochs = trajectory.losses[:160].reshape(40, 4, 2).mean(axis=1)
    assert (np.diff(epochs[:6], axis=0) < 0).all()
    swings = trajectory.losses[24:80, 0]
    assert swings.max() > 5 * epochs[5, 0]
    assert swings.max() > 20 * swings.min()
    assert trajectory.losses[80:, 0].max() > 5 * epochs[5, 0]
    assert epochs[25:, 1].max() < epochs[5, 1] / 10
    constant, dropped = (judge(trajectory, lane) for lane in (0, 1))
    assert constant.regime is Regime.NOISE_FLOOR
    assert dropped.regime in (Regime.ARRIVED, Regime.OSCILLATING)
    assert dropped.arrived_at > 80


def test_step_decay_falls_in_three_stairs():
    trajectory = run("step-decay")
    assert trajectory.rates[[0, 299, 300, 599, 600, 899], 0].round(6).tolist() == [
        0.1,
        0.1,
        0.01,
        0.01,
        0.001,
        0.001,
    ]
    stairs = [trajectory.losses[first : first + 100, 0].mean() for first in (200, 500, 800)]
    assert stairs[0] > 3 * stairs[1]
    assert stairs[1] > 3 * stairs[2]


def test_the_exponential_schedule_arrives_at_the_kink():
    assert x("exponential")[-1] == pytest.approx(19, abs=1e-3)


def test_faster_exponential_schedules_stall_where_the_note_says():
    ends = run("exponential-stall").iterates[-1, :, 0]
    assert ends == pytest.approx([19, 19.17, 20.5], abs=0.01)
    assert regimes("exponential-stall") == [Regime.OSCILLATING, Regime.STALLED, Regime.STALLED]


def test_a_plateau_is_ended_by_the_drop_and_followed_by_another():
    trajectory = run("plateau-drop")
    rates = trajectory.rates[:, 1]
    first, second = (np.flatnonzero(np.diff(rates)) + 1)[:2]
    assert rates[[first - 1, first]] == pytest.approx([0.1, 0.01])

    def halves(start, stop):
        middle = (start + stop) // 2
        return trajectory.losses[start:middle, 1].mean(), trajectory.losses[middle:stop, 1].mean()

    before, after = halves(20, first), halves(first + 60, second)
    assert before[1] == pytest.approx(before[0], rel=0.5)
    assert after[1] == pytest.approx(after[0], rel=0.5)
    assert sum(after) < sum(before) / 10
    assert trajectory.losses[first:, 0].mean() > sum(before) / 4


def test_the_cosine_calms_the_loss_down():
    rates = run("cosine").rates[:, 0]
    assert (np.diff(rates) < 0).all()
    assert rates[200] == pytest.approx(0.1)
    assert rates[-1] == pytest.approx(0)
    early, late = run("cosine").losses[50:150, 0], run("cosine").losses[-50:, 0]
    assert late.mean() < early.mean() / 5


def test_cosine_and_step_decay_both_end_low():
    plateau = mean_loss("cosine-vs-step", 50, 130)
    assert (run("cosine-vs-step").losses[-1] < plateau / 10).all()
    assert len(set(run("cosine-vs-step").rates[:, 1].round(9))) == 4


def test_warm_restarts_throw_the_run_out_and_every_round_ends_low():
    trajectory = run("warm-restarts")
    for restart in (50, 150):
        assert trajectory.rates[restart, 0] == 0.2
        end, beginning = (
            trajectory.losses[restart - 5 : restart, 0],
            trajectory.losses[restart + 3 : restart + 20, 0],
        )
        assert beginning.mean() > 10 * end.mean()
    assert trajectory.losses[-5:, 0].mean() < 0.1


@pytest.mark.parametrize("name", ["one-cycle", "warmup"])
def test_the_rate_that_blows_up_at_once_arrives_when_it_is_climbed_to(name):
    trajectory = run(name)
    assert trajectory.stopped[0] > 0
    assert excess(name)[-1, 1] < 1e-9
    assert trajectory.rates[:, 1].max() > 0.9 * trajectory.rates[0, 0]


def test_fast_overshoots_slow_is_stuck_and_the_schedule_lands():
    trajectory = run("helicopter")
    path = trajectory.iterates[:, :, 0]
    assert (np.diff(np.sign(path[-100:, 0])) != 0).sum() > 15
    assert np.abs(path[-100:, 0]).max() > 1
    assert path[-1, 1] == pytest.approx(-4.952, abs=1e-3)
    assert arrival("helicopter")[2] < 100
    assert path[-1, 2] == pytest.approx(0, abs=1e-3)


def test_gradient_descent_stays_in_the_pothole_that_momentum_rolls_through():
    ends = run("pothole").iterates[-1, :, 0]
    assert ends == pytest.approx([-4.952, 0], abs=1e-3)


def test_on_a_constant_slope_the_steps_are_the_optimizers_own():
    plain, momentum, adagrad, rmsprop = lengths("constant-slope").T
    count = np.arange(1, 101)
    np.testing.assert_allclose(plain, 1)
    np.testing.assert_allclose(momentum, 10 * (1 - 0.9**count))
    np.testing.assert_allclose(adagrad, count**-0.5)
    np.testing.assert_allclose(rmsprop, (1 - 0.99**count) ** -0.5, rtol=1e-6)


def test_in_a_turned_ravine_every_adaptive_optimizer_crawls_and_in_a_straight_one_none_does():
    straight = dict(PRESETS["turned-bowl"].experiment.to_data()["objective"], angle=0.0)
    left = {
        angle: losses[-1] / losses[0]
        for angle, losses in [
            (45, run("turned-bowl").losses),
            (0, run("turned-bowl", objective=straight).losses),
        ]
    }
    assert (left[45] > 5e-3).all()
    assert (left[0] < 1e-4).all()
    coordinates = run("turned-bowl").iterates[-1]
    np.testing.assert_allclose(coordinates[:, 0], coordinates[:, 1], rtol=0.01)


def test_weight_decay_shrinks_a_coordinate_without_a_gradient_by_the_same_share_a_step():
    along_the_flat_axis = run("weight-decay").iterates[:, :, 1]
    assert (along_the_flat_axis[:, 0] == 8).all()
    np.testing.assert_allclose(along_the_flat_axis[1:, 1] / along_the_flat_axis[:-1, 1], 1 - 0.2 * 0.1)


def test_adagrad_does_not_see_the_scale_of_an_axis():
    path = run("adagrad").iterates[:, 0]
    np.testing.assert_allclose(path[:, 0], path[:, 1], rtol=1e-6, atol=1e-9)
    assert arrival("adagrad")[0] < 100


def test_rmsprop_arrives_where_adagrad_has_slowed_down():
    steps = arrival("rmsprop")
    assert steps[0] == 151
    assert steps[1] < 150
    lengths = np.abs(np.diff(run("rmsprop").iterates[:, 0, 0]))
    assert (np.diff(lengths) < 0).all()


def test_the_first_step_of_adam_is_the_rate_along_every_axis():
    path = run("adam").iterates[:, 0]
    np.testing.assert_allclose(path[1], 7.7)
    assert arrival("adam")[0] < 150


def test_adam_is_ahead_of_gradient_descent_along_the_flat_axis():
    path = np.abs(run("adam-vs-gd").iterates[-1, :, 0])
    assert path[1] < path[0] / 100


def test_momentum_arrives_earlier_with_the_same_rate():
    plain, momentum = arrival("momentum")
    assert momentum < 0.7 * plain


def test_nesterov_swings_less_than_momentum():
    swings = np.abs(run("nesterov").iterates[5:, :, 1]).sum(axis=0)
    assert swings[1] < swings[0] / 5


def test_the_best_rate_arrives_first_and_shrinks_both_directions_alike():
    below, best, above = arrival("best-rate")
    assert best < min(below, above) / 1.5
    shares = run("best-rate").iterates[21, 1] / run("best-rate").iterates[20, 1]
    assert shares == pytest.approx([9 / 11, -9 / 11], abs=3e-3)


def test_on_the_ill_conditioned_bowl_momentum_needs_about_a_quarter_of_the_steps():
    plain, momentum = arrival("ill-conditioned")
    assert plain <= 200
    assert momentum == pytest.approx(plain / 4, rel=0.2)
    across = run("ill-conditioned").iterates[:, 0, 1]
    assert (across[1:] * across[:-1] < 0).all()


@pytest.mark.parametrize(
    ("optimizer", "stable", "unstable"), [("gd", 1.95, 2.05), ("momentum", 3.7, 3.9), ("nesterov", 1.3, 1.4)]
)
def test_the_stability_limits_are_those_that_the_preset_names(optimizer, stable, unstable):
    loss = run("stability-limits", optimizer=optimizer, rates=[stable, unstable]).losses
    assert loss[-1, 0] < loss[0, 0] / 1000
    assert loss[-1, 1] > loss[0, 1] * 1000


def test_of_the_three_only_momentum_holds_the_rate_of_the_preset():
    loss = run("stability-limits").losses[-1]
    assert loss[1] < 1e-3
    assert (loss[[0, 2]] > 1e6).all()


def test_the_ridge_ends_at_the_saddle_and_the_run_beside_it_falls():
    trajectory = run("saddle")
    np.testing.assert_allclose(trajectory.iterates[-1], [[0, 0], [0, 1]], atol=1e-6)
    assert np.abs(trajectory.losses[20:35, 1]).max() < 0.02


def test_the_plateau_is_left_late_and_then_at_once():
    loss = run("flat-plateau").losses
    assert loss[100, 0] > 0.9
    assert loss[200, 0] < 1e-3
    assert loss[-1, 1] > 0.9


def test_all_find_the_valley_and_gradient_descent_is_last_to_follow_it():
    loss = run("rosenbrock").losses
    assert (loss[200] < 4.2).all()
    assert loss[-1, 0] > 10 * loss[-1, 1:].max()


def test_four_starts_end_in_four_minima():
    ends = run("himmelblau").iterates[-1]
    minima = [minimum.x for minimum in PRESETS["himmelblau"].experiment.objective.minima]
    nearest = {int(np.abs(np.array(minima) - end).sum(axis=1).argmin()) for end in ends}
    assert len(nearest) == 4
    assert run("himmelblau").losses[-1].max() < 1e-9


def test_the_catapult_rises_and_lands_where_the_curvature_is_lower():
    trajectory = run("catapult")
    curvature = (trajectory.iterates**2).sum(axis=-1)
    rates = trajectory.rates[0]
    assert rates[1] > 2 / curvature[0, 1]
    assert trajectory.losses[:, 1].max() > 100 * trajectory.losses[0, 1]
    assert trajectory.losses[-1].max() < 1e-12
    assert curvature[-1, 1] < 2 / rates[1]
    assert trajectory.losses[:, 0].max() == trajectory.losses[0, 0]


@pytest.mark.parametrize("name", ["sgd-noise", "minibatch"])
def test_the_noise_ball_shrinks_with_the_rate(name):
    experiment = PRESETS[name].experiment
    centre = experiment.objective.minima[0].x
    tail = run(name).iterates[-experiment.steps // 4 :]
    large, small = ((tail - centre) ** 2).sum(axis=-1).mean(axis=0)
    assert large > 4 * small


def test_only_the_larger_rate_is_kicked_out_of_the_pothole():
    path = run("noise-escape").iterates[:, :, 0]
    assert np.abs(path[:, 0] + 4.95).max() < 0.7
    assert (np.abs(path[-100:, 1]) < 0.5).all()
    assert regimes("noise-escape") == [Regime.LOCAL_MINIMUM, Regime.ESCAPED]


def test_a_full_batch_falls_at_every_step():
    assert (np.diff(run("full-batch").losses[:, 0]) < 0).all()


def test_single_samples_lead_uphill_often_and_down_on_average():
    loss = run("single-sample").losses
    assert ((np.diff(loss, axis=0) > 0).mean(axis=0) > 1 / 3).all()
    assert (loss[-64:].mean(axis=0) < loss[0] / 5).all()


def test_an_epoch_is_one_pass_over_a_thousand_samples():
    experiment = PRESETS["epochs"].experiment
    assert experiment.objective.samples == 1000
    assert experiment.batch_size * experiment.update_every == 1000
    assert run("epochs").losses[-20:].mean() < run("epochs").losses[0] / 5


def test_the_network_learns_at_each_rate_and_overfits_at_the_largest():
    trajectory = run("network")
    assert (trajectory.losses[-1] < trajectory.losses[0] / 2).all()
    assert (np.diff(trajectory.losses[-1]) < 0).all()
    rise = trajectory.validation[-1] - trajectory.validation.min(axis=0)
    assert rise[2] > 0.05
    assert rise[0] < 0.01
