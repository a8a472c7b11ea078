"""Settings as they are typed and written: the file keeps everything else, whatever happens."""

import errno
import tomllib

import pytest

from lrcards.errors import SettingsError
from lrcards.preferences import listed, problem_with, section_of, value_from, written
from lrcards.settings import Settings

MINE = """\
# My settings, in my order.
[display]
theme = "nord"  # blue

[study]  # less in winter
new_per_day = 5   # enough
fuzz = "maybe"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_a_change_keeps_comments_order_and_values_that_cannot_be_used(file):
    settings = written(file, "study", "new_per_day", 7)
    assert file.read_text(encoding="utf-8") == MINE.replace("= 5", "= 7")
    assert settings.study.limits.new_per_day == 7
    assert "fuzz must be true or false" in settings.problems[0]


def test_a_value_that_is_taken_out_leaves_the_default(file):
    settings = written(file, "display", "theme", None)
    assert file.read_text(encoding="utf-8") == MINE.replace('theme = "nord"  # blue\n', "")
    assert settings.theme == "textual-dark"


def test_the_first_change_makes_the_file(tmp_path):
    path = tmp_path / "new" / "config.toml"
    assert written(path, "tools", "editor", "nano -w").editor == "nano -w"
    assert tomllib.loads(path.read_text()) == {"tools": {"editor": "nano -w"}}


def test_a_full_disk_leaves_the_file_as_it_was(file, monkeypatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SettingsError, match="No space left on device; the file is as it was"):
        written(file, "study", "new_per_day", 7)
    assert file.read_text(encoding="utf-8") == MINE
    assert list(file.parent.iterdir()) == [file]


def test_easy_days_are_written_on_one_line(file):
    written(file, "study", "easy_days", value_from("easy_days", "saturday=reduced"))
    assert '\neasy_days = {saturday = "reduced"}\n' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["[study\n", "study = 3\n"])
def test_a_file_that_cannot_be_changed_is_left_alone(file, text):
    file.write_text(text)
    with pytest.raises(SettingsError, match="editor"):
        written(file, "study", "new_per_day", 7)
    assert file.read_text() == text


def test_line_ends_a_byte_order_mark_and_a_link_stay(file):
    file.write_bytes(b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())
    link = file.with_name("link.toml")
    link.symlink_to(file)
    written(link, "study", "new_per_day", 7)
    assert file.read_bytes() == b"\xef\xbb\xbf" + MINE.replace("= 5", "= 7").replace("\n", "\r\n").encode()
    assert link.is_symlink()


def test_every_setting_can_be_typed_as_it_is_listed(tmp_path):
    path = tmp_path / "config.toml"
    for setting in listed(Settings()):
        settings = written(path, setting.section, setting.name, value_from(setting.name, setting.text))
        assert settings.problems == ()
    assert [row.text for row in listed(settings)] == [row.text for row in listed(Settings())]
    assert all(row.given for row in listed(settings))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("desired_retention", "2", "lies in 0.7 to 0.99"),
        ("learning_steps", "soon", "a list of times"),
        ("easy_days", "caturday=reduced", "days of the week"),
        ("easy_days", "saturday=reduced sunday=minimum", ""),
        ("reduced_motion", "maybe", "must be true or false"),
        ("reduced_motion", "yes", ""),
        ("editor", "7", ""),
    ],
)
def test_what_is_wrong_with_a_typed_value_is_said(name, text, problem):
    assert problem in problem_with(name, text)
    assert bool(problem) == bool(problem_with(name, text))


def test_a_setting_is_in_one_section():
    assert [section_of(name) for name in ("fuzz", "theme", "editor")] == ["study", "display", "tools"]
