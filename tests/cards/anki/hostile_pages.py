"""Databases in packages whose pages are damaged, or lead astray: a name and a maker for each."""

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing

from hostile_archives import Make, database_of, with_database
from hostile_databases import changed_by


def pages() -> dict[str, Make]:
    return dict(odd_pages())


def odd_pages() -> Iterator[tuple[str, Make]]:
    def patched(changes: Iterable[tuple[int, bytes]]) -> bytes:
        data = bytearray(database_of("new_legacy.apkg"))
        for place, value in changes:
            data[place : place + len(value)] = value
        return with_database(bytes(data))

    yield "a schema that branches without end", lambda: with_database(branching_schema())
    yield "a table that branches without end", lambda: with_database(branching_table())
    size = struct.unpack_from(">H", database_of("new_legacy.apkg"), 16)[0]
    pages = len(database_of("new_legacy.apkg")) // size
    for page in range(0, pages, 4):
        yield f"page {page} of zeros", lambda page=page: patched([(page * size, bytes(size))])
        yield f"page {page} of ones", lambda page=page: patched([(page * size, b"\xff" * size)])
        yield f"page {page} of another kind", lambda page=page: patched([(page * size, b"\x05")])
        yield f"page {page} with many cells", lambda page=page: patched([(page * size + 3, b"\xff\xff")])
        yield (
            f"page {page} that goes in circles",
            lambda page=page: patched(
                [
                    (
                        page * size,
                        b"\x05\0\0\0\1\0\x10\0"
                        + struct.pack(">LH", page + 1, 16)
                        + b"\0\0"
                        + struct.pack(">L", page + 1)
                        + b"\1",
                    )
                ]
            ),
        )
    for cut in (0, 15, 16, 99, 100, size - 1, size, 3 * size, pages * size - 1):
        yield (
            f"a database of {cut} bytes",
            lambda cut=cut: with_database(database_of("new_legacy.apkg")[:cut]),
        )
    for place, what, value in (
        *((16, "page size", value) for value in (b"\0\0", b"\0\1", b"\2\0", b"\x20\0", b"\xff\xff")),
        *((18, "format", value) for value in (b"\2\2", b"\3\3", b"\xff\xff")),
        *((20, "reserved space", value) for value in (b"\x10", b"\xff")),
        *((28, "size", value) for value in (b"\0\0\0\1", b"\xff\xff\xff\xff")),
        *((32, "free list", value) for value in (b"\0\0\0\2\0\0\0\5", b"\xff\xff\xff\xff\0\0\0\1")),
        *((44, "schema format", value) for value in (b"\0\0\0\0", b"\0\0\0\x63")),
        *((56, "encoding", value) for value in (b"\0\0\0\2", b"\0\0\0\x63")),
        (0, "magic", b"SQLite format 4\0"),
    ):
        yield f"{what} of {value.hex()}", lambda place=place, value=value: patched([(place, value)])


def branching_table() -> bytes:
    """Return a database in which the pages of a table come again and again, without end."""
    data = bytearray(database_of("new_legacy.apkg"))
    size = struct.unpack_from(">H", data, 16)[0]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(bytes(data))
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revlog'").fetchone()
    leaf = bytes(data[(root - 1) * size : root * size])
    data[(root - 1) * size : root * size] = branch(len(data) // size + 2, size)
    return grown(data, leaf, size)


def branching_schema() -> bytes:
    """Return a database whose schema names an index again and again."""
    data = bytearray(changed_by("CREATE TABLE beside (a UNIQUE)"))
    size = struct.unpack_from(">H", data, 16)[0]
    (count,) = struct.unpack_from(">H", data, 103)
    cells = struct.unpack_from(f">{count}H", data, 108)
    whole = data[100 : 108 + 2 * count]
    whole += bytes(200 - len(whole)) + data[200:size]
    (index,) = (cell for cell in cells if b"sqlite_autoindex_beside" in data[cell : cell + 60])
    leaf = bytearray(whole)
    leaf[3:5], leaf[8:10] = struct.pack(">H", 1), struct.pack(">H", index)
    pages = len(data) // size
    data[100:size] = branch(pages + 3, size, first=pages + 1, offset=100)[100:]
    return grown(data + whole, bytes(leaf), size)


def grown(data: bytearray, leaf: bytes, size: int, levels: int = 6) -> bytes:
    """Return a database with a leaf, and levels of pages that each lead 400 times to the next."""
    first = len(data) // size + 1
    grown = (
        data + leaf + b"".join(branch(first + n + 1, size) for n in range(1, levels)) + branch(first, size)
    )
    grown[28:32] = struct.pack(">L", len(grown) // size)
    return bytes(grown)


def branch(child: int, size: int, *, first: int | None = None, offset: int = 0) -> bytes:
    """Return an inner page of a table that leads to a page 400 times, or once and before that to another."""
    children = [child] * 399 if first is None else [first]
    page = bytearray(size)
    start = size - 5 * len(children)
    struct.pack_into(">BHHHBL", page, offset, 5, 0, len(children), start, 0, child)
    for place, number in enumerate(children):
        struct.pack_into(">H", page, offset + 12 + 2 * place, start + 5 * place)
        struct.pack_into(">LB", page, start + 5 * place, number, 1)
    return bytes(page)
