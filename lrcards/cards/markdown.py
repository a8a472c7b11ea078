"""Decks as Markdown, both ways; ``decks/README.md`` is the reference of the format."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from typing import Any

from lrcards.cards.content import deletions, ordinals
from lrcards.cards.deck_lines import Line, LineKind, escape, read_lines
from lrcards.cards.deck_metadata import parse_metadata, write_metadata
from lrcards.cards.deck_toml import parse_toml, read_front_matter, write_toml
from lrcards.cards.model import Note, NoteKind, Source
from lrcards.cards.parametric import is_parametric, varies
from lrcards.errors import DeckError
from lrcards.text import clean, one_line, open_fence


def read_deck(path: Path, deck: str | None = None) -> list[Note]:
    """Read a deck file in UTF-8; ``deck`` names the deck whatever the file says.

    Raises:
        DeckError: if it cannot be read, is not UTF-8, is empty or malformed, or has no cards.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DeckError(
            f"The file cannot be read: {error.strerror}", "Check the name and the permissions", path=path
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DeckError("The file is not UTF-8 text", "Save it as UTF-8", path=path, line=line) from error
    return parse_deck(text, path=str(path), deck=deck)


def parse_deck(text: str, *, path: str, deck: str | None = None) -> list[Note]:
    """Return the notes of a deck in the order of the text, cleaned; equal notes count once.

    Args:
        text: the deck.
        path: the file it came from, for messages, sources and, without any other, the deck's name.
        deck: the deck's name; wins over the name in the front matter, which wins over the file's.

    Raises:
        DeckError: at the first line that cannot be read, and if there are no cards.
    """
    if not text.strip("\ufeff \t\r\n"):
        raise DeckError("The file is empty", _WANTED, path=path)
    lines = clean(text.removeprefix("\ufeff")).split("\n")
    front = read_front_matter(lines, path)
    parsed = list(read_lines(lines[front.lines :], front.lines + 1, path))
    # Without a tagged card the file is a note with callouts in its prose.
    start = _Reading.NOTHING if any(line.kind in _TAGGED for line in parsed) else _Reading.PROSE
    parser = _Parser(deck or front.name or Path(path).stem, front.tags, path, start)
    for line in parsed:
        parser.read(line)
    if not parser.notes:
        raise DeckError("There are no cards in this file", _WANTED, path=path)
    return list(parser.notes.values())


def write_deck(notes: Iterable[Note], *, name: str) -> str:
    """Return a deck from which ``parse_deck`` reads equal notes, but for their source.

    A deck holds clean text without white space around a question or answer, one deck, for a cloze note the
    ordinals 0, 1, 2, … in the order of the text, and tags that are not empty nor begin with ``#``, each once.

    Raises:
        DeckError: for a note without a question or answer (but a parametric one needs no answer), or a cloze
            note without a deletion.
    """
    blocks = [f"---\n{write_toml({'name': name})}\n---"]
    for note in notes:
        if mistake := mistake_in(note):
            raise DeckError(*mistake)
        if note.kind is NoteKind.CLOZE:
            block = _field("C:", note.question)
        else:
            block = _field("Q:", note.question)
            if note.answer:
                block += f"\n{_field('A:', note.answer)}"
        blocks.append("\n".join([block, *_annotations(note)]))
    return "\n\n".join(blocks) + "\n"


def mistake_in(note: Note) -> tuple[str, str] | None:
    """Return what keeps ``note`` from being a card, and the remedy."""
    if not note.question:
        return (
            "The question is empty",
            "Write it after the “Q:” or “C:”, or after the callout's “[!question]”",
        )
    if note.kind in (NoteKind.BASIC, NoteKind.REVERSED) and not note.answer and not is_parametric(note):
        return (
            f"“{one_line(note.question)[:60]}” has no answer",
            "Write it after an “A:”, in a callout on “> ” lines under the question",
        )
    if note.kind is NoteKind.CLOZE and not deletions(note.question):
        return (
            f"“{one_line(note.question)[:60]}” has no deletion",
            "Put what is to be recalled in [brackets], outside code and around the whole of a $formula$",
        )
    return None


def _field(tag: str, text: str) -> str:
    first, newline, rest = text.partition("\n")
    if open_fence(first) or first != first.rstrip():
        return "\n".join([tag, *escape(text)])
    return f"{tag} {first}" + (newline + "\n".join(escape(rest)) if newline else "")


def _annotations(note: Note) -> list[str]:
    entries: dict[str, Iterable[str]] = {}
    if note.guid:
        entries["id"] = [note.guid]
    if note.tags:
        entries["tags"] = note.tags
    fence: list[str] = []
    if note.experiment is not None:
        preset = note.experiment.get("preset")
        if isinstance(preset, str) and preset.strip() and len(note.experiment) == 1:
            entries["lab"] = [preset]
        else:
            fence = [f"```lab\n{write_toml(note.experiment)}\n```"]
    return [*([write_metadata(entries)] if entries else []), *fence]


_WANTED = "A card is “Q:” and “A:” lines, a “C:” line with [deletions], or a “> [!question]” callout"
_TAGGED = (LineKind.QUESTION, LineKind.CLOZE)


class _Reading(Enum):
    """What the parser is in the middle of."""

    NOTHING = auto()
    PROSE = auto()
    QUESTION = auto()
    PARAMETRIC_QUESTION = auto()
    ANSWER = auto()
    CLOZE = auto()
    CALLOUT = auto()
    AFTER_CALLOUT = auto()


_STARTS = {
    LineKind.QUESTION: _Reading.QUESTION,
    LineKind.CLOZE: _Reading.CLOZE,
    LineKind.CALLOUT: _Reading.CALLOUT,
}
_NO_QUESTION = ("“A:” without a question", "Write “Q:” and the question above it")
_NEEDS_ANSWER = "Write “A:” and the answer above this line"
_ILLEGAL = {
    (_Reading.NOTHING, LineKind.ANSWER): _NO_QUESTION,
    (_Reading.PROSE, LineKind.ANSWER): _NO_QUESTION,
    (_Reading.QUESTION, LineKind.QUESTION): (
        "A new question begins before the last has an answer",
        _NEEDS_ANSWER,
    ),
    (_Reading.QUESTION, LineKind.CLOZE): ("“C:” before the question has an answer", _NEEDS_ANSWER),
    (_Reading.QUESTION, LineKind.CALLOUT): (
        "A callout begins before the question has an answer",
        _NEEDS_ANSWER,
    ),
    (_Reading.QUESTION, LineKind.SEPARATOR): ("“---” before the question has an answer", _NEEDS_ANSWER),
    (_Reading.QUESTION, LineKind.END): (
        "The file ends before the question has an answer",
        "Write “A:” and the answer under the question",
    ),
    (_Reading.ANSWER, LineKind.ANSWER): (
        "A second “A:” for the same question",
        "Leave out this “A:” to go on with the answer, or write “Q:” first to begin a new card",
    ),
    (_Reading.CLOZE, LineKind.ANSWER): (
        "“A:” in a cloze card, whose answers are its [deletions]",
        "Begin the card with “Q:” instead of “C:”, or leave out this “A:”",
    ),
    (_Reading.CALLOUT, LineKind.ANSWER): _NO_QUESTION,
    (_Reading.AFTER_CALLOUT, LineKind.ANSWER): (
        "“A:” after a callout, whose answer is in its quote",
        "Begin each line of the answer with “> ”",
    ),
}


@dataclass
class _Draft:
    """A card whose lines are still being read."""

    kind: NoteKind
    line: int
    question: list[str]
    answer: list[str] = field(default_factory=list)
    id: str = ""
    tags: tuple[str, ...] = ()
    experiment: Mapping[str, Any] | None = None
    experiment_line: int | None = None


class _Parser:
    """A state machine over the lines of one deck."""

    def __init__(self, deck: str, tags: tuple[str, ...], path: str, start: _Reading) -> None:
        self.deck = deck
        self.tags = tags
        self.path = path
        self.reading = start
        self.draft: _Draft | None = None
        self.notes: dict[tuple[str, NoteKind, str, str], Note] = {}
        self.ids: dict[str, int] = {}

    def read(self, line: Line) -> None:
        """Take the next line."""
        if mistake := _ILLEGAL.get((self.reading, line.kind)):
            raise self._error(*mistake, line.number)
        match line.kind:
            case LineKind.QUESTION | LineKind.CLOZE | LineKind.CALLOUT:
                self._finish()
                kind = NoteKind.CLOZE if line.kind is LineKind.CLOZE else NoteKind.BASIC
                self.draft = _Draft(kind, line.number, [line.text])
                self.reading = _STARTS[line.kind]
            case LineKind.ANSWER:
                self._in_card(line).answer.append(line.text)
                self.reading = _Reading.ANSWER
            case LineKind.CALLOUT_END:
                self.reading = _Reading.AFTER_CALLOUT
            case LineKind.COMMENT:
                self._comment(line)
            case LineKind.LAB:
                self._experiment(parse_toml(line.text, self.path, line.number + 1), line)
            case LineKind.SEPARATOR | LineKind.END:
                self._finish()
                callouts = (_Reading.PROSE, _Reading.CALLOUT, _Reading.AFTER_CALLOUT)
                self.reading = _Reading.PROSE if self.reading in callouts else _Reading.NOTHING
            case _:
                self._text(line)

    def _text(self, line: Line) -> None:
        if self.reading in (_Reading.ANSWER, _Reading.CALLOUT):
            self._in_card(line).answer.append(line.text)
        elif self.reading in (_Reading.QUESTION, _Reading.PARAMETRIC_QUESTION, _Reading.CLOZE):
            self._in_card(line).question.append(line.text)
        elif self.reading is _Reading.AFTER_CALLOUT and line.text.strip():
            self._finish()
            self.reading = _Reading.PROSE
        elif self.reading is _Reading.NOTHING and line.text.strip():
            raise self._error(
                "This text belongs to no card",
                "Begin the card with “Q:” or “C:”, or make the text a comment: <!-- … -->",
                line.number,
            )

    def _comment(self, line: Line) -> None:
        entries = parse_metadata(line.text, self.path, line.number)
        if entries is None:
            return
        draft = self._in_card(line)
        draft.tags += tuple(tag.removeprefix("#") for tag in entries.get("tags", ()))
        for value in entries.get("id", ()):
            if draft.id:
                raise self._error(
                    "This card has two ids", "Keep the first, by which it is known", line.number
                )
            draft.id = value
        for value in entries.get("lab", ()):
            self._experiment({"preset": value}, line)

    def _experiment(self, experiment: Mapping[str, Any], line: Line) -> None:
        draft = self._in_card(line)
        if draft.experiment is not None:
            raise self._error(
                "This card has two experiments", "Keep one “lab: NAME” or one lab fence", line.number
            )
        draft.experiment, draft.experiment_line = experiment, line.number
        if self.reading is _Reading.QUESTION and varies(experiment):
            self.reading = _Reading.PARAMETRIC_QUESTION

    def _in_card(self, line: Line) -> _Draft:
        if self.draft is None:
            raise self._error(
                f"There is no card for {line.kind.value} to belong to",
                "Move it into the card, or right after it and before any “---”",
                line.number,
            )
        return self.draft

    def _finish(self) -> None:
        """Turn the draft, if there is one, into a note."""
        draft, self.draft = self.draft, None
        if draft is None:
            return
        question, answer = ("\n".join(lines).strip() for lines in (draft.question, draft.answer))
        note = Note(
            guid=draft.id,
            deck=self.deck,
            kind=draft.kind,
            question=question,
            answer=answer,
            tags=tuple(dict.fromkeys(self.tags + draft.tags)),
            experiment=draft.experiment,
            source=Source(self.path, draft.line, draft.experiment_line),
        )
        if mistake := mistake_in(note):
            raise self._error(*mistake, draft.line)
        if note.guid and (first := self.ids.setdefault(note.guid, draft.line)) != draft.line:
            raise self._error(
                f"The id “{note.guid}” is taken by the card of line {first}",
                "Give each card its own id",
                draft.line,
            )
        self.notes.setdefault(
            (note.guid, note.kind, question, answer), replace(note, ordinals=ordinals(note))
        )

    def _error(self, what: str, remedy: str, line: int) -> DeckError:
        return DeckError(what, remedy, path=self.path, line=line)
