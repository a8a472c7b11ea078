import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import MAX_LANES, MAX_STEPS, Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import LeastSquares
from lrcards.descent.network import Network
from lrcards.descent.objectives import AbsoluteDeviations, DoubleWell, Quadratic
from lrcards.descent.optimizers import Adam, GradientDescent, Momentum, RMSProp
from lrcards.descent.presets import PRESETS
from lrcards.descent.schedules import Chain, Constant, Cosine, MultiStep, ReduceOnPlateau, Warmup

KINK = {"objective": "kink", "rate": 1, "start": 24.5, "steps": 30}
BOWL = {"objective": Quadratic(), "rates": (0.1,), "starts": ((1.0,),), "steps": 10}


def deep():
    schedule = "constant"
    for _ in range(2000):
        schedule = {"name": "chain", "schedules": [schedule], "milestones": []}
    return schedule


def refusal(**fields):
    with pytest.raises(SpecError) as caught:
        Experiment(**BOWL | fields)
    return str(caught.value)


def data_refusal(data):
    with pytest.raises(SpecError) as caught:
        Experiment.from_data(data)
    return str(caught.value)


@pytest.mark.parametrize("rate", [0.0, -0.1, math.nan, math.inf, True])
def test_a_rate_must_be_finite_and_above_zero(rate):
    assert "rate must be a finite number above 0" in refusal(rates=(0.1, rate))


def test_a_start_must_have_the_dimension_of_the_objective():
    assert "has dimension 2, and quadratic has 1" in refusal(starts=((1.0, 2.0),))


def test_a_start_must_have_a_finite_loss():
    assert "the loss at the start (-1) is not finite" in refusal(
        objective=Function("log(x)"), starts=((-1.0,),)
    )


def test_too_many_steps_are_refused_with_the_limit():
    assert str(MAX_STEPS) in refusal(steps=10**9)


def test_too_many_lanes_are_refused_with_the_limit():
    assert str(MAX_LANES) in refusal(rates=(0.1,) * 10**6)


def test_a_run_too_big_for_the_memory_is_refused():
    assert "at most 5000000" in refusal(rates=(0.1,) * 4096, steps=10_000)


def test_too_many_seeds_are_refused():
    assert "64 combinations" in refusal(seed=tuple(range(65)))


def test_lanes_that_do_not_go_together_are_refused():
    assert "2 rates and 3 seeds do not go together" in refusal(rates=(0.1, 0.2), seed=(1, 2, 3))


def test_a_batch_needs_samples():
    assert "batch_size is for objectives with samples" in refusal(batch_size=4)
    assert "from 1 to 64" in refusal(objective=LeastSquares(), starts=((0.0, 0.0),), batch_size=65)


def test_everything_that_is_wrong_is_said_at_once():
    message = refusal(rates=(-1.0,), starts=((1.0, 2.0),), steps=0, noise=-1.0, update_every=0, seed=-1)
    for word in ("rate", "start", "steps", "noise", "update_every", "seed"):
        assert word in message


def test_a_lane_takes_its_own_of_everything():
    experiment = Experiment(
        objective=Quadratic(),
        rates=(0.1, 0.2),
        starts=((1.0,),),
        steps=10,
        optimizer=(GradientDescent(), Momentum()),
        schedule=Constant(),
        seed=(3, 4),
    )
    lane = experiment.lane(1)
    assert (lane.rates, lane.starts, lane.optimizer, lane.seed) == ((0.2,), ((1.0,),), Momentum(), 4)
    assert lane.lanes == 1


def test_plain_data_describes_an_experiment():
    assert Experiment.from_data(KINK) == Experiment(
        objective=AbsoluteDeviations(), rates=(1.0,), starts=((24.5,),), steps=30
    )


def test_rules_may_be_named_or_spelled_out_for_all_lanes_or_for_each():
    experiment = Experiment.from_data(
        {
            "objective": {"name": "quadratic", "curvatures": [1, 4]},
            "optimizer": ["gd", {"name": "momentum", "momentum": 0.8}],
            "schedule": {
                "name": "chain",
                "schedules": [{"name": "warmup", "updates": 5}, "plateau"],
                "milestones": [5],
            },
            "rates": [0.1, 0.2],
            "start": [1, 2],
            "steps": 10,
        }
    )
    assert experiment.optimizer == (GradientDescent(), Momentum(0.8))
    assert experiment.schedule == Chain((Warmup(5), ReduceOnPlateau()), (5,))
    assert experiment.starts == ((1.0, 2.0),)


def test_a_preset_can_be_changed():
    experiment = Experiment.from_data({"preset": "kink", "rate": 0.1, "steps": 100})
    assert (experiment.rates, experiment.steps) == ((0.1,), 100)
    assert experiment.objective == PRESETS["kink"].experiment.objective


def test_a_function_of_ones_own_is_an_objective():
    assert Experiment.from_data(KINK | {"objective": {"function": "x**4"}}).objective == Function("x**4")


