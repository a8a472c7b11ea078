"""The JSON that holds everything: read back as it was, or refused in a sentence."""

import contextlib
import json
import re
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.formats.parcel_json import parse_parcel, write_parcel
from lrcards.cards.formats.reading import read
from lrcards.cards.formats.writing import write
from lrcards.cards.model import Card, Face, Memory, Note, NoteKind, Phase, Rating, Review, ReviewKind
from lrcards.cards.parcel import Media, Parcel
from lrcards.errors import DeckError
from lrcards.study.days import StudyDays

NOW = datetime(2024, 5, 1, 12, 0, 0, 123000, tzinfo=UTC)
NOTES = (
    Note(
        "a",
        "D::E",
        NoteKind.REVERSED,
        "q",
        "b",
        ("t",),
        {"preset": "kink", "rates": [1, 0.5]},
        (0, 1),
        typed=True,
    ),
    Note("b#1", "D", NoteKind.CLOZE, "[x] [y]", ordinals=(3, 0)),
    Note("c", "D", NoteKind.FACES, "q", "", ordinals=(2,), faces=(Face("q", ""),)),
)
CARD = Card(
    "a#1", "a", 1, 7, Phase.RELEARNING, 1, Memory(3.5, 5.25), NOW, date(2024, 5, 2), 3, NOW, date(2024, 5, 1),
    9, 2, True, date(2024, 6, 1), 4, NOW,
)  # fmt: skip
REVIEW = Review(
    "018f3b1c-0000-7000-8000-000000000001", "a#1", Rating.HARD, NOW, date(2024, 5, 1), 4_000, ReviewKind.CRAM,
    Phase.REVIEW, -3, {"asked": "regime"}, 5, 0.875,
)  # fmt: skip
PARCEL = Parcel(
    notes=NOTES,
    cards=(CARD, Card("b#1#3", "b#1", 3)),
    reviews=(REVIEW,),
    options={"D": {"desired_retention": 0.8}},
    origins={"a": {"notetype": {"name": "Basic"}}},
)


def data_of(parcel: Parcel) -> dict[str, Any]:
    data: dict[str, Any] = json.loads("".join(write_parcel(parcel)))
    return data


def test_everything_in_a_parcel_comes_back(tmp_path: Path):
    path = tmp_path / "all.json"
    picture = Media("é ä.png", lambda: b"\0\1picture")
    assert write(replace(PARCEL, media=(picture,)), path, now=NOW, days=StudyDays(UTC)) == []
    found = read([path], day_of=lambda instant: instant.date())
    assert replace(found, media=()) == PARCEL
    assert [(one.name, one.read()) for one in found.media] == [("é ä.png", b"\0\1picture")]


def test_the_example_of_the_documentation_is_a_parcel():
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    example = re.search(r"^```json\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert example
    parcel = parse_parcel(json.loads(example[1]), path="formats.md")
    assert [len(part) for part in (parcel.notes, parcel.cards, parcel.reviews, parcel.media)] == [2, 1, 1, 1]
    fields = {name for part in ("notes", "cards", "reviews") for name in data_of(PARCEL)[part][0]}
    assert [name for name in fields if f"`{name}`" not in text and f'"{name}"' not in text] == []


def test_the_deck_that_is_asked_for_is_that_of_every_note():
    parcel = parse_parcel(data_of(PARCEL), path="x", deck="New")
    assert {note.deck for note in parcel.notes} == {"New"}
    assert parcel.options == {}


def test_control_characters_do_not_get_in():
    data = data_of(PARCEL)
    data["notes"][0].update(question="a\x1b", tags=["\x9b"], experiment={"\x1b": ["\x1b"]})
    data["origins"] = {"a": {"x": "\x1b"}}
    assert "\x1b" not in repr(parse_parcel(data, path="x"))


def changed(part: str, **values: Any) -> dict[str, Any]:
    data = deepcopy(data_of(PARCEL))
    data[part][0].update(values)
    return data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"format": "lrcards", "version": 2}, "version"),
        ({"format": "lrcards"}, "version"),
        ({"format": "lrcards", "version": 1, "decks": []}, "unknown part “decks”"),
        ({"format": "lrcards", "version": 1, "notes": {}}, "“notes” is not a list"),
        ({"format": "lrcards", "version": 1, "notes": [3]}, r"notes\[0\] is not an object"),
        ({"format": "lrcards", "version": 1, "options": {"a": 1}}, "“options” is not an object of objects"),
        (changed("notes", colour="red"), r"notes\[0\] has an unknown “colour”"),
        (changed("notes", question=3), r"notes\[0\].question is not a text"),
        (changed("notes", question=" "), r"notes\[0\] has no question"),
        (changed("notes", deck=""), r"notes\[0\] has no deck"),
        (changed("notes", kind="poem"), r"notes\[0\].kind is not one of"),
        (changed("notes", ordinals=[0, 0]), "ordinal"),
        (changed("notes", ordinals=[1, -1]), "ordinal"),
        (changed("notes", ordinals=[0, 1, 2]), "ordinal"),
        (changed("notes", ordinals=[0, True]), "whole number"),
        (changed("notes", faces=[{"question": "q", "answer": "a"}]), "against its kind"),
        (changed("notes", tags="t"), r"notes\[0\].tags is not a list"),
        (changed("notes", typed=1), "true or false"),
        (changed("cards", note_guid="z"), r"cards\[0\] is of no note"),
        (changed("cards", guid="a#0"), "another guid"),
        (changed("cards", lapses=-1), "a number that cannot be"),
        (changed("cards", flag=8), "a number that cannot be"),
        (changed("cards", position=2**64), "too large"),
        (changed("cards", memory={"stability": float("nan"), "difficulty": 5.0}), "not a number"),
        (changed("cards", memory={"stability": 0, "difficulty": 5.0}), "memory that cannot be"),
        (changed("cards", due_at="2024-05-01"), "not an instant"),
        (changed("cards", due_day="2024-13-01"), "not a day"),
        (changed("cards", due_day=None, due_at=None), "never due"),
        (changed("cards", last_day=None), "half of a last review"),
        (changed("reviews", card_guid="z#0"), r"reviews\[0\] is of no note"),
        (changed("reviews", id="x"), "UUID"),
        (changed("reviews", rating=5), "one of the known values"),
        (changed("reviews", duration_ms=-1), "time that cannot be"),
        (changed("reviews", recall=1.5), "recall"),
        ({"format": "lrcards", "version": 1, "media": [{"name": "../a", "base64": ""}]}, "name"),
        ({"format": "lrcards", "version": 1, "media": [{"name": "a", "base64": "!"}]}, "base64"),
        ({"format": "lrcards", "version": 1, "media": [{"name": "a"}]}, "has no “base64”"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(data, words):
    with pytest.raises(DeckError, match=words) as caught:
        parse_parcel(data, path="all.json")
    assert str(caught.value).startswith("all.json: ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
PLACES = st.sampled_from(
    [(part, key) for part in ("notes", "cards", "reviews") for key in data_of(PARCEL)[part][0]]
)


@given(PLACES, JSON)
def test_any_value_anywhere_is_read_or_refused(place, value):
    part, key = place
    with contextlib.suppress(DeckError):
        assert len(parse_parcel(changed(part, **{key: value}), path="x").notes) == len(NOTES)
