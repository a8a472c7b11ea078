"""A real Anki imports what is written here just as it imports its own packages (pip install anki)."""

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from lrcards.cards.anki.model import AnkiCollection
from lrcards.cards.anki.package import read_anki
from lrcards.cards.anki.writing import write_anki

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
