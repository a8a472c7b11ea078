import json
from pathlib import Path
from typing import Any

import pytest

from lrcards.cards.formats.reading import read
from lrcards.cards.model import NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError

MODELS = [
    {
        "crowdanki_uuid": "basic",
        "name": "Basic (optional reversed card)",
        "type": 0,
        "flds": [{"name": "Front"}, {"name": "Back"}, {"name": "Add Reverse"}],
        "tmpls": [
            {"name": "1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"},
            {
                "name": "2",
                "qfmt": "{{#Add Reverse}}{{Back}}{{/Add Reverse}}",
                "afmt": "{{FrontSide}}<hr>{{Front}}",
            },
        ],
    },
    {
        "crowdanki_uuid": "cloze",
        "name": "Cloze",
        "type": 1,
        "flds": [{"name": "Text"}],
        "tmpls": [{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}"}],
    },
]


def note(guid: str, *fields: str, model: str = "basic", **more: Any) -> dict[str, Any]:
    return {
        "__type__": "Note",
        "guid": guid,
        "fields": fields,
        "note_model_uuid": model,
        "tags": ["t"],
        **more,
    }


def parse(folder: Path, *notes: dict[str, Any], **more: Any) -> Parcel:
    deck = {"__type__": "Deck", "name": "World", "note_models": MODELS, "notes": notes, **more}
    (folder / "deck.json").write_text(json.dumps(deck), encoding="utf-8")
    return read([folder], day_of=lambda instant: instant.date())


def test_notes_have_the_cards_that_their_notetype_makes(tmp_path: Path):
    one, both, cloze = parse(
        tmp_path,
        note("a|1", "<b>q</b>", "a", ""),
        note("b", "q", "a", "y"),
        note("c", "{{c1::x}} {{c3::y}}", model="cloze"),
    ).notes
    assert (one.guid, one.deck, one.kind, one.tags) == ("a|1", "World", NoteKind.BASIC, ("t",))
    assert (one.question, one.answer) == ("**q**", "a")
    assert (both.kind, both.ordinals) == (NoteKind.REVERSED, (0, 1))
    assert (cloze.kind, cloze.question, cloze.ordinals) == (NoteKind.CLOZE, "[x] [y]", (0, 2))


def test_children_are_subdecks(tmp_path: Path):
    child = {
        "name": "Rivers",
        "notes": [note("b", "q", "a", "")],
        "children": [{"name": "Long", "notes": []}],
    }
    parcel = parse(tmp_path, children=[child])
    assert [one.deck for one in parcel.notes] == ["World::Rivers"]


def test_pictures_lie_beside_the_file_and_nowhere_else(tmp_path: Path):
    (tmp_path / "media").mkdir()
    for name in ("media/a.png", "secret.png"):
        (tmp_path / name).write_bytes(b"picture")
    (tmp_path / "media" / "link.png").symlink_to(tmp_path / "secret.png")
    names = ["a.png", "missing.png", "../secret.png", "link.png", "", "."]
    parcel = parse(tmp_path, note("a", '<img src="a.png">', "a", ""), media_files=names)
    assert [(one.name, one.read()) for one in parcel.media] == [("a.png", b"picture")]


def test_a_note_without_its_notetype_is_skipped(tmp_path: Path):
    parcel = parse(tmp_path, note("a", "q", "a", ""), note("b", "lost", model="none"))
    assert [(one.what, "notetype" in one.reason) for one in parcel.skipped] == [("lost", True)]


@pytest.mark.parametrize(
    "deck",
    [
        {"note_models": 3},
        {"note_models": [3]},
        {"notes": {}},
        {"notes": [3]},
        {"notes": [{"guid": 3}]},
        {"notes": [{"fields": 3, "tags": "x"}]},
        {"children": [[]]},
        {"name": 3},
        {"media_files": 3},
        {"note_models": [{"tmpls": [{"qfmt": "{{#a}}"}], "crowdanki_uuid": "x"}]},
    ],
)
def test_a_damaged_deck_is_told_so(tmp_path: Path, deck):
    with pytest.raises(DeckError, match=r"damaged|no cards") as caught:
        parse(tmp_path, **deck)
    assert str(caught.value).startswith(str(tmp_path))


def test_decks_nested_without_end_are_refused(tmp_path: Path):
    deck: dict[str, Any] = {"name": "d"}
    for _ in range(60):
        deck = {"name": "d", "children": [deck]}
    with pytest.raises(DeckError, match="nested"):
        parse(tmp_path, children=[deck])
