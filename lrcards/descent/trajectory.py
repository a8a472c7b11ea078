"""A recorded run: what plots and verdicts read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.experiment import Experiment
from lrcards.descent.learning import DataObjective
from lrcards.descent.objectives import Array


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The recorded iterates and rates of T steps; all else is computed from them when it is first asked for.

    A lane stops at the first step whose iterate or loss is not finite. From there on everything about it
    repeats its last finite step.

    Attributes:
        experiment: what was run; where a knob was changed on the way, the experiment in force at the end.
        recorded: the iterates as they were computed, shape (T + 1, lanes, dimension).
        recorded_rates: the rate of the step that follows each iterate, shape (T + 1, lanes).
        recorded_losses, recorded_validation: losses that were computed while it ran, shape (T + 1, lanes).
    """

    experiment: Experiment
    recorded: Array
    recorded_rates: Array
    recorded_losses: Array | None = None
    recorded_validation: Array | None = None

    @property
    def steps(self) -> int:
        """The number T of steps taken."""
        return len(self.recorded) - 1

    @property
    def lanes(self) -> int:
        """The number of lanes."""
        return int(self.recorded.shape[1])

    @cached_property
    def stopped(self) -> NDArray[np.intp]:
        """The first step at which each lane was not finite, or −1, shape (lanes,)."""
        stopped = np.full(self.lanes, -1)
        # An iterate that is not finite never becomes finite again, but a loss may.
        has_loss = np.isfinite(self._computed_losses)
        lanes = np.flatnonzero(~(np.isfinite(self.recorded[-1]).all(axis=-1) & has_loss.all(axis=0)))
        if len(lanes):
            is_finite = has_loss[:, lanes] & np.isfinite(self.recorded[:, lanes]).all(axis=-1)
            stopped[lanes] = is_finite.argmin(axis=0)
        return stopped

    @cached_property
    def iterates(self) -> Array:
        """The iterates, shape (T + 1, lanes, dimension)."""
        return self._held(self.recorded)

    @cached_property
    def rates(self) -> Array:
        """The rate of the step that follows each iterate, shape (T + 1, lanes)."""
        return self._held(self.recorded_rates)

    @property
    def rates_taken(self) -> Array:
        """The rates of the steps that were taken, shape (T, lanes); of the first one if none was."""
        return self.recorded_rates[: max(self.steps, 1)]

    @cached_property
    def losses(self) -> Array:
        """The losses without noise and over all samples, shape (T + 1, lanes)."""
        return self._held(self._computed_losses)

    @cached_property
    @np.errstate(all="ignore")
    def gradients(self) -> Array:
        """The gradients without noise and over all samples, shape (T + 1, lanes, dimension)."""
        return self.experiment.objective.gradient(self.iterates)

    @cached_property
    @np.errstate(all="ignore")
    def validation(self) -> Array | None:
        """The losses over the samples set aside, shape (T + 1, lanes); ``None`` if there are none."""
        if self.recorded_validation is not None:
            return self._held(self.recorded_validation)
        objective = self.experiment.objective
        return objective.validation(self.iterates) if isinstance(objective, DataObjective) else None

    @classmethod
    def side_by_side(cls, experiment: Experiment, parts: Sequence["Trajectory"]) -> "Trajectory":
        """Return runs of some lanes each as the one run of an experiment with all those lanes."""
        seen, unseen = [part._computed_losses for part in parts], [part.validation for part in parts]
        return cls(
            experiment,
            np.concatenate([part.recorded for part in parts], axis=1),
            np.concatenate([part.recorded_rates for part in parts], axis=1),
            np.concatenate(seen, axis=1),
            np.concatenate([losses for losses in unseen if losses is not None], axis=1)
            if unseen[0] is not None
            else None,
        )

    def lane(self, index: int) -> "Trajectory":
        """Return the trajectory of one lane alone."""
        lane = slice(index, index + 1)
        return Trajectory(
            self.experiment.lane(index),
            np.ascontiguousarray(self.recorded[:, lane]),
            self.recorded_rates[:, lane],
            None if self.recorded_losses is None else self.recorded_losses[:, lane],
            None if self.recorded_validation is None else self.recorded_validation[:, lane],
        )

    @cached_property
    @np.errstate(all="ignore")
    def _computed_losses(self) -> Array:
        if self.recorded_losses is not None:
            return self.recorded_losses
        return self.experiment.objective.value(self.recorded)

    def _held(self, values: Array) -> Array:
        """Return values (T + 1, lanes, …) in which every lane that stopped repeats its last finite step."""
        if (self.stopped < 0).all():
            return values
        held = values.copy()
        for lane in np.flatnonzero(self.stopped > 0):
            held[self.stopped[lane] :, lane] = values[self.stopped[lane] - 1, lane]
        return held
