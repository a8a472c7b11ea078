"""A mock test without a screen: begun, answered step by step, resumed, finished."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Self

from lrcards.cards.model import Card, Note, Rating, Review, ReviewKind
from lrcards.cards.query_parser import parse
from lrcards.cards.typed_answers import compare
from lrcards.collection import search
from lrcards.collection.mock_tests import keep_mock_test, mock_tests_of
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.errors import CollectionError, ExamError
from lrcards.showing import Shown, show
from lrcards.study.exam.drawing import Drawable, drawn, drawn_for
from lrcards.study.exam.mock_test import Given, Item, MockTest, Mode
from lrcards.study.rules import Rules
from lrcards.study.scheduler import scheduled

TYPICAL_SECONDS = 20.0
"""How long a question takes: to read it, to say how sure one is, and to answer."""
MOST_DRAWS = 2**31


class Mock:
    """A mock test on the table; every step is on disk before the next question is shown.

    Args:
        collection: where the cards and the test are.
        rules: what holds for each deck.
        clock: gives the instant now, with a time zone.
        test: as it stands.
    """

    def __init__(
        self, collection: Collection, rules: Rules, clock: Callable[[], datetime], test: MockTest
    ) -> None:
        self._collection = collection
        self._rules = rules
        self._clock = clock
        self._test = test
        self._look()

    @classmethod
    def begin(
        cls,
        collection: Collection,
        rules: Rules,
        clock: Callable[[], datetime],
        random: Random,
        *,
        name: str,
        query: str,
        questions: int | None = None,
        minutes: float | None = None,
        seed: int | None = None,
        counts: bool = False,
    ) -> Self:
        """Draw a test and begin it.

        Args:
            collection, rules, clock: see above.
            random: makes the id of the test, and the seed if none is given.
            name: what the test is about.
            query: which cards it may ask.
            questions: how many; without it, as many as fit into the minutes.
            minutes: how long it may take.
            seed: the same draws the same test from the same cards.
            counts: whether the answers count as reviews in the end.

        Raises:
            ExamError: there is nothing to ask, or neither a number of questions nor of minutes.
            LrcardsError: the query cannot be read.
        """
        now = clock()
        seed = random.randrange(MOST_DRAWS) if seed is None else seed
        cards = _drawables(collection, rules, query, now)
        if not cards:
            raise ExamError(
                f"the search “{query}” finds no card to ask", "Widen it, or study some cards first"
            )
        draw = Random(seed)
        if questions is not None:
            chosen = drawn(list(cards.values()), questions, draw)
        elif minutes is not None:
            chosen = drawn_for(list(cards.values()), 60 * minutes, draw)
        else:
            raise ExamError("a test has a number of questions or of minutes", "Say one: --questions 20")
        items = [Item(card.guid, card.topics, draw.randrange(MOST_DRAWS), card.recall) for card in chosen]
        test = MockTest(
            new_review_id(now, random), name, seed, now, tuple(items), minutes=minutes, counts=counts
        )
        keep_mock_test(collection, test, now)
        return cls(collection, rules, clock, test)

    @classmethod
    def resume(cls, collection: Collection, rules: Rules, clock: Callable[[], datetime]) -> Self | None:
        """Return the test that was interrupted last, where it was; ``None`` if there is none."""
        unfinished = [test for test in mock_tests_of(collection) if test.finished_at is None]
        return cls(collection, rules, clock, unfinished[-1]) if unfinished else None

    @property
    def test(self) -> MockTest:
        """The test as it stands on disk."""
        return self._test

    @property
    def current(self) -> Shown | None:
        """The question on the table; ``None`` if its card is gone, so that it can only be skipped."""
        return self._shown

    @property
    def mode(self) -> Mode:
        """How the question on the table is answered."""
        if self._shown is None:
            return Mode.SELF
        if self._shown.question is not None:
            return Mode.CHOICE
        return Mode.TYPED if self._shown.note.typed else Mode.SELF

    @property
    def seconds_left(self) -> float | None:
        """How long the test may still take, by the clock; ``None`` without a limit."""
        left = self._test.seconds_left
        return None if left is None else max(0.0, left - self._looked())

    @property
    def is_over(self) -> bool:
        """Whether the test is finished, or its time is up."""
        return self._test.is_over or self.seconds_left == 0.0

    def choose(self, choice: int, confidence: float) -> None:
        """Answer with a choice; this and what follows raise ``LookupError`` if the test is over."""
        question = self._on_table().question
        if question is None:
            raise LookupError("there is nothing to choose")
        self._give(Mode.CHOICE, question.choices[choice], choice == question.truth, confidence)

    def type(self, text: str, confidence: float) -> None:
        """Answer with typed words, which are compared with the answer."""
        correct = compare(text, self._on_table().face.answer).is_right
        self._give(Mode.TYPED, text, correct, confidence)

    def grade(self, correct: bool, confidence: float) -> None:
        """Say whether one knew the answer, having said before how sure one was and having seen it."""
        self._on_table()
        self._give(Mode.SELF, "", correct, confidence)

    def skip(self) -> None:
        """Leave the question for later."""
        self._step(self._test.skipped(self._looked()))

    def mark(self) -> None:
        """Mark the question to come back to it, or take the mark away."""
        self._step(replace(self._test.toggled(), spent=self._test.spent + self._looked()))

    def look_at(self, place: int) -> None:
        """Put another question on the table."""
        self._step(self._test.looked_at(place, self._looked()))

    def pause(self) -> None:
        """Keep the time that was spent on the question, before leaving; the test is resumed here."""
        if not self._test.is_over:
            self._step(replace(self._test, spent=self._test.spent + self._looked()))

    def finish(self) -> None:
        """End the test; if it counts, its answers are in the log when this returns."""
        if self._test.finished_at is not None:
            return
        now = self._clock()
        if self._test.counts:
            for place in range(len(self._test.items)):
                self._count(place, now)
        spent = replace(self._test, spent=self._test.spent + self._looked())
        self._step(spent.finished(now))

    def _give(self, mode: Mode, response: str, correct: bool, confidence: float) -> None:
        self._step(self._test.answered(Given(mode, response, correct, confidence, self._looked())))

    def _step(self, test: MockTest) -> None:
        if self._test.finished_at is not None:
            raise LookupError("the test is over")
        keep_mock_test(self._collection, test, self._clock())
        self._test = test
        self._look()

    def _look(self) -> None:
        """Put the question on the table, with the values that it was drawn with."""
        self._shown_at = self._clock()
        item = self._test.items[self._test.at]
        self._shown = shown_item(self._collection, item)

    def _on_table(self) -> Shown:
        if self._shown is None or self.is_over:
            raise LookupError("there is nothing to answer")
        return self._shown

    def _looked(self) -> float:
        """Return how many seconds the question has been on the table."""
        return max(0.0, (self._clock() - self._shown_at) / timedelta(seconds=1))

    def _count(self, place: int, now: datetime) -> None:
        """Put an answer into the log, and move its card; once, even if a test is finished twice."""
        given, item = self._test.given[place], self._test.items[place]
        if given is None or (shown := shown_item(self._collection, item)) is None:
            return
        digest = blake2b(f"{self._test.id} {place}".encode(), digest_size=16).digest()
        review_id = new_review_id(self._test.begun_at, Random(int.from_bytes(digest)))
        card = self._collection.card(item.card_guid)
        if any(review.id == review_id for review in self._collection.reviews(card.guid)):
            return
        scheduler = self._rules.scheduler(shown.note.deck)
        rating = Rating.GOOD if given.correct else Rating.AGAIN
        at = max(now, card.last_review or now)
        after = scheduler.answer(card, rating, at)
        review = Review(
            id=review_id,
            card_guid=card.guid,
            rating=rating,
            at=at,
            day=self._rules.days.day(at),
            duration_ms=round(1000 * min(given.seconds, 60.0)),
            kind=ReviewKind.TEST,
            phase=card.phase,
            scheduled=scheduled(after, at),
            last_interval=card.interval,
            recall=scheduler.foretold(card, self._rules.days.day(at)),
        )
        self._collection.answer(
            Answer(review, card, after), scheduler.replay, self._rules.options(shown.note.deck).leeches
        )


def shown_item(collection: Collection, item: Item) -> Shown | None:
    """Return the card of a question with the values it was drawn with; ``None`` if it is gone."""
    try:
        card = collection.card(item.card_guid)
        note = collection.note(card.note_guid)
        return show(replace(card, reviews=item.draw), note)
    except (CollectionError, ValueError):
        return None


def _drawables(collection: Collection, rules: Rules, query: str, now: datetime) -> Mapping[str, Drawable]:
    """Return the cards that a search finds, but suspended ones, by guid."""
    found = search.found(collection, search.find(collection, parse(query), rules, now)).values()
    day = rules.days.day(now)

    def drawable(card: Card, note: Note) -> Drawable:
        recall = rules.scheduler(note.deck).recall(card, day)
        return Drawable(card.guid, note.guid, note.tags, recall, TYPICAL_SECONDS)

    return {card.guid: drawable(card, note) for card, note in found if not card.suspended}
