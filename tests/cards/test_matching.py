from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.matching import Choices, match
from lrcards.cards.model import Note, NoteKind, Source
from lrcards.errors import DeckError


def basic(question: str, answer: str = "x", *, guid: str = "", deck: str = "d") -> Note:
    return Note(guid, deck, NoteKind.BASIC, question, answer)


def cloze(text: str, ordinals: tuple[int, ...] = (0,), *, guid: str = "") -> Note:
    return Note(guid, "d", NoteKind.CLOZE, text, ordinals=ordinals)


def imported(*notes: Note) -> list[Note]:
    return [note for note, _ in match(notes, []).pairs]


def test_a_note_is_found_by_its_id_whatever_else_changed():
    stored = imported(basic("old", guid="i"))
    ((note, known),) = match([basic("new", "y", guid="i", deck="e")], stored).pairs
    assert known == stored[0]
    assert (note.guid, note.question, note.deck) == ("i", "new", "e")


def test_a_note_without_an_id_is_found_by_its_question():
    stored = imported(basic("What is  it?"))
    ((note, known),) = match([basic("What is\nit?", "another")], stored).pairs
    assert known == stored[0]
    assert (note.guid, note.answer) == (stored[0].guid, "another")


def test_the_same_question_with_another_answer_in_another_deck_is_another_note():
    matching = match([basic("q", "y", deck="e")], imported(basic("q", "x", deck="d")))
    assert matching.pairs[0][1] is None
    assert matching.orphans == ()


def test_a_note_that_moved_to_another_deck_is_found_by_what_it_says():
    stored = imported(basic("q", "x  y"))
    ((note, known),) = match([basic(" q", "x y", deck="e")], stored).pairs
    assert known == stored[0]
    assert (note.guid, note.deck) == (stored[0].guid, "e")


def test_of_two_notes_that_say_the_same_none_is_taken_for_the_one_that_moved():
    stored = imported(basic("q"), basic("q", deck="f"))
    assert match([basic("q", deck="e")], stored).pairs[0][1] is None


def test_a_note_with_an_id_of_its_own_moves_only_between_the_decks_that_are_imported():
    stored = imported(basic("q", guid="i"), basic("r", deck="e"))
    assert match([basic("q", guid="j", deck="e")], stored).pairs[0][1] is None
    (_, (note, known)) = match([basic("s"), basic("q", guid="j", deck="e")], stored).pairs
    assert known == stored[0]
    assert note.guid == "i"


def test_a_note_is_found_by_another_id_that_its_author_gave_it():
    stored = imported(basic("q"))
    matching = match([basic("q", guid="mine")], stored)
    assert matching.aliases == {"mine": stored[0].guid}
    ((note, known),) = match([basic("reworded", guid="mine")], stored, aliases=matching.aliases).pairs
    assert known == stored[0]
    assert note.guid == stored[0].guid


def test_a_reworded_question_is_found_by_likeness_among_what_is_gone():
    stored = imported(basic("What does the learning rate scale?", "The gradient."), basic("kept"))
    reworded = basic("What does the learning rate η scale?", "The gradient.")
    matching = match([reworded, basic("kept")], stored, Choices())
    assert matching.pairs[0][1] == stored[0]
    assert matching.orphans == ()
    assert 0.75 <= matching.scores[stored[0].guid] < 1
    assert match([reworded, basic("kept")], stored).orphans == (stored[0],)
    declined = match([reworded, basic("kept")], stored, Choices(declined={stored[0].guid}))
    assert declined.pairs[0][1] is None
    assert declined.orphans == (stored[0],)


def test_notes_of_other_files_in_a_deck_are_no_orphans():
    one = replace(imported(basic("q"))[0], source=Source("a/week 1.md", 3))
    two = replace(imported(basic("r"))[0], source=Source("week 2.md", 3))
    incoming = replace(basic("s"), source=Source("week 1.md", 3))
    assert match([incoming], [one, two]).orphans == (one,)


def test_what_came_from_another_program_is_no_orphan_of_what_was_written_here_nor_the_other_way_round():
    here, there = imported(basic("q"), basic("r", guid="from-there"))
    incoming = basic("s", guid="new")
    assert match([incoming], [here, there], foreign={"from-there"}).orphans == (here,)
    assert match([incoming], [here, there], foreign={"from-there"}, numbered={"new"}).orphans == (there,)


def test_a_note_of_another_program_keeps_the_ordinals_that_it_says():
    ((note, _),) = match([cloze("[a] [b]", (3, 1), guid="i")], [], numbered={"i"}).pairs
    ((again, _),) = match([cloze("[b] [x]", (1, 3), guid="i")], [note], numbered={"i"}).pairs
    assert (note.ordinals, again.ordinals) == ((3, 1), (1, 3))


def test_the_same_question_of_another_kind_is_another_note():
    assert match([cloze("a [b]")], imported(basic("a [b]"))).pairs[0][1] is None


