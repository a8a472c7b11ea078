"""The tallies agree with the log, whatever happens to reviews and cards."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils.db import Database

from lrcards.cards.model import Note, NoteKind, Phase, Rating, Review, ReviewKind
from lrcards.collection.rows import insert_sql, review_values, rows_of
from lrcards.collection.safety import check
from lrcards.collection.store import Collection, new_review_id
from lrcards.collection.tallies import TALLIES, tally_problems
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.scheduler import Scheduler, SchedulerSettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCHEDULER = Scheduler(SchedulerSettings(), MemoryModel(), StudyDays(UTC))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


def basic(guid: str, deck: str) -> Note:
    return Note(guid, deck, NoteKind.BASIC, f"question {guid}", "answer")


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


def table(database: Database, name: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in rows_of(database, f"SELECT * FROM {name}", {})]


@pytest.mark.parametrize(
    ("phase", "last_interval", "stage"),
    [
        (Phase.NEW, 0, "new"),
        (Phase.LEARNING, 0, "learning"),
        (Phase.RELEARNING, 0, "learning"),
        (Phase.LEARNING, 1, "young"),
        (Phase.RELEARNING, 1, "young"),
        (Phase.REVIEW, 1, "young"),
        (Phase.REVIEW, 20, "young"),
        (Phase.REVIEW, 21, "mature"),
        (Phase.RELEARNING, 30, "mature"),
    ],
)
def test_an_answer_is_counted_by_how_firmly_the_card_was_known(
    collection: Collection, phase: Phase, last_interval: int, stage: str
) -> None:
    with collection.writing() as database:
        insert(database, review(phase=phase, last_interval=last_interval))
        assert table(database, "tallies_by_day") == [("2026-03-02", "study", stage, 3, 0, 1, 1500)]


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
        assert table(database, "tallies_by_quarter_hour") == [(quarter, 0, 2, 1), (quarter + 1, 0, 2, 2)]
        assert table(database, "tallies_by_recall") == [
            ("2026-03-02", 18, 0, 2, 1, 1_850_000),
            ("2026-03-02", 19, 0, 1, 1, 1_000_000),
        ]


def test_reviews_follow_their_card_into_its_deck(collection: Collection) -> None:
    def answers_by_deck() -> dict[str | None, int]:
        with collection.reading() as database:
            rows = database.execute(
                """
                SELECT name, sum(answers) FROM tallies_by_day LEFT JOIN decks ON decks.id = deck_id
                GROUP BY name
                """
            )
            return dict(rows.fetchall())

    with collection.writing() as database:
        insert(database, review("p#0"))
        insert(database, review("q#0"))
    assert answers_by_deck() == {None: 2}
    collection.import_notes([basic("p", "Rates"), basic("r", "Rates")], NOON)
    assert answers_by_deck() == {None: 1, "Rates": 1}
    collection.import_notes([basic("p", "Elsewhere")], NOON)
    assert answers_by_deck() == {None: 1, "Elsewhere": 1}
    with collection.writing() as database:
        database.execute("DELETE FROM cards WHERE guid = 'p#0'")
    assert answers_by_deck() == {None: 2}


def test_a_review_that_is_there_already_is_not_counted_twice(collection: Collection) -> None:
    values = review_values(review())
    with collection.writing() as database:
        insert(database, review())
        database.execute(insert_sql("reviews", values).replace("INSERT", "INSERT OR IGNORE", 1), values)
        assert list(tally_problems(database)) == []


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("answer"),
            st.sampled_from(["p#0", "q#0"]),
            st.sampled_from(Rating),
            st.sampled_from(Phase),
            st.sampled_from([0, 1, 20, 21]),
            st.none() | st.floats(0, 1),
            st.sampled_from(ReviewKind),
        ),
        st.tuples(st.just("take back"), st.integers(0, 20)),
        st.tuples(st.just("import"), st.sampled_from("pq"), st.sampled_from(["A", "B"])),
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_the_tallies_are_what_a_count_of_the_log_gives(steps: list[tuple[object, ...]]) -> None:
    random = Random(1)
    log: list[Review] = []
    with TemporaryDirectory() as folder, Collection.open(Path(folder) / "c.sqlite") as collection:
        for number, (step, *details) in enumerate(steps):
            if step == "import":
                guid, deck = details
                collection.import_notes([basic(str(guid), str(deck))], NOON)
                continue
            with collection.writing() as database:
                if step == "answer":
                    at = NOON + timedelta(hours=5 * number)
                    log.append(review(*details, at=at, random=random))  # type: ignore[arg-type]
                    insert(database, log[-1])
                elif log:
                    index = int(str(details[0])) % len(log)
                    database.execute("DELETE FROM reviews WHERE id = ?", (log.pop(index).id,))
        with collection.reading() as database:
            assert list(tally_problems(database)) == []
            kept = Counter()
            for row in rows_of(database, "SELECT * FROM tallies_by_day", {}):
                kept[row["day"], row["kind"], row["rating"]] += row["answers"]
            assert all(
                row["answers"] > 0
                for tally in TALLIES
                for row in rows_of(database, f"SELECT answers FROM {tally.table}", {})
            )
        assert kept == Counter((entry.day.isoformat(), entry.kind, entry.rating) for entry in log)


def test_a_wrong_tally_is_found_and_counted_again(collection: Collection) -> None:
    with collection.writing() as database:
        insert(database, review())
        database.execute("UPDATE tallies_by_day SET answers = 7")
    assert check(collection, SCHEDULER).problems == (
        "The counts in tallies_by_day do not agree with the log of reviews.",
    )
    assert check(collection, SCHEDULER, rebuild=True).problems == ()
    assert check(collection, SCHEDULER).problems == ()
