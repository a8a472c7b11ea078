"""Which pictures and sounds a note shows, and the note with other names for them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from lrcards.cards.model import Face, Note

_REFERENCE = re.compile(
    r"""
    (?P<before> \]\(<? | !\[\[ | \[sound: | ♪\ ` )
    (?P<name>
        (?<=<)[^<>\n]+(?=>) | (?<=\()[^\s()<>]+ | (?<=\[\[)[^\[\]|\n]+ | (?<=sound:)[^\[\]\n]+
        | (?<=♪\ `)[^`\n]+
    )
    """,
    re.VERBOSE,
)


def shown(note: Note) -> set[str]:
    """Return the names of the pictures and sounds that the note may show, and whatever else it links to."""
    return {
        name
        for text in _texts(note)
        for reference in _REFERENCE.finditer(text)
        for name in (reference["name"], unquote(reference["name"]))
    }


def renamed(note: Note, names: Mapping[str, str]) -> Note:
    """Return the note with other names for some of the pictures and sounds that it shows."""
    if not shown(note) & set(names):
        return note

    def rename(reference: re.Match[str]) -> str:
        name = reference["name"]
        if name in names:
            return reference["before"] + names[name]
        if (plain := unquote(name)) in names:
            return reference["before"] + quote(names[plain])
        return reference[0]

    return _with_texts(note, lambda text: _REFERENCE.sub(rename, text))


def name_by_content(name: str, data: bytes) -> str:
    """Return a name for a file whose own is taken; the same whenever the same file comes."""
    path = PurePosixPath(name)
    return f"{path.stem}-{sha256(data).hexdigest()[:12]}{path.suffix}"


def _texts(note: Note) -> Iterator[str]:
    yield note.question
    yield note.answer
    for face in note.faces:
        yield face.question
        yield face.answer


def _with_texts(note: Note, change: Callable[[str], str]) -> Note:
    return replace(
        note,
        question=change(note.question),
        answer=change(note.answer),
        faces=tuple(Face(change(face.question), change(face.answer)) for face in note.faces),
    )
