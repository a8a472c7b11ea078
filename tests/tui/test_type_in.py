"""Answers that are typed before they are seen."""

from lrcards.cards.model import Note, NoteKind
from lrcards.tui.widgets.typed_answer import AnswerLine

ONE_CARD = "Q: What is an epoch?\nA: One *pass*\n<!-- id: epoch -->\n"
CLOZE = "C: An [epoch] is one [pass].\n"


async def type_in(learner, answer: str) -> None:
    await learner.press("t")
    learner.screen.query_one(AnswerLine).value = answer
    await learner.press("enter")


async def test_a_typed_answer_is_shown_beside_the_expected_one(learner):
    async with learner.studying(ONE_CARD):
        await type_in(learner, "one pas")
        assert learner.screen.revealed
        assert "You typed one pas- Expected One pass wrong missing" in learner.sees()
        await learner.press("3")
        assert len(learner.answers("epoch")) == 1


async def test_a_long_gap_is_shown_short(learner):
    async with learner.studying("Q: q\nA: one two three four five\n"):
        await type_in(learner, "one")
        assert "You typed one---…--- Expected" in learner.sees()


async def test_a_right_answer_takes_one_line(learner):
    async with learner.studying(ONE_CARD):
        await type_in(learner, " One pass ")
        assert "Right One pass" in learner.sees()
        assert "You typed" not in learner.sees()


async def test_of_a_cloze_only_the_deletion_is_typed(learner):
    async with learner.studying(CLOZE):
        await type_in(learner, "epoch")
        assert "Right epoch" in learner.sees()


async def test_letters_go_into_the_answer_and_escape_returns_to_the_card(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("t")
        await learner.pilot.press("q", "u", "1", "space", "e")
        assert learner.screen.query_one(AnswerLine).value == "qu1 e"
        await learner.press("escape")
        assert not learner.screen.typing
        assert not learner.screen.revealed
        await learner.press("space", "3")
        assert len(learner.answers("epoch")) == 1


async def test_an_empty_answer_only_reveals(learner):
    async with learner.studying(ONE_CARD):
        await type_in(learner, "  ")
        assert learner.screen.revealed
        assert "Expected" not in learner.sees()


async def test_the_comparison_goes_with_its_card(learner):
    async with learner.studying():
        await type_in(learner, "the gradient")
        assert "Expected" in learner.sees()
        await learner.press("3", "space")
        assert "Expected" not in learner.sees()


async def test_hostile_brackets_are_shown_as_they_are(learner):
    async with learner.studying("Q: q\nA: [b]x[/b] [/foo]\n"):
        await type_in(learner, "[@click=app.quit]x")
        assert "[@click=app.quit]x" in learner.sees().replace("-", "")
        assert "[/foo]" in learner.sees()


async def test_nobody_is_asked_to_type_a_page(learner):
    async with learner.studying(f"Q: q\nA: {'long ' * 300}\n"):
        await learner.press("t")
        assert not learner.screen.typing


async def test_typing_is_not_offered_once_the_answer_is_seen(learner):
    async with learner.studying(ONE_CARD):
        await learner.press("space", "t")
        assert not learner.screen.typing


async def test_a_note_whose_author_wants_it_typed_asks_for_it_at_once(learner):
    note = Note("epoch", "Terms", NoteKind.BASIC, "What is an epoch?", "One pass", typed=True)
    learner.collection.import_notes([note], learner.clock())
    async with learner.studying(deck=""):
        await learner.pilot.press("3")
        await learner.press("enter")
        assert "You typed 3 Expected One pass" in learner.sees()
        await learner.press("3")
        assert len(learner.answers("epoch")) == 1
