"""What a mock test came to, and what that says about the exam."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from lrcards.study.exam.drawing import NO_TOPIC
from lrcards.study.exam.mock_test import MockTest

Z95 = 1.959964
"""Of a normal distribution 95 % lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many of some questions were right; one without an answer is not."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        """The share that was right, from 0 to 1."""
        return self.right / self.asked

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the truth lies, with 95 % confidence (Wilson, 1927)."""
        spread = Z95**2 / self.asked
        centre = self.share + spread / 2
        width = Z95 * math.sqrt(self.share * (1 - self.share) / self.asked + spread / (4 * self.asked))
        return max(0.0, (centre - width) / (1 + spread)), min(1.0, (centre + width) / (1 + spread))


@dataclass(frozen=True, slots=True)
class TopicResult:
    """What a topic came to: its score, and the mean recall that was predicted."""

    topic: str
    score: Score
    predicted: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well the learner knew what they knew, over the questions that were answered.

    Attributes:
        brier: the mean of (confidence − 1 if right, else 0)²; 0 is perfect, always saying 50 % gives 0.25.
        confidence: the mean of what was said.
        right: the share that was right.
    """

    brier: float
    confidence: float
    right: float

    @property
    def overconfidence(self) -> float:
        """By how much the learner was surer than right; negative if less sure."""
        return self.confidence - self.right


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a test came to.

    Attributes:
        test: the test.
        score: of all its questions.
        predicted: the mean recall that FSRS predicted when it began.
        topics: by topic; a question with several tags counts in each.
        calibration: ``None`` if nothing was answered.
        seconds_a_question: the mean over the answers; ``None`` if there are none.
        weakest: the places of the questions that were not right: first those the learner was surest of, then
            those without an answer.
    """

    __test__ = False

    test: MockTest
    score: Score
    predicted: float
    topics: tuple[TopicResult, ...]
    calibration: Calibration | None
    seconds_a_question: float | None
    weakest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """How a series of tests went: when each ended, its score and what was predicted."""

    points: tuple[tuple[datetime, Score, float], ...]


def result_of(test: MockTest) -> TestResult:
    """Return what a test came to so far."""
    by_topic: defaultdict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(test.items):
        for topic in item.topics or (NO_TOPIC,):
            by_topic[topic].append(place)
    answers = [given for given in test.given if given is not None]
    return TestResult(
        test=test,
        score=_score(test, range(len(test.items))),
        predicted=fmean(item.predicted for item in test.items),
        topics=tuple(
            TopicResult(topic, _score(test, places), fmean(test.items[place].predicted for place in places))
            for topic, places in sorted(by_topic.items())
        ),
        calibration=Calibration(
            brier=fmean((given.confidence - given.correct) ** 2 for given in answers),
            confidence=fmean(given.confidence for given in answers),
            right=fmean(given.correct for given in answers),
        )
        if answers
        else None,
        seconds_a_question=fmean(given.seconds for given in answers) if answers else None,
        weakest=_weakest(test),
    )


def trend_of(tests: Iterable[MockTest]) -> Trend:
    """Return how the finished tests of a series went, oldest first."""
    over = sorted(
        ((test.finished_at, result_of(test)) for test in tests if test.finished_at), key=lambda pair: pair[0]
    )
    return Trend(tuple((at, result.score, result.predicted) for at, result in over))


def _score(test: MockTest, places: Iterable[int]) -> Score:
    given = [test.given[place] for place in places]
    return Score(sum(answer is not None and answer.correct for answer in given), len(given))


def _weakest(test: MockTest) -> tuple[int, ...]:
    def surest_first(place: int) -> tuple[bool, float]:
        given = test.given[place]
        return given is None, -(given.confidence if given else test.items[place].predicted)

    wrong = [place for place, given in enumerate(test.given) if given is None or not given.correct]
    return tuple(sorted(wrong, key=surest_first))
