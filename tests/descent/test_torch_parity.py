"""Optimizers and schedules against PyTorch: from recorded outputs, and live under the marker ``torch``."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrcards.descent.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    GradientDescent,
    Hypergradient,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
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
    Schedule,
    StepDecay,
    WarmRestarts,
    Warmup,
)

HERE = Path(__file__).parent
STEPS = 500

RAVINE = np.array([[40.0, 6.0, 0.0], [6.0, 5.0, 0.5], [0.0, 0.5, 0.5]])


def bowl(x):
    return 1.5 * x[..., 0] ** 2, 3 * x


def ravine(x):
    gradient = np.stack([(row * x).sum(-1) for row in RAVINE], axis=-1)
    return 0.5 * (x * gradient).sum(-1), gradient


def rosenbrock(x):
    a, b = x[..., 0], x[..., 1]
    rise = b - a**2
    return (1 - a) ** 2 + 100 * rise**2, np.stack([-2 * (1 - a) - 400 * a * rise, 200 * rise], axis=-1)


OBJECTIVES = {"bowl": bowl, "ravine": ravine, "rosenbrock": rosenbrock}

OPTIMIZER_CASES: dict[str, Optimizer] = {
    "gd": GradientDescent(),
    "momentum": Momentum(0.9),
    "momentum-dampened": Momentum(0.8, dampening=0.5),
    "nesterov": Nesterov(0.9),
    "adagrad": AdaGrad(),
    "rmsprop": RMSProp(),
    "rmsprop-centred": RMSProp(decay=0.95, centred=True),
    "adam": Adam(),
    "adam-knobs": Adam(beta1=0.8, beta2=0.95, epsilon=1e-3),
    "amsgrad": AMSGrad(),
    "adamw": AdamW(),
    "adamw-strong": AdamW(weight_decay=0.5),
}

SCHEDULE_CASES: dict[str, Schedule] = {
    "constant": Constant(),
    "inverse-time": InverseTime(0.05),
    "step": StepDecay(60, factor=0.3),
    "multi-step": MultiStep((1, 100, 250), factor=0.5),
    "exponential": Exponential(0.99),
    "warmup": Warmup(70, start_factor=0.1),
    "cosine": Cosine(300, minimum=1e-3),
    "warm-restarts": WarmRestarts(50, minimum=1e-4),
    "warm-restarts-doubling": WarmRestarts(30, multiplier=2),
    "one-cycle": OneCycle(STEPS),
    "one-cycle-knobs": OneCycle(STEPS, warmup_share=0.55, start_divisor=4, final_divisor=50),
    "plateau": ReduceOnPlateau(factor=0.5, patience=3, threshold=0.2, cooldown=2),
    "chain": Chain((Warmup(40, start_factor=0.2), Exponential(0.98), Cosine(260)), (40, 240)),
}
# Up to which update PyTorch's own rule is ours; after it, ours stays at the lowest rate.
AGREES_UNTIL = {"cosine": 300, "one-cycle": STEPS - 1, "one-cycle-knobs": STEPS - 1}

PLATEAU_CASES: dict[str, ReduceOnPlateau] = {
    "equal-is-bad": ReduceOnPlateau(patience=2),
    "fires-after-patience-plus-one": ReduceOnPlateau(patience=3),
    "no-patience": ReduceOnPlateau(patience=0),
    "nan-is-bad": ReduceOnPlateau(patience=1),
    "nan-first": ReduceOnPlateau(patience=1),
    "infinite": ReduceOnPlateau(patience=1),
    "cooldown": ReduceOnPlateau(patience=1, cooldown=3),
    "minimum": ReduceOnPlateau(patience=0, factor=0.5, minimum=0.02),
    "minimum-above-the-base": ReduceOnPlateau(patience=0, minimum=0.5),
    "epsilon": ReduceOnPlateau(patience=0, factor=0.5, epsilon=0.01),
    "epsilon-default": ReduceOnPlateau(patience=0),
    "relative-threshold": ReduceOnPlateau(patience=0, threshold=0.1),
    "absolute-threshold": ReduceOnPlateau(patience=0, threshold=1.5, threshold_mode="abs"),
    "absolute-negative": ReduceOnPlateau(patience=1, threshold_mode="abs"),
    "noisy": ReduceOnPlateau(factor=0.7, patience=4, cooldown=3, threshold=1e-3),
    "noisy-absolute": ReduceOnPlateau(
        factor=0.6, patience=7, threshold=5e-3, threshold_mode="abs", minimum=1e-3
    ),
}


@pytest.fixture(
    scope="module", params=["recorded", pytest.param("live", marks=pytest.mark.torch)], name="torch_outputs"
)
def _torch_outputs(request, tmp_path_factory) -> Mapping[str, Any]:
    path = HERE / "torch_outputs" / "torch.npz"
    if request.param == "live":
        pytest.importorskip("torch")
        path = tmp_path_factory.mktemp("torch") / "torch.npz"
        subprocess.run([sys.executable, HERE / "record_torch.py", path], check=True)
    return np.load(path)


def run(optimizer, schedule, objective, start, rate):
    """Return iterates and rates of one lane; the schedule is updated every step with the loss after it."""
    base = np.array([float(rate)])
    x = np.array([start])
    state, scheduled = optimizer.init(x), schedule.init(1)
    iterates, rates = [x[0]], [schedule.rate(base, scheduled)[0]]
    for _ in range(STEPS):
        x, state = optimizer.update(objective(x)[1], state, x, schedule.rate(base, scheduled)[:, np.newaxis])
        scheduled = schedule.update(scheduled, objective(x)[0], base)
        iterates.append(x[0])
        rates.append(schedule.rate(base, scheduled)[0])
    return np.array(iterates), np.array(rates)


def assert_same(ours, torchs):
    np.testing.assert_allclose(ours, torchs, rtol=1e-12, atol=0)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("case", OPTIMIZER_CASES)
def test_an_optimizer_takes_the_steps_that_torch_takes(torch_outputs, case, objective):
    key = f"optimizer/{case}/{objective}"
    expected = torch_outputs[f"{key}/iterates"]
    iterates, _ = run(
        OPTIMIZER_CASES[case],
        Constant(),
        OBJECTIVES[objective],
        expected[0],
        torch_outputs[f"{key}/rate"],
    )
    assert_same(iterates[torch_outputs["kept"]], expected)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_hypergradient_descends_on_the_rate_as_autograd_differentiates_it(torch_outputs, objective):
    key = f"hypergradient/{objective}"
    expected = torch_outputs[f"{key}/iterates"]
    optimizer = Hypergradient(float(torch_outputs[f"{key}/meta_rate"]))
    x = expected[:1]
    rate = np.array([[float(torch_outputs[f"{key}/rate"])]])
    state = optimizer.init(x)
    iterates, learned = [x[0]], []
    for _ in range(STEPS):
        gradient = OBJECTIVES[objective](x)[1]
        learned.append(optimizer.effective_rate(rate, state, gradient)[0, 0])
        x, state = optimizer.update(gradient, state, x, rate)
        iterates.append(x[0])
    assert_same(learned, torch_outputs[f"{key}/learned"])
    assert_same(np.array(iterates)[torch_outputs["kept"]], expected)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("case", SCHEDULE_CASES)
def test_a_schedule_gives_the_rates_that_torch_gives(torch_outputs, case, objective):
    key = f"schedule/{case}/{objective}"
    kept = torch_outputs["kept"]
    expected = torch_outputs[f"{key}/iterates"]
    iterates, rates = run(
        Momentum(0.5),
        SCHEDULE_CASES[case],
        OBJECTIVES[objective],
        expected[0],
        torch_outputs[f"{key}/rate"],
    )
    until = AGREES_UNTIL.get(case, STEPS)
    updates = np.arange(STEPS + 1) if objective == "bowl" else kept
    agreeing = updates <= until
    assert_same(rates[updates[agreeing]], torch_outputs[f"{key}/rates"][agreeing])
    # The rate after the last update belongs to a step that is not taken any more.
    stepped = kept <= until + 1
    assert_same(iterates[kept[stepped]], expected[stepped])


@pytest.mark.parametrize("case", PLATEAU_CASES)
def test_reduce_on_plateau_reduces_when_torch_does(torch_outputs, case):
    schedule = PLATEAU_CASES[case]
    base = np.array([0.1])
    state = schedule.init(1)
    rates = [schedule.rate(base, state)[0]]
    for metric in torch_outputs[f"plateau/{case}/metrics"]:
        state = schedule.update(state, np.array([metric]), base)
        rates.append(schedule.rate(base, state)[0])
    assert_same(rates, torch_outputs[f"plateau/{case}/rates"])


def test_torch_takes_a_rise_of_a_negative_loss_for_an_improvement_and_ours_does_not(torch_outputs):
    schedule, base = ReduceOnPlateau(patience=1, threshold=0.2), np.array([0.1])
    state = schedule.init(1)
    for metric in torch_outputs["plateau/relative-negative/metrics"]:
        state = schedule.update(state, np.array([metric]), base)
    assert torch_outputs["plateau/relative-negative/rates"][-1] == 0.1
    assert schedule.rate(base, state)[0] == pytest.approx(0.01)


def test_torchs_cosine_climbs_after_its_horizon_and_ours_stays_at_the_minimum(torch_outputs):
    torchs = torch_outputs["schedule/cosine/bowl/rates"]
    ours = Cosine(300, minimum=1e-3).curve(0.02, STEPS)
    assert torchs[400] > 4e-3
    assert (ours[300:] == 1e-3).all()


def test_torchs_one_cycle_bounces_on_the_very_last_update_and_ours_does_not(torch_outputs):
    torchs = torch_outputs["schedule/one-cycle/bowl/rates"]
    ours = OneCycle(STEPS).curve(0.02, STEPS)
    assert torchs[-1] > 2 * torchs[-2]
    assert ours[-1] == ours[-2] == pytest.approx(0.02 / 25 / 1e4)


def test_every_optimizer_and_schedule_is_compared():
    assert {optimizer.name for optimizer in OPTIMIZER_CASES.values()} == set(OPTIMIZERS) - {"hypergradient"}
    assert {schedule.name for schedule in SCHEDULE_CASES.values()} == set(SCHEDULES)
