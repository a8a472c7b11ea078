"""Importing in the app: what would happen is shown first, then it happens whole or not at all."""

from pathlib import Path

import pytest

from lrcards import links
from lrcards.cards.formats.markdown import parse_deck
from lrcards.desk import Desk

BEFORE = """\
Q: What does the learning rate scale?
A: The gradient.

Q: What is an epoch?
A: One pass.

Q: What is gone?
A: This.
"""
AFTER = """\
Q: What does the learning rate η scale?
A: The gradient.

Q: What is an epoch?
A: One whole pass.

Q: What is quite new here?
A: That.
"""


@pytest.fixture
def file(tmp_path, learner) -> Path:
    """A deck that was imported, and then edited."""
    path = tmp_path / "rates.md"
    learner.collection.import_notes(parse_deck(BEFORE, path=str(path)), learner.clock())
    path.write_text(AFTER, encoding="utf-8")
    return path


def previewing(path: Path):
    def first(_):
        from lrcards.tui.screens.import_decks import ImportScreen

        return ImportScreen(path)

    return first


async def seen(learner, text: str) -> None:
    await learner.until(lambda: text in learner.sees())


async def test_a_path_is_completed_and_what_it_holds_is_shown(learner, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "week.md").write_text("Q: a?\nA: b\n", encoding="utf-8")
    async with learner.at(deck=""):
        await learner.press("i")
        assert "Type the path" in learner.sees()
        path = learner.screen.query_one("#path")
        path.value = str(tmp_path / "cou")
        await learner.until(lambda: path._suggestion != "")
        await learner.press("tab")
        assert path.value == str(tmp_path / "course") + "/"
        await learner.press("enter")
        await seen(learner, "What it brings: 1 new.")
        await learner.press("i")
        await learner.until(lambda: learner.screen.title == "home")
        assert learner.is_told() == ["Imported: 1 new."]
        assert "week 1 0 0" in learner.sees()


async def test_what_becomes_of_each_note_is_shown_before_anything_happens(learner, file):
    async with learner.at(previewing(file), deck=""):
        await seen(learner, "1 new, 1 changed, 1 reworded, 1 no longer in the file.")
        await seen(learner, "- What does the learning rate scale? + What does the learning rate η scale?")
        await learner.press("j")
        await seen(learner, "- One pass. + One whole pass.")
        await learner.press("j")
        await seen(learner, "No longer in the file")
        assert {note.question for note in learner.collection.parcel().notes} >= {"What is gone?"}


async def test_a_reworded_note_can_be_declined_and_taken_again(learner, file):
    async with learner.at(previewing(file), deck=""):
        await seen(learner, "1 reworded")
        await learner.until(lambda: "d Another note" in learner.keys_offered())
        await learner.press("d")
        await seen(learner, "2 new, 1 changed, 2 no longer in the file")
        await learner.press("j", "d")
        await seen(learner, "1 reworded")
        await learner.press("k", "d")
        await seen(learner, "2 new")
        await learner.press("enter")
        await learner.until(lambda: learner.screen.title == "home")
        assert len(learner.collection.parcel().notes) == 5


async def test_a_mistake_is_one_sentence_and_another_path_can_be_typed(learner, tmp_path):
    async with learner.at(previewing(tmp_path / "nothing.md"), deck=""):
        await seen(learner, "nothing.md")
        assert learner.screen.focused.id == "path"
        assert "Import" not in learner.keys_offered()


async def test_escape_cancels_and_then_leaves(learner, file, monkeypatch):
    async with learner.at(previewing(file), deck=""):
        await seen(learner, "1 reworded")
        going_on = learner.pilot.app.screen
        monkeypatch.setattr(Desk, "import_parcel", lambda *_: wait_until(going_on._cancelled.is_set))
        await learner.press("i")
        assert "Importing…" in learner.sees()
        await learner.press("escape")
        assert "Cancelled. Nothing was imported." in learner.sees()
        await learner.press("escape")
        assert learner.screen.title == "home"


def wait_until(condition) -> None:
    while not condition():
        pass


async def test_a_file_is_linked_by_a_key(learner, file):
    async with learner.at(previewing(file), deck=""):
        await seen(learner, "not linked")
        await learner.press("l")
        await seen(learner, "It is linked")
        await learner.press("i")
        await learner.until(lambda: learner.screen.title == "home")
        assert [link.path for link in links.read(learner.collection)] == [file]


async def test_a_linked_file_is_offered_at_home_when_it_changes(learner, file):
    links.remember(learner.collection, [links.Link(file, None, links.print_of(file))], learner.clock())
    file.write_text(AFTER.replace("That", "Something else"), encoding="utf-8")
    async with learner.at(deck=""):
        await seen(learner, "Changed: rates.md. Press i to look at what it brings.")
        await learner.press("i")
        await seen(learner, "1 new, 1 changed, 1 reworded")
        await seen(learner, "It is linked")
        await learner.press("l", "i")
        await learner.until(lambda: learner.screen.title == "home")
        assert links.read(learner.collection) == []
        assert "Changed" not in learner.sees()


async def test_a_linked_file_that_is_gone_is_said_and_nothing_else(learner, file):
    links.remember(learner.collection, [links.Link(file, None, links.print_of(file))], learner.clock())
    file.unlink()
    async with learner.at(deck=""):
        await seen(learner, "No longer where it was: rates.md.")
        assert len(learner.collection.parcel().notes) == 3
