"""Packages that real versions of Anki wrote are read as Anki itself says they are."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from lrcards.cards.formats.anki.model import AnkiCollection, AnkiMemory
from lrcards.cards.formats.anki.package import is_anki, read_anki
from lrcards.cards.formats.anki.schema11 import notetype_to_json
from lrcards.cards.formats.archive import Archive

RECORDED = Path(__file__).parent / "recorded"
NEW = ["new.apkg", "new.colpkg", "new_legacy.apkg", "new_legacy.colpkg"]
OLD = ["old.apkg", "old.colpkg", "oldest.apkg", "oldest.colpkg"]
USED = {"Basic", "Basic (and reversed card)", "Basic (optional reversed card)", "Three faces", "Cloze"}
USED |= {"Basic (type in the answer)"}


@cache
def told(name: str) -> dict:
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


@cache
def read(name: str) -> AnkiCollection:
    return read_anki(RECORDED / name)


@pytest.mark.parametrize("name", [*NEW, *OLD])
def test_a_package_is_known_by_its_content(name, tmp_path):
    renamed = tmp_path / "renamed.txt"
    renamed.write_bytes((RECORDED / name).read_bytes())
    assert is_anki(Archive(renamed))


@pytest.mark.parametrize("name", NEW)
def test_the_notes_are_those_of_anki(name):
    collection = read(name)
    notetypes = {notetype.id: notetype for notetype in collection.notetypes}
    found = [
        {
            "id": note.id,
            "guid": note.guid,
            "notetype": notetypes[note.notetype_id].name,
            "modified": note.modified,
            "tags": list(note.tags),
            "fields": dict(
                zip([f.name for f in notetypes[note.notetype_id].fields], note.fields, strict=True)
            ),
        }
        for note in collection.notes
    ]
    assert found == told("new")["notes"]


@pytest.mark.parametrize("name", NEW)
def test_the_cards_are_those_of_anki(name):
    collection = read(name)
    decks = {deck.id: deck.name for deck in collection.decks}
    assert len(collection.cards) == len(told("new")["cards"])
    for card, expected in zip(collection.cards, told("new")["cards"], strict=True):
        assert (card.id, card.note_id, card.ordinal) == tuple(expected[k] for k in ("id", "note", "ordinal"))
        assert decks[card.deck_id] == expected["deck"]
        assert (decks[card.original_deck_id] if card.original_deck_id else None) == expected["home"]
        assert card.original_due == expected["home_due"]
        numbers = ("type", "queue", "due", "interval", "factor", "reps", "lapses", "left")
        assert [getattr(card, key) for key in numbers] == [expected[key] for key in numbers]
        assert card.flags & 7 == expected["flag"]
        memory = expected["memory"] and AnkiMemory(
            *expected["memory"], *(expected[key] for key in ("desired_retention", "decay", "last_review"))
        )
        assert (card.memory and [*card.memory]) == (memory and pytest.approx([*memory], rel=1e-6))


@pytest.mark.parametrize("name", NEW)
def test_the_cards_are_of_every_type_and_in_every_queue(name):
    cards = read(name).cards
    assert {card.type for card in cards} == {0, 1, 2, 3}
    assert {card.queue for card in cards} >= {-3, -2, -1, 0, 1, 2}
    assert {card.flags & 7 for card in cards} == set(range(8))


@pytest.mark.parametrize("name", NEW)
def test_the_review_log_is_that_of_anki(name):
    assert [list(review) for review in read(name).reviews] == told("new")["reviews"]


@pytest.mark.parametrize("name", NEW)
def test_the_decks_are_those_of_anki(name):
    collection = read(name)
    presets = {preset.id: preset.name for preset in collection.options}
    for deck in collection.decks:
        expected = told("new")["decks"][deck.name]
        assert (deck.id, deck.is_filtered) == (expected["id"], bool(expected["dyn"]))
        assert deck.description == expected["desc"]
        if not deck.is_filtered:
            assert presets[deck.options_id] == expected["preset"] or deck.id == 1
            retention = deck.desired_retention
            assert (retention and round(100 * retention)) == expected["desiredRetention"]
            assert (deck.new_per_day, deck.reviews_per_day) == (expected["newLimit"], expected["reviewLimit"])
    assert {deck.name for deck in collection.decks} == {*told("new")["decks"]}


@pytest.mark.parametrize("name", NEW)
def test_the_presets_are_those_of_anki(name):
    presets = {preset.name: preset for preset in read(name).options}
    assert {"Fitted", "Older"} <= {*presets}
    for preset in presets.values():
        expected = told("new")["presets"][preset.name]
        assert list(preset.learning_steps) == expected["new"]["delays"]
        assert list(preset.relearning_steps) == expected["lapse"]["delays"]
        assert preset.new_per_day == expected["new"]["perDay"]
        assert preset.reviews_per_day == expected["rev"]["perDay"]
        assert preset.maximum_interval == expected["rev"]["maxIvl"]
        assert preset.leech_threshold == expected["lapse"]["leechFails"]
        assert preset.suspends_leeches == (expected["lapse"]["leechAction"] == 0)
        assert preset.desired_retention == expected["desiredRetention"]
        assert list(preset.parameters) == next(
            (expected[key] for key in ("fsrsParams6", "fsrsParams5", "fsrsWeights") if expected[key]), []
        )


@pytest.mark.parametrize("name", NEW)
def test_a_notetype_is_given_back_in_the_words_of_anki(name):
    notetypes = {notetype.name: notetype for notetype in read(name).notetypes}
    assert {*notetypes} >= USED
    for notetype in notetypes.values():
        assert notetype_to_json(notetype) == {**told("new")["notetypes"][notetype.name], "usn": -1}


@pytest.mark.parametrize("name", NEW)
def test_the_media_are_those_of_anki(name):
    media = read(name).media
    hashes = {name: hashlib.sha1(read_bytes()).hexdigest() for name, read_bytes in media.items()}
    assert hashes.items() <= told("new")["media"].items()
    assert {*hashes} >= {"pixel.png", "tone.mp3", "übung größer.png"}
    assert not read(name).media_left_out


@pytest.mark.parametrize("name", NEW)
def test_days_are_counted_from_the_same_one(name):
    collection = read(name)
    today_ends = datetime.fromtimestamp(told("new")["day_ends"], UTC)
    assert collection.created == today_ends - timedelta(days=told("new")["today"] + 1)
    assert (collection.utc_offset, collection.rollover_hour) == (timedelta(0), 4)


@pytest.mark.parametrize("name", OLD)
def test_packages_of_older_versions_are_read(name):
    collection, expected = read(name), told(Path(name).stem)
    notes = [[*note[:4], f" {' '.join(note.tags)} ", "\x1f".join(note.fields)] for note in collection.notes]
    assert notes == expected["notes"]
    assert [list(card) for card in collection.cards] == expected["cards"]
    assert [list(review) for review in collection.reviews] == expected["reviews"]
    assert sorted(deck.name for deck in collection.decks) == expected["decks"]
    assert {name: read_bytes() for name, read_bytes in collection.media.items()} == {
        "pixel.png": b"a picture"
    }


def test_the_first_layout_that_names_its_version_is_read(tmp_path):
    path = tmp_path / "first.apkg"
    with zipfile.ZipFile(RECORDED / "oldest.apkg") as source, zipfile.ZipFile(path, "w") as target:
        target.writestr("meta", b"\x08\x01")
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert read_anki(path).notes == read("oldest.apkg").notes


def test_the_same_collection_reads_the_same_from_both_layouts():
    new, legacy = read("new.colpkg"), read("new_legacy.colpkg")
    for part in ("created", "utc_offset", "notetypes", "decks", "options", "notes", "cards", "reviews"):
        assert getattr(new, part) == getattr(legacy, part), part


def test_a_package_of_genanki_is_read():
    collection = read("genanki.apkg")
    notetypes = {notetype.id: notetype for notetype in collection.notetypes}
    first, second = collection.notes
    assert (first.guid, first.tags, first.fields[0]) == ("first", ("south",), "Argentina")
    assert (notetypes[1_607_392_319].name, notetypes[first.notetype_id].is_cloze) == ("Capitals", False)
    assert notetypes[second.notetype_id].is_cloze
    assert [(card.note_id, card.ordinal) for card in collection.cards] == [
        (first.id, 0),
        (second.id, 0),
        (second.id, 1),
    ]
    assert {deck.name for deck in collection.decks} == {"Default", "World::Capitals"}
    assert collection.media["flag.png"]() == b"a flag"
