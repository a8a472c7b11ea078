"""Runs: in bulk for plots and sweeps, or as frames and a cursor that moves forward and back."""

import numpy as np

from lrcards.descent.experiment import Experiment
from lrcards.descent.frames import (
    Frame,
    Lanes,
    alike,
    changed,
    gradient_of_step,
    start,
    step,
    watched_loss,
    watches,
)
from lrcards.descent.objectives import Array
from lrcards.descent.trajectory import Trajectory

__all__ = ["CHECKPOINT", "Frame", "Run", "Trajectory", "simulate", "start", "step"]

CHECKPOINT = 64


def simulate(experiment: Experiment) -> Trajectory:
    """Run the whole budget at once, to the same numbers as ``step``, bit for bit."""
    iterates = np.empty((experiment.steps + 1, experiment.lanes, experiment.objective.dimension))
    rates = np.empty(iterates.shape[:2])
    iterates[0] = experiment.lane_starts
    batches = alike(experiment, range(experiment.lanes))
    for lanes in batches:
        if len(batches) == 1:
            _fill(experiment, lanes, iterates, rates)
        else:
            own_iterates, own_rates = iterates[:, lanes], rates[:, lanes]
            _fill(experiment, lanes, own_iterates, own_rates)
            iterates[:, lanes], rates[:, lanes] = own_iterates, own_rates
    return Trajectory(experiment, iterates, rates)


def _fill(experiment: Experiment, lanes: Lanes, iterates: Array, rates: Array) -> None:
    """Write the run of lanes that are alike into iterates (T + 1, lanes, dimension) and rates (T + 1, lanes)."""
    optimizer, schedule, seed = (
        each[lanes[0]] for each in (experiment.optimizers, experiment.schedules, experiment.seeds)
    )
    base = experiment.lane_rates[lanes]
    is_watching = watches(schedule)
    x = iterates[0]
    state, position = optimizer.init(x), schedule.init(len(lanes))
    scheduled = schedule.rate(base, position)
    with np.errstate(all="ignore"):
        for number in range(experiment.steps + 1):
            gradient = gradient_of_step(experiment, number, x, seed)
            rate = scheduled[:, None]
            rates[number] = optimizer.effective_rate(rate, state, gradient)[:, 0]
            if number == experiment.steps:
                break
            x, state = optimizer.update(gradient, state, x, rate)
            iterates[number + 1] = x
            if (number + 1) % experiment.update_every == 0:
                metric = watched_loss(experiment, x) if is_watching else base
                position = schedule.update(position, metric, base)
                scheduled = schedule.rate(base, position)


class Run:
    """A run as frames and a cursor.

    All iterates and rates are kept, which the limits of ``Experiment`` bound, and every ``CHECKPOINT``-th frame with
    what optimizers and schedules remember; a frame in between is computed anew from the checkpoint before it. So
    going back costs at most ``CHECKPOINT`` steps and gives the very same numbers.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._frame = start(experiment)
        self._checkpoints = {0: self._frame}
        self._experiments = {0: experiment}
        self._recorded = 0
        self._iterates = np.empty((experiment.steps + 1, *self._frame.x.shape))
        self._rates = np.empty(self._iterates.shape[:2])
        self._record()

    @property
    def frame(self) -> Frame:
        """The frame at the cursor."""
        return self._frame

    @property
    def cursor(self) -> int:
        """The step at which the run is."""
        return self._frame.step

    @property
    def experiment(self) -> Experiment:
        """The experiment in force at the cursor."""
        return self._experiments[max(since for since in self._experiments if since <= self.cursor)]

    @property
    def finished(self) -> bool:
        """Whether the budget is used up."""
        return self.cursor >= self.experiment.steps

    def forward(self, steps: int = 1) -> bool:
        """Take steps as far as the budget goes; return whether all of them were taken."""
        for _ in range(steps):
            if self.finished:
                return False
            self._advance()
        return True

    def back(self, steps: int = 1) -> bool:
        """Take steps back as far as the start; return whether all of them were taken."""
        target = self.cursor - steps
        self.seek(max(target, 0))
        return target >= 0

    def restart(self) -> None:
        """Go back to the start; what was recorded stays ahead."""
        self.seek(0)

    def seek(self, target: int) -> None:
        """Go to a step, or as near as the start and the budget allow."""
        target = max(target, 0)
        checkpoint = max(number for number in self._checkpoints if number <= target)
        if not checkpoint <= self.cursor <= target:
            self._frame = self._checkpoints[checkpoint]
        while self.cursor < target and not self.finished:
            self._advance()

    def change(self, experiment: Experiment) -> None:
        """Go on from here under another experiment: the future is cut, the past stays.

        What optimizers and schedules remember is kept as ``frames.changed`` says.

        Raises:
            SpecError: the experiment differs in the objective or in the number of lanes.
        """
        self._frame = changed(self._frame, self.experiment, experiment)
        here = self.cursor
        self._checkpoints = {at: kept for at, kept in self._checkpoints.items() if at < here}
        self._experiments = {since: kept for since, kept in self._experiments.items() if since < here}
        self._checkpoints[here] = self._frame
        self._experiments[here] = experiment
        rows = max(experiment.steps, here) + 1
        self._iterates = _with_rows(self._iterates, here, rows)
        self._rates = _with_rows(self._rates, here, rows)
        self._record()

    def complete(self) -> Trajectory:
        """Take all steps that are left, and return the whole run."""
        while not self.finished:
            self._advance()
        return self.trajectory()

    def trajectory(self) -> Trajectory:
        """Return what was recorded up to the cursor."""
        past = slice(0, self.cursor + 1)
        return Trajectory(self.experiment, self._iterates[past].copy(), self._rates[past].copy())

    def _advance(self) -> None:
        """Take one step: as it was recorded, or a new one."""
        number = self.cursor + 1
        self._frame = self._checkpoints.get(number) or step(self.experiment, self._frame)
        if number > self._recorded:
            if number % CHECKPOINT == 0:
                self._checkpoints[number] = self._frame
            self._record()

    def _record(self) -> None:
        frame = self._frame
        self._recorded = frame.step
        self._iterates[frame.step] = np.where(frame.finite[:, None], frame.x, np.nan)
        self._rates[frame.step] = frame.rate


def _with_rows(array: Array, kept: int, rows: int) -> Array:
    """Return an array of so many rows, of which the first are kept."""
    resized = np.empty((rows, *array.shape[1:]))
    resized[:kept] = array[:kept]
    return resized
