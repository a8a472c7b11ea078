"""Which regime a trajectory is in, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrcards.descent import landscape, reasons, validation
from lrcards.descent.arrival import ARRIVED
from lrcards.descent.evidence import Evidence, measure
from lrcards.descent.experiment import Experiment
from lrcards.descent.motion import Flags
from lrcards.descent.regimes import Regime
from lrcards.descent.run import Trajectory

__all__ = ["Judgement", "Regime", "Verdict", "judge", "judge_all"]


@dataclass(frozen=True)
class Verdict:
    """What became of one lane.

    Attributes:
        regime: its name.
        reasons: why, in plain words with the numbers that decided.
        arrived_at: the first step from which on the lane stays at the minimum, under noise on average;
            ``None`` if it does not.
        cycle: the points that recur, in the order of the last visits; ``None`` if none do.
    """

    regime: Regime
    reasons: tuple[str, ...]
    arrived_at: int | None
    cycle: tuple[tuple[float, ...], ...] | None


@dataclass(frozen=True, eq=False)
class Judgement:
    """The regimes of all lanes of a trajectory; the words for a lane are found when they are asked for."""

    trajectory: Trajectory
    evidence: Evidence
    regimes: tuple[Regime, ...]

    @classmethod
    def side_by_side(cls, experiment: Experiment, parts: Sequence["Judgement"]) -> "Judgement":
        """Return the judgements of runs of some lanes each as that of the one run of all those lanes."""
        return cls(
            Trajectory.side_by_side(experiment, [part.trajectory for part in parts]),
            Evidence.side_by_side([part.evidence for part in parts]),
            tuple(regime for part in parts for regime in part.regimes),
        )

    def verdict(self, lane: int = 0) -> Verdict:
        """Return the verdict on one lane, with its reasons."""
        regime = self.regimes[lane]
        arrived_at = int(self.evidence.arrived_at[lane])
        period = int(self.evidence.period[lane])
        is_cycle = regime in (Regime.KINK_CYCLE, Regime.CYCLE)
        return Verdict(
            regime,
            reasons.why(regime, self.trajectory, self.evidence, lane),
            None if arrived_at < 0 or is_cycle else arrived_at,
            tuple(map(tuple, self.trajectory.iterates[-period:, lane].tolist()))
            if is_cycle and period
            else None,
        )


def judge(trajectory: Trajectory, lane: int = 0) -> Verdict:
    """Return the verdict on one lane of a trajectory."""
    return judge_all(trajectory.lane(lane) if trajectory.lanes > 1 else trajectory).verdict()


def judge_all(trajectory: Trajectory) -> Judgement:
    """Return the regimes of all lanes of a trajectory, each judged by itself."""
    with np.errstate(all="ignore"):
        return _judge_all(trajectory)


def _judge_all(trajectory: Trajectory) -> Judgement:
    evidence = measure(trajectory)
    if trajectory.steps == 0:
        return Judgement(trajectory, evidence, (Regime.SLOW,) * trajectory.lanes)
    arrived = evidence.arrived_at >= 0
    # The first rule that holds decides.
    rules: list[tuple[Flags, Regime]] = [
        (evidence.overflowed, Regime.OVERFLOW),
        (evidence.growing, Regime.DIVERGING),
        (evidence.kinked, Regime.KINK_CYCLE),
        ((evidence.period > 0) & (evidence.excess > ARRIVED), Regime.CYCLE),
        (validation.overfits(trajectory), Regime.OVERFITTING),
        (arrived & evidence.escaped, Regime.ESCAPED),
        (arrived & evidence.alternating, Regime.OSCILLATING),
        (arrived, Regime.ARRIVED),
        (evidence.rest == "saddle", Regime.SADDLE),
        (evidence.rest == "minimum", Regime.LOCAL_MINIMUM),
        (evidence.rest == "flat", Regime.PLATEAU),
        (evidence.dead, Regime.STALLED),
    ]
    undecided = ~np.any([holds for holds, _ in rules], axis=0)
    rules += [
        (_ends_a_plateau(trajectory, evidence.tail, undecided), Regime.VALIDATION_PLATEAU),
        (~evidence.falling & np.full_like(arrived, evidence.stochastic), Regime.NOISE_FLOOR),
        (evidence.falling, Regime.SLOW),
    ]
    first = np.argmax([*(holds for holds, _ in rules), np.ones_like(arrived)], axis=0)
    names = [*(regime for _, regime in rules), Regime.BOUNDED]
    return Judgement(trajectory, evidence, tuple(names[rule] for rule in first))


def _ends_a_plateau(trajectory: Trajectory, steps: int, undecided: Flags) -> Flags:
    """Return which lanes have a flat validation loss that a tenth of the rate makes fall again: it is tried.

    Where the lowest loss is known, what keeps a lane above it has a name of its own.
    """
    flags = np.zeros(trajectory.lanes, dtype=np.bool_)
    if np.isnan(landscape.lowest_value(trajectory.experiment.objective)):
        lanes = np.flatnonzero(undecided & validation.is_flat(trajectory))
        if len(lanes):
            flags[lanes] = validation.falls_again(trajectory, lanes, steps)
    return flags
