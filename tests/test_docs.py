"""The documentation names every command, key and setting, and links to what is there."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import click
import pytest

from lrcards.cli import group

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "decks" / "README.md", *sorted(DOCS.glob("*.md"))]


def maker(name: str) -> Any:
    """Return one of the scripts that write a part of the documentation."""
    spec = spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_setting_is_documented_as_it_is():
    table = maker("make_settings").table()
    assert table in (DOCS / "settings.md").read_text("utf-8"), "python docs/make_settings.py writes the table"


def test_every_key_is_documented_as_it_is():
    tables = maker("make_keys").tables()
    assert tables in (DOCS / "keys.md").read_text("utf-8"), "python docs/make_keys.py writes the tables"


@pytest.mark.parametrize("name", [name for name in group.commands if name != "exam"])
def test_every_command_is_documented(name):
    assert any(f"`lrcards {name}" in page.read_text("utf-8") for page in PAGES)


def test_every_command_about_exams_is_documented():
    exam = group.commands["exam"]
    assert isinstance(exam, click.Group)
    text = "".join(page.read_text("utf-8") for page in PAGES)
    row = re.findall(r"`lrcards exam ([^\n]*)", text)
    assert {
        name for name in exam.commands if not any(re.search(rf"\b{name}\b", line) for line in row)
    } == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_relative_link_is_dead(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s#]+)", text)
    dead = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert dead == []
