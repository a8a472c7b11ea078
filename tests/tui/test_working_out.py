"""A question that takes long to work out: what the lab shows meanwhile, and what becomes of early keys."""

from threading import Event

import pytest

from lrcards import experiments
from lrcards.descent.questions import ask


class SlowQuestion:
    """Stands for ``ask``: works the question out when it is told to, or finds nothing to ask."""

    def __init__(self) -> None:
        self.may_come = Event()
        self.has_answer = True

    def __call__(self, *about):
        assert self.may_come.wait(10)
        return ask(*about) if self.has_answer else None


@pytest.fixture
def slow(monkeypatch) -> SlowQuestion:
    question = SlowQuestion()
    monkeypatch.setattr(experiments, "ask", question)
    return question


async def press(learner, *keys: str) -> None:
    """Press keys without waiting for the question."""
    for key in keys:
        learner.pilot.app.simulate_key(key)
        for _ in range(4):
            await learner.pilot.pause(0)


async def test_the_first_frame_is_there_before_the_question_and_gives_nothing_away(learner, slow):
    async with learner.studying():
        await press(learner, "g")
        seen = learner.sees()
        assert "Working out what to ask" in seen
        assert "step 0 of 40" in seen
        assert not {"▲", "█", "▓", "~"} & set(seen)
        assert not any(word in seen for word in ("too small", "just right", "1/λ", "2/λ"))
        slow.may_come.set()
        await learner.settle()
        assert "Which arrives first?" in learner.sees()


async def test_a_letter_that_was_pressed_early_predicts_when_the_question_is_there(learner, slow):
    async with learner.studying():
        await press(learner, "g", "b", "end")
        lab = learner.screen
        assert lab.lab.run.cursor == 0
        assert lab.lab.experiment == lab.lab.preset.experiment
        slow.may_come.set()
        await learner.settle()
        assert "Your prediction held: η = 0.8" in learner.reads("#question")
        assert lab.lab.run.finished


async def test_early_keys_are_knobs_where_there_is_nothing_to_ask(learner, slow):
    slow.has_answer = False
    async with learner.studying():
        await press(learner, "g", "right", "right")
        assert learner.screen.lab.run.cursor == 0
        slow.may_come.set()
        await learner.settle()
        assert learner.screen.lab.run.cursor == 2
        assert learner.reads("#question") == ""
        assert "Too small, just right" in learner.sees()


async def test_who_leaves_need_not_wait_for_the_question(learner, slow):
    async with learner.studying():
        await press(learner, "g", "a", "q")
        assert learner.screen.title == "study"
        slow.may_come.set()
        await learner.settle()
        await learner.press("space", "space")
        (review,) = learner.answers("update")
        assert review.prediction is None


async def test_working_out_ends_when_the_lab_is_left(learner, monkeypatch):
    ended = Event()

    def endless(*_about):
        progress = _about[-1]
        try:
            while True:
                progress(0.5)
        finally:
            ended.set()

    monkeypatch.setattr(experiments, "ask", endless)
    async with learner.studying():
        await press(learner, "g")
        assert not ended.is_set()
        await press(learner, "q")
        await learner.until(ended.is_set)


async def test_keys_of_a_lab_under_another_screen_are_not_given_to_that_screen(learner, slow):
    async with learner.studying():
        await press(learner, "g", "q", "g", "b", "question_mark")
        shown = learner.screen
        slow.may_come.set()
        await learner.settle()
        assert learner.screen is shown
