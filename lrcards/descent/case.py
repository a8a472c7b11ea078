"""One lane of a trajectory with what was measured on it: what the reasons of its verdict speak of."""

from dataclasses import dataclass

import numpy as np

from lrcards.descent import landscape, motion
from lrcards.descent.evidence import Evidence
from lrcards.descent.objectives import Array, Objective
from lrcards.descent.optimizers import Optimizer
from lrcards.descent.recurrence import LONGEST_PERIOD
from lrcards.descent.schedules import Constant
from lrcards.descent.trajectory import Trajectory


@dataclass(frozen=True, eq=False)
class Case:
    """One lane with what was measured on it."""

    trajectory: Trajectory
    evidence: Evidence
    lane: int

    @property
    def objective(self) -> Objective:
        """What is minimised."""
        return self.trajectory.experiment.objective

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return self.trajectory.steps

    @property
    def way(self) -> Array:
        """The iterates, (points, d)."""
        return self.trajectory.iterates[:, self.lane]

    @property
    def losses(self) -> Array:
        """The losses, (points,)."""
        return self.trajectory.losses[:, self.lane]

    @property
    def rates(self) -> Array:
        """The rates, (points,)."""
        return self.trajectory.rates[:, self.lane]

    @property
    def rate(self) -> float:
        """The rate at the end."""
        return float(self.rates[-1])

    @property
    def optimizer(self) -> Optimizer:
        """The rule of the lane."""
        return self.trajectory.experiment.optimizers[self.lane]

    @property
    def has_constant_rate(self) -> bool:
        """Whether no schedule changes the rate."""
        return isinstance(self.trajectory.experiment.schedules[self.lane], Constant)

    @property
    def floor(self) -> float:
        """The lowest loss there is, as far as it is known."""
        return float(self.evidence.floor[self.lane])

    @property
    def knows_floor(self) -> bool:
        """Whether the lowest loss there is was told, and not guessed from the run."""
        return bool(np.isfinite(landscape.lowest_value(self.objective)))

    @property
    def excess(self) -> float:
        """The share of the starting loss above the floor that is left."""
        return float(self.evidence.excess[self.lane])

    @property
    def arrived_at(self) -> int:
        """The step of arrival, -1 for none."""
        return int(self.evidence.arrived_at[self.lane])

    @property
    def distance(self) -> float:
        """How far the end is from the nearest best minimum."""
        return float(landscape.distance_to_best(self.objective, self.way[-1:])[0])

    @property
    def slope(self) -> float:
        """The length of the gradient at the end."""
        return float(motion.lengths(self.objective.gradient(self.way[-1:]))[0])

    @property
    def turns(self) -> Array:
        """The iterates of the last turn of a cycle, or of the last steps if there is no short one."""
        period = int(self.evidence.period[self.lane])
        return self.way[-(period or LONGEST_PERIOD) - 1 :]

    @property
    def middle(self) -> Array | None:
        """The minimum (d,) that the last turns go around, ``None`` if none is known to lie among them."""
        turns = self.turns[1:]
        centre, reach = turns.mean(axis=0), float(np.linalg.norm(np.ptp(turns, axis=0)))
        places = [np.array(minimum.x) for minimum in self.objective.minima]
        distances = [float(np.linalg.norm(place - centre)) for place in places]
        nearest = min(range(len(places)), key=distances.__getitem__, default=None)
        return None if nearest is None or distances[nearest] > reach else places[nearest]

    @property
    def curvature(self) -> float:
        """The largest eigenvalue of the Hessian at the end, NaN where there is none."""
        return float(self.curvatures(self.way[-1:])[0])

    @property
    def changes_of_side(self) -> int:
        """How often the run crossed the place where it ended, until just after it arrived."""
        errors = self.way[: self.arrived_at + 3] - self.way[-1]
        return int((np.sum(errors[1:] * errors[:-1], axis=-1) < 0).sum())

    @property
    def only_falls(self) -> bool:
        """Whether the loss never rose on the way to where it arrived."""
        return bool((np.diff(self.losses[: self.arrived_at + 1]) <= 0).all())

    def curvatures(self, points: Array) -> Array:
        """Return the largest eigenvalue (n,) of the Hessian at points (n, d), NaN where there is none."""
        curvature = self.objective.hessian(points)
        if curvature is None:
            return np.full(len(points), np.nan)
        is_finite = np.asarray(np.isfinite(curvature).all(axis=(1, 2)))
        largest: Array = np.linalg.eigvalsh(np.where(is_finite[:, None, None], curvature, 0.0))[:, -1]
        return np.where(is_finite, largest, np.nan)
