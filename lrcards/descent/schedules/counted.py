"""Schedules that look at nothing but how many updates have passed; they draw their curve ahead of the run."""

import math
from abc import abstractmethod
from bisect import bisect_right
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from lrcards.descent.knobs import Knob
from lrcards.descent.schedules.schedule import Array, Schedule

Minimum = Annotated[float, Knob("rate at the lowest point", at_least=0)]
Factor = Annotated[float, Knob("what the rate is multiplied by each time", above=0)]


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
        shares = np.array([self.share(count) for count in range(updates + 1)])
        with np.errstate(over="ignore"):  # a rate that grows may become inf
            return self._rate(base, shares)

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
    """A counted schedule that falls to a minimum instead of to 0: η_t = η_min + (η₀ − η_min) · share.

    A base below the minimum rises to it, as in PyTorch.
    """

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


def _half_cosine(share: float) -> float:
    """Fall from 1 to 0 as ``share`` goes from 0 to 1."""
    return (1 + math.cos(math.pi * share)) / 2


def _power(factor: float, exponent: int) -> float:
    """Raise as IEEE 754 does: a power beyond the largest float is inf, not an error."""
    try:
        return factor**exponent
    except OverflowError:
        return math.inf
