"""Notes that Anki has not seen, as notes of notetypes of our own, whose ids are the same for ever."""

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from lrcards.cards.formats.anki import cloze
from lrcards.cards.formats.anki.model import AnkiField, AnkiNotetype, AnkiTemplate
from lrcards.cards.formats.anki.notes import EXPERIMENT
from lrcards.cards.formats.to_html import to_html
from lrcards.cards.model import Note, NoteKind

_FIRST_ID = 1_700_000_000_000
_BASIC, _TYPED, _REVERSED, _TYPED_REVERSED, _CLOZE, _TYPED_CLOZE, _FACES = range(
    _FIRST_ID, _FIRST_ID + 7 * 100_000, 100_000
)
_ANSWER = "{{FrontSide}}\n\n<hr id=answer>\n\n"
_CSS = """.card {
    font-family: arial;
    font-size: 20px;
    line-height: 1.5;
    text-align: center;
    color: black;
    background-color: white;
}
.cloze { font-weight: bold; }
"""


def notetype_of(note: Note) -> AnkiNotetype:
    """Return the notetype of ours that a note is of."""
    faces = max(note.ordinals, default=0) + 1 if note.kind is NoteKind.FACES else 0
    return _notetype(note.kind, note.typed and note.kind is not NoteKind.FACES, faces)


def fields_of(note: Note) -> tuple[str, ...]:
    """Return the fields of a note of ours; a parametric one asks as it is written, with its ``{names}``."""
    experiment = ""
    if note.experiment is not None:
        experiment = escape(json.dumps(note.experiment, default=str), quote=False)
    match note.kind:
        case NoteKind.CLOZE:
            return cloze.from_ours(note), experiment
        case NoteKind.FACES:
            texts = [""] * (2 * len(notetype_of(note).templates))
            for ordinal, face in zip(note.ordinals, note.faces, strict=True):
                texts[2 * ordinal : 2 * ordinal + 2] = [to_html(face.question), to_html(face.answer)]
            return *texts, experiment
        case _:
            return to_html(note.question), to_html(note.answer), experiment


@lru_cache(maxsize=256)
def _notetype(kind: NoteKind, typed: bool, faces: int) -> AnkiNotetype:
    both = ("Question", "Answer")
    match kind:
        case NoteKind.BASIC:
            return _made(_TYPED if typed else _BASIC, "basic", typed, both, [_asks(*both, typed)])
        case NoteKind.REVERSED:
            ways = [_asks(*both, typed), _asks("Answer", "Question", typed)]
            return _made(_TYPED_REVERSED if typed else _REVERSED, "reversed", typed, both, ways)
        case NoteKind.CLOZE:
            shown = "{{cloze:Text}}"
            front = shown + "\n\n{{type:cloze:Text}}" * typed
            card = AnkiTemplate("Cloze", front, front)
            return _made(_TYPED_CLOZE if typed else _CLOZE, "cloze", typed, ("Text",), [card], is_cloze=True)
        case NoteKind.FACES:
            numbers = range(1, faces + 1)
            names = [f"{side} {number}" for number in numbers for side in both]
            cards = [_face(*names[2 * index : 2 * index + 2]) for index in range(faces)]
            return _made(_FACES + faces, f"faces ({faces})", typed, names, cards)


def _made(
    notetype_id: int,
    name: str,
    typed: bool,
    fields: Sequence[str],
    templates: Sequence[AnkiTemplate],
    *,
    is_cloze: bool = False,
) -> AnkiNotetype:
    return AnkiNotetype(
        notetype_id,
        f"lrcards {name}" + ", typed" * typed,
        is_cloze,
        tuple(AnkiField(field) for field in (*fields, EXPERIMENT)),
        tuple(templates),
        _CSS,
    )


def _asks(question: str, answer: str, typed: bool) -> AnkiTemplate:
    front = f"{{{{{question}}}}}"
    if not typed:
        return AnkiTemplate(f"{question} first", front, f"{_ANSWER}{{{{{answer}}}}}")
    typing = f"{{{{type:{answer}}}}}"
    return AnkiTemplate(f"{question} first", f"{front}\n\n{typing}", f"{front}\n\n<hr id=answer>\n\n{typing}")


def _face(question: str, answer: str) -> AnkiTemplate:
    front = f"{{{{#{question}}}}}{{{{{question}}}}}{{{{/{question}}}}}"
    return AnkiTemplate(question, front, f"{_ANSWER}{{{{{answer}}}}}")
