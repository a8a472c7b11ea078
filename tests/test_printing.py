"""What the command line prints is drawn as the settings have it; documents for scripts are not touched."""

import json

import pytest
from click.testing import CliRunner

from lrcards.cli import group

DECK = "Q: What is “η” → …?\nA: A rate.\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    config = tmp_path / "config.toml"
    config.write_text('[display]\nascii = true\ndates = "de"\n', encoding="utf-8")
    monkeypatch.setattr("lrcards.settings.settings_file", lambda: config)
    monkeypatch.setenv("LRCARDS_COLLECTION", str(tmp_path / "collection.db"))

    def run(*words: str, keys: str = "") -> str:
        result = CliRunner().invoke(group, words, input=keys)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_a_plot_and_its_words_are_in_ascii_but_for_the_letters_of_the_subject(run):
    printed = run("sim", "kink", "--plot")
    assert {sign for sign in printed if not sign.isascii()} <= set("ηλ²½|∑ᵢ")
    assert "-->" in printed
    assert ".:'" in printed


def test_a_sitting_line_by_line_is_in_ascii_and_json_is_as_it_was(run, tmp_path):
    deck = tmp_path / "small.md"
    deck.write_text(DECK, encoding="utf-8")
    run("import", str(deck), "--deck", "Small")
    printed = run("study", "Small", "--plain", keys="\n3\nq\n")
    assert 'Question: What is "η"-->.?' in printed
    assert "The next card comes" in printed
    found = json.loads(run("search", "deck:Small", "--json"))
    assert found["cards"][0]["question"] == "What is “η” → …?"
