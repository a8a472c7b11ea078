"""One visit to the lab: a run with its knobs, its verdicts and the sweep around it; knows no screen."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from lrcards.descent import theory
from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import DataObjective
from lrcards.descent.notation import OBJECTIVES
from lrcards.descent.objectives import Objective
from lrcards.descent.optimizers import OPTIMIZERS
from lrcards.descent.presets import Preset, lane_labels, preset
from lrcards.descent.run import Run
from lrcards.descent.schedules import SCHEDULES, Cosine, Warmup
from lrcards.descent.sweep import Sweep, sweep
from lrcards.descent.trajectory import Trajectory
from lrcards.descent.verdict import Verdict, judge_all

MOST_LANES = 4
"""More lanes than this cannot be told apart on a screen."""

_SWEEP_VALUES = 2_000_000
"""A sweep tries as many rates as keep within this many numbers, so that it is done in about a second."""

_MOST_SWEEPS = 8
"""A sweep takes up to 30 MB."""

_SWEEPS: dict[Experiment, Sweep] = {}
"""The last sweeps, the oldest first."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rate that theory singles out, with the formula for it."""

    rate: float
    label: str


class Lab:
    """An experiment being run and steered.

    A change of rates, optimizers, schedules, noise or batches acts from the cursor on: it cuts the future and
    keeps the past, and stepping back goes through it exactly. A change of what is minimised, from where, with
    which seed or in how many lanes starts a new run.

    Attributes:
        preset: what the lab was opened on.
        run: the frames and the cursor.
        selected: the lane that single-lane knobs turn.
    """

    def __init__(self, preset: Preset) -> None:
        self.preset = preset
        self.reset()

    def reset(self) -> None:
        """Start the experiment anew as the lab was opened on it."""
        self._begin(self.preset.experiment)

    def _begin(self, experiment: Experiment) -> None:
        self.run = Run(experiment)
        self.selected = min(getattr(self, "selected", 0), experiment.lanes - 1)
        self._judged: tuple[Trajectory, tuple[Verdict, ...]] | None = None
        self._recorded: Trajectory | None = None

    # What is to be seen

    @property
    def experiment(self) -> Experiment:
        """The experiment in force at the cursor."""
        return self.run.experiment

    @property
    def labels(self) -> tuple[str, ...]:
        """What each lane is called."""
        changed = self.experiment != self.preset.experiment
        return lane_labels(self.experiment) if changed else self.preset.labels

    @property
    def trajectory(self) -> Trajectory:
        """What was run up to the cursor."""
        if self._recorded is None:
            self._recorded = self.run.trajectory()
        return self._recorded

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the run up to the cursor says of each lane; nothing before the first step."""
        trajectory = self.trajectory
        if not trajectory.steps:
            return ()
        if self._judged is None or self._judged[0] is not trajectory:
            judgement = judge_all(trajectory)
            self._judged = trajectory, tuple(map(judgement.verdict, range(trajectory.lanes)))
        return self._judged[1]

    @property
    def swept(self) -> Experiment:
        """The selected lane's experiment at the foot of its decade: what the sweep depends on."""
        return _at_its_decade(self.experiment, self.selected)

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest rate of the sweep, known before it is made."""
        return _decades(self.swept)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The rates that theory singles out for the selected lane; none where theory has no number."""
        return _marks(self.experiment, self.selected)

    # The cursor

    def forward(self, steps: int = 1) -> None:
        """Take steps, as far as the budget goes."""
        self._move(lambda: self.run.forward(steps))

    def back(self, steps: int = 1) -> None:
        """Take steps back, as far as the start."""
        self._move(lambda: self.run.back(steps))

    def restart(self) -> None:
        """Go back to the start; what was run, and every change on the way, stays ahead."""
        self._move(self.run.restart)

    def finish(self) -> None:
        """Run to the end of the budget."""
        self._move(self.run.complete)

    def _move(self, move: Callable[[], object]) -> None:
        move()
        self._recorded = None

    # Knobs that act from the cursor on

    def scale_rate(self, factor: float) -> None:
        """Multiply the selected lane's base rate, kept to three digits."""
        self.set_rate(float(f"{self.experiment.lane_rates[self.selected] * factor:.3g}"))

    def set_rate(self, rate: float) -> None:
        """Give the selected lane a base rate; its schedule keeps its place.

        Raises:
            SpecError: it is no rate.
        """
        self._change(rates=self._for_selected(self.experiment.lane_rates.tolist(), rate))

    def set_optimizer(self, name: str) -> None:
        """Give the selected lane an optimizer with its defaults."""
        self._change(optimizer=self._for_selected(self.experiment.optimizers, OPTIMIZERS[name]()))

    def set_schedule(self, name: str) -> None:
        """Give the selected lane a schedule, fitted to the budget where it needs a horizon."""
        schedule = _fitted(SCHEDULES[name], self.experiment.steps // self.experiment.update_every)
        self._change(schedule=self._for_selected(self.experiment.schedules, schedule))

    def set_noise(self, noise: float) -> None:
        """Set the standard deviation of the noise on every gradient."""
        self._change(noise=noise)

    def set_batch_size(self, size: int | None) -> None:
        """Set the samples a step of every lane, ``None`` for all of them."""
        self._change(batch_size=size)

    def _change(self, **changes: Any) -> None:
        experiment = replace(self.experiment, **changes)
        self._move(lambda: self.run.change(experiment))

    def _for_selected(self, values: Sequence[Any], value: Any) -> tuple[Any, ...]:
        return tuple(value if lane == self.selected else kept for lane, kept in enumerate(values))

    # Knobs that start a new run

    def set_start(self, start: Sequence[float]) -> None:
        """Start the selected lane from another point."""
        starts = self._for_selected(
            [tuple(row) for row in self.experiment.lane_starts.tolist()], tuple(start)
        )
        self._begin(replace(self.experiment, starts=starts))

    def reseed(self) -> None:
        """Draw other noise and other minibatches."""
        self._begin(replace(self.experiment, seed=tuple(seed + 1 for seed in self.experiment.seeds)))

    def set_function(self, text: str) -> None:
        """Minimise a function of x, or of x and y, from four fifths of the way to the edge of its view."""
        self._begin(_on(self.experiment, Function(text)))

    def set_objective(self, name: str) -> None:
        """Minimise another objective with its defaults, from four fifths of the way to the edge of view."""
        self._begin(_on(self.experiment, OBJECTIVES[name]()))

    def add_lane(self) -> None:
        """Add a copy of the selected lane at half its rate, and select it."""
        if self.experiment.lanes >= MOST_LANES:
            raise SpecError(f"at most {MOST_LANES} lanes can be told apart on a screen")
        lanes = [*range(self.experiment.lanes), self.selected]
        rates = self.experiment.lane_rates[lanes].tolist()
        rates[-1] = float(f"{rates[-1] / 2:.3g}")
        self._begin(replace(_lanes(self.experiment, lanes), rates=tuple(rates)))
        self.selected = self.experiment.lanes - 1

    def remove_lane(self) -> None:
        """Remove the selected lane, unless it is the only one."""
        if self.experiment.lanes == 1:
            raise SpecError("the last lane cannot be removed")
        lanes = [lane for lane in range(self.experiment.lanes) if lane != self.selected]
        self._begin(_lanes(self.experiment, lanes))

    def select(self, lane: int) -> None:
        """Let the single-lane knobs turn another lane; beyond the last comes the first."""
        self.selected = lane % self.experiment.lanes

    def load(self, toml: str) -> None:
        """Run the experiment that a TOML text describes. Raises SpecError if it cannot be run."""
        self._begin(Experiment.from_toml(toml))

    # Taking it along

    def toml(self) -> str:
        """Return the experiment as a deck's ``lab`` block has it."""
        return self.experiment.to_toml()

    def command(self) -> str | None:
        """Return the command line that runs this experiment from its start, to the same numbers.

        ``None`` if the options cannot express it. What was changed on the way is not in it.
        """
        if not self.preset.name:
            return None
        base = preset(self.preset.name).experiment
        if self.experiment == base:
            return shlex.join(["lrcards", "sim", self.preset.name])
        options: list[str] = []
        try:
            for name, values in self._options(base):
                options += [word for value in values for word in (f"--{name}", value)]
        except ValueError:
            return None
        return shlex.join(["lrcards", "sim", self.preset.name, *options])

    def _options(self, base: Experiment) -> list[tuple[str, list[str]]]:
        """Return what differs from a preset as options; raises ValueError where there is none for it."""
        now = self.experiment
        same = replace(
            base,
            rates=now.rates,
            optimizer=now.optimizer,
            schedule=now.schedule,
            starts=now.starts,
            steps=now.steps,
            seed=now.seed,
        )
        if same != now:
            raise ValueError("the command line has no option for this")
        options = [("rate", list(map(_shortest, now.lane_rates.tolist())))]
        if now.optimizers != base.optimizers:
            options.append(("optimizer", [_option(_only(now.optimizers))]))
        if now.schedules != base.schedules:
            options.append(("schedule", [_option(_only(now.schedules))]))
        if now.lane_starts.tolist() != base.lane_starts.tolist():
            options.append(("start", [",".join(map(_shortest, _only(now.lane_starts.tolist())))]))
        if now.steps != base.steps:
            options.append(("steps", [str(now.steps)]))
        if now.seeds != base.seeds:
            options.append(("seed", [str(_only(now.seeds))]))
        return options


def sweep_of(experiment: Experiment, progress: Callable[[float], None] | None = None) -> Sweep:
    """Return the sweep around an experiment of one lane; the last few are kept.

    Args:
        experiment: what to run.
        progress: called now and then with the share that is done; what it raises ends the sweep.
    """
    kept = _SWEEPS.get(experiment)
    if kept is None:
        values = (experiment.steps + 1) * experiment.objective.dimension
        rates = max(min(200, _SWEEP_VALUES // values), 24)
        low, high = _decades(experiment)
        kept = sweep(experiment, np.geomspace(low, high, rates), progress)
        while len(_SWEEPS) >= _MOST_SWEEPS:
            _SWEEPS.pop(next(iter(_SWEEPS)), None)
        _SWEEPS[experiment] = kept
    return kept


def _decades(experiment: Experiment) -> tuple[float, float]:
    """Return the ends of the rate axis: whole decades around the rate and around what theory marks."""
    rates = [float(experiment.lane_rates[0]), *(mark.rate for mark in _marks(experiment, 0))]
    return 10.0 ** (np.floor(np.log10(min(rates))) - 2), 10.0 ** (np.floor(np.log10(max(rates))) + 2)


@lru_cache(maxsize=8)
def _at_its_decade(experiment: Experiment, lane: int) -> Experiment:
    """Return one lane's experiment with its rate at the foot of its decade."""
    alone = experiment.lane(lane)
    return replace(alone, rates=(float(10.0 ** np.floor(np.log10(alone.lane_rates[0]))),))


@lru_cache(maxsize=8)
def _marks(experiment: Experiment, lane: int) -> tuple[Mark, ...]:
    experiment = experiment.lane(lane)
    hessian = experiment.objective.hessian(experiment.lane_starts)
    minima = experiment.objective.minima
    if minima:
        hessian = experiment.objective.hessian(np.array([minima[0].x]))
    if hessian is None or not np.isfinite(hessian).all():
        return ()
    curvatures = np.linalg.eigvalsh(hessian[0])
    smallest, largest = float(curvatures[0]), float(curvatures[-1])
    limit = theory.stability_limit(experiment.optimizers[0], largest)
    if not (smallest > 0 and np.isfinite(limit)):
        return ()
    if experiment.optimizers[0].name != "gd":
        return (Mark(limit, "stable below"),)
    best = Mark(theory.best_rate(smallest, largest), "2/(λ₁+λₙ)" if smallest < largest else "1/λ")
    return (best, Mark(limit, "2/λ"))


def _fitted(schedule: type, updates: int) -> Any:
    """Return a schedule with what it needs taken from the number of its updates."""
    third = max(updates // 3, 1)
    suggestions: dict[str, Any] = {
        "updates": max(updates, 1),
        "every": third,
        "first": third,
        "milestones": (third, 2 * third + (third == 1)),
        "decay": 1 / third,
        "factor": 0.01 ** (1 / max(updates, 1)),
        "schedules": (Warmup(updates=third), Cosine(updates=max(updates - third, 1))),
    }
    needed = {field.name for field in fields(schedule) if field.default is MISSING}
    if "schedules" in needed:
        suggestions["milestones"] = (third,)
    return schedule(**{name: suggestions[name] for name in needed})


def _on(experiment: Experiment, objective: Objective) -> Experiment:
    """Return the experiment on another objective, each lane from the same new start."""
    if isinstance(objective, DataObjective):
        start = objective.default_start(0)
    else:
        box = objective.view
        middle, high = (np.array(box.low) + box.high) / 2, np.array(box.high)
        start = tuple(float(f"{x:.3g}") for x in middle + 0.8 * (high - middle))
    batch = experiment.batch_size if isinstance(objective, DataObjective) else None
    return replace(experiment, objective=objective, starts=(start,), batch_size=batch)


def _lanes(experiment: Experiment, lanes: list[int]) -> Experiment:
    """Return the experiment with these of its lanes, in this order."""
    sizes = experiment.batch_size
    return replace(
        experiment,
        rates=tuple(experiment.lane_rates[lanes].tolist()),
        starts=tuple(tuple(row) for row in experiment.lane_starts[lanes].tolist()),
        optimizer=tuple(experiment.optimizers[lane] for lane in lanes),
        schedule=tuple(experiment.schedules[lane] for lane in lanes),
        seed=tuple(experiment.seeds[lane] for lane in lanes),
        batch_size=tuple(sizes[lane] for lane in lanes) if isinstance(sizes, tuple) else sizes,
    )


def _only(values: Sequence[Any]) -> Any:
    """Return what all lanes share; raises ValueError if they differ."""
    if any(value != values[0] for value in values):
        raise ValueError("the lanes differ")
    return values[0]


def _option(rule: Any) -> str:
    """Write a rule as ``NAME:KNOB=VALUE,…``; raises ValueError for a knob that is a list."""
    knobs = {field.name: getattr(rule, field.name) for field in fields(rule)}
    changed = {name: value for name, value in knobs.items() if value != _default(rule, name)}
    if any(isinstance(value, tuple) for value in changed.values()):
        raise ValueError("a list cannot be written on the command line")
    written = ",".join(f"{name}={str(value).lower()}" for name, value in changed.items())
    return f"{rule.name}:{written}" if written else str(rule.name)


def _shortest(number: float) -> str:
    """Write a number so that reading it gives the very same, 2.0 as 2."""
    return repr(number).removesuffix(".0")


def _default(rule: Any, name: str) -> Any:
    return next(field.default for field in fields(rule) if field.name == name)
