"""What must stay true of the decks that travel with lrcards, whoever edits them next."""

from pathlib import Path

import pytest

from lrcards.cards.content import deletions
from lrcards.cards.markdown import read_deck
from lrcards.cards.model import Note, NoteKind
from lrcards.descent.presets import PRESETS, Preset

DECKS = Path(__file__).parents[1] / "decks"
NOTES = read_deck(DECKS / "learning-rate.md")
BY_GUID = {note.guid: note for note in NOTES}
YES_NO_OPENINGS = (
    *("am", "are", "can", "could", "did", "do", "does", "had", "has", "have", "is"),
    *("may", "might", "must", "should", "was", "were", "will", "would"),
)
LONGEST_ANSWER = 30  # words of the first paragraph, which is the answer proper
LONGEST_REMARK = 50  # words of what may follow it
LONGEST_DELETION = 10  # words

every_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note.guid)


def kink_iterates(rate: float, steps: int, factor: float = 1.0) -> list[float]:
    """Descend Σ|xᵢ − x̂| over 19, 17, 24 from 24.5; the rate shrinks by ``factor`` after each step."""
    iterates = [24.5]
    for t in range(steps):
        slope = sum((iterates[-1] > x) - (iterates[-1] < x) for x in (19, 17, 24))
        iterates.append(iterates[-1] - rate * factor**t * slope)
    return iterates


def kink_loss(x: float) -> float:
    return sum(abs(measurement - x) for measurement in (19, 17, 24))


def text(guid: str) -> str:
    return f"{BY_GUID[guid].question}\n{BY_GUID[guid].answer}"


def numbers(values: list[float], arrow: str) -> str:
    return f" {arrow} ".join(f"{value:.4g}" for value in values)


def test_every_shipped_deck_but_the_format_reference_is_checked_here() -> None:
    assert [path.name for path in DECKS.glob("*.md") if path.name != "README.md"] == ["learning-rate.md"]


def test_the_deck_is_called_learning_rate_and_has_at_least_24_notes() -> None:
    assert {note.deck for note in NOTES} == {"Learning rate"}
    assert len(NOTES) >= 24


def test_ids_are_the_authors_own_and_unique() -> None:
    assert len(BY_GUID) == len(NOTES)
    assert all(note.guid.startswith("lr-") for note in NOTES)


def test_no_two_prompts_are_the_same() -> None:
    assert len({note.question for note in NOTES}) == len(NOTES)


def test_the_four_active_recall_questions_come_first() -> None:
    assert [index for index, note in enumerate(NOTES) if "active-recall" in note.tags] == [0, 1, 2, 3]


def test_some_notes_are_cloze() -> None:
    assert sum(note.kind is NoteKind.CLOZE for note in NOTES) >= 8


def test_tags_are_shared_so_that_they_group() -> None:
    tags = [tag for note in NOTES for tag in note.tags]
    assert {tag for tag in tags if tags.count(tag) == 1} <= {"picture"}


@every_note
def test_a_note_has_one_to_three_tags(note: Note) -> None:
    assert 1 <= len(note.tags) <= 3


@every_note
def test_a_note_opens_an_experiment_that_exists(note: Note) -> None:
    assert note.experiment is not None
    assert Preset.from_data(note.experiment).name in PRESETS


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


def test_the_iterates_of_the_worked_example_are_those_of_gradient_descent() -> None:
    iterates = kink_iterates(1, 6)
    assert numbers(iterates[:3], "→") in BY_GUID["lr-kink-iterates"].question
    assert numbers(iterates[3:], "→") in BY_GUID["lr-kink-iterates"].answer
    assert f"as far as {iterates[1]}" in text("lr-kink-first-step")


def test_the_losses_of_the_worked_example_are_right() -> None:
    cycle = kink_iterates(1, 40)[-2:]
    assert {kink_loss(x) for x in cycle} == {7.5}
    assert deletions(text("lr-kink-loss")) == ["7.5", f"{kink_loss(19):.1f}"]
    assert f"= {kink_loss(19):.0f}." in text("lr-kink-optimum")


@pytest.mark.parametrize(
    ("guid", "rate"),
    [("lr-kink-loss", 1), ("lr-flat-not-converged", 1), ("lr-kink-tenths", 0.3), ("lr-kink-wide", 3)],
)
def test_the_cycles_at_the_kink_are_right(guid: str, rate: float) -> None:
    cycle = sorted(kink_iterates(rate, 200)[-2:], reverse=True)
    assert numbers(cycle, "↔") in text(guid)


def test_a_rate_of_a_tenth_comes_to_the_optimum_at_the_step_that_the_deck_names() -> None:
    iterates = kink_iterates(0.1, 60)
    arrived_at = next(step for step, x in enumerate(iterates) if abs(x - 19) < 1e-9)
    assert f"at step {arrived_at}." in text("lr-kink-small")
    assert f"lead to {iterates[2]:.1f}" in text("lr-kink-small")


def test_the_distances_at_which_exponential_decay_stops_are_right() -> None:
    distances = {factor: abs(kink_iterates(1, 500, factor)[-1] - 19) for factor in (0.5, 0.7, 0.9)}
    assert f"stops {distances[0.5]:.1f} away" in text("lr-exponential-stall")
    assert f"stops {distances[0.7]:.2f} away" in text("lr-exponential-stall")
    assert distances[0.9] < 1e-6


def test_the_parabola_swings_as_the_kink_does_until_the_rate_is_halved() -> None:
    across, solved = (19.5 - rate * 2 * (19.5 - 19) for rate in (1, 0.5))
    assert f"once at 19.5, swings {numbers([19.5, across], '↔')}" in text("lr-kink-or-bowl")
    assert solved == 19


def test_the_rate_of_step_decay_in_epoch_75_is_right() -> None:
    assert f"{0.1 * 0.1 ** (74 // 30):.4g}: two drops" in text("lr-step-decay")
