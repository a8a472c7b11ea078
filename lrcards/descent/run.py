"""Runs: in bulk for plots and sweeps, or as frames and a cursor that moves forward and back."""

from collections.abc import Callable
from functools import partial

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
from lrcards.descent.learning import DataObjective
from lrcards.descent.objectives import Array
from lrcards.descent.schedules import Constant
from lrcards.descent.trajectory import Trajectory

__all__ = ["CHECKPOINT", "Frame", "Run", "Trajectory", "simulate", "start", "step"]

CHECKPOINT = 64


Progress = Callable[[float], object]


def simulate(experiment: Experiment, progress: Progress | None = None) -> Trajectory:
    """Run the whole budget at once, to the same numbers as ``step``, bit for bit.

    Args:
        experiment: what to run.
        progress: called now and then with the share that is done; what it raises ends the run.
    """
    batches = alike(experiment, range(experiment.lanes))

    def tell(place: int, share: float) -> None:
        if progress is not None:
            progress((place + share) / len(batches))

    runs = [_run_alike(experiment, lanes, partial(tell, place)) for place, lanes in enumerate(batches)]
    if len(runs) == 1:
        return Trajectory(experiment, *runs[0])
    order = np.argsort(np.concatenate(batches))
    iterates, rates = (np.concatenate(parts, axis=1)[:, order] for parts in zip(*runs, strict=True))
    return Trajectory(experiment, iterates, rates)


@np.errstate(all="ignore")
def _run_alike(experiment: Experiment, lanes: Lanes, progress: Progress) -> tuple[Array, Array]:
    """Return iterates (T + 1, lanes, dimension) and rates (T + 1, lanes) of lanes that are alike."""
    first = lanes[0]
    optimizer, schedule = experiment.optimizers[first], experiment.schedules[first]
    base, x = experiment.lane_rates[lanes], experiment.lane_starts[lanes]
    state, position = optimizer.init(x), schedule.init(len(lanes))
    rate = schedule.rate(base, position)[:, None]
    is_constant, is_watching = isinstance(schedule, Constant), watches(schedule)
    is_learning = optimizer.effective_rate(rate, state, x) is not rate
    iterates = np.empty((experiment.steps + 1, *x.shape))
    iterates[0] = x
    rates: Array = np.broadcast_to(rate[:, 0], iterates.shape[:2])
    if is_learning or not is_constant:
        rates = rates.copy()
    every = experiment.update_every
    for number in range(1, experiment.steps + 1):
        if number % CHECKPOINT == 0:
            progress(number / experiment.steps)
        gradient = gradient_of_step(experiment, number - 1, x, first)
        if is_learning:
            rates[number - 1] = optimizer.effective_rate(rate, state, gradient)[:, 0]
        x, state = optimizer.update(gradient, state, x, rate)
        iterates[number] = x
        if not is_constant and number % every == 0:
            metric = watched_loss(experiment, x) if is_watching else base
            position = schedule.update(position, metric, base)
            rate = schedule.rate(base, position)[:, None]
            rates[number : number + every] = rate[:, 0]
    if is_learning:
        gradient = gradient_of_step(experiment, experiment.steps, x, first)
        rates[-1] = optimizer.effective_rate(rate, state, gradient)[:, 0]
    return iterates, rates


class Run:
    """A run as frames and a cursor.

    All iterates and rates are kept, which the limits of ``Experiment`` bound, and of the frames, with what
    optimizers and schedules remember, every ``CHECKPOINT``-th; a frame in between is computed anew from the
    checkpoint before it. So going back costs less than ``CHECKPOINT`` steps and gives the very same numbers.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._frame = start(experiment)
        self._checkpoints = {0: self._frame}
        self._experiments = {0: experiment}
        self._recorded = 0
        self._iterates = np.empty((experiment.steps + 1, *self._frame.x.shape))
        self._rates = np.empty(self._iterates.shape[:2])
        self._losses = np.empty(self._iterates.shape[:2])
        self._validation = np.empty((0, self._iterates.shape[1]))
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
    def was_changed(self) -> bool:
        """Whether the way to the cursor went through a change of the experiment after the start."""
        return any(0 < since <= self.cursor for since in self._experiments)

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
        self._losses = _with_rows(self._losses, here, rows)
        self._validation = self._validation[:here]
        self._record()

    def complete(self) -> Trajectory:
        """Take all steps that are left, and return the whole run."""
        while not self.finished:
            self._advance()
        return self.trajectory()

    def trajectory(self) -> Trajectory:
        """Return what was recorded up to the cursor."""
        past = slice(0, self.cursor + 1)
        iterates, rates, losses = (kept[past].copy() for kept in (self._iterates, self._rates, self._losses))
        return Trajectory(self.experiment, iterates, rates, losses, self._validated(past))

    def _validated(self, past: slice) -> Array | None:
        """Return the validation losses up to the cursor, each computed when it is first asked for."""
        objective = self.experiment.objective
        if not isinstance(objective, DataObjective):
            return None
        with np.errstate(all="ignore"):
            fresh = objective.validation(self._iterates[len(self._validation) : past.stop])
        self._validation = np.concatenate([self._validation, fresh])
        return self._validation[past].copy()

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
        self._losses[frame.step] = np.where(frame.finite, frame.loss, np.nan)


def _with_rows(array: Array, kept: int, rows: int) -> Array:
    """Return an array of so many rows, of which the first are kept."""
    resized = np.empty((rows, *array.shape[1:]))
    resized[:kept] = array[:kept]
    return resized
