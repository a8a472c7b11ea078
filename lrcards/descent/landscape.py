"""What a function looks like around points: the best minimum, basins, bowls, resting points and kinks."""

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.objectives import Array, Objective

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
# A closer look divides this many ways into this many parts.
_CLOSE_WAYS, _PANELS = 4, 8


def lowest_value(objective: Objective) -> float:
    """Return the value of the global minimum, or NaN where none is known."""
    return min((minimum.value for minimum in objective.minima if minimum.is_global), default=np.nan)


def distance_to_best(objective: Objective, points: Array) -> Array:
    """Return how far (lanes,) points (lanes, d) are from the nearest global minimum; NaN if none is known."""
    places = np.array([minimum.x for minimum in objective.minima if minimum.is_global])
    if not len(places):
        return np.full(len(points), np.nan)
    distances: Array = np.linalg.norm(points[:, None] - places, axis=-1).min(axis=1)
    return distances


def nearest_best(objective: Objective, point: Array) -> Array | None:
    """Return the global minimum (d,) that is nearest to a point (d,), ``None`` where none is known."""
    places = [np.array(minimum.x) for minimum in objective.minima if minimum.is_global]
    return min(places, key=lambda place: float(np.linalg.norm(place - point)), default=None)


def worse_basin(objective: Objective, points: Array) -> Array:
    """Return the value (lanes,) of the minimum in whose basin points (lanes, d) lie; NaN if that is global.

    It is the nearest minimum to which the straight way only goes down, or simply the nearest if there is no
    such way: exact in one dimension, up to the sampling of the ways. NaN, too, where no minimum is known.
    """
    if all(minimum.is_global for minimum in objective.minima):
        return np.full(len(points), np.nan)
    places = np.array([minimum.x for minimum in objective.minima])
    ways = places - points[:, None]
    heights = objective.value(points[:, None] + np.linspace(0, 1, 65)[:, None, None, None] * ways)
    rise = np.diff(heights, axis=0).max(axis=0)
    has_way_down = rise <= 1e-9 * np.ptp(heights, axis=0)
    nearest_first = np.lexsort((np.linalg.norm(ways, axis=-1), ~has_way_down), axis=1)
    values = np.array([np.nan if minimum.is_global else minimum.value for minimum in objective.minima])
    return values[nearest_first[:, 0]]


def newton_decrement(objective: Objective, points: Array) -> Array:
    """Return ½gᵀH⁻¹g at points (lanes, d): how far (lanes,) each loss is above the bottom of its fitted bowl.

    NaN where the curvature is unknown, is not positive in every direction, or fades on the way down.
    Source: Boyd & Vandenberghe, Convex Optimization, 9.5.1.
    """
    curvature = objective.hessian(points)
    decrement = np.full(len(points), np.nan)
    if curvature is None:
        return decrement
    eigenvalues, axes = np.linalg.eigh(np.nan_to_num(curvature, posinf=0.0, neginf=0.0))
    is_bowl = eigenvalues[:, 0] > 1e-9 * np.abs(eigenvalues[:, -1])
    along = (objective.gradient(points)[:, None, :] @ axes)[:, 0]
    bottoms = points - (axes @ (along / eigenvalues)[:, :, None])[:, :, 0]
    there = objective.hessian(bottoms)
    assert there is not None
    is_bowl &= (
        np.linalg.eigvalsh(np.nan_to_num(there, posinf=0.0, neginf=0.0))[:, 0] > 0.75 * eigenvalues[:, 0]
    )
    decrement[is_bowl] = 0.5 * (along[is_bowl] ** 2 / eigenvalues[is_bowl]).sum(axis=-1)
    return decrement


def steepest_in_view(objective: Objective) -> float:
    """Return the length of the steepest gradient at 64 points scattered over the view."""
    view = objective.view
    points = np.random.default_rng(0).uniform(view.low, view.high, (64, objective.dimension))
    slopes = np.linalg.norm(objective.gradient(points), axis=-1)
    return float(slopes[np.isfinite(slopes)].max(initial=0.0))


def rest_kinds(objective: Objective, points: Array) -> NDArray[np.str_]:
    """Return what points (lanes, d) with almost no gradient rest at: "saddle", "minimum" or "flat", (lanes,).

    Newton's method goes to the stationary point that each is about to reach, and the signs of the curvature
    there tell a saddle from a minimum. Where the curvature fades on the way, there is none: a plateau.
    """
    first = eigenvalues = np.zeros_like(points)
    for turn in range(6):
        curvature = objective.hessian(points)
        if curvature is None:
            break
        eigenvalues, axes = np.linalg.eigh(np.nan_to_num(curvature, posinf=0.0, neginf=0.0))
        first = eigenvalues if turn == 0 else first
        along = (objective.gradient(points)[:, None, :] @ axes)[:, 0]
        negligible = 1e-9 * np.abs(eigenvalues).max(axis=-1, keepdims=True)
        strides = np.where(np.abs(eigenvalues) > negligible, along / eigenvalues, 0.0)
        points = points - (axes @ strides[:, :, None])[:, :, 0]
    least, most = eigenvalues.min(axis=-1), np.abs(eigenvalues).max(axis=-1)
    is_stationary = (np.abs(eigenvalues - first) <= 0.5 * most[:, None]).all(axis=-1)
    kinds = np.where(least < -1e-6 * most, "saddle", np.where(least > 1e-6 * most, "minimum", "flat"))
    return np.where(is_stationary, kinds, "flat")


def kink_share(objective: Objective, starts: Array, ends: Array) -> Array:
    """Return the share (lanes,) of the gradient's change on some ways that no curvature explains.

    Along a smooth way the change of the gradient is the integral of curvature · direction; what is missing
    jumped at a kink. 0 for a smooth function, 1 for one made of straight pieces. Where much is missing, the
    ways on which most is are looked at more closely: a jump stays, and a wave is explained.

    Args:
        starts, ends: of shape (ways, lanes, d); the ways of a lane are taken together.
    """
    change = objective.gradient(ends) - objective.gradient(starts)
    total = np.sum(change * change, axis=(0, -1))
    missing = _unexplained(objective, starts, ends, change, 1)
    share: Array = missing.sum(axis=0) / np.where(total > 0, total, 1.0)
    lanes = np.flatnonzero(share > 0.1)
    if len(lanes):
        most = np.argsort(-missing[:, lanes], axis=0)[:_CLOSE_WAYS], lanes
        closer = _unexplained(objective, starts[most], ends[most], change[most], _PANELS)
        share[lanes] *= closer.sum(axis=0) / missing[most].sum(axis=0)
    return np.clip(share, 0.0, 1.0)


def _unexplained(objective: Objective, starts: Array, ends: Array, change: Array, panels: int) -> Array:
    """Return what part of the gradient's squared change (ways, lanes) the curvature does not explain.

    Args:
        starts, ends, change: of the ways, (ways, lanes, d).
        panels: the number of parts of each way that are integrated apart.
    """
    way = ends - starts
    explained = np.zeros_like(way)
    for panel in range(panels):
        points = starts + (panel + (_NODES[:, None, None, None] + 1) / 2) / panels * way
        curving = (objective.gradient(points + 1e-6 * way) - objective.gradient(points - 1e-6 * way)) / 2e-6
        explained += np.einsum("n,nwld->wld", _WEIGHTS / (2 * panels), curving)
    unexplained: Array = np.sum((change - explained) * change, axis=-1)
    return unexplained
