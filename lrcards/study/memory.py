"""The memory model: FSRS-6, computed by fsrs-rs, the engine that Anki uses."""

import math
from dataclasses import dataclass

import fsrs_rs_python as fsrs

from lrcards.cards.model import Memory, Rating
from lrcards.errors import SettingsError

DEFAULT_PARAMETERS = tuple(fsrs.DEFAULT_PARAMETERS)
SHORTEST_STABILITY, LONGEST_STABILITY = 0.001, 36500.0
EASIEST, HARDEST = 1.0, 10.0

PARAMETER_COUNTS = (17, 19, 21)
DECAY_RANGE = (0.1, 0.8)


@dataclass(frozen=True)
class MemoryModel:
    """FSRS-6 with a learner's parameters.

    Attributes:
        parameters: the 21 parameters of FSRS-6 in single precision. The 17 of FSRS-4.5 and the 19 of
            FSRS-5 are accepted and filled up as Anki does (no short-term memory, decay 0.5).

    Raises:
        SettingsError: for another count of parameters, or for values that are not allowed.
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS

    def __post_init__(self) -> None:
        if len(self.parameters) not in PARAMETER_COUNTS:
            raise SettingsError(
                f"there are {len(self.parameters)} FSRS parameters",
                "FSRS has 21 of them; 17 or 19 in old versions",
            )
        problems = [
            f"FSRS parameter {number} is {value}"
            for number, value in enumerate(self.parameters, start=1)
            if not math.isfinite(value)
        ]
        if problems:
            raise SettingsError("; ".join(problems), "Every parameter is a finite number")
        filled = tuple(fsrs.check_and_fill_parameters(self.parameters))
        low, high = DECAY_RANGE
        if not low <= round(filled[20], 6) <= high:
            raise SettingsError(
                f"the FSRS decay, parameter 21, is {filled[20]:g}", f"It lies in {low} to {high}"
            )
        object.__setattr__(self, "parameters", filled)

    @property
    def short_term(self) -> bool:
        """Whether the parameters describe what a second answer on the same day does."""
        return self.parameters[17] > 0 and self.parameters[18] > 0

    def next_states(
        self, memory: Memory | None, elapsed_days: int, desired_retention: float
    ) -> dict[Rating, tuple[Memory, float]]:
        """Return the memory that each rating leaves, and after how many days recall falls to the desired one.

        Args:
            memory: what is known so far; ``None`` for a card that was never answered.
            elapsed_days: whole study days since the last answer; 0 takes the same-day formula.
            desired_retention: the probability of recall at the next showing, between 0 and 1.
        """
        states = fsrs.FSRS(self.parameters).next_states(
            None if memory is None else fsrs.MemoryState(memory.stability, memory.difficulty),
            desired_retention,
            elapsed_days,
        )
        by_rating = {
            Rating.AGAIN: states.again,
            Rating.HARD: states.hard,
            Rating.GOOD: states.good,
            Rating.EASY: states.easy,
        }
        return {rating: (_within_bounds(state.memory), state.interval) for rating, state in by_rating.items()}

    def retrievability(self, memory: Memory, elapsed_days: float) -> float:
        """Return the probability of recall after some days.

        FSRS-6: R = (1 + f · t / S)^(−w₂₀) with f = 0.9^(−1/w₂₀) − 1, so that R is 0.9 after t = S days
        (github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm).
        """
        decay = self.parameters[20]
        factor = 0.9 ** (-1 / decay) - 1
        return float((1 + factor * max(0.0, elapsed_days) / memory.stability) ** -decay)

    def interval(self, memory: Memory, desired_retention: float) -> float:
        """Return after how many days recall falls to the desired one; the inverse of ``retrievability``."""
        return fsrs.FSRS(self.parameters).next_interval(memory.stability, desired_retention, Rating.GOOD)


def _within_bounds(state: fsrs.MemoryState) -> Memory:
    return Memory(
        stability=min(max(state.stability, SHORTEST_STABILITY), LONGEST_STABILITY),
        difficulty=min(max(state.difficulty, EASIEST), HARDEST),
    )
