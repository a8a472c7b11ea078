"""What is written in any format is read back as it was."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrcards.cards.content import deletions
from lrcards.cards.formats.delimited import parse_table, write_table
from lrcards.cards.formats.markdown import parse_deck, write_deck
from lrcards.cards.formats.parcel_json import parse_parcel, write_parcel
from lrcards.cards.formats.recognition import TextKind, kind_of_text
from lrcards.cards.model import Face, Note, NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.text import clean, one_line

LINES = st.one_of(
    st.sampled_from(
        [
            *(
                "Q: x",
                "A:",
                "C: [y]",
                "Q\\: x",
                "Q\\\\:",
                "---",
                " --- ",
                "\\---",
                "```",
                "``` ",
                "````",
                "~~~",
                "```lab",
            ),
            *(
                "- ```py",
                "> ```",
                "<!-- id: x -->",
                "\\<!-- x -->",
                "<!--",
                "> [!question] q",
                ">",
                "",
                "  ",
                "+++",
            ),
            *("\\", "  \\\\```", "name = 1", "[a]", "\\[b\\]", "$x$", "- - ~~~", "1. ```", "\u2028---"),
        ]
    ),
    st.text(st.characters(exclude_characters="\n"), max_size=12),
)
TEXTS = (
    st.lists(LINES, min_size=1, max_size=8).map(lambda lines: clean("\n".join(lines)).strip()).filter(bool)
)
WORDS = st.text(min_size=1, max_size=12).map(lambda text: clean(text).strip()).filter(bool)
DATA = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.text().map(clean)
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5).map(clean), inner, max_size=3)
    ),
    max_leaves=6,
)
EXPERIMENTS = (
    st.none()
    | st.fixed_dictionaries({"preset": WORDS})
    | st.dictionaries(st.text(max_size=5).map(clean), DATA, max_size=4)
)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    question = draw(TEXTS)
    found = len(deletions(question))
    kinds = [kind for kind in NoteKind if kind is not NoteKind.CLOZE or found]
    kind = draw(st.sampled_from(kinds))
    faces: tuple[Face, ...] = ()
    answer = "" if kind is NoteKind.CLOZE else draw(TEXTS)
    if kind is NoteKind.FACES:
        answer = draw(st.just("") | TEXTS)
        further = st.builds(Face, TEXTS, st.just("") | TEXTS)
        faces = (Face(question, answer), *draw(st.lists(further, max_size=2)))
    count = {NoteKind.BASIC: 1, NoteKind.REVERSED: 2, NoteKind.CLOZE: found, NoteKind.FACES: len(faces)}[kind]
    ordinals = range(count)
    if kind in (NoteKind.CLOZE, NoteKind.FACES):
        any_order = st.lists(st.integers(0, 40), min_size=count, max_size=count, unique=True)
        ordinals = draw(st.just(ordinals) | any_order)
    return Note(
        guid="",
        deck=draw(st.just("deck") | WORDS.map(one_line)),
        kind=kind,
        question=question,
        answer=answer,
        tags=tuple(draw(st.lists(WORDS, unique=True, max_size=3))),
        experiment=draw(EXPERIMENTS),
        ordinals=tuple(ordinals),
        faces=faces,
        typed=draw(st.booleans()),
    )


def through_markdown(notes: list[Note]) -> list[Note]:
    text = write_deck(notes, name="deck")
    assert kind_of_text(text, Path("other")) is TextKind.MARKDOWN
    return parse_deck(text, path="other.md")


def through_a_table(notes: list[Note]) -> list[Note]:
    text = write_table(notes)
    assert kind_of_text(text, Path("other")) is TextKind.TABLE
    parcel = parse_table(text, path="other.csv")
    assert parcel.skipped == ()
    return list(parcel.notes)


def through_json(notes: list[Note]) -> list[Note]:
    text = "".join(write_parcel(Parcel(notes=tuple(notes))))
    assert kind_of_text(text, Path("other")) is TextKind.JSON
    return list(parse_parcel(json.loads(text), path="other.json").notes)


@pytest.mark.parametrize("through", [through_markdown, through_a_table, through_json])
@given(
    given_notes=st.lists(notes(), min_size=1, max_size=4),
    ids=st.lists(WORDS, unique=True, min_size=4, max_size=4),
)
@example([Note("", "deck", NoteKind.BASIC, "---", "```py\n  x\n```")], ["a;b", 'c"-->', "d#1", "\\"])
@example(
    [Note("", "deck", NoteKind.BASIC, "{{c1::a}}", "<b>b</b>", tags=("#a", "b c"))], ["#1", "2", "3", "4"]
)
def test_what_is_written_is_read_back(
    through: Callable[[list[Note]], list[Note]], given_notes: list[Note], ids: list[str]
) -> None:
    written = [replace(note, guid=guid) for guid, note in zip(ids, given_notes, strict=False)]
    assert [replace(note, source=None) for note in through(written)] == written
