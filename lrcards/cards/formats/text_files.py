"""Files of text, decoded once and refused in a sentence: not too large, in UTF-8 or marked as UTF-16."""

import codecs
from pathlib import Path

from lrcards.errors import DeckError
from lrcards.text import clean

MOST_BYTES = 50_000_000
"""What a deck of text may have, so that reading it takes less than 500 MB; 200,000 notes have less."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = {
    b"SQLite format 3\0": "a database; import the .apkg or .colpkg that Anki exports, or merge a collection",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x1f\x8b": "a compressed file",
}


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a file.

    Raises:
        DeckError: if it cannot be read, or has more than ``most`` bytes.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the name is impossible"
        raise DeckError(
            f"The file cannot be read: {reason}", "Check the name and the permissions", path=path
        ) from error
    if len(raw) > most:
        raise DeckError(f"The file has more than {most // 1_000_000} MB", "Split it", path=path)
    return raw


def decode(raw: bytes, path: Path) -> str:
    """Return clean text with lines that end in LF.

    A byte order mark says what the text is in; without one it is UTF-8, and nothing is guessed.

    Raises:
        DeckError: if it is something else, naming the first line that shows it.
    """
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise DeckError(f"This is no deck but {what}", "Export the cards as text", path=path)
    mark, encoding = next(((m, e) for m, e in _MARKS if raw.startswith(m)), (b"", "utf-8"))
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        what = "UTF-8 text" if encoding == "utf-8" else "whole"
        line = raw.count(b"\n", 0, error.start + len(mark)) + 1
        raise DeckError(f"The file is not {what}", "Save it as UTF-8", path=path, line=line) from error
    if not mark and "\0" in text[:4_000]:
        raise DeckError("The file is not text", "Save it as UTF-8", path=path, line=1)
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))
