"""A real Anki imports what is written here just as it imports its own packages (pip install anki)."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from lrcards.cards.formats.anki.model import AnkiCollection
from lrcards.cards.formats.anki.package import read_anki
from lrcards.cards.formats.anki.packing import write_parcel
from lrcards.cards.formats.anki.parcels import read_parcel
from lrcards.cards.formats.anki.writing import write_anki
from lrcards.cards.model import Face, Note, NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.study.days import StudyDays

HERE = Path(__file__).parent
ORIGINAL = HERE / "recorded" / "new.apkg"
OF_A_DECK = ("preset", "desc", "dyn", "newLimit", "reviewLimit", "desiredRetention")

pytestmark = [
    pytest.mark.anki,
    pytest.mark.skipif(find_spec("anki") is None, reason="Anki is not installed (pip install anki)"),
]


def imported(collection: Path, package: Path) -> dict:
    """Import a package in a process of its own, and return what Anki then says of what came with it."""
    arguments = [sys.executable, HERE / "record_anki.py", collection, package]
    told = json.loads(subprocess.run(arguments, capture_output=True, check=True).stdout)
    used = {note["notetype"] for note in told["notes"]}
    return told | {
        "decks": {name: {key: deck.get(key) for key in OF_A_DECK} for name, deck in told["decks"].items()},
        # Anki sets the time of a notetype that it renames.
        "notetypes": {name: {**told["notetypes"][name], "mod": 0} for name in used},
    }


@pytest.fixture
def collection() -> AnkiCollection:
    return read_anki(ORIGINAL)


def test_what_went_through_our_notes_and_back_changes_nothing_in_anki(tmp_path):
    before = imported(tmp_path / "c.anki2", ORIGINAL)
    days = StudyDays(UTC)
    through = read_parcel(ORIGINAL, day_of=days.day)
    write_parcel(tmp_path / "ours.apkg", through, now=datetime(2026, 11, 25, tzinfo=UTC), days=days)
    after = imported(tmp_path / "c.anki2", tmp_path / "ours.apkg")
    assert after.pop("imported") == {"new": 0, "updated": 0, "duplicate": 18}
    assert after == {key: value for key, value in before.items() if key != "imported"}


def test_notes_of_ours_are_new_in_anki_and_an_update_the_next_time(tmp_path):
    days = StudyDays(UTC)
    notes = (
        Note("b", "Deck::Sub", NoteKind.BASIC, "What is $\\eta$?", "The **rate**", ("a",)),
        Note("r", "Deck", NoteKind.REVERSED, "Hund", "dog", ordinals=(0, 1), typed=True),
        Note("c", "Deck", NoteKind.CLOZE, r"[one] \[x\] and [two]", ordinals=(2, 0)),
        Note("f", "Deck", NoteKind.FACES, "q", "a", ordinals=(0, 2), faces=(Face("q", "a"), Face("r", "s"))),
    )
    told = []
    for name, hour in (("first", 0), ("second", 1)):
        now = datetime(2026, 11, 25, hour, tzinfo=UTC)
        write_parcel(tmp_path / f"{name}.apkg", Parcel(notes), now=now, days=days)
        told.append(imported(tmp_path / "c.anki2", tmp_path / f"{name}.apkg"))
    assert [each["imported"]["new"] for each in told] == [4, 0]
    assert {note["guid"]: note["fields"] for note in told[1]["notes"]}["b"] == {
        "Question": r"What is \(\eta\)?",
        "Answer": "The <strong>rate</strong>",
        "lrcards experiment": "",
    }
    ordinals = [
        (note["guid"], card["ordinal"])
        for note in told[1]["notes"]
        for card in told[1]["cards"]
        if card["note"] == note["id"]
    ]
    assert sorted(ordinals) == [("b", 0), ("c", 0), ("c", 2), ("f", 0), ("f", 2), ("r", 0), ("r", 1)]


def test_what_was_read_and_written_is_imported_as_the_original_is(collection, tmp_path):
    write_anki(tmp_path / "ours.apkg", collection)
    ours = imported(tmp_path / "ours.anki2", tmp_path / "ours.apkg")
    assert ours["imported"] == {"new": 18, "updated": 0, "duplicate": 0}
    assert ours == imported(tmp_path / "theirs.anki2", ORIGINAL)


def test_a_package_of_what_anki_has_changes_nothing_there(collection, tmp_path):
    before = imported(tmp_path / "c.anki2", ORIGINAL)
    write_anki(tmp_path / "same.apkg", collection)
    after = imported(tmp_path / "c.anki2", tmp_path / "same.apkg")
    assert after.pop("imported") == {"new": 0, "updated": 0, "duplicate": 18}
    assert after == {key: value for key, value in before.items() if key != "imported"}


def test_a_note_that_was_edited_is_updated_and_keeps_its_memory(collection, tmp_path):
    before = imported(tmp_path / "c.anki2", ORIGINAL)
    first, *others = collection.notes
    edited = first._replace(fields=("New question", first.fields[1]), modified=first.modified + 60)
    write_anki(tmp_path / "edited.apkg", replace(collection, notes=(edited, *others)))
    after = imported(tmp_path / "c.anki2", tmp_path / "edited.apkg")
    assert after["imported"] == {"new": 0, "updated": 1, "duplicate": 17}
    assert after["notes"][0]["fields"]["Front"] == "New question"
    unchanged = ("memory", "due", "interval", "type", "queue", "reps")
    assert [[c[key] for key in unchanged] for c in after["cards"]] == [
        [c[key] for key in unchanged] for c in before["cards"]
    ]
    assert after["reviews"] == before["reviews"]
