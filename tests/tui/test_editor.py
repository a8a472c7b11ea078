"""Editing a card in the learner's own editor."""

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from lrcards.errors import LrcardsError
from lrcards.tui.app import LrcardsApp
from lrcards.tui.editor import editor_command

ONE_CARD = "Q: What is an epoch?\nA: One pass\n<!-- id: epoch; tags: training -->\n"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Set an editor that runs Python on the file's ``text``, and let the app give the terminal away."""
    script = tmp_path / "an editor.py"

    def set_editor(code: str) -> None:
        script.write_text(
            "import pathlib, sys\n"
            "file = pathlib.Path(sys.argv[-1])\n"
            "text = file.read_text(encoding='utf-8')\n"
            f"{code}\n"
            "file.write_text(text, encoding='utf-8')\n",
            encoding="utf-8",
        )

    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    monkeypatch.setattr(LrcardsApp, "suspend", lambda _: nullcontext())
    return set_editor


async def test_the_card_comes_back_as_it_was_saved(learner, editor):
    editor("assert file.suffix == '.md'; text = text.replace('One pass', 'One *whole* pass')")
    async with learner.studying(ONE_CARD):
        await learner.press("space", "E")
        assert "One whole pass" in learner.sees()
        assert learner.screen.revealed
        assert learner.collection.note("epoch").answer == "One *whole* pass"
        await learner.press("u")
        assert learner.collection.note("epoch").answer == "One pass"


@pytest.mark.parametrize("code", ["pass", "text = ' \\n'"])
async def test_a_file_left_alone_or_emptied_changes_nothing(learner, editor, code):
    editor(code)
    async with learner.studying(ONE_CARD):
        await learner.press("E")
        assert learner.screen.sitting.last is None
        assert learner.is_told() == []


async def test_a_text_with_a_mistake_is_not_lost(learner, editor):
    editor("text = text.replace('A: One pass', 'One pass, I am sure')")
    async with learner.studying(ONE_CARD):
        await learner.press("E")
        assert "card.md:8: The file ends before the question has an answer" in learner.is_told()[0]
        assert "E goes on with your text" in learner.is_told()[0]
        editor("text = text.replace('One pass, I', 'A: One pass, I')")
        await learner.press("E")
        assert learner.collection.note("epoch").answer == "One pass, I am sure"


async def test_an_editor_that_fails_changes_nothing_and_is_named(learner, editor):
    editor("text = ''; sys.exit(3)")
    async with learner.studying(ONE_CARD):
        await learner.press("E")
        assert "ended with status 3, so nothing was changed." in learner.is_told()[0]


@pytest.mark.usefixtures("editor")
async def test_a_missing_editor_is_one_sentence(learner, monkeypatch):
    monkeypatch.setenv("EDITOR", "no-such-editor --wait")
    async with learner.studying(ONE_CARD):
        await learner.press("E")
        (told,) = learner.is_told()
        assert told.startswith("The editor 'no-such-editor' cannot be run: No such file or directory.")


async def test_where_the_terminal_cannot_be_given_away_that_is_said(learner, monkeypatch):
    monkeypatch.setenv("EDITOR", "vi")
    async with learner.studying(ONE_CARD):
        await learner.press("E")
        assert learner.is_told() == ["No editor can be opened from here. Press e to edit here."]


def test_visual_comes_before_editor_and_no_shell_reads_them():
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor_command({"VISUAL": "", "EDITOR": "'my editor' $HOME;rm"}) == ["my editor", "$HOME;rm"]


@pytest.mark.parametrize("environment", [{}, {"EDITOR": " "}, {"EDITOR": "vi 'x"}])
def test_without_an_editor_there_is_one_sentence_with_a_remedy(environment):
    with pytest.raises(LrcardsError, match="editor") as refused:
        editor_command(environment)
    assert "Set VISUAL or EDITOR" in str(refused.value)
