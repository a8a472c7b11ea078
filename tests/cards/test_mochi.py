import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lrcards.cards.formats.reading import read
from lrcards.cards.formats.transit import decode
from lrcards.cards.model import NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError


def package(path: Path, data: Any, **media: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.json", data if isinstance(data, str | bytes) else json.dumps(data))
        for name, content in media.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def parse(path: Path, cards: list[dict[str, Any]], **deck: Any) -> Parcel:
    data = {"~:version": 2, "~:decks": [{"~:id": "~:d", "~:name": "Deck", "~:cards": cards, **deck}]}
    return read([package(path / "deck.mochi", data)], day_of=lambda instant: instant.date())


def test_sides_are_divided_by_a_line_of_dashes(tmp_path: Path):
    parcel = parse(
        tmp_path, [{"~:id": "~:one", "~:content": "a\n---\nb\n---\nc", "~:tags": {"~#set": ["x", "y"]}}]
    )
    (note,) = parcel.notes
    assert (note.guid, note.deck, note.kind) == ("one", "Deck", NoteKind.BASIC)
    assert (note.question, note.answer, note.tags) == ("a", "b\n\nc", ("x", "y"))


def test_deletions_make_a_cloze_note_and_with_an_answer_one_of_faces(tmp_path: Path):
    cloze, faces = parse(
        tmp_path,
        [{"~:id": "c", "~:content": "{{1::a}} x[0] {{b}}"}, {"~:id": "f", "~:content": "{{a}} b\n---\nc"}],
    ).notes
    assert (cloze.kind, cloze.question, cloze.ordinals) == (NoteKind.CLOZE, "[a] x\\[0\\] [b]", (0, 1))
    assert faces.kind is NoteKind.FACES
    assert [(face.question, face.answer) for face in faces.faces] == [("[…] b", "**a** b\n\nc")]


def test_what_is_reversed_archived_or_in_the_trash_is_so_here(tmp_path: Path):
    cards = [
        {"~:id": "a", "~:content": "a\n---\nb", "~:archived?": True},
        {"~:id": "b", "~:content": "c\n---\nd", "~:trashed?": {"~#dt": 1}},
        {"~:id": "c", "~:content": "e"},
        {"~:id": "d", "~:content": "g\n---\nh", "~:reviews": [{"~:interval": 1}]},
    ]
    parcel = parse(tmp_path, cards, **{"~:review-reverse?": True})
    assert [(note.guid, note.kind) for note in parcel.notes] == [
        ("a", NoteKind.REVERSED),
        ("d", NoteKind.REVERSED),
    ]
    assert [(card.guid, card.suspended) for card in parcel.cards] == [("a#0", True), ("a#1", True)]
    assert [one.what for one in parcel.skipped] == ["c --- d", "e", "The schedule of 1 cards"]


def test_a_template_is_filled_with_the_fields_of_a_card(tmp_path: Path):
    data = {
        "decks": [{"id": "p", "name": "Parent"}, {"id": "d", "name": "Child", "parent-id": "p"}],
        "templates": [
            {
                "id": "t",
                "content": "# << Word >>\n---\n<< #Hint >><< Meaning >><< /Hint >>",
                "fields": {"w": {"id": "w", "name": "Word"}, "m": {"id": "m", "name": "Meaning"}},
            }
        ],
        "cards": [
            {
                "id": "1",
                "deck-id": "d",
                "template-id": "t",
                "fields": {"w": {"value": "a"}, "m": {"value": "b"}},
            }
        ],
    }
    (note,) = read([package(tmp_path / "x", data)], day_of=lambda instant: instant.date()).notes
    assert (note.deck, note.question, note.answer) == ("Parent::Child", "# a", "b")


def test_pictures_are_found_by_the_name_that_cards_show(tmp_path: Path):
    data = {
        "decks": [{"id": "d", "name": "D", "cards": [{"id": "1", "content": "![](@media/a.png)\n---\nb"}]}]
    }
    parcel = read([package(tmp_path / "x", data, a_png=b"picture")], day_of=lambda instant: instant.date())
    assert parcel.notes[0].question == "![](a.png)"
    assert [(one.name, one.read()) for one in parcel.media] == [("a.png", b"picture")]


@pytest.mark.parametrize(
    ("data", "meaning"),
    [
        (["^ ", "~:one", [["^ ", "~:two", "a"], ["^ ", "^1", "b"]]], {"one": [{"two": "a"}, {"two": "b"}]}),
        ({"~:a": "~:b", "~~c": "~t1767240000000"}, {"a": "b", "~c": "1767240000000"}),
        ({"~#set": ["~:a", 1]}, ["a", 1]),
        (["~#dt", 5], 5),
        (["a", "b"], ["a", "b"]),
    ],
)  # fmt: skip
def test_transit_is_read_in_both_its_forms(data, meaning):
    assert decode(data) == meaning


@pytest.mark.parametrize(
    "data", ["", "{", b"\xff", '["^ ", "^9", 1]', "[" * 100_000, "[]", "{}", '{"decks": 3}']
)
def test_a_damaged_package_is_told_so(tmp_path: Path, data):
    with pytest.raises(DeckError, match=r"damaged|no cards"):
        read([package(tmp_path / "x", data)], day_of=lambda instant: instant.date())
