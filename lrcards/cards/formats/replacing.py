"""A file that is written is there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lrcards.errors import DeckError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file beside ``path`` to write to for a block, and put it in its place if the block succeeds.

    Raises:
        DeckError: if it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with beside.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise DeckError(
            f"The file cannot be written: {error.strerror}", "Check the folder and its permissions", path=path
        ) from error
