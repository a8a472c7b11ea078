from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lrcards.cards.formats.reading import read
from lrcards.cards.formats.writing import write
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError
from lrcards.study.days import StudyDays

WHEN = {"now": datetime(2026, 11, 24, tzinfo=UTC), "days": StudyDays(UTC)}


def day_of(instant: datetime) -> date:
    return instant.date()


def read_all(*paths: Path, **options) -> Parcel:
    return read(paths, day_of=day_of, **options)


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_a_deck_and_what_is_in_it_its_subdecks(tmp_path: Path):
    put(
        tmp_path / "Notes",
        {
            "one.md": "Q: a\nA: b",
            "Sub/two.md": "Q: c\nA: d",
            "Sub/three.md": '---\nname = "Named"\n---\nQ: e\nA: f',
            ".obsidian/four.md": "Q: g\nA: h",
            ".hidden.md": "Q: i\nA: j",
            "table.csv": "k,l",
        },
    )
    parcel = read_all(tmp_path / "Notes")
    assert {note.question: note.deck for note in parcel.notes} == {
        "a": "Notes::one",
        "c": "Notes::Sub::two",
        "e": "Named",
    }
    assert {note.deck for note in read_all(tmp_path / "Notes", deck="X").notes} == {
        "X::one",
        "X::Sub::two",
        "X::Sub::three",
    }


def test_a_file_in_a_folder_without_cards_is_listed_however_it_is_written(tmp_path: Path):
    put(tmp_path, {"a.md": "Q: a\nA: b", "empty.md": "", "prose.md": "---\nx = y\n\n```py\nCall std::sort."})
    assert [(one.what, one.reason) for one in read_all(tmp_path).skipped] == [
        ("empty.md", "It has no cards"),
        ("prose.md", "It has no cards"),
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.md": "# Prose"}, r"a\.md.*no cards.*A card is “Q:”"),
        ({"a.csv": "question,answer\nq,\n"}, "no cards; what was skipped: “q”: “q” has no answer"),
        ({"a.md": "# C\n\nUse a :: b.\nAnd\nmore."}, "“Use a”: It looks like a card.*#flashcards"),
        ({"a.txt": "\n"}, "no cards"),
    ],
)
def test_nothing_to_import_is_an_error_that_says_why(tmp_path: Path, files, words):
    put(tmp_path, files)
    (name,) = files
    with pytest.raises(DeckError, match=words):
        read_all(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "kinds"),
    [
        ("deck.csv", "Q: a\nA: b", ["a"]),
        ("deck.md", "question,answer\na,b", ["a"]),
        ("deck.md", "#separator:tab\na\tb", ["a"]),
        ("deck.json", "a\tb\nc\td", ["a", "c"]),
        ("deck", "a::b\nc::d", ["a", "c"]),
        ("deck.txt", "a\n?\nb, c\n\nd, e\n?\nf", ["a", "d, e"]),
        ("deck.csv", "std::a,b\nstd::c,d", ["std::a", "std::c"]),
        ("deck.png", "a;b\nc;d", ["a", "c"]),
        ("deck.txt", "{{c1::a}} b\tc", ["[…] b"]),
        ("deck", 'kind,question,answer\nbasic,"a\nQ: b",c', ["a\nQ: b"]),
        ("deck.tsv", "\ufefftags:x y\na\tb", ["a"]),
        ("deck.md", "# List\n\n- a, b\n- c, d\n\nx::y #flashcards", ["x"]),
    ],
)
def test_a_format_is_told_by_the_content(tmp_path: Path, name, text, kinds):
    put(tmp_path, {name: text})
    assert [note.question for note in read_all(tmp_path / name).notes] == kinds


def test_links_do_not_lead_out_of_a_folder(tmp_path: Path):
    put(tmp_path, {"Notes/one.md": "Q: a\nA: b", "Other/two.md": "Q: c\nA: d"})
    (tmp_path / "Notes" / "other").symlink_to(tmp_path / "Other")
    (tmp_path / "Notes" / "linked.md").symlink_to(tmp_path / "Other" / "two.md")
    assert [note.question for note in read_all(tmp_path / "Notes").notes] == ["a"]


def test_a_broken_file_refuses_all_unless_it_is_to_be_skipped(tmp_path: Path):
    put(tmp_path, {"good.md": "Q: a\nA: b", "bad.md": "Q: c"})
    with pytest.raises(DeckError, match=r"bad\.md:1: The file ends"):
        read_all(tmp_path)
    parcel = read_all(tmp_path, skip_broken=True)
    assert [note.question for note in parcel.notes] == ["a"]
    (skipped,) = parcel.skipped
    assert "bad.md:1" in skipped.reason


def test_an_id_that_two_files_share_is_told_with_both(tmp_path: Path):
    put(tmp_path, {"a.md": "Q: a\nA: b\n<!-- id: x -->", "b.csv": "id,question,answer\nx,c,d"})
    with pytest.raises(DeckError, match=r"b\.csv:2: The id “x” is taken by .*a\.md:1"):
        read_all(tmp_path / "a.md", tmp_path / "b.csv")


def test_what_was_written_replaces_the_file_and_is_read_back(tmp_path: Path):
    put(tmp_path, {"a.md": "Q: a\nA: b\n<!-- id: x; deck: Z; cards: both ways -->"})
    parcel = read_all(tmp_path / "a.md")
    for name in ("b.csv", "b.md", "b.apkg"):
        path = tmp_path / name
        path.write_text("old", encoding="utf-8")
        assert write(parcel, path, **WHEN) == []
        assert read_all(path).notes[0].deck == "Z"
        assert list(tmp_path.glob(".*")) == []


def test_a_file_that_cannot_be_written_or_has_no_known_name_is_told_so(tmp_path: Path):
    with pytest.raises(DeckError, match="cannot be written"):
        write(Parcel(), tmp_path / "no" / "b.csv", **WHEN)
    with pytest.raises(DeckError, match="names no format"):
        write(Parcel(), tmp_path / "b.xyz", **WHEN)
