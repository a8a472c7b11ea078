"""One step of an experiment: everything that is known at a step in one value, and the step to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import Experiment
from lrcards.descent.learning import DataObjective
from lrcards.descent.noise import minibatch, normals
from lrcards.descent.objectives import Array
from lrcards.descent.schedules import Chain, Counted, Schedule

Lanes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Batch:
    """Lanes that share optimizer, schedule, seed and batch size and so run as one array.

    Attributes:
        lanes: which lanes, rising.
        rate: what the schedule gives for the next step, shape (lanes of the batch, 1).
        optimizer_state, schedule_state: what the two remember.
    """

    lanes: Lanes
    rate: Array
    optimizer_state: Any
    schedule_state: Any


@dataclass(frozen=True, eq=False)
class Frame:
    """A run at one step; the arrays are not written to again.

    A lane stops when its iterate or its loss is no longer finite: everything about it stays as it was in its
    last finite frame, and ``finite`` is False.

    Attributes:
        step: how many steps were taken.
        x: the iterates, shape (lanes, dimension).
        loss: the loss at x without noise and over all samples, shape (lanes,).
        gradient: what the next step follows, with noise and over its minibatch, shape (lanes, dimension).
        rate: the rate of the next step, shape (lanes,).
        finite: which lanes have not stopped, shape (lanes,).
        batches: what optimizers and schedules remember.
    """

    step: int
    x: Array
    loss: Array
    gradient: Array
    rate: Array
    finite: NDArray[np.bool_]
    batches: tuple[Batch, ...]


@np.errstate(all="ignore")
def start(experiment: Experiment) -> Frame:
    """Return the frame before the first step."""
    x = experiment.lane_starts
    batches = tuple(
        _batch(
            experiment,
            lanes,
            experiment.optimizers[lanes[0]].init(x[lanes]),
            experiment.schedules[lanes[0]].init(len(lanes)),
        )
        for lanes in alike(experiment, range(experiment.lanes))
    )
    loss = experiment.objective.value(x)
    gradient, rate = _next_step(experiment, 0, x, batches)
    return Frame(0, x, loss, gradient, rate, np.ones(len(x), dtype=np.bool_), batches)


@np.errstate(all="ignore")
def step(experiment: Experiment, frame: Frame) -> Frame:
    """Return the frame one step on."""
    number = frame.step + 1
    x, batches = _moved(experiment, frame)
    loss = experiment.objective.value(x)
    finite = np.isfinite(loss) & np.isfinite(x).all(axis=-1) & frame.finite
    has_stopped = not finite.all()
    if has_stopped:
        x = np.where(finite[:, None], x, frame.x)
        loss = np.where(finite, loss, frame.loss)
    if number % experiment.update_every == 0:
        batches = tuple(_updated(experiment, batch, x, loss) for batch in batches)
    gradient, rate = _next_step(experiment, number, x, batches)
    if has_stopped:
        gradient = np.where(finite[:, None], gradient, frame.gradient)
        rate = np.where(finite, rate, frame.rate)
    return Frame(number, x, loss, gradient, rate, finite, batches)


@np.errstate(all="ignore")
def changed(frame: Frame, old: Experiment, new: Experiment) -> Frame:
    """Return the frame as it goes on under another experiment: the live change of a knob.

    The iterates stay. An optimizer keeps its memory if its successor is of the same type and remembers the
    same things, a schedule if its successor is equal; the others begin afresh. A schedule that is kept goes
    on from where it is, and scales the new base rate.

    Raises:
        SpecError: the experiments differ in the objective or in the number of lanes.
    """
    if new.objective != old.objective or new.lanes != old.lanes:
        raise SpecError("a run keeps its objective and its number of lanes: start another run to change them")
    batches = []
    for batch in frame.batches:
        for lanes in alike(new, batch.lanes.tolist()):
            rows = np.flatnonzero(np.isin(batch.lanes, lanes))
            here = lanes[0]
            x = frame.x[lanes]
            optimizer_state = _rows(batch.optimizer_state, rows)
            before, after = old.optimizers[here], new.optimizers[here]
            if type(before) is not type(after) or _shape(before.init(x)) != _shape(after.init(x)):
                optimizer_state = after.init(x)
            schedule_state = _rows(batch.schedule_state, rows)
            if old.schedules[here] != new.schedules[here]:
                schedule_state = new.schedules[here].init(len(lanes))
            batches.append(_batch(new, lanes, optimizer_state, schedule_state))
    gradient, rate = _next_step(new, frame.step, frame.x, tuple(batches))
    gradient = np.where(frame.finite[:, None], gradient, frame.gradient)
    rate = np.where(frame.finite, rate, frame.rate)
    return replace(frame, gradient=gradient, rate=rate, batches=tuple(batches))


def alike(experiment: Experiment, lanes: Iterable[int]) -> list[Lanes]:
    """Return the lanes in groups that share optimizer, schedule, seed and batch size."""
    groups: dict[Any, list[int]] = {}
    for lane in lanes:
        rules = experiment.optimizers[lane], experiment.schedules[lane]
        draws = experiment.seeds[lane], experiment.batch_sizes[lane]
        groups.setdefault((rules, draws), []).append(lane)
    return [np.array(group) for group in groups.values()]


def gradient_of_step(experiment: Experiment, number: int, x: Array, lane: int) -> Array:
    """Return the gradient that a step follows, noise and minibatch included, shape (lanes, dimension).

    Args:
        experiment: what is run.
        number: the step's.
        x: the iterates of lanes that are alike.
        lane: one of them, for all.
    """
    objective, seed, size = experiment.objective, experiment.seeds[lane], experiment.batch_sizes[lane]
    if size is not None and isinstance(objective, DataObjective):
        rows = minibatch(seed, number, objective.samples, size)
        gradient = objective.batch_gradient(x, rows)
    else:
        gradient = objective.gradient(x)
    if experiment.noise:
        gradient = gradient + experiment.noise * normals(seed, number, objective.dimension)
    return gradient


def watched_loss(experiment: Experiment, x: Array) -> Array:
    """Return the loss that a schedule watches, over the validation samples if there are any: (lanes,)."""
    objective = experiment.objective
    return objective.validation(x) if isinstance(objective, DataObjective) else objective.value(x)


def watches(schedule: Schedule) -> bool:
    """Return whether a schedule answers to the loss, and not to its count alone."""
    if isinstance(schedule, Chain):
        return any(watches(part) for part in schedule.schedules)
    return not isinstance(schedule, Counted)


def _moved(experiment: Experiment, frame: Frame) -> tuple[Array, tuple[Batch, ...]]:
    """Return the next iterates, and the batches with what their optimizers then remember."""
    iterates, batches = [], []
    for batch in frame.batches:
        lanes = batch.lanes
        moved, state = experiment.optimizers[lanes[0]].update(
            _part(frame.gradient, lanes),
            batch.optimizer_state,
            _part(frame.x, lanes),
            batch.rate,
        )
        iterates.append(moved)
        batches.append(Batch(lanes, batch.rate, state, batch.schedule_state))
    return _whole(iterates, frame.batches), tuple(batches)


def _updated(experiment: Experiment, batch: Batch, x: Array, loss: Array) -> Batch:
    """Return a batch after an update of its schedule."""
    lanes = batch.lanes
    schedule = experiment.schedules[lanes[0]]
    metric = _part(loss, lanes)
    if watches(schedule) and isinstance(experiment.objective, DataObjective):
        metric = watched_loss(experiment, _part(x, lanes))
    state = schedule.update(batch.schedule_state, metric, _part(experiment.lane_rates, lanes))
    return _batch(experiment, lanes, batch.optimizer_state, state)


def _next_step(
    experiment: Experiment, number: int, x: Array, batches: tuple[Batch, ...]
) -> tuple[Array, Array]:
    """Return gradient (lanes, dimension) and rate (lanes,) of the step that is taken from x."""
    gradients, rates = [], []
    for batch in batches:
        first = batch.lanes[0]
        gradient = gradient_of_step(experiment, number, _part(x, batch.lanes), first)
        rate = experiment.optimizers[first].effective_rate(batch.rate, batch.optimizer_state, gradient)
        gradients.append(gradient)
        rates.append(rate[:, 0])
    return _whole(gradients, batches), _whole(rates, batches)


def _batch(experiment: Experiment, lanes: Lanes, optimizer_state: Any, schedule_state: Any) -> Batch:
    """Return a batch with the rate that the state of its schedule gives."""
    base = _part(experiment.lane_rates, lanes)
    rate = experiment.schedules[lanes[0]].rate(base, schedule_state)
    return Batch(lanes, rate[:, None], optimizer_state, schedule_state)


def _part(array: Array, lanes: Lanes) -> Array:
    """Return some lanes of an array that has one row a lane."""
    return array if len(lanes) == len(array) else array[lanes]


def _whole(parts: Sequence[Array], batches: Sequence[Batch]) -> Array:
    """Put the parts that belong to batches together again, one row a lane."""
    if len(parts) == 1:
        return parts[0]
    whole = np.empty((sum(len(part) for part in parts), *parts[0].shape[1:]))
    for part, batch in zip(parts, batches, strict=True):
        whole[batch.lanes] = part
    return whole


def _rows(state: Any, rows: Lanes) -> Any:
    """Return some lanes' part of a state: in nested tuples, arrays with one row a lane, or what all share."""
    if isinstance(state, np.ndarray):
        return state[rows]
    if isinstance(state, tuple):
        parts = [_rows(part, rows) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    return state


def _shape(state: Any) -> Any:
    """Return what a state consists of, without the numbers."""
    parts = tuple(_shape(part) for part in state) if isinstance(state, tuple) else ()
    return type(state), *parts
