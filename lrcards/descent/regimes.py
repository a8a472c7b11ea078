"""The regimes that a run can end in, each with a short caption and what it means."""

from collections.abc import Mapping
from enum import StrEnum


class Regime(StrEnum):
    """What an expert would call a run; the value is its name in data."""

    OVERFLOW = "overflow"
    DIVERGING = "diverging"
    KINK_CYCLE = "kink-cycle"
    CYCLE = "cycle"
    NOISE_FLOOR = "noise-floor"
    ARRIVED = "arrived"
    OSCILLATING = "oscillating"
    ESCAPED = "escaped"
    SADDLE = "saddle"
    LOCAL_MINIMUM = "local-minimum"
    PLATEAU = "plateau"
    STALLED = "stalled"
    OVERFITTING = "overfitting"
    VALIDATION_PLATEAU = "validation-plateau"
    SLOW = "slow"
    BOUNDED = "bounded"

    @property
    def caption(self) -> str:
        """A few words for a screen."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """One sentence on what it means."""
        return _WORDS[self][1]


_WORDS: Mapping[Regime, tuple[str, str]] = {
    Regime.OVERFLOW: ("overflow", "The numbers left the range of floating point."),
    Regime.DIVERGING: ("diverging", "Every bounce or step is longer than the last, and the loss climbs."),
    Regime.KINK_CYCLE: (
        "bouncing at a kink",
        "The slope flips sign without shrinking, so the step never shrinks.",
    ),
    Regime.CYCLE: ("cycling", "The same few points recur for ever around a smooth minimum."),
    Regime.NOISE_FLOOR: (
        "noise floor",
        "The noise of the gradient keeps the loss up; only a smaller rate lowers it.",
    ),
    Regime.ARRIVED: ("arrived", "At the minimum, from one side."),
    Regime.OSCILLATING: ("arrived, oscillating", "At the minimum, after overshooting it again and again."),
    Regime.ESCAPED: ("escaped", "At the best minimum, although the start lay in the basin of a worse one."),
    Regime.SADDLE: ("stuck at a saddle", "The gradient is gone where the function still falls to the side."),
    Regime.LOCAL_MINIMUM: ("local minimum", "Settled in a minimum that is not the best one."),
    Regime.PLATEAU: ("on a plateau", "The gradient is almost gone although the minimum is far away."),
    Regime.STALLED: ("stalled", "The schedule has shrunk the steps to nothing before the minimum."),
    Regime.OVERFITTING: ("overfitting", "The training loss falls on while the validation loss rises."),
    Regime.VALIDATION_PLATEAU: (
        "validation plateau",
        "The validation loss went flat, and a rate ten times smaller makes it fall again.",
    ),
    Regime.SLOW: ("on its way", "The loss falls, but the steps taken are too few to arrive."),
    Regime.BOUNDED: ("bounded, not settling", "Neither settles nor leaves: no short cycle, no progress."),
}
