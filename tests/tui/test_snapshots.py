"""Pictures of every screen; look at each before you accept it with ``pytest tests/tui --snapshot-update``.

Each screen is taken in one telling state at every size and in every theme; further states only from the sides
where they tell something else.
"""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

from album import EVERY_SIDE
from textual.screen import Screen

import lrcards.tui.screens
from lrcards.cards.formats.markdown import parse_deck
from lrcards.cards.model import Rating
from lrcards.descent.presets import PRESETS
from lrcards.tui.screens.too_small import LEAST
from lrcards.tui.themes import DARK, ROUND

PICTURES = Path(__file__).parent / "__snapshots__"
SMALL, WIDE = (80, 24), (140, 45)

DECKS = {
    "Learning rate": 3,
    "Learning rate::Curvature": 12,
    "Learning rate::Kinks and plateaus": 4,
    "Optimisers::Momentum": 7,
    "数学::微分": 2,
    "A deck whose name is quite a bit longer than what a column has room for": 1,
}


def houses_screens() -> dict[str, type[Screen[object]]]:
    """Return the screens that the app has, by their names."""
    modules = [
        importlib.import_module(f"{lrcards.tui.screens.__name__}.{module.name}")
        for module in pkgutil.iter_modules(lrcards.tui.screens.__path__)
    ]
    return {
        name: each
        for module in modules
        for name, each in vars(module).items()
        if isinstance(each, type) and issubclass(each, Screen) and each.__module__ == module.__name__
    }


def kept_pictures() -> dict[str, set[str]]:
    """Return the sides that each screen was taken from, by its name; only those of the state with most."""
    sides: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in PICTURES.rglob("*.svg"):
        state, _, rest = path.stem.removesuffix("]").rpartition("[")
        screen, _, side = rest.partition("-")
        sides[screen][state].add(side)
    return {screen: max(states.values(), key=len) for screen, states in sides.items()}


def lab_on(preset: str) -> Callable[..., object]:
    def first(_):
        from lrcards.tui.screens.lab import LabScreen

        return LabScreen(PRESETS[preset])

    return first


async def test_home(pictured, learner):
    for name, cards in DECKS.items():
        asked = "\n".join(f"Q: {name}, {number}?\nA: yes\n" for number in range(cards))
        learner.app(deck=f'---\nname = "{name}"\n---\n\n{asked}')
    learner.clock.advance(days=-1)
    sitting = learner.desk().sitting()
    for rating in (Rating.EASY, Rating.GOOD, Rating.AGAIN, Rating.GOOD):
        sitting.answer(rating)
    learner.clock.advance(days=1)
    await pictured("j", deck="")


async def test_a_welcome(pictured):
    await pictured(themes=[DARK])


async def test_home_without_decks(pictured):
    await pictured(deck="", themes=[DARK])


async def test_a_terminal_that_is_too_small(pictured):
    await pictured(sizes=[(LEAST.width - 1, LEAST.height - 1)])


async def test_a_question(pictured):
    await pictured("enter", themes=[DARK])


async def test_an_answer(pictured):
    await pictured("enter", "space")


async def test_a_summary(pictured):
    await pictured("enter", *["space", "4"] * 3, themes=[DARK])


async def test_a_flagged_and_marked_card(pictured):
    await pictured("enter", "space", "f", "3", "asterisk", sizes=[SMALL])


async def test_a_typed_answer(pictured):
    await pictured("enter", "t", *"Thegadient", "enter", sizes=[SMALL, WIDE])


async def test_choosing_a_flag(pictured):
    await pictured("enter", "f")


async def test_editing_a_card(pictured):
    await pictured("enter", "e")


async def test_a_card_that_is_new(pictured):
    await pictured("enter", "i", themes=[DARK])


async def test_a_card_that_was_answered(pictured):
    await pictured("enter", "space", "1", "minus", "minus", "i")


async def test_a_special_sitting(pictured):
    await pictured("c", "j")


