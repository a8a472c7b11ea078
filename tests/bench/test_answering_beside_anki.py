"""From a rating to the next question, beside the same with Anki's own backend (pip install anki)."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any

import pytest

from lrcards.cards.model import Rating
from lrcards.collection.store import Collection
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.settings import StudySettings
from tests.bench.conftest import NOTES, NOW

anki = pytest.importorskip("anki.collection", reason="needs Anki's backend")

pytestmark = pytest.mark.bench

ANSWERS = 300
DUE = 1000


def filled(path: Path) -> Any:
    """Return a collection of Anki's with as many notes, of which some are due."""
    collection = anki.Collection(str(path))
    collection.set_config("fsrs", True)
    options = collection.decks.get_config(1)
    options["rev"]["perDay"] = DUE
    collection.decks.update_config(options)
    kind, today = collection.models.by_name("Basic")["id"], collection.sched.today
    collection.close()
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO notes VALUES (?, ?, ?, 0, 0, '', ?, ?, 0, 0, '')",
        [(n, f"note-{n}", kind, f"question {n}\x1fanswer", f"question {n}") for n in range(1, NOTES + 1)],
    )
    connection.executemany(
        "INSERT INTO cards VALUES (?, ?, 1, 0, 0, 0, 2, 2, ?, 20, 0, 11, 0, 0, 0, 0, 0, ?)",
        [
            (n, n, today if n <= DUE else today + 1 + n % 600, '{"s":20.0,"d":5.0,"dr":0.9}')
            for n in range(1, NOTES + 1)
        ],
    )
    connection.commit()
    connection.close()
    return anki.Collection(str(path))


def answering(collection: Any) -> Iterator[None]:
    """Answer card after card, each with the next one in hand."""
    random, scheduler = Random(1), collection.sched
    (queued,) = scheduler.get_queued_cards(fetch_limit=1).cards
    while True:
        card = collection.get_card(queued.card.id)
        card.start_timer()
        answer = scheduler.build_answer(card=card, states=queued.states, rating=random.randrange(4))
        scheduler.answer_card(answer)
        (queued,) = scheduler.get_queued_cards(fetch_limit=1).cards
        yield


def milliseconds(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return (perf_counter() - start) * 1000


def test_answering_beside_anki(studied: Path, tmp_path: Path) -> None:
    clock = iter(NOW + timedelta(seconds=second) for second in range(1_000_000))
    random = Random(1)
    settings = StudySettings(limits=Limits(20, DUE))
    theirs = filled(tmp_path / "collection.anki2")
    with Collection.open(studied) as collection:
        sitting = Sitting(collection, settings, StudyDays(NOW.tzinfo), lambda: next(clock), random)

        def answer() -> None:
            sitting.answer(random.choice(list(Rating)))
            assert sitting.current

        answers = answering(theirs)
        spans = [(milliseconds(answer), milliseconds(lambda: next(answers))) for _ in range(ANSWERS)]
    theirs.close()
    print("\nrating to next question, committed, milliseconds      p50      p99")
    for name, of_one in zip(("lrcards", "Anki"), zip(*spans, strict=True), strict=True):
        percentiles = quantiles(of_one, n=100)
        print(f"{name:<48} {percentiles[49]:8.2f} {percentiles[98]:8.2f}")
