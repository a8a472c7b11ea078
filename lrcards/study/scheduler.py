"""Where an answer takes a card: steps, intervals and lapses, as Anki does it with FSRS and without fuzz."""

import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from lrcards.cards.model import Card, Phase, Rating, Review, ReviewKind
from lrcards.errors import SettingsError
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.fuzz import fuzz
from lrcards.study.memory import MemoryModel

ONE_SECOND = timedelta(seconds=1)
LONGEST_INTERVAL = 36500
# When clocks go forward.
SHORTEST_DAY = timedelta(hours=23)
RETENTION_RANGE = (0.7, 0.99)


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    """What a learner can choose about the schedule.

    Attributes:
        desired_retention: the probability of recall at which a card is shown again, 0.7 to 0.99.
        learning_steps: the waits of a new card before it becomes a review card; whole seconds.
        relearning_steps: the waits of a forgotten card before it becomes a review card again; whole seconds.
        maximum_interval: no wait is longer than this many days, 1 to 36500.

    Raises:
        SettingsError: naming every value that is not allowed.
    """

    desired_retention: float = 0.9
    learning_steps: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning_steps: tuple[timedelta, ...] = (timedelta(minutes=10),)
    maximum_interval: int = LONGEST_INTERVAL

    def __post_init__(self) -> None:
        problems = []
        low, high = RETENTION_RANGE
        if not low <= self.desired_retention <= high:
            problems.append(f"desired_retention is {self.desired_retention}, but it lies in {low} to {high}")
        for name in ("learning_steps", "relearning_steps"):
            problems.extend(
                f"{name} has {step}, but a step is a whole number of seconds, at least one"
                for step in getattr(self, name)
                if step < ONE_SECOND or step % ONE_SECOND
            )
        if not 1 <= self.maximum_interval <= LONGEST_INTERVAL:
            problems.append(
                f"maximum_interval is {self.maximum_interval}, but it lies in 1 to {LONGEST_INTERVAL} days"
            )
        if problems:
            raise SettingsError("; ".join(problems))


class Wait(NamedTuple):
    """How long until a card is shown: days, or seconds within the study day; a longer wait is greater."""

    days: int
    seconds: int = 0


