"""Broken and hostile files: each is imported or refused in a sentence, and drives no terminal."""

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lrcards.cards.formats.reading import read
from lrcards.errors import LrcardsError

CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
MEGABYTE = 1_000_000

NASTY = {
    "escape": "\x1b[2J\x1b]0;title\x07",
    "osc8": "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "c1": "\x9b31m\x9d0;x\x9c",
    "bidi": "\u202etxt.exe\u202c \u2066x\u2069",
    "null": "a\0b",
    "bell": "\x07" * 50,
    "markup": "[@click=app.quit]x[/] [bold]y",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "latex": "$\\input{/etc/passwd}$ \\write18{rm -rf /} [latex]\\immediate[/latex]",
    "formula": "=cmd|'/C calc'!A0",
    "zalgo": "a" + "\u0301" * 5_000,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "replacement": "\ufffd\ufeff",
    "private": "\ue0f0x\ue0f1\ufffc",
    "template": "{{c1::{{c1::{{c1::x}}}}}}{{{{}}}}",
    "percent": "%s%n%x{0}{x.__class__}",
    "path": "../../../etc/passwd",
    "long": "x" * MEGABYTE,
    "brackets": "[" * 20_000 + "]" * 20_000,
    "dollars": "$" * 20_001,
    "backticks": "`" * 20_001 + " `a" * 2_000,
    "colons": ":" * 20_000,
    "quotes": '"' * 20_001,
    "backslashes": "\\" * 20_001,
    "angles": "<" * 20_000,
    "comments": "<!--" * 5_000,
    "underscores": "_*" * 5_000,
    "tags": " ".join(f"#flashcards/{n}" for n in range(2_000)),
}
"""Text that could drive a terminal, a renderer or a parser mad."""


def nasty_decks() -> Iterator[tuple[str, str]]:
    for name, text in NASTY.items():
        yield f"question {name}", f'Q: {text}\nA: {text}\n<!-- tags: "{text[:200]}" -->'
        yield f"cloze {name}", f"C: [{text}] and {text}"
        yield f"callout {name}", f"> [!question] {text}\n> {text}"
        yield f"spaced {name}", f"#flashcards\n{text}::{text}\n\n=={text}==\n\n{text}\n?\n{text}"
        yield f"csv {name}", f"question,answer,tags,deck,id\nq,{text},{text},{text},{text[:99]}\n{text},a"
        yield f"tsv {name}", f"#separator:tab\n#html:true\n#tags:{text}\n#deck:{text}\nq\t{text}\n{text}\ta"
        yield f"json {name}", json.dumps({**DOCUMENT, "notes": [{**NOTE, "question": text, "tags": [text]}]})
        yield f"crowdanki {name}", json.dumps(crowdanki(text))
        yield f"front {name}", f"---\nname = {json.dumps(text)}\n---\nQ: a\nA: b"


def crowdanki(text: str) -> dict[str, Any]:
    template = {"name": text, "qfmt": "{{" + text + "}}{{F}}", "afmt": text + "{{B}}"}
    model = {"crowdanki_uuid": "m", "name": text, "flds": [{"name": "F"}, {"name": "B"}], "tmpls": [template]}
    note = {"guid": text, "note_model_uuid": "m", "fields": [text, text], "tags": [text]}
    deck = {"__type__": "Deck", "name": text, "note_models": [model], "notes": [note], "media_files": [text]}
    return {**deck, "children": [{"name": text, "notes": [{**note, "guid": "g"}]}]}


NOTE = {"guid": "g", "deck": "D", "kind": "basic", "question": "q", "answer": "a"}
DOCUMENT = {"format": "lrcards", "version": 1}


