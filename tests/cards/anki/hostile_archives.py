"""Broken and hostile archives, made from packages that Anki wrote: a name for each, and what makes it."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from lrcards.cards.formats.archive import zstd

RECORDED = Path(__file__).parent / "recorded"
Make = Callable[[], bytes]
ZEROS = bytes(1 << 20)


def archives() -> dict[str, Make]:
    families = (truncated, flipped, odd_archives, lying_archives, odd_layouts, odd_zstd, odd_media)
    return dict(case for family in families for case in family())


@cache
def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


@cache
def entries_of(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(RECORDED / name) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist() if entry != "collection.anki2"}


@cache
def database_of(name: str) -> bytes:
    entries = entries_of(name)
    packed = entries.get("collection.anki21b")
    data = zstd.decompress(packed) if packed else entries["collection.anki21"]
    # Without a write-ahead log, which a database in memory cannot have.
    return data[:18] + b"\1\1" + data[20:]


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def with_entries(
    original: str = "new_legacy.apkg", method: int = zipfile.ZIP_STORED, **changes: bytes | None
) -> bytes:
    """Return a package in which some entries are others, or gone.

    ``collection`` stands for the database of the layout, ``_0`` for the first media file.
    """
    entries = dict(entries_of(original))
    place = next(name for name in entries if name.startswith("collection"))
    for name, data in changes.items():
        entries[place if name == "collection" else name.lstrip("_")] = data
    return zipped({name: data for name, data in entries.items() if data is not None}, method)


def with_database(data: bytes, original: str = "new_legacy.apkg") -> bytes:
    return with_entries(original, collection=zstd.compress(data, 1) if original == "new.apkg" else data)


def truncated() -> Iterator[tuple[str, Make]]:
    for name in ("new.apkg", "new_legacy.colpkg", "oldest.apkg"):
        size = len(recorded(name))
        for cut in (0, 1, 4, 30, 60, size // 3, size // 2, size - 500, size - 100, size - 22, size - 1):
            yield f"{name} cut at {cut}", lambda name=name, cut=cut: recorded(name)[:cut]


def flipped() -> Iterator[tuple[str, Make]]:
    def flip(name: str, seed: int) -> bytes:
        data, chance = bytearray(recorded(name)), random.Random(seed)
        for _ in range(8):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        # The directory too: it is at the end.
        data[-chance.randrange(1, 300)] ^= 0xFF
        return bytes(data)

    for name in ("new.apkg", "new_legacy.apkg", "old.apkg"):
        for seed in range(8):
            yield f"{name} with flipped bits {seed}", partial(flip, name, seed)


def odd_archives() -> Iterator[tuple[str, Make]]:
    yield "text", lambda: b"front,back\n" * 10
    yield "zeros", lambda: bytes(1000)
    yield "nothing but the end of an archive", lambda: b"PK\5\6" + bytes(18)
    yield "an archive without entries", lambda: zipped({})
    yield "an archive of something else", lambda: zipped({"word/document.xml": b"<x/>"})
    yield "a package within a package", lambda: zipped({"deck.apkg": recorded("new.apkg")})
    yield "a package for a collection", lambda: with_database(recorded("new.apkg"))
    yield "text before the archive", lambda: b"x" * 999 + recorded("new.apkg")
    yield "text after the archive", lambda: recorded("new.apkg") + b"x" * 999
    yield (
        "names that climb",
        lambda: zipped({"../../evil": b"x", "/etc/evil": b"x", **entries_of("new.apkg")}),
    )
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield (
            f"compressed by method {method}",
            lambda method=method: zipped(entries_of("new_legacy.apkg"), method),
        )
    yield "more entries than there may be", lambda: many_entries(100_001)
    yield "a directory that would fill the memory", lambda: many_entries(300_000)


def many_entries(count: int) -> bytes:
    name = b"0"
    entry = (
        struct.pack("<4s4B4H3L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + name
    )
    directory = entry * count
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return directory + end64 + locator + end


def lying_archives() -> Iterator[tuple[str, Make]]:
    """What the directory says of the collection is not so."""

    def lying(offset: int, form: str, value: int) -> bytes:
        data = bytearray(with_entries(method=zipfile.ZIP_DEFLATED))
        start = data.rindex(b"collection.anki21") - 46
        struct.pack_into(form, data, start + offset, value)
        return bytes(data)

    yield "encrypted", lambda: lying(8, "<H", 1)
    yield "strongly encrypted", lambda: lying(8, "<H", 65)
    yield "patched", lambda: lying(8, "<H", 32)
    yield "compressed by an unknown method", lambda: lying(10, "<H", 99)
    yield "said to be stored", lambda: lying(10, "<H", 0)
    yield "of another checksum", lambda: lying(16, "<L", 1)
    for what, offset in (("packed", 20), ("unpacked", 24)):
        for size in (0, 1, 1000, 10**6, 2**32 - 2, 2**32 - 1):
            yield f"said to have {size} bytes {what}", lambda o=offset, s=size: lying(o, "<L", s)
    for offset in (1, 10**6, 2**32 - 1):
        yield f"said to be at {offset}", lambda o=offset: lying(42, "<L", o)
    yield "with a name longer than the file", lambda: lying(28, "<H", 65535)
    yield "needing a later version", lambda: lying(6, "<H", 999)
    yield "a zip bomb", lambda: bytes(bomb())

    def modest_bomb() -> bytes:
        data = bomb()
        struct.pack_into("<L", data, data.rindex(b"collection.anki21") - 46 + 24, 1000)
        return bytes(data)

    yield "a zip bomb that claims to be small", modest_bomb


def bomb() -> bytearray:
    return bytearray(with_entries(method=zipfile.ZIP_DEFLATED, collection=ZEROS * 40))


def odd_layouts() -> Iterator[tuple[str, Make]]:
    metas = {
        "empty": b"",
        "zero": b"\x08\x00",
        "of the next version": b"\x08\x04",
        "of version 99": b"\x08\x63",
        "of a huge version": b"\x08" + b"\xff" * 9 + b"\x01",
        "without an end": b"\x08\xff",
        "of eleven bytes": b"\x08" + b"\xff" * 11,
        "of text": b"\x0a\x02ab",
        "cut in a text": b"\x0a\x7fab",
        "of a group": b"\x0b\x0c",
        "of a float": b"\x0d\0\0\0\0",
        "for the oldest": b"\x08\x01",
        "for the latest": b"\x08\x03",
        "long": b"\x08\x02" * 1000,
    }
    for name, meta in metas.items():
        yield f"a version note {name}", lambda meta=meta: with_entries(meta=meta)
    yield "the latest said to be the one before", lambda: with_entries("new.apkg", meta=b"\x08\x02")
    yield "the latest without a version note", lambda: with_entries("new.apkg", meta=None)
    yield "without a collection", lambda: with_entries(collection=None)
    yield "with an empty collection", lambda: with_entries(collection=b"")
    yield "the latest with an empty collection", lambda: with_entries("new.apkg", collection=b"")
    yield (
        "only the stand-in",
        lambda: zipped({"meta": b"\x08\x03", "collection.anki2": database_of("new.apkg")}),
    )


def odd_zstd() -> Iterator[tuple[str, Make]]:
    packed = entries_of("new.apkg")["collection.anki21b"]
    data = database_of("new.apkg")
    collections: dict[str, Make] = {
        "not packed": lambda: data,
        "packed twice": lambda: zstd.compress(packed),
        "with rubbish after it": lambda: packed + b"rubbish",
        "in two frames": lambda: zstd.compress(data[:5000]) + zstd.compress(data[5000:]),
        "with a frame to skip": lambda: b"\x50\x2a\x4d\x18\x04\0\0\0skip" + packed,
        "with a frame to skip that never ends": lambda: b"\x50\x2a\x4d\x18\xff\xff\xff\xffskip",
        "a bomb": lambda: zstd.compress(ZEROS * 40),
        "a bomb in many frames": lambda: zstd.compress(ZEROS) * 40,
        # A frame header that asks for a window of 2^31 bytes and more.
        "with a huge window": lambda: b"\x28\xb5\x2f\xfd\x00\xa8" + packed[6:],
        "with an impossible window": lambda: b"\x28\xb5\x2f\xfd\x00\xff" + packed[6:],
        "of a dictionary": lambda: b"\x28\xb5\x2f\xfd\x03\x58\1\2\3\4" + packed[6:],
    }
    for cut in (1, 4, 5, 6, 9, len(packed) // 2, len(packed) - 1):
        collections[f"cut at {cut}"] = lambda cut=cut: packed[:cut]
    for name, make in collections.items():
        yield f"Zstandard {name}", lambda make=make: with_entries("new.apkg", collection=make())
    for name, media in {
        "not packed": b"x",
        "empty": b"",
        "a bomb": zstd.compress(ZEROS * 40),
        "no message": zstd.compress(b"\x0a\xff"),
        "of other fields": zstd.compress(b"\x10\x01" * 100),
        "with nameless files": zstd.compress(b"\x0a\x00" * 5),
        "with numbers for names": zstd.compress(b"\x0a\x02\x08\x05"),
        "with far too many files": zstd.compress(b"\x0a\x00" * 100_001),
        "with sizes that lie": zstd.compress(b"\x0a\x07\x0a\x01a\x10\xff\xff\x03"),
        "with a huge size": zstd.compress(b"\x0a\x0a\x0a\x01a\x10\xff\xff\xff\xff\x0f"),
        "with an endless size": zstd.compress(b"\x0a\x0e\x0a\x01a\x10" + b"\xff" * 9 + b"\x01"),
        "with a climbing name": zstd.compress(b"\x0a\x07\x0a\x05../ab"),
        "with a name that is no text": zstd.compress(b"\x0a\x04\x0a\x02\xff\xfe"),
    }.items():
        yield f"a media list {name} for the latest", lambda media=media: with_entries("new.apkg", media=media)
    yield "media that are no Zstandard", lambda: with_entries("new.apkg", _0=b"raw")
    yield (
        "media that grow",
        lambda: with_entries("new.apkg", _0=zstd.compress(ZEROS * 40), _1=zstd.compress(ZEROS)),
    )


def odd_media() -> Iterator[tuple[str, Make]]:
    lists = {
        "empty": "",
        "a list": '["a.png"]',
        "null": "null",
        "cut": '{"0":"a',
        "deep": "[" * 200_000,
        "deep but whole": "[" * 900 + "]" * 900,
        "of numbers": '{"0":1}',
        "of lists": '{"0":["a.png"]}',
        "of nothing": '{"0":null}',
        "of other keys": '{"pixel":"a.png","-1":"b.png","../0":"c.png"}',
        "of files that are not there": '{"77":"a.png","78":"b.png"}',
        "of the database": '{"collection.anki21":"a.png","meta":"b.png","media":"c.png"}',
        "of one name": '{"0":"a.png","1":"a.png"}',
        "huge": json.dumps({str(n): f"{n}.png" for n in range(100_001)}),
        "not of UTF-8": '{"0":"\udcff.png"}',
        "of half a pair": '{"0":"\\ud800.png"}',
    }
    for name, text in lists.items():
        yield f"a media list {name}", lambda t=text: with_entries(media=t.encode("utf-8", "surrogateescape"))
    names = [
        *(
            "../evil.png",
            "..\\evil.png",
            "/etc/passwd",
            "C:\\evil.png",
            "C:evil.png",
            "\\\\host\\x",
            "a/b.png",
        ),
        *(
            "",
            ".",
            "..",
            "a\0b.png",
            "a\nb.png",
            "\x1b[31mred.png",
            "\x9bred.png",
            "\u202egnp.exe",
            "a" * 300,
        ),
        *("ü" * 200, "e\u0301.png", "CON", "a.png ", "~root", "$(evil).png", "-rf", "%2e%2e%2f", "a\u2028b"),
    ]
    for name in names:
        yield (
            f"a media file named {name[:20]!a}",
            lambda n=name: with_entries(media=json.dumps({"0": n}).encode()),
        )
    yield "a media bomb", lambda: with_entries(method=zipfile.ZIP_DEFLATED, _0=ZEROS * 40)