def exams_ahead(learner):
    """Return the screen of exams with one of them ahead."""
    from lrcards.collection.exams import keep_exam
    from lrcards.study.exam.exam import Exam
    from lrcards.tui.screens.exams import ExamsScreen

    exam = Exam("Finals", date(2026, 3, 14), "deck:*", minutes=2, target=0.9, on_weekdays={6: 0.0})
    keep_exam(learner.collection, exam, learner.clock())
    return lambda _: ExamsScreen()


async def test_exams(pictured, learner):
    await pictured(first=exams_ahead(learner), shows="Today:")


async def test_an_exam_to_fill_in(pictured, learner):
    await pictured("e", first=exams_ahead(learner), shows="Today:")


async def test_a_mock_test_to_begin(pictured, learner):
    await pictured("t", first=exams_ahead(learner), shows="Today:")


def mock_test(desk):
    from lrcards.exams.mock import Mock
    from lrcards.tui.screens.mock import MockScreen

    where = desk.collection, desk.rules, desk.clock, desk.random
    return MockScreen(Mock.begin(*where, name="Finals", query="deck:*", questions=3, minutes=5, seed=1))


async def test_a_question_of_a_mock_test(pictured):
    await pictured("m", first=mock_test)


async def test_all_questions_of_a_mock_test(pictured):
    await pictured("m", *["4", "space", "y"], "o", first=mock_test)


async def test_a_report_of_a_mock_test(pictured):
    await pictured(*["4", "space", "y", "3", "space", "n"], "o", "f", first=mock_test)


async def test_the_lab_asks(pictured):
    await pictured("enter", "g", themes=[DARK])


async def test_the_lab_after_a_prediction(pictured):
    await pictured("enter", "g", "b", "end", themes=[DARK])


async def test_the_lab_on_a_plane(pictured):
    await pictured("end", first=lab_on("adam-vs-gd"))


async def test_the_lab_on_a_kink(pictured):
    await pictured("end", first=lab_on("kink"), themes=[DARK])


async def test_experiments(pictured):
    await pictured("g")


async def test_help(pictured):
    await pictured("question_mark", first=lab_on("kink"))


async def test_choosing_an_optimizer(pictured):
    await pictured("o", first=lab_on("kink"))


async def test_typing_a_function_that_is_refused(pictured):
    await pictured("f", "+", first=lab_on("kink"))


async def test_editing_an_experiment(pictured):
    await pictured("e", first=lab_on("kink"))


async def test_an_import(pictured, learner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("rates.md").write_text("Q: What is an epoch?\nA: One pass.\n\nQ: New?\nA: Yes.\n", encoding="utf-8")
    learner.collection.import_notes(
        parse_deck("Q: What is an epoch?\nA: A pass.\n", path="rates.md"), learner.clock()
    )

    def first(_):
        from lrcards.tui.screens.import_decks import ImportScreen

        return ImportScreen(Path("rates.md"))

    await pictured(first=first, shows="1 new, 1 changed")


def browse(query: str = "") -> Callable[..., object]:
    def first(desk):
        from lrcards.tui.screens.browse import BrowseScreen

        desk.prepare_search()
        return BrowseScreen(desk, query)

    return first


async def test_browsing(pictured):
    await pictured("2", "ctrl+a", first=browse())


async def test_browsing_one_card(pictured):
    await pictured("j", "enter", first=browse(), sizes=[SMALL], themes=[DARK])


async def test_a_search_that_cannot_be_read(pictured):
    await pictured("slash", first=browse("kink dekc:x"), themes=[DARK])


async def test_writing_a_card(pictured):
    await pictured("a", first=browse())


def test_every_screen_has_a_picture_of_every_side():
    screens, kept = houses_screens(), kept_pictures()
    # What only others are made from is never shown itself.
    frames = {base.__name__ for screen in screens.values() for base in screen.__bases__} - {"ChoosePrompt"}
    shown = {name for name in screens if name not in frames}
    assert {"StudyScreen", "LabScreen", "ChoosePrompt", "FlagPrompt"} <= shown
    assert len(kept.pop("TooSmallScreen", ())) == len(ROUND)
    missing = {name: EVERY_SIDE - kept.get(name, set()) for name in shown - {"TooSmallScreen"}}
    assert not {name: sides for name, sides in missing.items() if sides}
