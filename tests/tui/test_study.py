"""Study: question, answer, rating, and back."""

from lrcards.cards.model import Rating
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError
from lrcards.settings import Settings
from lrcards.tui.widgets.ratings import RatingButton

ONE_CARD = "Q: What is an epoch?\nA: One pass through all samples.\n<!-- id: epoch -->\n"

CHOICE_CARD = """\
Q: At $\\lambda = {curvature}$ and $\\eta = 0.5$ from $x = 10$: where does the next step lead?
A: A step is $-\\eta\\lambda x$.
<!-- id: draw -->
```lab
ask = "next"
objective = {name = "quadratic", curvatures = ["{curvature}"]}
rate = 0.5
start = 10
steps = 20

[vary]
curvature = [1]
```
"""


async def test_the_answer_is_hidden_until_it_is_asked_for(learner):
    async with learner.studying():
        assert "gradient descent subtract" in learner.sees()
        assert "The gradient times η." not in learner.sees()
        await learner.press("space")
        assert "The gradient times η." in learner.sees()


async def test_a_card_is_not_rated_before_its_answer_is_shown(learner):
    async with learner.studying():
        await learner.press("3")
        assert learner.answers("update") == []


async def test_number_keys_rate(learner):
    async with learner.studying():
        await learner.press("space", "1", "space", "4", "space", "2", "space", "3")
        assert [review.rating for review in learner.answers("update")] == [Rating.AGAIN, Rating.GOOD]
        assert [review.rating for review in learner.answers("kink")] == [Rating.EASY]
        assert [review.rating for review in learner.answers("epoch")] == [Rating.HARD]


async def test_each_button_shows_when_the_card_would_come_back(learner):
    async with learner.studying():
        await learner.press("space")
        assert "1 Again <1m" in learner.sees()
        assert "3 Good <10m" in learner.sees()


async def test_a_click_reveals_and_a_click_rates(learner):
    async with learner.studying():
        await learner.pilot.click("#reveal")
        assert learner.screen.revealed
        await learner.pilot.click(".rating-hard")
        assert [review.rating for review in learner.answers("update")] == [Rating.HARD]


async def test_space_goes_on_with_good(learner):
    async with learner.studying():
        await learner.press("space")
        assert "space Rate" in learner.keys_offered()
        await learner.press("space")
        assert [review.rating for review in learner.answers("update")] == [Rating.GOOD]


async def test_undo_returns_to_the_card_and_takes_the_answer_off_the_disk(learner):
    async with learner.studying():
        await learner.press("space", "1", "u")
        assert learner.answers("update") == []
        assert "gradient descent subtract" in learner.sees()
        assert not learner.screen.revealed
        assert learner.is_told() == ["Took back the answer Again."]


async def test_progress_counts_what_is_answered_and_what_is_left(learner):
    async with learner.studying():
        await learner.press("space", "4", "space", "1")
        assert learner.reads("#counts") == "1 new · 1 learning · 0 due"
        bar = learner.screen.query_one("#bar")
        assert (bar.progress, bar.total) == (2, 4)


async def test_a_summary_closes_the_sitting(learner):
    async with learner.studying(ONE_CARD):
        learner.clock.advance(seconds=70)
        await learner.press("space", "4")
        summary = learner.reads("#summary")
        assert "1 answer in 1 min." in summary
        assert "Again 0   Hard 0   Good 0   Easy 1" in summary
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_at_the_end_there_is_a_key_for_more_new_cards_the_lab_and_a_mock_test(learner):
    one_a_day = Settings({"study": {"new_per_day": 1, "fuzz": False}})
    async with learner.studying(settings=one_a_day):
        await learner.press("space", "4")
        assert "Tomorrow brings 0 reviews and 1 new card." in learner.reads("#summary")
        await learner.press("g")
        assert learner.screen.title == "experiments"
        await learner.press("q", "t")
        assert "A mock test on all decks" in learner.sees()
        await learner.press("escape", "n")
        assert learner.screen.sitting.counts.new == 2


async def test_a_sitting_with_nothing_due_says_so(learner):
    async with learner.studying(deck=""):
        assert "Nothing is due here now." in learner.reads("#summary")
        assert not learner.screen.check_action("lab", ())


async def test_a_waiting_learning_card_comes_by_itself_at_its_minute(learner):
    patient = Settings({"study": {"learning_steps": ["30m"]}})
    async with learner.studying(ONE_CARD, settings=patient):
        await learner.press("space", "1")
        assert learner.screen.sitting.current is None
        assert "12:30" in learner.reads("#summary")
        learner.clock.advance(minutes=30)
        await learner.until(lambda: not learner.screen.has_class("done"))
        await learner.settle()
        assert "What is an epoch?" in learner.sees()


async def test_an_answer_that_cannot_be_written_is_said_and_the_card_stays(learner, monkeypatch):
    def refuse(*_):
        raise CollectionError("The collection cannot be written: the disk is full", "Make room")

    async with learner.studying(ONE_CARD):
        await learner.press("space")
        with monkeypatch.context() as patch:
            patch.setattr(Collection, "answer", refuse)
            await learner.press("3")
        assert learner.is_told() == ["The collection cannot be written: the disk is full. Make room."]
        assert learner.screen.revealed
        await learner.press("3")
        assert len(learner.answers("epoch")) == 1


async def test_a_long_card_scrolls(learner):
    long = "Q: long?\nA: " + "\n\n".join(f"paragraph {number}" for number in range(60)) + "\n"
    async with learner.studying(long):
        await learner.press("space")
        card = learner.screen.query_one("#card")
        await learner.until(lambda: card.max_scroll_y > 0)
        for key in "jjjk":  # At once, as a key that is held down.
            learner.pilot.app.simulate_key(key)
        await learner.settle()
        assert card.scroll_offset.y == 4


async def test_a_choice_card_letters_its_choices(learner):
    async with learner.studying(CHOICE_CARD):
        lines = learner.reads("#choices").splitlines()
        assert [line[:3] for line in lines] == ["a  ", "b  ", "c  ", "d  "]
        assert "5" in {line[3:] for line in lines}
        assert "A step is" not in learner.sees()


async def test_a_letter_answers_a_choice_card_and_the_rating_follows_from_it(learner):
    async with learner.studying(CHOICE_CARD):
        question = learner.screen.sitting.current.question
        await learner.press("abcd"[question.truth])
        assert learner.screen.revealed
        assert "Your prediction held. space rates Good" in learner.reads("#suggestion")
        await learner.press("space")
        (review,) = learner.answers("draw")
        assert review.rating is Rating.GOOD
        assert review.prediction["held"] is True


async def test_a_wrong_choice_suggests_again_but_any_rating_can_be_given(learner):
    async with learner.studying(CHOICE_CARD):
        question = learner.screen.sitting.current.question
        await learner.press("abcd"[(question.truth + 1) % len(question.choices)])
        assert learner.screen.query_one(".suggested", RatingButton).rating is Rating.AGAIN
        await learner.press("4")
        (review,) = learner.answers("draw")
        assert review.rating is Rating.EASY
        assert review.prediction["held"] is False


async def test_a_letter_beyond_the_choices_does_nothing(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("a")
        assert not learner.screen.revealed
