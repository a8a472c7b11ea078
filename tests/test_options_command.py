"""The commands that list and change the options of a deck, and simulate what each retention costs."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lrcards.cards.model import Note, NoteKind
from lrcards.cli import group
from lrcards.collection.parameters import use_model
from lrcards.collection.store import Collection
from lrcards.errors import LrcardsError
from lrcards.retention import in_words, retentions
from lrcards.study.days import StudyDays
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.options import Fitted
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)

Run = Callable[..., Result]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    notes = [Note(f"n{n}", "A::B", NoteKind.BASIC, f"question {n}", "answer") for n in range(30)]
    with Collection.open(tmp_path / "collection.db") as collection:
        collection.import_notes(notes, NOW)
        return collection.path


@pytest.fixture
def run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LRCARDS_COLLECTION", str(path))
    monkeypatch.setattr("lrcards.settings.settings_file", lambda: tmp_path / "config.toml")
    monkeypatch.setattr("lrcards.desk.shipped_decks", lambda: tmp_path / "no decks")
    return lambda *arguments: CliRunner().invoke(group, arguments, catch_exceptions=False)


def options(run: Run, *arguments: str) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(run("options", *arguments, "--json").stdout)["options"]
    return listed


def test_options_say_what_holds_and_where_it_comes_from(run: Run) -> None:
    run("options", "A", "desired_retention=0.85", "learning_steps=1m 5m")
    listed = options(run, "A::B", "desired_retention=0.95")
    assert listed["desired_retention"] == {"value": 0.95, "from": "A::B"}
    assert listed["learning_steps"] == {"value": ["1m", "5m"], "from": "A"}
    assert listed["fuzz"] == {"value": True, "from": None}


def test_an_empty_value_inherits_again(run: Run) -> None:
    options(run, "A", "fuzz=no", "new_mix=last")
    assert options(run, "A", "fuzz=")["fuzz"] == {"value": True, "from": None}
    assert options(run, "A")["new_mix"]["value"] == "last"


def test_options_are_listed_for_a_reader(run: Run) -> None:
    lines = run("options", "A", "review_order=random").stdout.splitlines()
    assert ["review_order", "random", "A"] in [line.split() for line in lines]
    assert ["parameters", "default", "of", "all", "decks"] in [line.split() for line in lines]


def test_nothing_is_changed_if_one_of_the_values_is_not_allowed(run: Run) -> None:
    with pytest.raises(LrcardsError, match="new_per_day is -1"):
        run("options", "A", "fuzz=no", "new_per_day=-1")
    assert options(run, "A")["fuzz"]["from"] is None


def test_a_deck_that_is_not_there_and_an_option_without_a_value_are_refused(run: Run) -> None:
    with pytest.raises(LrcardsError, match="no deck 'Z'"):
        run("options", "Z")
    result = run("options", "A", "fuzz")
    assert (result.exit_code, "KEY=VALUE" in result.stderr) == (2, True)


def test_fitted_parameters_say_when_and_to_how_many_reviews(run: Run, path: Path) -> None:
    with Collection.open(path) as collection:
        use_model(
            collection, MemoryModel((0.5, *DEFAULT_PARAMETERS[1:])), NOW, None, Fitted(NOW.date(), 1500)
        )
    assert "fitted on 2026-03-02 to 1,500 reviews" in run("options", "A").stdout
    document = json.loads(run("options", "A", "--json").stdout)
    assert document["fitted"] == {"day": "2026-03-02", "reviews": 1500}


@pytest.fixture
def roughly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each retention be simulated once, so that it is quick."""
    monkeypatch.setattr("lrcards.study.simulator.ENOUGH_CARDS", 1)


@pytest.mark.usefixtures("roughly")
def test_the_year_is_simulated_with_the_options_of_the_deck(run: Run) -> None:
    run("options", "A", "desired_retention=0.8", "new_per_day=7", "learning_steps=none")
    document = json.loads(run("retention", "A::B", "--json").stdout)
    assert document["desired_retention"] == 0.8
    assumed = document["assumed"]
    assert (assumed["cards"], assumed["days"], assumed["new_per_day"], assumed["learning_steps"]) == (
        30,
        365,
        7,
        0,
    )
    assert [row["desired_retention"] for row in document["outlooks"]][::27] == [0.7, 0.97]
    low, high = document["outlooks"][0], document["outlooks"][-1]
    assert low["minutes_per_day"] < high["minutes_per_day"]
    assert low["remembered"] < high["remembered"] <= 30


@pytest.mark.usefixtures("roughly")
def test_the_table_marks_what_is_desired_and_says_what_was_assumed(run: Run) -> None:
    lines = run("retention").stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("*")] == ["90"]
    assert "a year with 30 cards" in lines[-1]
    assert "parameters (default)" in lines[-1]
    assert "as the average learner" in lines[-1]


@pytest.mark.usefixtures("roughly")
def test_a_deck_that_introduces_nothing_any_more_is_simulated_with_the_usual_number(run: Run) -> None:
    run("options", "A", "new_per_day=0")
    assert json.loads(run("retention", "A", "--json").stdout)["assumed"]["new_per_day"] == 20


@pytest.mark.usefixtures("roughly")
def test_the_learners_own_answers_of_the_last_year_count(path: Path) -> None:
    with Collection.open(path) as collection, collection.writing() as database:
        for number, days_ago in enumerate((1, 400)):
            at = NOW - timedelta(days=days_ago)
            database.execute(
                """
                INSERT INTO reviews (id, card_guid, rating, at, day, duration_ms, kind, phase, scheduled,
                    last_interval)
                VALUES (:id, 'n0#0', 3, :at, :day, 9000, 'study', 'new', -1, 0)
                """,
                {"id": f"{number:036}", "at": int(at.timestamp()) * 1000, "day": at.date().isoformat()},
            )
    steps: list[int] = []
    found = retentions(steps.append, path, StudySettings(), DAYS, NOW, "A")
    assert (found.answers, steps) == (1, list(range(1, 29)))
    assert "as in your own answers of the last year (1)" in list(in_words(found))[-1]


def test_without_cards_there_is_nothing_to_simulate(tmp_path: Path) -> None:
    with pytest.raises(LrcardsError, match="no cards"):
        retentions(print, tmp_path / "empty.db", StudySettings(), DAYS, NOW)
