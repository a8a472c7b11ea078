"""The spec of a run: what is minimised, by which optimizer, schedules and rates, from where, for how long."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np

from lrcards.descent.errors import SpecError
from lrcards.descent.learning import DataObjective
from lrcards.descent.objectives import Array, Objective
from lrcards.descent.optimizers import GradientDescent, Optimizer
from lrcards.descent.schedules import Constant, Schedule

# A recorded run keeps iterates, gradients, losses and rates: some 500 MB at the very most at this many coordinates.
MAX_VALUES = 5_000_000
MAX_STEPS = 100_000
MAX_LANES = 4096
# Lanes that share optimizer, schedule and seed run as one array; each further combination costs a loop of its own.
MAX_COMBINATIONS = 64

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Descents side by side, each in a lane of its own, on one objective.

    ``rates``, ``starts``, ``optimizer``, ``schedule`` and ``seed`` are either one for all lanes or one a lane.

    Attributes:
        objective: what is minimised.
        rates: the base rates η₀ that the schedule scales.
        starts: the first iterates.
        steps: the budget: how many steps a run takes at most.
        optimizer, schedule: the rules.
        seed: of the noise and of the minibatches; lanes with the same seed see the same noise.
        noise: the standard deviation of Gaussian noise added to every coordinate of every gradient.
        batch_size: samples a step, drawn without replacement until all have been seen; ``None`` for all of them.
        update_every: steps between two updates of the schedule, an epoch.

    Raises:
        SpecError: naming every problem, with the limit where one is passed.
    """

    objective: Objective
    rates: tuple[float, ...]
    starts: tuple[tuple[float, ...], ...]
    steps: int
    optimizer: Optimizer | tuple[Optimizer, ...] = GradientDescent()
    schedule: Schedule | tuple[Schedule, ...] = Constant()
    seed: int | tuple[int, ...] = 0
    noise: float = 0.0
    batch_size: int | None = None
    update_every: int = 1

    def __post_init__(self) -> None:
        problems = [*self._number_problems(), *self._rule_problems(), *self._lane_problems()]
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

    def lane(self, index: int) -> "Experiment":
        """Return the experiment of one lane alone; it runs to the same numbers, bit for bit."""
        return replace(
            self,
            rates=(self._spread(self.rates)[index],),
            starts=(self._spread(self.starts)[index],),
            optimizer=self.optimizers[index],
            schedule=self.schedules[index],
            seed=self.seeds[index],
        )

    def _per_lane(self) -> dict[str, tuple[Any, ...]]:
        return {
            "rate": self.rates,
            "start": self.starts,
            "optimizer": _as_tuple(self.optimizer),
            "schedule": _as_tuple(self.schedule),
            "seed": _as_tuple(self.seed),
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
        if self.batch_size is None:
            return problems
        if not isinstance(self.objective, DataObjective):
            problems.append(f"batch_size is for objectives with samples, and {self.objective.name} has none")
        elif not (_is_whole(self.batch_size) and 1 <= self.batch_size <= self.objective.samples):
            problems.append(
                f"batch_size must be a whole number from 1 to {self.objective.samples}, not {self.batch_size!r}"
            )
        return problems

    def _rule_problems(self) -> list[str]:
        problems = [
            f"a rate must be a finite number above 0, not {rate!r}"
            for rate in self.rates
            if not (_is_number(rate) and rate > 0)
        ]
        problems += [
            f"a seed must be a whole number of at least 0, not {seed!r}"
            for seed in _as_tuple(self.seed)
            if not (_is_whole(seed) and seed >= 0)
        ]
        return problems[:3]

    def _lane_problems(self) -> list[str]:
        lengths = {name: len(values) for name, values in self._per_lane().items()}
        problems = [f"there must be at least one {name}" for name, length in lengths.items() if length == 0]
        if self.lanes > MAX_LANES:
            problems.append(f"at most {MAX_LANES} lanes run side by side, not {self.lanes}")
        elif not set(lengths.values()) <= {0, 1, self.lanes}:
            counts = ", ".join(f"{length} {name}s" for name, length in lengths.items() if length != 1)
            problems.append(f"one for all lanes or one a lane, not {counts}")
        else:
            combinations = len(set(zip(self.optimizers, self.schedules, self.seeds, strict=True)))
            if combinations > MAX_COMBINATIONS:
                problems.append(
                    f"at most {MAX_COMBINATIONS} combinations of optimizer, schedule and seed run side by side, "
                    f"not {combinations}"
                )
        return problems

    def _start_problems(self) -> list[str]:
        dimension = self.objective.dimension
        problems = []
        for start in self.starts:
            if len(start) != dimension:
                problems.append(
                    f"the start {_shown(start)} has {len(start)} coordinates and {self.objective.name} has {dimension}"
                )
            elif not all(_is_number(coordinate) for coordinate in start):
                problems.append(f"the start {_shown(start)} must be made of finite numbers")
        if not problems and self.starts:
            with np.errstate(all="ignore"):
                losses = self.objective.value(np.array(self.starts, dtype=np.float64))
            problems = [
                f"the loss at the start {_shown(start)} is not finite"
                for start, loss in zip(self.starts, losses, strict=True)
                if not np.isfinite(loss)
            ]
        return problems[:3]

    def _size_problems(self) -> list[str]:
        if not _is_whole(self.steps):
            return []
        values = (self.steps + 1) * self.lanes * self.objective.dimension
        if values <= MAX_VALUES:
            return []
        return [
            f"steps × lanes × dimension is {values}, and at most {MAX_VALUES} numbers are kept: take fewer "
            "steps or lanes"
        ]


def _as_tuple(value: T | tuple[T, ...]) -> tuple[T, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _shown(start: tuple[float, ...]) -> str:
    return f"({', '.join(f'{c!r}' for c in start[:4])}{', …' if len(start) > 4 else ''})"
