"""Record what PyTorch does for every optimizer and schedule; ``python record_torch.py OUTPUT.npz``.

The keys are ``optimizer/CASE/OBJECTIVE/…``, ``schedule/CASE/…`` and ``plateau/CASE/…``. Gradients come from
autograd, so that nothing of ours is in the record.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop, lr_scheduler

STEPS = 500
# Iterates are kept at these steps only, to keep the record small.
KEPT = [*range(21), *range(30, STEPS + 1, 10)]

RAVINE = torch.tensor([[40.0, 6.0, 0.0], [6.0, 5.0, 0.5], [0.0, 0.5, 0.5]], dtype=torch.float64)

OBJECTIVES: dict[str, tuple[Callable[[Any], Any], list[float]]] = {
    "bowl": (lambda x: 0.5 * 3.0 * x[0] ** 2, [2.0]),
    "ravine": (lambda x: 0.5 * x @ RAVINE @ x, [1.0, -2.0, 3.0]),
    "rosenbrock": (lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [-1.2, 1.0]),
}

# For each case: how to make the optimizer, and its rate on each objective.
OPTIMIZERS: dict[str, tuple[Callable[..., Any], dict[str, Any], tuple[float, float, float]]] = {
    "gd": (SGD, {}, (0.1, 0.03, 1e-3)),
    "momentum": (SGD, {"momentum": 0.9}, (0.05, 0.02, 2e-4)),
    "momentum-dampened": (SGD, {"momentum": 0.8, "dampening": 0.5}, (0.1, 0.03, 5e-4)),
    "nesterov": (SGD, {"momentum": 0.9, "nesterov": True}, (0.05, 0.02, 2e-4)),
    "adagrad": (Adagrad, {}, (0.5, 0.5, 0.2)),
    "rmsprop": (RMSprop, {}, (1e-3, 1e-3, 1e-3)),
    "rmsprop-centred": (RMSprop, {"centered": True, "alpha": 0.95}, (1e-3, 3e-4, 5e-5)),
    "adam": (Adam, {}, (0.01, 0.01, 0.01)),
    "adam-knobs": (Adam, {"betas": (0.8, 0.95), "eps": 1e-3}, (0.01, 2e-3, 5e-4)),
    "amsgrad": (Adam, {"amsgrad": True}, (0.01, 0.01, 0.01)),
    "adamw": (AdamW, {}, (0.01, 0.01, 0.01)),
    "adamw-strong": (AdamW, {"weight_decay": 0.5}, (0.01, 0.01, 0.01)),
}

SCHEDULES: dict[str, Callable[[Any], Any]] = {
    "constant": lambda sgd: lr_scheduler.LambdaLR(sgd, lambda _: 1.0),
    "inverse-time": lambda sgd: lr_scheduler.LambdaLR(sgd, lambda t: 1 / (1 + 0.05 * t)),
    "step": lambda sgd: lr_scheduler.StepLR(sgd, 60, gamma=0.3),
    "multi-step": lambda sgd: lr_scheduler.MultiStepLR(sgd, [1, 100, 250], gamma=0.5),
    "exponential": lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.99),
    "warmup": lambda sgd: lr_scheduler.LinearLR(sgd, start_factor=0.1, total_iters=70),
    "cosine": lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, 300, eta_min=1e-3),
    "warm-restarts": lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 50, eta_min=1e-4),
    "warm-restarts-doubling": lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 30, T_mult=2),
    "one-cycle": lambda sgd: lr_scheduler.OneCycleLR(
        sgd, sgd.param_groups[0]["lr"], total_steps=STEPS, cycle_momentum=False
    ),
    "one-cycle-knobs": lambda sgd: lr_scheduler.OneCycleLR(
        sgd,
        sgd.param_groups[0]["lr"],
        total_steps=STEPS,
        pct_start=0.55,
        div_factor=4,
        final_div_factor=50,
        cycle_momentum=False,
    ),
    "plateau": lambda sgd: lr_scheduler.ReduceLROnPlateau(
        sgd, factor=0.5, patience=3, threshold=0.2, cooldown=2
    ),
    "chain": lambda sgd: lr_scheduler.SequentialLR(
        sgd,
        [
            lr_scheduler.LinearLR(sgd, start_factor=0.2, total_iters=40),
            lr_scheduler.ExponentialLR(sgd, 0.98),
            lr_scheduler.CosineAnnealingLR(sgd, 260),
        ],
        [40, 240],
    ),
}
SCHEDULE_RATES = {"bowl": 0.02, "ravine": 0.02, "rosenbrock": 4e-4}

NAN, INF = float("nan"), float("inf")
_noise = np.random.default_rng(3)
_FALLING = np.exp(-np.arange(STEPS) / 40) + 0.02 * _noise.random(STEPS)
# Metrics that a plateau schedule is shown one after the other, and its knobs; the base rate is 0.1.
PLATEAUS: dict[str, tuple[dict[str, Any], list[float]]] = {
    "equal-is-bad": ({"patience": 2}, [1.0] * 9),
    "fires-after-patience-plus-one": ({"patience": 3}, [1.0, 2.0, 2.0, 2.0, 2.0, 2.0]),
    "no-patience": ({"patience": 0}, [1.0, 2.0, 0.5, 2.0]),
    "nan-is-bad": ({"patience": 1}, [1.0, NAN, NAN, 0.5, NAN, 0.4, NAN, NAN]),
    "nan-first": ({"patience": 1}, [NAN, NAN, 5.0, 4.0, NAN, 3.0]),
    "infinite": ({"patience": 1}, [INF, INF, INF, 1.0, INF, INF, -INF, 0.0, 0.0]),
    "cooldown": ({"patience": 1, "cooldown": 3}, [1.0] * 20),
    "minimum": ({"patience": 0, "factor": 0.5, "min_lr": 0.02}, [1.0] * 8),
    "minimum-above-the-base": ({"patience": 0, "min_lr": 0.5}, [1.0] * 4),
    "epsilon": ({"patience": 0, "factor": 0.5, "eps": 0.01}, [1.0] * 10),
    "epsilon-default": ({"patience": 0}, [1.0] * 14),
    "relative-threshold": ({"patience": 0, "threshold": 0.1}, [1.0, 0.95, 0.91, 0.89, 0.85, 0.8]),
    "absolute-threshold": (
        {"patience": 0, "threshold": 1.5, "threshold_mode": "abs"},
        [3.0, 2.0, 1.4, 0.0, -0.2, -2.0],
    ),
    "absolute-negative": ({"patience": 1, "threshold_mode": "abs"}, [-1.0, -0.9, -0.8, -2.0, -1.9]),
    "relative-negative": ({"patience": 1, "threshold": 0.2}, [-1.0, -0.9, -0.85, -0.8]),
    "noisy": ({"factor": 0.7, "patience": 4, "cooldown": 3, "threshold": 1e-3}, _FALLING.tolist()),
    "noisy-absolute": (
        {"factor": 0.6, "patience": 7, "threshold": 5e-3, "threshold_mode": "abs", "min_lr": 1e-3},
        _FALLING.tolist(),
    ),
}


def record_optimizer(
    loss: Callable[[Any], Any],
    start: list[float],
    make: Callable[..., Any],
    knobs: dict[str, Any],
    rate: float,
) -> np.ndarray:
    """Return the iterates 0 … STEPS."""
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([x], lr=rate, **knobs)
    iterates = [x.detach().numpy().copy()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(x).backward()
        optimizer.step()
        iterates.append(x.detach().numpy().copy())
    return np.array(iterates)


def record_hypergradient(
    loss: Callable[[Any], Any], start: list[float], rate: float, meta_rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return iterates and learned rates, with ∂L/∂η taken by autograd through the step before."""
    previous = torch.tensor(start, dtype=torch.float64)
    gradient = torch.zeros_like(previous)
    eta = torch.tensor(rate, dtype=torch.float64)
    iterates, rates = [previous.numpy()], []
    for _ in range(STEPS):
        eta.requires_grad_()
        x = previous - eta * gradient
        slope, gradient = torch.autograd.grad(loss(x), [eta, x])
        eta = (eta - meta_rate * slope).detach()
        previous = x.detach()
        iterates.append((previous - eta * gradient).numpy())
        rates.append(float(eta))
    return np.array(iterates), np.array(rates)


