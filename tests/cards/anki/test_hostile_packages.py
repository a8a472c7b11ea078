"""Whatever stands in a package, it is read or refused with a sentence, and nothing else happens."""

import tempfile
from pathlib import Path

import pytest
from hostile_archives import archives
from hostile_databases import databases
from hostile_pages import pages

from lrcards.cards.anki.package import looks_like_anki, read_anki
from lrcards.errors import DeckError
from lrcards.text import clean

CASES = {**archives(), **databases(), **pages()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with nothing but a place for temporary files."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "temporary").mkdir()
    return folder


@pytest.fixture(autouse=True)
def temporary(folder, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))


@pytest.mark.parametrize("name", CASES)
def test_a_package_is_read_or_refused_with_a_sentence(name, folder):
    path = folder / "deck.apkg"
    path.write_bytes(CASES[name]())
    try:
        media = read_anki(path).media
    except DeckError as error:
        assert_sentence(error, path)
    else:
        assert looks_like_anki(path)
        for name, read in media.items():
            assert Path(name).name == name
            try:
                assert isinstance(read(), bytes)
            except DeckError as error:
                assert_sentence(error, path)
    assert sorted(folder.rglob("*")) == [path, folder / "temporary"]


def assert_sentence(error: DeckError, path: Path) -> None:
    sentence = str(error)
    assert sentence.startswith(f"{path}: ")
    assert sentence.endswith(".")
    assert clean(sentence) == sentence
    assert "\n" not in sentence
    assert len(sentence) < len(str(path)) + 300


def test_there_are_enough_cases():
    assert len(CASES) >= 400
