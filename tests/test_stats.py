"""Statistics for a reader and for a script."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.cli import group
from lrcards.collection.store import Collection
from lrcards.session import Sitting
from lrcards.stats import as_data, in_words, statistics_of
from lrcards.study.days import StudyDays
from lrcards.study.scheduler import SchedulerSettings
from lrcards.study.settings import StudySettings
from lrcards.study.statistics import Span

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)


@pytest.fixture
def studied(tmp_path: Path) -> Iterator[Collection]:
    """Two decks; both were studied for a week, a card of one was forgotten once."""
    settings = StudySettings(scheduler=SchedulerSettings(fuzz=False))
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        notes = [
            Note(guid, deck, NoteKind.BASIC, guid, "a") for guid, deck in (("p", "Rates"), ("q", "Kinks"))
        ]
        collection.import_notes(notes, NOON)
        for day in range(8):
            now = NOON + timedelta(days=day)
            sitting = Sitting(collection, settings, DAYS, lambda now=now: now, Random(day))
            while sitting.current:
                forgotten = sitting.current.card.reviews == 2 and sitting.current.note.deck == "Kinks"
                sitting.answer(Rating.AGAIN if forgotten else Rating.GOOD)
        yield collection


def test_statistics_of_a_deck_are_its_own(studied: Collection) -> None:
    now = NOON + timedelta(days=8)
    rates, kinks = (statistics_of(studied, DAYS, now, deck).periods[Span.ALL] for deck in ("Rates", "Kinks"))
    together = statistics_of(studied, DAYS, now).periods[Span.ALL]
    assert rates.answers + kinks.answers == together.answers
    assert rates.retention.total.share == 1
    assert kinks.retention.total.right == kinks.retention.total.answers - 1
    assert together.calibration.rmse is not None


def test_words_name_what_the_numbers_rest_on(studied: Collection) -> None:
    text = "\n".join(in_words(statistics_of(studied, DAYS, NOON + timedelta(days=2))))
    assert "Answers today: 3, in 0 min; new cards: 0.\nDays in a row: 1; most ever: 1." in text
    assert "50.0 % of 2" in text
    assert "RMSE over 2 answers" in text


def test_plain_data_has_fields_and_what_follows_from_them(studied: Collection) -> None:
    data = json.loads(json.dumps(as_data(statistics_of(studied, DAYS, NOON))))
    assert data["today"] == "2026-03-02"
    assert set(data) == {"today", "streak", "days", "periods", "forecast", "cards"}
    today = data["periods"]["today"]
    assert today["ratings"]["new"] == {"again": 0, "hard": 0, "good": 2, "easy": 0}
    assert (today["answers"], today["introduced"], today["time"]) == (data["days"][0]["answers"], 2, 0.0)
    assert today["retention"]["total"] == {"right": 0, "answers": 0, "share": None}


def run(path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(group, ["--collection", str(path), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_prints_words_or_one_document(studied: Collection) -> None:
    assert "True retention" in run(studied.path, "stats")
    document = json.loads(run(studied.path, "stats", "Rates", "--json"))
    assert document["cards"]["stages"]["new"] == 0


def test_without_an_answer_the_command_says_what_to_do(tmp_path: Path) -> None:
    assert "Study first: lrcards study" in run(tmp_path / "new.db", "stats")
