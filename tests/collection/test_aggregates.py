"""What is read of the log and the cards agrees with counts made in plain Python."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.store import Collection, move_card, new_review_id
from lrcards.errors import CollectionError
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.scheduler import Scheduler, SchedulerSettings
from lrcards.study.statistics import Share, Span, statistics
from lrcards.study.tallies import CardTallies, LogTallies, PredictionTally, Stage

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAYS = StudyDays(UTC)
RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "review_log.csv"


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Notes p and q in one deck, r in its subdeck, s in another deck."""
    decks = {"p": "Rates", "q": "Rates", "r": "Rates::Decay", "s": "Elsewhere"}
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        notes = [Note(guid, deck, NoteKind.BASIC, f"question {guid}", "a") for guid, deck in decks.items()]
        collection.import_notes(notes, NOW)
        yield collection


def log(collection: Collection, *reviews: Review) -> None:
    with collection.writing() as database:
        for review in reviews:
            values = review_values(review)
            database.execute(insert_sql("reviews", values), values)


def place(collection: Collection, guid: str, **where: object) -> None:
    with collection.writing() as database:
        move_card(database, replace(collection.card(guid), **where))  # type: ignore[arg-type]


def review(card: str, number: int, **further: object) -> Review:
    at = NOW + timedelta(seconds=number)
    return Review(
        new_review_id(at, Random(number)),
        card,
        Rating.GOOD,
        at,
        TODAY,
        1000,
        **further,  # type: ignore[arg-type]
    )


def test_a_deck_counts_its_subdecks_and_no_other_deck(collection: Collection) -> None:
    log(
        collection,
        *(review(f"{guid}#0", number) for number, guid in enumerate(["p", "q", "q", "r", "s", "gone"])),
    )

    def answers(deck: str | None) -> int:
        of_log, _ = collection.tallies(TODAY, deck)
        assert sum(tally.answers for tally in of_log.quarter_hours) == sum(
            tally.answers for tally in of_log.days
        )
        return sum(tally.answers for tally in of_log.days)

    assert {deck: answers(deck) for deck in ("Rates", "Rates::Decay", "Elsewhere", None)} == {
        "Rates": 4,
        "Rates::Decay": 1,
        "Elsewhere": 1,
        None: 6,
    }
    with pytest.raises(CollectionError, match="no deck 'Nowhere'"):
        collection.tallies(TODAY, "Nowhere")


def test_predictions_are_counted_by_day_and_by_what_was_asked(collection: Collection) -> None:
    predictions = [("regime", True), ("regime", False), ("order", True)]
    log(
        collection,
        *(
            review("p#0", number, prediction={"asked": asked, "chosen": "a", "truth": "b", "held": held})
            for number, (asked, held) in enumerate(predictions)
        ),
        review("s#0", 9, prediction={"asked": "regime", "held": True}),
        review("s#0", 10),
    )
    of_all, _ = collection.tallies(TODAY)
    of_rates, _ = collection.tallies(TODAY, "Rates")
    order = PredictionTally(TODAY, "order", 1, 1)
    assert list(of_all.predictions) == [order, PredictionTally(TODAY, "regime", 3, 2)]
    assert list(of_rates.predictions) == [order, PredictionTally(TODAY, "regime", 2, 1)]


def test_cards_are_counted_where_they_stand(collection: Collection) -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    known = {"memory": Memory(4.7, 5.55), "last_review": NOW - timedelta(days=3)}
    place(
        collection,
        "p#0",
        phase=Phase.REVIEW,
        interval=30,
        due_day=yesterday,
        last_day=TODAY - timedelta(days=3),
        **known,
    )
    place(
        collection,
        "q#0",
        phase=Phase.REVIEW,
        interval=3,
        due_day=TODAY,
        last_day=TODAY - timedelta(days=3),
        buried_until=tomorrow,
        **known,
    )
    place(collection, "r#0", phase=Phase.LEARNING, due_at=NOW, last_day=TODAY, **known)
    _, cards = collection.tallies(TODAY)
    assert cards == CardTallies(
        stages={Stage.MATURE: 1, Stage.YOUNG: 1, Stage.LEARNING: 1, Stage.NEW: 1},
        suspended=0,
        intervals={30: 1, 3: 1},
        stabilities={4: 3},
        difficulties={5.5: 3},
        elapsed={0.638: 2, 0.0: 1},
        due={yesterday: 1, tomorrow: 1, TODAY: 1},
    )
    place(collection, "p#0", suspended=True)
    _, cards = collection.tallies(TODAY)
    assert (cards.suspended, cards.due) == (1, {tomorrow: 1, TODAY: 1})
    assert cards.stages[Stage.MATURE] == 1


def test_an_empty_collection_has_empty_tallies(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        assert collection.tallies(TODAY) == (
            LogTallies([], [], [], []),
            CardTallies({}, 0, {}, {}, {}, {}, {}),
        )


def recorded_answers() -> list[tuple[str, Rating, datetime, int]]:
    if not RECORDED.is_file():
        pytest.skip("the recorded log is not here")
    with RECORDED.open(encoding="utf-8") as file:
        rows = [
            (
                row["card_id"],
                Rating(int(row["review_rating"])),
                datetime.fromisoformat(row["review_time"]),
                int(row["review_duration"]),
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda row: row[2])


def test_true_retention_of_a_real_log_agrees_with_a_second_count(collection: Collection) -> None:
    """The answers are played through the scheduler, so that each has the interval its card then had."""
    scheduler = Scheduler(SchedulerSettings(), MemoryModel(), DAYS)
    cards: dict[str, Card] = {}
    reviews = []
    for number, (guid, rating, at, duration) in enumerate(recorded_answers()):
        card = cards.get(guid) or Card(guid, guid, 0)
        reviews.append(
            Review(
                new_review_id(at, Random(number)),
                guid,
                rating,
                at,
                DAYS.day(at),
                duration,
                phase=card.phase,
                last_interval=card.interval,
            )
        )
        cards[guid] = scheduler.answer(card, rating, at)
    log(collection, *reviews)
    now = reviews[-1].at
    today = DAYS.day(now)
    of_log, of_cards = collection.tallies(today)
    periods = statistics(of_log, of_cards, DAYS, now, MemoryModel()).periods

    lengths = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30, Span.YEAR: 365, Span.ALL: 10_000}
    for span, length in lengths.items():
        passed: Counter[bool] = Counter()
        failed: Counter[bool] = Counter()
        for entry in reviews:
            in_time = today - entry.day < timedelta(days=length)
            if in_time and (entry.phase is Phase.REVIEW or entry.last_interval >= 1):
                (failed if entry.rating is Rating.AGAIN else passed)[entry.last_interval >= 21] += 1
        retention = periods[span].retention
        assert retention.young == Share(passed[False], passed[False] + failed[False])
        assert retention.mature == Share(passed[True], passed[True] + failed[True])
    everything = periods[Span.ALL]
    assert everything.retention.mature.answers > 50
    assert everything.answers == len(reviews)
    assert everything.time == timedelta(milliseconds=sum(entry.duration_ms for entry in reviews))
    by_hour = Counter(entry.at.hour for entry in reviews)
    assert {hour: share.answers for hour, share in enumerate(everything.hours) if share.answers} == by_hour
