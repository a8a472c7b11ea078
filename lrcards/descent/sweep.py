"""Many rates at once: the loss after a budget against η, each with its verdict, and what they say of one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lrcards.descent import theory
from lrcards.descent.experiment import MAX_LANES, MAX_VALUES, Experiment
from lrcards.descent.motion import Flags
from lrcards.descent.objectives import Array
from lrcards.descent.regimes import Regime
from lrcards.descent.run import simulate
from lrcards.descent.schedules import Exponential
from lrcards.descent.verdict import Judgement, Verdict, judge_all

Label = Literal["too small", "just right", "too large"]

RATES = 200
# Numbers that are run before a sweep says how far it is: a fraction of a second's work.
_AT_ONCE = 200_000
# A rate is just right within this factor of the best number of steps, or of the best end where none does.
_NEAR_BEST = 3.0
# Fewer steps than this count as this many here: η = 1/λ in one dimension takes a single one, by coincidence.
_FEW_STEPS = 5.0
# Where such a run ends says nothing of its rate: a step later it is elsewhere.
_RESTLESS = frozenset({Regime.OVERFLOW, Regime.DIVERGING, Regime.CYCLE, Regime.BOUNDED})
_TOO_WILD = _RESTLESS | {Regime.KINK_CYCLE, Regime.NOISE_FLOOR}


@dataclass(frozen=True, eq=False)
class Sweep:
    """What became of every rate of a sweep; arrays have shape (rates,), in the order of the rates.

    Attributes:
        experiment: what was run, one lane a rate.
        judgement: the verdicts; the words are found when they are asked for.
    """

    experiment: Experiment
    judgement: Judgement

    @property
    def rates(self) -> Array:
        """The base rates, ascending."""
        return np.array(self.experiment.lane_rates)

    @property
    def losses(self) -> Array:
        """The loss after the budget; of a lane that overflowed, its last finite one."""
        final: Array = self.judgement.trajectory.losses[-1]
        return final

    @property
    def regimes(self) -> tuple[Regime, ...]:
        """The regime of each rate, by its own run."""
        return self.judgement.regimes

    @property
    def steps_to_arrive(self) -> Array:
        """Steps until each rate arrived, infinite where it has not."""
        arrived_at = self.judgement.evidence.arrived_at
        return np.where(self._arrived(), arrived_at, np.inf)

    @property
    def best(self) -> float:
        """The rate that arrives in the fewest steps, or settles lowest if none does; the middle of equals."""
        measure = self._measure()
        ties = np.flatnonzero(measure == measure.min())
        return float(self.rates[ties[len(ties) // 2]])

    def verdict(self, rate: float) -> Verdict:
        """Return the verdict on the nearest rate that was run."""
        return self.judgement.verdict(self._nearest(rate))

    def label(self, rate: float) -> Label | None:
        """Return what the sweep says of the nearest rate that was run; ``None`` if all rates do the same.

        Too small: a larger rate arrives in a third of the steps, or at all. Too large: a smaller one does, or
        ends lower. Just right: within three times the steps of the best rate. Where no rate arrives, the loss
        above the lowest possible at the end takes the place of the steps.
        """
        index, measure = self._nearest(rate), self._measure()
        if measure.min() == measure.max():
            return None
        best = float(measure.min())
        if np.isfinite(self.steps_to_arrive).any():
            best = max(best, _FEW_STEPS)
        if measure[index] <= _NEAR_BEST * best:
            return "just right"
        is_beaten_below = bool((self._ends()[:index] < self._ends()[index]).any())
        if self.regimes[index] in _TOO_WILD and is_beaten_below:
            return "too large"
        above, below = measure[index + 1 :].min(initial=np.inf), measure[:index].min(initial=np.inf)
        return "too small" if above < below else "too large"

    def _measure(self) -> Array:
        """Return what rates are compared by: steps to arrive, or where they settle if none does."""
        steps = np.maximum(self.steps_to_arrive, 1.0)
        if np.isfinite(steps).any():
            return steps
        restless = np.array([regime in _RESTLESS for regime in self.regimes])
        return np.where(restless, np.inf, self._ends())

    def _arrived(self) -> Flags:
        winners = (Regime.ARRIVED, Regime.OSCILLATING, Regime.ESCAPED)
        return np.array([regime in winners for regime in self.regimes])

    def _ends(self) -> Array:
        """Return the loss above the floor at the end, infinite for a lane that overflowed."""
        evidence = self.judgement.evidence
        above = np.maximum(self.losses - np.nanmin(evidence.floor), 0.0)
        return np.where(evidence.overflowed, np.inf, above)

    def _nearest(self, rate: float) -> int:
        return int(np.abs(np.log(self.rates / rate)).argmin())


def sweep(
    experiment: Experiment,
    rates: Array | None = None,
    progress: Callable[[float], None] | None = None,
) -> Sweep:
    """Run the first lane of an experiment at many rates, all with the same start, noise and minibatches.

    Args:
        experiment: what to run; its own rate is among the rates if none are given.
        rates: positive and finite; by default about 200, evenly spaced in logarithm over the decades around
            the experiment's rate and what theory allows at the start.
        progress: called now and then with the share of the rates that is done; what it raises ends the sweep.

    Raises:
        SpecError: a rate that cannot be run, or more numbers than are kept.
    """
    single = experiment.lane(0)
    chosen = _decades(single) if rates is None else np.unique(np.asarray(rates, dtype=np.float64))
    lanes = replace(single, rates=tuple(chosen.tolist()))
    if progress is None:
        return Sweep(lanes, judge_all(simulate(lanes)))
    parts = []
    at_once = max(1, _AT_ONCE // ((single.steps + 1) * single.objective.dimension))
    for first in range(0, len(chosen), at_once):
        if first:
            progress(first / len(chosen))
        part = tuple(chosen[first : first + at_once].tolist())
        parts.append(judge_all(simulate(replace(single, rates=part))))
    return Sweep(lanes, Judgement.side_by_side(lanes, parts))


def _decades(experiment: Experiment) -> Array:
    rate, optimizer = experiment.lane_rates[0], experiment.optimizers[0]
    curvature = experiment.objective.hessian(np.array(experiment.lane_starts[0]))
    steepest = np.nan if curvature is None else float(np.abs(np.linalg.eigvalsh(curvature)).max())
    limit = theory.stability_limit(optimizer, steepest)
    known = [rate, limit] if np.isfinite(limit) else [rate]
    values = (experiment.steps + 1) * experiment.objective.dimension
    count = max(2, min(RATES, MAX_LANES - 1, MAX_VALUES // values - 1))
    return np.union1d(np.geomspace(min(known) / 1e3, max(known) * 10, count), [rate])


@dataclass(frozen=True, eq=False)
class RangeTest:
    """The loss while the rate grows exponentially during one run (Smith, arXiv 1506.01186).

    Attributes:
        rates: the rate of the step after each iterate, (T + 1,).
        losses: the loss at each iterate, (T + 1,), infinite once the run has overflowed.
    """

    rates: Array
    losses: Array

    @property
    def largest(self) -> float:
        """The largest useful rate: where the loss, smoothed over a twentieth of the run, is lowest."""
        width = max(1, len(self.losses) // 20)
        smooth = np.convolve(self.losses, np.ones(width) / width, mode="valid")
        return float(self.rates[int(np.argmin(smooth)) + (width - 1) // 2])


def range_test(experiment: Experiment, lowest: float, highest: float) -> RangeTest:
    """Run the first lane of an experiment once, while the rate grows from `lowest` to `highest`.

    Raises:
        SpecError: a rate that cannot be run.
    """
    growth = (highest / lowest) ** (1 / experiment.steps)
    single = replace(experiment.lane(0), rates=(lowest,), schedule=Exponential(growth), update_every=1)
    trajectory = simulate(single)
    stopped = int(trajectory.stopped[0])
    losses = trajectory.losses[:, 0].copy()
    if stopped >= 0:
        losses[stopped:] = np.inf
    return RangeTest(trajectory.rates[:, 0], losses)
