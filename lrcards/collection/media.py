"""Pictures and sounds in a collection, inside the caller's transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlite_utils.db import Database

from lrcards.cards.media import name_by_content, renamed
from lrcards.cards.parcel import Media, Parcel
from lrcards.collection.rows import rows_of, to_json
from lrcards.errors import CollectionError


def settled(database: Database, parcel: Parcel) -> Parcel:
    """Return the parcel with only the pictures and sounds that the collection has not, under free names.

    One whose name another one has here gets a name from its content, which is the same whenever it is brought
    again; so do the notes that show it.
    """
    here = set(_named(database, (media.name for media in parcel.media)))
    clashing = {
        media.name: name_by_content(media.name, data)
        for media in parcel.media
        if media.name in here and (data := media.read()) != read(database, media.name)
    }
    taken = here | set(_named(database, clashing.values()))
    media = {
        name: replace(each, name=name)
        for each in parcel.media
        if (name := clashing.get(each.name, each.name)) not in taken
    }
    notes = tuple(renamed(note, clashing) for note in parcel.notes) if clashing else parcel.notes
    return replace(parcel, notes=notes, media=tuple(media.values()))


def store(database: Database, media: Media) -> None:
    """Keep a picture or sound whose name is free."""
    database.execute("INSERT INTO media (name, data) VALUES (?, ?)", [media.name, media.read()])


def find(database: Database, name: str) -> bytes | None:
    """Return the picture or sound of this name; ``None`` if there is none."""
    row = next(rows_of(database, "SELECT data FROM media WHERE name = :name", {"name": name}), None)
    return None if row is None else bytes(row["data"])


def read(database: Database, name: str) -> bytes:
    """Return the picture or sound of this name.

    Raises:
        CollectionError: there is none.
    """
    data = find(database, name)
    if data is None:
        raise CollectionError(f"the collection has no picture {name!r}", "Import it with its deck again")
    return data


def names(database: Database) -> frozenset[str]:
    """Return the names of all pictures and sounds."""
    return frozenset(name for (name,) in database.execute("SELECT name FROM media"))


def _named(database: Database, wanted: Iterable[str]) -> Iterator[str]:
    rows = database.execute(
        "SELECT name FROM media WHERE name IN (SELECT value FROM json_each(?))", [to_json(list(wanted))]
    )
    return (name for (name,) in rows)
