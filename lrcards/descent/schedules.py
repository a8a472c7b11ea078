"""Schedules: the rate as a function of the updates so far, or of how the loss went, as PyTorch has them.

A schedule is a frozen spec; what it remembers is passed in and out::

    state = schedule.init(lanes)
    rate = schedule.rate(base, state)              # for the steps until the next update
    state = schedule.update(state, metric, base)   # metric: the loss that is watched

``base``, ``metric`` and ``rate`` are float64 of shape (lanes,). An update is a step or an epoch: whoever
runs the schedule decides, and every horizon below is counted in updates. Most schedules look at nothing but
their count, and draw their curve ahead of the run; reduce-on-plateau has no curve, since it answers to the
loss.

The one rule for a live edit of the rate: **the schedule's state stays, its base changes.** A run that is
halfway down a cosine and whose base is doubled goes on halfway down a cosine of twice the height, and one
whose rate was reduced tenfold stays reduced tenfold, from the new base.
"""

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.errors import SpecError
from lrcards.descent.knobs import Knob, check

Array = NDArray[np.float64]

Minimum = Annotated[float, Knob("rate at the lowest point", at_least=0)]
Factor = Annotated[float, Knob("what the rate is multiplied by each time", above=0)]


class Schedule(ABC):
    """How the rate changes over a run; a subclass is a frozen dataclass whose fields are its knobs.

    The state is opaque to everyone but its schedule, and immutable.
    """

    name: ClassVar[str]

    def __post_init__(self) -> None:
        check(self)

    @abstractmethod
    def init(self, lanes: int) -> Any:
        """Return the state before the first update."""

    @abstractmethod
    def update(self, state: Any, metric: Array, base: Array) -> Any:
        """Return the state after one more update; the watched loss was ``metric`` (NaN is allowed)."""

    @abstractmethod
    def rate(self, base: Array, state: Any) -> Array:
        """Return the rate in force."""

    @abstractmethod
    def curve(self, base: float, updates: int) -> Array | None:
        """Return the rates after 0, 1, …, ``updates`` updates, shape (updates + 1,).

        ``None`` if they depend on the run.
        """


class Counted(Schedule):
    """A schedule that looks at nothing but its count: the state is the number of updates."""

    @abstractmethod
    def share(self, updates: int) -> float:
        """Return the share of the base (or of the way from the minimum to the base) after so many updates."""

    def init(self, lanes: int) -> int:
        """Return 0."""
        del lanes
        return 0

    def update(self, state: int, metric: Array, base: Array) -> int:
        """Count one more."""
        del metric, base
        return state + 1

    def rate(self, base: Array, state: int) -> Array:
        """Return the rate in force."""
        return self._rate(base, self.share(state))

    def curve(self, base: float, updates: int) -> Array:
        """Return the rates after 0, 1, …, ``updates`` updates."""
        return self._rate(base, np.array([self.share(count) for count in range(updates + 1)]))

    def _rate(self, base: Any, share: Any) -> Array:
        rate: Array = base * share
        return rate


@dataclass(frozen=True)
class Constant(Counted):
    """η_t = η₀."""

    name = "constant"

    def share(self, updates: int) -> float:
        """Return 1."""
        del updates
        return 1.0


@dataclass(frozen=True)
class InverseTime(Counted):
    """η_t = η₀/(1 + α t); its sum grows without bound, so any distance can be gone (Robbins & Monro 1951)."""

    name = "inverse-time"

    decay: Annotated[float, Knob("α: after 1/α updates the rate is halved", above=0)]

    def share(self, updates: int) -> float:
        """Return 1/(1 + α t)."""
        return 1 / (1 + self.decay * updates)


