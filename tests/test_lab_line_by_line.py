"""The lab in words, within a sitting line by line."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from random import Random

import pytest

from lrcards.cards.formats.markdown import parse_deck
from lrcards.collection.store import Collection
from lrcards.descent.presets import PRESETS
from lrcards.descent.run import simulate
from lrcards.lab_line_by_line import in_words
from lrcards.line_by_line import study
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DECK = "Q: Where does it end?\nA: At the median.\n<!-- id: kink; lab: kink -->"


@pytest.fixture
def typing(tmp_path: Path) -> Iterator[tuple[Collection, Callable[..., str]]]:
    """A collection with one card, and what a sitting with it says to some lines."""
    with Collection.open(tmp_path / "collection.db") as collection:
        collection.import_notes(parse_deck(DECK, path="small.md"), NOON)

        def typed(*lines: str) -> str:
            page = StringIO()
            sitting = Sitting(collection, StudySettings(), StudyDays(UTC), lambda: NOON, Random(1))
            study(sitting, StringIO("\n".join(lines) + "\n"), page)
            return page.getvalue()

        yield collection, typed


def test_the_lab_asks_first_then_tells_and_returns_to_the_card(typing) -> None:
    collection, typed = typing
    said = typed("g", "z", "a", "", "4")
    asked, told = said.split("Enter runs it without a prediction.")
    assert "steps" not in asked.split("The lab: ")[1]
    assert re.search(r"(Right|Not so)[^\n]*\n\n.*step +rate +x +loss", told, re.DOTALL)
    assert said.count("Question: Where does it end?") == 2
    (review,) = collection.reviews("kink#0")
    assert review.prediction is not None
    assert ("Right." in told) == review.prediction["held"]


def test_after_the_answer_the_lab_asks_no_more(typing) -> None:
    _, typed = typing
    said = typed("", "g", "4")
    assert "Type one of" not in said
    assert said.count("1 Again <1m") == 2
    assert "Easy: again in" in said


@pytest.mark.parametrize("name", ["kink", "three-regimes", "rosenbrock", "helicopter"])
def test_of_each_lane_the_last_step_is_told_with_its_loss(name: str) -> None:
    trajectory = simulate(PRESETS[name].experiment)
    rows = [line.split() for line in in_words(PRESETS[name]) if re.fullmatch(r"[-+.einfa\d\s]+", line)]
    starts = [place for place, row in enumerate(rows) if row[0] == "0"]
    assert len(starts) == trajectory.lanes
    for lane, end in enumerate([*starts[1:], len(rows)]):
        assert rows[end - 1][-1] == f"{trajectory.losses[-1, lane]:.5g}"
