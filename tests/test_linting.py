"""What is said of deck files before they are imported."""

from datetime import UTC
from pathlib import Path

import pytest

import lrcards
from lrcards.linting import LONGEST_ANSWER, LONGEST_QUESTION, LintReport, lint
from lrcards.study.days import StudyDays


@pytest.fixture
def linted(tmp_path: Path):
    def lint_text(text: str, name: str = "deck.md") -> LintReport:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return lint([tmp_path / name], StudyDays(UTC))

    return lint_text


def test_the_shipped_decks_have_neither_errors_nor_warnings():
    decks = Path(lrcards.__file__).parents[1] / "decks"
    report = lint([path for path in decks.glob("*.md") if path.name != "README.md"], StudyDays(UTC))
    assert report.notes > 50
    assert (report.errors, report.warnings) == ((), ())


def test_a_mistake_is_told_with_file_and_line(linted):
    report = linted("Q: a\nA: b\n\nA: c\n")
    assert len(report.errors) == 1
    assert "deck.md:4: " in report.errors[0]


def test_an_experiment_that_cannot_be_run_is_an_error(linted):
    report = linted("Q: a\nA: b\n<!-- lab: kinkk -->\n")
    assert "deck.md:3" in report.errors[0]
    assert "kinkk" in report.errors[0]


def test_a_parametric_card_without_a_single_right_answer_is_an_error(linted):
    report = linted(
        "Q: What happens at some rate?\n\n```lab\n"
        'objective = "quadratic"\nrate = "{rate}"\nvary = {rate = [0.1, 5]}\n```\n'
    )
    assert len(report.errors) == 1


def test_likely_duplicates_are_told_with_both_places(linted):
    report = linted("Q: Why is the sky blue by day?\nA: x\n\nQ: Why is the sky blue by days?\nA: x\n")
    assert report.errors == ()
    (warning,) = report.warnings
    assert "deck.md:4: " in warning
    assert "deck.md:1." in warning


def test_questions_of_one_pattern_are_no_duplicates(linted):
    assert linted("Q: Capital of France?\nA: Paris\n\nQ: Capital of Spain?\nA: Madrid\n").warnings == ()


def test_a_card_that_is_too_long_is_told(linted):
    long = linted(f"Q: {'w' * (LONGEST_QUESTION + 1)}\nA: {'w' * (LONGEST_ANSWER + 1)}\n")
    question, answer = long.warnings
    assert f"more than {LONGEST_QUESTION}" in question
    assert f"more than {LONGEST_ANSWER}" in answer
    fits = linted(f"Q: {'w' * LONGEST_QUESTION}\nA: {'w' * LONGEST_ANSWER}\n")
    assert fits.warnings == ()


def test_every_file_of_a_folder_is_checked_and_one_that_is_no_deck_is_no_error(tmp_path):
    (tmp_path / "a.md").write_text("Q: a\nA: b\n")
    (tmp_path / "b.md").write_text("Q: a\nQ: b\n")
    (tmp_path / "notes.md").write_text("Only prose.\n")
    report = lint([tmp_path], StudyDays(UTC))
    assert (report.notes, len(report.errors), len(report.warnings)) == (1, 1, 1)


def test_a_picture_that_is_not_there_is_told(tmp_path):
    (tmp_path / "there.png").write_bytes(b"")
    deck = tmp_path / "deck.md"
    deck.write_text("Q: ![](there.png) ![](https://x.org/a.png)\nA: ![](img/gone.png)", encoding="utf-8")
    report = lint([deck], StudyDays(UTC))
    assert report.warnings == (f"{deck}:1: There is no picture “img/gone.png” beside the deck.",)
