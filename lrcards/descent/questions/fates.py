"""Questions about what becomes of a run: its regime, which lane is first or lowest, a drop of the rate."""

from collections.abc import Mapping

import numpy as np

from lrcards.descent.arrival import ARRIVED
from lrcards.descent.experiment import Experiment
from lrcards.descent.objectives import AbsoluteDeviations, Array, Quadratic
from lrcards.descent.optimizers import GradientDescent
from lrcards.descent.questions.question import MOST_CHOICES, Question, Subject, number
from lrcards.descent.regimes import Regime
from lrcards.descent.schedules import Constant
from lrcards.descent.theory import stability_limit
from lrcards.descent.trajectory import Trajectory
from lrcards.descent.trials import rerun

# Two losses of which neither is this many times the other are too near to each other to ask which is lower.
_CLEAR = 1.25
# Two losses this near to each other are the same.
_SAME = 1.05
# A share of the loss to be lost below which none is left.
_NOTHING = 1e-6
# Where the end is nearer than this factor to what counts as arrival, nobody can be expected to tell.
_NEAR_ARRIVAL = 2.0

_DOES: Mapping[Regime, str] = {
    Regime.SLOW: "creeps, and runs out of steps on the way",
    Regime.STALLED: "comes to a halt on the way, as η dies away",
    Regime.PLATEAU: "hardly moves, as there is almost no slope",
    Regime.SADDLE: "comes to rest at a saddle",
    Regime.ARRIVED: "goes to the minimum from one side",
    Regime.OSCILLATING: "jumps from side to side, and arrives",
    Regime.LOCAL_MINIMUM: "settles in a minimum that is not the best",
    Regime.ESCAPED: "leaves its valley for the best minimum",
    Regime.OVERFITTING: "overfits: the validation loss rises again",
    Regime.VALIDATION_PLATEAU: "goes flat, though a smaller η would fall on",
    Regime.NOISE_FLOOR: "falls, then rattles about in the noise",
    Regime.CYCLE: "cycles for ever between the same points",
    Regime.KINK_CYCLE: "bounces across the kink for ever",
    Regime.BOUNDED: "jumps about for ever without a pattern",
    Regime.DIVERGING: "diverges",
}
"""What a run does, in the order in which choices are offered: from too timid to too bold."""

_COMMON = (Regime.SLOW, Regime.ARRIVED, Regime.OSCILLATING, Regime.DIVERGING)
_CYCLES = (Regime.CYCLE, Regime.KINK_CYCLE)


def regime(subject: Subject) -> Question | None:
    """Ask what the one run of an experiment will do."""
    truth, excess = subject.regime, float(subject.judgement.evidence.excess[0])
    is_near = ARRIVED / _NEAR_ARRIVAL < excess < ARRIVED * _NEAR_ARRIVAL
    if not subject.is_single or (is_near and truth is not Regime.DIVERGING):
        return None
    common = subject.random.sample(_COMMON, len(_COMMON))
    wrong = [regime for regime in (*_peculiar(subject.experiment), *common) if regime is not truth]
    offered = {truth, *wrong[: MOST_CHOICES - 1]}
    regimes = [regime for regime in _DOES if regime in offered]
    return Question(
        "regime",
        "What will this run do?",
        tuple(_DOES[regime] for regime in regimes),
        regimes.index(truth),
        _with_theory(subject),
    )


def _peculiar(experiment: Experiment) -> list[Regime]:
    """Return what someone could believe of this experiment and not of every other."""
    peculiar = []
    if any(not minimum.is_global for minimum in experiment.objective.minima):
        peculiar += [Regime.LOCAL_MINIMUM, Regime.ESCAPED]
    if experiment.noise > 0 or experiment.batch_size is not None:
        peculiar.append(Regime.NOISE_FLOOR)
    elif isinstance(experiment.objective, AbsoluteDeviations):
        peculiar.append(Regime.KINK_CYCLE)
    else:
        peculiar.append(Regime.CYCLE)
    if not isinstance(experiment.schedules[0], Constant):
        peculiar.append(Regime.STALLED)
    return peculiar


def converges(subject: Subject) -> Question | None:
    """Ask whether the one run of an experiment converges; the budget must be enough to tell."""
    fates = {
        Regime.ARRIVED: 0,
        Regime.OSCILLATING: 0,
        Regime.ESCAPED: 0,
        Regime.CYCLE: 1,
        Regime.KINK_CYCLE: 1,
        Regime.BOUNDED: 1,
        Regime.NOISE_FLOOR: 1,
        Regime.DIVERGING: 2,
    }
    if not subject.is_single or subject.regime not in fates:
        return None
    return Question(
        "converges",
        "Does this run converge?",
        ("it converges", "it neither settles nor leaves", "it diverges"),
        fates[subject.regime],
        _with_theory(subject),
    )


