"""The speed of recorded runs, beside the barest numpy loop with the same arithmetic and, if there, torch."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from lrcards.descent.experiment import Experiment
from lrcards.descent.network import HIDDEN, Network
from lrcards.descent.objectives import Quadratic
from lrcards.descent.optimizers import Adam, GradientDescent
from lrcards.descent.run import Run, simulate
from lrcards.descent.schedules import Constant, ReduceOnPlateau
from lrcards.descent.verdict import judge_all

pytestmark = pytest.mark.bench

LANES, STEPS = 256, 1000
RATES = tuple(np.geomspace(1e-3, 1.9, LANES).tolist())
NETWORK_RATES, NETWORK_STEPS, BATCH = tuple(np.geomspace(1e-3, 1, 32).tolist()), 500, 32


def milliseconds(*actions: Callable[[], object], times: int = 15) -> list[float]:
    """Return the least time of each action; they take turns, so that all of them see the same machine."""
    spans: list[list[float]] = [[] for _ in actions]
    for _ in range(times):
        for action, own in zip(actions, spans, strict=True):
            begin = perf_counter()
            action()
            own.append((perf_counter() - begin) * 1000)
    return [min(own) for own in spans]


def show(title: str, rows: dict[str, float], base: float) -> None:
    print(f"\n{title}")
    for name, span in rows.items():
        print(f"  {name:<44}{span:9.2f} ms{span / base:8.2f} ×")


def bowl(**fields) -> Experiment:
    defaults = {"objective": Quadratic(), "rates": RATES, "starts": ((1.0,),), "steps": STEPS}
    return Experiment(**defaults | fields)


def bare_descent() -> np.ndarray:
    rate, x = np.array(RATES)[:, None], np.ones((LANES, 1))
    iterates = np.empty((STEPS + 1, LANES, 1))
    iterates[0] = x
    for number in range(STEPS):
        x = x - rate * (1.0 * x)
        iterates[number + 1] = x
    return iterates


def bare_adam() -> np.ndarray:
    rate, x = np.array(RATES)[:, None], np.ones((LANES, 1))
    iterates = np.empty((STEPS + 1, LANES, 1))
    iterates[0] = x
    mean, square = np.zeros_like(x), np.zeros_like(x)
    for number in range(1, STEPS + 1):
        gradient = 1.0 * x
        mean = mean + 0.1 * (gradient - mean)
        square = 0.999 * square + 0.001 * gradient * gradient
        root = np.sqrt(square) / (1 - 0.999**number) ** 0.5 + 1e-8
        x = x - rate / (1 - 0.9**number) * mean / root
        iterates[number] = x
    return iterates


def test_a_recorded_sweep_and_its_verdicts_beside_the_barest_loop():
    np.testing.assert_array_equal(simulate(bowl()).iterates, bare_descent())
    bare, ours, judged = milliseconds(
        bare_descent, lambda: simulate(bowl()).iterates, lambda: judge_all(simulate(bowl()))
    )
    rows = {"barest loop": bare, "simulate": ours, "simulate and judge_all": judged}
    show(f"½x², {LANES} rates × {STEPS} steps, recorded", rows, bare)


def test_adam_beside_its_barest_loop():
    experiment = bowl(optimizer=Adam())
    np.testing.assert_allclose(simulate(experiment).iterates, bare_adam(), atol=1e-9)
    bare, ours = milliseconds(bare_adam, lambda: simulate(experiment).iterates)
    show(f"Adam, {LANES} rates × {STEPS} steps, recorded", {"barest loop": bare, "simulate": ours}, bare)


@pytest.mark.parametrize("schedule", [Constant(), ReduceOnPlateau()], ids=lambda schedule: schedule.name)
@pytest.mark.parametrize("optimizer", [GradientDescent(), Adam()], ids=lambda optimizer: optimizer.name)
def test_a_rerun_in_the_lab(optimizer, schedule):
    experiment = bowl(rates=(0.1, 0.2, 0.3, 0.4), steps=2000, optimizer=optimizer, schedule=schedule)
    stepwise, bulk = milliseconds(
        lambda: Run(experiment).complete().losses, lambda: simulate(experiment).losses, times=5
    )
    rows = {"Run.complete": stepwise, "simulate": bulk}
    show(f"{optimizer.name}, {schedule.name}: 4 lanes × 2000 steps", rows, 100)


def test_the_cost_in_steps_and_in_lanes():
    steps = {count: simulate_time(bowl(steps=count)) for count in (1000, 2000, 4000, 8000)}
    lanes = {count: simulate_time(bowl(rates=(0.1,) * count, steps=200)) for count in (512, 1024, 2048, 4096)}
    show("256 lanes", {f"{count} steps": span for count, span in steps.items()}, steps[1000])
    show("200 steps", {f"{count} lanes": span for count, span in lanes.items()}, lanes[512])


def simulate_time(experiment: Experiment) -> float:
    return milliseconds(lambda: simulate(experiment).losses, times=7)[0]


def test_a_sweep_beside_torch():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    torch.set_default_dtype(torch.float64)
    rates = torch.tensor(RATES)[:, None]

    def by_hand():
        x = torch.ones(LANES, 1)
        iterates = torch.empty(STEPS + 1, LANES, 1)
        iterates[0] = x
        for number in range(STEPS):
            x = x - rates * (1.0 * x)
            iterates[number + 1] = x
        return iterates

    slope = torch.func.vmap(torch.func.grad(lambda x: (0.5 * x * x).sum()))

    def with_vmap():
        x = torch.ones(LANES, 1)
        iterates = torch.empty(STEPS + 1, LANES, 1)
        iterates[0] = x
        for number in range(STEPS):
            x = x - rates * slope(x)
            iterates[number + 1] = x
        return iterates

    ours, hand, vmap = milliseconds(lambda: simulate(bowl()).iterates, by_hand, with_vmap, times=5)
    rows = {"simulate": ours, "torch, vectorised by hand": hand, "torch.func.vmap": vmap}
    show(f"½x², {LANES} rates × {STEPS} steps, recorded", rows, ours)


def test_a_network_beside_vmap():
    experiment = Experiment(
        objective=Network(),
        rates=NETWORK_RATES,
        starts=(Network().default_start(0),),
        steps=NETWORK_STEPS,
        batch_size=BATCH,
    )
    title = f"2-{HIDDEN}-1 network, {len(NETWORK_RATES)} rates × {NETWORK_STEPS} minibatches of {BATCH}"
    try:
        import torch
    except ImportError:
        ours = milliseconds(lambda: simulate(experiment).recorded, times=5)[0]
        show(f"{title} (torch is not installed)", {"simulate": ours}, ours)
        return
    torch.set_default_dtype(torch.float64)
    inputs, targets = (torch.tensor(part) for part in experiment.objective.data[0])
    rates = torch.tensor(NETWORK_RATES)[:, None]

    def loss(x, inputs, targets):
        hidden = torch.tanh(inputs @ x[: 3 * HIDDEN].reshape(3, HIDDEN))
        scores = hidden @ x[3 * HIDDEN : 4 * HIDDEN] + x[4 * HIDDEN]
        return torch.nn.functional.softplus(-targets * scores).mean()

    slope = torch.func.vmap(torch.func.grad(loss), in_dims=(0, None, None))

    def with_vmap():
        x = torch.tensor(experiment.starts).repeat(len(NETWORK_RATES), 1)
        iterates = torch.empty(NETWORK_STEPS + 1, *x.shape)
        iterates[0] = x
        for number in range(NETWORK_STEPS):
            if number * BATCH % len(targets) == 0:
                order = torch.randperm(len(targets))
            rows = order[number * BATCH % len(targets) :][:BATCH]
            x = x - rates * slope(x, inputs[rows], targets[rows])
            iterates[number + 1] = x
        return iterates

    # The losses over all samples are no part of either loop.
    ours, vmap = milliseconds(lambda: simulate(experiment).recorded, with_vmap, times=5)
    show(title, {"simulate": ours, "torch.func.vmap": vmap}, ours)
