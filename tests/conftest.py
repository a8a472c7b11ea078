"""What holds for every test."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Most of what a test makes goes with it: to look for cycles a hundredth as often takes a tenth off the suite.
gc.set_threshold(100_000, 50, 100)

# A busy machine is no failure: speed is measured in tests/bench.
settings.register_profile("lrcards", deadline=None)
settings.load_profile("lrcards")


@pytest.fixture(scope="session", autouse=True)
def new_collections_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a new collection be a copy of an empty one, thirty times as quick, and wait for no disk.

    That collections are made right is tested in ``collection/test_opening.py`` and in processes of their own.
    """
    from lrcards.collection import store

    empty = tmp_path_factory.mktemp("empty") / "collection.db"
    store.Collection.open(empty).close()
    opened = store.open_database

    def open_copy(path: Path) -> Any:
        if path.parent.is_dir() and not os.path.lexists(path):
            with suppress(OSError):
                shutil.copyfile(empty, path)
        database = opened(path)
        # What is on disk when the machine stops is tested nowhere; that it is asked for, where opening is.
        database.execute("PRAGMA synchronous = OFF")
        return database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "open_database", open_copy)
        yield
