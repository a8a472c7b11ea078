"""Finds the minima of a function of one or two variables numerically: a scan, then refinement."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.algebra import Program
from lrcards.descent.objectives import Array

# The scan looks at the near box first; only if nothing lies there are the minima of the far one taken.
NEAR, FAR = 10.0, 1000.0
_POINTS_PER_AXIS = {1: 2001, 2: 101}
_MAX_CANDIDATES = 24


def find_minima(value: Program, gradient: Program, hessian: Program) -> tuple[Array, float]:
    """Look for local minima of a function with one output within [-10, 10] on each axis, else [-1000, 1000].

    A minimum narrower than the scan's spacing can be missed. Poles and edges of the domain to which the
    function falls without bound are not minima.

    Args:
        value, gradient, hessian: with 1, d and d·d outputs at points of dimension d (1 or 2).

    Returns:
        The points (k, d), lowest first, and the lowest value of everything that was looked at: a minimum
        with this value may be called global.
    """
    with np.errstate(all="ignore"):
        return _find_minima(value, gradient, hessian)


def _find_minima(value: Program, gradient: Program, hessian: Program) -> tuple[Array, float]:
    near, near_values = _scan(value, NEAR)
    far, far_values = _scan(value, FAR)
    points = _refined(value, gradient, hessian, near, near_values)
    if not len(points):
        points = _refined(value, gradient, hessian, far, far_values)
        # Out there a floor that is flat to the last digit is the tail of something like exp(-x**2).
        points = points[_rise_around(value, points, _spacing(far)) > 0]
    looked_at = (near_values, far_values, _value(value, points))
    return points, min(float(values.min(initial=np.inf)) for values in looked_at)


def _scan(value: Program, reach: float) -> tuple[Array, Array]:
    axis = np.linspace(-reach, reach, _POINTS_PER_AXIS[value.dimension])
    grid = np.stack(np.meshgrid(*[axis] * value.dimension, indexing="ij"), axis=-1)
    return grid, _value(value, grid)


def _value(value: Program, points: Array) -> Array:
    """Values with everything that is not finite as +inf: nowhere that a minimum could be."""
    values = value.run(points)[..., 0]
    finite: Array = np.where(np.isfinite(values), values, np.inf)
    return finite


def _spacing(grid: Array) -> float:
    return float(grid.flat[-1] - grid.flat[0]) / (len(grid) - 1)


def _refined(value: Program, gradient: Program, hessian: Program, grid: Array, values: Array) -> Array:
    candidates = _candidates(grid, values)
    points = _damped_newton(value, gradient, hessian, candidates)
    points = _compass_search(value, points, _spacing(grid))
    points = _rounded(value, points)
    depths = _value(value, points)
    rise = _rise_around(value, points, 1e-6 * (1 + np.abs(points).max(axis=-1, initial=0)))
    is_minimum = np.isfinite(rise) & (rise >= -1e-12 * (1 + np.abs(depths)))
    is_minimum &= _falls_gently(value, gradient, candidates, points)
    points = points[is_minimum]
    distinct: list[int] = []
    for index in np.argsort(depths[is_minimum], kind="stable"):
        if all(_is_apart(value, points[index], points[other], _spacing(grid)) for other in distinct):
            distinct.append(int(index))
    return points[distinct]


def _is_apart(value: Program, point: Array, other: Array, spacing: float) -> bool:
    """Tell two minima from one that was found twice, and from two points of one level valley."""
    if np.abs(point - other).max() < spacing / 2:
        return False
    depth, toward = _value(value, np.stack([point, point + 0.1 * (other - point)]))
    return bool(toward > depth + 1e-9 * (1 + abs(depth)))


def _candidates(grid: Array, values: Array) -> Array:
    """Inner points of the scan (k, d) that no neighbour is below and some neighbour is above.

    The lowest come first, and of equally low ones the nearest to 0.
    """
    dimension = grid.shape[-1]
    last = len(grid) - 1
    inner = values[(slice(1, -1),) * dimension]
    around = np.stack(
        [values[tuple(slice(1 + by, last + by) for by in shift)] for shift in _directions(dimension)]
    )
    is_candidate = (inner <= around).all(axis=0) & (inner < around).any(axis=0)
    points: Array = grid[(slice(1, -1),) * dimension][is_candidate]
    order = np.lexsort((np.abs(points).sum(axis=-1), inner[is_candidate]))
    return points[order][:_MAX_CANDIDATES]


def _directions(dimension: int) -> list[tuple[int, ...]]:
    return [shift for shift in product((-1, 0, 1), repeat=dimension) if any(shift)]


def _damped_newton(
    value: Program, gradient: Program, hessian: Program, points: Array, steps: int = 30
) -> Array:
    """Newton steps with |eigenvalue| + damping for the curvature; only those that do not go up are taken."""
    dimension = points.shape[-1]
    values = _value(value, points)
    damping = np.full(len(points), 1e-3)
    for _ in range(steps):
        slope = np.nan_to_num(gradient.run(points), posinf=0, neginf=0)
        curvature = np.nan_to_num(hessian.run(points), posinf=0, neginf=0).clip(-1e100, 1e100)
        eigenvalues, axes = np.linalg.eigh(curvature.reshape(-1, dimension, dimension))
        along = (slope[:, None, :] @ axes)[:, 0, :] / (np.abs(eigenvalues) + damping[:, None])
        trial = points - (axes @ along[:, :, None])[:, :, 0]
        trial_values = _value(value, trial)
        better = trial_values <= values
        points = np.where(better[:, None], trial, points)
        values = np.where(better, trial_values, values)
        damping = np.where(better, damping / 10, damping * 10).clip(1e-12, 1e12)
    return points


def _compass_search(value: Program, points: Array, spacing: float, steps: int = 50) -> Array:
    """Move to the lowest neighbour or else halve the distance to them; finds a kink, where Newton cannot."""
    directions = np.array([(0,) * points.shape[-1], *_directions(points.shape[-1])], dtype=np.float64)
    distance = np.full(len(points), spacing)
    for _ in range(steps):
        trial = points[:, None, :] + distance[:, None, None] * directions
        best = _value(value, trial).argmin(axis=1)
        points = trial[np.arange(len(points)), best]
        distance = np.where(best == 0, distance / 2, distance)
    return points


def _rounded(value: Program, points: Array) -> Array:
    """Replace 18.9999999998 by 19 where that is not higher."""
    rounded = points.round(6) + 0.0
    is_near = np.abs(points - rounded).max(axis=-1, initial=0) <= 1e-8
    is_better = is_near & (_value(value, rounded) <= _value(value, points))
    return np.where(is_better[:, None], rounded, points)


def _rise_around(value: Program, points: Array, radius: Array | float) -> Array:
    """How much higher than a point the lowest of its neighbours at a radius is."""
    directions = np.array(_directions(points.shape[-1]), dtype=np.float64)
    around = points[:, None, :] + np.reshape(radius, (-1, 1, 1)) * directions
    lowest: Array = _value(value, around).min(axis=1)
    return lowest - _value(value, points)


def _falls_gently(value: Program, gradient: Program, candidates: Array, points: Array) -> NDArray[np.bool_]:
    """Tell a minimum from a pole: down to a minimum a function falls no faster than it began to."""
    drop = _value(value, candidates) - _value(value, points)
    slope = np.abs(gradient.run(candidates)).sum(axis=-1)
    distance = np.abs(points - candidates).max(axis=-1, initial=0)
    # Where the slope is not finite nothing can be said against the point.
    is_too_deep: NDArray[np.bool_] = drop > 4 * slope * distance + 1e-9
    return ~is_too_deep
