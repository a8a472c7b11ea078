"""Whatever stands in a package, it is read or refused with a sentence, and nothing else happens."""

import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from hostile_archives import archives
from hostile_databases import databases
from hostile_pages import pages

from lrcards.cards.formats.anki.parcels import read_parcel
from lrcards.cards.parcel import is_file_name
from lrcards.errors import DeckError
from lrcards.text import clean

BOMBS = (
    "a zip bomb",
    "a zip bomb that claims to be small",
    "a directory that would fill the memory",
    "Zstandard a bomb",
    "Zstandard a bomb in many frames",
    "Zstandard with a huge window",
    "a media list huge",
    "a media list deep",
    "models of many values",
    "a text of 17 MB",
    "a field of 3 MB",
    "a million fields",
    "a schema that branches without end",
)
READ_ALL = r"""
import re, sys
from pathlib import Path
from datetime import datetime
from lrcards.cards.formats.anki.parcels import read_parcel
from lrcards.errors import DeckError

for path in Path(sys.argv[1]).glob("*.apkg"):
    try:
        for file in read_parcel(path, day_of=datetime.date).media:
            file.read()
    except DeckError:
        pass
print(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])
"""
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
        parcel = read_parcel(path, day_of=datetime.date)
    except DeckError as error:
        assert_sentence(error, path)
    else:
        for note in parcel.notes:
            assert clean(note.question + note.answer) == note.question + note.answer
        for file in parcel.media:
            assert is_file_name(file.name)
            try:
                assert isinstance(file.read(), bytes)
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory was used")
def test_no_bomb_takes_500_mb(tmp_path):
    for number, name in enumerate(BOMBS):
        (tmp_path / f"{number}.apkg").write_bytes(CASES[name]())
    run = subprocess.run(
        [sys.executable, "-c", READ_ALL, tmp_path], capture_output=True, text=True, check=True, timeout=120
    )
    assert int(run.stdout) < 500_000


def test_there_are_enough_cases():
    assert len(CASES) >= 400
