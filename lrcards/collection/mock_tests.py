"""Mock tests of a collection, kept as JSON by their ids after every step."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lrcards.collection.rows import from_ms, rows_of, to_json, to_ms
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError
from lrcards.study.exam.mock_test import Given, Item, MockTest, Mode


def mock_tests_of(collection: Collection) -> list[MockTest]:
    """Return the tests, finished and not, oldest first.

    Raises:
        CollectionError: what is stored is no test.
    """
    with collection.reading() as database:
        rows = rows_of(database, "SELECT id, test FROM mock_tests WHERE test IS NOT NULL ORDER BY id", {})
        return [_from_json(row["id"], row["test"]) for row in rows]


def keep_mock_test(collection: Collection, test: MockTest, now: datetime) -> None:
    """Keep a test as it stands; it is on disk when this returns."""
    data = {
        **asdict(test),
        "begun_at": to_ms(test.begun_at),
        "marked": sorted(test.marked),
        "finished_at": None if test.finished_at is None else to_ms(test.finished_at),
    }
    with collection.writing() as database:
        database.execute(
            "INSERT OR REPLACE INTO mock_tests (id, test, modified_at) VALUES (:id, :test, :now)",
            {"id": test.id, "test": to_json(data), "now": to_ms(now)},
        )


def _from_json(test_id: str, text: str) -> MockTest:
    try:
        data: dict[str, Any] = json.loads(text)
        return MockTest(
            **{
                **data,
                "begun_at": from_ms(data["begun_at"]),
                "items": tuple(Item(**{**item, "topics": tuple(item["topics"])}) for item in data["items"]),
                "given": tuple(
                    None if given is None else Given(**{**given, "mode": Mode(given["mode"])})
                    for given in data["given"]
                ),
                "marked": frozenset(data["marked"]),
                "finished_at": None if data["finished_at"] is None else from_ms(data["finished_at"]),
            }
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CollectionError(
            f"the mock test {test_id} cannot be read: {error}", "Restore a backup"
        ) from error
