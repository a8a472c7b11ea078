"""Answers survive a killed process, and two processes can study one collection."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import sleep

import pytest

from lrcards.cards.model import Note, NoteKind
from lrcards.collection.opening import copy_database
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

RULES = Rules(StudySettings(), StudyDays(UTC))
CARDS = 1200

STUDENT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from lrcards.cards.model import Rating
from lrcards.collection.store import Collection
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.settings import StudySettings

settings = StudySettings(limits=Limits(10_000, 10_000))
random = Random()
with Collection.open(Path(sys.argv[1])) as collection:
    sitting = Sitting(collection, settings, StudyDays(UTC), lambda: datetime.now(UTC), random)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(sys.argv[2])):
        guid = sitting.current.card.guid
        sitting.answer(random.choice((Rating.AGAIN, Rating.GOOD, Rating.EASY)))
        print(guid, flush=True)
"""

VISITOR = """
import sys
from pathlib import Path

from lrcards.collection.store import Collection

Collection.open(Path(sys.argv[1])).close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "collection.sqlite"
    notes = [
        Note(f"n{number}", "Rates", NoteKind.BASIC, f"question {number}", "a") for number in range(CARDS)
    ]
    with Collection.open(path) as collection:
        collection.import_notes(notes, datetime(2026, 3, 2, tzinfo=UTC))
    return path


@contextmanager
def student(path: Path, answers: int) -> Iterator[subprocess.Popen[str]]:
    """Give a process that has opened the collection, and studies once ``go`` is called."""
    arguments = [sys.executable, "-c", STUDENT, str(path), str(answers)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_no_printed_answer_is_lost_when_the_process_is_killed(path: Path) -> None:
    printed: list[str] = []
    random = Random(3)
    for _ in range(5):
        with student(path, 10_000) as process:
            go(process)
            sleep(random.uniform(0.01, 0.1))
            process.kill()
            printed += process.communicate()[0].split()
    with Collection.open(path) as collection:
        report = check(collection, RULES)
        for guid in set(printed):
            assert len(collection.reviews(guid)) >= printed.count(guid)
    assert report.problems == ()
    assert 0 < len(printed) <= report.reviews <= len(printed) + 5


@pytest.mark.parametrize("answers", [50, pytest.param(500, marks=pytest.mark.bench)])
def test_two_processes_study_one_collection_and_every_answer_counts_once(path: Path, answers: int) -> None:
    with student(path, answers) as one, student(path, answers) as other:
        go(one)
        go(other)
        given = Counter[str]()
        for process in (one, other):
            output, _ = process.communicate(timeout=120)
            assert (process.returncode, len(output.split())) == (0, answers)
            given.update(output.split())
    with Collection.open(path) as collection:
        report = check(collection, RULES)
        assert {guid: len(collection.reviews(guid)) for guid in given} == given
    assert (report.reviews, report.problems) == (2 * answers, ())


@pytest.mark.parametrize("look", ["open", "copy"])
def test_what_is_written_reaches_the_file_while_others_come_and_go(path: Path, look: str) -> None:
    """A second look at the file from within a process must not give up the locks of the first."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with Collection.open(path) as collection:
        collection.set_meta("before", "there", now)
        if look == "open":
            Collection.open(path).close()
        else:
            copy_database(path, path.with_name("copy.sqlite"))
        subprocess.run([sys.executable, "-c", VISITOR, str(path)], check=True)
        collection.set_meta("after", "there", now)
        with Collection.open(path) as another:
            assert another.meta("before") == another.meta("after") == "there"
    with Collection.open(path) as later:
        assert later.meta("after") == "there"
