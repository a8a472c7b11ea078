"""The randomness of a run as a function of seed and step, so that going back and forth repeats it exactly."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_BLOCK = 64
# The first number tells the streams of one seed apart.
_NORMALS, _ROWS = 0, 1


def normals(seed: int, step: int, dimension: int) -> NDArray[np.float64]:
    """Return the standard normal numbers of a step, shape (dimension,)."""
    block: NDArray[np.float64] = _normals(seed, step // _BLOCK, dimension)[step % _BLOCK]
    return block


def minibatch(seed: int, step: int, samples: int, size: int) -> NDArray[np.intp]:
    """Return the samples of a step: every epoch shuffles all of them and deals them out in order.

    The last minibatch of an epoch is smaller if ``size`` does not divide ``samples``.
    """
    epoch, batch = divmod(step, -(-samples // size))
    return _shuffled(seed, epoch, samples)[batch * size : (batch + 1) * size]


@lru_cache(maxsize=128)
def _normals(seed: int, block: int, dimension: int) -> NDArray[np.float64]:
    return np.random.default_rng([_NORMALS, seed, block]).standard_normal((_BLOCK, dimension))


@lru_cache(maxsize=128)
def _shuffled(seed: int, epoch: int, samples: int) -> NDArray[np.intp]:
    return np.random.default_rng([_ROWS, seed, epoch]).permutation(samples)
