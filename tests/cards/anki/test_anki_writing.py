"""What is written as a package is read as it was, and a file is replaced as a whole or not at all."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiCollection,
    AnkiDeck,
    AnkiDeckOptions,
    AnkiField,
    AnkiNote,
    AnkiNotetype,
    AnkiReview,
    AnkiTemplate,
)
from lrcards.cards.formats.anki.package import read_anki
from lrcards.cards.formats.anki.schema11 import notetype_from_json, notetype_to_json
from lrcards.cards.formats.anki.writing import write_anki
from lrcards.errors import DeckError

RECORDED = Path(__file__).parent / "recorded"
BASIC = AnkiNotetype(
    id=1_700_000_000_000,
    name="Basic",
    is_cloze=False,
    fields=(AnkiField("Front"), AnkiField("Back")),
    templates=(AnkiTemplate("Card 1", "{{Front}}", "{{Back}}"),),
)
WHOLE = notetype_from_json(notetype_to_json(BASIC))  # with the settings that Anki asks for
EMPTY = AnkiCollection(
    created=datetime(2026, 1, 1, 4, tzinfo=UTC),
    notetypes=(WHOLE,),
    decks=(AnkiDeck(1, "Default"),),
    options=(AnkiDeckOptions(1, "Default"),),
)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f"), max_size=30)
word = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=10)
small = st.integers(-(2**31), 2**31 - 1)
moment = st.integers(0, 4_000_000_000)
limit = st.none() | st.integers(0, 9999)
retention = st.none() | st.integers(70, 99).map(lambda percent: percent / 100)
decks = st.builds(
    AnkiDeck,
    id=st.just(0),
    name=text,
    options_id=st.integers(1, 9),
    description=text,
    new_per_day=limit,
    reviews_per_day=limit,
    desired_retention=retention,
    modified=moment,
) | st.builds(AnkiDeck, id=st.just(0), name=text, is_filtered=st.just(True))


def ids(count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(2, 2**62), unique=True, max_size=count).map(sorted)


@st.composite
def collections(draw) -> AnkiCollection:
    notes = tuple(
        AnkiNote(i, draw(text), BASIC.id, draw(moment), tuple(draw(st.lists(word))), (draw(text), draw(text)))
        for i in draw(ids(4))
    )
    cards = tuple(
        AnkiCard(
            *(i, draw(moment), draw(moment), draw(st.integers(0, 65535)), draw(moment)),
            *(draw(st.integers(0, 3)), draw(st.integers(-3, 4))),
            *(draw(small) for _ in range(7)),
            *(draw(moment), draw(small), draw(text)),
        )
        for i in draw(ids(4))
    )
    reviews = tuple(
        AnkiReview(i, draw(moment), *(draw(small) for _ in range(6)))
        for i in sorted(draw(st.sets(st.integers(0, 4_000_000_000_000), max_size=4)))
    )
    return replace(
        EMPTY,
        utc_offset=draw(st.none() | st.integers(-720, 840).map(lambda minutes: timedelta(minutes=minutes))),
        rollover_hour=draw(st.integers(0, 23)),
        decks=EMPTY.decks + tuple(replace(draw(decks), id=i) for i in draw(ids(2))),
        options=EMPTY.options
        + tuple(
            AnkiDeckOptions(
                i,
                draw(text),
                parameters=tuple(draw(st.sampled_from([(), (0.5,) * 17, (0.5,) * 19, (0.5,) * 21]))),
            )
            for i in draw(ids(2))
        ),
        notes=notes,
        cards=cards,
        reviews=reviews,
    )


@settings(max_examples=40, deadline=None)
@given(collections())
def test_whatever_is_written_is_read_as_it_was(tmp_path_factory, collection):
    path = tmp_path_factory.mktemp("written") / "deck.apkg"
    write_anki(path, collection)
    assert read_anki(path) == collection


@pytest.mark.parametrize("name", ["new.colpkg", "new_legacy.apkg", "oldest.apkg"])
def test_what_anki_wrote_is_given_back_as_it_was(name, tmp_path):
    recorded = read_anki(RECORDED / name)
    write_anki(tmp_path / "deck.apkg", recorded)
    written = read_anki(tmp_path / "deck.apkg")
    assert contents(written.media) == contents(recorded.media)
    assert replace(written, media={}) == replace(recorded, media={})


def test_a_notetype_keeps_what_is_not_read_of_it():
    notetype = replace(WHOLE, settings={**WHOLE.settings, "sortf": 1, "an add-on": {"its": ["own"]}})
    assert notetype_from_json(notetype_to_json(notetype)) == notetype


def test_the_same_collection_is_written_as_the_same_bytes(tmp_path):
    recorded = read_anki(RECORDED / "new.colpkg")
    for name in ("one", "other"):
        write_anki(tmp_path / name, recorded)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_file_stays_as_it_is_if_the_new_one_cannot_be_finished(tmp_path):
    def missing() -> bytes:
        raise DeckError("is gone")

    path = tmp_path / "deck.apkg"
    path.write_bytes(b"what was there")
    with pytest.raises(DeckError, match="is gone"):
        write_anki(path, replace(EMPTY, media={"one.png": lambda: b"1", "two.png": missing}))
    assert path.read_bytes() == b"what was there"
    assert os.listdir(tmp_path) == ["deck.apkg"]


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "no such folder" / "deck.apkg"
    with pytest.raises(DeckError, match=r"deck\.apkg: The file cannot be written: No such file"):
        write_anki(path, EMPTY)


def test_media_are_read_from_the_package_only_while_it_is_as_it_was(tmp_path):
    package = tmp_path / "deck.apkg"
    write_anki(package, replace(EMPTY, media={"a.png": lambda: b"first"}))
    media = read_anki(package).media
    assert contents(media) == {"a.png": b"first"}
    write_anki(package, replace(EMPTY, media={"a.png": lambda: b"another"}))
    with pytest.raises(DeckError, match="has changed since it was looked at"):
        media["a.png"]()
    package.unlink()
    with pytest.raises(DeckError, match="cannot be read"):
        media["a.png"]()


def contents(media: Mapping[str, Callable[[], bytes]]) -> dict[str, bytes]:
    return {name: read() for name, read in media.items()}
