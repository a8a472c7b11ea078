"""The reasons of a verdict in plain words, with the numbers that decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lrcards.descent import landscape, theory
from lrcards.descent.arrival import ARRIVED
from lrcards.descent.evidence import Evidence
from lrcards.descent.objectives import Array
from lrcards.descent.recurrence import find_cycle
from lrcards.descent.regimes import Regime
from lrcards.descent.run import Trajectory
from lrcards.descent.trials import rerun
from lrcards.descent.validation import SMALLER, settled_loss


@dataclass(frozen=True, eq=False)
class Case:
    """One lane with what was measured on it."""

    trajectory: Trajectory
    evidence: Evidence
    lane: int

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
    def floor(self) -> float:
        """The lowest loss there is, as far as it is known."""
        return float(self.evidence.floor[self.lane])

    @property
    def excess(self) -> float:
        """The share of the loss to be lost that is left."""
        return float(self.evidence.excess[self.lane])

    @property
    def distance(self) -> float:
        """How far the end is from the nearest best minimum."""
        return float(landscape.distance_to_best(self.trajectory.experiment.objective, self.way[-1:])[0])

    @property
    def slope(self) -> float:
        """The length of the gradient at the end."""
        return float(np.linalg.norm(self.trajectory.experiment.objective.gradient(self.way[-1:])))

    def orbit(self) -> Array:
        """The points of the cycle (period, d), the lowest first; empty without one."""
        points = self.way[len(self.way) - int(self.evidence.period[self.lane]) :]
        return _from_lowest(points) if len(points) else points

    def highest_curvature(self) -> float:
        """The largest eigenvalue of the Hessian at the end, NaN where there is none."""
        curvature = self.trajectory.experiment.objective.hessian(self.way[-1:])
        if curvature is None or not np.isfinite(curvature).all():
            return np.nan
        return float(np.linalg.eigvalsh(curvature).max())


def why(regime: Regime, trajectory: Trajectory, evidence: Evidence, lane: int) -> tuple[str, ...]:
    """Return the reasons for the regime of one lane, the one that decided first."""
    if trajectory.steps == 0:
        return ("no step has been taken yet",)
    with np.errstate(all="ignore"):
        return tuple(_REASONS[regime](Case(trajectory, evidence, lane)))


def _overflow(case: Case) -> list[str]:
    step, last = int(case.trajectory.stopped[case.lane]), float(case.losses[-1])
    if abs(last) < 1e100 and abs(last) < 1e50 * (1 + abs(case.losses[0])):
        return [f"step {step} led from {_point(case.way[-1])} to where the function has no value"]
    return [
        f"step {step} left the range of floating point; the last loss was {_number(last)}",
        *_beyond(case),
    ]


def _diverging(case: Case) -> list[str]:
    begin, end = case.losses[0], case.losses[-1]
    if end < begin:
        away = _number(float(np.linalg.norm(case.way[-1] - case.way[0])))
        return [
            f"the loss falls without end, from {_number(begin)} to {_number(end)}, {away} away from the start"
        ]
    strides = np.linalg.norm(np.diff(case.way, axis=0), axis=-1)
    growth = (strides[-1] / strides[len(strides) // 2]) ** (1 / max(1, len(strides) - 1 - len(strides) // 2))
    return [
        f"the loss climbs from {_number(begin)} to {_number(end)}",
        f"each step is {_number(growth, 6)} times as long as the one before",
        *_beyond(case),
    ]


def _beyond(case: Case) -> list[str]:
    """Say that the rate is beyond what theory allows, if it is known and so."""
    curvature = case.highest_curvature()
    limit = theory.stability_limit(case.trajectory.experiment.optimizers[case.lane], curvature)
    rate = float(case.rates[-1])
    if not rate > limit:
        return []
    return [
        f"η = {_number(rate)} is beyond the limit of {_number(limit)} at the curvature {_number(curvature)}"
    ]


def _kink_cycle(case: Case) -> list[str]:
    orbit = case.orbit()
    stride = float(np.linalg.norm(np.diff(case.way[-17:], axis=0), axis=-1).max())
    if len(orbit):
        reasons = [f"{_visits(orbit)}{_around(case)}"]
    else:
        reasons = [f"keeps within {_extent(case.way[-33:])}{_around(case)}, without a short period"]
    gap = min((case.distance, *_distances(case, orbit)), default=np.nan)
    slope = float(np.linalg.norm(case.trajectory.gradients[-17:, case.lane], axis=-1).max())
    rate = float(case.rates[-1])
    if np.isclose(stride, rate * slope):
        reasons.append(f"the step η·|g| = {_number(stride)} is longer than the distance {_number(gap)}")
    else:
        reasons.append(
            "the slope changes its sign there without getting smaller, so that the steps do not, either"
        )
    return [*reasons, _halved(case)]


def _cycle(case: Case) -> list[str]:
    orbit, curvature, rate = case.orbit(), case.highest_curvature(), float(case.rates[-1])
    reasons = [f"{_visits(orbit)}{_around(case)}"]
    if np.isfinite(curvature):
        reasons.append(f"the slope changes smoothly here: η·λ = {_number(rate * curvature)}")
    return [*reasons, _halved(case)]


def _halved(case: Case) -> str:
    """Tell what half the rate does from where the run ended; it is really tried."""
    halved = rerun(
        case.trajectory, np.array([case.lane]), factor=0.5, steps=max(96, 4 * case.evidence.tail)
    ).iterates
    before = float(np.ptp(case.way[-17:], axis=0).max())
    after = float(np.ptp(halved[-17:, 0], axis=0).max())
    if after <= 1e-3 * before:
        rest = _point(halved[-1, 0])
        if case.evidence.kinked[case.lane]:
            return f"halving η happens to land exactly on {rest}; otherwise it shrinks the cycle"
        return f"halving η ends it: from there the run comes to rest at {rest}"
    size = f"from {_number(before)} to {_number(after)}"
    period = int(find_cycle(halved, np.array([before]))[0])
    where = f": {_visits(_from_lowest(halved[len(halved) - period :, 0]))}" if period else ""
    return f"halving η {'shrinks the cycle' if after < before else 'does not shrink it:'} {size}{where}"


def _noise_floor(case: Case) -> list[str]:
    tail = case.losses[-case.evidence.tail :]
    reasons = [
        f"the gradients are noisy, and the loss hovers about {_number(tail.mean())} without falling further; "
        f"the lowest is {_number(case.floor)}"
    ]
    falls = rerun(case.trajectory, np.array([case.lane]), factor=0.1, steps=2 * case.evidence.tail).losses[
        :, 0
    ]
    late = float(falls[-case.evidence.tail :].mean())
    if late - case.floor < 0.8 * (tail.mean() - case.floor):
        reasons.append(f"with η/10 from there it falls to {_number(late)}")
    return reasons


def _arrived(case: Case) -> list[str]:
    step = int(case.evidence.arrived_at[case.lane])
    since = "from the start on" if step == 0 else f"from step {step} on"
    return [
        f"{since} at most {ARRIVED:.1%} of the loss to be lost is left; "
        f"it ends at {_point(case.way[-1])} with the loss {_number(case.losses[-1])}"
    ]


def _oscillating(case: Case) -> list[str]:
    errors = case.way[: int(case.evidence.arrived_at[case.lane]) + 3] - case.way[-1]
    changes = int((np.sum(errors[1:] * errors[:-1], axis=-1) < 0).sum())
    return [
        *_arrived(case),
        f"on the way there it changed sides {changes} {'time' if changes == 1 else 'times'}",
    ]


def _escaped(case: Case) -> list[str]:
    worse = float(landscape.worse_basin(case.trajectory.experiment.objective, case.way[:1])[0])
    return [
        f"began at {_point(case.way[0])} in the basin of a minimum of {_number(worse)}, "
        f"and ended in a better one, {_number(case.losses[-1])}",
        *_arrived(case),
    ]


def _saddle(case: Case) -> list[str]:
    curvature = case.trajectory.experiment.objective.hessian(case.way[-1:])
    assert curvature is not None
    eigenvalues = np.linalg.eigvalsh(curvature)[0]
    return [
        f"the gradient at {_point(case.way[-1])} has faded to {_number(case.slope)}",
        f"the curvature there is {_number(eigenvalues[0])} in one direction: the function falls to the side",
    ]


def _local_minimum(case: Case) -> list[str]:
    reasons = [f"rests at {_point(case.way[-1])} with the loss {_number(case.losses[-1])}"]
    best = landscape.lowest_value(case.trajectory.experiment.objective)
    if np.isnan(best):
        return [*reasons, "a minimum, but the function falls lower elsewhere"]
    return [*reasons, f"the best minimum is {_number(best)}, {_number(case.distance)} away"]


def _plateau(case: Case) -> list[str]:
    reasons = [
        f"the gradient is only {_number(case.slope)}, and a step {_number(case.slope * case.rates[-1])}"
    ]
    if np.isfinite(case.distance):
        reasons.append(
            f"the minimum is {_number(case.distance)} away and {_number(case.losses[-1] - case.floor)} lower"
        )
    return reasons


def _stalled(case: Case) -> list[str]:
    moved = float(np.linalg.norm(np.diff(case.way[-max(len(case.way) // 4, 2) :], axis=0), axis=-1).sum())
    left = f", and it is still {_number(case.distance)} away" if np.isfinite(case.distance) else ""
    return [
        f"η fell from {_number(case.rates.max())} to {_number(case.rates[-1])}, but the gradient is still "
        f"{_number(case.slope)}",
        f"the last quarter of the run moved it by {_number(moved)}{left}",
    ]


def _overfitting(case: Case) -> list[str]:
    assert case.trajectory.validation is not None
    unseen = case.trajectory.validation[:, case.lane]
    best = int(unseen.argmin())
    return [
        f"the validation loss was lowest at step {best}: it rose from {_number(unseen[best])} "
        f"to {_number(unseen[-1])}",
        f"meanwhile the training loss went from {_number(case.losses[best])} to {_number(case.losses[-1])}",
    ]


def _validation_plateau(case: Case) -> list[str]:
    lanes = np.array([case.lane])
    before = settled_loss(case.trajectory)[case.lane]
    after = settled_loss(rerun(case.trajectory, lanes, factor=SMALLER, steps=case.evidence.tail))[0]
    return [
        f"the validation loss has gone flat at {_number(before)}",
        f"with η/10 from there it falls to {_number(after)}",
    ]


def _slow(case: Case) -> list[str]:
    if not np.isfinite(case.excess):
        return [
            f"after {case.trajectory.steps} steps the loss has gone from {_number(case.losses[0])} to "
            f"{_number(case.losses[-1])}, and the gradient is still {_number(case.slope)}"
        ]
    reasons = [f"after {case.trajectory.steps} steps {_percent(case.excess)} of the loss to be lost is left"]
    quarter = max(1, case.trajectory.steps // 4)
    ratio = (case.losses[-1] - case.floor) / (case.losses[-1 - quarter] - case.floor)
    if 0 < ratio < 1:
        more = np.log(ARRIVED / case.excess) / np.log(ratio) * quarter
        reasons.append(f"at the pace of the last {quarter} steps it needs about {_number(more, 2)} more")
    return reasons


def _bounded(case: Case) -> list[str]:
    tail = case.losses[-case.evidence.tail - 1 :]
    return [
        f"keeps between {_number(tail.min())} and {_number(tail.max())}, and neither falls nor climbs",
        "the steps do not repeat with any period up to 16",
    ]


_REASONS: Mapping[Regime, Callable[[Case], list[str]]] = {
    Regime.OVERFLOW: _overflow,
    Regime.DIVERGING: _diverging,
    Regime.KINK_CYCLE: _kink_cycle,
    Regime.CYCLE: _cycle,
    Regime.NOISE_FLOOR: _noise_floor,
    Regime.ARRIVED: _arrived,
    Regime.OSCILLATING: _oscillating,
    Regime.ESCAPED: _escaped,
    Regime.SADDLE: _saddle,
    Regime.LOCAL_MINIMUM: _local_minimum,
    Regime.PLATEAU: _plateau,
    Regime.STALLED: _stalled,
    Regime.OVERFITTING: _overfitting,
    Regime.VALIDATION_PLATEAU: _validation_plateau,
    Regime.SLOW: _slow,
    Regime.BOUNDED: _bounded,
}


def _distances(case: Case, orbit: Array) -> list[float]:
    return (
        landscape.distance_to_best(case.trajectory.experiment.objective, orbit).tolist() if len(orbit) else []
    )


def _around(case: Case) -> str:
    places = [m.x for m in case.trajectory.experiment.objective.minima if m.is_global]
    if not places or case.way.shape[1] > 2:
        return ""
    middle = case.way[-32:].mean(axis=0)
    return f" around {_point(min(np.array(places), key=lambda place: float(np.linalg.norm(place - middle))))}"


def _visits(orbit: Array) -> str:
    if len(orbit) == 2:
        return f"alternates {_point(orbit[0])} ↔ {_point(orbit[1])}"
    shown = " → ".join(_point(point) for point in orbit[:8])
    return f"repeats every {len(orbit)} steps: {shown}{' → …' if len(orbit) > 8 else ''}"


def _from_lowest(points: Array) -> Array:
    return np.roll(points, -int(points[:, 0].argmin()), axis=0)


def _extent(points: Array) -> str:
    return f"{_point(points.min(axis=0))} and {_point(points.max(axis=0))}"


def _point(x: Array) -> str:
    if len(x) > 3:
        return f"a point at a distance of {_number(float(np.linalg.norm(x)))} from the origin"
    shown = ", ".join(_number(float(coordinate)) for coordinate in x)
    return shown if len(x) == 1 else f"({shown})"


def _number(value: float, digits: int = 4) -> str:
    return f"{float(value) + 0.0:.{digits}g}"


def _percent(share: float) -> str:
    return f"{share:.3g} times as much as" if share > 10 else f"{100 * share:.3g} %"
