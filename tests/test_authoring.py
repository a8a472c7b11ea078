"""From a form to a note and back, what is refused, and what the experiment would show."""

from dataclasses import replace

import pytest

from lrcards.authoring import KINDS, Draft, draft_of, note_of, refuse_experiment, run_of
from lrcards.cards.model import Face, Note, NoteKind
from lrcards.errors import DeckError, LrcardsError

FORM = Draft("Rates", "basic", "Why?", "Because.", "a #b", "kink")


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_and_its_note_say_the_same(kind):
    text = "a [deletion]" if kind == "cloze" else "Why?"
    form = replace(FORM, kind=kind, question=text, answer="" if kind == "cloze" else "Because.", tags="a b")
    assert draft_of(note_of(form)) == form


def test_the_fields_become_a_note():
    note = note_of(FORM)
    assert (note.guid, note.deck, note.kind, note.tags) == ("", "Rates", NoteKind.BASIC, ("a", "b"))
    assert note.experiment == {"preset": "kink"}


def test_an_edited_note_keeps_what_the_form_does_not_show():
    seen = Note("g", "Rates", NoteKind.BASIC, "Why?", "x", ordinals=(0,))
    note = note_of(replace(draft_of(seen), question="How?", deck="Other"), seen)
    assert note == replace(seen, question="How?", deck="Other")


def test_the_first_of_several_faces_is_edited():
    faces = (Face("one", "1"), Face("two", "2"))
    seen = Note("g", "D", NoteKind.FACES, "one", "1", ordinals=(0, 1), faces=faces)
    note = note_of(replace(draft_of(seen), question="uno"), seen)
    assert note.faces == (Face("uno", "1"), Face("two", "2"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"deck": " "}, "no name"),
        ({"question": ""}, "question is empty"),
        ({"answer": ""}, "no answer"),
        ({"kind": "cloze"}, "no deletion"),
        ({"lab": "rate = 1\nsteps = = 2"}, "experiment:2"),
    ],
)
def test_a_form_that_is_no_card_is_refused(change, says):
    with pytest.raises(DeckError, match=says):
        note_of(replace(FORM, **change))


def test_an_experiment_that_cannot_be_run_is_refused():
    refuse_experiment(note_of(FORM))
    with pytest.raises(LrcardsError, match="kinkk"):
        refuse_experiment(note_of(replace(FORM, lab="kinkk")))


def test_the_run_of_an_experiment_is_told_in_words():
    run = run_of(note_of(FORM))
    assert run is not None
    trajectory, words = run
    assert trajectory.steps > 0
    assert "bouncing at a kink" in words
    assert run_of(note_of(replace(FORM, lab=""))) is None
    assert run_of(note_of(replace(FORM, lab="kinkk"))) is None


def test_hostile_text_is_cleaned():
    note = note_of(replace(FORM, question="a\x1b[2Jb", deck="x\ny"))
    assert (note.question, note.deck) == ("a\ufffd[2Jb", "x y")
