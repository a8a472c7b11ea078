"""How losses and iterates move: climbing, falling, wavering, alternating, dying out; all lanes at once.

Losses and rates have shape (points, lanes), iterates (points, lanes, d); a result has one entry a lane.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.objectives import Array

Flags = NDArray[np.bool_]
Counts = NDArray[np.intp]

_STRETCHES = 64


def highest(losses: Array) -> Array:
    """Return the highest losses of at most 64 stretches of equal length and of the rest, (stretches, lanes).

    One pass over a run that all measures of its heights can rest on.
    """
    length = _stretch(len(losses))
    whole = len(losses) // length * length
    maxima = losses[:whole].reshape(-1, length, losses.shape[1]).max(axis=1)
    return maxima if whole == len(losses) else np.vstack([maxima, losses[whole:].max(axis=0)])


def last_above(losses: Array, maxima: Array, limit: Array) -> Counts:
    """Return the last step (lanes,) at which the loss is above a limit (lanes,), -1 where it never is."""
    length, lanes = _stretch(len(losses)), np.arange(len(limit))
    stretch = len(maxima) - 1 - np.argmax(maxima[::-1] > limit, axis=0)
    steps = np.minimum(stretch * length + np.arange(length)[:, None], len(losses) - 1)
    is_above = losses[steps, lanes] > limit
    latest = steps[length - 1 - np.argmax(is_above[::-1], axis=0), lanes]
    found: Counts = np.where(is_above.any(axis=0), latest, -1)
    return found


def _stretch(points: int) -> int:
    return -(-points // _STRETCHES)


def second_half(maxima: Array) -> Array:
    """Return the maxima of six parts of the second half of a run, or of all of a short one; (≤ 6, lanes)."""
    half = maxima[len(maxima) // 2 :] if len(maxima) > 12 else maxima
    begins = np.linspace(0, len(half), min(6, len(half)), endpoint=False).astype(int)
    parts: Array = np.maximum.reduceat(half, begins, axis=0)
    return parts


def climbs(heights: Array, begin: Array) -> Flags:
    """Return whether maxima (parts, lanes) above the floor climb above the begin, without slowing down.

    A bounce that only grows into a cycle grows ever more slowly.
    """
    growth = np.diff(np.log(heights), axis=0)
    if not len(growth):
        return np.zeros(heights.shape[1], dtype=np.bool_)
    keeps_growing = (growth > 1e-9).all(axis=0) & (growth[-1] > growth[0] / 2)
    climbing: Flags = keeps_growing & (heights[-1] > begin)
    return climbing


def rises(heights: Array, begin: Array) -> Flags:
    """Return whether maxima (parts, lanes) above the floor climb, or end above the begin and have doubled."""
    rising: Flags = (heights[-1] > np.maximum(begin, 2 * heights[0])) | climbs(heights, begin)
    return rising


def goes_up(losses: Array) -> Flags:
    """Return whether the loss goes up now and then."""
    up: Flags = np.any(losses[1:] > losses[:-1], axis=0)
    return up


def rings_down(heights: Array, iterates: Array) -> Flags:
    """Return whether a run swings smoothly, seldom turning back, and its swings get less.

    Args:
        heights: maxima above the floor over all of the run, (stretches, lanes).
        iterates: the iterates of a tail.
    """
    third = max(len(heights) // 3, 1)
    gets_less = heights[-third:].max(axis=0) < 0.9 * heights[:-third].max(axis=0, initial=0.0)
    turns = dots(np.diff(iterates, axis=0)) < 0
    ringing: Flags = gets_less & (turns.sum(axis=0) <= len(turns) / 4)
    return ringing


def dots(vectors: Array) -> Array:
    """Return the products (points − 1, lanes) of vectors (points, lanes, d) with their successors."""
    if vectors.shape[-1] == 1:
        return vectors[1:, :, 0] * vectors[:-1, :, 0]
    products: Array = np.einsum("tld,tld->tl", vectors[1:], vectors[:-1])
    return products


def lengths(vectors: Array) -> Array:
    """Return the lengths of vectors (…, d)."""
    if vectors.shape[-1] == 1:
        return np.abs(vectors[..., 0])
    sizes: Array = np.sqrt(np.einsum("...d,...d->...", vectors, vectors))
    return sizes


def longest_step(iterates: Array) -> Array:
    """Return the length (lanes,) of the longest of the last 16 steps."""
    longest: Array = lengths(np.diff(iterates[-17:], axis=0)).max(axis=0)
    return longest


def falls_through_noise(losses: Array, floor: Array) -> Flags:
    """Return whether the means of the last six eighths of a run go down, by more than the loss fluctuates.

    A fall by a fifth of the height above the floor (lanes,) counts as well, if it is four times its standard
    error. At a noise floor the means come in any order, of which this is one in 720.
    """
    if len(losses) < 16:
        return np.asarray(losses[-1] < losses[0])
    eighths = np.array_split(losses, 8)[2:]
    means = np.array([eighth.mean(axis=0) for eighth in eighths])
    fall = means[0] - means[-1]
    fluctuation = np.diff(eighths[-1], axis=0).std(axis=0)
    is_much = (fall > 0.2 * (means[0] - floor)) & (fall > 4 * _error_of_difference(eighths))
    falling: Flags = (is_much | (fall > 10 * fluctuation)) & (np.diff(means, axis=0) < 0).all(axis=0)
    return falling


def _error_of_difference(parts: Sequence[Array]) -> Array:
    """Return the standard error (lanes,) of the difference of two parts' means, from means within the parts.

    Means of blocks, and not single losses, because noise takes some steps to be forgotten.
    """
    blocks = min(4, *map(len, parts))
    means = np.array([[block.mean(axis=0) for block in np.array_split(part, blocks)] for part in parts])
    error: Array = np.sqrt(2 * means.var(axis=1, ddof=1).mean(axis=0) / blocks)
    return error


def is_steady(rates: Array) -> Flags:
    """Return whether the rate stays the same."""
    return np.asarray(np.ptp(rates, axis=0) <= 1e-12 * rates.max(axis=0))


def returns(iterates: Array) -> Flags:
    """Return whether the way from the first to the last of some iterates is at most half of their path."""
    path = lengths(np.diff(iterates, axis=0)).sum(axis=0)
    back: Flags = lengths(iterates[-1] - iterates[0]) <= path / 2
    return back


def keeps_moving(iterates: Array, extent: Array) -> Flags:
    """Return whether steps are as long in the second half of a tail as half of the longest in the first.

    Steps that are negligible against the extent (lanes,) of all the motion do not count.
    """
    strides = lengths(np.diff(iterates, axis=0))
    half = len(strides) // 2
    if half < 2:
        return np.zeros(iterates.shape[1], dtype=np.bool_)
    late: Array = strides[half:].max(axis=0)
    moves: Flags = (late >= strides[:half].max(axis=0) / 2) & (late > 1e-9 * extent)
    return moves & returns(iterates[half:])


def alternates(iterates: Array) -> Flags:
    """Return whether the last steps contain a part that changes its sign every time, above rounding.

    Third differences bring it out: they multiply an alternating part by 8 and make a slow one vanish.
    """
    rough = np.diff(iterates[-16:], n=3, axis=0)
    if len(rough) < 2:
        return np.zeros(iterates.shape[1], dtype=np.bool_)
    counts = lengths(rough).max(axis=0) > 1e-12 * np.abs(iterates[-1]).max(axis=-1)
    alternating: Flags = counts & (dots(rough) < 0).all(axis=0)
    return alternating


def instants(points: int) -> Counts:
    """Return about a hundred steps of a run, close together at first and an odd number apart.

    An error that alternates has another sign at each of them, and one that keeps its sign has not.
    """
    steps = [0]
    while steps[-1] < points - 1:
        steps.append(steps[-1] + 1 + 2 * (steps[-1] // 32))
    return np.array(steps[:-1] if steps[-1] >= points else steps)


def overshoots(errors: Array, counting: Flags) -> Flags:
    """Return whether errors from the target kept changing sign while they counted.

    A sign that changes at the beginning only belongs to a direction that dies out fast and does not dominate.

    Args:
        errors: iterates less the target at `instants`, (instants, lanes, d).
        counting: which of the instants count, (instants, lanes).
    """
    counts = counting[1:]
    flips = counts & (dots(errors) < 0)
    total, number = counts.sum(axis=0), flips.sum(axis=0)
    last_flip = len(flips) - np.argmax(flips[::-1], axis=0)
    last_count = len(counts) - np.argmax(counts[::-1], axis=0)
    lasting = (number >= 2) & (2 * last_flip >= last_count)
    overshooting: Flags = (number > 0) & (lasting | (2 * number >= total))
    return overshooting
