"""Predict, run, understand: the lab as it opens from a card."""

import pytest

from lrcards.cards.model import Rating
from lrcards.tui.widgets.rate_axis import LEGEND

REGIME_WORDS = ("too small", "just right", "too large", "arrives at", "diverging", "2/λ", "1/λ")

BROKEN = """\
Q: Which rate is fastest?
A: The just-right one.
<!-- id: broken; lab: three-regime -->
"""


async def predict(learner, right: bool) -> None:
    """Answer the lab's question, and run to the end."""
    lab = learner.screen
    truth, choices = lab._question.truth, len(lab._question.choices)
    await learner.press("abcd"[truth if right else (truth + 1) % choices])
    assert lab.playing
    await learner.press("end")


async def test_before_the_answer_the_lab_asks_and_stands_at_its_start(learner):
    async with learner.studying():
        await learner.press("g")
        assert "Which arrives first?" in learner.sees()
        assert "a η = 0.02" in learner.sees()
        assert "step 0 of 40" in learner.sees()


async def test_while_it_asks_the_lab_gives_nothing_away(learner):
    async with learner.studying():
        await learner.press("g")
        seen = learner.sees().replace(" ".join(LEGEND.split()), "")
        assert [word for word in REGIME_WORDS if word in seen] == []
        assert not {"▲", "█", "▓", "~"} & set(seen)


async def test_while_it_asks_nothing_runs_and_no_knob_turns(learner):
    async with learner.studying():
        await learner.press("g")
        lab = learner.screen
        await learner.press("right", "end", "up", "o", "space")
        assert learner.screen is lab
        assert lab.lab.run.cursor == 0
        assert lab.lab.experiment == lab.lab.preset.experiment
        assert learner.is_told() == ["Predict first: press the letter of your choice."]


async def test_while_it_asks_the_mouse_turns_no_knob_either(learner):
    async with learner.studying():
        await learner.press("g")
        lab = learner.screen
        await learner.pilot.click("#axis", offset=(20, 2))
        await learner.pilot.click("#landscape", offset=(20, 5))
        assert lab.lab.experiment == lab.lab.preset.experiment


async def test_a_letter_predicts_and_the_run_says_that_it_held(learner):
    async with learner.studying():
        await learner.press("g")
        await predict(learner, right=True)
        assert "Your prediction held: η = 0.8" in learner.reads("#question")
        assert "just right" in learner.sees()


async def test_the_run_says_that_a_prediction_did_not_hold(learner):
    async with learner.studying():
        await learner.press("g")
        await predict(learner, right=False)
        assert "It did not: η = 0.8" in learner.reads("#question")


async def test_the_verdict_on_a_prediction_waits_for_the_end_of_the_run(learner, stopwatch):
    async with learner.studying():
        await learner.press("g", "a")
        assert "You: η = 0.02" in learner.reads("#question")
        assert "It did not" not in learner.reads("#question")
        stopwatch.seconds += 60
        await learner.until(lambda: not learner.screen.playing)
        assert "It did not" in learner.reads("#question")


async def test_the_letters_are_knobs_again_after_the_prediction(learner):
    async with learner.studying():
        await learner.press("g")
        await predict(learner, right=True)
        await learner.press("a")
        assert learner.screen.lab.experiment.lanes == 4


async def test_leaving_returns_to_the_same_card_with_a_rating_suggested(learner):
    async with learner.studying():
        await learner.press("g")
        await predict(learner, right=True)
        await learner.press("q")
        assert "gradient descent subtract" in learner.sees()
        assert not learner.screen.revealed
        assert learner.reads("#suggestion") == "Your prediction held."
        await learner.press("space", "space")
        assert [review.rating for review in learner.answers("update")] == [Rating.GOOD]


async def test_a_prediction_that_did_not_hold_suggests_again_and_is_in_the_review_on_disk(learner):
    async with learner.studying():
        await learner.press("g")
        await predict(learner, right=False)
        await learner.press("q", "space", "space")
        (review,) = learner.answers("update")
        assert review.rating is Rating.AGAIN
        assert review.prediction is not None
        assert review.prediction["asked"] == "first"
        assert review.prediction["truth"] == "η = 0.8"
        assert review.prediction["held"] is False


async def test_a_card_is_asked_once_and_not_again_when_its_lab_is_opened_again(learner):
    async with learner.studying():
        await learner.press("g")
        await predict(learner, right=True)
        await learner.press("q", "g")
        assert not learner.screen.asking


async def test_leaving_without_a_prediction_suggests_nothing(learner):
    async with learner.studying():
        await learner.press("g", "q", "space", "space")
        (review,) = learner.answers("update")
        assert review.prediction is None
        assert review.rating is Rating.GOOD


@pytest.mark.usefixtures("stopwatch")
async def test_after_the_answer_the_lab_plays_at_once(learner):
    async with learner.studying():
        await learner.press("space", "g")
        assert learner.screen.playing
        assert not learner.screen.asking
        learner.screen.playing = False
        await learner.press("q")
        assert learner.screen.revealed


async def test_a_card_without_an_experiment_says_so_and_stays(learner):
    async with learner.studying("Q: What is an epoch?\nA: One pass.\n"):
        await learner.press("g")
        assert learner.screen.title == "study"
        assert "names no experiment" in learner.is_told()[0]


async def test_a_broken_experiment_is_said_with_its_place_and_the_card_stays(learner):
    async with learner.studying(BROKEN):
        await learner.press("g")
        assert learner.screen.title == "study"
        (notice,) = learner.is_told()
        assert notice.startswith("small.md:1: ")
        assert "three-regimes" in notice
        await learner.press("space", "3")
        assert len(learner.answers("broken")) == 1
