"""What is to be known of a collection before it is opened; by the standard library, so that it is quick."""

import sqlite3
from contextlib import closing
from pathlib import Path


def holds_media(path: Path) -> bool:
    """Return whether there is a collection at the path that holds pictures or sounds."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            ((holds,),) = connection.execute("SELECT EXISTS (SELECT 1 FROM media)")
    except sqlite3.Error:
        # Whoever opens it says better what is wrong with it.
        return False
    return bool(holds)
