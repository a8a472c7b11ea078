"""A mock test on screen: taken, left, resumed, looked over, ended, reported."""

import json

import pytest
from textual.widgets import Input

from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.collection.mock_tests import mock_tests_of
from lrcards.exams.mock import Mock
from lrcards.tui.screens.mock import MockScreen
from lrcards.tui.screens.mock_report import MockReportScreen

PARAMETRIC = """\
Q: On $x^2/2$, what do the iterates do at $\\eta = {rate}$?
<!-- id: bowl -->

```lab
ask = "regime"
objective = "quadratic"
rates = ["{rate}"]
start = 4
steps = 60
[vary]
rate = [0.5, 2.5]
```
"""


@pytest.fixture
def taking(learner):
    """Open the app on a test with all cards."""

    def begin(*, minutes=None, **how):
        def first(desk):
            where = desk.collection, desk.rules, desk.clock, desk.random
            return MockScreen(
                Mock.begin(*where, name="Finals", query="deck:*", questions=3, minutes=minutes, seed=1)
            )

        return learner.at(first, **how)

    return begin


def only_test(learner):
    (test,) = mock_tests_of(learner.collection)
    return test


async def test_a_test_is_taken_and_reported(learner, taking):
    async with taking():
        for grade in ("y", "n", "y"):
            await learner.press("4", "space", grade)
        assert "3 of 3 answered" in str(learner.screen.query_one("Vertical").border_title)
        await learner.press("f")
        assert isinstance(learner.screen, MockReportScreen)
        await learner.until(lambda: "2 of 3 right" in learner.sees())
        test = only_test(learner)
        assert test.finished_at == learner.clock()
        assert [given.correct for given in test.given] == [True, False, True]


async def test_nothing_can_be_graded_before_one_said_how_sure_one_is(learner, taking):
    async with taking():
        await learner.press("space", "y", "a")
        assert "How sure are you?" in learner.reads("#task")
        assert only_test(learner).unanswered == [0, 1, 2]


async def test_a_test_that_was_left_is_on_disk_with_its_time_and_marks(learner, taking):
    async with taking():
        await learner.press("3", "space", "y", "m")
        learner.clock.advance(seconds=30)
        await learner.press("q")
        test = only_test(learner)
        assert (test.at, test.marked, test.spent, test.finished_at) == (1, {1}, 30.0, None)


async def test_all_questions_are_in_sight_and_each_can_be_looked_at_again(learner, taking):
    async with taking():
        await learner.press("s", "o")
        assert "0 of 3 answered" in str(learner.screen.query_one("Vertical").border_title)
        await learner.press("k", "enter")
        assert "question 1 of 3" in learner.reads("#where")


async def test_a_test_with_open_questions_does_not_end_by_one_key(learner, taking):
    async with taking():
        await learner.press("f")
        assert only_test(learner).finished_at is None
        await learner.press("f")
        assert only_test(learner).finished_at is not None


async def test_a_choice_is_graded_by_the_run(learner, taking):
    async with taking(deck=PARAMETRIC):
        await learner.press("4", "a", "f")
        given = only_test(learner).given[0]
        assert given.mode == "choice"
        assert given.response


async def test_a_typed_answer_is_compared(learner, taking):
    typed = Note("who", "Typed", NoteKind.BASIC, "Who?", "Cauchy", typed=True)
    learner.collection.import_notes([typed], learner.clock())
    async with taking(deck=""):
        await learner.press("4")
        await learner.pilot.press(*"Cauchy")
        await learner.press("enter", "f")
        given = only_test(learner).given[0]
        assert (given.response, given.correct) == ("Cauchy", True)


async def test_the_time_of_a_test_runs_out(learner, taking):
    async with taking(minutes=1):
        assert "1:00 left" in learner.reads("#left")
        learner.clock.advance(seconds=61)
        await learner.until(lambda: "0 of 3 right" in learner.sees())
        assert isinstance(learner.screen, MockReportScreen)


async def test_the_weakest_cards_are_a_key_away_to_study_and_in_the_lab(learner, taking):
    async with taking():
        for _ in range(3):
            await learner.press("3", "space", "n")
        await learner.press("f", "g")
        assert "Open the lab of" in str(learner.screen.query_one("Vertical").border_title)
        await learner.press("escape", "w", "space", "4", "q")
        assert isinstance(learner.screen, MockReportScreen)
        reviews = [review for note in ("update", "kink", "epoch") for review in learner.answers(note)]
        assert [review.rating for review in reviews] == [Rating.EASY]


async def test_a_report_is_written_as_markdown_or_json(learner, taking, tmp_path):
    async with taking():
        await learner.press("o", "f")
        for name in ("report.md", "report.json", "missing/report.md"):
            await learner.press("x")
            learner.screen.query_one(Input).value = str(tmp_path / name)
            await learner.press("enter")
        assert "cannot be written" in learner.is_told()[-1]
    assert (tmp_path / "report.md").read_text(encoding="utf-8").startswith("# Finals: 0 of 3 right")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["score"]["asked"] == 3
