from datetime import timedelta
from pathlib import Path

import pytest

from lrcards.settings import Settings, shipped_decks
from lrcards.study.auto_advance import AutoAction, AutoAdvance
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.load import DayLoad
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder
from lrcards.study.queue import QueueSettings


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
        fuzz = false
        load_balancing = false
        easy_days = {Saturday = "reduced", sunday = "minimum"}
        review_order = "descending recall"
        new_order = "random"
        new_mix = "last"
        bury_new = false
        bury_reviews = false
        learn_ahead = "5m"
        leech_threshold = 5
        leech_action = "tag"
        auto_advance = true
        auto_advance_question = "5s"
        auto_advance_answer = "0s"
        auto_advance_action = "bury"
        answer_time_cap = "2m"
        rollover_hour = 2
        [display]
        theme = "nord"
        [keys]
        "study.reveal" = "f5"
        """,
    )
    assert settings.problems == ()
    assert settings.study.scheduler.desired_retention == 0.85
    assert settings.study.scheduler.learning_steps == (
        timedelta(seconds=30),
        timedelta(minutes=5),
        timedelta(hours=1),
        timedelta(days=1),
    )
    assert settings.study.scheduler.relearning_steps == ()
    assert settings.study.scheduler.maximum_interval == 365
    assert (settings.study.scheduler.fuzz, settings.study.scheduler.load_balancing) == (False, False)
    assert settings.study.scheduler.easy_days == (*[DayLoad.NORMAL] * 5, DayLoad.REDUCED, DayLoad.MINIMUM)
    assert (settings.study.limits.new_per_day, settings.study.limits.reviews_per_day) == (5, 50)
    assert settings.study.queue == QueueSettings(
        ReviewOrder.DESCENDING_RECALL, NewOrder.RANDOM, NewMix.LAST, False, False, timedelta(minutes=5)
    )
    assert settings.study.leeches == LeechRule(5, LeechAction.TAG)
    assert settings.study.auto_advance == AutoAdvance(
        True, timedelta(seconds=5), timedelta(), AutoAction.BURY
    )
    assert settings.study.answer_time_cap == timedelta(minutes=2)
    assert (settings.study.rollover_hour, settings.theme, settings.keys) == (
        2,
        "nord",
        {"study.reveal": "f5"},
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("desired_retention = 1.5", "desired_retention is 1.5, but it lies in 0.7 to 0.99"),
        ('desired_retention = "high"', "desired_retention must be a number, not 'high'"),
        ('learning_steps = "1m"', 'a list of times such as ["1m", "10m"]'),
        ('learning_steps = ["soon"]', 'a list of times such as ["1m", "10m"]'),
        ('learning_steps = ["0s"]', "learning_steps has 0:00:00, but a step is"),
        ("new_per_day = -1", "new_per_day is -1, but it is 0 or more"),
        ("new_per_day = true", "new_per_day must be a whole number"),
        ("rollover_hour = 24", "an hour from 0 to 23"),
        ("fuzz = 1", "fuzz must be true or false, not 1"),
        ('easy_days = {caturday = "reduced"}', 'such as {saturday = "reduced"}, not'),
        ('easy_days = ["saturday"]', "easy_days must name days of the week"),
        ('easy_days = {saturday = "lazy"}', 'saturday in easy_days must be one of "normal", "reduced"'),
        ("easy_days = {saturday = [1]}", "saturday in easy_days must be one of"),
        ('review_order = "best"', 'one of "ascending recall", "descending recall", "due", "random", not'),
        ("new_mix = []", 'new_mix must be one of "mixed", "first", "last", not []'),
        ("learn_ahead = 20", 'learn_ahead must be a time such as "20m", not 20'),
        ("leech_threshold = -1", "leech_threshold is -1, but it is 0 or more"),
        ('leech_action = "delete"', 'one of "suspend", "tag", not'),
        ("answer_time_cap = 60", 'answer_time_cap must be a time such as "20m", not 60'),
        ('auto_advance_action = "easy"', 'one of "again", "hard", "good", "bury", not'),
        ("new_per_dya = 5", "there is no setting 'new_per_dya'"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_the_default_is_used(tmp_path, line, words):
    settings = load(tmp_path, f"# mine\n[study]\nmaximum_interval = 100\n{line}\n")
    (problem,) = settings.problems
    assert words in problem
    assert "config.toml:4: " in problem
    assert settings.study.scheduler.maximum_interval == 100
    assert settings.study.limits == Settings().study.limits


def test_a_file_that_is_not_toml_is_named_and_the_defaults_are_used(tmp_path):
    settings = load(tmp_path, "[study\n")
    assert "line 1" in settings.problems[0]
    assert settings.study.scheduler == Settings().study.scheduler


def test_a_section_that_is_no_table_is_named(tmp_path):
    assert "[study] must be a table" in load(tmp_path, "study = 3\n").problems[0]


def test_the_shipped_decks_are_found():
    assert (shipped_decks() / "learning-rate.md").is_file()


def test_the_settings_in_the_readme_are_the_defaults(tmp_path):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    settings = load(tmp_path, example)
    assert settings.problems == ()
    assert settings.study == Settings().study
