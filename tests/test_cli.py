"""The command line as scripts see it: standard output, standard error, exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lrcards.cli import group
from lrcards.errors import LrcardsError

DECK = "Q: What is 2 + 2?\nA: 4\n\n---\n\nC: The capital of France is [Paris].\n"


@pytest.fixture
def lrcards(tmp_path, monkeypatch):
    """Run a command on a collection of its own; a user's mistake comes back as the exception."""
    monkeypatch.setenv("LRCARDS_COLLECTION", str(tmp_path / "collection.db"))
    monkeypatch.setattr("lrcards.settings.settings_file", lambda: tmp_path / "config.toml")

    def run(*arguments: str, keys: str = "") -> Result:
        result = CliRunner().invoke(group, arguments, input=keys)
        if result.exception and not isinstance(result.exception, SystemExit | LrcardsError):
            raise result.exception
        return result

    return run


@pytest.fixture
def deck(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(DECK, encoding="utf-8")
    return path


def test_a_fresh_collection_has_the_shipped_decks_ready(lrcards):
    decks = json.loads(lrcards("decks", "--json").stdout)
    assert {"deck": "Learning rate", "new": 20, "learning": 0, "review": 0} in decks


def test_decks_line_up_in_columns(lrcards):
    header, *rows = lrcards("decks").stdout.splitlines()
    assert {len(row) for row in rows} == {len(header)}


def test_due_adds_all_decks_together(lrcards):
    assert json.loads(lrcards("due", "--json").stdout)["new"] > 0
    assert "new" in lrcards("due").stdout


def test_search_lists_what_it_finds(lrcards, deck):
    lrcards("import", str(deck))
    found = lrcards("search", "deck:mine", "note:cloze").stdout.splitlines()
    assert found[0].split() == ["The", "capital", "of", "France", "is", "[…].", "mine", "new"]
    assert found[1] == "1 card found."
    data = json.loads(lrcards("search", "deck:mine", "--json", "--limit", "1").stdout)
    assert data["found"] == 2
    assert [card["question"] for card in data["cards"]] == ["What is 2 + 2?"]


def test_a_search_that_cannot_be_read_is_pointed_at(tmp_path):
    command = [sys.executable, "-c", "from lrcards.cli import main; main()", "search", "a dekc:b"]
    environment = {**os.environ, "LRCARDS_COLLECTION": str(tmp_path / "collection.db")}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 1
    mistake, query, caret = run.stderr.splitlines()
    assert "Character 3" in mistake
    assert caret.index("^") == query.index("dekc")


def test_export_takes_the_notes_of_a_search(lrcards, deck, tmp_path):
    lrcards("import", str(deck))
    lrcards("export", str(tmp_path / "out.md"), "--query", "france deck:mine")
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert "Paris" in text
    assert "2 + 2" not in text


def test_study_takes_the_cards_of_a_search(lrcards, deck):
    lrcards("import", str(deck))
    assert "capital" in lrcards("study", "--plain", "--query", "france deck:mine", keys="q\n").stdout


def test_check_with_files_lints_them_and_fails_on_errors(lrcards, deck, tmp_path):
    good = lrcards("check", str(deck))
    assert (good.exit_code, good.stdout) == (0, "2 notes: 0 errors, 0 warnings.\n")
    broken = tmp_path / "broken.md"
    broken.write_text("Q: a\nQ: b\n")
    bad = lrcards("check", str(deck), str(broken), "--json")
    assert bad.exit_code == 1
    assert "broken.md:2" in json.loads(bad.stdout)["errors"][0]


def test_import_counts_and_a_second_import_changes_nothing(lrcards, deck):
    first = json.loads(lrcards("import", str(deck), "--json").stdout)
    second = json.loads(lrcards("import", str(deck), "--json").stdout)
    assert (first["new"], second["new"], second["unchanged"]) == (2, 0, 2)


def test_a_dry_run_changes_nothing(lrcards, deck):
    before = lrcards("decks", "--json").stdout
    assert "Would import 2 notes" in lrcards("import", str(deck), "--dry-run").stdout
    assert lrcards("decks", "--json").stdout == before


def test_a_note_that_left_the_file_is_listed_and_kept(lrcards, deck):
    lrcards("import", str(deck))
    deck.write_text(DECK.split("---")[0], encoding="utf-8")
    assert "kept with its history" in lrcards("import", str(deck)).stdout
    assert {"deck": "mine", "new": 2, "learning": 0, "review": 0} in json.loads(
        lrcards("decks", "--json").stdout
    )


def test_import_into_a_named_deck(lrcards, deck):
    lrcards("import", str(deck), "--deck", "Week 2::Maths")
    names = [entry["deck"] for entry in json.loads(lrcards("decks", "--json").stdout)]
    assert "Week 2::Maths" in names


def test_one_bad_file_imports_none(lrcards, deck, tmp_path):
    bad = tmp_path / "bad.md"
    bad.write_text("Q: no answer here\n", encoding="utf-8")
    result = lrcards("import", str(deck), str(bad))
    assert isinstance(result.exception, LrcardsError)
    assert f"{bad}:2: " in str(result.exception)
    assert "mine" not in lrcards("decks").stdout


def test_plain_study_over_a_pipe_studies_and_counts(lrcards):
    output = lrcards("study", "--plain", keys="\n3\n\n1\n\n4\n\n2\nq\n").stdout
    assert output.count("\nAnswer: ") == 4
    assert "Done: 4 answered (1 Again, 1 Hard, 1 Good, 1 Easy)." in output
    assert json.loads(lrcards("check", "--json").stdout)["reviews"] == 4


def test_plain_study_stops_at_its_limit(lrcards):
    assert "Done: 2 answered" in lrcards("study", "--plain", "--limit", "2", keys="\n3\n" * 5).stdout


def test_a_cram_asks_again_what_was_wrong_and_changes_no_schedule(lrcards, deck):
    lrcards("import", str(deck), "--deck", "Mine")
    before = lrcards("decks", "--json").stdout
    output = lrcards("study", "Mine", "--plain", "--cram", keys="\n1\n\n3\n\n3\n").stdout
    assert "Again: again." in output
    assert "Done: 3 answered (1 Again, 2 Good)." in output
    assert lrcards("decks", "--json").stdout == before


@pytest.mark.parametrize("special", [["--ahead", "3"], ["--forgotten"], ["--tag", "nowhere"]])
def test_a_special_sitting_with_nothing_to_ask_is_done_at_once(lrcards, special):
    assert "Done: 0 answered." in lrcards("study", "--plain", *special).stdout


def test_a_sitting_is_ahead_of_time_or_of_what_was_forgotten(lrcards):
    assert lrcards("study", "--plain", "--ahead", "3", "--forgotten").exit_code == 2


def test_a_deck_can_be_fitted_for_itself(lrcards):
    report = json.loads(lrcards("fit", "--deck", "Learning rate", "--json").stdout)
    assert (report["reviews"], report["recomputed"]) == (0, 0)


def test_plain_study_takes_back_the_last_answer(lrcards):
    output = lrcards("study", "--plain", keys="\n3\nu\nq\n").stdout
    assert "Took back the answer Good." in output
    assert "Done: 0 answered." in output


def test_plain_study_buries_suspends_marks_and_flags_and_takes_it_back(lrcards):
    output = lrcards("study", "--plain", keys="-\n\n@\n*\nf 3\n*\nf0\nu\nu\nu\nu\nu\nu\nu\nq\n").stdout
    told = [line for line in output.splitlines() if line.endswith(".") and "[" not in line]
    sentences = [
        "Buried until tomorrow.",
        "Suspended: not shown until you want it back.",
        "Marked.",
        "Flagged green.",
        "No mark any more.",
        "No flag.",
        "Took back the flag.",
        "Took back the mark.",
        "Took back the flag.",
        "Took back the mark.",
        "Took back the suspension.",
        "Took back the burying.",
        "There is nothing to take back.",
    ]
    assert [line for line in told if line in sentences] == sentences
    assert "Done: 0 answered." in output


def test_plain_study_tells_how_a_card_stands_and_its_history(lrcards):
    output = lrcards("study", "--plain", keys="i\n\n1\n\n1\n\n3\nq\n").stdout
    assert "Stage: new." in output
    assert "This card was not answered yet" in output
    output = lrcards("study", "--plain", "--forgotten", keys="i\nq\n").stdout
    assert "Answers: 1." in output
    assert ": Again, next 1m, took 0 s." in output
    assert "Stability: " in output


def test_plain_study_asks_again_when_a_key_means_nothing(lrcards):
    output = lrcards("study", "--plain", keys="\n7\nx\n3\nq\n").stdout
    assert output.count("Type 1, 2, 3 or 4") == 2
    assert "Done: 1 answered" in output


def test_a_deck_that_is_not_there_is_one_sentence(lrcards):
    assert "Nowhere" in str(lrcards("study", "Nowhere", "--plain").exception)


def test_check_is_sound_and_rebuild_changes_nothing(lrcards):
    lrcards("study", "--plain", keys="\n3\n\n1\nq\n")
    assert json.loads(lrcards("check", "--rebuild", "--json").stdout)["sound"]
    assert "sound." in lrcards("check").stdout


def test_merge_brings_in_the_answers_of_another_copy(lrcards, tmp_path):
    lrcards("study", "--plain", keys="\n3\nq\n")
    copy = str(shutil.copy(tmp_path / "collection.db", tmp_path / "copy.db"))
    lrcards("study", "--plain", "--collection", copy, keys="\n3\n\n1\nq\n")
    report = json.loads(lrcards("merge", copy, "--json").stdout)
    assert report["reviews"] == {"here": 0, "there": 2, "both": 1}
    assert (report["edits"], report["replayed"], report["refused"]) == ([], 2, 0)
    assert lrcards("merge", copy).stdout.splitlines()[1].split() == ["reviews", "0", "0", "3"]
    assert json.loads(lrcards("check", "--json").stdout)["sound"]


def test_merge_with_what_is_no_collection_is_a_sentence(lrcards, deck):
    result = lrcards("merge", str(deck))
    assert result.exit_code == 1
    assert "it is not SQLite" in str(result.exception)


def test_the_kink_has_the_iterates_of_the_worked_example(lrcards):
    run = json.loads(lrcards("sim", "kink", "--json").stdout)
    assert run["lanes"][0]["iterates"][:8] == [24.5, 21.5, 20.5, 19.5, 18.5, 19.5, 18.5, 19.5]
    assert run["lanes"][0]["verdict"]["regime"] == "kink-cycle"
    assert set(run) == {"preset", "objective", "optimizer", "schedule", "minimum", "lanes"}


def test_sim_takes_rates_optimizer_schedule_steps_start_and_seed(lrcards):
    options = ["--rate", "0.1", "--rate", "0.2", "--optimizer", "momentum:momentum=0.5", "--steps", "12"]
    options += ["--schedule", "step:every=3,factor=0.5", "--start", "2", "--seed", "7", "--json"]
    run = json.loads(lrcards("sim", "just-right", *options).stdout)
    assert [lane["rate"] for lane in run["lanes"]] == [0.1, 0.2]
    assert (run["optimizer"], run["schedule"]) == ("momentum", "step")
    assert len(run["lanes"][0]["iterates"]) == 13
    assert run["lanes"][0]["iterates"][0] == 2
    assert run["lanes"][0]["rates"][3] == 0.05


def test_a_number_that_is_not_finite_is_a_word_in_json(lrcards):
    text = lrcards("sim", "divergence", "--rate", "1e200", "--steps", "20", "--json").stdout
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_sim_in_words_says_why(lrcards):
    assert "18.5" in lrcards("sim", "kink").stdout


def test_plot_is_plain_where_nobody_watches(lrcards):
    picture = lrcards("sim", "three-regimes", "--plot").stdout
    assert any("\u2800" < character <= "\u28ff" for character in picture)
    assert "\x1b" not in picture


def test_a_sweep_labels_every_rate(lrcards):
    run = json.loads(lrcards("sim", "just-right", "--sweep", "--json").stdout)
    assert {entry["label"] for entry in run["sweep"]} == {"too small", "just right", "too large"}


def test_list_names_every_preset(lrcards):
    listed = json.loads(lrcards("sim", "--list", "--json").stdout)
    assert {"kink", "three-regimes", "plateau-drop"} <= {entry["preset"] for entry in listed}
    assert all(entry["preset"] in lrcards("sim", "--list").stdout for entry in listed)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sim", "knik"], "did you mean 'kink'?"),
        (["sim", "kink", "--rate", "-1"], "above 0"),
        (["sim", "kink", "--rate", "nan"], "finite"),
        (["sim", "kink", "--steps", "1000000000"], "100000"),
        (["sim", "kink", "--schedule", "cosine"], "needs 'updates'"),
        (["sim", "kink", "--optimizer", "adamm"], "did you mean 'adam'?"),
        (["sim", "kink", "--start", "1,2"], "dimension 2"),
        (["sim", "kink", "--start", "here"], "numbers separated by commas"),
        (["sim", "kink", "--schedule", "step:every"], "KNOB=VALUE"),
        (["lab", "knik"], "did you mean 'kink'?"),
    ],
)
def test_what_cannot_be_run_is_one_clear_sentence(lrcards, arguments, words):
    result = lrcards(*arguments)
    assert isinstance(result.exception, LrcardsError)
    assert words in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.parametrize("order", [("--collection", "PATH", "decks"), ("decks", "--collection", "PATH")])
