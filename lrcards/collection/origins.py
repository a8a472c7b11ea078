"""What notes were in other programs; what many of them share, such as a notetype, is kept once."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from sqlite_utils.db import Database

from lrcards.collection.rows import to_json

SHARED = "notetype"
"""The key of an origin whose value many notes have in common; it is stored as the digest of the part."""


def store(database: Database, origins: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Keep origins by the guids of their notes, inside the caller's transaction."""
    digests: dict[int, str] = {}
    parts: dict[str, str] = {}
    alive: list[object] = []

    def row(guid: str, origin: Mapping[str, Any]) -> tuple[str, str]:
        part = origin.get(SHARED)
        if not isinstance(part, Mapping):
            return guid, to_json(origin)
        if id(part) not in digests:
            # While it is in this list, no other part can get its id.
            alive.append(part)
            text = to_json(part)
            digests[id(part)] = blake2b(text.encode(), digest_size=16).hexdigest()
            parts[digests[id(part)]] = text
        return guid, to_json({**origin, SHARED: digests[id(part)]})

    database.conn.executemany(
        "INSERT OR REPLACE INTO origins (note_guid, origin) VALUES (?, ?)",
        [row(guid, origin) for guid, origin in origins],
    )
    database.conn.executemany(
        "INSERT OR IGNORE INTO origin_parts (digest, part) VALUES (?, ?)", parts.items()
    )


def read(database: Database) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each note's guid and its origin; what is shared is one and the same object."""
    parts = {
        digest: json.loads(part) for digest, part in database.execute("SELECT digest, part FROM origin_parts")
    }
    for guid, text in database.execute("SELECT note_guid, origin FROM origins"):
        origin = json.loads(text)
        if isinstance(origin.get(SHARED), str):
            origin[SHARED] = parts.get(origin[SHARED])
        yield guid, origin