def broken_decks() -> Iterator[tuple[str, str]]:
    yield "empty", ""
    yield "blank", " \n\t\n "
    yield "prose", "Just a sentence without any card"
    yield "only a question", "Q: a"
    yield "unclosed fence", "Q: a\nA: b\n```"
    yield "unclosed front matter", "---\nname = 'x'\nQ: a\nA: b"
    yield "deep TOML", "Q: a\nA: b\n```lab\nx = " + "[" * 5_000 + "\n```"
    yield "long TOML", "Q: a\nA: b\n```lab\nx = '" + "y" * MEGABYTE + "'\n```"
    yield "many tags", f"Q: a\nA: b\n<!-- tags: {','.join(map(str, range(20_000)))} -->"
    yield "many ordinals", f"C: [a]\n<!-- ordinals: {','.join(map(str, range(20_000)))} -->"
    yield "huge ordinal", "C: [a]\n<!-- ordinals: 99999999999999999999 -->"
    yield "face of itself", "Q: a\nA: b\n<!-- with: x -->"
    yield "same id", "Q: a\nA: b\n<!-- id: x -->\nQ: c\nA: d\n<!-- id: x -->"
    yield "many deletions", "C: " + "[a] " * 20_000
    yield "many faces", "Q: a\nA: b\n<!-- id: x -->\n" + "Q: c\nA: d\n<!-- with: x -->\n" * 2_000
    yield "quotes in quotes", ">" * 5_000 + " [!question] a\n> b"
    yield "lists in lists", "Q: a\nA: " + "\n".join(" " * n + "- x" for n in range(1_000))
    yield "tables", "Q: a\nA:\n" + "|a" * 5_000 + "\n" + "|-" * 5_000
    yield "open quote", 'a,b\nc,"d\ne,f'
    yield "quote and more", 'question,answer\n"a"b,c\n"d" e,"f" "g"'
    yield "ten megabyte field", f'question,answer\na,"{"x" * 10 * MEGABYTE}"'
    yield "hundred thousand columns", ",".join(["x"] * 100_000) + "\n" + ",".join(["y"] * 100_000)
    yield "hundred thousand empty rows", "question,answer\n" + ",\n" * 100_000
    yield "only commas", "," * 50_000
    yield "only comments", "#\n" * 50_000
    yield "only a heading", "question,answer\n"
    yield "strange separator", "#separator:none\na\tb"
    yield "empty separator", "#separator:\na\tb"
    yield "quote as separator", '#separator:"\na"b'
    yield "newline as separator", "#separator:\n\na\tb"
    yield "strange column", "#tags column:-3\na\tb"
    yield "huge column", "#guid column:999999999999\na\tb"
    yield "column beyond the row", "#separator:tab\n#guid column:9\na\tb"
    yield "all columns are tags", "#separator:tab\n#tags column:1\na"
    yield "bad experiment", "kind,question,answer,experiment\nbasic,a,b,[1]"
    yield "deep experiment", f'kind,question,answer,experiment\nbasic,a,b,"{"[" * 50_000}"'
    yield "bad faces", 'kind,question,answer,faces\nfaces,a,b,"[[1]]"'
    yield "no faces", "kind,question,answer,faces\nfaces,a,b,"
    yield "faces of a basic note", 'kind,question,answer,faces\nbasic,a,b,"[[""c"",""d""]]"'
    yield "bad ordinals", "kind,question,answer,ordinals\ncloze,[a],,x y"
    yield "double ordinals", "kind,question,answer,ordinals\ncloze,[a] [b],,1 1"
    yield "same id in rows", "id,question,answer\nx,a,b\nx,c,d"
    yield "same long id", "Q: a\nA: b\n<!-- id: {0} -->\nQ: c\nA: d\n<!-- id: {0} -->".format("x" * MEGABYTE)
    yield "same long id in rows", "id,question,answer\n{0},a,b\n{0},c,d".format("x" * MEGABYTE)
    yield "long word", f"Q: a\nA: b\n<!-- cards: {'x' * MEGABYTE} -->"
    yield "long key", f"Q: a\nA: b\n<!-- id: a; {'x' * MEGABYTE}: y -->"
    yield "long face", f"Q: a\nA: b\n<!-- with: {'x' * MEGABYTE} -->"
    yield "long separator", f"#separator:{'x' * MEGABYTE}\na\tb"
    yield "long column", f"#tags column:{'x' * MEGABYTE}\na\tb"
    yield "long front matter key", f"---\n{'x' * MEGABYTE} = 1\n---\nQ: a\nA: b"
    yield "long JSON key", f'{{"format": "lrcards", "version": 1, "{"x" * MEGABYTE}": 1}}'
    yield "JSON list", "[1, 2]"
    yield "JSON number", "1e999"
    yield "empty object", "{}"
    yield "cut JSON", '{"format": "lrcards", "notes": [{"guid": "'
    yield "deep JSON", '{"a":' * 50_000
    yield "deep list", '{"format": "lrcards", "version": 1, "notes": ' + "[" * 50_000 + "]" * 50_000 + "}"
    yield (
        "deep experiment in JSON",
        json.dumps({**DOCUMENT, "notes": [NOTE]}).replace('"a"', "[" * 900 + "]" * 900),
    )
    yield "huge number", '{"format": "lrcards", "version": 1, "notes": [' + "9" * 10_000 + "]}"
    yield "later version", '{"format": "lrcards", "version": 99}'
    yield "version as text", '{"format": "lrcards", "version": "1"}'
    yield "surrogates", '{"format": "lrcards", "version": 1, "notes": [{"guid": "\\ud800"}]}'
    yield "no lrcards", '{"format": "other", "notes": []}'


