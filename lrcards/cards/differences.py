"""What two versions of a note differ in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from lrcards.cards.model import Note


@dataclass(frozen=True, slots=True)
class Difference:
    """What a part of a note says before and after, as text; empty if it says nothing."""

    part: str
    before: str
    after: str

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield the lines that are gone, with ``-``, and those that are there instead, with ``+``."""
        for line in list(unified_diff(self.before.split("\n"), self.after.split("\n"), n=0, lineterm=""))[2:]:
            if not line.startswith("@@"):
                yield line[0], line[1:]


def differences(before: Note, after: Note) -> list[Difference]:
    """Return the parts in which the two notes differ, but for their guids and where they were read."""
    return [
        Difference(part, old, new)
        for (part, old), (_, new) in zip(_parts(before), _parts(after), strict=True)
        if old != new
    ]


def _parts(note: Note) -> Iterator[tuple[str, str]]:
    experiment = note.experiment
    sides = (side for face in note.faces[1:] for side in (face.question, face.answer))
    yield "deck", note.deck
    yield "kind", note.kind.value
    yield "question", note.question
    yield "answer", note.answer
    yield "other cards", "\n".join(sides)
    yield "tags", " ".join(note.tags)
    yield "experiment", "" if experiment is None else json.dumps(experiment, ensure_ascii=False)
    yield "typed", "yes" if note.typed else "no"
