import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.schedules import (
    SCHEDULES,
    Chain,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    MultiStep,
    OneCycle,
    ReduceOnPlateau,
    StepDecay,
    WarmRestarts,
    Warmup,
)

NAN, INF = math.nan, math.inf

counts = st.integers(1, 40)
factors = st.floats(0.05, 1.5)
minima = st.sampled_from([0.0, 1e-3, 0.5])
milestones = st.lists(counts, min_size=1, max_size=4, unique=True).map(lambda each: tuple(sorted(each)))
counted = st.one_of(
    st.just(Constant()),
    st.builds(InverseTime, st.floats(1e-3, 10)),
    st.builds(StepDecay, counts, factors),
    st.builds(MultiStep, milestones, factors),
    st.builds(Exponential, factors),
    st.builds(Warmup, counts, st.floats(0.01, 1)),
    st.builds(Cosine, counts, minima),
    st.builds(WarmRestarts, counts, st.integers(1, 3), minima),
    st.builds(OneCycle, counts, st.floats(0, 0.99), st.floats(1, 100), st.floats(1, 1e5)),
)


def chains(schedules):
    return milestones.flatmap(
        lambda at: st.lists(schedules, min_size=len(at) + 1, max_size=len(at) + 1).map(
            lambda each: Chain(tuple(each), at)
        )
    )


known_ahead = st.recursive(counted, chains, max_leaves=6)
losses = st.one_of(st.floats(-10, 10), st.sampled_from([NAN, INF, -INF, 0.0, 1.0]))


def rates(schedule, base, metrics):
    """Return the rates before the first metric and after each; shape (len(metrics) + 1, lanes)."""
    state = schedule.init(len(base))
    found = [schedule.rate(base, state)]
    for metric in metrics:
        state = schedule.update(state, np.broadcast_to(np.float64(metric), base.shape), base)
        found.append(schedule.rate(base, state))
    return np.array(found)


def rates_of_one(schedule, metrics, base=0.1):
    return rates(schedule, np.array([base]), metrics)[:, 0].tolist()


@settings(deadline=None)
@given(known_ahead, st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=4), st.integers(0, 130))
def test_the_curve_ahead_of_the_run_is_the_rate_of_the_run_bit_for_bit(schedule, bases, updates):
    base = np.array(bases)
    curves = np.array([schedule.curve(each, updates) for each in bases]).T
    assert np.array_equal(curves, rates(schedule, base, [0.0] * updates))


@settings(deadline=None)
@given(known_ahead, st.integers(0, 130))
def test_a_schedule_never_gives_a_negative_or_undefined_rate(schedule, updates):
    curve = schedule.curve(0.1, updates)
    assert curve.shape == (updates + 1,)
    assert (curve >= 0).all()


@settings(deadline=None)
@given(known_ahead, st.integers(0, 60))
def test_a_spec_is_a_value(schedule, updates):
    assert hash(schedule) == hash(schedule)
    assert eval(repr(schedule)) == schedule
    assert np.array_equal(eval(repr(schedule)).curve(0.1, updates), schedule.curve(0.1, updates))


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(counted, st.just(ReduceOnPlateau(factor=0.5, patience=1)), chains(counted)),
    st.lists(losses, max_size=40),
)
def test_a_live_edit_changes_the_base_and_the_state_stays(schedule, metrics):
    base = np.array([0.25])
    state = schedule.init(1)
    for metric in metrics:
        state = schedule.update(state, np.array([metric]), base)
    edited = np.array([0.75])
    again = schedule.init(1)
    for metric in metrics:
        again = schedule.update(again, np.array([metric]), edited)
    assert schedule.rate(edited, state) == pytest.approx(schedule.rate(edited, again), rel=1e-14)


def test_plateau_has_no_curve_and_neither_has_a_chain_with_one():
    assert ReduceOnPlateau().curve(0.1, 10) is None
    assert Chain((Warmup(5), ReduceOnPlateau()), (5,)).curve(0.1, 10) is None
    assert Chain((Constant(), Chain((Warmup(5), ReduceOnPlateau()), (5,))), (50,)).curve(0.1, 10) is None


