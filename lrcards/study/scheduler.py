"""Where an answer takes a card, and where all the answers of its log have taken it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from lrcards.cards.model import Card, Memory, Phase, Rating, Review
from lrcards.errors import SettingsError
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.fuzz import Placement, chance_of
from lrcards.study.load import EVERY_DAY_NORMAL, DayLoad, Load
from lrcards.study.log import BY_TIME, RATINGS
from lrcards.study.memory import History, MemoryModel
from lrcards.study.moves import ONE_SECOND, Move, Steps, moves_of_a_review, moves_on_a_step

LONGEST_INTERVAL = 36500
# When clocks go forward, and back.
SHORTEST_DAY, LONGEST_DAY = timedelta(hours=23), timedelta(hours=25)
# Leaves room for a wait within the day before time as Python knows it ends.
LATEST = datetime(9999, 12, 30, tzinfo=UTC)
RETENTION_RANGE = (0.7, 0.99)


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    """What a learner can choose about the schedule.

    Attributes:
        desired_retention: the probability of recall at which a card is shown again, 0.7 to 0.99.
        learning_steps: the waits of a new card before it becomes a review card; whole seconds.
        relearning_steps: the waits of a forgotten card before it becomes a review card again; whole seconds.
        maximum_interval: no wait is longer than this many days, 1 to 36500.
        fuzz: whether intervals are moved a little, so that cards learnt together do not stay together.
        load_balancing: whether they are moved to days on which little is due; needs ``fuzz``.
        easy_days: how much each weekday, from Monday, is to bring, as far as load balancing can.

    Raises:
        SettingsError: naming every value that is not allowed.
    """

    desired_retention: float = 0.9
    learning_steps: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning_steps: tuple[timedelta, ...] = (timedelta(minutes=10),)
    maximum_interval: int = LONGEST_INTERVAL
    fuzz: bool = True
    load_balancing: bool = True
    easy_days: tuple[DayLoad, ...] = EVERY_DAY_NORMAL

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
        if len(self.easy_days) != 7:
            problems.append(f"easy_days has {len(self.easy_days)} days, but a week has 7")
        if problems:
            raise SettingsError("; ".join(problems))


Moves = dict[Rating, tuple[Move, Memory]]
"""Where each rating takes a card, and the memory that it leaves."""


class Wait(NamedTuple):
    """How long until a card is shown: days, or seconds within the study day; a longer wait is greater."""

    days: int
    seconds: int = 0


class Turn(NamedTuple):
    """Where a rating takes a card, and the most study days that it, or a worse one, can put off a step."""

    phase: Phase
    step: int
    longest_step: int


@dataclass(frozen=True)
class Scheduler:
    """Says where each rating takes a card; pure, so that a preview and the answer agree.

    The rules are Anki's (``rslib/src/scheduler/states``), with one addition: where steps are so long or so
    unordered, or fuzz falls so, that a better rating would come back sooner than a worse one, it waits as
    long as the worse one.
    """

    settings: SchedulerSettings
    memory_model: MemoryModel
    days: StudyDays

    def preview(self, card: Card, now: datetime, load: Load | None = None) -> dict[Rating, Card]:
        """Return the card as each rating would leave it; waits never shrink from Again to Easy.

        With the ``load`` of the coming days, intervals go where little is due.
        """
        moves = self.moves(card, self.days.day(now), load)
        return {rating: self.outcome(card, rating, moves, now) for rating in Rating}

    def moves(self, card: Card, day: date, load: Load | None = None) -> Moves:
        """Return where the ratings take a card on a study day: what is costly about a preview."""
        elapsed = 0 if card.last_day is None else max(0, (day - card.last_day).days)
        states = self.memory_model.next_states(card.memory, elapsed, self.settings.desired_retention)
        intervals = {rating: interval for rating, (_, interval) in states.items()}
        placement = self._placement(card, day, load)
        moves = self._moves(card.phase, card.step, card.interval, intervals, placement)
        return {rating: (moves[rating], memory) for rating, (memory, _) in states.items()}

    def waits(self, moves: Moves, now: datetime) -> dict[Rating, Wait]:
        """Return how long each rating waits, at any instant of the study day of the moves."""
        ends = self.days.starts(self.days.day(now) + ONE_DAY)
        waits = accumulate((self._wait(move.delay, now, ends) for move, _ in moves.values()), max)
        return dict(zip(moves, waits, strict=True))

    def outcome(self, card: Card, rating: Rating, moves: Moves, now: datetime) -> Card:
        """Return the card as a rating would leave it, at any instant of the study day of the moves."""
        now = _whole_milliseconds(now)
        move, memory = moves[rating]
        return _put_off(
            card,
            self.waits(moves, now)[rating],
            now,
            self.days.day(now),
            phase=move.phase,
            step=move.step,
            memory=memory,
            reviews=card.reviews + 1,
            lapses=card.lapses + (card.phase is Phase.REVIEW and rating is Rating.AGAIN),
        )

    def answer(self, card: Card, rating: Rating, now: datetime, load: Load | None = None) -> Card:
        """Return the card after an answer: what ``preview`` said of this rating."""
        return self.preview(card, now, load)[rating]

    def recall(self, card: Card, day: date) -> float:
        """Return the probability that the card is recalled on a study day; 0 if it was never answered."""
        if card.memory is None or card.last_day is None:
            return 0.0
        return self.memory_model.retrievability(card.memory, (day - card.last_day).days)

    def foretold(self, card: Card, day: date) -> float | None:
        """Return the recall that an answer on a study day is measured by, as ``Review.recall`` has it.

        There is none for a first answer, nor for another one on the same study day.
        """
        if card.memory is None or card.last_day is None or day <= card.last_day:
            return None
        return self.recall(card, day)

    def replay(self, card: Card, reviews: Iterable[Review]) -> Card:
        """Return where a card stands after the reviews of its log: what ``answer`` returned for the last.

        The card is new, or stands where it came in from another program. The log may be in any order and
        hold a review twice; all but cramming with a rating that there is move the card. The
        memory is computed anew; when the card is due is taken from what the log says was scheduled, brought
        within bounds. So the replay is the same in every time zone.
        """
        log = {
            review.id: review for review in reviews if review.kind.moves_cards and review.rating in RATINGS
        }
        answers = sorted(log.values(), key=BY_TIME)
        if not answers:
            return card
        days = [card.last_day or answers[0].day, *(review.day for review in answers)]
        elapsed = [max(0, (later - earlier).days) for earlier, later in pairwise(days)]
        history = [(int(review.rating), days) for review, days in zip(answers, elapsed, strict=True)]
        phase, step, lapses, wait = card.phase, card.step, card.lapses, Wait(0)
        for number, review in enumerate(answers):
            lapses += phase is Phase.REVIEW and review.rating is Rating.AGAIN
            wait = _logged_wait(review)
            turn = self._turns(phase, step, card.memory, history[:number], elapsed[number])[review.rating]
            # Steps that were changed since can disagree with the log on whether the card was still on a step.
            if wait.days > turn.longest_step and turn.phase is not Phase.REVIEW:
                phase, step = Phase.REVIEW, 0
            elif not wait.days and turn.phase is Phase.REVIEW:
                forgotten = phase in (Phase.REVIEW, Phase.RELEARNING)
                phase, step = Phase.RELEARNING if forgotten else Phase.LEARNING, turn.step
            else:
                phase, step = turn.phase, turn.step
        (memory,) = self.memory_model.memory_after([history], [card.memory])
        return _put_off(
            card,
            wait,
            answers[-1].at,
            answers[-1].day,
            phase=phase,
            step=step,
            memory=memory,
            reviews=card.reviews + len(answers),
            lapses=lapses,
        )

    def _turns(
        self, phase: Phase, step: int, start: Memory | None, history: History, elapsed: int
    ) -> dict[Rating, Turn]:
        """Return where the ratings take a card that has the history; the delays are left to the log.

        Only without steps do they depend on the history, and only where FSRS tells of waits within a day.
        """
        depends = self.memory_model.short_term and not self._steps(phase)
        if not depends and (turns := self._known_turns.get((phase, step))):
            return turns
        intervals = dict.fromkeys(Rating, 1.0)
        if depends:
            memory = self.memory_model.memory_after([history], [start])[0] if history else start
            states = self.memory_model.next_states(memory, elapsed, self.settings.desired_retention)
            intervals = {rating: interval for rating, (_, interval) in states.items()}
        moves = self._moves(phase, step, 1, intervals, Placement(self.settings.maximum_interval))
        longest_steps = accumulate((_most_days(moves[rating].delay) for rating in Rating), max)
        turns = {
            rating: Turn(moves[rating].phase, moves[rating].step, longest_step)
            for rating, longest_step in zip(Rating, longest_steps, strict=True)
        }
        if not depends:
            self._known_turns[phase, step] = turns
        return turns

    @cached_property
    def _known_turns(self) -> dict[tuple[Phase, int], dict[Rating, Turn]]:
        """Those that depend on no history, so that a long log is replayed quickly."""
        return {}

    def _steps(self, phase: Phase) -> Steps:
        """Return the steps that a card of the phase is on, or that follow if it is forgotten."""
        forgotten = phase in (Phase.REVIEW, Phase.RELEARNING)
        return self.settings.relearning_steps if forgotten else self.settings.learning_steps

    def _moves(
        self,
        phase: Phase,
        step: int,
        last_interval: int,
        intervals: Mapping[Rating, float],
        placement: Placement,
    ) -> dict[Rating, Move]:
        short_term, steps = self.memory_model.short_term, self._steps(phase)
        if phase is Phase.REVIEW:
            return moves_of_a_review(last_interval, steps, intervals, placement, short_term=short_term)
        on_steps = Phase.LEARNING if phase is Phase.NEW else phase
        return moves_on_a_step(on_steps, steps, step, intervals, placement, short_term=short_term)

    def _placement(self, card: Card, day: date, load: Load | None) -> Placement:
        settings = self.settings
        chance = chance_of(card) if settings.fuzz else None
        if load is None or not settings.load_balancing:
            return Placement(settings.maximum_interval, chance)
        return Placement(
            settings.maximum_interval, chance, lambda days: load.weights(day, days, settings.easy_days)
        )

    def _wait(self, delay: int | timedelta, now: datetime, ends: datetime) -> Wait:
        """Return the wait of a delay from now on; the study day ends then."""
        if isinstance(delay, timedelta):
            if now + delay < ends:
                return Wait(0, delay // ONE_SECOND)
            delay = self.days.elapsed(now, now + delay)
        return Wait(min(delay, self.settings.maximum_interval))


def scheduled(card: Card, now: datetime) -> int:
    """Return what the answer given now led to, as ``Review.scheduled`` has it: seconds, or minus days."""
    return -card.interval if card.due_at is None else round((card.due_at - now).total_seconds())


def _put_off(card: Card, wait: Wait, now: datetime, day: date, **changed: Any) -> Card:
    """Return a card answered now, on that study day, due after the wait; other fields changed as given."""
    due_at, due_day = None, None
    if wait.days:
        due_day = date.fromordinal(min(day.toordinal() + wait.days, date.max.toordinal()))
    else:
        due_at = min(now, LATEST) + wait.seconds * ONE_SECOND
    return replace(
        card,
        due_at=due_at,
        due_day=due_day,
        interval=wait.days,
        last_review=now,
        last_day=day,
        **changed,
    )


def _logged_wait(review: Review) -> Wait:
    """Return the wait that a log gives; seconds that no study day has are taken as days."""
    days, seconds = max(0, -review.scheduled), max(0, review.scheduled)
    if seconds > LONGEST_DAY.total_seconds():
        days, seconds = seconds // 86400, 0
    return Wait(min(days, LONGEST_INTERVAL), seconds)


def _most_days(delay: int | timedelta) -> int:
    """Return the most study days a delay can take in any time zone."""
    return delay if isinstance(delay, int) else -(-delay // SHORTEST_DAY)


def _whole_milliseconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
