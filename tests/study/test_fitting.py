"""Fitting: what a log teaches, and whether new parameters are better than those in use."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import Phase, Rating, Review, ReviewKind
from lrcards.errors import SettingsError
from lrcards.study import fitting
from lrcards.study.days import StudyDays
from lrcards.study.fitting import SPLITS, STAGES, Lessons, _evaluated, fit
from lrcards.study.log import answers_by_card
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel, TrainingSet

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2027, 3, 2)
LOG = Path(__file__).parents[2].parent / "shared" / "data" / "review_log.csv"
needs_log = pytest.mark.skipif(not LOG.exists(), reason="the recorded log of reviews is not here")
GOOD, AGAIN = Rating.GOOD, Rating.AGAIN


def review(
    day: float,
    rating: Rating = GOOD,
    phase: Phase = Phase.REVIEW,
    card: str = "c",
    kind: ReviewKind = ReviewKind.STUDY,
) -> Review:
    at = NOON + timedelta(days=day)
    return Review(f"{card} {day}", card, rating, at, at.date(), 4000, kind, phase)


def lessons(reviews: Iterable[Review], today: date) -> Lessons:
    return fitting.lessons(answers_by_card(reviews, today))


def learnt(*days: float, card: str = "c", ratings: Sequence[Rating] = ()) -> list[Review]:
    """Return a card's answers on these days, the first of which introduces it; Good unless said."""
    given = [*ratings, *[GOOD] * (len(days) - len(ratings))]
    phases = [Phase.NEW, *[Phase.REVIEW] * (len(days) - 1)]
    return [review(day, rating, phase, card) for day, rating, phase in zip(days, given, phases, strict=True)]


def histories(reviews: list[Review]) -> list[list[tuple[int, int]]]:
    return [list(history) for history in lessons(reviews, TODAY).histories]


def endings(taught: Lessons) -> list[list[tuple[int, int]]]:
    return [list(taught.histories[item.card][: item.answers]) for item in taught.items]


def forgetful(cards: int, seed: int = 1, answers: int = 6, recall: float = 0.9) -> list[Review]:
    """Return a log of cards that are asked after 2, 4, 8 … days and recalled with one probability."""
    random = Random(seed)
    log = []
    for card in range(cards):
        days = [card / 10 + 2.0**power * (power > 0) for power in range(answers)]
        ratings = [GOOD, *(GOOD if random.random() < recall else AGAIN for _ in days[1:])]
        log += learnt(*days, card=f"{card}", ratings=ratings)
    return log


def test_an_item_is_an_answer_on_a_later_day_with_all_before_it() -> None:
    log = [
        review(0, GOOD, Phase.NEW),
        review(0.01, AGAIN, Phase.LEARNING),
        review(3, GOOD),
        review(3.01, GOOD, Phase.RELEARNING),
        review(10, Rating.EASY),
    ]
    assert endings(lessons(log, TODAY)) == [
        [(3, 0), (1, 0), (3, 3)],
        [(3, 0), (1, 0), (3, 3), (3, 0), (4, 7)],
    ]


def test_items_of_all_cards_are_sorted_by_time() -> None:
    taught = lessons([*learnt(0, 5, card="a"), *learnt(1, 3, 9, card="b")], TODAY)
    assert [(item.card, item.answers) for item in taught.items] == [(1, 2), (0, 2), (1, 3)]


def test_cramming_teaches_nothing_and_a_test_that_counts_does() -> None:
    log = learnt(0, 3)
    assert histories([*log, review(1, AGAIN, kind=ReviewKind.CRAM)]) == histories(log)
    assert histories([*log, review(9, AGAIN, kind=ReviewKind.TEST)]) == histories([*log, review(9, AGAIN)])


def test_a_history_begins_with_the_last_learning_block() -> None:
    log = [*learnt(0, 3, 9), review(20, GOOD, Phase.NEW), review(20.01, GOOD, Phase.LEARNING), review(22)]
    assert histories(log) == [[(3, 0), (3, 0), (3, 2)]]


def test_a_card_whose_beginning_is_not_in_the_log_is_left_out() -> None:
    assert histories([review(0), review(4)]) == []


def test_answers_of_the_future_are_left_out() -> None:
    assert histories([*learnt(0, 3), review(5000)]) == histories(learnt(0, 3))


def test_a_day_that_goes_backwards_counts_as_the_same_day() -> None:
    first, second = learnt(0, 3)
    backwards = Review(second.id, "c", GOOD, second.at, first.day - timedelta(days=9), 0, phase=Phase.REVIEW)
    assert histories([first, backwards]) == [[(3, 0), (3, 0)]]


@given(st.data())
def test_order_and_repetition_in_the_log_change_nothing(data: st.DataObject) -> None:
    log = forgetful(3, answers=4)
    mixed = data.draw(st.permutations(log)) + data.draw(st.lists(st.sampled_from(log)))
    assert lessons(mixed, TODAY) == lessons(log, TODAY)


ANYTHING = st.builds(
    Review,
    st.integers(0, 60).map(str),
    st.sampled_from("abcdef"),
    st.sampled_from(Rating),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.integers(0, 10**9),
    st.sampled_from(ReviewKind),
    st.sampled_from(Phase),
)


@given(st.lists(ANYTHING, max_size=80))
def test_no_log_however_impossible_breaks_the_fit(log: list[Review]) -> None:
    result = fit(lessons(log, date(2026, 1, 1)))
    assert len(MemoryModel(result.parameters).parameters) == 21