def test_a_note_that_got_an_id_later_keeps_the_guid_it_is_stored_under():
    stored = imported(basic("q"))
    ((note, known),) = match([basic("q", guid="new-id")], stored).pairs
    assert known == stored[0]
    assert note.guid == stored[0].guid


def test_a_new_guid_is_the_same_on_every_machine_and_differs_between_notes():
    first, second = imported(basic("q"), basic("r"))
    assert first.guid == imported(basic(" q\n"))[0].guid
    assert first.guid != second.guid
    assert len(first.guid) == 16


def test_equal_questions_with_different_answers_are_different_notes():
    stored = imported(basic("q", "a"), basic("q", "b"))
    assert stored[0].guid != stored[1].guid
    again = match([basic("q", "a"), basic("q", "b")], stored)
    assert [note.guid for note, _ in again.pairs] == [note.guid for note in stored]


def test_a_new_note_does_not_take_the_guid_of_a_reworded_one():
    (old,) = imported(basic("q"))
    reworded = basic("r", guid=old.guid)
    ((note, known),) = match([basic("q")], [reworded]).pairs
    assert known is None
    assert note.guid != old.guid


def test_stored_notes_that_are_gone_are_orphans_in_their_own_decks_only():
    stored = imported(basic("q"), basic("r"), basic("s", deck="e"))
    assert match([basic("q")], stored).orphans == (stored[1],)


def test_two_notes_with_one_id_are_refused_with_both_places():
    one = Note("i", "d", NoteKind.BASIC, "q", "a", source=Source("a.md", 3))
    two = Note("i", "d", NoteKind.BASIC, "r", "a", source=Source("b.md", 7))
    with pytest.raises(DeckError, match=r"b\.md:7: .* taken by a\.md:3"):
        match([one, two], [])


def test_a_deletion_keeps_its_ordinal_when_others_come_and_go():
    stored = imported(cloze("[a] and b and [c]", guid="i"))
    assert stored[0].ordinals == (0, 1)
    ((note, _),) = match([cloze("a and [b] and [c] and [d]", guid="i")], stored).pairs
    assert note.ordinals == (2, 1, 3)
    ((note, _),) = match([cloze("x [d] [ c ] [b]", guid="i")], [note]).pairs
    assert note.ordinals == (3, 1, 2)


def test_a_cloze_note_without_an_id_is_found_when_its_deletions_change():
    stored = imported(cloze("[a] and b"))
    ((note, known),) = match([cloze("[a] and [b]")], stored).pairs
    assert known == stored[0]
    assert note.ordinals == (0, 1)


def test_cloze_notes_of_one_text_keep_apart():
    stored = imported(cloze("[a] and b"), cloze("a and [b]"))
    again = match([cloze("a and [b]"), cloze("[a] and b")], stored)
    assert [note.guid for note, _ in again.pairs] == [stored[1].guid, stored[0].guid]


def test_a_question_that_becomes_a_cloze_does_not_pass_on_its_history():
    ((note, known),) = match([cloze("a [b]", guid="i")], imported(basic("a", guid="i"))).pairs
    assert known is not None
    assert note.ordinals == (1,)


QUESTIONS = st.lists(
    st.builds(
        Note,
        guid=st.sampled_from(["", "", "i", "j"]),
        deck=st.sampled_from(["d", "e"]),
        kind=st.sampled_from([NoteKind.BASIC, NoteKind.CLOZE]),
        question=st.sampled_from(["[a] b", "a [b]", "[a] [b]", "a  b"]),
    ),
    max_size=6,
    unique_by=lambda note: note.guid or id(note),
)


@given(QUESTIONS, QUESTIONS)
def test_importing_again_changes_nothing(first, second):
    stored = imported(*first)
    for notes in (first, second):
        matching = match(notes, stored)
        guids = [note.guid for note, _ in matching.pairs]
        assert len(set(guids)) == len(guids)
        assert all(guids)
        again = match(notes, [note for note, _ in matching.pairs])
        assert all(note == known for note, known in again.pairs)


def test_a_long_answer_that_only_two_notes_have_tells_that_they_are_one():
    answer = "So that the softmax does not saturate when the dimension is large."
    before = Note("a", "D", NoteKind.BASIC, "Why divide by the root of the dimension?", answer)
    after = replace(before, guid="", question="Why do we scale the scores by the square root of d?")
    found = match([after], [before], Choices())
    assert found.pairs[0][1] == before
    assert 0.5 < found.scores["a"] < 0.75
    assert match([after], [before], Choices(declined={"a"})).pairs[0][1] is None
    # Nor is it told by what they answer where another one answers the same, or asks something else.
    another = replace(after, question="Why are the scores of attention scaled down?")
    assert [known for _, known in match([after, another], [before], Choices()).pairs] == [None, None]
    elsewhere = replace(after, question="Which French city has a tower?")
    assert match([elsewhere], [before], Choices()).pairs[0][1] is None
