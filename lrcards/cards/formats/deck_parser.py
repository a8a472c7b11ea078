"""A deck's lines become notes: a state machine in which every illegal pair has its own sentence."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from itertools import chain
from typing import Any

from lrcards.cards.formats.deck_drafts import KINDS, Draft, notes_from
from lrcards.cards.formats.deck_lines import Line, LineKind
from lrcards.cards.formats.deck_metadata import parse_metadata
from lrcards.cards.formats.deck_toml import parse_toml
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parametric import varies
from lrcards.errors import DeckError
from lrcards.text import excerpt

_HEADING = re.compile(r"#{1,6}\s")
"""Above the cards, and after a “---”, a heading says nothing of a card."""

TAGGED = (LineKind.QUESTION, LineKind.CLOZE)


def notes_in(
    lines: Iterable[Line],
    *,
    is_tagged: bool,
    path: str,
    name: str,
    deck: str | None = None,
    tags: tuple[str, ...] = (),
) -> list[Note]:
    """Return the notes of a deck in the order of its lines; equal notes count once.

    Args:
        lines: all lines below the front matter.
        is_tagged: whether one of them begins a card; else it is a note with callouts in its prose.
        path: the file they came from, for messages and sources.
        name: the deck of every card that names no other.
        deck: the deck of every card, whatever it says.
        tags: the tags of every card.

    Raises:
        DeckError: at the first line that cannot be read.
    """
    parser = _Parser(path, _Reading.NOTHING if is_tagged else _Reading.PROSE)
    drafts = chain.from_iterable(map(parser.read, lines))
    return notes_from(drafts, path=path, name=name, deck=deck, tags=tags)


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


class _Parser:
    """A state machine over the lines of one deck."""

    def __init__(self, path: str, start: _Reading) -> None:
        self.path = path
        self.reading = start
        self.draft: Draft | None = None
        self.drafts: list[Draft] = []

    def read(self, line: Line) -> list[Draft]:
        """Take the next line, and return the card that it ends, if it does."""
        self.drafts = []
        if mistake := _ILLEGAL.get((self.reading, line.kind)):
            raise self._error(*mistake, line.number)
        match line.kind:
            case LineKind.QUESTION | LineKind.CLOZE | LineKind.CALLOUT:
                self._finish()
                kind = NoteKind.CLOZE if line.kind is LineKind.CLOZE else NoteKind.BASIC
                self.draft = Draft(kind, line.number, [line.text])
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
        return self.drafts

    def _text(self, line: Line) -> None:
        if self.reading in (_Reading.ANSWER, _Reading.CALLOUT):
            self._in_card(line).answer.append(line.text)
        elif self.reading in (_Reading.QUESTION, _Reading.PARAMETRIC_QUESTION, _Reading.CLOZE):
            self._in_card(line).question.append(line.text)
        elif self.reading is _Reading.AFTER_CALLOUT and line.text.strip():
            self._finish()
            self.reading = _Reading.PROSE
        elif self.reading is _Reading.NOTHING and line.text.strip() and not _HEADING.match(line.text):
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
        for key, values in entries.items():
            if key == "tags":
                draft.tags += tuple(tag.removeprefix("#") for tag in values)
            elif key == "lab":
                for value in values:
                    self._experiment({"preset": value}, line)
            elif key in draft.said or (len(values) > 1 and key != "ordinals"):
                raise self._error(f"This card says “{key}” twice", "Keep the first", line.number)
            elif values:
                draft.said[key] = values
        self._check_said(draft, line)

    def _check_said(self, draft: Draft, line: Line) -> None:
        for key, allowed in (("cards", KINDS), ("answer", ("typed",))):
            for value in draft.said.get(key, ()):
                if value not in allowed:
                    known = " or ".join(f"“{key}: {one}”" for one in allowed)
                    raise self._error(f"“{key}” cannot be “{excerpt(value)}”", f"Write {known}", line.number)
        if "cards" in draft.said and draft.kind is NoteKind.CLOZE:
            raise self._error(
                "A cloze card has a card for each deletion",
                "Leave out “cards”, or begin with “Q:”",
                line.number,
            )
        if not all(number.isdecimal() and len(number) < 10 for number in draft.said.get("ordinals", ())):
            raise self._error("The ordinals are not whole numbers", "Write them as in 0, 2, 1", line.number)

    def _experiment(self, experiment: Mapping[str, Any], line: Line) -> None:
        draft = self._in_card(line)
        if draft.experiment is not None:
            raise self._error(
                "This card has two experiments", "Keep one “lab: NAME” or one lab fence", line.number
            )
        draft.experiment, draft.experiment_line = experiment, line.number
        if self.reading is _Reading.QUESTION and varies(experiment):
            self.reading = _Reading.PARAMETRIC_QUESTION

    def _in_card(self, line: Line) -> Draft:
        if self.draft is None:
            raise self._error(
                f"There is no card for {line.kind.value} to belong to",
                "Move it into the card, or right after it and before any “---”",
                line.number,
            )
        return self.draft

    def _finish(self) -> None:
        if self.draft:
            self.drafts.append(self.draft)
        self.draft = None

    def _error(self, what: str, remedy: str, line: int) -> DeckError:
        return DeckError(what, remedy, path=self.path, line=line)
