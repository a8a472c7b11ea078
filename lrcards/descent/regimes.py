"""The regimes that a run can end in, each with a short caption and what it means."""

from enum import StrEnum


class Regime(StrEnum):
    """What an expert would call a run: its name in data, a caption for a screen, and what it means."""

    caption: str
    meaning: str

    def __new__(cls, value: str, caption: str, meaning: str) -> "Regime":
        """Make a member out of its name, caption and meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.caption = caption
        member.meaning = meaning
        return member

    OVERFLOW = "overflow", "overflow", "The numbers left the range of floating point."
    DIVERGING = "diverging", "diverging", "Every bounce or step is longer than the last, and the loss climbs."
    KINK_CYCLE = (
        "kink-cycle",
        "bouncing at a kink",
        "The slope flips sign without shrinking, so the step never shrinks.",
    )
    CYCLE = "cycle", "cycling", "The same few points recur for ever around a smooth minimum."
    NOISE_FLOOR = (
        "noise-floor",
        "noise floor",
        "The noise of the gradient keeps the loss up; only a smaller rate lowers it.",
    )
    ARRIVED = "arrived", "arrived", "At the minimum, from one side."
    OSCILLATING = (
        "oscillating",
        "arrived, oscillating",
        "At the minimum, after overshooting it again and again.",
    )
    ESCAPED = "escaped", "escaped", "At the best minimum, although the start lay in the basin of a worse one."
    SADDLE = "saddle", "stuck at a saddle", "The gradient is gone where the function still falls to the side."
    LOCAL_MINIMUM = "local-minimum", "local minimum", "Settled in a minimum that is not the best one."
    PLATEAU = "plateau", "on a plateau", "The gradient is almost gone although the minimum is far away."
    STALLED = "stalled", "stalled", "The schedule has shrunk the steps to nothing before the minimum."
    OVERFITTING = "overfitting", "overfitting", "The training loss falls on while the validation loss rises."
    VALIDATION_PLATEAU = (
        "validation-plateau",
        "validation plateau",
        "The validation loss went flat, and a rate ten times smaller makes it fall again.",
    )
    SLOW = "slow", "too slow", "On its way, but the budget of steps ends first."
    BOUNDED = "bounded", "bounded, not settling", "Neither settles nor leaves: no short cycle, no progress."