def test_step_decay_divides_by_ten_every_thirty_updates():
    curve = StepDecay(30).curve(0.1, 89)
    assert curve[:30] == pytest.approx(0.1)
    assert curve[30:60] == pytest.approx(0.01)
    assert curve[60:] == pytest.approx(0.001)


def test_a_milestone_counts_from_its_own_update():
    assert MultiStep((2, 3)).curve(1.0, 4) == pytest.approx([1, 1, 0.1, 0.01, 0.01])


def test_inverse_time_halves_after_one_over_alpha():
    assert InverseTime(0.1).curve(1.0, 20)[[0, 10, 20]] == pytest.approx([1, 1 / 2, 1 / 3])


def test_exponential_growth_beyond_the_largest_float_is_infinite_not_an_error():
    assert Exponential(10.0).curve(1.0, 400)[-1] == INF
    assert Exponential(2.0).curve(1e300, 400)[-1] == INF
    assert Exponential(0.1).curve(1.0, 400)[-1] == 0


def test_warmup_starts_at_its_share_and_ends_at_the_whole_rate_exactly():
    curve = Warmup(3).curve(0.3, 5)
    assert curve[:3] == pytest.approx([0.1, 0.1 + 0.2 / 3, 0.1 + 0.4 / 3])
    assert (curve[3:] == 0.3).all()


def test_cosine_is_halfway_at_half_time_and_stays_at_the_minimum_after_its_horizon():
    curve = Cosine(10, minimum=0.1).curve(0.5, 25)
    assert curve[[0, 5]] == pytest.approx([0.5, 0.3])
    assert (curve[10:] == 0.1).all()


def test_warm_restarts_are_back_at_the_full_rate_after_rounds_that_grow():
    curve = WarmRestarts(3, multiplier=2, minimum=0.01).curve(0.4, 30)
    assert np.flatnonzero(curve == 0.4).tolist() == [0, 3, 9, 21]
    assert (curve > 0.01).all()


def test_one_cycle_climbs_to_the_base_and_ends_far_below_its_start():
    curve = OneCycle(100).curve(0.5, 99)
    assert curve[0] == pytest.approx(0.5 / 25)
    assert np.argmax(curve) == 29
    assert curve[29] == 0.5
    assert curve[99] == pytest.approx(0.5 / 25 / 1e4)
    assert (np.diff(curve[:30]) > 0).all()
    assert (np.diff(curve[29:]) < 0).all()


def test_one_cycle_does_not_bounce_after_its_last_update():
    curve = OneCycle(10).curve(0.5, 30)
    assert (curve[9:] == curve[9]).all()


def test_one_cycle_may_begin_at_its_peak_where_torch_divides_by_zero():
    curve = OneCycle(4, warmup_share=0.25).curve(0.5, 3)
    assert curve[0] == 0.5
    assert np.isfinite(curve).all()


def test_plateau_fires_on_bad_update_patience_plus_one():
    assert rates_of_one(ReduceOnPlateau(patience=2), [1.0, 2.0, 2.0, 2.0]) == pytest.approx(
        [0.1, 0.1, 0.1, 0.1, 0.01]
    )


def test_an_equal_loss_is_bad():
    assert rates_of_one(ReduceOnPlateau(patience=0, threshold=0.0), [1.0, 1.0])[-1] == pytest.approx(0.01)


def test_a_loss_that_is_lower_by_less_than_the_threshold_is_bad():
    relative = ReduceOnPlateau(patience=0, threshold=0.1)
    absolute = ReduceOnPlateau(patience=0, threshold=0.1, threshold_mode="abs")
    assert rates_of_one(relative, [10.0, 9.5])[-1] == pytest.approx(0.01)
    assert rates_of_one(absolute, [10.0, 9.5])[-1] == 0.1
    assert rates_of_one(relative, [0.1, 0.05])[-1] == 0.1
    assert rates_of_one(absolute, [0.1, 0.05])[-1] == pytest.approx(0.01)


def test_nan_is_bad_and_does_not_poison_the_best():
    schedule = ReduceOnPlateau(patience=1)
    base = np.array([0.1])
    state = schedule.init(1)
    for metric in [NAN, 5.0, NAN]:
        state = schedule.update(state, np.array([metric]), base)
    assert state.best[0] == 5
    assert state.bad[0] == 1
    assert rates_of_one(schedule, [5.0, NAN, 4.0, NAN, 3.0]) == [0.1] * 6
    assert rates_of_one(schedule, [5.0, NAN, NAN])[-1] == pytest.approx(0.01)


