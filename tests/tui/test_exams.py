"""Exams on screen: added, planned, studied by plan, removed; mock tests taken, left, resumed and reported."""

from datetime import timedelta

import pytest
from textual.widgets import Input

from lrcards.apart import Errand
from lrcards.cards.formats.markdown import parse_deck
from lrcards.collection.exams import exams_of, keep_exam
from lrcards.collection.search import index_texts
from lrcards.study.exam.exam import Exam
from lrcards.tui.screens.exams import ExamsScreen
from tests.tui.conftest import THREE_CARDS


@pytest.fixture
def exam(learner):
    exam = Exam("Finals", (learner.clock() + timedelta(days=10)).date(), "deck:*", minutes=10)
    keep_exam(learner.collection, exam, learner.clock())
    return exam


async def planned(learner):
    """Wait until the plan is there."""
    await learner.until(lambda: "Today:" in learner.reads("#outlook"))


async def test_an_exam_is_added_and_planned(learner):
    async with learner.at(lambda _: ExamsScreen()):
        assert "Press a to add one" in learner.reads("#outlook")
        await learner.press("a")
        assert "needs a name" in learner.reads("#told")
        for field, value in (("name", "Finals"), ("day", "+10"), ("others", "sun=0"), ("target", "50%")):
            learner.screen.query_one(f"#{field}", Input).value = value
        await learner.settle()
        assert learner.reads("#told") == "In 10 days, 3 cards."
        await learner.press("enter")
        await planned(learner)
        assert "3 new cards in 20 minutes" in learner.reads("#outlook")
        assert "within reach" in learner.reads("#outlook")
        (kept,) = exams_of(learner.collection)
        assert (kept.name, kept.on_weekdays, kept.target) == ("Finals", {6: 0.0}, 0.5)


async def test_what_is_wrong_with_an_exam_is_said_as_it_is_typed(learner):
    async with learner.at(lambda _: ExamsScreen()):
        await learner.press("a")
        learner.screen.query_one("#name", Input).value = "Finals"
        for day, said in (
            ("soon", "“soon” is not a date"),
            ("2020-01-01", "in the past"),
            ("+3", "In 3 days"),
        ):
            learner.screen.query_one("#day", Input).value = day
            await learner.settle()
            assert said in learner.reads("#told")
        learner.screen.query_one("#query", Input).value = "deck:nowhere"
        await learner.settle()
        await learner.press("enter")
        assert "finds no card" in learner.reads("#told")
        assert exams_of(learner.collection) == []


@pytest.mark.usefixtures("exam")
async def test_enter_studies_by_the_plan_and_the_plan_is_made_anew(learner):
    async with learner.at(lambda _: ExamsScreen()):
        await planned(learner)
        await learner.press("enter", "space", "4", "q")
        await planned(learner)
        assert "2 new cards" in learner.reads("#outlook")


@pytest.mark.usefixtures("exam")
async def test_an_exam_is_changed_and_removed_only_when_that_is_certain(learner):
    async with learner.at(lambda _: ExamsScreen()):
        await learner.press("e")
        learner.screen.query_one("#name", Input).value = "Resit"
        await learner.settle()
        await learner.press("enter")
        assert [kept.name for kept in exams_of(learner.collection)] == ["Resit"]
        await learner.press("d", "enter")
        assert exams_of(learner.collection)
        await learner.press("d", "j", "enter")
        assert exams_of(learner.collection) == []
        assert "Press a to add one" in learner.reads("#outlook")


@pytest.mark.usefixtures("exam")
async def test_home_counts_the_days_and_says_what_today_brings(learner):
    async with learner.at():
        await learner.until(lambda: "Finals in 10 days" in learner.reads("#exam"))
        assert "3 new cards in 10 minutes" in learner.reads("#exam")


@pytest.mark.usefixtures("exam")
async def test_plans_are_made_again_only_when_something_has_changed(learner, monkeypatch):
    runs, run = [], Errand.run
    monkeypatch.setattr(Errand, "run", lambda errand, report: runs.append(errand) or run(errand, report))
    # A search would bring what it looks through up to date, which is a change, too.
    learner.collection.import_notes(parse_deck(THREE_CARDS, path="small.md"), learner.clock())
    index_texts(learner.collection)
    async with learner.at(deck=""):
        await learner.until(lambda: "Finals" in learner.reads("#exam"))
        await learner.press("x")
        await planned(learner)
        await learner.press("t", "escape")
        await planned(learner)
        await learner.press("q")
        assert "Finals" in learner.reads("#exam")
        assert len(runs) == 2
        await learner.press("enter", "space", "4", "q")
        await learner.until(lambda: "Finals" in learner.reads("#exam"))
        assert len(runs) == 3


@pytest.mark.usefixtures("exam")
async def test_a_mock_test_is_begun_from_the_exam_and_an_interrupted_one_is_offered(learner):
    async with learner.at(lambda _: ExamsScreen()):
        await learner.press("t", "enter")
        assert "How sure are you?" in learner.reads("#task")
        await learner.press("3", "space", "y", "q", "t")
        assert "was interrupted with 2 questions open" in learner.reads("#interrupted")
        await learner.press("ctrl+r")
        assert "question 2 of 3" in learner.reads("#where")


@pytest.mark.usefixtures("exam")
async def test_without_a_finished_test_there_is_no_report(learner):
    async with learner.at(lambda _: ExamsScreen()):
        await learner.press("r")
        assert learner.is_told() == ["No mock test was finished yet. Press t to take one."]
