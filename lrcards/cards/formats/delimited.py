"""Notes in tables of text, both ways: CSV and TSV, Anki's text export, the list that Quizlet exports."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from lrcards.cards.content import ordinals
from lrcards.cards.formats.foreign import cloze_in, looks_like_html, to_markdown
from lrcards.cards.formats.table_headers import Headers, read_headers
from lrcards.cards.formats.table_layout import Layout, layout
from lrcards.cards.formats.table_rows import Row, guess_separator, rows
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import Face, Note, NoteKind, Source
from lrcards.cards.parcel import Parcel, Skipped
from lrcards.errors import DeckError
from lrcards.text import clean_data, excerpt, one_line

_ROWS_TO_GUESS_BY = 6
_KINDS = {kind.value for kind in NoteKind}
_ALWAYS = ("kind", "id", "deck", "question", "answer", "tags")
_COLUMNS = (*_ALWAYS, "experiment", "ordinals", "faces", "typed")


class Separators(NamedTuple):
    """What stands between term and definition, and between two cards, in a list as Quizlet exports it."""

    term: str = "\t"
    card: str = "\n"


def typed_separators(term: str, card: str) -> Separators:
    r"""Return separators as they are typed, where ``\t`` and ``\n`` stand for TAB and newline.

    Raises:
        DeckError: if one of them is empty.
    """
    if not (term and card):
        raise DeckError("A separator is empty", r"Write what stands there, such as “ - ” or “\n\n”")
    return Separators(*(text.replace(r"\t", "\t").replace(r"\n", "\n") for text in (term, card)))


def parse_table(text: str, *, path: str, deck: str | None = None, name: str | None = None) -> Parcel:
    """Return the notes in the rows of a table; a row that makes none is skipped, with its reason.

    Args:
        text: clean text.
        path: the file it came from, for messages and sources.
        deck: the deck of every note, whatever the table says.
        name: the deck of a note for which the table says none; the file's name if left out.

    Raises:
        DeckError: if there are no columns, for a quote that is never closed, or a cell as only lrcards writes
            it that cannot be read.
    """
    headers = read_headers(text, path)
    guess = guess_separator(text, skip=headers.lines)
    separator = headers.separator or (guess and guess.separator)
    if separator is None:
        raise DeckError(
            "There are no columns in this file", "Put a TAB between question and answer", path=path
        )
    table = rows(text, separator, path=path, skip=headers.lines)
    found = list(islice(table, _ROWS_TO_GUESS_BY))
    if not found:
        return Parcel()
    columns = layout(headers, found[0].cells)
    if columns.has_heading:
        del found[0]
    is_html = headers.html
    if is_html is None:
        few = [row.cells for row in found]
        is_ours = any(_KINDS.intersection(cells) for cells in few) and "kind" in columns.roles
        is_html = not is_ours and any(map(looks_like_html, chain(*few)))
    return _Reader(headers, columns, is_html, path, deck, name).parcel(chain(found, table))


def parse_list(
    text: str, separators: Separators, *, path: str, deck: str | None = None, name: str | None = None
) -> Parcel:
    """Return the notes of a list of terms and definitions, without quotes and headers."""
    table, line = [], 1
    for card in text.split(separators.card):
        term = card.lstrip("\n")
        if term.strip():
            first = line + len(card) - len(term)
            table.append(Row(term.split(separators.term, 1), first))
        line += card.count("\n") + separators.card.count("\n")
    return _Reader(Headers(), Layout({}), False, path, deck, name).parcel(table)


class _Reader:
    """What makes notes of the rows of one table."""

    def __init__(
        self, headers: Headers, columns: Layout, is_html: bool, path: str, deck: str | None, name: str | None
    ) -> None:
        self.headers = headers
        self.columns = columns
        self.is_html = is_html
        self.path = path
        self.deck = deck
        self.name = one_line(headers.deck or name or Path(path).stem) or "Deck"
        self.not_text = frozenset(columns.roles.values())

    def parcel(self, table: Iterable[Row]) -> Parcel:
        """Return the notes of the rows."""
        made = [self.note(row) for row in table]
        return Parcel(
            notes=tuple(one for one in made if isinstance(one, Note)),
            skipped=tuple(one for one in made if isinstance(one, Skipped)),
        )

    def note(self, row: Row) -> Note | Skipped:
        """Return the note of a row, or why it makes none."""
        cells = row.cells
        said = {role: cells[at].strip() for role, at in self.columns.roles.items() if at < len(cells)}
        if said.get("kind") in _KINDS:
            content = self._ours(cells, said, row.line)
        else:
            content = self._theirs(cells, said.get("kind") or self.headers.notetype)
        note = Note(
            guid=said.get("id", ""),
            deck=self.deck or one_line(said.get("deck", "")) or self.name,
            tags=self._tags(said.get("tags", "")),
            source=Source(self.path, row.line),
            **content,
        )
        if mistake := mistake_in(note):
            return Skipped(excerpt(" ".join(cells[:9])), mistake[0], note.source)
        if note.kind is not NoteKind.BASIC:
            note = replace(note, ordinals=ordinals(note))
        return note

    def _texts(self, cells: Sequence[str]) -> list[str]:
        if self.columns.fields is None:
            return [cell for at, cell in enumerate(cells) if at not in self.not_text]
        return [cells[at] if at < len(cells) else "" for at in self.columns.fields]

    def _tags(self, cell: str) -> tuple[str, ...]:
        listed = _json(cell) if cell.startswith("[") else None
        if not (isinstance(listed, list) and all(isinstance(tag, str) for tag in listed)):
            parts = cell.split() if self.headers.lines else re.split(r"[\s,;]+", cell)
            listed = [tag.lstrip("#") for tag in (*self.headers.tags, *parts)]
        return tuple(dict.fromkeys(filter(None, listed)))

    def _ours(self, cells: Sequence[str], said: dict[str, str], line: int) -> dict[str, Any]:
        """Return what a row as lrcards writes it says of a note."""
        experiment = _json(said.get("experiment") or "null")
        faces = _json(said.get("faces") or "[]")
        numbers = said.get("ordinals", "").split()
        if not (experiment is None or isinstance(experiment, dict)):
            raise self._error("The experiment is not a JSON object", line)
        if not (isinstance(faces, list) and all(map(_is_face, faces))):
            raise self._error('The faces are not a JSON list of ["question", "answer"]', line)
        if not (all(number.isdecimal() and len(number) < 10 for number in numbers) and _differ(numbers)):
            raise self._error("The ordinals are not different whole numbers", line)
        question, answer = _sides([cell.strip() for cell in self._texts(cells)])
        kind = NoteKind(said["kind"])
        if kind is NoteKind.FACES:
            faces = faces or [[question, answer]]
            question, answer = faces[0]
        return {
            "kind": kind,
            "question": question,
            "answer": "" if kind is NoteKind.CLOZE else answer,
            "experiment": experiment,
            "ordinals": tuple(map(int, numbers)) or (0,),
            "faces": tuple(Face(*sides) for sides in faces) if kind is NoteKind.FACES else (),
            "typed": said.get("typed", "") not in ("", "0", "no", "false"),
        }

    def _theirs(self, cells: Sequence[str], notetype: str) -> dict[str, Any]:
        """Return what the texts of a row say of a note, and the name of its notetype in Anki."""
        first, *others = self._texts(cells) or [""]
        texts = [to_markdown(cell, is_html=self.is_html) for cell in others]
        if found := cloze_in(first, "\n\n".join(filter(None, texts)), is_html=self.is_html):
            question, numbers, faces = found
            if not faces:
                return {"kind": NoteKind.CLOZE, "question": question, "answer": "", "ordinals": numbers}
            shown = {"question": question, "answer": faces[0].answer}
            if numbers == (0,):
                return {"kind": NoteKind.BASIC, **shown}
            return {"kind": NoteKind.FACES, **shown, "ordinals": numbers, "faces": faces}
        texts.insert(0, to_markdown(first, is_html=self.is_html))
        name = notetype.lower()
        is_reversed = "reverse" in name
        if "optional" in name and len(texts) > 2:
            is_reversed = bool(texts[2])
            texts = texts[:2]
        question, answer = _sides(texts)
        kind = NoteKind.REVERSED if is_reversed else NoteKind.BASIC
        return {"kind": kind, "question": question, "answer": answer, "typed": "type in" in name}

    def _error(self, what: str, line: int) -> DeckError:
        return DeckError(
            what, "Leave the cell empty, or write it as an export does", path=self.path, line=line
        )


def _sides(texts: Sequence[str]) -> tuple[str, str]:
    """Return the question, and the answer with whatever follows it as paragraphs of their own."""
    return texts[0] if texts else "", "\n\n".join(filter(None, texts[1:]))


def _differ(numbers: Sequence[str]) -> bool:
    return len(set(map(int, numbers))) == len(numbers)


def _is_face(data: Any) -> bool:
    return isinstance(data, list) and len(data) == 2 and all(isinstance(side, str) for side in data)


def _json(text: str) -> Any:
    """Return the value of a JSON text, made safe; the text itself if it is none."""
    try:
        return clean_data(json.loads(text))
    except (ValueError, RecursionError):
        return text


def write_table(notes: Iterable[Note]) -> str:
    """Return a CSV table from which ``parse_table`` reads equal notes, but for their source.

    The kind comes first, so that no row begins with ``#``.
    """
    listed = list(notes)
    written = [_cells(note) for note in listed]
    columns = [name for name in _COLUMNS if name in _ALWAYS or any(cells[name] for cells in written)]
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(written)
    return file.getvalue()


def _cells(note: Note) -> dict[str, str]:
    is_plain = all(not re.search(r"[\s,;]", tag) and tag[:1] not in ("#", "[") for tag in note.tags)
    cards = ordinals(note)
    return {
        "kind": note.kind.value,
        "id": note.guid,
        "deck": note.deck,
        "question": note.question,
        "answer": note.answer,
        "tags": " ".join(note.tags) if is_plain else _to_json(note.tags),
        "experiment": "" if note.experiment is None else _to_json(note.experiment),
        "ordinals": "" if cards == tuple(range(len(cards))) else " ".join(map(str, cards)),
        "faces": _to_json([[face.question, face.answer] for face in note.faces]) if note.faces else "",
        "typed": "yes" if note.typed else "",
    }


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
