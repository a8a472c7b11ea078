import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.content import deletions
from lrcards.cards.formats.markdown import read_markdown
from lrcards.cards.model import Memory, NoteKind, Phase
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError
from lrcards.text import clean


def parse(text: str, **options) -> Parcel:
    return read_markdown(text, path="notes.md", **options)


def cards(text: str) -> list[tuple[str, str, str]]:
    return [(note.kind.value, note.question, note.answer) for note in parse(f"#flashcards\n{text}").notes]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a::b", [("basic", "a", "b")]),
        ("a :: b", [("basic", "a", "b")]),
        ("a:::b", [("reversed", "a", "b")]),
        ("a::b\nc::d", [("basic", "a", "b"), ("basic", "c", "d")]),
        ("- a::b\n1. c::d\n## e::f", [("basic", "a", "b"), ("basic", "c", "d"), ("basic", "e", "f")]),
        ("> a::b\n- [ ] c::d", [("basic", "a", "b"), ("basic", "c", "d")]),
        ("prose\na::b\nmore prose", [("basic", "a", "b")]),
        ("a\n?\nb", [("basic", "a", "b")]),
        ("a\nb\n??\nc\nd\n\nprose", [("reversed", "a\nb", "c\nd")]),
        ("# Heading\na\n?\nb\n---\nprose", [("basic", "a", "b")]),
        ("a\n?\n```py\nx\n\ny\n```\nb", [("basic", "a", "```py\nx\n\ny\n```\nb")]),
        ("a\n?\nstd::vector", [("basic", "a", "std::vector")]),
        ("The ==sun== is a ==star==.\nAnd so on.", [("cloze", "The [sun] is a [star].\nAnd so on.", "")]),
        ("==1;;a;;hint== ==b==^[hint]", [("cloze", "[a] [b]", "")]),
        ("x[0] is ==y[0]==, not [z](a.md)", [("cloze", "x\\[0\\] is [y\\[0\\]], not [z](a.md)", "")]),
        ("==$x$== and ==`y`== and ==[[z]]==", [("cloze", "[$x$] and [`y`] and [[[z]]]", "")]),
        ("a::b <!-- a remark -->", [("basic", "a", "b")]),
        ("<!--\na::b\n-->", []),
        ("`a::b` and $c::d$ and [[e::f]] and <g::h> and http://[::1]/", []),
        ("| a::b |\n|---|", []),
        ("```\na::b\n\nc\n?\nd\n```", []),
        ("$$\na::b\n$$", []),
        ("a **bold** word, if a == b and c == d", []),
        ("::a\nb::\n?\n\n?", []),
        ("a::::b", []),
    ],
)  # fmt: skip
def test_a_note_has_the_cards_that_the_plugin_makes_of_it(text, found):
    assert cards(text) == found


def test_a_tag_names_the_deck_of_the_cards_below_it_or_of_the_card_it_stands_at():
    parcel = parse(
        "#flashcards/a/b\none::1\n#flashcards/c two::2\nthree::3\n\n"
        "#flashcards/d\nfour\n?\n4\n\n#flashcards\nfive::5\n"
    )
    assert [(note.question, note.deck) for note in parcel.notes] == [
        ("one", "a::b"),
        ("two", "c"),
        ("three", "a::b"),
        ("four", "d"),
        ("five", "notes"),
    ]
    assert {note.deck for note in parse("#flashcards/a\na::b", deck="Given").notes} == {"Given"}


def test_the_tag_may_stand_in_the_front_matter():
    (note,) = parse("---\ntags:\n  - flashcards/a\n---\n\nstd::vector\n").notes
    assert (note.question, note.deck, note.source and note.source.line) == ("std", "a", 6)


def test_without_the_tag_a_list_of_cards_is_one_and_prose_is_not():
    assert len(parse("Capital of France::Paris\nH2O:::water\n\nWhy?\n?\nBecause.").notes) == 3
    prose = parse("# C++\n\nA dynamic array :: not a list.\nIt is in the standard library.\nAnd so on.")
    assert prose.notes == ()
    assert "#flashcards" in prose.skipped[0].reason
    assert prose.skipped[0].source is not None
    assert prose.skipped[0].source.line == 3
    for code in ("std::vector is an array.", "Call Foo::bar() first.", "Read a::b::c."):
        assert parse(f"# C++\n\n{code}") == Parcel()


def test_beside_callouts_other_cards_need_the_tag():
    note = "> [!question] a\n> b::c\n\n{}\nd::e"
    assert [one.question for one in parse(note.format("Prose.")).notes] == ["a"]
    assert [one.question for one in parse(note.format("#flashcards")).notes] == ["a", "d"]


def test_tagged_cards_keep_their_colons():
    (note,) = parse("Q: a::b\nA: c::d #flashcards").notes
    assert (note.question, note.answer) == ("a::b", "c::d #flashcards")


def test_a_schedule_becomes_the_progress_of_the_cards():
    parcel = parse(
        "a:::b\n<!--SR:!2024-05-11,10,250!2000-01-01,1,250-->\n\nc\n?\nd\n<!--SR:!2024-03-02,1,130-->"
    )
    first, second = parcel.cards
    assert (first.note_guid, first.ordinal) == (parcel.notes[0].guid, 0)
    assert (first.phase, first.due_day, first.interval, first.last_day) == (
        Phase.REVIEW,
        date(2024, 5, 11),
        10,
        date(2024, 5, 1),
    )
    assert first.memory == Memory(10.0, 5.5)
    assert (second.note_guid, second.last_day) == (parcel.notes[1].guid, date(2024, 3, 1))
    assert second.memory == Memory(1.0, 10.0)
    assert parse("a:::b\n<!--SR:!2024-05-11,10,250-->").notes[0].guid == parcel.notes[0].guid


@pytest.mark.parametrize(
    "schedule", ["!fsrs,2023-09-06T00:10:00.000Z,0,0.4", "!x", "", "!2024-13-01,3,250", "!9,9"]
)
def test_a_schedule_that_cannot_be_read_is_told_and_the_card_is_new(schedule):
    parcel = parse(f"a::b\n<!--SR:{schedule}-->")
    assert [note.question for note in parcel.notes] == ["a"]
    assert parcel.cards == ()
    assert all("new" in one.reason for one in parcel.skipped)


def test_what_has_no_answer_or_no_clear_deletion_is_told():
    unanswered, mixed = parse("#flashcards\na\n?\n\nb::c\n\n==[== d").skipped
    assert (unanswered.what, unanswered.source and unanswered.source.line) == ("a", 2)
    assert "==deletions==" in mixed.reason


LINES = st.sampled_from(
    [
        "a::b",
        "?",
        "??",
        "==c==",
        "",
        "```",
        "#flashcards/x",
        "<!--SR:!2024-01-01,3,250-->",
        "> q",
        "[",
        "]",
        "$",
        "- ",
    ]
) | st.text(max_size=8)


@given(st.lists(LINES, max_size=12))
def test_any_note_gives_cards_with_both_sides(lines):
    text = "\n".join(["#flashcards", *lines]).replace("Q:", "").replace("C:", "")
    notes = []
    with contextlib.suppress(DeckError):
        notes += parse(text).notes
    for note in notes:
        assert note.question == clean(note.question)
        assert deletions(note.question) if note.kind is NoteKind.CLOZE else note.answer
