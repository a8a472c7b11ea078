"""Finding cards among 100,000 notes; the backend of Anki 26.9.3 took 20 to 55 ms for like searches."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest

from lrcards.browsing import PAGE
from lrcards.cards.query_parser import parse
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.search import Column, Order, find, found, index_texts
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.settings import StudySettings

pytestmark = pytest.mark.bench

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUERIES = (
    *("", "number", "de", "777", "number 777", "front:*777*", "77 or 88", "-formula"),
    *("deck:Subject*1", "tag:none", "-tag:x", "is:due", "is:new", "-is:new", "rated:3", "introduced:30"),
    *("prop:r<0.8", "prop:s>100", "prop:due=-1", "added:3", "note:basic", "777 is:due -tag:x"),
)
COPY = """
    INSERT INTO notes (guid, deck_id, kind, question, answer, tags, ordinals, created_at, modified_at)
    SELECT 'copy of ' || guid, deck_id, kind, question, answer, tags, ordinals, created_at, modified_at
    FROM notes
"""


def milliseconds(action: Callable[[], object], times: int = 5) -> float:
    """Return how long the quickest of some calls took."""
    spans = []
    for _ in range(times):
        start = perf_counter()
        action()
        spans.append((perf_counter() - start) * 1000)
    return min(spans)


def test_searching_among_very_many_notes(studied: Path, tmp_path: Path) -> None:
    with Collection.open(Path(shutil.copy(studied, tmp_path))) as collection:
        rules = rules_in_use(collection, StudySettings(), StudyDays(UTC))
        spent = milliseconds(lambda: index_texts(collection), 1)
        print(f"\nreading what 100,000 notes show     {spent:8.1f} ms")
        for text in QUERIES:
            query = parse(text)
            cards = len(find(collection, query, rules, NOW))
            spent = milliseconds(lambda query=query: find(collection, query, rules, NOW))
            print(f"{text:<24}{cards:>9,} {spent:8.1f} ms")
        for column in Column:
            order = Order(column, descending=True)
            spent = milliseconds(lambda order=order: find(collection, parse(""), rules, NOW, order), 3)
            print(f"all, sorted by {column:<18} {spent:8.1f} ms")
        ids = find(collection, parse(""), rules, NOW)
        spent = milliseconds(lambda: found(collection, ids[:PAGE]))
        print(f"{PAGE} lines of the table             {spent:8.1f} ms")


def test_what_the_index_costs_an_import(studied: Path, tmp_path: Path) -> None:
    with Collection.open(Path(shutil.copy(studied, tmp_path))) as collection:
        index_texts(collection)
        spans = {}
        for name in ("with", "without"):
            with collection.writing() as database:
                if name == "without":
                    database.execute("DROP TRIGGER index_a_new_note")
                    database.execute("DROP INDEX notes_by_tags")
                spans[name] = milliseconds(lambda: database.execute(COPY), 1)
                database.execute("DELETE FROM notes WHERE guid LIKE 'copy of %'")
        print(
            f"\n100,000 notes: {spans['with']:.0f} ms, or {spans['without']:.0f} ms if no search knew of them"
        )
