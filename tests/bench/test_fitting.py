"""From a log of 12,580 reviews in a collection to new parameters stored, beside the time inside fsrs-rs."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from lrcards.cards.model import Note, NoteKind, Phase, Rating, Review, card_guid
from lrcards.collection.parameters import answers_by_card, model_in_use
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.store import Collection
from lrcards.refit import refit
from lrcards.study.days import StudyDays
from lrcards.study.fitting import fit, lessons
from lrcards.study.log import answers_by_card as in_order
from lrcards.study.memory import DEFAULT_PARAMETERS, TrainingSet

pytestmark = pytest.mark.bench

LOG = Path(__file__).parents[2].parent / "shared" / "data" / "review_log.csv"
NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
RUNS = 7


def recorded() -> list[Review]:
    """Return the recorded log as ours; its learner's nights are at 6 to 15 hours UTC."""
    days = StudyDays(UTC, 10)
    log: dict[str, Review] = {}
    first: set[str] = set()
    with LOG.open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            at = datetime.fromisoformat(row["review_time"])
            guid = card_guid(row["card_id"], 0)
            rating, duration = Rating(int(row["review_rating"])), int(row["review_duration"])
            review = Review(f"{number:036}", guid, rating, at, days.day(at), duration, phase=Phase.REVIEW)
            log[review.id] = review if guid in first else replace(review, phase=Phase.NEW)
            first.add(guid)
    return list(log.values())


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect how long each call of fsrs-rs that fits or evaluates takes, in seconds."""
    spans: list[float] = []

    def timed(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def wrapper(*arguments: Any) -> Any:
            start = process_time()
            try:
                return method(*arguments)
            finally:
                spans.append(process_time() - start)

        return wrapper

    for name in ("fitted", "evaluated", "evaluated_by_splits"):
        monkeypatch.setattr(TrainingSet, name, timed(getattr(TrainingSet, name)))
    return spans


def fastest(action: Callable[[], object], inside: list[float]) -> tuple[float, float, float]:
    """Return the CPU seconds of the fastest run: in all, inside fsrs-rs, and in the fit proper alone."""
    runs = []
    for _ in range(RUNS):
        inside.clear()
        start = process_time()
        action()
        runs.append((process_time() - start, sum(inside), inside[0]))
    return min(runs)


@pytest.mark.skipif(not LOG.exists(), reason="the recorded log of reviews is not here")
def test_fitting_beside_fsrs_rs(tmp_path: Path, inside: list[float]) -> None:
    log = recorded()
    notes = [
        Note(guid.partition("#")[0], "Recorded", NoteKind.BASIC, guid, "answer")
        for guid in dict.fromkeys(review.card_guid for review in log)
    ]
    with Collection.open(tmp_path / "collection.db") as collection:
        collection.import_notes(notes, datetime(2024, 1, 1, tzinfo=UTC))
        with collection.writing() as database:
            for review in log:
                database.execute(insert_sql("reviews", values := review_values(review)), values)

        def to_stored() -> None:
            collection.set_meta("parameters", str(list(DEFAULT_PARAMETERS)), NOW)
            report = refit(collection, NOW, StudyDays(UTC), 1)
            assert report.recomputed == len(notes)
            assert model_in_use(collection).parameters == report.fit.fitted

        stored = fastest(to_stored, inside)
        start = process_time()
        answers_by_card(collection, TODAY)
        reading = process_time() - start
    fitted = fastest(lambda: fit(lessons(in_order(log, TODAY))), inside)
    print(f"\n{len(log)} reviews, CPU milliseconds            in all  inside fsrs-rs  ratio")
    for name, (total, within, _) in {
        "log to better parameters": fitted,
        "file to parameters stored, cards anew": stored,
    }.items():
        print(f"{name:<40} {1000 * total:7.1f} {1000 * within:15.1f} {total / within:6.2f}")
    print(f"of which: reading the log {1000 * reading:.1f}, the fit proper {1000 * stored[2]:.1f}")
