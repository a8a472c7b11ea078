"""One schedule after the other."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import numpy as np

from lrcards.descent.errors import SpecError
from lrcards.descent.knobs import Knob
from lrcards.descent.schedules.schedule import Array, Schedule


class ChainState(NamedTuple):
    """The number of updates so far, and the state of the schedule that is in force."""

    updates: int
    current: Any


@dataclass(frozen=True)
class Chain(Schedule):
    """One schedule after the other: each takes over at its milestone, and begins there (``SequentialLR``).

    Every schedule counts from its own milestone and scales the same base; where the one before it ended
    does not matter. A loss is seen by the schedule in force only, and not at the update at which the next
    one takes over.
    """

    name = "chain"

    schedules: tuple[Schedule, ...]
    milestones: Annotated[
        tuple[int, ...], Knob("the updates at which the next schedule takes over", at_least=1)
    ]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not _are_schedules(self.schedules) or len(self.schedules) < 2:
            raise SpecError(f"chain: schedules must be two schedules or more, not {self.schedules!r}")
        if len(self.milestones) != len(self.schedules) - 1:
            raise SpecError(
                f"chain: {len(self.schedules)} schedules need {len(self.schedules) - 1} milestones, "
                f"one between each two, not {len(self.milestones)}"
            )

    def init(self, lanes: int) -> ChainState:
        """Start with the first schedule."""
        return ChainState(0, self.schedules[0].init(lanes))

    def update(self, state: ChainState, metric: Array, base: Array) -> ChainState:
        """Count one more, in the schedule in force or into the next one."""
        updates = state.updates + 1
        if updates in self.milestones:
            return ChainState(updates, self._at(updates).init(len(base)))
        return ChainState(updates, self._at(updates).update(state.current, metric, base))

    def rate(self, base: Array, state: ChainState) -> Array:
        """Return the rate of the schedule in force."""
        return self._at(state.updates).rate(base, state.current)

    def curve(self, base: float, updates: int) -> Array | None:
        """Return the schedules' curves, each cut where the next takes over; ``None`` if one has none."""
        bounds = [0, *(min(milestone, updates + 1) for milestone in self.milestones), updates + 1]
        curves = []
        for schedule, (start, end) in zip(self.schedules, pairwise(bounds), strict=True):
            curve = schedule.curve(base, max(end - start - 1, 0))
            if curve is None:
                return None
            curves.append(curve[: end - start])
        return np.concatenate(curves)

    def _at(self, updates: int) -> Schedule:
        return self.schedules[bisect_right(self.milestones, updates)]


def _are_schedules(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Schedule) for each in value)
