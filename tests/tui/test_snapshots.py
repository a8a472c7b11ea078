"""Pictures of every screen; look at each before you accept it with ``pytest tests/tui --snapshot-update``."""

from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from lrcards.cards.formats.markdown import parse_deck
from lrcards.descent.presets import PRESETS

# Another Textual may draw its own widgets differently, which says nothing about ours.
DRAWN_WITH = "8.2.8"
pytestmark = [
    pytest.mark.skipif(
        version("textual") != DRAWN_WITH, reason=f"the pictures were drawn with Textual {DRAWN_WITH}"
    ),
    pytest.mark.usefixtures("stopwatch"),
]

SIZES = {"80x24": (80, 24), "140x45": (140, 45)}


@pytest.fixture(params=SIZES)
def pictured(request, learner, snap_compare) -> Callable[..., bool]:
    """Compare the screen that keys lead to, at one of the sizes, with its picture."""

    def compare(*keys: str, theme: str = "textual-dark", shows: str = "", first=None, **how) -> bool:
        app = learner.app(first, **how)
        app.theme = theme

        async def drive(pilot) -> None:
            learner.pilot = pilot
            await learner.settle()
            await learner.until(lambda: shows in learner.sees())
            await learner.press(*keys)
            app.clear_notifications()
            await learner.settle()
            for field in app.screen.query("Input, TextArea"):
                assert isinstance(field, (Input, TextArea))
                field.cursor_blink = False

        return bool(snap_compare(app, terminal_size=SIZES[request.param], run_before=drive))

    return compare


def lab_on(preset: str) -> Callable[..., object]:
    def first(_):
        from lrcards.tui.screens.lab import LabScreen

        return LabScreen(PRESETS[preset])

    return first


def test_home(pictured):
    assert pictured()


def test_home_light(pictured):
    assert pictured(theme="textual-light")


def test_a_question(pictured):
    assert pictured("enter")


def test_an_answer(pictured):
    assert pictured("enter", "space")


def test_an_answer_light(pictured):
    assert pictured("enter", "space", theme="textual-light")


def exams_ahead(learner):
    """Return the screen of exams with one of them ahead."""
    from lrcards.collection.exams import keep_exam
    from lrcards.study.exam.exam import Exam
    from lrcards.tui.screens.exams import ExamsScreen

    exam = Exam("Finals", date(2026, 3, 14), "deck:*", minutes=2, target=0.9, on_weekdays={6: 0.0})
    keep_exam(learner.collection, exam, learner.clock())
    return lambda _: ExamsScreen()


def test_exams(pictured, learner):
    assert pictured(first=exams_ahead(learner), shows="Today:")


def test_an_exam_to_fill_in(pictured, learner):
    assert pictured("e", first=exams_ahead(learner), shows="Today:")


def mock_test(desk):
    from lrcards.exams.mock import Mock
    from lrcards.tui.screens.mock import MockScreen

    where = desk.collection, desk.rules, desk.clock, desk.random
    return MockScreen(Mock.begin(*where, name="Finals", query="deck:*", questions=3, minutes=5, seed=1))


def test_a_question_of_a_mock_test(pictured):
    assert pictured("m", first=mock_test)


def test_a_report_of_a_mock_test(pictured):
    assert pictured(*["4", "space", "y", "3", "space", "n"], "o", "f", first=mock_test)


def test_a_summary(pictured):
    assert pictured("enter", *["space", "4"] * 3)


def test_a_flagged_and_marked_card(pictured):
    assert pictured("enter", "space", "f", "3", "asterisk")


def test_a_typed_answer(pictured):
    assert pictured("enter", "t", *"Thegadient", "enter")


def test_a_typed_answer_light(pictured):
    assert pictured("enter", "t", *"Thegadient", "enter", theme="textual-light")


def test_choosing_a_flag(pictured):
    assert pictured("enter", "f")


def test_editing_a_card(pictured):
    assert pictured("enter", "e")


def test_a_card_that_is_new(pictured):
    assert pictured("enter", "i")


def test_a_card_that_was_answered(pictured):
    assert pictured("enter", "space", "1", "minus", "minus", "i")


def test_a_special_sitting(pictured):
    assert pictured("c", "j")


def test_the_lab_asks(pictured):
    assert pictured("enter", "g")


def test_the_lab_after_a_prediction(pictured):
    assert pictured("enter", "g", "b", "end")


def test_the_lab_on_a_plane(pictured):
    assert pictured("end", first=lab_on("adam-vs-gd"))


def test_the_lab_on_a_plane_light(pictured):
    assert pictured("end", first=lab_on("adam-vs-gd"), theme="textual-light")


def test_the_lab_on_a_kink(pictured):
    assert pictured("end", first=lab_on("kink"))


def test_experiments(pictured):
    assert pictured("g")


def test_help(pictured):
    assert pictured("question_mark", first=lab_on("kink"))


def test_choosing_an_optimizer(pictured):
    assert pictured("o", first=lab_on("kink"))


def test_typing_a_function_that_is_refused(pictured):
    assert pictured("f", "plus", first=lab_on("kink"))


def test_editing_an_experiment(pictured):
    assert pictured("e", first=lab_on("kink"))


def test_an_import(pictured, learner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("rates.md").write_text("Q: What is an epoch?\nA: One pass.\n\nQ: New?\nA: Yes.\n", encoding="utf-8")
    learner.collection.import_notes(
        parse_deck("Q: What is an epoch?\nA: A pass.\n", path="rates.md"), learner.clock()
    )

    def first(_):
        from lrcards.tui.screens.import_decks import ImportScreen

        return ImportScreen(Path("rates.md"))

    assert pictured(first=first, shows="1 new, 1 changed")


def browse(query: str = "") -> Callable[..., object]:
    def first(desk):
        from lrcards.tui.screens.browse import BrowseScreen

        desk.prepare_search()
        return BrowseScreen(desk, query)

    return first


def test_browsing(pictured):
    assert pictured("2", "ctrl+a", first=browse())


def test_a_search_that_cannot_be_read(pictured):
    assert pictured("slash", first=browse("kink dekc:x"))


def test_writing_a_card(pictured):
    assert pictured("a", first=browse())