@dataclass(frozen=True)
class StepDecay(Counted):
    """η_t = η₀ γ^⌊t/s⌋ (``StepLR``)."""

    name = "step"

    every: Annotated[int, Knob("updates between two drops", at_least=1)]
    factor: Factor = 0.1

    def share(self, updates: int) -> float:
        """Return γ^⌊t/s⌋."""
        return _power(self.factor, updates // self.every)


@dataclass(frozen=True)
class MultiStep(Counted):
    """η_t = η₀ γ^n with n the number of milestones ≤ t (``MultiStepLR``)."""

    name = "multi-step"

    milestones: Annotated[tuple[int, ...], Knob("the updates at which the rate drops", at_least=1)]
    factor: Factor = 0.1

    def share(self, updates: int) -> float:
        """Return γ to the number of milestones that were reached."""
        return _power(self.factor, bisect_right(self.milestones, updates))


@dataclass(frozen=True)
class Exponential(Counted):
    """η_t = η₀ γ^t (``ExponentialLR``); γ > 1 grows, as in the range test (Smith 2017, arXiv 1506.01186)."""

    name = "exponential"

    factor: Factor

    def share(self, updates: int) -> float:
        """Return γ^t."""
        return _power(self.factor, updates)


@dataclass(frozen=True)
class Warmup(Counted):
    """η_t = η₀ (f₀ + (1 − f₀) min(t, T)/T), from a fraction of the rate up to the whole (``LinearLR``)."""

    name = "warmup"

    updates: Annotated[int, Knob("T: the updates until the whole rate is reached", at_least=1)]
    start_factor: Annotated[float, Knob("the share of the rate at the start", above=0, at_most=1)] = 1 / 3

    def share(self, updates: int) -> float:
        """Return the line from the start factor to 1, then 1."""
        if updates >= self.updates:
            return 1.0
        return self.start_factor + (1 - self.start_factor) * updates / self.updates


class Annealed(Counted):
    """A counted schedule that falls to a minimum instead of to 0: η_t = η_min + (η₀ − η_min) · share."""

    minimum: float

    def _rate(self, base: Any, share: Any) -> Array:
        rate: Array = self.minimum + (base - self.minimum) * share
        return rate


@dataclass(frozen=True)
class Cosine(Annealed):
    """η_t = η_min + (η₀ − η_min)(1 + cos(π t/T))/2 for t ≤ T, then η_min.

    ``CosineAnnealingLR``; Loshchilov & Hutter 2017 (arXiv 1608.03983). After the horizon T the rate stays
    at the minimum. PyTorch's climbs back up the next half of the cosine there.
    """

    name = "cosine"

    updates: Annotated[
        int, Knob("T: the updates until the minimum; the rate stays there afterwards", at_least=1)
    ]
    minimum: Minimum = 0.0

    def share(self, updates: int) -> float:
        """Return half a cosine from 1 to 0, then 0."""
        return _half_cosine(min(updates, self.updates) / self.updates)


@dataclass(frozen=True)
class WarmRestarts(Annealed):
    """A cosine that starts anew at the full rate whenever it ends, each round longer than the last.

    ``CosineAnnealingWarmRestarts``; Loshchilov & Hutter 2017 (arXiv 1608.03983). The minimum itself is never
    reached: the update that would reach it restarts.
    """

    name = "warm-restarts"

    first: Annotated[int, Knob("updates in the first round", at_least=1)]
    multiplier: Annotated[int, Knob("how many times longer each round is than the last", at_least=1)] = 1
    minimum: Minimum = 0.0

    def share(self, updates: int) -> float:
        """Return the half cosine of the round that ``updates`` falls into."""
        if self.multiplier == 1:
            return _half_cosine(updates % self.first / self.first)
        length = self.first
        while updates >= length:
            updates -= length
            length *= self.multiplier
        return _half_cosine(updates / length)


@dataclass(frozen=True)
class OneCycle(Counted):
    """Up a half cosine from η₀/25 to the peak η₀, then down a longer one to η₀/25/10⁴.

    ``OneCycleLR`` with ``cycle_momentum=False``; Smith & Topin 2018 (arXiv 1708.07120). The base is the
    peak. As in PyTorch, the peak is at update ``warmup_share``·T − 1 and the lowest rate at T − 1; the rate
    stays there afterwards, where PyTorch's bounces up at T and then raises an error.
    """

    name = "one-cycle"

    updates: Annotated[int, Knob("T: updates in the whole cycle", at_least=1)]
    warmup_share: Annotated[float, Knob("share of the cycle that climbs", at_least=0, below=1)] = 0.3
    start_divisor: Annotated[float, Knob("the peak over the rate at the start", at_least=1)] = 25.0
    final_divisor: Annotated[float, Knob("the rate at the start over the rate at the end", at_least=1)] = 1e4

    def share(self, updates: int) -> float:
        """Return the share of the peak."""
        last = self.updates - 1
        peak = self.warmup_share * self.updates - 1
        start = 1 / self.start_divisor
        updates = min(updates, last)
        if updates <= peak:
            climbed = updates / peak if peak > 0 else 1.0
            return 1 + (start - 1) * _half_cosine(climbed)
        end = start / self.final_divisor
        return end + (1 - end) * _half_cosine((updates - peak) / (last - peak))


class PlateauState(NamedTuple):
    """What each lane remembers, shape (lanes,).

    Attributes:
        best: the lowest loss so far that counted as an improvement; inf before the first.
        bad: updates without improvement since the last improvement, reduction or cooldown.
        cooling: updates for which bad ones are not yet counted again.
        scale: the rate over the base: the product of the reductions so far.
    """

    best: Array
    bad: NDArray[np.int64]
    cooling: NDArray[np.int64]
    scale: Array


@dataclass(frozen=True)
class ReduceOnPlateau(Schedule):
    """Multiply the rate by a factor once the loss has not improved for more than ``patience`` updates.

    ``ReduceLROnPlateau`` with ``mode="min"``. A loss improves only if it is below best·(1 − threshold), or
    below best − threshold if ``threshold_mode`` is ``abs``: an equal one does not, and neither does
    NaN, which leaves ``best`` alone. The reduction comes with bad update number patience + 1 (Keras and
    Optax: patience). It is skipped if it would lower the rate by no more than ``epsilon``. Each lane
    decides for itself.

    For a negative best, PyTorch's relative test takes a loss that got worse for an improvement; here the
    relative margin is threshold·|best|, so that an improvement is always a lower loss.
    """

    name = "plateau"

    factor: Annotated[float, Knob("what the rate is multiplied by each time", above=0, below=1)] = 0.1
    patience: Annotated[int, Knob("bad updates that are borne; one more reduces the rate", at_least=0)] = 10
    threshold: Annotated[float, Knob("how much lower the loss must be to count", at_least=0)] = 1e-4
    threshold_mode: Annotated[
        str, Knob("threshold is a share of the best loss (below 1), or an amount", choices=("rel", "abs"))
    ] = "rel"
    cooldown: Annotated[
        int, Knob("updates after a reduction during which none counts as bad", at_least=0)
    ] = 0
    minimum: Annotated[float, Knob("rate below which no reduction goes", at_least=0)] = 0.0
    epsilon: Annotated[float, Knob("smallest reduction that is carried out", at_least=0)] = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.threshold_mode == "rel" and self.threshold >= 1:
            raise SpecError(f"plateau: a relative threshold must be below 1, not {self.threshold!r}")

    def init(self, lanes: int) -> PlateauState:
        """Start with no best loss and the whole rate."""
        none = np.zeros(lanes, dtype=np.int64)
        return PlateauState(np.full(lanes, np.inf), none, none, np.ones(lanes))

    def update(self, state: PlateauState, metric: Array, base: Array) -> PlateauState:
        """Judge one more loss, and reduce the rate of the lanes whose patience is over."""
        better = metric < self._bar(state.best)
        best = np.where(better, metric, state.best)
        bad = np.where(better | (state.cooling > 0), 0, state.bad + 1)
        cooling = np.maximum(state.cooling - 1, 0)
        over = bad > self.patience
        if not over.any():
            return PlateauState(best, bad, cooling, state.scale)
        old = base * state.scale
        new = np.maximum(old * self.factor, self.minimum)
        scale = np.where(over & (old - new > self.epsilon), new / base, state.scale)
        return PlateauState(best, np.where(over, 0, bad), np.where(over, self.cooldown, cooling), scale)

    def rate(self, base: Array, state: PlateauState) -> Array:
        """Return the base times the reductions so far."""
        return base * state.scale

    def curve(self, base: float, updates: int) -> None:
        """Return ``None``: the rate answers to the loss."""
        del base, updates

    def _bar(self, best: Array) -> Array:
        if self.threshold_mode == "abs":
            return best - self.threshold
        return np.where(best < 0, best * (1 + self.threshold), best * (1 - self.threshold))


class ChainState(NamedTuple):
    """The number of updates so far, and the state of the schedule that is in force."""

    updates: int
    current: Any


@dataclass(frozen=True)
class Chain(Schedule):
    """One schedule after the other: each takes over at its milestone, and begins there (``SequentialLR``).

    Every schedule counts from its own milestone and scales the same base; where the one before it ended
    does not matter. A loss is seen by the schedule in force only, and not at the update at which the next
    one takes over.
    """

    name = "chain"

    schedules: tuple[Schedule, ...]
    milestones: Annotated[
        tuple[int, ...], Knob("the updates at which the next schedule takes over", at_least=1)
    ]

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "schedules", tuple(self.schedules))
        if len(self.schedules) < 2 or not all(isinstance(each, Schedule) for each in self.schedules):
            raise SpecError("chain: schedules must be two schedules or more")
        if len(self.milestones) != len(self.schedules) - 1:
            raise SpecError(
                f"chain: {len(self.schedules)} schedules need {len(self.schedules) - 1} milestones, "
                f"one between each two, not {len(self.milestones)}"
            )

    def init(self, lanes: int) -> ChainState:
        """Start with the first schedule."""
        return ChainState(0, self.schedules[0].init(lanes))

    def update(self, state: ChainState, metric: Array, base: Array) -> ChainState:
        """Count one more, in the schedule in force or into the next one."""
        updates = state.updates + 1
        if updates in self.milestones:
            return ChainState(updates, self._at(updates).init(len(base)))
        return ChainState(updates, self._at(updates).update(state.current, metric, base))

    def rate(self, base: Array, state: ChainState) -> Array:
        """Return the rate of the schedule in force."""
        return self._at(state.updates).rate(base, state.current)

    def curve(self, base: float, updates: int) -> Array | None:
        """Return the schedules' curves, each cut where the next takes over; ``None`` if one has none."""
        bounds = [0, *(min(milestone, updates + 1) for milestone in self.milestones), updates + 1]
        curves = []
        for schedule, (start, end) in zip(self.schedules, pairwise(bounds), strict=True):
            curve = schedule.curve(base, max(end - start - 1, 0))
            if curve is None:
                return None
            curves.append(curve[: end - start])
        return np.concatenate(curves)

    def _at(self, updates: int) -> Schedule:
        return self.schedules[bisect_right(self.milestones, updates)]


def _half_cosine(share: float) -> float:
    """Fall from 1 to 0 as ``share`` goes from 0 to 1."""
    return (1 + math.cos(math.pi * share)) / 2


def _power(factor: float, exponent: int) -> float:
    """Raise as IEEE 754 does: a power beyond the largest float is inf, not an error."""
    try:
        return factor**exponent
    except OverflowError:
        return math.inf


SCHEDULES: Mapping[str, type[Schedule]] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            Constant,
            InverseTime,
            StepDecay,
            MultiStep,
            Exponential,
            Warmup,
            Cosine,
            WarmRestarts,
            OneCycle,
            ReduceOnPlateau,
            Chain,
        )
    }
)
