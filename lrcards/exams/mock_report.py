"""What a mock test came to: in words as Markdown, and as plain data."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lrcards.collection.store import Collection
from lrcards.errors import ExamError
from lrcards.exams.mock import shown_item
from lrcards.study.exam.mock_test import MockTest
from lrcards.study.exam.test_result import Score, TestResult, result_of, trend_of
from lrcards.text import escape_markdown, one_line, plain

MOST_WEAKEST = 10
NOTABLE = 0.1
"""Confidence and result that are closer than this are told to agree."""


def markdown(test: MockTest, others: Sequence[MockTest], collection: Collection) -> str:
    """Return the report of a test as Markdown.

    Args:
        test: the test.
        others: further tests of the same name, for the trend.
        collection: where the questions are.
    """
    return "\n".join(_lines(result_of(test), others, collection)) + "\n"


def as_data(test: MockTest, others: Sequence[MockTest], collection: Collection) -> dict[str, Any]:
    """Return the report of a test as plain data for a script."""
    result = result_of(test)
    calibration = result.calibration
    return {
        "id": test.id,
        "name": test.name,
        "seed": test.seed,
        "begun_at": test.begun_at.isoformat(),
        "finished_at": test.finished_at.isoformat() if test.finished_at else None,
        "counts": test.counts,
        "seconds": test.spent,
        "score": _score(result.score),
        "predicted": result.predicted,
        "topics": [
            {"topic": topic.topic, **_score(topic.score), "predicted": topic.predicted}
            for topic in result.topics
        ],
        "brier": calibration and calibration.brier,
        "overconfidence": calibration and calibration.overconfidence,
        "seconds_a_question": result.seconds_a_question,
        "questions": [
            {
                "card": item.card_guid,
                "question": question_of(collection, test, place),
                "mode": given and given.mode.value,
                "response": given and given.response,
                "correct": given and given.correct,
                "confidence": given and given.confidence,
                "seconds": given and given.seconds,
                "predicted": item.predicted,
                "marked": place in test.marked,
            }
            for place, (item, given) in enumerate(zip(test.items, test.given, strict=True))
        ],
        "weakest": [test.items[place].card_guid for place in result.weakest],
        "trend": [
            {"finished_at": at.isoformat(), **_score(score), "predicted": predicted}
            for at, score, predicted in trend_of([*others, test]).points
        ],
    }


def save(path: Path, text: str) -> None:
    """Write a report to a file.

    Raises:
        ExamError: that cannot be done.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"the report cannot be written: {error.strerror}"
        raise ExamError(what, "Name another file", path=path) from error


def question_of(collection: Collection, test: MockTest, place: int) -> str:
    """Return the question of a test on one line, with the values it was asked with."""
    shown = shown_item(collection, test.items[place])
    return one_line(plain(shown.face.question)) if shown else "a card that is gone"


def verdict_on_confidence(result: TestResult) -> str:
    """Return how well the learner knew what they knew, in a sentence; empty if nothing was answered."""
    if result.calibration is None:
        return ""
    said, right = result.calibration.confidence, result.calibration.right
    if abs(result.calibration.overconfidence) < NOTABLE:
        judgement = "you knew what you knew"
    elif result.calibration.overconfidence > 0:
        judgement = "you were surer than right"
    else:
        judgement = "you knew more than you thought"
    return (
        f"You said {said:.0%} on average and {right:.0%} were right: {judgement} "
        f"(Brier score {result.calibration.brier:.2f}; 0 is perfect, 0.25 is no better than saying 50 %)."
    )


def _lines(result: TestResult, others: Sequence[MockTest], collection: Collection) -> Iterator[str]:
    test = result.test
    low, high = result.score.interval
    yield f"# {escape_markdown(test.name)}: {result.score.right} of {result.score.asked} right"
    yield ""
    yield (
        f"{result.score.share:.0%}, with 95 % confidence {low:.0%} to {high:.0%}. "
        f"FSRS predicted {result.predicted:.0%}. {_duration(result)}"
    )
    if unanswered := len(test.unanswered):
        yield f"{unanswered} without an answer, which count as wrong."
    if sentence := verdict_on_confidence(result):
        yield ""
        yield sentence
    yield ""
    yield "| Topic | Right | Asked | Predicted |"
    yield "|---|---|---|---|"
    for topic in result.topics:
        share = f"{topic.predicted:.0%}"
        yield f"| {escape_markdown(topic.topic)} | {topic.score.right} | {topic.score.asked} | {share} |"
    if result.weakest:
        yield ""
        yield "## Weakest first"
        yield ""
        for place in result.weakest[:MOST_WEAKEST]:
            given = test.given[place]
            how = f"wrong, though {given.confidence:.0%} sure" if given else "no answer"
            yield f"- {escape_markdown(question_of(collection, test, place))} ({how})"
    points = trend_of([*others, test]).points
    if len(points) > 1:
        yield ""
        yield "## So far"
        yield ""
        for at, score, predicted in points:
            yield f"- {at:%Y-%m-%d}: {score.right} of {score.asked}, predicted {predicted:.0%}"


def _duration(result: TestResult) -> str:
    minutes = f"{result.test.spent / 60:.1f} minutes"
    if result.seconds_a_question is None:
        return f"{minutes[0].upper()}{minutes[1:]}."
    return f"{minutes}, {result.seconds_a_question:.0f} seconds a question."


def _score(score: Score) -> dict[str, Any]:
    low, high = score.interval
    return {"right": score.right, "asked": score.asked, "share": score.share, "low": low, "high": high}
