"""The spec of a run: what is minimised, by which optimizer, schedule and rate, from where, for how long."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from lrcards.descent.errors import SpecError
from lrcards.descent.learning import DataObjective
from lrcards.descent.objectives import Array, Objective
from lrcards.descent.optimizers import GradientDescent, Optimizer
from lrcards.descent.schedules import Constant, Schedule

MAX_STEPS = 100_000
MAX_LANES = 4096
# Coordinates of all iterates; with gradients, losses and rates, a run stays below 500 MB.
MAX_VALUES = 5_000_000
# Lanes with the same optimizer, schedule, seed and batch size run as one array; every other combination has a
# loop of its own.
MAX_COMBINATIONS = 64
# How many wrong rates, seeds, starts or coordinates a message shows.
MAX_EXAMPLES = 3

_GRADIENT_DESCENT, _CONSTANT = GradientDescent(), Constant()

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Descents side by side, each in a lane of its own, on one objective.

    ``rates``, ``starts``, ``optimizer``, ``schedule``, ``seed`` and ``batch_size`` are one for all lanes or
    one for each.

    Attributes:
        objective: what is minimised.
        rates: the base rates η₀ that the schedule scales.
        starts: the first iterates.
        steps: the budget: how many steps a run takes at most.
        optimizer, schedule: the rules.
        seed: of the noise and of the minibatches; lanes with the same seed see the same noise.
        noise: the standard deviation of Gaussian noise added to every coordinate of every gradient.
        batch_size: samples a step, each drawn once an epoch; ``None`` for all of them.
        update_every: steps between two updates of the schedule: its epoch.

    Raises:
        SpecError: naming every problem, with the limit where one is passed.
    """

    objective: Objective
    rates: tuple[float, ...]
    starts: tuple[tuple[float, ...], ...]
    steps: int
    optimizer: Optimizer | tuple[Optimizer, ...] = _GRADIENT_DESCENT
    schedule: Schedule | tuple[Schedule, ...] = _CONSTANT
    seed: int | tuple[int, ...] = 0
    noise: float = 0.0
    batch_size: int | tuple[int, ...] | None = None
    update_every: int = 1

    def __post_init__(self) -> None:
        problems = [*self._number_problems(), *self._lane_problems()]
        problems += self._start_problems() or self._size_problems()
        if problems:
            raise SpecError(*problems)

    @cached_property
    def lanes(self) -> int:
        """The number of descents side by side."""
        return max(len(values) for values in self._per_lane().values())

    @cached_property
    def lane_rates(self) -> Array:
        """The base rate of each lane, shape (lanes,)."""
        return np.array(self._spread(self.rates), dtype=np.float64)

    @cached_property
    def lane_starts(self) -> Array:
        """The start of each lane, shape (lanes, dimension)."""
        return np.array(self._spread(self.starts), dtype=np.float64)

    @cached_property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The optimizer of each lane."""
        return self._spread(_as_tuple(self.optimizer))

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedule of each lane."""
        return self._spread(_as_tuple(self.schedule))

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """The seed of each lane."""
        return self._spread(_as_tuple(self.seed))

    @cached_property
    def batch_sizes(self) -> tuple[int | None, ...]:
        """The batch size of each lane."""
        return self._spread(_as_tuple(self.batch_size))

    def lane(self, index: int) -> "Experiment":
        """Return the experiment of one lane alone; it runs to the same numbers, bit for bit."""
        return replace(
            self,
            rates=(self._spread(self.rates)[index],),
            starts=(self._spread(self.starts)[index],),
            optimizer=self.optimizers[index],
            schedule=self.schedules[index],
            seed=self.seeds[index],
            batch_size=self.batch_sizes[index],
        )

    # The notation names every objective, optimizer and schedule, and experiments: it imports this module.

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Experiment":
        """Return the experiment that plain data describes; see ``notation``.

        Raises:
            SpecError: naming every problem.
        """
        from lrcards.descent import notation

        return notation.from_data(data)

    @classmethod
    def from_toml(cls, text: str) -> "Experiment":
        """Return the experiment that a TOML document describes; see ``notation``.

        Raises:
            SpecError: naming every problem.
        """
        from lrcards.descent import notation

        return notation.from_toml(text)

    def to_data(self) -> dict[str, Any]:
        """Return the plain data from which ``from_data`` makes an equal experiment."""
        from lrcards.descent import notation

        return notation.to_data(self)

    def to_toml(self) -> str:
        """Return the TOML document from which ``from_toml`` makes an equal experiment."""
        from lrcards.descent import notation

        return notation.to_toml(self)

    def _per_lane(self) -> dict[str, tuple[Any, ...]]:
        return {
            "rate": self.rates,
            "start": self.starts,
            "optimizer": _as_tuple(self.optimizer),
            "schedule": _as_tuple(self.schedule),
            "seed": _as_tuple(self.seed),
            "batch size": _as_tuple(self.batch_size),
        }

    def _spread(self, values: tuple[T, ...]) -> tuple[T, ...]:
        return values if len(values) == self.lanes else values * self.lanes

    def _number_problems(self) -> list[str]:
        problems = []
        if not (_is_whole(self.steps) and 1 <= self.steps <= MAX_STEPS):
            problems.append(f"steps must be a whole number from 1 to {MAX_STEPS}, not {self.steps!r}")
        if not (_is_number(self.noise) and self.noise >= 0):
            problems.append(f"noise must be a number of at least 0, not {self.noise!r}")
        if not (_is_whole(self.update_every) and self.update_every >= 1):
            problems.append(f"update_every must be a whole number of at least 1, not {self.update_every!r}")
        if self.batch_size is not None:
            samples = self.objective.samples if isinstance(self.objective, DataObjective) else 0
            if not samples:
                problems.append(
                    f"batch_size is for objectives with samples, and {self.objective.name} has none"
                )
            else:
                problems += [
                    f"batch_size must be a whole number from 1 to {samples}, not {size!r}"
                    for size in _as_tuple(self.batch_size)
                    if not (_is_whole(size) and 1 <= size <= samples)
                ][:MAX_EXAMPLES]
        return problems

    def _lane_problems(self) -> list[str]:
        wrong = [f"a rate must be a finite number above 0, not {r!r}" for r in self.rates if not _is_rate(r)]
        wrong += [
            f"a seed must be a whole number of at least 0, not {seed!r}"
            for seed in _as_tuple(self.seed)
            if not (_is_whole(seed) and seed >= 0)
        ]
        problems = wrong[:MAX_EXAMPLES]
        counts = {name: len(values) for name, values in self._per_lane().items()}
        problems += [f"there must be at least one {name}" for name, count in counts.items() if count == 0]
        if self.lanes > MAX_LANES:
            problems.append(f"at most {MAX_LANES} lanes run side by side, not {self.lanes}")
        elif not set(counts.values()) <= {0, 1, self.lanes}:
            given = " and ".join(f"{count} {name}s" for name, count in counts.items() if count > 1)
            problems.append(f"{given} do not go together: give one for all lanes or one for each")
        elif 0 not in counts.values():
            alike = zip(self.optimizers, self.schedules, self.seeds, self.batch_sizes, strict=True)
            combinations = len(set(alike))
            if combinations > MAX_COMBINATIONS:
                problems.append(
                    f"at most {MAX_COMBINATIONS} combinations of optimizer, schedule, seed and batch size "
                    f"run side by side, not {combinations}"
                )
        return problems

    def _start_problems(self) -> list[str]:
        name, dimension = self.objective.name, self.objective.dimension
        problems = []
        for start in self.starts:
            if len(start) != dimension:
                problems.append(
                    f"the start {_shown(start)} has dimension {len(start)}, and {name} has {dimension}"
                )
            elif not all(map(_is_number, start)):
                problems.append(f"the start {_shown(start)} must be made of finite numbers")
        if self.starts and not problems:
            with np.errstate(all="ignore"):
                losses = self.objective.value(np.array(self.starts, dtype=np.float64))
            problems = [
                f"the loss at the start {_shown(start)} is not finite"
                for start, loss in zip(self.starts, losses, strict=True)
                if not np.isfinite(loss)
            ]
        return problems[:MAX_EXAMPLES]

    def _size_problems(self) -> list[str]:
        values = (self.steps + 1) * self.lanes * self.objective.dimension if _is_whole(self.steps) else 0
        if values <= MAX_VALUES:
            return []
        return [
            f"steps × lanes × dimension may be at most {MAX_VALUES}, not {values}: take fewer steps or lanes"
        ]


def _as_tuple(value: T | tuple[T, ...]) -> tuple[T, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and math.isfinite(value)


def _is_rate(value: Any) -> bool:
    return _is_number(value) and value > 0


def _shown(start: tuple[float, ...]) -> str:
    coordinates = [f"{coordinate:g}" for coordinate in start[:MAX_EXAMPLES]]
    return f"({', '.join(coordinates)}{', …' if len(start) > MAX_EXAMPLES else ''})"
