"""The README and the docs: every command line in them works, and every link leads somewhere."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from lrcards.cli import group

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "decks" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

OPEN_THE_APP = {
    "lrcards",
    "lrcards study",
    'lrcards study "Learning rate" --limit 10',
    "lrcards study --forgotten",
    "lrcards study --ahead 3",
    'lrcards study "Learning rate" --tag regimes',
    "lrcards study --query 'is:new or flag:1' --cram",
    "lrcards lab",
    "lrcards lab three-regimes",
    "lrcards serve",
    "lrcards serve --port 9000",
}
"""What needs a terminal or does not end by itself: only read, as the command line reads it."""

NOTES = {
    "notes/learning-rate.md": "Q: What does the learning rate scale?\nA: The gradient.\n",
    "notes/week-2.md": "C: Too large a rate [diverges].\n",
    "words.csv": "question,answer\nun,one\ndeux,two\n",
}


def command_lines(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines()]
    found = [part.strip() for line in lines for part in line.split("&&")]
    return [line for line in found if re.match(r"(printf '.*' \| )?lrcards\b", line)]


def read(words: list[str]) -> None:
    """Read a command's words, as far as the command line would before it begins."""
    with group.make_context("lrcards", list(words)) as context:
        if words:
            name, command, rest = group.resolve_command(context, words)
            command.make_context(name, rest, parent=context)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if command_lines(page)],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_every_command_line_in_the_docs_works(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LRCARDS_COLLECTION", str(tmp_path / "collection.db"))
    monkeypatch.setattr("lrcards.settings.settings_file", lambda: tmp_path / "config.toml")
    for name, text in NOTES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    CliRunner().invoke(group, ["--collection", "other.db", "due"])
    for line in command_lines(page):
        typed, _, command = line.rpartition(" | ")
        keys = shlex.split(typed)[1].replace(r"\n", "\n") if typed else ""
        words = shlex.split(command)[1:]
        if line in OPEN_THE_APP:
            read(words)
            continue
        result = CliRunner().invoke(group, words, input=keys)
        assert result.exit_code == 0, f"{line}: {result.exception or result.output}"


def test_what_is_only_read_is_in_the_docs():
    assert set().union(*map(command_lines, PAGES)) >= OPEN_THE_APP


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text))
    here = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in here if not (page.parent / link).exists()] == []
    linked = [link.partition("#")[2] for link in links if link.startswith("#")]
    headings = {
        re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)", text, re.MULTILINE)
    }
    assert set(linked) <= headings


def test_the_readme_leads_to_every_page():
    readme = PAGES[0].read_text(encoding="utf-8")
    assert [page.name for page in PAGES[2:] if f"(docs/{page.name})" not in readme] == []