def test_a_named_collection_counts_before_the_environments(lrcards, tmp_path, order):
    other = tmp_path / "other.db"
    lrcards(*(str(other) if word == "PATH" else word for word in order))
    assert other.exists()
    assert not (tmp_path / "collection.db").exists()


def test_wrong_usage_is_exit_code_2(lrcards):
    assert lrcards("sim").exit_code == 2
    assert lrcards("study", "--limit", "0").exit_code == 2
    assert lrcards("nonsense").exit_code == 2


def run_program(*arguments: str, collection: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LRCARDS_COLLECTION": str(collection)}
    command = [sys.executable, "-c", "from lrcards.cli import main; main()", *arguments]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [[], ["study"], ["lab", "kink"]])
def test_without_a_terminal_the_app_says_so_in_one_line(tmp_path, arguments):
    done = run_program(*arguments, collection=tmp_path / "collection.db")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "study --plain" in done.stderr


def test_a_file_that_is_no_collection_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a collection", encoding="utf-8")
    done = run_program("decks", collection=path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "notes.txt" in done.stderr
    assert path.read_text(encoding="utf-8") == "not a collection"


def test_control_characters_in_a_file_name_do_not_reach_the_terminal(tmp_path):
    done = run_program("import", "\x1b[31mred.md", collection=tmp_path / "collection.db")
    assert done.returncode == 1
    assert "\x1b" not in done.stderr


def test_version_and_help_load_neither_textual_nor_numpy():
    probe = "import sys\nfrom lrcards.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    probe += "sys.exit('textual' in sys.modules or 'numpy' in sys.modules)"
    for option in ("--version", "--help"):
        assert subprocess.run([sys.executable, "-c", probe, option], capture_output=True).returncode == 0


PARAMETRIC = """
Q: On $\\lambda x^2/2$ with λ = 4 and η = {rate}, what do the iterates do?
<!-- id: drawn -->
```lab
ask = "regime"
objective = {name = "quadratic", curvatures = [4]}
rate = "{rate}"
start = 8
steps = 60

[vary]
rate = [0.1, 0.4]
```
"""


def test_a_card_whose_experiment_cannot_run_is_imported_with_a_warning(lrcards, deck):
    deck.write_text('Q: What?\nA: That.\n\n```lab\npreset = "kink"\nrat = 1\n```\n', encoding="utf-8")
    warning = f"{deck}:4: The experiment cannot be run: no key 'rat': did you mean 'rate'?"
    assert warning in lrcards("import", str(deck)).stdout
    assert json.loads(lrcards("import", str(deck), "--json").stdout)["warnings"] == [warning]
    assert json.loads(lrcards("check", "--json").stdout)["experiments"] == [
        f"{deck}:1: {warning.split(': ', 1)[1]}"
    ]
    assert lrcards("check").exit_code == 0


def test_a_parametric_card_without_a_single_right_choice_is_not_imported(lrcards, deck):
    deck.write_text(PARAMETRIC.replace("λ = 4", "λ = 5").replace("η = {rate}", "some η"), encoding="utf-8")
    told = str(lrcards("import", str(deck)).exception)
    assert told.startswith(f"{deck}:4: The question reads the same with rate = 0.1 as with rate = 0.4")
    assert "mine" not in lrcards("decks").stdout


def test_plain_study_offers_choices_and_rates_by_the_choice(lrcards, deck):
    deck.write_text(PARAMETRIC, encoding="utf-8")
    lrcards("import", str(deck))
    output = lrcards("study", "mine", "--plain", keys="a\n\nq\n").stdout
    assert "\n  a  " in output
    assert "\n  d  " in output
    assert ("Right." in output) != ("Not so." in output)
    assert ("1 Good" if "Right." in output else "1 Again") in output


def test_a_setting_that_cannot_be_used_is_told_on_standard_error(lrcards, tmp_path):
    (tmp_path / "config.toml").write_text("[study]\ndesired_retention = 1.5\n", encoding="utf-8")
    result = lrcards("decks", "--json")
    json.loads(result.stdout)
    assert "config.toml:2: desired_retention is 1.5" in result.stderr