def test_an_infinite_loss_is_bad_from_the_first():
    assert rates_of_one(ReduceOnPlateau(patience=0), [INF])[-1] == pytest.approx(0.01)


@pytest.mark.parametrize("mode", ["rel", "abs"])
def test_a_rise_of_a_negative_loss_is_no_improvement(mode):
    schedule = ReduceOnPlateau(patience=0, threshold=0.2, threshold_mode=mode)
    assert rates_of_one(schedule, [-1.0, -0.9])[-1] == pytest.approx(0.01)
    assert rates_of_one(schedule, [-1.0, -1.1])[-1] == pytest.approx(0.01)
    assert rates_of_one(schedule, [-1.0, -1.3])[-1] == 0.1


def test_during_the_cooldown_nothing_counts_as_bad():
    found = rates_of_one(ReduceOnPlateau(patience=0, cooldown=3), [1.0] * 9)
    assert np.flatnonzero(np.diff(found)).tolist() == [1, 5]


def test_no_reduction_goes_below_the_minimum():
    found = rates_of_one(ReduceOnPlateau(patience=0, factor=0.5, minimum=0.03), [1.0] * 6)
    assert found == pytest.approx([0.1, 0.1, 0.05, 0.03, 0.03, 0.03, 0.03])


def test_a_base_below_the_minimum_is_not_raised_to_it():
    assert rates_of_one(ReduceOnPlateau(patience=0, minimum=0.5), [1.0] * 3) == [0.1] * 4


def test_a_reduction_by_no_more_than_epsilon_is_skipped():
    found = rates_of_one(ReduceOnPlateau(patience=0), [1.0] * 14)
    assert found[-1] == pytest.approx(1e-8)
    assert found[8:] == [found[8]] * 7


def test_a_reduced_rate_stays_reduced_when_the_base_is_edited():
    schedule = ReduceOnPlateau(patience=0)
    state = schedule.init(1)
    for metric in [1.0, 1.0]:
        state = schedule.update(state, np.array([metric]), np.array([0.1]))
    assert schedule.rate(np.array([5.0]), state) == pytest.approx([0.5])


plateaus = st.builds(
    ReduceOnPlateau,
    factor=st.floats(0.1, 0.9),
    patience=st.integers(0, 3),
    threshold=st.sampled_from([0.0, 1e-4, 0.3]),
    threshold_mode=st.sampled_from(["rel", "abs"]),
    cooldown=st.integers(0, 3),
    minimum=st.sampled_from([0.0, 1e-3, 0.2]),
    epsilon=st.sampled_from([0.0, 1e-8, 0.0471]),
)


def plateau_rates_one_number_at_a_time(spec, metrics, rate):
    """Follow ``ReduceLROnPlateau.step`` line by line, for losses that are not negative."""
    best, bad, cooldown, found = INF, 0, 0, [rate]
    for metric in metrics:
        bar = best * (1 - spec.threshold) if spec.threshold_mode == "rel" else best - spec.threshold
        if metric < bar:
            best, bad = metric, 0
        else:
            bad += 1
        if cooldown > 0:
            cooldown, bad = cooldown - 1, 0
        if bad > spec.patience:
            lower = max(rate * spec.factor, spec.minimum)
            if rate - lower > spec.epsilon:
                rate = lower
            cooldown, bad = spec.cooldown, 0
        found.append(rate)
    return found


@settings(deadline=None)
@given(plateaus, st.lists(st.one_of(st.floats(0, 5), st.sampled_from([NAN, INF, 1.0])), max_size=60))
def test_plateau_follows_the_rule_written_out_for_one_number(schedule, metrics):
    expected = plateau_rates_one_number_at_a_time(schedule, metrics, 0.3)
    assert rates_of_one(schedule, metrics, base=0.3) == pytest.approx(expected, rel=1e-12)