def odd_bytes() -> Iterator[tuple[str, bytes]]:
    text = "Q: é\nA: b\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7"):
        yield encoding, text.encode(encoding)
    yield "cut utf-16", "Q: a\nA: b".encode("utf-16")[:-1]
    yield "mark alone", b"\xff\xfe"
    yield "cut utf-8", "Q: a\nA: é".encode()[:-1]
    yield "overlong", b"Q: a\nA: \xc0\x80"
    yield "surrogate in utf-8", b"Q: a\nA: \xed\xa0\x80"
    yield "nulls", bytes(5_000)
    yield "all bytes", bytes(range(256)) * 20
    yield "old Mac line ends", b"Q: a\rA: b\r"
    yield "mixed line ends", b"Q: a\r\nA: b\n\rc\r"
    yield "vertical tabs", b"Q: a\x0bA: b\x0c\x85"
    yield "PDF", b"%PDF-1.7\n%\xe2\xe3"
    yield "PNG", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "JPEG", b"\xff\xd8\xff\xe0" + bytes(100)
    yield "SQLite", b"SQLite format 3\0" + bytes(100)
    yield "gzip", b"\x1f\x8b\x08" + bytes(100)
    yield "Office", b"\xd0\xcf\x11\xe0" + bytes(100)
    yield "ELF", b"\x7fELF" + bytes(100)


def archived(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def mochi(card: Any) -> bytes:
    return archived(
        ("data.json", json.dumps({"decks": [{"id": "d", "name": "D", "cards": [card]}]}).encode())
    )


def archives() -> Iterator[tuple[str, bytes]]:
    good = mochi({"id": "a", "content": "a\n---\nb"})
    yield "no entries", archived()
    yield "no deck", archived(("readme.txt", b"hello"))
    yield "Office Open XML", archived(("xl/workbook.xml", b"<x/>"))
    yield "cut archive", good[: len(good) // 2]
    yield "cut directory", good[:-10]
    yield "broken data", good[:40] + bytes(10) + good[50:]
    yield "only the mark", b"PK\x03\x04"
    yield "old Mochi", archived(("data.edn", b"{:version 2}"))
    yield "bomb", archived(("data.json", bytes(300 * MEGABYTE // 2)))
    yield "many entries", archived(("data.json", b"{}"), *((f"{n}.png", b"") for n in range(2_000)))
    yield "paths", archived(("data.json", mochi_data("a\n---\nb")), ("../../evil.sh", b"x"), ("/etc/x", b"x"))
    yield "nested names", archived(("data.json", mochi_data("a\n---\nb")), ("a/../../b", b"x"), ("..", b"x"))
    yield "wrong sums", _with_wrong_sum(good)
    for name, text in NASTY.items():
        if len(text) < 100_000:
            yield f"mochi {name}", mochi({"id": text, "content": f"{text}\n---\n{text}", "tags": [text]})
    for name, value in (("list", []), ("number", 3), ("null", None), ("text", "x"), ("object", {"x": 1})):
        for key in ("id", "content", "tags", "fields", "template-id", "archived?", "reviews"):
            yield f"mochi {key} {name}", mochi({"id": "a", "content": "a\n---\nb", key: value})
    for name, data in (
        ("list", []),
        ("deck of itself", {"decks": [{"id": "d", "parent-id": "d", "cards": [1]}]}),
    ):
        yield f"mochi {name}", archived(("data.json", json.dumps(data).encode()))


def mochi_data(content: str) -> bytes:
    return json.dumps({"cards": [{"content": content}]}).encode()


def _with_wrong_sum(archive: bytes) -> bytes:
    right = struct.pack("<I", zlib.crc32(archive))
    first = archive.index(b"PK\x03\x04") + 14
    return archive[:first] + right + archive[first + 4 :]


FILES = [
    *((name, text.encode("utf-8", "surrogatepass")) for name, text in (*nasty_decks(), *broken_decks())),
    *odd_bytes(),
    *archives(),
]


def test_there_are_enough_of_them():
    assert len(FILES) >= 300


@pytest.mark.parametrize("content", [content for _, content in FILES], ids=[name for name, _ in FILES])
def test_a_broken_or_hostile_file_is_imported_or_refused_in_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "deck"
    path.write_bytes(content)
    try:
        parcel = read([path], day_of=lambda instant: instant.date())
    except LrcardsError as error:
        told = str(error)
    else:
        assert parcel.notes
        told = " ".join(f"{one.what}: {one.reason}" for one in parcel.skipped)
        for note in parcel.notes:
            assert not CONTROL.search("".join((note.guid, note.deck, note.question, note.answer, *note.tags)))
            assert note.deck
            assert note.question
            assert all(face.question for face in note.faces)
        assert all("/" not in one.name and one.name not in (".", "..") for one in parcel.media)
    assert not CONTROL.search(told)
    assert "\n" not in told
    assert len(told) < 1_000