class Move(NamedTuple):
    """Where a rating takes a card, and the delay there: study days, or a time that may cross the rollover."""

    phase: Phase
    delay: int | timedelta
    step: int = 0


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Says where each rating takes a card; pure, so that a preview and the answer agree.

    The rules are Anki's (``rslib/src/scheduler/states``), with one addition: where steps are so long or so
    unordered that a better rating would come back sooner than a worse one, it waits as long as the worse one.
    """

    settings: SchedulerSettings
    memory_model: MemoryModel
    days: StudyDays

    def preview(self, card: Card, now: datetime) -> dict[Rating, Card]:
        """Return the card as each rating would leave it; waits never shrink from Again to Easy."""
        now = _whole_milliseconds(now)
        day = self.days.day(now)
        outcomes = {}
        wait = Wait(0)
        for rating, (moved, delay) in self._moved(card, day).items():
            wait = max(wait, self._wait(delay, now))
            outcomes[rating] = _put_off(moved, wait, now, day)
        return outcomes

    def answer(self, card: Card, rating: Rating, now: datetime) -> Card:
        """Return the card after an answer: what ``preview`` said of this rating."""
        return self.preview(card, now)[rating]

    def replay(self, card: Card, reviews: Iterable[Review]) -> Card:
        """Return where a new card stands after the reviews of its log: what ``answer`` returned for the last.

        The log may be in any order and hold a review twice; only reviews of kind ``study`` move the card.
        The memory is computed anew; when the card is due is taken from what the log says was scheduled. So
        the replay is the same in every time zone.
        """
        log = {review.id: review for review in reviews if review.kind is ReviewKind.STUDY}
        for review in sorted(log.values(), key=lambda review: (review.at, review.id)):
            card = self._replayed(card, review)
        return card

    def _replayed(self, card: Card, review: Review) -> Card:
        outcomes = self._moved(card, review.day)
        after, _ = outcomes[review.rating]
        wait = Wait(-review.scheduled) if review.scheduled < 0 else Wait(0, review.scheduled)
        # Steps that were changed since can disagree with the log on whether the card was still on a step.
        longest_step = max(
            _most_days(delay) for rating, (_, delay) in outcomes.items() if rating <= review.rating
        )
        if wait.days > longest_step and after.phase is not Phase.REVIEW:
            after = replace(after, phase=Phase.REVIEW, step=0)
        elif not wait.days and after.phase is Phase.REVIEW:
            forgotten = card.phase in (Phase.REVIEW, Phase.RELEARNING)
            after = replace(after, phase=Phase.RELEARNING if forgotten else Phase.LEARNING)
        return _put_off(after, wait, review.at, review.day)

    def _moved(self, card: Card, day: date) -> dict[Rating, tuple[Card, int | timedelta]]:
        """Return the card as each rating on the day would leave it, not put off yet, and its delay."""
        elapsed = 0 if card.last_day is None else max(0, (day - card.last_day).days)
        states = self.memory_model.next_states(card.memory, elapsed, self.settings.desired_retention)
        moves = self._moves(card, {rating: interval for rating, (_, interval) in states.items()})
        outcomes = {}
        for rating, move in moves.items():
            moved = replace(
                card,
                phase=move.phase,
                step=move.step,
                memory=states[rating][0],
                reviews=card.reviews + 1,
                lapses=card.lapses + (card.phase is Phase.REVIEW and rating is Rating.AGAIN),
            )
            outcomes[rating] = (moved, move.delay)
        return outcomes

    def _moves(self, card: Card, intervals: Mapping[Rating, float]) -> dict[Rating, Move]:
        if card.phase in (Phase.NEW, Phase.LEARNING):
            return self._step_moves(Phase.LEARNING, self.settings.learning_steps, card.step, intervals)
        relearning = self._step_moves(Phase.RELEARNING, self.settings.relearning_steps, card.step, intervals)
        if card.phase is Phase.RELEARNING:
            return relearning
        passing = (Rating.HARD, Rating.GOOD, Rating.EASY)
        days = self._ascending((intervals[rating] for rating in passing), card.interval)
        return {Rating.AGAIN: relearning[Rating.AGAIN]} | {
            rating: Move(Phase.REVIEW, interval) for rating, interval in zip(passing, days, strict=True)
        }

    def _step_moves(
        self, phase: Phase, steps: tuple[timedelta, ...], step: int, intervals: Mapping[Rating, float]
    ) -> dict[Rating, Move]:
        good, easy = self._ascending((intervals[Rating.GOOD], intervals[Rating.EASY]))
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
                rating: self._move_without_steps(phase, intervals[rating])
                for rating in (Rating.AGAIN, Rating.HARD, Rating.GOOD)
            }
        return moves | {Rating.EASY: Move(Phase.REVIEW, easy)}

    def _move_without_steps(self, phase: Phase, interval: float) -> Move:
        if self.memory_model.short_term and interval < 0.5:
            seconds = int(_single_precision(interval * ONE_DAY.total_seconds()))
            return Move(phase, max(ONE_SECOND, timedelta(seconds=seconds)))
        return Move(Phase.REVIEW, *self._ascending([interval]))

    def _ascending(self, intervals: Iterable[float], previous: int = 0) -> list[int]:
        """Round intervals to days: at least 1, each longer than the one before, none above the maximum.

        An interval that falls below the previous one by no more than fuzz could make up for stays as it was.
        """
        maximum = self.settings.maximum_interval
        days: list[int] = []
        for interval in intervals:
            rounded = _round_half_up(interval)
            if rounded < previous <= _round_half_up(interval + fuzz(interval)):
                rounded = previous
            minimum = days[-1] + 1 if days else 1
            days.append(min(max(rounded, minimum), maximum))
        return days

    def _wait(self, delay: int | timedelta, now: datetime) -> Wait:
        if isinstance(delay, timedelta):
            days = self.days.elapsed(now, now + delay)
            if days == 0:
                return Wait(0, delay // ONE_SECOND)
            delay = days
        return Wait(min(delay, self.settings.maximum_interval))


def scheduled(card: Card, now: datetime) -> int:
    """Return what the answer given now led to, as ``Review.scheduled`` has it: seconds, or minus days."""
    return -card.interval if card.due_at is None else round((card.due_at - now).total_seconds())


def _put_off(card: Card, wait: Wait, now: datetime, day: date) -> Card:
    """Return a card answered now, on that study day, due after the wait."""
    due_at, due_day = None, None
    if wait.days:
        due_day = day + wait.days * ONE_DAY
    else:
        due_at = now + wait.seconds * ONE_SECOND
    return replace(card, due_at=due_at, due_day=due_day, interval=wait.days, last_review=now, last_day=day)


def _most_days(delay: int | timedelta) -> int:
    """Return the most study days a delay can take in any time zone."""
    return delay if isinstance(delay, int) else -(-delay // SHORTEST_DAY)


def _hard_delay(steps: tuple[timedelta, ...], current: int) -> timedelta:
    """Return the wait after Hard: the step again, but on the first one longer than after Again."""
    first = steps[0]
    if current > 0:
        return steps[current]
    delay = (first + steps[1]) / 2 if len(steps) > 1 else min(first * 1.5, first + ONE_DAY)
    if delay > ONE_DAY:
        return round(delay / ONE_DAY) * ONE_DAY
    return delay // ONE_SECOND * ONE_SECOND


def _round_half_up(days: float) -> int:
    return math.floor(days + 0.5)


def _single_precision(value: float) -> float:
    """Round as Anki's arithmetic does; what is just below a whole number can become that number."""
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded


def _whole_milliseconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
