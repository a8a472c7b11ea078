"""Writing a card: from the fields of a form to a note and back, and what its experiment would show."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lrcards.cards.content import text_to_edit, with_text
from lrcards.cards.formats.deck_toml import parse_toml, write_toml
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import Note, NoteKind
from lrcards.errors import DeckError
from lrcards.experiments import prepared, problems_of
from lrcards.text import clean, one_line

if TYPE_CHECKING:
    from lrcards.descent.trajectory import Trajectory

KINDS = {
    "basic": "a question and its answer",
    "reversed": "asked both ways: two cards",
    "typed": "a question whose answer is typed in",
    "cloze": "a text with [deletions]: a card for each",
}
"""What a learner can write, each with what it is; a note of faces can only be edited."""

LAB = "experiment"
"""What the text of the experiment is called in messages."""

_PRESET = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of the form.

    Attributes:
        deck: the deck's name.
        kind: one of ``KINDS``, or ``faces``.
        question: in Markdown; of a cloze note the whole text.
        answer: in Markdown; not used by a cloze note.
        tags: with or without ``#``, apart by spaces.
        lab: the name of a preset, or an experiment in TOML; empty for none.
    """

    deck: str
    kind: str = "basic"
    question: str = ""
    answer: str = ""
    tags: str = ""
    lab: str = ""


def draft_of(note: Note) -> Draft:
    """Return the form filled with a note; of one of faces, with its first."""
    text = text_to_edit(note, note.ordinals[0])
    kind = "typed" if note.typed and note.kind is NoteKind.BASIC else note.kind.value
    return Draft(note.deck, kind, text.question, text.answer, " ".join(note.tags), _lab_text(note.experiment))


def note_of(draft: Draft, seen: Note | None = None) -> Note:
    """Return the note that a form describes.

    Args:
        draft: the form.
        seen: the note that is edited; without it the note is a new one.

    Raises:
        DeckError: the form describes no card; an experiment is named with its line.
    """
    question, answer = clean(draft.question).strip(), clean(draft.answer).strip()
    kind = NoteKind.BASIC if draft.kind == "typed" else NoteKind(draft.kind)
    base = seen or Note("", "", kind, "")
    if kind is NoteKind.FACES:
        written = with_text(base, base.ordinals[0], question, answer)
    else:
        answer = "" if kind is NoteKind.CLOZE else answer
        written = replace(base, kind=kind, question=question, answer=answer, faces=())
    note = replace(
        written,
        deck=one_line(clean(draft.deck)),
        tags=tuple(dict.fromkeys(tag.lstrip("#") for tag in clean(draft.tags).split() if tag.strip("#"))),
        typed=draft.kind == "typed" or (kind is not NoteKind.BASIC and base.typed),
        experiment=_experiment(draft.lab),
    )
    if not note.deck:
        raise DeckError("The deck has no name", "Write one, such as Maths::Algebra")
    if mistake := mistake_in(note):
        raise DeckError(*mistake)
    return note


def refuse_experiment(note: Note) -> None:
    """Do nothing if the experiment of a note can be run, or if it has none.

    Raises:
        LrcardsError: it cannot be run, or a parametric card has no single right answer.
    """
    for problem in problems_of([note]):
        raise problem


def run_of(note: Note) -> "tuple[Trajectory, str] | None":
    """Return what the lab would show first: the run, and what becomes of each lane in words.

    ``None`` if the note has no experiment that can be run.
    """
    ready = prepared(note, 0)
    if ready.preset is None:
        return None
    from lrcards.descent.run import simulate
    from lrcards.descent.verdict import judge_all

    trajectory = simulate(ready.preset.experiment)
    regimes = judge_all(trajectory).regimes
    lanes = (f"{label}: {regime.caption}" for label, regime in zip(ready.preset.labels, regimes, strict=True))
    return trajectory, "\n".join([ready.preset.title, *lanes])


def _experiment(lab: str) -> Mapping[str, Any] | None:
    text = clean(lab).strip()
    if not text:
        return None
    return {"preset": text} if _PRESET.fullmatch(text) else parse_toml(text, LAB, 1)


def _lab_text(experiment: Mapping[str, Any] | None) -> str:
    if experiment is None:
        return ""
    name = experiment.get("preset")
    is_bare = len(experiment) == 1 and isinstance(name, str) and _PRESET.fullmatch(name)
    return str(name) if is_bare else write_toml(experiment)
