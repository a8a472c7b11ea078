"""Imports go one way only; each room is imported in a process of its own and asked what it loaded."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import lrcards

PACKAGE = Path(lrcards.__file__).parent

PROBE = """
import importlib, json, sys
before = set(sys.modules)
for module in sys.argv[1:]:
    importlib.import_module(module)
print(json.dumps(sorted(set(sys.modules) - before)))
"""

COMMAND_PROBE = """
import json, sys
sys.argv[0] = "lrcards"
from lrcards.cli import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""

# Each room, from the ground floor up, with the rooms it may know. What is not listed it must not load.
MAY_KNOW = {
    "errors": set(),
    "text": set(),
    "cards": {"errors", "text"},
    "descent": set(),
    "experiments": {"errors", "text", "cards", "descent"},
    "study": {"errors", "text", "cards", "descent"},
    "dates": set(),
    "ascii_drawing": set(),
    "printing": set(),
    "settings": {"dates"},
    "preferences": {"errors", "text", "cards", "study", "descent", "dates", "settings"},
    "collection": {"errors", "text", "cards", "study", "descent"},
    "agenda": {"errors", "text", "cards", "study", "collection", "descent"},
    "showing": {"errors", "text", "cards"},
    "prospects": {"errors", "text", "cards", "study", "collection", "showing", "descent"},
    "session": {
        "errors",
        "text",
        "cards",
        "study",
        "collection",
        "agenda",
        "showing",
        "prospects",
        "descent",
        "dates",
    },
    "linting": {"errors", "text", "cards", "experiments", "study", "descent"},
    "authoring": {"errors", "text", "cards", "experiments", "descent"},
    "browsing": {"errors", "text", "cards", "study", "collection", "showing", "descent"},
    "refit": {"errors", "text", "cards", "study", "collection", "descent"},
    "desk": {
        "errors",
        "text",
        "cards",
        "study",
        "collection",
        "agenda",
        "showing",
        "prospects",
        "session",
        "browsing",
        "dates",
        "settings",
        "descent",
    },
    "stats": {"errors", "text", "cards", "study", "collection", "descent"},
    "links": {"errors", "text", "cards", "study", "collection", "descent"},
    "exchange": {"errors", "text", "cards", "study", "collection", "descent", "experiments", "links"},
    "exams": {
        "errors",
        "text",
        "cards",
        "study",
        "collection",
        "showing",
        "descent",
        "dates",
        "printing",
    },
    "sim": {"errors", "text", "descent", "tui"},
    "line_by_line": {"errors", "text", "cards", "study", "collection", "session", "descent", "dates"},
}

KNOWING_COLLECTIONS = {
    *("collection", "agenda", "browsing", "prospects", "session", "refit", "stats", "desk"),
    *("links", "exchange", "exams"),
}

HEAVY = {
    "textual": {"tui"},
    "numpy": {
        "authoring",
        "linting",
        "descent",
        "study",
        "preferences",
        "experiments",
        "sim",
        *KNOWING_COLLECTIONS,
    },
    "sqlite_utils": KNOWING_COLLECTIONS,
    "babel": set(),
    "fsrs_rs_python": {"study", "preferences", *KNOWING_COLLECTIONS},
}


def modules_of(room: str) -> list[str]:
    path = PACKAGE / room
    if not path.is_dir():
        return [f"lrcards.{room}"]
    files = sorted(path.rglob("*.py"))
    names = [file.relative_to(PACKAGE.parent).with_suffix("").as_posix() for file in files]
    return [name.replace("/", ".").removesuffix(".__init__") for name in names]


@cache
def loaded_by(*modules: str) -> frozenset[str]:
    probe = subprocess.run(
        [sys.executable, "-c", PROBE, *modules], capture_output=True, text=True, check=True
    )
    return frozenset(json.loads(probe.stdout))


@pytest.mark.parametrize("room", MAY_KNOW)
def test_a_room_loads_only_the_rooms_below_it(room):
    rooms = {name.split(".")[1] for name in loaded_by(*modules_of(room)) if name.startswith("lrcards.")}
    assert rooms <= MAY_KNOW[room] | {room}


@pytest.mark.parametrize("room", MAY_KNOW)
def test_a_room_loads_no_library_that_belongs_to_another(room):
    libraries = {name.split(".")[0] for name in loaded_by(*modules_of(room))}
    assert {
        library for library, rooms in HEAVY.items() if library in libraries and room not in rooms
    } == set()


def test_descent_loads_numpy_and_nothing_else_from_outside_the_standard_library():
    outside = {name.split(".")[0] for name in loaded_by(*modules_of("descent"))} - set(
        sys.stdlib_module_names
    )
    # numpy.random leaves the names of the compiler that it was built with.
    assert {name for name in outside if "cython" not in name} == {"lrcards", "numpy"}


def test_only_memory_imports_the_memory_model():
    assert_only("fsrs_rs_python", "study/memory.py")


def test_only_the_collection_and_what_reads_another_one_know_sqlite():
    for library, others in (("sqlite_utils", set()), ("sqlite3", {"cards/formats/anki"})):
        users = {path.parent.as_posix() for path in importers(library)}
        assert users <= {"collection"} | others, library


def test_nothing_imports_the_screens_but_the_command_line_and_what_it_prints():
    users = {path.as_posix() for path in importers("lrcards.tui")}
    assert {user for user in users if not user.startswith("tui/")} <= {
        "commands/exams.py",
        "commands/practice.py",
        "commands/shared.py",
        "sim.py",
    }
    assert {user.parts[0] for user in importers("lrcards.commands")} == {"cli.py", "commands"}
    assert_only("lrcards.cli", "__main__.py")


def test_the_command_line_loads_no_library_but_click_until_it_is_asked():
    heavy = {name.split(".")[0] for name in loaded_by("lrcards.cli")} & {
        *HEAVY,
        "pylatexenc",
        "markdown_it",
        "rich",
    }
    assert not heavy


def assert_only(library: str, *files: str) -> None:
    assert {path.as_posix() for path in importers(library)} == set(files)


def importers(library: str) -> list[Path]:
    found = []
    for path in PACKAGE.rglob("*.py"):
        words = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
        names = [w[1] for w in words if len(w) > 1 and w[0] in ("import", "from")]
        if any(name == library or name.startswith(f"{library}.") for name in names):
            found.append(path.relative_to(PACKAGE))
    return found


@pytest.mark.parametrize(
    ("arguments", "environment", "printed"),
    [
        (["--version"], {}, "version"),
        (["completion", "fish"], {}, "complete"),
        ([], {"_LRCARDS_COMPLETE": "zsh_complete", "COMP_WORDS": "lrcards exa", "COMP_CWORD": "1"}, "exam"),
    ],
    ids=["--version", "completion", "completing"],
)
def test_the_version_and_completion_load_no_heavy_library(arguments, environment, printed):
    probe = subprocess.run(
        [sys.executable, "-c", COMMAND_PROBE, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    assert printed in probe.stdout
    loaded = {name.split(".")[0] for name in json.loads(probe.stderr)}
    assert "click" in loaded
    assert not loaded & {*HEAVY, "pylatexenc", "markdown_it", "rich", "tomlkit"}
