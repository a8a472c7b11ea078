"""The cards of a deck as they were read, and the notes that they make together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lrcards.cards.content import ordinals
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import Face, Note, NoteKind, Source
from lrcards.errors import DeckError
from lrcards.text import excerpt, one_line

KINDS = {"both ways": NoteKind.REVERSED, "faces": NoteKind.FACES}
"""What a comment may say of the cards of a note."""

_ORDINAL = re.compile(r"#(\d{1,9})$")


@dataclass(slots=True)
class Draft:
    """A card whose lines are still being read.

    ``said`` is what its comments say beside tags and experiments.
    """

    kind: NoteKind
    line: int
    question: list[str]
    answer: list[str] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    said: dict[str, list[str]] = field(default_factory=dict)
    experiment: Mapping[str, Any] | None = None
    experiment_line: int | None = None

    @property
    def id(self) -> str:
        """The id of the note, or nothing."""
        return self._text("id")

    @property
    def owner(self) -> str | None:
        """The id of the note that this is a further face of."""
        return _ORDINAL.sub("", self._text("with")) if "with" in self.said else None

    @property
    def ordinal(self) -> int | None:
        """The ordinal of a further face, if it says one."""
        found = _ORDINAL.search(self._text("with"))
        return int(found[1]) if found else None

    @property
    def ordinals(self) -> tuple[int, ...]:
        """The ordinals that it says."""
        return tuple(map(int, self.said.get("ordinals", ())))

    @property
    def face(self) -> Face:
        """The question and answer."""
        return Face("\n".join(self.question).strip(), "\n".join(self.answer).strip())

    def note(self, *, path: str, name: str, deck: str | None, tags: tuple[str, ...]) -> Note:
        """Return what the draft says on its own, without further faces and ordinals."""
        face = self.face
        return Note(
            guid=self.id,
            deck=deck or one_line(self._text("deck")) or name,
            kind=self._kind,
            question=face.question,
            answer=face.answer,
            tags=tuple(dict.fromkeys(tags + self.tags)),
            experiment=self.experiment,
            typed="answer" in self.said,
            source=Source(path, self.line, self.experiment_line),
        )

    @property
    def mistake(self) -> tuple[str, str] | None:
        """What keeps a further face from being one, and the remedy."""
        says_more = self.tags or self.experiment is not None or len(self.said) > 1
        if self.owner is not None and (says_more or self.kind is NoteKind.CLOZE):
            return (
                "A further face of a note has nothing but “Q:”, “A:” and “with”",
                "Write the rest at the first face",
            )
        return None

    @property
    def _kind(self) -> NoteKind:
        if self.owner is not None:
            return NoteKind.FACES
        return KINDS[self._text("cards")] if "cards" in self.said else self.kind

    def _text(self, key: str) -> str:
        return self.said.get(key, [""])[0]


def notes_from(
    drafts: Iterable[Draft], *, path: str, name: str, deck: str | None, tags: tuple[str, ...]
) -> list[Note]:
    """Return the notes of the cards; equal ones count once. The arguments are those of ``notes_in``.

    Raises:
        DeckError: for a card without a question, answer or deletion, an id that is used twice, a face without
            its note, and ordinals that do not fit.
    """
    firsts: list[tuple[Note, tuple[int, ...]]] = []
    further: dict[str, list[Draft]] = defaultdict(list)
    ids: dict[str, int] = {}
    for draft in drafts:
        note = draft.note(path=path, name=name, deck=deck, tags=tags)
        if mistake := draft.mistake or mistake_in(note):
            raise DeckError(*mistake, path=path, line=draft.line)
        if draft.owner is None:
            firsts.append((note, draft.ordinals))
        else:
            further[draft.owner].append(draft)
        if draft.id and (first := ids.setdefault(draft.id, draft.line)) != draft.line:
            raise DeckError(
                f"The id “{excerpt(draft.id)}” is taken by the card of line {first}",
                "Give each card its own id",
                path=path,
                line=draft.line,
            )
    notes: dict[tuple[str, str, NoteKind, str, str], Note] = {}
    for note, said in firsts:
        complete = _complete(note, said, further.pop(note.guid, []) if note.guid else [])
        notes.setdefault((note.guid, note.deck, complete.kind, note.question, note.answer), complete)
    for owner, faces in further.items():
        raise DeckError(
            f"No card of this file has the id “{excerpt(owner)}”",
            "Write the id of the note that this is a face of, and its ordinal, as in with: ID#1",
            path=path,
            line=faces[0].line,
        )
    return list(notes.values())


def _complete(note: Note, ordinals_said: tuple[int, ...], further: Sequence[Draft]) -> Note:
    """Return the note with its further faces and its ordinals."""
    if note.kind is NoteKind.BASIC and not further and not ordinals_said:
        return note
    if further and note.kind not in (NoteKind.BASIC, NoteKind.FACES):
        raise _error(
            f"“{excerpt(note.guid)}” has cards of its own kind, and can have no further face",
            "Leave out its “cards”, and begin it with “Q:”",
            note,
            further[0].line,
        )
    said = list(ordinals_said)
    if further or note.kind is NoteKind.FACES:
        faces = (Face(note.question, note.answer), *(one.face for one in further))
        note = replace(note, kind=NoteKind.FACES, faces=faces)
        said = said or [0]
        for one in further:
            said.append(max(said) + 1 if one.ordinal is None else one.ordinal)
    complete = replace(note, ordinals=tuple(said))
    complete = replace(complete, ordinals=ordinals(complete))
    if said and (complete.ordinals != tuple(said) or len(set(said)) < len(said)):
        raise _error(
            "The ordinals do not fit the cards of this note",
            "Write a different one for each deletion or face, in their order, or leave them out",
            note,
        )
    return complete


def _error(what: str, remedy: str, note: Note, line: int | None = None) -> DeckError:
    file, own_line = (note.source.file, note.source.line) if note.source else (None, None)
    return DeckError(what, remedy, path=file, line=line or own_line)
