"""Verdicts on random bowls, against labels that follow from the iteration matrices and from nothing else.

On ½Σλᵢxᵢ² every axis moves on its own: a 2 × 2 matrix takes (xᵢ, velocity) to the next step. Its eigenvalues
say whether the run converges, how fast, and whether it alternates; its powers say how far it is at the end.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.experiment import Experiment
from lrcards.descent.objectives import Quadratic
from lrcards.descent.optimizers import GradientDescent, Momentum, Nesterov, Optimizer
from lrcards.descent.run import simulate
from lrcards.descent.verdict import Regime, judge

Array = NDArray[np.float64]

COUNT = 600
SEED = 20240607
# The share of the starting loss that counts as arrived; runs that end within this factor of it are left out.
ARRIVAL, MARGIN = 1e-3, 3.0
# A run that is to alternate does so at least this often before it arrives.
CROSSINGS = 3
# An axis with less than this share of the starting loss is not what an expert looks at.
NEGLIGIBLE = 0.01
# Off the exact boundary, the size must change by this factor within the budget for the direction to be seen.
VISIBLE = 1.5


class Bowl(NamedTuple):
    """A run on a bowl; ``marginal`` if its rate is exactly the bound of stability on the steepest axis."""

    optimizer: Optimizer
    curvatures: Array
    start: Array
    rate: float
    steps: int
    marginal: bool

    @property
    def experiment(self) -> Experiment:
        return Experiment(
            objective=Quadratic(tuple(self.curvatures.tolist())),
            optimizer=self.optimizer,
            rates=(self.rate,),
            starts=(tuple(self.start.tolist()),),
            steps=self.steps,
        )


def draw(random: np.random.Generator) -> Bowl:
    """Draw a bowl of 1 to 6 axes over up to 4 decades; a tenth of them at a rate exactly on the bound."""
    kind = random.integers(3)
    beta = float(random.choice([0.5, 0.8, 0.9, 0.95, 0.99]))
    optimizer: Optimizer = [GradientDescent(), Momentum(beta), Nesterov(beta)][kind]
    bound = [2.0, 2 * (1 + beta), 2 * (1 + beta) / (1 + 2 * beta)][kind]
    dimension = int(random.integers(1, 7))
    decades = random.uniform(0, 4)
    curvatures = 10 ** (random.uniform(-2, 2) + decades * random.uniform(-1, 0, size=dimension))
    start = random.normal(size=dimension) * 10 ** random.uniform(-3, 3)
    marginal = random.uniform() < 0.1
    share = 1.0 if marginal else 10 ** random.uniform(-2.5, 0.2)
    steps = int(random.choice([30, 100, 300, 1000]))
    return Bowl(optimizer, curvatures, start, float(bound * share / curvatures.max()), steps, marginal)


def matrices(bowl: Bowl) -> Array:
    """Return what takes (x, b) of each axis to the next step, shape (axes, 2, 2)."""
    step = bowl.rate * bowl.curvatures
    zero, one = np.zeros_like(step), np.ones_like(step)
    if isinstance(bowl.optimizer, Momentum):
        beta = bowl.optimizer.momentum
        rows = [[1 - step, -bowl.rate * beta * one], [bowl.curvatures, beta * one]]
    elif isinstance(bowl.optimizer, Nesterov):
        beta = bowl.optimizer.momentum
        rows = [[1 - (1 + beta) * step, -bowl.rate * beta**2 * one], [bowl.curvatures, beta * one]]
    else:
        rows = [[1 - step, zero], [zero, zero]]
    return np.moveaxis(np.array(rows), -1, 0)


def losses(bowl: Bowl, steps: int) -> tuple[Array, Array]:
    """Return coordinates and losses along each axis, shape (steps + 1, axes), by the matrices alone."""
    step = matrices(bowl)
    state = np.stack([bowl.start, np.zeros_like(bowl.start)], axis=-1)
    states = [state]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            state = (step @ state[:, :, None])[:, :, 0]
            states.append(state)
        x = np.stack(states)[:, :, 0]
        return x, 0.5 * bowl.curvatures * x * x


def label(bowl: Bowl) -> set[Regime] | None:
    """Return the regimes that theory allows, or ``None`` within the margin of a boundary."""
    x, loss = losses(bowl, bowl.steps + _longest_swing(bowl))
    step = matrices(bowl)
    radii = np.abs(np.linalg.eigvals(step)).max(axis=-1)
    if bowl.marginal:
        return _label_marginal(loss[: bowl.steps + 1], radii)
    radius = radii.max()
    if abs(np.log(radius)) * bowl.steps < np.log(VISIBLE):
        return None
    with np.errstate(all="ignore"):
        excess = loss.sum(axis=-1) / loss[0].sum()
    if not np.isfinite(excess[: bowl.steps + 1]).all():
        return {Regime.OVERFLOW}
    if radius > 1:
        return {Regime.DIVERGING} if excess[bowl.steps] > VISIBLE else None
    # Over the half swing that would follow: momentum must not be caught while it flies through the minimum.
    ahead = excess[bowl.steps :].max()
    if ARRIVAL / MARGIN < ahead < ARRIVAL * MARGIN:
        return None
    return {Regime.SLOW} if ahead > ARRIVAL else _label_arrived(x, loss, step)


def _label_marginal(loss: Array, radii: Array) -> set[Regime] | None:
    """Say that a rate on the bound cycles, if the other axes are at rest and it is the cycle that is seen."""
    steepest = int(radii.argmax())
    share = loss / loss[0].sum()
    others = np.delete(share[-24:], steepest, axis=1)
    # Momentum takes until β^t is small to settle into the cycle.
    settled = np.allclose(share[-3, steepest], share[-1, steepest], rtol=1e-3)
    at_rest = others.size == 0 or others.max() < ARRIVAL / MARGIN
    seen = share[-1, steepest] > ARRIVAL * MARGIN
    return {Regime.CYCLE} if settled and at_rest and seen else None


def _label_arrived(x: Array, loss: Array, step: Array) -> set[Regime]:
    """Say how it arrived, where that is clear: by what is left when it does, and what is in the end."""
    excess = loss.sum(axis=-1) / loss[0].sum()
    arrival = int(np.flatnonzero(excess > ARRIVAL)[-1]) + 1
    crossings = (np.diff(np.sign(x[: arrival + 1]), axis=0) != 0).sum(axis=0)
    share = loss[0] / loss[0].sum()
    seen = share > NEGLIGIBLE
    # With real and positive eigenvalues it does not cross out of sight, after the arrival, either.
    is_straight = (np.abs(np.angle(np.linalg.eigvals(step[seen]))) == 0).all()
    if is_straight and crossings[seen].max() == 0:
        return {Regime.ARRIVED}
    radii = np.abs(np.linalg.eigvals(step)).max(axis=-1)
    nearby = loss[max(arrival - 3, 0) : arrival + 1].sum(axis=0)
    left = int(nearby.argmax())
    # If another axis is slower, it may be all that still moves when the budget ends.
    is_clear = nearby[left] > 0.8 * nearby.sum() and left == radii.argmax()
    if is_clear and crossings[left] >= CROSSINGS:
        return {Regime.OSCILLATING}
    return {Regime.ARRIVED, Regime.OSCILLATING}


def _longest_swing(bowl: Bowl) -> int:
    """Return the steps of the longest half swing of any axis, at most the budget."""
    angles = np.abs(np.angle(np.linalg.eigvals(matrices(bowl)))).ravel()
    turning = angles[angles > np.pi / bowl.steps]
    return int(np.ceil(np.pi / turning.min())) if turning.size else 1


def test_random_bowls_are_judged_as_their_spectral_radius_says() -> None:
    random = np.random.default_rng(SEED)
    labels: Counter[str] = Counter()
    misses = []
    while labels.total() < COUNT:
        bowl = draw(random)
        allowed = label(bowl)
        if allowed is None:
            continue
        labels[" or ".join(sorted(allowed))] += 1
        said = judge(simulate(bowl.experiment)).regime
        if said not in allowed:
            misses.append(f"{said.value}, not {' or '.join(sorted(allowed))}: {bowl}")
    print(dict(labels), *misses, sep="\n")
    assert len(misses) <= COUNT // 100
