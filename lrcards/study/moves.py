"""Where each rating takes a card: through its steps, out of them, or on to the next interval, as in Anki."""

import struct
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from lrcards.cards.model import Phase, Rating
from lrcards.study.days import ONE_DAY
from lrcards.study.fuzz import Placement

ONE_SECOND = timedelta(seconds=1)

Steps = tuple[timedelta, ...]


class Move(NamedTuple):
    """Where a rating takes a card, and the delay there: study days, or a time that may cross the rollover."""

    phase: Phase
    delay: int | timedelta
    step: int = 0


def moves_on_a_step(
    phase: Phase,
    steps: Steps,
    step: int,
    intervals: Mapping[Rating, float],
    placement: Placement,
    *,
    short_term: bool,
) -> dict[Rating, Move]:
    """Return where the ratings take a card that is new, or on a learning or relearning step.

    Args:
        phase: that of the steps.
        steps, step: the steps, and the index of the one that the card waited on.
        intervals: after how many days recall falls to the desired one, for each rating.
        placement: makes whole days of them.
        short_term: without steps, whether intervals of less than half a day stay within the day.
    """
    good, easy = placement.ascending((intervals[Rating.GOOD], intervals[Rating.EASY]))
    if steps:
        current = min(step, len(steps) - 1)
        graduates = current == len(steps) - 1
        passed = Move(Phase.REVIEW, good) if graduates else Move(phase, steps[current + 1], current + 1)
        moves = {
            Rating.AGAIN: Move(phase, steps[0]),
            Rating.HARD: Move(phase, _hard_delay(steps, current), current),
            Rating.GOOD: passed,
        }
    else:
        moves = {
            rating: _move_without_steps(phase, intervals[rating], placement, short_term=short_term)
            for rating in (Rating.AGAIN, Rating.HARD, Rating.GOOD)
        }
    return moves | {Rating.EASY: Move(Phase.REVIEW, easy)}


def moves_of_a_review(
    previous: int,
    relearning_steps: Steps,
    intervals: Mapping[Rating, float],
    placement: Placement,
    *,
    short_term: bool,
) -> dict[Rating, Move]:
    """Return where the ratings take a review card whose interval was ``previous`` days.

    The others are those of ``moves_on_a_step``. What follows a lapse at once is not fuzzed.
    """
    if relearning_steps:
        lapse = Move(Phase.RELEARNING, relearning_steps[0])
    else:
        nearest = Placement(placement.maximum)
        lapse = _move_without_steps(Phase.RELEARNING, intervals[Rating.AGAIN], nearest, short_term=short_term)
    passing = (Rating.HARD, Rating.GOOD, Rating.EASY)
    days = placement.ascending((intervals[rating] for rating in passing), previous)
    return {Rating.AGAIN: lapse} | {
        rating: Move(Phase.REVIEW, interval) for rating, interval in zip(passing, days, strict=True)
    }


def _move_without_steps(phase: Phase, interval: float, placement: Placement, *, short_term: bool) -> Move:
    if short_term and interval < 0.5:
        seconds = int(_single_precision(interval * ONE_DAY.total_seconds()))
        return Move(phase, max(ONE_SECOND, timedelta(seconds=seconds)))
    return Move(Phase.REVIEW, placement.place(interval))


def _hard_delay(steps: Steps, current: int) -> timedelta:
    """Return the wait after Hard: the step again, but on the first one longer than after Again."""
    first = steps[0]
    if current > 0:
        return steps[current]
    delay = (first + steps[1]) / 2 if len(steps) > 1 else min(first * 1.5, first + ONE_DAY)
    if delay > ONE_DAY:
        return round(delay / ONE_DAY) * ONE_DAY
    return delay // ONE_SECOND * ONE_SECOND


def _single_precision(value: float) -> float:
    """Round as Anki's arithmetic does; what is just below a whole number can become that number."""
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded
