import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lrcards.cards.model import Card, Memory, Phase, Rating, Review, ReviewKind
from lrcards.errors import SettingsError
from lrcards.study.days import StudyDays
from lrcards.study.fuzz import fuzz_range
from lrcards.study.load import DayLoad, Load
from lrcards.study.memory import MemoryModel
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 5, 20, 12, tzinfo=BERLIN)
NEW = Card("note#0", "note", 0, position=7)


def minutes(*values: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=value) for value in values)


def scheduler(**settings: Any) -> Scheduler:
    return Scheduler(SchedulerSettings(**{"fuzz": False} | settings), MemoryModel(), StudyDays(BERLIN))


def review_card(stability: float = 10.0, interval: int = 10, lapses: int = 0) -> Card:
    last_review = NOON - timedelta(days=interval)
    return Card(
        "note#0",
        "note",
        0,
        phase=Phase.REVIEW,
        memory=Memory(stability, 5.0),
        due_day=NOON.date(),
        interval=interval,
        last_review=last_review,
        last_day=last_review.date(),
        reviews=4,
        lapses=lapses,
    )


def wait(card: Card) -> tuple[int, timedelta]:
    """Days, then time within the day: a longer wait is greater."""
    assert (card.due_at is None) != (card.due_day is None)
    if card.due_at is None:
        return card.interval, timedelta(0)
    assert card.last_review is not None
    return 0, card.due_at - card.last_review


def learn(steps: Scheduler, *ratings: Rating) -> Card:
    card = NEW
    for rating in ratings:
        card = steps.answer(card, rating, NOON)
    return card


def test_a_new_card_takes_the_steps_in_turn_and_then_graduates() -> None:
    first = learn(scheduler(), Rating.AGAIN)
    assert (first.phase, first.step, wait(first)) == (Phase.LEARNING, 0, (0, timedelta(minutes=1)))
    second = learn(scheduler(), Rating.AGAIN, Rating.GOOD)
    assert (second.phase, second.step, wait(second)) == (Phase.LEARNING, 1, (0, timedelta(minutes=10)))
    graduated = learn(scheduler(), Rating.AGAIN, Rating.GOOD, Rating.GOOD)
    assert (graduated.phase, graduated.step, graduated.reviews, graduated.lapses) == (Phase.REVIEW, 0, 3, 0)
    assert graduated.interval >= 1
    assert graduated.position == NEW.position


def test_hard_on_the_first_of_several_steps_waits_their_mean() -> None:
    assert wait(learn(scheduler(), Rating.HARD)) == (0, timedelta(seconds=330))


def test_hard_on_a_later_step_repeats_it() -> None:
    card = learn(scheduler(), Rating.GOOD, Rating.HARD)
    assert (card.step, wait(card)) == (1, (0, timedelta(minutes=10)))


def test_hard_on_an_only_step_waits_half_as_long_again() -> None:
    assert wait(learn(scheduler(learning_steps=minutes(10)), Rating.HARD)) == (0, timedelta(minutes=15))


def test_hard_on_an_only_step_of_days_waits_a_day_more() -> None:
    card = learn(scheduler(learning_steps=(timedelta(days=3),)), Rating.HARD)
    assert wait(card) == (4, timedelta(0))


def test_easy_graduates_at_once_and_waits_a_day_more_than_good_would() -> None:
    card = learn(scheduler(learning_steps=()), Rating.EASY)
    assert (card.phase, card.interval) == (Phase.REVIEW, 8)
    short = Scheduler(
        SchedulerSettings(learning_steps=(), fuzz=False),
        MemoryModel((0.1, 0.2, 0.3, 0.4, *MemoryModel().parameters[4:])),
        StudyDays(UTC),
    )
    assert short.answer(NEW, Rating.EASY, NOON).interval == 2


def test_without_steps_a_card_that_would_be_forgotten_today_comes_back_today() -> None:
    card = learn(scheduler(learning_steps=()), Rating.AGAIN)
    assert (card.phase, wait(card)) == (Phase.LEARNING, (0, timedelta(seconds=18316)))
    assert learn(scheduler(learning_steps=()), Rating.GOOD).interval == 2


def test_a_step_that_crosses_the_rollover_is_due_on_the_next_study_day() -> None:
    late = datetime(2026, 5, 21, 3, 55, tzinfo=BERLIN)
    card = scheduler().answer(NEW, Rating.GOOD, late)
    assert (card.phase, card.step) == (Phase.LEARNING, 1)
    assert (card.due_at, card.due_day, card.interval) == (None, date(2026, 5, 21), 1)


def test_a_lapse_is_shown_again_after_the_relearning_step() -> None:
    card = scheduler().answer(review_card(lapses=2), Rating.AGAIN, NOON)
    assert (card.phase, card.step, card.lapses) == (Phase.RELEARNING, 0, 3)
    assert wait(card) == (0, timedelta(minutes=10))
    relearnt = scheduler().answer(card, Rating.GOOD, NOON + timedelta(minutes=10))
    assert (relearnt.phase, relearnt.lapses) == (Phase.REVIEW, 3)
    assert relearnt.memory is not None
    assert relearnt.interval == max(1, round(relearnt.memory.stability))


def test_forgetting_again_while_relearning_is_no_further_lapse() -> None:
    card = scheduler().answer(review_card(), Rating.AGAIN, NOON)
    assert scheduler().answer(card, Rating.AGAIN, NOON).lapses == 1


def test_an_interval_that_hardly_shrank_stays_as_it_was() -> None:
    card = scheduler().answer(
        review_card(stability=16.4, interval=17), Rating.HARD, NOON - timedelta(days=17)
    )
    assert card.memory is not None
    assert card.memory.stability == pytest.approx(16.4)
    assert card.interval == 17


def test_no_interval_is_longer_than_the_maximum() -> None:
    intervals = [
        card.interval
        for card in scheduler(maximum_interval=30).preview(review_card(400.0, 400), NOON).values()
    ]
    assert intervals == [0, 30, 30, 30]


def test_the_last_answer_is_kept_in_whole_milliseconds_of_utc() -> None:
    card = scheduler().answer(NEW, Rating.GOOD, NOON.replace(microsecond=123_999))
    assert card.last_review == datetime(2026, 5, 20, 10, 0, 0, 123_000, tzinfo=UTC)
    assert card.last_review.tzinfo is UTC


def test_every_setting_that_is_not_allowed_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        SchedulerSettings(1.2, (timedelta(0),), (timedelta(seconds=1.5),), 0, easy_days=(DayLoad.NORMAL,))
    for name in ("desired_retention", "learning_steps", "relearning_steps", "maximum_interval", "easy_days"):
        assert name in str(caught.value)


steps = st.lists(st.integers(1, 3 * 86400).map(lambda seconds: timedelta(seconds=seconds)), max_size=3).map(
    tuple
)
weeks = st.lists(st.sampled_from(DayLoad), min_size=7, max_size=7).map(tuple)
settings = st.builds(
    SchedulerSettings,
    st.floats(0.7, 0.99),
    steps,
    steps,
    st.integers(1, 36500),
    st.booleans(),
    st.booleans(),
    weeks,
)
# Around the night in which the clock goes forward: answers fall on both sides of it and of the rollover.
instants = st.timedeltas(timedelta(0), timedelta(days=6)).map(
    lambda later: datetime(2026, 3, 27, tzinfo=UTC) + later
)
coming_days = st.integers(0, 100).map(lambda days: date(2026, 3, 27) + timedelta(days=days))
loads = st.none() | st.builds(
    Load, st.dictionaries(coming_days, st.integers(0, 500)), st.frozensets(coming_days, max_size=3)
)
schedulers = st.builds(Scheduler, settings, st.just(MemoryModel()), st.just(StudyDays(BERLIN)))
memories = st.builds(Memory, st.floats(0.001, 36500), st.floats(1, 10))
cards = st.one_of(
    st.just(NEW),
    st.builds(
        Card,
        guid=st.just("note#0"),
        note_guid=st.just("note"),
        ordinal=st.just(0),
        phase=st.sampled_from([Phase.LEARNING, Phase.REVIEW, Phase.RELEARNING]),
        step=st.integers(0, 3),
        memory=memories,
        interval=st.integers(0, 400),
        last_day=st.integers(0, 700).map(lambda days: date(2025, 1, 1) + timedelta(days=days)),
        reviews=st.integers(1, 50),
    ),
)


