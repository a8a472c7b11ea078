"""How long it takes to read and write a hundred thousand notes, beside what the bare data takes."""

import csv
import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrcards.cards.formats.reading import read
from lrcards.cards.formats.writing import write
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.study.days import StudyDays

pytestmark = pytest.mark.bench

COUNT = 100_000
WORDS = [
    "rate",
    "step",
    "loss",
    "curvature",
    "momentum",
    "*minimum*",
    "$\\eta$",
    "schedule",
    "gradient",
    "[x]",
]


def notes() -> Iterable[Note]:
    choose = random.Random(1)
    for number in range(COUNT):
        question, answer = (" ".join(choose.choices(WORDS, k=12)) for _ in range(2))
        yield Note(
            f"id{number}", "Bench", NoteKind.BASIC, f"{number} {question}", answer, ("a", f"b{number % 9}")
        )


def read_one(path: Path) -> Parcel:
    return read([path], day_of=datetime.date)


def bare(path: Path) -> object:
    """Read nothing but the data."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return json.loads(text)
    return list(csv.reader(text.split("\n"))) if path.suffix == ".csv" else text.split("\n")


def seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


@pytest.mark.parametrize("suffix", ["md", "csv", "json"])
def test_a_hundred_thousand_notes_are_read_and_written_in_a_small_multiple_of_the_bare_data(tmp_path, suffix):
    path = tmp_path / f"deck.{suffix}"
    parcel = Parcel(notes=tuple(notes()))
    writing = seconds(
        lambda: write(parcel, path, now=datetime(2026, 11, 24, tzinfo=UTC), days=StudyDays(UTC))
    )
    reading = seconds(lambda: read_one(path))
    data = seconds(lambda: bare(path))
    print(f"\n{suffix}: read {reading:.2f} s, written {writing:.2f} s, bare data {data:.2f} s")
    found = read_one(path)
    assert [replace(note, source=None) for note in found.notes[:99]] == list(parcel.notes[:99])
    assert len(found.notes) == COUNT
    assert reading < 100 * max(data, 0.05)


def test_a_hundred_thousand_rows_of_ankis_are_read(tmp_path):
    path = tmp_path / "notes.txt"
    rows = (f"g{n}\tBasic\tA::B\tWhat is <b>{n}</b> worth?\tIt is worth<br>{n}\ta b" for n in range(COUNT))
    columns = "#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6"
    path.write_text("\n".join(["#separator:tab\n#html:true", columns, *rows]), encoding="utf-8")
    parcel = []
    print(f"\nAnki's text: read {seconds(lambda: parcel.append(read_one(path))):.2f} s")
    assert len(parcel[0].notes) == COUNT


def test_a_hundred_thousand_cards_of_obsidian_are_read(tmp_path):
    path = tmp_path / "note.md"
    cards = (f"{n.question}::{n.answer}\n\nThe =={n.guid}== of it" for n in notes() if int(n.guid[2:]) % 2)
    path.write_text("#flashcards\n\n" + "\n\n".join(cards), encoding="utf-8")
    parcel = []
    print(f"\nSpaced Repetition: read {seconds(lambda: parcel.append(read_one(path))):.2f} s")
    assert len(parcel[0].notes) == COUNT
