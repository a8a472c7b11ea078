"""The tallies agree with the log, whatever happens to reviews and cards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils.db import Database

from lrcards.cards.model import Phase, Rating, Review, ReviewKind
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.safety import check
from lrcards.collection.store import Collection, new_review_id
from lrcards.collection.tallies import BY_DAY, BY_QUARTER_HOUR, BY_RECALL, TALLIES, tallied, tally_problems
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.scheduler import Scheduler, SchedulerSettings
from lrcards.study.settings import StudySettings
from lrcards.study.tallies import stage

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCHEDULER = Scheduler(SchedulerSettings(), MemoryModel(), StudyDays(UTC))
RULES = Rules(StudySettings(), StudyDays(UTC))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


def review(
    card: str = "p#0",
    rating: Rating = Rating.GOOD,
    phase: Phase = Phase.REVIEW,
    last_interval: int = 5,
    recall: float | None = 0.9,
    kind: ReviewKind = ReviewKind.STUDY,
    at: datetime = NOON,
    random: Random = Random(1),  # noqa: B008
) -> Review:
    return Review(
        new_review_id(at, random),
        card,
        rating,
        at,
        at.date(),
        1500,
        kind,
        phase,
        last_interval=last_interval,
        recall=recall,
    )


def insert(database: Database, review: Review) -> None:
    values = review_values(review)
    database.execute(insert_sql("reviews", values), values)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("last_interval", [0, 1, 20, 21, 500])
def test_an_answer_is_counted_by_how_firmly_the_card_was_known(
    collection: Collection, phase: Phase, last_interval: int
) -> None:
    with collection.writing() as database:
        insert(database, review(phase=phase, last_interval=last_interval))
        assert list(tallied(database, BY_DAY)) == [
            ("2026-03-02", "study", stage(phase, last_interval), 3, 1, 1500)
        ]


def test_answers_are_counted_for_the_quarter_of_an_hour_and_the_recall_foretold(
    collection: Collection,
) -> None:
    with collection.writing() as database:
        for minute, recall, rating in (
            (0, 0.91, Rating.GOOD),
            (14, 0.94, Rating.AGAIN),
            (15, 1.0, Rating.HARD),
        ):
            insert(database, review(rating=rating, recall=recall, at=NOON + timedelta(minutes=minute)))
        insert(database, review(recall=0.5, kind=ReviewKind.CRAM))
        insert(database, review(recall=None, at=NOON + timedelta(minutes=15)))
        quarter = NOON.timestamp() / 900
        assert list(tallied(database, BY_QUARTER_HOUR)) == [
            ("2026-03-02", quarter, 2, 1),
            ("2026-03-02", quarter + 1, 2, 2),
        ]
        assert list(tallied(database, BY_RECALL)) == [
            ("2026-03-02", 18, 2, 1, 1_850_000),
            ("2026-03-02", 19, 1, 1, 1_000_000),
        ]


def test_a_review_that_is_there_already_is_not_counted_twice(collection: Collection) -> None:
    values = review_values(review())
    with collection.writing() as database:
        insert(database, review())
        database.execute(insert_sql("reviews", values).replace("INSERT", "INSERT OR IGNORE", 1), values)
        assert list(tally_problems(database)) == []


LOGS = st.lists(
    st.tuples(
        st.sampled_from(["p#0", "q#0"]),
        st.sampled_from(Rating),
        st.sampled_from(Phase),
        st.sampled_from([0, 1, 20, 21]),
        st.none() | st.floats(0, 1),
        st.sampled_from(ReviewKind),
        st.booleans(),
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(LOGS)
def test_the_tallies_are_what_a_count_of_the_log_gives(log: list[tuple[Any, ...]]) -> None:
    """Half of the answers are taken back again; the rest is the log of the cards of one deck."""
    random = Random(1)
    with (
        TemporaryDirectory() as folder,
        Collection.open(Path(folder) / "c.sqlite") as collection,
        collection.writing() as database,
    ):
        kept = []
        for number, (*details, stands) in enumerate(log):
            entry = review(*details, at=NOON + timedelta(hours=5 * number), random=random)
            insert(database, entry)
            if stands:
                kept.append(entry)
            else:
                database.execute("DELETE FROM reviews WHERE id = ?", (entry.id,))
        assert list(tally_problems(database)) == []
        for tally in TALLIES:
            rows = sorted(tallied(database, tally))
            assert rows == sorted(tallied(database, tally, "card_guid IN ('p#0', 'q#0')"))
            assert all(row[len(tally.keys)] > 0 for row in rows)
        by_day = list(tallied(database, BY_DAY))
    assert sum(row[4] for row in by_day) == len(kept)
    assert {row[0] for row in by_day} == {entry.day.isoformat() for entry in kept}


def test_a_wrong_tally_is_found_and_counted_again(collection: Collection) -> None:
    with collection.writing() as database:
        insert(database, review())
        database.execute("UPDATE tallies_by_day SET answers = 7")
    assert check(collection, RULES).problems == (
        "The counts in tallies_by_day do not agree with the log of reviews.",
    )
    assert check(collection, RULES, rebuild=True).problems == ()
    assert check(collection, RULES).problems == ()