@given(schedulers, cards, instants, loads)
def test_preview_and_answer_agree_and_change_nothing(
    scheduler: Scheduler, card: Card, now: datetime, load: Load | None
) -> None:
    untouched = copy.deepcopy(card)
    preview = scheduler.preview(card, now, load)
    assert {rating: scheduler.answer(card, rating, now, load) for rating in Rating} == preview
    assert card == untouched


@given(schedulers, cards, instants, loads)
def test_the_answer_agrees_with_a_preview_of_the_same_day(
    scheduler: Scheduler, card: Card, now: datetime, load: Load | None
) -> None:
    card = replace(card, phase=Phase.REVIEW)
    later = scheduler.days.starts(scheduler.days.day(now))
    before, after = scheduler.preview(card, now, load), scheduler.preview(card, later, load)
    assume(before[Rating.AGAIN].interval == after[Rating.AGAIN].interval)
    for rating in (Rating.HARD, Rating.GOOD, Rating.EASY):
        assert (before[rating].due_day, before[rating].memory) == (
            after[rating].due_day,
            after[rating].memory,
        )


@given(schedulers, cards, instants, loads)
def test_a_better_rating_never_waits_less(
    scheduler: Scheduler, card: Card, now: datetime, load: Load | None
) -> None:
    waits = [wait(after) for after in scheduler.preview(card, now, load).values()]
    assert waits == sorted(waits)
    assert waits[0] > (0, timedelta(0))


@given(schedulers, cards, instants, loads)
def test_fuzz_and_load_move_an_interval_within_its_range(
    scheduler: Scheduler, card: Card, now: datetime, load: Load | None
) -> None:
    maximum = scheduler.settings.maximum_interval
    elapsed = 0 if card.last_day is None else max(0, (scheduler.days.day(now) - card.last_day).days)
    states = scheduler.memory_model.next_states(card.memory, elapsed, scheduler.settings.desired_retention)
    exact = replace(scheduler, settings=replace(scheduler.settings, fuzz=False)).preview(card, now)
    worse = 1
    for rating, after in scheduler.preview(card, now, load).items():
        assert replace(after, interval=0, due_day=None) == replace(exact[rating], interval=0, due_day=None)
        if after.phase is Phase.REVIEW:
            days, at_least = (fuzz_range(interval, 1, maximum) for interval in (states[rating][1], worse + 1))
            assert days[0] <= after.interval <= max(days[-1], at_least[-1])
        # Easy brings a day more than Good would, even where Good only leads to the next step.
        would = fuzz_range(states[rating][1], 1, maximum)[-1] if rating is Rating.GOOD else 1
        worse = max(worse, after.interval, would)


@given(schedulers, cards, instants, loads)
def test_every_outcome_keeps_within_its_bounds(
    scheduler: Scheduler, card: Card, now: datetime, load: Load | None
) -> None:
    for after in scheduler.preview(card, now, load).values():
        assert after.interval <= scheduler.settings.maximum_interval
        assert after.memory is not None
        assert 0.001 <= after.memory.stability <= 36500
        assert 1 <= after.memory.difficulty <= 10
        assert after.phase is not Phase.NEW
        assert (after.phase is Phase.REVIEW) <= (after.due_day is not None)
        if after.due_at is not None:
            assert scheduler.days.day(after.due_at) == scheduler.days.day(now)