def record_schedule(
    loss: Callable[[Any], Any], start: list[float], make: Callable[[Any], Any], rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return iterates and rates under momentum 0.5 with a schedule that is updated every step."""
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = SGD([x], lr=rate, momentum=0.5)
    schedule = make(optimizer)
    iterates, rates = [x.detach().numpy().copy()], [optimizer.param_groups[0]["lr"]]
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(x).backward()
        optimizer.step()
        if isinstance(schedule, lr_scheduler.ReduceLROnPlateau):
            schedule.step(loss(x.detach()))
        else:
            schedule.step()
        iterates.append(x.detach().numpy().copy())
        rates.append(optimizer.param_groups[0]["lr"])
    return np.array(iterates), np.array(rates)


def record_plateau(knobs: dict[str, Any], metrics: list[float]) -> np.ndarray:
    """Return the rates before the first metric and after each."""
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = lr_scheduler.ReduceLROnPlateau(optimizer, **knobs)
    rates = [0.1]
    for metric in metrics:
        schedule.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return np.array(rates)


def record() -> dict[str, np.ndarray]:
    """Return every recorded array under its key."""
    arrays: dict[str, np.ndarray] = {}
    for case, (make, knobs, rates) in OPTIMIZERS.items():
        for (name, (loss, start)), rate in zip(OBJECTIVES.items(), rates, strict=True):
            arrays[f"optimizer/{case}/{name}/rate"] = np.array(rate)
            arrays[f"optimizer/{case}/{name}/iterates"] = record_optimizer(loss, start, make, knobs, rate)[
                KEPT
            ]
    for (name, (loss, start)), (rate, meta_rate) in zip(
        OBJECTIVES.items(), [(0.01, 1e-3), (1e-3, 1e-7), (1e-4, 1e-10)], strict=True
    ):
        iterates, learned = record_hypergradient(loss, start, rate, meta_rate)
        arrays[f"hypergradient/{name}/rate"] = np.array(rate)
        arrays[f"hypergradient/{name}/meta_rate"] = np.array(meta_rate)
        arrays[f"hypergradient/{name}/iterates"] = iterates[KEPT]
        arrays[f"hypergradient/{name}/learned"] = learned
    for case, schedule in SCHEDULES.items():
        for name, (loss, start) in OBJECTIVES.items():
            iterates, scheduled = record_schedule(loss, start, schedule, SCHEDULE_RATES[name])
            arrays[f"schedule/{case}/{name}/rate"] = np.array(SCHEDULE_RATES[name])
            arrays[f"schedule/{case}/{name}/iterates"] = iterates[KEPT]
            arrays[f"schedule/{case}/{name}/rates"] = scheduled if name == "bowl" else scheduled[KEPT]
    for case, (knobs, metrics) in PLATEAUS.items():
        arrays[f"plateau/{case}/metrics"] = np.array(metrics)
        arrays[f"plateau/{case}/rates"] = record_plateau(knobs, metrics)
    return {"kept": np.array(KEPT), "torch": np.array(torch.__version__), **arrays}


if __name__ == "__main__":
    np.savez_compressed(sys.argv[1], **record())
