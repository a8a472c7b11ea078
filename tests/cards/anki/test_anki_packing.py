"""What becomes of notes on their way to Anki, and back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.formats.anki.model import AnkiCollection, AnkiReview
from lrcards.cards.formats.anki.package import read_anki
from lrcards.cards.formats.anki.packing import anki_collection_of, write_parcel
from lrcards.cards.formats.anki.parcels import parcel_of, read_parcel
from lrcards.cards.model import Card, Face, Memory, Note, NoteKind, Phase, Rating, Review, ReviewKind
from lrcards.cards.parcel import Media, Parcel
from lrcards.study.days import StudyDays

RECORDED = Path(__file__).parent / "recorded"
PACKAGES = [path.name for path in sorted(RECORDED.glob("*pkg"))]
DAYS = StudyDays(UTC)
NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)


def packed(parcel: Parcel) -> AnkiCollection:
    return anki_collection_of(parcel, now=NOW, days=DAYS)


def back(parcel: Parcel) -> Parcel:
    return parcel_of(packed(parcel), day_of=DAYS.day)


@cache
def original(name: str) -> AnkiCollection:
    return read_anki(RECORDED / name)


@cache
def parcel(name: str) -> Parcel:
    return parcel_of(original(name), day_of=DAYS.day)


@pytest.mark.parametrize("name", PACKAGES)
def test_notes_from_anki_go_back_as_they_came(name):
    before, after = original(name), packed(parcel(name))
    assert after.notes == before.notes
    used = {note.notetype_id for note in before.notes}
    assert after.notetypes == tuple(each for each in before.notetypes if each.id in used)
    assert after.media == before.media


@pytest.mark.parametrize("name", PACKAGES)
def test_cards_from_anki_go_back_where_they_stood(name):
    before, after = original(name), packed(parcel(name))
    assert [card.id for card in after.cards] == [card.id for card in before.cards]
    names = {deck.id: deck.name for deck in before.decks}
    our_names = {deck.id: deck.name for deck in after.decks}
    day_shift = (before.created.date() - after.created.date()).days
    for there, ours in zip(before.cards, after.cards, strict=True):
        assert ours.note_id == there.note_id
        assert (ours.type, ours.interval, ours.factor) == (there.type, there.interval, there.factor)
        assert (ours.reps, ours.lapses, ours.flags) == (there.reps, there.lapses, there.flags)
        assert (ours.memory and ours.memory[:2]) == (there.memory and there.memory[:2])
        assert our_names[ours.deck_id] == names[there.original_deck_id or there.deck_id]
        if not there.original_deck_id:
            assert ours.due == there.due + (day_shift if there.type == 2 or there.queue == 3 else 0)
        if there.queue >= 0 and not there.original_deck_id:
            assert ours.queue == there.queue


@pytest.mark.parametrize("name", PACKAGES)
def test_the_log_goes_back_with_its_instants_and_buttons(name):
    def told(entry: AnkiReview) -> tuple[int, ...]:
        return entry.id, entry.card_id, entry.ease, entry.duration_ms

    log, given_back = original(name).reviews, packed(parcel(name)).reviews
    assert [told(entry) for entry in given_back] == [told(entry) for entry in log]
    # What is no answer, such as that a card was reset, means nothing to us and goes back as it came.
    assert [entry for entry in given_back if not entry.ease] == [entry for entry in log if not entry.ease]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_parcel_that_went_to_anki_and_back_is_the_same(name):
    first = parcel(name)
    second = back(first)
    assert second.notes == first.notes
    assert second.reviews == first.reviews
    assert second.skipped == ()
    for there, here in zip(second.cards, first.cards, strict=True):
        # Which step it is follows from how many the deck has, which stays behind.
        assert replace(there, modified_at=None, buried_until=None, step=0) == replace(
            here, modified_at=None, buried_until=None, step=0, last_review=there.last_review
        )


def with_note(name: str, first: str, **changes) -> tuple[Parcel, Note]:
    notes = list(parcel(name).notes)
    index = next(i for i, note in enumerate(notes) if note.question.startswith(first))
    notes[index] = replace(notes[index], **changes)
    return replace(parcel(name), notes=tuple(notes)), notes[index]


def test_an_edit_goes_into_the_fields_of_the_note():
    edited, note = with_note("new.apkg", "Hund", question="Der *Hund* $x<y$", answer="the dog")
    there = next(each for each in packed(edited).notes if each.guid == note.guid)
    assert there.fields == (r"Der <em>Hund</em> \(x&lt;y\)", "the dog")
    assert there.modified == int(NOW.timestamp())
    assert next(each for each in back(edited).notes if each.guid == note.guid) == note


def test_other_tags_change_nothing_but_the_tags():
    tagged, note = with_note("new.apkg", "Hund", tags=("dogs",))
    there = next(each for each in packed(tagged).notes if each.guid == note.guid)
    assert (there.tags, there.fields) == (("dogs",), ("Hund", "dog"))


def test_an_edited_face_that_has_no_field_of_its_own_becomes_a_note_beside():
    edited, note = with_note(
        "new.apkg",
        "Begriff",
        question="Word",
        faces=(Face("Word", "Definition"), Face("Definition", "Word"), Face("x", "y")),
    )
    (there,) = [each for each in packed(edited).notes if each.guid.startswith(note.guid)]
    assert there.guid == note.guid + "~"
    (again,) = [each for each in back(edited).notes if each.guid == there.guid]
    assert again.faces == note.faces


BASIC = Note("b", "Deck::Sub", NoteKind.BASIC, "What is $\\eta$?", "The **rate**", ("a", "b::c"))
OURS = [
    BASIC,
    replace(BASIC, guid="r", kind=NoteKind.REVERSED, ordinals=(0, 1)),
    replace(BASIC, guid="t", typed=True),
    replace(BASIC, guid="rt", kind=NoteKind.REVERSED, ordinals=(0, 1), typed=True),
    Note("c", "D", NoteKind.CLOZE, r"[one] \[x\] and [$\frac{a}{{b}}$] a::b", ordinals=(3, 1)),
    Note("ct", "D", NoteKind.CLOZE, "[one]", ordinals=(0,), typed=True),
    Note("f", "D", NoteKind.FACES, "q", "a", ordinals=(0, 2), faces=(Face("q", "a"), Face("r", "- s\n- t"))),
    replace(BASIC, guid="e", experiment={"preset": "kink", "rates": [0.3], "function": "x < 3 && y"}),
    replace(BASIC, guid="v", answer="", experiment={"ask": "regime", "vary": {"rate": [0.1, 0.2]}}),
    Note("l", "D", NoteKind.BASIC, r"\\(no formula\\) [sound:x] {{c1::a}} \$5", "```py\nx < 1\n```"),
    Note("m", "D", NoteKind.BASIC, "![a b.png](<a b.png>)", "♪ `s.mp3`\\\nand\n\n$$x$$"),
]


@pytest.mark.parametrize("note", OURS, ids=lambda note: note.guid)
def test_a_note_of_ours_comes_back_as_it_went(note):
    (again,) = back(Parcel((note,))).notes
    if note.kind is NoteKind.CLOZE:
        assert again.question.replace("} }", "}}") == note.question
        note = replace(note, question=again.question)
    assert again == note


def test_a_second_export_has_the_same_ids():
    first, second = packed(Parcel(tuple(OURS))), packed(Parcel(tuple(reversed(OURS))))
    assert {(each.guid, each.id) for each in first.notes} == {(each.guid, each.id) for each in second.notes}
    assert [each.id for each in first.cards] == [each.id for each in second.cards]
    assert len({each.id for each in first.cards}) == len(first.cards)


CARD = Card(
    "b#0",
    "b",
    0,
    phase=Phase.REVIEW,
    memory=Memory(12.5, 4.5),
    due_day=date(2026, 12, 4),
    interval=10,
    last_review=datetime(2026, 11, 24, 10, tzinfo=UTC),
    last_day=date(2026, 11, 24),
    reviews=3,
    lapses=1,
    flag=2,
)
ANSWER = Review(
    "0", "b#0", Rating.HARD, datetime(2026, 11, 24, 10, tzinfo=UTC), date(2026, 11, 24), 1234, scheduled=-10
)


def test_progress_of_ours_goes_out_and_comes_back():
    answers = (replace(ANSWER, id="1"), replace(ANSWER, id="2", kind=ReviewKind.CRAM, phase=Phase.REVIEW))
    sent = Parcel((BASIC,), (CARD,), answers, {"Deck": {"desired_retention": 0.85, "new_per_day": 5}})
    again = back(sent)
    assert replace(again.cards[0], modified_at=None) == replace(CARD, last_review=again.cards[0].last_review)
    assert [(each.rating, each.kind, each.duration_ms) for each in again.reviews] == [
        (Rating.HARD, ReviewKind.STUDY, 1234),
        (Rating.HARD, ReviewKind.CRAM, 1234),
    ]
    assert again.options["Deck"]["desired_retention"] == 0.85
    assert again.options["Deck"]["new_per_day"] == 5


STATES = st.sampled_from(
    [
        Card("b#0", "b", 0, position=4),
        CARD,
        replace(CARD, suspended=True),
        replace(CARD, phase=Phase.RELEARNING, due_day=None, due_at=NOW, interval=0),
        replace(CARD, phase=Phase.LEARNING, step=1, due_at=NOW, due_day=None, interval=0),
        replace(CARD, phase=Phase.LEARNING, step=1, interval=1, due_day=date(2026, 11, 25)),
    ]
)


@given(STATES, st.integers(0, 7))
def test_every_state_survives_the_way(state, flag):
    state = replace(state, flag=flag)
    (again,) = back(Parcel((BASIC,), (state,))).cards
    assert replace(again, modified_at=None) == state


def test_a_package_on_disk_holds_it_all(tmp_path):
    path = tmp_path / "ours.apkg"
    sent = Parcel(tuple(OURS), (CARD,), (ANSWER,), media=(Media("s.mp3", lambda: b"sound"),))
    write_parcel(path, sent, now=NOW, days=DAYS)
    again = read_parcel(path, day_of=DAYS.day)
    assert {note.guid for note in again.notes} == {note.guid for note in OURS}
    assert again.media[0].read() == b"sound"
