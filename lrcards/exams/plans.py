"""What to expect of the exams ahead, and what to study toward them today."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from lrcards.cards.model import Card, Rating, Review
from lrcards.cards.query_parser import parse
from lrcards.collection import search
from lrcards.collection.exams import exams_of
from lrcards.collection.parameters import log_of, rules_in_use
from lrcards.collection.store import Collection
from lrcards.dates import ENGLISH, weekday_and_day
from lrcards.errors import ExamError
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.exam.candidate import Candidate, Stake
from lrcards.study.exam.exam import Exam, budget, upcoming
from lrcards.study.exam.forecast import recalled_by_schedule
from lrcards.study.exam.forgetting import Floats
from lrcards.study.exam.learner import Learner
from lrcards.study.exam.planner import make_plan, recalled_with
from lrcards.study.memory import Habits
from lrcards.study.queue import is_shown
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings
from lrcards.study.simulator import habits_of
from lrcards.text import counted

HABIT_DAYS = 90
"""From the answers of so many days it is known how long the learner takes."""
UNKNOWN_MISFIT = 0.05
"""By how much FSRS may be off for a learner of whom there are too few answers to tell."""
ENOUGH_ANSWERS = 200
MOST_TIMES = 8.0
"""Beyond so many times the minutes of a day a goal counts as out of reach."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect of an exam; shares are of all its cards, from 0 to 1.

    Attributes:
        exam: the exam.
        days: in how many days it is.
        cards, new: how many cards it covers, and how many of them are new.
        idle: mean recall on the day if nothing more is done.
        scheduled: mean recall by the normal schedule within the same minutes.
        planned: mean recall by the plan.
        margin: half the width of the 95 % interval around any of them.
        minutes_needed: minutes a day that would reach the target, if those there are do not; infinite if none
            would.
    """

    exam: Exam
    days: int
    cards: int
    new: int
    idle: float
    scheduled: float
    planned: float
    margin: float
    minutes_needed: float | None = None


@dataclass(frozen=True, slots=True)
class ExamPlans:
    """The plan toward all exams ahead.

    Attributes:
        today: the study day.
        outlooks: of each exam, the next one first.
        minutes: what the plan takes of each study day, today first.
        spent: minutes that were studied today already.
        minutes_left: minutes that there are for the rest of today.
        new_today, reviews_today: how many cards the rest of today brings.
        picks_today: their guids, the best first.
        reached: at least this share of what the best plan there is could reach.
    """

    today: date
    outlooks: tuple[Outlook, ...]
    minutes: tuple[float, ...]
    spent: float
    minutes_left: float
    new_today: int
    reviews_today: int
    picks_today: tuple[str, ...]
    reached: float


def plan_exams(
    report: Callable[[int], object],
    path: Path,
    settings: StudySettings,
    days: StudyDays,
    now: datetime,
) -> ExamPlans:
    """Plan the study toward all exams ahead together.

    Args:
        report: told how many hundredths of the work are done.
        path: of the collection.
        settings, days: the learner's.
        now: the instant (UTC).

    Raises:
        ExamError: there is no exam ahead, or none of them covers a card.
        LrcardsError: a search of an exam cannot be read, or the collection cannot.
    """
    today = days.day(now)
    with Collection.open(path) as collection:
        rules = rules_in_use(collection, settings, days)
        exams = upcoming(exams_of(collection), today)
        if not exams:
            raise ExamError(
                "there is no exam ahead", "Add one: lrcards exam add NAME --date DATE --query QUERY"
            )
        covered = covered_cards(collection, exams, rules, now)
        log = log_of(collection, since=today - HABIT_DAYS * ONE_DAY)
    if not covered.cards:
        raise ExamError(
            f"the search “{exams[0].query}” finds no card to study", "Change what the exam covers"
        )
    learners = _Learners(rules, habits_of(log, today))
    candidates = covered.candidates(learners, exams, today)
    spent = sum(review.duration_ms for review in log if review.day == today) / 1000
    seconds = budget(exams, today, spent)
    plan = make_plan(candidates, seconds, progress=lambda done, of: report(60 * done // of))
    outlooks = []
    for number, exam in enumerate(exams, start=1):
        of_exam = [one for one in candidates if any(stake.exam == exam.name for stake in one.stakes)]
        if of_exam:
            scheduled = recalled_by_schedule(of_exam, budget([exam], today, spent), covered.desired(rules))
            planned = plan.recalled[exam.name] / len(of_exam)
            outlooks.append(
                Outlook(
                    exam,
                    exam.days_left(today),
                    len(of_exam),
                    sum(one.memory is None for one in of_exam),
                    plan.idle[exam.name] / len(of_exam),
                    scheduled / len(of_exam),
                    planned,
                    _margin(planned, len(of_exam), log),
                    _minutes_needed(exam, exams, candidates, planned, today, plan.prices),
                )
            )
        report(60 + 40 * number // len(exams))
    fitting = plan.within(float(seconds[0]))
    new = sum(pick.candidate.memory is None for pick in fitting)
    return ExamPlans(
        today,
        tuple(outlooks),
        tuple((plan.seconds / 60).tolist()),
        spent / 60,
        float(seconds[0]) / 60,
        new,
        len(fitting) - new,
        tuple(pick.candidate.guid for pick in fitting),
        plan.expected / plan.bound if plan.bound > 0 else 1.0,
    )


def _margin(share: float, cards: int, log: Sequence[Review]) -> float:
    """Return half the width of the 95 % interval of a share that is recalled.

    Chance decides card by card, and FSRS may be off for the learner by as much as it was so far.
    """
    foretold = [(review.recall, review.rating > Rating.AGAIN) for review in log if review.recall is not None]
    misfit = UNKNOWN_MISFIT
    if len(foretold) >= ENOUGH_ANSWERS:
        misfit = abs(fmean(recalled - recall for recall, recalled in foretold))
    return 1.96 * math.sqrt(share * (1 - share) / cards + misfit**2)


def _minutes_needed(
    exam: Exam,
    exams: Sequence[Exam],
    candidates: Sequence[Candidate],
    planned: float,
    today: date,
    prices: Floats,
) -> float | None:
    """Return the minutes a day that would reach the target of an exam, if those there are do not."""
    if exam.target is None or planned >= exam.target:
        return None
    cards = sum(any(stake.exam == exam.name for stake in one.stakes) for one in candidates)
    whole_days = budget(exams, today)

    def reached(times: float) -> bool:
        assert exam.target is not None
        recalled = recalled_with(candidates, times * whole_days, prices if times < 1.5 else None)
        return recalled[exam.name] / cards >= exam.target

    enough, too_few = MOST_TIMES, 1.0
    if not reached(enough):
        return math.inf
    while enough / too_few > 1.15:
        middle = math.sqrt(enough * too_few)
        enough, too_few = (middle, too_few) if reached(middle) else (enough, middle)
    return math.ceil(enough * exam.minutes)


def are_ahead(collection: Collection, today: date) -> bool:
    """Return whether there is an exam after today."""
    return bool(upcoming(exams_of(collection), today))


@dataclass(frozen=True)
class Covered:
    """The cards that exams cover, and how much each counts for which of them.

    Attributes:
        cards: each with the name of its deck, by position.
        weights: of each card's guid, its weight for each exam by name.
    """

    cards: Sequence[tuple[Card, str]]
    weights: Mapping[str, Mapping[str, float]]

    def candidates(self, learners: "_Learners", exams: Sequence[Exam], today: date) -> list[Candidate]:
        """Return the cards as a plan sees them, new ones in their order."""
        days_left = {exam.name: exam.days_left(today) for exam in exams}
        return [
            Candidate(
                card.guid,
                learners.of_deck(deck),
                tuple(
                    Stake(name, days_left[name], weight) for name, weight in self.weights[card.guid].items()
                ),
                card.memory,
                0 if card.last_day is None else max(0, (today - card.last_day).days),
                askable=is_shown(card, today),
            )
            for card, deck in self.cards
        ]

    def desired(self, rules: Rules) -> Mapping[str, float]:
        """Return the desired retention of each card, by its guid."""
        return {card.guid: rules.options(deck).scheduler.desired_retention for card, deck in self.cards}


def covered_cards(collection: Collection, exams: Iterable[Exam], rules: Rules, now: datetime) -> Covered:
    """Return the cards that the exams cover, but suspended ones.

    Raises:
        LrcardsError: a search cannot be read.
    """
    weights: defaultdict[str, dict[str, float]] = defaultdict(dict)
    cards: dict[str, tuple[Card, str]] = {}
    for exam in exams:
        ids = search.find(collection, parse(exam.query), rules, now)
        heavier: dict[int, float] = {}
        for query, weight in exam.weights:
            for card_id in search.find(collection, parse(query), rules, now):
                heavier.setdefault(card_id, weight)
        for card_id, (card, note) in search.found(collection, ids).items():
            if not card.suspended:
                cards[card.guid] = card, note.deck
                weights[card.guid][exam.name] = heavier.get(card_id, 1.0)
    in_order = sorted(cards.values(), key=lambda pair: (pair[0].position, pair[0].guid))
    return Covered(in_order, weights)


def cards_of(collection: Collection, exam: Exam, rules: Rules, now: datetime) -> int:
    """Return how many cards an exam covers.

    Raises:
        ExamError: it covers none.
        LrcardsError: a search cannot be read.
    """
    cards = len(covered_cards(collection, [exam], rules, now).cards)
    if not cards:
        raise ExamError(
            f"the search “{exam.query}” finds no card", 'Look what there is: lrcards search "deck:*"'
        )
    return cards


class _Learners:
    """The one learner, as the options of each deck let a plan see them."""

    def __init__(self, rules: Rules, habits: Habits) -> None:
        self._rules = rules
        self._habits = habits
        self._by_deck: dict[str, Learner] = {}

    def of_deck(self, deck: str) -> Learner:
        if deck not in self._by_deck:
            options = self._rules.options(deck)
            steps = options.scheduler
            self._by_deck[deck] = Learner.with_habits(
                options.parameters, self._habits, len(steps.learning_steps), len(steps.relearning_steps)
            )
        return self._by_deck[deck]


def as_data(plans: ExamPlans) -> dict[str, Any]:
    """Return the plan as plain data for a script; an infinite number is the text "inf"."""
    return {
        "today": plans.today.isoformat(),
        "minutes": list(plans.minutes),
        "minutes_left_today": plans.minutes_left,
        "new_today": plans.new_today,
        "reviews_today": plans.reviews_today,
        "cards_today": list(plans.picks_today),
        "reached_of_the_best": plans.reached,
        "exams": [
            {
                "name": outlook.exam.name,
                "date": outlook.exam.day.isoformat(),
                "days": outlook.days,
                "cards": outlook.cards,
                "new": outlook.new,
                "recall_if_nothing_is_done": outlook.idle,
                "recall_by_schedule": outlook.scheduled,
                "recall_by_plan": outlook.planned,
                "margin": outlook.margin,
                "target": outlook.exam.target,
                "minutes_needed": "inf" if outlook.minutes_needed == math.inf else outlook.minutes_needed,
            }
            for outlook in plans.outlooks
        ],
    }


def in_words(plans: ExamPlans, language: str = ENGLISH) -> Iterator[str]:
    """Yield the plan as lines for a reader; days are named in a language."""
    for outlook in plans.outlooks:
        yield heading(outlook, language)
        yield f"  {'if nothing more is done':<26}{_percent(outlook.idle):>7}"
        yield f"  {'by the normal schedule':<26}{_percent(outlook.scheduled):>7}"
        yield f"  {'by the plan':<26}{_percent(outlook.planned):>7}  {uncertainty(outlook)}"
        if sentence := goal(outlook):
            yield f"  {sentence}"
        yield ""
    yield today_in_words(plans) + (" Study them: lrcards study --exam" if plans.picks_today else "")
    yield (
        f"Recall is the mean over all cards on the morning of the exam, new ones counting 0. Within these "
        f"minutes no plan can bring more than {1 / max(plans.reached, 1e-9) - 1:.1%} more."
    )


def at_a_glance(plans: ExamPlans) -> str:
    """Return when the next exam is, how ready the learner will be, and what today brings."""
    outlook = plans.outlooks[0]
    recall = f"recall then {100 * outlook.planned:.0f} % by the plan"
    return f"{outlook.exam.name} {countdown(outlook.days)}, {recall}. {today_in_words(plans)}"


def heading(outlook: Outlook, language: str) -> str:
    """Return which exam it is, when, and what it covers."""
    return (
        f"{outlook.exam.name}, {weekday_and_day(outlook.exam.day, language)}, {countdown(outlook.days)}: "
        f"{counted(outlook.cards, 'card')}, {outlook.new} of them new"
    )


def countdown(days: int) -> str:
    """Return in how many days something is."""
    return "tomorrow" if days == 1 else f"in {days} days"


def uncertainty(outlook: Outlook) -> str:
    """Return between what the recall by the plan lies."""
    low, high = max(0.0, outlook.planned - outlook.margin), min(1.0, outlook.planned + outlook.margin)
    return f"(with 95 % confidence {_percent(low)} to {_percent(high)})"


def goal(outlook: Outlook) -> str:
    """Return whether the target is reached, or what it would take; empty without a target."""
    target = outlook.exam.target
    if target is None:
        return ""
    if outlook.minutes_needed is None:
        return f"The target of {_percent(target)} is within reach."
    if outlook.minutes_needed == math.inf:
        return (
            f"The target of {_percent(target)} is out of reach: even {MOST_TIMES:g} times the minutes "
            "would not do. Begin earlier next time, or cover less."
        )
    return (
        f"The target of {_percent(target)} would take about {outlook.minutes_needed:.0f} minutes a day; "
        f"there are {outlook.exam.minutes:g}."
    )


def today_in_words(plans: ExamPlans) -> str:
    """Return what the rest of today brings."""
    if not plans.minutes_left:
        done = f"after {plans.spent:.0f} minutes of study" if plans.spent else "a day of rest"
        return f"Nothing more today, {done}."
    if not plans.picks_today:
        return "Nothing today: what there is to know is known well enough."
    return (
        f"Today: {counted(plans.reviews_today, 'review')} and {counted(plans.new_today, 'new card')} "
        f"in {plans.minutes_left:.0f} minutes."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
