"""How the last iterates recur: cycles that close, and the factor by which a linear motion grows."""

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.motion import lengths
from lrcards.descent.objectives import Array

LONGEST_PERIOD = 16
# A motion that grows or shrinks by less a step is taken for one that does neither.
STEADY = 2e-6
_ROUNDING = 16 * float(np.finfo(np.float64).eps)


def find_cycle(tail: Array, extent: Array) -> NDArray[np.intp]:
    """Shortest period from 2 to 16 with which iterates recur, 0 for a lane that does not cycle.

    The points must recur as good as exactly, or within 1 % of the longest step over half the tail while they
    still close in: a slowly shrinking or growing bounce recurs as closely, but its mismatch never gets
    smaller against its steps.

    Args:
        tail: the last iterates (points, lanes, d).
        extent: how far each lane (lanes,) has come in all; a motion negligible against it is no cycle.
    """
    points, lanes = tail.shape[:2]
    period = np.zeros(lanes, dtype=np.intp)
    if points < 3:
        return period
    strides = lengths(np.diff(tail, axis=0))
    longest = strides[-LONGEST_PERIOD:].max(axis=0)
    rounding = _ROUNDING * np.abs(tail[-1]).max(axis=-1)
    asked = np.flatnonzero((longest > 1e-9 * extent) & (longest > 64 * rounding))
    for candidate in range(2, min(LONGEST_PERIOD, max(2, points // 2)) + 1):
        mismatch = lengths(tail[candidate:, asked] - tail[:-candidate, asked])
        late = mismatch[-candidate:].max(axis=0) / strides[-candidate:, asked].max(axis=0)
        early = mismatch[:candidate].max(axis=0) / strides[:candidate, asked].max(axis=0)
        exact = (
            mismatch[-max(candidate + 1, 4) :].max(axis=0)
            <= STEADY * candidate * longest[asked] + rounding[asked]
        )
        close = mismatch[-(points // 2) :].max(axis=0) <= 1e-2 * longest[asked]
        recurs = exact | (close & (late <= 0.7 * early))
        period[asked[recurs]] = candidate
        asked = asked[~recurs]
    return period


def multiplier(tail: Array) -> NDArray[np.complex128]:
    """Factor a step (lanes,) by which the slowest part of a linear motion grows; NaN where it is not linear.

    Fits Δx ← A Δx + B Δx₋₁, which gradient descent, momentum and Nesterov obey on a quadratic, to the last
    iterates (points, lanes, d), and takes the eigenvalue of largest modulus. Source: dynamic mode
    decomposition (Schmid, Journal of Fluid Mechanics 656, 2010).
    """
    points, lanes, dimension = tail.shape
    factors = np.full(lanes, np.nan, dtype=np.complex128)
    if points < 2 * dimension + 5 or dimension > 16:
        return factors
    window = tail[-max(24, 4 * dimension + 8) :]
    steps = np.diff(window, axis=0).swapaxes(0, 1)
    longest = np.abs(steps).max(axis=(1, 2))
    asked = np.flatnonzero(longest > 64 * _ROUNDING * np.abs(window).max(axis=(0, 2)))
    steps = steps[asked] / longest[asked, None, None]
    past = np.concatenate([steps[:, 1:-1], steps[:, :-2]], axis=-1)
    future = steps[:, 2:]
    fitted = np.linalg.pinv(past, rcond=1e-11) @ future
    residual = np.abs(past @ fitted - future).max(axis=(1, 2))
    companion = np.zeros((len(asked), 2 * dimension, 2 * dimension))
    companion[:, :, :dimension] = fitted
    companion[:, :dimension, dimension:] = np.eye(dimension)
    eigenvalues = np.linalg.eigvals(companion)
    largest = np.take_along_axis(eigenvalues, np.abs(eigenvalues).argmax(axis=1)[:, None], axis=1)[:, 0]
    rounding = _ROUNDING * np.abs(window[:, asked]).max(axis=(0, 2)) / longest[asked]
    # Growth along a smooth way would need a falling curvature: what the fit says of it is rounding.
    is_trusted = (residual <= 1e-8 + 16 * rounding) & ((np.abs(largest) < 1) | (largest.real < 0))
    factors[asked] = np.where(is_trusted, largest, np.nan)
    return factors
