"""What a schedule is."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.knobs import check

Array = NDArray[np.float64]


class Schedule(ABC):
    """How the rate changes over a run; a subclass is a frozen dataclass whose fields are its knobs.

    The state is opaque to everyone but its schedule, and immutable.
    """

    name: ClassVar[str]

    def __post_init__(self) -> None:
        check(self)

    @abstractmethod
    def init(self, lanes: int) -> Any:
        """Return the state before the first update."""

    @abstractmethod
    def update(self, state: Any, metric: Array, base: Array) -> Any:
        """Return the state after one more update; the watched loss was ``metric`` (NaN is allowed)."""

    @abstractmethod
    def rate(self, base: Array, state: Any) -> Array:
        """Return the rate in force."""

    @abstractmethod
    def curve(self, base: float, updates: int) -> Array | None:
        """Return the rates after 0, 1, …, ``updates`` updates, shape (updates + 1,).

        ``None`` if they depend on the run.
        """