@settings(deadline=None)
@given(
    plateaus,
    st.integers(1, 5).flatmap(lambda lanes: st.lists(st.lists(losses, min_size=lanes, max_size=lanes))),
)
def test_each_lane_of_a_plateau_decides_for_itself(schedule, metrics):
    lanes = len(metrics[0]) if metrics else 1
    base = np.linspace(0.1, 0.9, lanes)
    together = rates(schedule, base, metrics)
    for lane in range(lanes):
        alone = rates(schedule, base[[lane]], [metric[lane] for metric in metrics])
        assert np.array_equal(alone[:, 0], together[:, lane])


def test_a_chain_begins_each_schedule_at_its_milestone_from_the_same_base():
    curve = Chain((Warmup(4), Exponential(0.5), Cosine(2)), (4, 7)).curve(0.8, 10)
    assert curve[:4] == pytest.approx(Warmup(4).curve(0.8, 3))
    assert curve[4:7] == pytest.approx([0.8, 0.4, 0.2])
    assert curve[7:] == pytest.approx([0.8, 0.4, 0, 0], abs=1e-15)


def test_a_plateau_in_a_chain_sees_no_loss_from_before_its_turn():
    chain = Chain((Warmup(3, start_factor=0.5), ReduceOnPlateau(patience=1)), (3,))
    found = rates_of_one(chain, [0.0, 0.0, 0.0, 9.0, 9.0, 8.0, 8.0, 8.0])
    assert found[3:] == pytest.approx([0.1] * 5 + [0.01])


def test_a_chain_may_be_longer_than_its_run():
    assert Chain((Constant(), StepDecay(1)), (10**12,)).curve(0.1, 3).tolist() == [0.1] * 4


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: InverseTime(0.0), "inverse-time: decay must be a number above 0, not 0.0"),
        (lambda: StepDecay(0), "step: every must be a whole number at least 1, not 0"),
        (lambda: StepDecay(1.5), "step: every must be a whole number at least 1, not 1.5"),
        (
            lambda: MultiStep((3, 3)),
            "multi-step: milestones must be one or more rising whole numbers at least 1",
        ),
        (lambda: MultiStep(()), "multi-step: milestones must be"),
        (lambda: MultiStep(5), "multi-step: milestones must be"),
        (lambda: Exponential(NAN), "exponential: factor must be a number above 0, not nan"),
        (
            lambda: Warmup(10, start_factor=2),
            "warmup: start_factor must be a number above 0 and at most 1, not 2",
        ),
        (lambda: Cosine(0), "cosine: updates must be a whole number at least 1, not 0"),
        (lambda: Cosine(True), "cosine: updates must be"),
        (lambda: WarmRestarts(5, multiplier=0), "warm-restarts: multiplier must be"),
        (lambda: OneCycle(5, warmup_share=1.0), "one-cycle: warmup_share must be"),
        (
            lambda: ReduceOnPlateau(factor=1.0),
            "plateau: factor must be a number above 0 and below 1, not 1.0",
        ),
        (
            lambda: ReduceOnPlateau(threshold_mode="max"),
            "plateau: threshold_mode must be 'rel' or 'abs', not 'max'",
        ),
        (lambda: ReduceOnPlateau(threshold=1.0), "plateau: a relative threshold must be below 1, not 1.0"),
        (lambda: Chain((Constant(),), (5,)), "chain: schedules must be two schedules or more"),
        (lambda: Chain((Constant(), 3), (5,)), "chain: schedules must be"),
        (lambda: Chain(3, (5,)), "chain: schedules must be"),
        (lambda: ReduceOnPlateau(cooldown=10**30), "plateau: cooldown must be"),
        (lambda: Chain((Constant(), Constant()), (5, 6)), "chain: 2 schedules need 1 milestone"),
    ],
)
def test_a_schedule_that_cannot_be_run_is_refused_with_the_range(make, problem):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value).startswith(problem)


def test_an_absolute_threshold_may_be_any_amount_of_loss():
    assert ReduceOnPlateau(threshold=50.0, threshold_mode="abs").threshold == 50


def test_a_list_of_milestones_from_a_file_becomes_a_tuple():
    assert MultiStep([2, 5]) == MultiStep((2, 5))
    assert hash(Chain([Constant(), Warmup(3)], [4])) == hash(Chain((Constant(), Warmup(3)), (4,)))


def test_a_schedule_is_known_by_its_name():
    assert all(SCHEDULES[name].name == name for name in SCHEDULES)
