"""The schedule that answers to the loss: reduce on plateau."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.errors import SpecError
from lrcards.descent.knobs import Knob
from lrcards.descent.schedules.schedule import Array, Schedule


class PlateauState(NamedTuple):
    """What each lane remembers, shape (lanes,).

    Attributes:
        best: the lowest loss so far that counted as an improvement; inf before the first.
        bad: updates without improvement since the last improvement, reduction or cooldown.
        cooling: updates for which bad ones are not yet counted again.
        scale: the rate over the base: the product of the reductions so far.
    """

    best: Array
    bad: NDArray[np.int64]
    cooling: NDArray[np.int64]
    scale: Array


@dataclass(frozen=True)
class ReduceOnPlateau(Schedule):
    """Multiply the rate by a factor once the loss has not improved for more than ``patience`` updates.

    ``ReduceLROnPlateau`` with ``mode="min"``. A loss improves only if it is below best·(1 − threshold), or
    below best − threshold if ``threshold_mode`` is ``abs``: an equal one does not, and neither does
    NaN, which leaves ``best`` alone. The reduction comes with bad update number patience + 1 (Keras and
    Optax: patience). It is skipped if it would lower the rate by no more than ``epsilon``. Each lane
    decides for itself.

    For a negative best, PyTorch's relative test takes a loss that got worse for an improvement; here the
    relative margin is threshold·|best|, so that an improvement is always a lower loss.
    """

    name = "plateau"

    factor: Annotated[float, Knob("what the rate is multiplied by each time", above=0, below=1)] = 0.1
    patience: Annotated[int, Knob("bad updates that are borne; one more reduces the rate", at_least=0)] = 10
    threshold: Annotated[float, Knob("how much lower the loss must be to count", at_least=0)] = 1e-4
    threshold_mode: Annotated[
        str, Knob("threshold is a share of the best loss (below 1), or an amount", choices=("rel", "abs"))
    ] = "rel"
    cooldown: Annotated[
        int, Knob("updates after a reduction during which none counts as bad", at_least=0, at_most=1e9)
    ] = 0
    minimum: Annotated[float, Knob("rate below which no reduction goes", at_least=0)] = 0.0
    epsilon: Annotated[float, Knob("smallest reduction that is carried out", at_least=0)] = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.threshold_mode == "rel" and self.threshold >= 1:
            raise SpecError(f"plateau: a relative threshold must be below 1, not {self.threshold!r}")

    def init(self, lanes: int) -> PlateauState:
        """Start with no best loss and the whole rate."""
        none = np.zeros(lanes, dtype=np.int64)
        return PlateauState(np.full(lanes, np.inf), none, none, np.ones(lanes))

    def update(self, state: PlateauState, metric: Array, base: Array) -> PlateauState:
        """Judge one more loss, and reduce the rate of the lanes whose patience is over."""
        better = metric < self._bar(state.best)
        best = np.where(better, metric, state.best)
        bad = np.where(better | (state.cooling > 0), 0, state.bad + 1)
        cooling = np.maximum(state.cooling - 1, 0)
        over = bad > self.patience
        if not over.any():
            return PlateauState(best, bad, cooling, state.scale)
        old = base * state.scale
        new = np.maximum(old * self.factor, self.minimum)
        scale = np.where(over & (old - new > self.epsilon), new / base, state.scale)
        return PlateauState(best, np.where(over, 0, bad), np.where(over, self.cooldown, cooling), scale)

    def rate(self, base: Array, state: PlateauState) -> Array:
        """Return the base times the reductions so far."""
        return base * state.scale

    def curve(self, base: float, updates: int) -> None:
        """Return ``None``: the rate answers to the loss."""
        del base, updates

    def _bar(self, best: Array) -> Array:
        if self.threshold_mode == "abs":
            return best - self.threshold
        return np.where(best < 0, best * (1 + self.threshold), best * (1 - self.threshold))
