from datetime import timedelta

import pytest

from lrcards.settings import Settings, shipped_decks


def load(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return Settings.load(path)


def test_without_a_file_the_defaults_hold(tmp_path):
    assert Settings.load(tmp_path / "none.toml") == Settings()


def test_every_setting_in_the_file_is_used(tmp_path):
    settings = load(
        tmp_path,
        """
        [study]
        desired_retention = 0.85
        learning_steps = ["30s", "5m", "1h", "1d"]
        relearning_steps = []
        maximum_interval = 365
        new_per_day = 5
        reviews_per_day = 50
        rollover_hour = 2
        [display]
        theme = "nord"
        [keys]
        "study.reveal" = "f5"
        """,
    )
    assert settings.problems == ()
    assert settings.scheduler.desired_retention == 0.85
    assert settings.scheduler.learning_steps == (
        timedelta(seconds=30),
        timedelta(minutes=5),
        timedelta(hours=1),
        timedelta(days=1),
    )
    assert settings.scheduler.relearning_steps == ()
    assert settings.scheduler.maximum_interval == 365
    assert (settings.limits.new_per_day, settings.limits.reviews_per_day) == (5, 50)
    assert (settings.rollover_hour, settings.theme, settings.keys) == (2, "nord", {"study.reveal": "f5"})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("desired_retention = 1.5", "desired_retention is 1.5, but it lies in 0.7 to 0.99"),
        ('desired_retention = "high"', "desired_retention must be a number, not 'high'"),
        ('learning_steps = "1m"', 'a list of times such as ["1m", "10m"]'),
        ('learning_steps = ["soon"]', 'a list of times such as ["1m", "10m"]'),
        ("new_per_day = -1", "new_per_day is -1, but it is 0 or more"),
        ("new_per_day = true", "new_per_day must be a whole number"),
        ("rollover_hour = 24", "an hour from 0 to 23"),
        ("new_per_dya = 5", "there is no setting 'new_per_dya'"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_the_default_is_used(tmp_path, line, words):
    settings = load(tmp_path, f"# mine\n[study]\nmaximum_interval = 100\n{line}\n")
    (problem,) = settings.problems
    assert words in problem
    assert "config.toml:4: " in problem
    assert settings.scheduler.maximum_interval == 100
    assert settings.limits == Settings().limits


def test_a_file_that_is_not_toml_is_named_and_the_defaults_are_used(tmp_path):
    settings = load(tmp_path, "[study\n")
    assert "line 1" in settings.problems[0]
    assert settings.scheduler == Settings().scheduler


def test_a_section_that_is_no_table_is_named(tmp_path):
    assert "[study] must be a table" in load(tmp_path, "study = 3\n").problems[0]


def test_the_shipped_decks_are_found():
    assert (shipped_decks() / "learning-rate.md").is_file()
