"""Pictures that lie beside a deck come with it; nothing else of the disk does."""

from datetime import date, datetime
from pathlib import Path

import pytest

from lrcards.cards.formats.reading import read
from lrcards.cards.parcel import Parcel


def day_of(instant: datetime) -> date:
    return instant.date()


def read_all(*paths: Path) -> Parcel:
    return read(paths, day_of=day_of)


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def media_of(parcel: Parcel) -> dict[str, bytes]:
    return {media.name: media.read() for media in parcel.media}


def test_pictures_come_by_their_bare_names(tmp_path):
    deck = "Q: ![a](img/plot.png) ![](<img/b c.png>)\nA: ![](img/b%20c.png) ♪ `sound.mp3` ![gone](gone.png)"
    files = {"img/plot.png": "P", "img/b c.png": "B", "sound.mp3": "S", "img/no.png": "N"}
    put(tmp_path, {"deck.md": deck, **files})
    parcel = read_all(tmp_path / "deck.md")
    (note,) = parcel.notes
    assert note.question == "![a](plot.png) ![](<b c.png>)"
    assert note.answer == "![](b%20c.png) ♪ `sound.mp3` ![gone](gone.png)"
    assert media_of(parcel) == {"plot.png": b"P", "b c.png": b"B", "sound.mp3": b"S"}


def test_a_deck_in_a_folder_shows_what_lies_anywhere_in_the_folder(tmp_path):
    put(tmp_path, {"Notes/sub/deck.md": "Q: ![](../img/plot.png)\nA: b", "Notes/img/plot.png": "P"})
    assert media_of(read_all(tmp_path / "Notes")) == {"plot.png": b"P"}
    assert not read_all(tmp_path / "Notes" / "sub" / "deck.md").media


def test_pictures_of_one_name_are_told_apart_by_what_they_hold(tmp_path):
    files = {"b.md": "Q: ![](2/p.png) ![](1/p.png)\nA: b", "c.md": "Q: ![](3/p.png)\nA: c"}
    put(tmp_path, {**files, "1/p.png": "1", "2/p.png": "2", "3/p.png": "1"})
    parcel = read_all(tmp_path)
    media = media_of(parcel)
    assert sorted(media.values()) == [b"1", b"2"]
    shown = [[media[name.split(")")[0]] for name in note.question.split("](")[1:]] for note in parcel.notes]
    assert shown == [[b"2", b"1"], [b"1"]]


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "/etc/passwd",
        "secret.txt",
        "link.png",
        "folder.png",
        "nul%00.png",
        "a" * 5000 + ".png",
    ],
)
def test_only_pictures_that_really_lie_there_are_read(tmp_path, name):
    put(tmp_path, {"secret.png": "!", "deck/secret.txt": "!", "deck/folder.png/x": "!"})
    (tmp_path / "deck" / "link.png").symlink_to(tmp_path / "secret.png")
    put(tmp_path, {"deck/deck.md": f"Q: ![x]({name})\nA: b"})
    parcel = read_all(tmp_path / "deck" / "deck.md")
    assert not parcel.media
    assert parcel.notes[0].question == f"![x]({name})"
