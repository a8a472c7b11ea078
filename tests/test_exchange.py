"""Decks come from files and go to files by commands; nothing that was learnt is lost on the way."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lrcards import links
from lrcards.cli import group
from lrcards.collection.store import Collection
from lrcards.errors import LrcardsError

DECK = """\
Q: What does the learning rate scale?
A: The gradient, before it is subtracted.

Q: What is an epoch?
A: One pass through the samples.

C: The capital of France is [Paris].
"""


@pytest.fixture
def lrcards(tmp_path, monkeypatch):
    """Run a command on a collection of its own; a user's mistake comes back as the exception."""
    monkeypatch.setenv("LRCARDS_COLLECTION", str(tmp_path / "collection.db"))
    monkeypatch.setattr("lrcards.settings.settings_file", lambda: tmp_path / "config.toml")
    monkeypatch.setattr("lrcards.desk.shipped_decks", lambda: tmp_path / "none")

    def run(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(group, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit | LrcardsError):
            raise result.exception
        return result

    return run


@pytest.fixture
def deck(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(DECK, encoding="utf-8")
    return path


def told(result: Result):
    return json.loads(result.stdout)


def test_what_changed_is_shown_before_and_after(lrcards, deck):
    lrcards("import", deck)
    deck.write_text(DECK.replace("One pass", "One whole pass"), encoding="utf-8")
    assert lrcards("import", deck, "--dry-run").stdout.splitlines() == [
        "Would import 3 notes: 1 changed, 2 unchanged.",
        "  changed: What is an epoch?",
        "    answer",
        "      - One pass through the samples.",
        "      + One whole pass through the samples.",
    ]
    (change,) = told(lrcards("import", deck, "--json"))["changes"]
    assert change["differences"] == [
        {
            "part": "answer",
            "before": "One pass through the samples.",
            "after": "One whole pass through the samples.",
        }
    ]


def test_a_reworded_question_is_shown_with_its_score_and_can_be_declined(lrcards, deck):
    lrcards("import", deck)
    deck.write_text(DECK.replace("the learning rate scale", "the learning rate η scale"), encoding="utf-8")
    lines = lrcards("import", deck, "--dry-run").stdout.splitlines()
    assert lines[:2] == [
        "Would import 3 notes: 1 reworded, 2 unchanged.",
        "  reworded (1, 96 % alike): What does the learning rate η scale?",
    ]
    for declined in (["--decline", "1"], ["--no-likeness"]):
        report = told(lrcards("import", deck, "--dry-run", "--json", *declined))
        assert (report["new"], report["reworded"], report["orphaned"]) == (1, 0, 1)
    assert "no reworded note 2" in str(lrcards("import", deck, "--decline", "2").exception)
    report = told(lrcards("import", deck, "--json"))
    assert [(rewording["number"], rewording["score"]) for rewording in report["rewordings"]] == [(1, 0.96)]


def test_long_lists_are_cut_short_for_a_reader(lrcards, tmp_path):
    path = tmp_path / "many.md"
    path.write_text("\n\n".join(f"Q: {number}?\nA: x" for number in range(30)), encoding="utf-8")
    lines = lrcards("import", path, "--dry-run").stdout.splitlines()
    assert (len(lines), lines[-1]) == (22, "  … and 10 more")


def test_what_is_skipped_is_said_with_its_line(lrcards, tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("front,back\nη,learning rate\n,nothing asked\n", encoding="utf-8")
    (skipped,) = told(lrcards("import", path, "--json"))["skipped"]
    assert (skipped["file"], skipped["line"]) == (str(path), 3)
    assert f"({path}:3)" in lrcards("import", path).stdout


def test_a_folder_is_imported_with_its_subfolders_as_decks(lrcards, tmp_path):
    folder = tmp_path / "Course"
    (folder / "week 1").mkdir(parents=True)
    (folder / "week 1" / "rates.md").write_text(DECK, encoding="utf-8")
    lrcards("import", folder)
    names = [deck["deck"] for deck in told(lrcards("decks", "--json"))]
    assert names == ["Course", "Course::week 1", "Course::week 1::rates"]


def test_orphans_are_listed_until_they_are_kept_or_deleted(lrcards, deck, tmp_path):
    lrcards("import", deck)
    deck.write_text(DECK.partition("Q: What is")[0], encoding="utf-8")
    lrcards("import", deck)
    assert lrcards("orphans").stdout.splitlines()[-1] == "2 notes no longer in their files."
    lrcards("orphans", "--keep")
    assert told(lrcards("orphans", "--json"))["orphans"] == []
    deck.write_text("Q: Something else?\nA: Yes.\n", encoding="utf-8")
    lrcards("import", deck)
    done = told(lrcards("orphans", "--delete", "--json"))
    assert [note["question"] for note in done["orphans"]] == ["What does the learning rate scale?"]
    with Collection.open(Path(done["copy"])) as copy, Collection.open(tmp_path / "collection.db") as ours:
        assert (len(copy.parcel().notes), len(ours.parcel().notes)) == (4, 3)
    assert lrcards("orphans", "--keep", "--delete").exit_code == 2


def test_what_is_exported_imports_as_the_same(lrcards, deck, tmp_path):
    lrcards("import", deck)
    written = tmp_path / "out.md"
    assert lrcards("export", written, "--deck", "mine").stdout == f"Wrote 3 notes to {written}.\n"
    report = told(lrcards("import", written, "--json"))
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, 3)
    assert lrcards("export", written, "--format", "doc").exit_code == 2
    assert "no deck 'theirs'" in str(lrcards("export", written, "--deck", "theirs").exception)


def test_a_broken_file_of_a_folder_is_skipped_if_that_is_asked_for(lrcards, deck):
    broken = deck.with_name("broken.md")
    broken.write_text("Q: a", encoding="utf-8")
    refused = lrcards("import", deck.parent)
    assert isinstance(refused.exception, LrcardsError)
    assert lrcards("decks").stdout.count("\n") == 1
    imported = lrcards("import", deck.parent, "--skip-broken").stdout
    assert imported.startswith("Imported 3 notes")
    assert "broken.md:1: The file ends" in imported


def test_lists_with_separators_of_their_own_are_imported(lrcards, tmp_path):
    (tmp_path / "list.txt").write_text("a - b\n\nc - d", encoding="utf-8")
    imported = lrcards("import", tmp_path / "list.txt", "--separators", " - ", r"\n\n")
    assert imported.stdout.startswith("Imported 2 notes")
    assert (
        lrcards("import", tmp_path / "list.txt", "--separators", "", ";").exception.what
        == "A separator is empty"
    )


def test_a_file_that_cannot_be_looked_at_twice_is_imported_and_not_linked(
    lrcards, deck, tmp_path, monkeypatch
):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("lrcards.exchange.print_of", refuse)
    assert told(lrcards("import", deck, "--link", "--json"))["new"] == 3
    with Collection.open(tmp_path / "collection.db") as collection:
        assert links.read(collection) == []