def _with_theory(subject: Subject) -> str:
    """Return why the one run is in its regime, beginning with what theory says of a bowl in one dimension."""
    experiment, objective = subject.experiment, subject.experiment.objective
    if not (isinstance(objective, Quadratic) and objective.dimension == 1):
        return subject.reasons
    rate, curvature, optimizer = experiment.rates[0], objective.curvatures[0], experiment.optimizers[0]
    limit = stability_limit(optimizer, curvature)
    if not isinstance(experiment.schedules[0], Constant) or np.isnan(limit):
        return subject.reasons
    if isinstance(optimizer, GradientDescent):
        theory = f"each step multiplies the distance by 1 − η·λ = {number(1 - rate * curvature)}"
    else:
        theory = f"{optimizer.name} is stable here below η = {number(limit)}"
    return f"{theory}; {subject.reasons}"


def first(subject: Subject) -> Question | None:
    """Ask which lane arrives first; one of them must."""
    judgement = subject.judgement
    arrivals = {
        lane: int(step)
        for lane, step in enumerate(judgement.evidence.arrived_at)
        if step >= 0 and judgement.regimes[lane] not in _CYCLES
    }
    ranked = sorted(arrivals, key=lambda lane: arrivals[lane])
    if not ranked or (len(ranked) > 1 and arrivals[ranked[0]] == arrivals[ranked[1]]):
        return None
    because = [f"{subject.labels[lane]} arrives at step {arrivals[lane]}" for lane in ranked]
    because += [
        f"{subject.labels[lane]}: {judgement.regimes[lane].caption}"
        for lane in range(subject.experiment.lanes)
        if lane not in arrivals
    ]
    return _between_lanes(subject, "first", "Which arrives first?", ranked[0], "; ".join(because))


def lowest(subject: Subject) -> Question | None:
    """Ask which lane ends with the lowest loss, on average over the last quarter of the run."""
    losses = _levels(subject.trajectory)
    left = _shares_left(subject, losses)
    ranked = np.argsort(left).tolist()
    if subject.is_single or not left[ranked[0]] * _CLEAR < left[ranked[1]]:
        return None
    because = "; ".join(f"{subject.labels[lane]} ends at {number(losses[lane])}" for lane in ranked)
    prompt = f"After {subject.experiment.steps} steps, which has the lowest loss?"
    return _between_lanes(subject, "lowest", prompt, ranked[0], because)


def _between_lanes(subject: Subject, kind: str, prompt: str, truth: int, because: str) -> Question | None:
    """Return a question whose choices are lanes; ``None`` if they have not all names of their own."""
    labels = subject.labels
    if subject.is_single or len(set(labels)) < len(labels):
        return None
    others = [lane for lane in range(len(labels)) if lane != truth]
    offered = sorted([truth, *subject.random.sample(others, min(len(others), MOST_CHOICES - 1))])
    return Question(kind, prompt, tuple(labels[lane] for lane in offered), offered.index(truth), because)


def drop(subject: Subject) -> Question | None:
    """Ask what the loss of the first lane does when its rate drops to a tenth at the end; it is tried."""
    trajectory = subject.trajectory
    if subject.regime is Regime.DIVERGING:
        return None
    lane, steps = np.array([0]), trajectory.steps
    tried = [rerun(trajectory, lane, factor=factor, steps=steps) for factor in (1.0, 0.1)]
    levels = np.array([_levels(run)[0] for run in (trajectory, *tried)])
    before, same, dropped = _shares_left(subject, levels)
    if dropped * _CLEAR < min(before, same):
        truth = 0
    elif same * _CLEAR < min(before, dropped):
        truth = 1
    elif max(before, same, dropped) < _SAME * min(before, same, dropped):
        truth = 2
    elif dropped > _CLEAR * max(before, same):
        truth = 3
    else:  # too near to tell, or nothing to lose
        return None
    of = "" if subject.is_single else f" of {subject.labels[0]}"
    shown = [number(level) for level in levels]
    return Question(
        "drop",
        f"At the end of this run η drops to a tenth. What does the loss{of} do?",
        ("it falls, to a lower level", "it falls on, only more slowly", "nothing changes", "it rises"),
        truth,
        f"it was tried: from a loss of about {shown[0]}, {steps} steps lead to about {shown[2]} "
        f"with η/10, and to {shown[1]} with the same η",
    )


def _levels(trajectory: Trajectory) -> Array:
    """Return the mean loss of each lane over the last quarter of a run."""
    levels: Array = trajectory.losses[-max(1, trajectory.steps // 4) :].mean(axis=0)
    return levels


def _shares_left(subject: Subject, losses: Array) -> Array:
    """Return how much losses leave of what the first lane had to lose; NaN if that was nothing."""
    floor = subject.judgement.evidence.floor[0]
    shares: Array = np.maximum((losses - floor) / (subject.trajectory.losses[0, 0] - floor), _NOTHING)
    return shares
