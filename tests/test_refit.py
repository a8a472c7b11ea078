"""Fitting a collection to its own log: what is stored, what is recomputed, and what stays."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.cli import group
from lrcards.collection import due
from lrcards.collection.decks import decks_within
from lrcards.collection.parameters import answers_by_card, log_of, model_in_use, rules_in_use
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError
from lrcards.refit import as_data, in_words, refit
from lrcards.session import Sitting
from lrcards.study import log
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.memory import MemoryModel
from lrcards.study.options import DeckOptions, Fitted
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

DAYS = StudyDays(UTC)
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
END = START + timedelta(days=40)


def studied(collection: Collection, cards: int, days: int) -> None:
    """Study some days with a learner who recalls seven times in ten."""
    collection.import_notes(
        [Note(f"n{n}", "Rates", NoteKind.BASIC, f"question {n}", "answer") for n in range(cards)], START
    )
    random = Random(1)
    settings = StudySettings(limits=Limits(50, 999))
    for day in range(days):
        now = START + timedelta(days=day)
        clock = (now + timedelta(seconds=10 * tick) for tick in range(100_000))
        sitting = Sitting(collection, settings, DAYS, clock.__next__, random)
        while sitting.current:
            sitting.answer(Rating.GOOD if random.random() < 0.7 else Rating.AGAIN)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a collection that was studied for a while."""
    path = tmp_path_factory.mktemp("lived") / "collection.db"
    with Collection.open(path) as collection:
        studied(collection, cards=60, days=25)
    return path


@pytest.fixture
def collection(lived: Path, tmp_path: Path) -> Iterator[Collection]:
    copy = tmp_path / "collection.db"
    copy.write_bytes(lived.read_bytes())
    with Collection.open(copy) as collection:
        yield collection


def dump(collection: Collection) -> list[str]:
    connection = sqlite3.connect(collection.path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def rules_of(collection: Collection) -> Rules:
    return rules_in_use(collection, StudySettings(), DAYS)


def test_better_parameters_are_stored_and_every_memory_is_that_of_a_rebuild(collection: Collection) -> None:
    report = refit(collection, END, DAYS, 1)
    assert report.fit.better
    assert model_in_use(collection).parameters == report.fit.fitted
    assert report.recomputed == 60
    assert check(collection, rules_of(collection)).problems == ()
    assert check(collection, Rules(StudySettings(), DAYS)).problems != ()


def test_a_deck_can_have_parameters_of_its_own(collection: Collection) -> None:
    report = refit(collection, END, DAYS, 1, deck="Rates")
    assert model_in_use(collection) == MemoryModel()
    fitted = Fitted(DAYS.day(END), report.fit.items)
    assert collection.options() == {"Rates": DeckOptions(parameters=report.fit.fitted, fitted=fitted)}
    assert report.recomputed == 60
    assert check(collection, rules_of(collection)).problems == ()
    assert refit(collection, END, DAYS, 1).fit.items == 0
    with pytest.raises(CollectionError, match="no deck 'Other'"):
        refit(collection, END, DAYS, 1, deck="Other")


def test_cards_stay_due_when_they_were_answered_to_be(collection: Collection) -> None:
    def dates() -> list[tuple[object, ...]]:
        with collection.reading() as database:
            cards = due.shown_cards(database, decks_within(database, None), END.date())
        return sorted((card.guid, card.due_at, card.due_day, card.interval, card.phase) for card in cards)

    before = dates()
    refit(collection, END, DAYS, 1)
    assert dates() == before


def test_a_dry_run_changes_nothing(collection: Collection) -> None:
    before = dump(collection)
    report = refit(collection, END, DAYS, 1, dry_run=True)
    assert report.fit.better
    assert report.recomputed == 0
    assert dump(collection) == before


def test_a_second_fit_keeps_what_the_first_one_found(collection: Collection) -> None:
    first = refit(collection, END, DAYS, 1)
    before = dump(collection)
    second = refit(collection, END, DAYS, 1)
    assert not second.fit.better
    assert model_in_use(collection).parameters == first.fit.fitted
    assert dump(collection) == before


def test_a_collection_without_a_log_keeps_the_default_parameters(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "new.db") as collection:
        report = refit(collection, END, DAYS, 1)
        assert (report.fit.items, report.fit.missing, report.recomputed) == (0, 8, 0)
        assert model_in_use(collection) == MemoryModel()
        assert in_words(report) == [report.fit.verdict]
        assert as_data(report, dry_run=False)["before"] is None


def test_the_log_comes_with_the_answers_of_a_card_together_and_oldest_first(collection: Collection) -> None:
    reviews = log_of(collection)
    assert reviews == sorted(reviews, key=lambda review: (review.card_guid, review.at))
    assert [review for review in reviews if review.card_guid == "n7#0"] == collection.reviews("n7#0")


def test_the_file_tells_fsrs_what_the_log_tells_it(collection: Collection) -> None:
    for today in (END.date(), START.date() + timedelta(days=3)):
        assert answers_by_card(collection, today) == log.answers_by_card(log_of(collection), today)


@pytest.mark.parametrize("text", ["[1, 2]", "no JSON", "[" + "NaN," * 20 + "NaN]", "7", "[[]]"])
def test_stored_parameters_that_are_none_are_refused_in_a_sentence(collection: Collection, text: str) -> None:
    collection.set_meta("parameters", text, END)
    with pytest.raises(CollectionError, match="the FSRS parameters in the collection cannot be used"):
        model_in_use(collection)


def test_the_command_fits_and_says_so(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRCARDS_COLLECTION", str(collection.path))
    monkeypatch.setattr("lrcards.settings.settings_file", lambda: collection.path.parent / "config.toml")
    monkeypatch.setattr("lrcards.commands.shared.now", lambda: END)

    def lrcards(*arguments: str) -> str:
        return CliRunner().invoke(group, arguments, catch_exceptions=False).stdout

    trial = json.loads(lrcards("fit", "--dry-run", "--json"))
    assert (trial["better"], trial["recomputed"], trial["dry_run"]) == (True, 0, True)
    assert trial["after"]["log_loss"] < trial["before"]["log_loss"]
    assert "60 cards" in lrcards("fit")
    assert model_in_use(collection).parameters == tuple(trial["parameters"])
    assert "New parameters would not predict your answers better" in lrcards("fit")
    assert json.loads(lrcards("check", "--json"))["sound"]
