"""What must stay true of the decks that travel with lrcards, whoever edits them next."""

from pathlib import Path

import pytest

from lrcards.cards.content import deletions
from lrcards.cards.formats.markdown import read_deck
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parametric import is_parametric
from lrcards.descent.presets import PRESETS
from lrcards.experiments import problems_of

DECKS = Path(__file__).parents[1] / "decks"
# Each file with the name of its deck and what its ids begin with.
SHIPPED = {"learning-rate.md": ("Learning rate", "lr-"), "optimisers.md": ("Optimisers", "opt-")}
NOTES = [note for file in SHIPPED for note in read_deck(DECKS / file)]
YES_NO_OPENINGS = (
    *("am", "are", "can", "could", "did", "do", "does", "had", "has", "have", "is"),
    *("may", "might", "must", "should", "was", "were", "will", "would"),
)
LONGEST_ANSWER = 30  # words of the first paragraph, which is the answer proper
LONGEST_REMARK = 50  # words of what may follow it
LONGEST_DELETION = 10  # words

every_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note.guid)
every_deck = pytest.mark.parametrize("file", SHIPPED)


def test_every_shipped_deck_but_the_format_reference_is_checked_here() -> None:
    assert {path.name for path in DECKS.glob("*.md")} - {"README.md"} == set(SHIPPED)


@every_deck
def test_a_deck_has_its_name_and_at_least_24_notes_with_ids_of_its_own(file: str) -> None:
    notes = read_deck(DECKS / file)
    name, prefix = SHIPPED[file]
    assert {note.deck for note in notes} == {name}
    assert len(notes) >= 24
    assert all(note.guid.startswith(prefix) for note in notes)


def test_ids_are_unique() -> None:
    assert len({note.guid for note in NOTES}) == len(NOTES)


def test_no_two_prompts_are_the_same() -> None:
    assert len({note.question for note in NOTES}) == len(NOTES)


def test_the_four_active_recall_questions_come_first() -> None:
    assert [index for index, note in enumerate(NOTES) if "active-recall" in note.tags] == [0, 1, 2, 3]


@every_deck
def test_some_notes_are_cloze(file: str) -> None:
    assert sum(note.kind is NoteKind.CLOZE for note in read_deck(DECKS / file)) >= 8


def test_tags_are_shared_so_that_they_group() -> None:
    tags = [tag for note in NOTES for tag in note.tags]
    assert {tag for tag in tags if tags.count(tag) == 1} <= {"picture"}


@every_note
def test_a_note_has_one_to_three_tags(note: Note) -> None:
    assert 1 <= len(note.tags) <= 3


@every_note
def test_a_note_opens_an_experiment_that_exists(note: Note) -> None:
    assert note.experiment is not None
    assert problems_of([note]) == []
    assert is_parametric(note) or note.experiment["preset"] in PRESETS


@every_note
def test_a_prompt_is_no_yes_or_no_question(note: Note) -> None:
    assert note.question.split()[0].lower() not in YES_NO_OPENINGS


@every_note
def test_an_answer_is_short(note: Note) -> None:
    answer, _, remark = note.answer.partition("\n\n")
    assert len(answer.split()) <= LONGEST_ANSWER
    assert len(remark.split()) <= LONGEST_REMARK


@every_note
def test_a_cloze_note_has_one_to_three_short_deletions(note: Note) -> None:
    if note.kind is NoteKind.CLOZE:
        hidden = deletions(note.question)
        assert 1 <= len(hidden) <= 3
        assert all(len(deletion.split()) <= LONGEST_DELETION for deletion in hidden)
