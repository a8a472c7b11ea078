"""A mock test is on disk after every step, is graded, and touches the schedule only if it is to count."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.cards.model import Note, NoteKind, Phase, ReviewKind
from lrcards.collection.mock_tests import mock_tests_of
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.desk import ensure_shipped_decks
from lrcards.errors import ExamError
from lrcards.exams.mock import Mock
from lrcards.exams.mock_report import as_data, markdown, verdict_on_confidence
from lrcards.settings import shipped_decks
from lrcards.study.days import StudyDays
from lrcards.study.exam.mock_test import Mode
from lrcards.study.exam.test_result import result_of
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = Rules(StudySettings(), StudyDays(UTC))


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.db") as collection:
        ensure_shipped_decks(collection, shipped_decks(), NOON)
        typed = Note("typed", "Typed", NoteKind.BASIC, "Who?", "Cauchy", typed=True)
        plain = [Note(f"p{n}", "Plain", NoteKind.BASIC, f"What is {n}?", f"{n}") for n in range(6)]
        collection.import_notes([typed, *plain], NOON)
        yield collection


def begin(collection: Collection, clock: Clock, query: str = "deck:Plain", **options: object) -> Mock:
    options = {"questions": 4, "seed": 7, **options}
    return Mock.begin(collection, RULES, clock, Random(1), name="Statistics", query=query, **options)


def test_the_same_seed_draws_the_same_test(collection: Collection, clock: Clock) -> None:
    first, second, third = (begin(collection, clock, "deck:*", seed=seed) for seed in (7, 7, 8))
    assert first.test.items == second.test.items != third.test.items


def test_typed_words_are_compared_with_the_answer(collection: Collection, clock: Clock) -> None:
    typed = begin(collection, clock, "deck:Typed", questions=1)
    assert typed.mode is Mode.TYPED
    typed.type(" Cauchy ", 0.95)
    assert typed.test.given[0] is not None
    assert typed.test.given[0].correct
    assert typed.test.given[0].response == " Cauchy "


def parametric(collection: Collection, clock: Clock, **options: object) -> Mock:
    """Begin a test whose first question is a choice."""
    for seed in range(50):
        mock = begin(collection, clock, "deck:Learning*", questions=5, **{**options, "seed": seed})
        if mock.mode is Mode.CHOICE:
            return mock
    raise AssertionError("no parametric card was drawn")


def test_a_parametric_card_draws_fresh_values_and_is_graded_by_its_run(
    collection: Collection, clock: Clock
) -> None:
    mock = parametric(collection, clock)
    assert mock.current is not None
    question = mock.current.question
    assert question is not None
    wrong = next(index for index in range(len(question.choices)) if index != question.truth)
    mock.choose(wrong, 0.4)
    mock.look_at(0)
    assert mock.current.question is not None
    assert mock.current.question.choices == question.choices
    assert not mock.test.given[0].correct
    mock.choose(question.truth, 0.4)
    assert mock.test.given[0].correct


def test_an_interrupted_test_is_resumed_where_it_was(collection: Collection, clock: Clock) -> None:
    mock = begin(collection, clock)
    clock.advance(12)
    mock.grade(True, 0.7)
    mock.mark()
    clock.advance(5)
    mock.pause()
    clock.advance(86400)
    resumed = Mock.resume(collection, RULES, clock)
    assert resumed is not None
    assert resumed.test == mock.test
    assert (resumed.test.at, resumed.test.marked, resumed.test.spent) == (1, {1}, 17.0)


def test_there_is_nothing_to_resume_after_the_end(collection: Collection, clock: Clock) -> None:
    begin(collection, clock).finish()
    assert Mock.resume(collection, RULES, clock) is None


def test_time_that_is_up_ends_the_test(collection: Collection, clock: Clock) -> None:
    mock = begin(collection, clock, questions=None, minutes=1)
    assert len(mock.test.items) == 3
    clock.advance(59)
    assert not mock.is_over
    clock.advance(2)
    assert mock.is_over
    with pytest.raises(LookupError):
        mock.grade(True, 0.7)
    mock.finish()
    assert mock.test.finished_at == clock.now


def test_a_test_leaves_the_log_and_the_schedule_alone(collection: Collection, clock: Clock) -> None:
    mock = begin(collection, clock)
    mock.grade(True, 0.7)
    mock.finish()
    for item in mock.test.items:
        assert collection.card(item.card_guid).phase is Phase.NEW
        assert collection.reviews(item.card_guid) == []


def test_a_test_that_counts_is_in_the_log_as_a_test_and_moves_its_cards(
    collection: Collection, clock: Clock
) -> None:
    mock = begin(collection, clock, counts=True)
    for correct in (True, False):
        clock.advance(10)
        mock.grade(correct, 0.7)
    mock.finish()
    logs = [collection.reviews(item.card_guid) for item in mock.test.items]
    assert [[(review.kind, review.rating.name) for review in log] for log in logs] == [
        [(ReviewKind.TEST, "GOOD")],
        [(ReviewKind.TEST, "AGAIN")],
        [],
        [],
    ]
    assert collection.card(mock.test.items[0].card_guid).phase is Phase.LEARNING
    assert check(collection, RULES, now=clock()).sound


def test_a_card_that_is_gone_can_only_be_skipped(collection: Collection, clock: Clock) -> None:
    mock = begin(collection, clock, questions=2)
    with collection.writing() as database:
        guid = mock.test.items[0].card_guid
        database.execute("DELETE FROM cards WHERE guid = :guid", {"guid": guid})
    resumed = Mock.resume(collection, RULES, clock)
    assert resumed is not None
    assert resumed.current is None
    with pytest.raises(LookupError):
        resumed.grade(True, 0.5)
    resumed.skip()
    assert resumed.current is not None
    resumed.finish()
    assert "a card that is gone" in markdown(resumed.test, [], collection)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"query": "deck:nowhere"}, "finds no card"),
        ({"questions": None}, "number of questions or of minutes"),
    ],
)
def test_a_test_that_cannot_be_is_refused(
    collection: Collection, clock: Clock, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ExamError, match=message):
        begin(collection, clock, **options)


def test_the_report_says_what_was_right_by_topic_and_how_well_one_knew_it(
    collection: Collection, clock: Clock
) -> None:
    mock = begin(collection, clock, "deck:Optimisers", questions=6)
    for correct, confidence in ((True, 0.95), (False, 0.95), (True, 0.7)):
        mock.grade(correct, confidence)
    mock.finish()
    text = markdown(mock.test, [], collection)
    assert text.startswith("# Statistics: 2 of 6 right")
    assert "3 without an answer" in text
    assert "wrong, though 95% sure" in text
    assert "surer than right" in verdict_on_confidence(result_of(mock.test))
    data = as_data(mock.test, [], collection)
    assert data["score"]["right"] == 2
    assert sum(question["correct"] is True for question in data["questions"]) == 2
    assert len(data["weakest"]) == 4


def test_earlier_tests_of_the_same_name_make_the_trend(collection: Collection, clock: Clock) -> None:
    tests = []
    for right in (1, 3):
        mock = begin(collection, clock)
        for place in range(4):
            mock.grade(place < right, 0.7)
        mock.finish()
        tests.append(mock.test)
        clock.advance(86400)
    text = markdown(tests[1], tests[:1], collection)
    assert "- 2026-03-02: 1 of 4" in text
    assert "- 2026-03-03: 3 of 4" in text


def test_a_killed_test_resumes_at_the_same_question_with_its_answers(tmp_path: Path) -> None:
    path = tmp_path / "collection.db"
    main = "from lrcards.cli import main; main()"
    command = [sys.executable, "-c", main, "--collection", str(path), "exam", "take"]
    command += ["--query", "deck:Optimisers", "--questions", "5", "--seed", "3"]
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("3\n\ny\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("Question 2"):
                break
        process.kill()
    with Collection.open(path) as collection:
        (test,) = mock_tests_of(collection)
        assert (test.at, test.unanswered) == (1, [1, 2, 3, 4])
        resumed = Mock.resume(collection, RULES, lambda: datetime.now(UTC))
        assert resumed is not None
        assert resumed.test == test