@given(schedulers, cards, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_a_clock_that_went_backwards_counts_as_the_same_day(
    scheduler: Scheduler, card: Card, back: timedelta
) -> None:
    last_answer = scheduler.days.starts(card.last_day or NOON.date())
    then = scheduler.preview(card, last_answer - back)
    for rating, same_day in scheduler.preview(card, last_answer).items():
        assert then[rating].memory == same_day.memory


def test_fuzz_spreads_cards_that_were_learnt_together() -> None:
    fuzzed = scheduler(fuzz=True)
    reviews = [replace(review_card(), guid=f"n{number}#0") for number in range(100)]
    intervals = {fuzzed.answer(card, Rating.GOOD, NOON).interval for card in reviews}
    (exact,) = {scheduler().answer(card, Rating.GOOD, NOON).interval for card in reviews}
    assert len(intervals) >= 5
    assert intervals <= set(fuzz_range(exact, 1, 36500))


def test_load_balancing_goes_where_little_is_due_unless_it_is_switched_off() -> None:
    exact = scheduler().answer(review_card(), Rating.GOOD, NOON)
    assert exact.due_day is not None
    free = exact.due_day + timedelta(days=2)
    near = [exact.due_day + timedelta(days=days) for days in range(-9, 10)]
    load = Load({day: 20 for day in near if day != free})
    reviews = [replace(review_card(), guid=f"n{number}#0") for number in range(50)]
    balanced = {scheduler(fuzz=True).answer(card, Rating.GOOD, NOON, load).due_day for card in reviews}
    assert balanced == {free}
    for settings in ({"fuzz": True, "load_balancing": False}, {"fuzz": False}):
        elsewhere = [scheduler(**settings).answer(card, Rating.GOOD, NOON, load).due_day for card in reviews]
        assert elsewhere == [
            scheduler(**settings).answer(card, Rating.GOOD, NOON).due_day for card in reviews
        ]


def test_recall_falls_from_the_day_of_the_last_answer() -> None:
    card = review_card(stability=10.0, interval=10)
    assert scheduler().recall(card, NOON.date()) == pytest.approx(0.9)
    assert scheduler().recall(card, NOON.date() - timedelta(days=10)) == 1.0
    assert scheduler().recall(NEW, NOON.date()) == 0.0


def studied(scheduler: Scheduler, answers: list[tuple[Rating, timedelta]]) -> tuple[Card, list[Review]]:
    """Answer a new card some time after each last answer; return it and its log."""
    card, now, log = NEW, datetime(2026, 3, 25, 9, tzinfo=UTC), []
    for number, (rating, later) in enumerate(answers):
        now += later
        after = scheduler.answer(card, rating, now)
        assert after.last_review is not None
        log.append(
            Review(
                f"{number:04}",
                card.guid,
                rating,
                after.last_review,
                scheduler.days.day(now),
                900,
                phase=card.phase,
                scheduled=scheduled(after, now),
            )
        )
        card = after
    return card, log


answers = st.lists(
    st.tuples(
        st.sampled_from(Rating),
        st.timedeltas(timedelta(milliseconds=1), timedelta(hours=30))
        | st.integers(1, 400).map(lambda days: timedelta(days)),
    ),
    max_size=12,
)


@given(schedulers, answers, st.randoms(use_true_random=False))
def test_the_log_in_any_order_leads_to_the_very_same_card(
    scheduler: Scheduler, answers: list[tuple[Rating, timedelta]], random: Random
) -> None:
    card, log = studied(scheduler, answers)
    shuffled = [*log, *log[:3]]
    random.shuffle(shuffled)
    assert scheduler.replay(NEW, shuffled) == card


@given(schedulers, answers, st.sampled_from(["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"]))
def test_the_log_leads_to_the_very_same_card_in_another_time_zone(
    scheduler: Scheduler, answers: list[tuple[Rating, timedelta]], zone: str
) -> None:
    card, log = studied(scheduler, answers)
    assert replace(scheduler, days=StudyDays(ZoneInfo(zone), 0)).replay(NEW, log) == card


def test_a_flight_west_makes_no_days_pass_and_the_next_day_one() -> None:
    tokyo = replace(scheduler(), days=StudyDays(ZoneInfo("Asia/Tokyo")))
    landed = replace(tokyo, days=StudyDays(ZoneInfo("America/Los_Angeles")))
    answered = tokyo.answer(
        review_card(), Rating.GOOD, datetime(2026, 5, 20, 6, tzinfo=ZoneInfo("Asia/Tokyo"))
    )
    assert answered.last_day == date(2026, 5, 20)
    evening, next_day, day_after = (datetime(2026, 5, day, 20, tzinfo=UTC) for day in (20, 21, 22))
    assert answered.memory is not None
    same_day = tokyo.memory_model.next_states(answered.memory, 0, 0.9)[Rating.GOOD][0]
    assert landed.answer(answered, Rating.GOOD, evening - timedelta(days=1)).memory == same_day
    assert landed.answer(answered, Rating.GOOD, evening).memory == same_day
    for elapsed, at in ((1, next_day), (2, day_after)):
        expected = tokyo.memory_model.next_states(answered.memory, elapsed, 0.9)[Rating.GOOD][0]
        assert landed.answer(answered, Rating.GOOD, at).memory == expected


def test_replay_takes_the_due_day_from_the_log() -> None:
    card, log = studied(scheduler(), [(Rating.EASY, timedelta(0))])
    fuzzed = replace(log[0], scheduled=-9)
    replayed = scheduler().replay(NEW, [fuzzed])
    assert (replayed.interval, replayed.due_day) == (9, date(2026, 4, 3))
    assert replayed.memory == card.memory


def test_cramming_leaves_the_card_where_it_is_and_a_test_that_counts_moves_it() -> None:
    card, log = studied(scheduler(), [(Rating.EASY, timedelta(0))])
    later = replace(log[0], id="9", rating=Rating.AGAIN, at=log[0].at + timedelta(days=3))
    replayed = [
        scheduler().replay(NEW, [*log, replace(later, kind=kind)])
        for kind in (ReviewKind.STUDY, ReviewKind.TEST, ReviewKind.CRAM)
    ]
    assert replayed[0] == replayed[1] != card
    assert replayed[2] == card


@given(
    schedulers,
    st.lists(
        st.builds(
            Review,
            id=st.sampled_from("abc"),
            card_guid=st.just("note#0"),
            rating=st.integers(-1, 6) | st.sampled_from(Rating),
            at=st.datetimes(timezones=st.just(UTC)),
            day=st.dates(),
            duration_ms=st.integers(),
            kind=st.sampled_from(ReviewKind),
            phase=st.sampled_from(Phase),
            scheduled=st.integers(),
        )
    ),
)
def test_a_log_of_impossible_entries_still_leads_somewhere(scheduler: Scheduler, log: list[Review]) -> None:
    card = scheduler.replay(NEW, log)
    assert card.reviews <= len(log)
    assert card.interval <= 36500
    assert (card.due_at is None) or card.due_day is None
    assert card == scheduler.replay(NEW, reversed(log)) or len({review.id for review in log}) < len(log)


def test_replay_leaves_out_ratings_that_there_are_not_and_brings_waits_within_bounds() -> None:
    card, log = studied(scheduler(), [(Rating.EASY, timedelta(0)), (Rating.GOOD, timedelta(days=8))])
    nonsense = replace(log[0], id="x", rating=0)
    assert scheduler().replay(NEW, [*log, nonsense]) == card
    for absurd, interval in ((-(10**12), 36500), (10**12, 36500), (3 * 86400, 3)):
        assert scheduler().replay(NEW, [replace(log[0], scheduled=absurd)]).interval == interval


def test_replay_believes_the_log_when_the_steps_were_changed_since() -> None:
    graduated, log = studied(scheduler(learning_steps=minutes(1)), [(Rating.GOOD, timedelta(0))])
    assert scheduler(learning_steps=minutes(1, 10, 60)).replay(NEW, log) == graduated
    waiting, log = studied(scheduler(learning_steps=minutes(1, 10)), [(Rating.GOOD, timedelta(0))])
    replayed = scheduler(learning_steps=minutes(1)).replay(NEW, log)
    assert (replayed.phase, replayed.due_at) == (Phase.LEARNING, waiting.due_at)
    lapsed, log = studied(scheduler(), [(Rating.EASY, timedelta(0)), (Rating.AGAIN, timedelta(days=8))])
    replayed = scheduler(relearning_steps=(timedelta(days=2),)).replay(NEW, log)
    assert (replayed.due_at, replayed.lapses) == (lapsed.due_at, 1)
