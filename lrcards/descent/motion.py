"""How losses and iterates move: climbing, falling, wavering, alternating, dying out; all lanes at once.

Losses and rates have shape (points, lanes), iterates (points, lanes, d); a result has one entry a lane.
"""

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.objectives import Array

Flags = NDArray[np.bool_]
Counts = NDArray[np.intp]

_BLOCKS = 6


def block_maxima(losses: Array) -> Array:
    """Return the highest losses of six stretches of equal length over the second half of a run; (≤ 6, lanes).

    A run of fewer than twelve steps is looked at whole.
    """
    half = losses[len(losses) // 2 :] if len(losses) > 2 * _BLOCKS else losses
    firsts = np.linspace(0, len(half), min(_BLOCKS, len(half)), endpoint=False).astype(int)
    highest: Array = np.maximum.reduceat(half, firsts, axis=0)
    return highest


def climbs(heights: Array, begin: Array) -> Flags:
    """Return whether block maxima (blocks, lanes) above the floor climb above the begin, without slowing down.

    A bounce that only grows into a cycle grows ever more slowly.
    """
    growth = np.diff(np.log(heights), axis=0)
    if len(growth) < 2:
        return np.zeros(heights.shape[1], dtype=np.bool_)
    keeps_growing: Flags = (growth > 1e-9).all(axis=0) & (growth[-1] > growth[0] / 2)
    return keeps_growing & (heights[-1] > begin)


def is_far_off(heights: Array, begin: Array) -> Flags:
    """Return whether block maxima (blocks, lanes) above the floor have reached 10⁸ times the begin, and stay there."""
    far: Flags = (begin > 0) & (heights[-1] > 1e8 * begin) & (heights[-1] > heights.max(axis=0) / 2)
    return far


def falls(heights: Array, tail: Array) -> Flags:
    """Return whether the loss never goes up in a tail, or its block maxima (blocks, lanes) go down all along."""
    down: Flags = (np.diff(heights, axis=0) < 0).all(axis=0)
    return ~goes_up(tail) | down


def goes_up(losses: Array) -> Flags:
    """Return whether the loss goes up now and then."""
    up: Flags = (np.diff(losses, axis=0) > 0).any(axis=0)
    return up


def rings_down(heights: Array, iterates: Array) -> Flags:
    """Return whether a run swings smoothly, seldom turning back, and the swings of its loss above the floor get less.

    Args:
        heights: losses above the floor, all of the run.
        iterates: the iterates of a tail.
    """
    third = max(len(heights) // 3, 1)
    gets_less = heights[-third:].max(axis=0) < 0.9 * heights[:-third].max(axis=0, initial=0.0)
    steps = np.diff(iterates, axis=0)
    turns = np.einsum("tld,tld->tl", steps[1:], steps[:-1]) < 0
    seldom: Flags = turns.sum(axis=0) <= len(turns) / 4
    return gets_less & seldom


def falls_through_noise(losses: Array, floor: Array) -> Flags:
    """Return whether the means of the last four eighths of a run go down, by more than the loss fluctuates about them."""
    eighths = np.array_split(losses, 8)[4:]
    if len(losses) < 16:
        return losses[-1] < losses[0]
    means = np.array([eighth.mean(axis=0) for eighth in eighths])
    fall = means[0] - means[-1]
    last = eighths[-1]
    fluctuation = np.diff(last, axis=0).std(axis=0)
    return (np.diff(means, axis=0) < 0).all(axis=0) & (
        (fall > 0.2 * (means[0] - floor)) | (fall > 10 * fluctuation)
    )


def is_steady(rates: Array) -> Flags:
    """Return whether the rate stays the same."""
    return np.ptp(rates, axis=0) <= 1e-12 * rates.max(axis=0)


def alternates(iterates: Array) -> Flags:
    """Return whether the last steps contain a part that changes its sign every time, above rounding.

    Third differences bring it out: they multiply an alternating part by 8 and make a slow one vanish.
    """
    rough = np.diff(iterates[-16:], n=3, axis=0)
    if len(rough) < 2:
        return np.zeros(iterates.shape[1], dtype=np.bool_)
    flips = np.sum(rough[1:] * rough[:-1], axis=-1) < 0
    size = np.linalg.norm(rough, axis=-1).max(axis=0)
    return flips.all(axis=0) & (size > 1e-12 * np.abs(iterates[-1]).max(axis=-1))


def overshoots(errors: Array, negligible: float) -> Flags:
    """Return whether errors (points, lanes, d) from the target kept changing sign while they counted.

    A sign that changes at the beginning only belongs to a direction that dies out fast and does not dominate.

    Args:
        errors: iterates less the target.
        negligible: errors below this share of the first do not count.
    """
    agreement = np.einsum("tld,tld->tl", errors[1:], errors[:-1])
    counts = np.abs(agreement) > negligible**2 * np.einsum("ld,ld->l", errors[0], errors[0])
    flips = counts & (agreement < 0)
    total, number = counts.sum(axis=0), flips.sum(axis=0)
    last_flip = len(flips) - np.argmax(flips[::-1], axis=0)
    last_count = len(counts) - np.argmax(counts[::-1], axis=0)
    lasting = (number >= 2) & (2 * last_flip >= last_count)
    return (number > 0) & (lasting | (2 * number >= total))
