"""A mock test is kept after every step, and comes back as it stood."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrcards.collection.mock_tests import keep_mock_test, mock_tests_of
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError
from lrcards.study.exam.mock_test import Given, Item, MockTest, Mode

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ID = "01958c3e-0000-7000-8000-000000000000"


def test_a_test_comes_back_as_it_stood(tmp_path: Path) -> None:
    items = (Item("a#0", ("kinks", "core"), 3, 0.8), Item("b#0", (), 0, 0.0))
    test = MockTest(ID, "Statistics", 7, NOW, items, minutes=10, counts=True)
    step = test.toggled().answered(Given(Mode.CHOICE, "diverging", True, 0.95, 12.5))
    with Collection.open(tmp_path / "c.db") as collection:
        keep_mock_test(collection, test, NOW)
        keep_mock_test(collection, step, NOW)
    with Collection.open(tmp_path / "c.db") as collection:
        assert mock_tests_of(collection) == [step]
        keep_mock_test(collection, step.finished(NOW), NOW)
        assert mock_tests_of(collection) == [step.finished(NOW)]


def test_what_is_no_test_is_said_in_a_sentence(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "c.db") as collection:
        with collection.writing() as database:
            database.execute(f"INSERT INTO mock_tests VALUES ('{ID}', '[]', 0)")
        with pytest.raises(CollectionError, match="cannot be read"):
            mock_tests_of(collection)