def test_a_network_starts_from_random_weights_if_nothing_is_said():
    experiment = Experiment.from_data({"objective": "network", "rate": 0.1, "steps": 5})
    assert experiment.starts == (Network().default_start(0),)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"preset": "knik"}, "did you mean 'kink'?"),
        (KINK | {"objectve": "kink"}, "no key 'objectve': did you mean 'objective'?"),
        (KINK | {"objective": "quadratc"}, "did you mean 'quadratic'?"),
        (KINK | {"optimizer": "adm"}, "no optimizer 'adm': did you mean 'adam'?"),
        (KINK | {"optimizer": {"name": "momentum", "momentun": 0.5}}, "did you mean 'momentum'?"),
        (KINK | {"schedule": "cosine"}, "the schedule 'cosine' needs 'updates'"),
        (
            KINK | {"schedule": {"name": "cosine", "updates": 2.5}},
            "'updates' must be a whole number, not 2.5",
        ),
        (KINK | {"rate": "fast"}, "'rate' must be a number, not 'fast'"),
        (KINK | {"rate": 10**400}, "'rate' must be a number that a float can hold"),
        (KINK | {"rates": [1]}, "'rates' is given twice"),
        (KINK | {"steps": True}, "'steps' must be a whole number, not True"),
        (KINK | {"start": [[1]]}, "an entry of 'start' must be a number"),
        (KINK | {"objective": 7}, "the objective must be a name, or a table with a name, not 7"),
        (KINK | {"objective": {"function": "x +"}}, "at character 4"),
        ({"objective": "kink"}, "the experiment has no rate, no start, no steps"),
        (KINK | {"optimizer": "x" * 10**6}, "xxx…'"),
        (KINK | {"schedule": deep()}, "nested too deeply"),
        ("kink", "an experiment is a table of keys and values"),
    ],
)
def test_bad_data_is_refused_in_words(data, message):
    assert message in data_refusal(data)


def test_every_mistake_in_the_data_is_named():
    message = data_refusal(KINK | {"rate": "fast", "optimizer": "adm", "colour": "red"})
    assert all(word in message for word in ("'fast'", "'adm'", "'colour'"))


def test_text_that_is_not_toml_is_refused():
    with pytest.raises(SpecError, match="this is not TOML"):
        Experiment.from_toml("rate = ")


numbers = st.floats(1e-9, 1e9)
optimizers = st.one_of(
    st.just(GradientDescent()),
    st.builds(Momentum, st.floats(0, 0.99), rate_inside=st.booleans()),
    st.builds(RMSProp, centred=st.booleans()),
    st.builds(Adam, epsilon=numbers, corrected=st.booleans()),
)
simple_schedules = st.one_of(
    st.just(Constant()),
    st.builds(Cosine, st.integers(1, 1000), st.floats(0, 1)),
    st.builds(MultiStep, st.just((3, 7, 20)), numbers),
    st.builds(ReduceOnPlateau, threshold_mode=st.sampled_from(["rel", "abs"]), patience=st.integers(0, 9)),
)


def test_batch_sizes_are_one_for_all_lanes_or_one_for_each():
    lanes = {"objective": LeastSquares(), "starts": ((0.0, 0.0),), "rates": (0.1,)}
    experiment = Experiment(**lanes, steps=5, batch_size=(1, 8))
    assert experiment.lanes == 2
    assert experiment.lane(1).batch_size == 8
    assert experiment.to_data()["batch_size"] == [1, 8]
    assert Experiment.from_toml(experiment.to_toml()) == experiment
    assert "from 1 to 64, not 0" in refusal(**lanes, batch_size=(4, 0))
    assert "3 seeds and 2 batch sizes do not go together" in refusal(
        **lanes, batch_size=(4, 8), seed=(1, 2, 3)
    )


schedules = st.one_of(
    simple_schedules, st.builds(lambda a, b: Chain((a, b), (9,)), simple_schedules, simple_schedules)
)
objectives = st.one_of(
    st.sampled_from([DoubleWell(), Function("abs(x - 1e-3)")]),
    st.builds(AbsoluteDeviations, st.lists(numbers, min_size=1, max_size=3).map(tuple)),
    st.builds(Quadratic, st.tuples(numbers), st.tuples(st.floats(-9, 9))),
)


@st.composite
def experiments(draw):
    lanes = draw(st.integers(1, 3))

    def one_or_each(strategy):
        return draw(st.one_of(strategy, st.tuples(*[strategy] * lanes)))

    return Experiment(
        objective=draw(objectives),
        rates=draw(st.tuples(*[numbers] * lanes)),
        starts=draw(st.one_of(st.tuples(st.tuples(numbers)), st.tuples(*[st.tuples(numbers)] * lanes))),
        steps=draw(st.integers(1, 1000)),
        optimizer=one_or_each(optimizers),
        schedule=one_or_each(schedules),
        seed=one_or_each(st.integers(0, 2**70)),
        noise=draw(st.floats(0, 10)),
        update_every=draw(st.integers(1, 50)),
    )


@settings(max_examples=50, deadline=None)
@given(experiments())
def test_plain_data_and_toml_give_the_experiment_back(experiment):
    assert Experiment.from_data(experiment.to_data()) == experiment
    assert Experiment.from_toml(experiment.to_toml()) == experiment


def test_numbers_from_numpy_can_be_written_too():
    experiment = Experiment(
        objective=Quadratic(), rates=tuple(np.geomspace(0.1, 1, 3)), starts=((1.0,),), steps=np.int64(5)
    )
    assert Experiment.from_toml(experiment.to_toml()) == experiment