@pytest.mark.parametrize(("items", "missing"), [(0, "8 more reviews"), (7, "1 more review ")])
def test_too_few_reviews_keep_the_parameters_and_say_how_many_are_missing(items: int, missing: str) -> None:
    result = fit(lessons(learnt(*range(items + 1)), TODAY))
    assert result.parameters == DEFAULT_PARAMETERS
    assert not result.better
    assert (result.items, result.missing) == (items, 8 - items)
    assert missing in result.verdict


def test_first_intervals_too_few_to_learn_from_are_not_enough_either() -> None:
    log = forgetful(12)
    result = fit(lessons(log, TODAY))
    assert (result.items, result.missing, result.fitted) == (60, 8, None)


def test_fewer_than_64_reviews_fit_the_first_stabilities_alone() -> None:
    result = fit(lessons(forgetful(60, answers=2, recall=0.3), TODAY))
    assert result.items == 60
    assert result.fitted is not None
    assert result.fitted[4:] == DEFAULT_PARAMETERS[4:]
    assert result.fitted[:4] != DEFAULT_PARAMETERS[:4]
    assert result.parameters == result.fitted
    assert result.verdict.startswith("The new four first stabilities predict your answers better")


def test_better_parameters_are_used() -> None:
    result = fit(lessons(forgetful(200, recall=0.6), TODAY))
    assert result.better
    assert result.parameters == result.fitted
    assert result.comparison is not None
    assert result.comparison.after.log_loss < result.comparison.before.log_loss


def test_parameters_that_already_fit_are_kept() -> None:
    taught = lessons(forgetful(200, recall=0.6), TODAY)
    first = fit(taught)
    again = fit(taught, first.parameters)
    assert not again.better
    assert again.parameters == first.parameters
    assert "kept" in again.verdict


def test_a_fit_that_does_not_help_with_unseen_reviews_is_not_used() -> None:
    log = []
    for season in range(6):
        rating = AGAIN if season in (0, 5) else GOOD
        for card in range(40):
            start = 60 * season + card / 40
            log += learnt(
                start, start + 2, start + 6, card=f"{season} {card}", ratings=[GOOD, rating, rating]
            )
    result = fit(lessons(log, TODAY))
    assert result.comparison is not None
    assert result.comparison.after.log_loss < result.comparison.before.log_loss
    assert result.comparison.unseen_by_fit.log_loss > result.comparison.unseen_by_default.log_loss
    assert not result.better
    assert result.parameters == DEFAULT_PARAMETERS
    assert result.verdict == "New parameters would not predict your answers better, so those in use are kept."


def test_bad_parameters_in_use_are_refused() -> None:
    with pytest.raises(SettingsError):
        fit(lessons([], TODAY), [1.0] * 5)


def test_progress_is_told_after_each_stage() -> None:
    told: list[int] = []
    fit(lessons(forgetful(30), TODAY), progress=told.append)
    assert told == list(range(1, STAGES + 1))


def test_the_default_parameters_are_measured_as_fsrs_rs_measures_splits() -> None:
    taught = lessons(forgetful(15), TODAY)
    cards = taught.histories
    training_set = TrainingSet(cards, [(item.card, item.answers) for item in taught.items])
    # So few reviews that what fsrs-rs fits to each split is the default parameters.
    assert training_set.fitted(1) == DEFAULT_PARAMETERS
    theirs = training_set.evaluated_by_splits(1)
    ours = _evaluated(MemoryModel(), cards, taught.items[len(taught.items) // (SPLITS + 1) :])
    assert ours.log_loss == pytest.approx(theirs.log_loss, abs=1e-5)
    assert ours.rmse_bins == pytest.approx(theirs.rmse_bins, abs=1e-5)


def recorded() -> Iterator[Review]:
    """Yield the recorded log; its learner's nights are at 6 to 15 hours UTC."""
    days = StudyDays(UTC, 10)
    met: set[str] = set()
    with LOG.open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            at = datetime.fromisoformat(row["review_time"])
            phase = Phase.REVIEW if row["card_id"] in met else Phase.NEW
            met.add(row["card_id"])
            yield Review(
                f"{number}",
                row["card_id"],
                Rating(int(row["review_rating"])),
                at,
                days.day(at),
                int(row["review_duration"]),
                phase=phase,
            )


@needs_log
def test_a_real_log_is_predicted_better_after_the_fit() -> None:
    result = fit(lessons(recorded(), TODAY))
    assert result.items == 6372
    assert result.better
    comparison = result.comparison
    assert comparison is not None
    assert comparison.before.log_loss == pytest.approx(0.4539, abs=1e-4)
    assert comparison.after.log_loss == pytest.approx(0.4426, abs=1e-4)
    assert comparison.after.rmse_bins < 0.6 * comparison.before.rmse_bins
    assert comparison.unseen_by_default.log_loss == pytest.approx(0.4417, abs=1e-4)
    assert comparison.unseen_by_fit.log_loss == pytest.approx(0.4388, abs=1e-4)


@needs_log
def test_a_refit_after_the_log_grew_is_used_again() -> None:
    taught = lessons(recorded(), TODAY)
    half = taught.items[: len(taught.items) // 2]
    early = fit(Lessons(taught.histories, half))
    late = fit(taught, early.parameters)
    assert early.better
    assert late.better
    assert late.parameters != early.parameters
