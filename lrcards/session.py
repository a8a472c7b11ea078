"""One sitting: the next card, answers, what else can be done with a card, and undo of all of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from lrcards.agenda import Plan, backlog_of, queue_for, tomorrow
from lrcards.cards.content import with_text
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import FLAGS, LEECH, MARKED, Card, Rating, Review, ReviewKind
from lrcards.collection import due
from lrcards.collection.changes import Change, ConflictError
from lrcards.collection.decks import decks_within, key_of, name_of
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.dates import weekday_and_day
from lrcards.errors import DeckError
from lrcards.prospects import Prospects
from lrcards.showing import Shown, show
from lrcards.study.cramming import DELAYS, crammed
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.delays import describe_wait
from lrcards.study.information import CardInfo, card_info
from lrcards.study.queue import Counts, is_shown
from lrcards.study.scheduler import Scheduler, scheduled
from lrcards.study.settings import StudySettings
from lrcards.text import clean, counted

if TYPE_CHECKING:
    from lrcards.descent.questions import Question


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sitting came to.

    Attributes:
        answered: how many answers were given and not taken back.
        ratings: how many of them had each rating; every rating is a key.
        time_spent: the sum of the times per answer, each capped by the settings.
        next_due: the earliest instant (UTC) at which an answered card of the sitting's decks is due.
        left: what these decks still have today.
        tomorrow: what they will have on the next study day, and the instant (UTC) at which it begins.
    """

    answered: int
    ratings: dict[Rating, int]
    time_spent: timedelta
    next_due: datetime | None
    left: Counts
    tomorrow: Counts
    day_ends: datetime

    def what_comes(self, language: str) -> list[str]:
        """Return in sentences what comes after the sitting; days are named in a language."""
        told = []
        if left := self.left.new + self.left.learning + self.left.review:
            told.append(f"{counted(left, 'card')} {'is' if left == 1 else 'are'} still there for today.")
        if self.next_due and (self.next_due < self.day_ends or not self.tomorrow):
            due = self.next_due.astimezone()
            told.append(f"The next card comes {weekday_and_day(due, language)}, {due:%H:%M}.")
        return [*told, self.tomorrow.sentence()]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done in a sitting, and can be taken back.

    Attributes:
        name: what it was, to be put after "Took back": ``the answer Good``, ``the flag`` …
        before, after: the card of the sitting's queue, as it was and as it came to be.
        change: what was written.
        review: the entry in the log, if it was an answer.
        remark: what the learner should know of it, in a sentence or two; empty if nothing.
    """

    name: str
    before: Card
    after: Card
    change: Change
    review: Review | None = None
    remark: str = ""


class Sitting:
    """One sitting with a deck and its subdecks, or with the whole collection.

    Args:
        collection: where the cards are.
        settings: what the learner chose for all decks; what decks change of it is read from the collection.
        days: tells study days.
        clock: gives the instant now, with a time zone.
        random: makes the ids of the reviews; two programs must not share a seed.
        plan: what to ask; without one, what all decks have for today.

    Raises:
        CollectionError: there is no such deck, or the collection cannot be read.
    """

    def __init__(
        self,
        collection: Collection,
        settings: StudySettings,
        days: StudyDays,
        clock: Callable[[], datetime],
        random: Random,
        plan: Plan | None = None,
    ) -> None:
        self._collection = collection
        self._settings = settings
        self._days = days
        self._clock = clock
        self._random = random
        self._plan = plan or Plan()
        self._deeds: list[Deed] = []
        self._current: Shown | None = None
        self._prediction: dict[str, Any] | None = None
        self._shown_at = clock()
        if self._plan.deck is not None:
            with collection.reading() as database:
                self._deck = key_of(database, self._plan.deck)
        self._begin(self._shown_at)

    @property
    def current(self) -> Shown | None:
        """The card to answer; ``None`` when nothing is to be shown now (ask again at ``next_due_at()``).

        It stays the same until it is answered, buried or suspended.
        """
        if self._current is None and not self._limit_reached:
            now = self._clock()
            if self._plan.is_of_the_day and self._days.day(now) != self._queue.day:
                self._plan = replace(self._plan, more_new=0)
                self._begin(now)
            while (card := self._queue.next(now)) and not self._show(card):
                pass
            self._shown_at = now
        return self._current

    @property
    def counts(self) -> Counts:
        """How many new, learning and review cards are left today, the current one included."""
        return self._queue.counts()

    @property
    def answered(self) -> int:
        """How many answers of this sitting stand."""
        return sum(deed.review is not None for deed in self._deeds)

    @property
    def time_spent(self) -> timedelta:
        """The sum of the times of the answers that stand, each capped at a minute."""
        return timedelta(milliseconds=sum(deed.review.duration_ms for deed in self._deeds if deed.review))

    @property
    def last(self) -> Deed | None:
        """What was done last, and ``undo`` would take back."""
        return self._deeds[-1] if self._deeds else None

    @property
    def deck(self) -> str | None:
        """The name that the sitting's deck has now, as it may be renamed in another window; None for all."""
        if self._plan.deck is None:
            return None
        with self._collection.reading() as database:
            return name_of(database, self._deck)

    @property
    def is_cram(self) -> bool:
        """Whether answers leave the schedule as it is."""
        return self._plan.cram

    def backlog(self) -> str:
        """Return a sentence on what becomes of the due reviews if a day cannot bring all; else nothing.

        It is about all decks, and empty for a special sitting.
        """
        found = backlog_of(self._collection, self._rules, self._clock()) if self._plan.is_of_the_day else None
        return found.sentence() if found else ""

    def preview(self) -> dict[Rating, str]:
        """Return the delay that each rating would give, as on Anki's buttons; empty if no card is shown."""
        if self.current is None:
            return {}
        now, learn_ahead = self._now(self.current.card), self._settings.queue.learn_ahead
        if self.is_cram:
            return dict(DELAYS)
        waits = self._prospects.waits(self.current, self._scheduler(self.current), now)
        return {rating: describe_wait(wait, learn_ahead) for rating, wait in waits.items()}

    def predict(self, question: "Question", choice: int) -> bool:
        """Keep what the learner chose for the current card, and return whether it is right.

        Only the first choice counts: it is stored with the answer, and ``suggested`` follows from it.
        """
        held = choice == question.truth
        if self._prediction is None:
            self._prediction = {
                "asked": question.kind,
                "chosen": question.choices[choice],
                "truth": question.answer,
                "held": held,
            }
        return held

    @property
    def suggested(self) -> Rating | None:
        """The rating that the learner's choice speaks for; ``None`` before there is one."""
        if self._prediction is None:
            return None
        return Rating.GOOD if self._prediction["held"] else Rating.AGAIN

    def answer(self, rating: Rating) -> None:
        """Give the current card a rating; it is on disk when this returns, and ``current`` is the next card.

        Raises:
            LookupError: no card is shown.
            CollectionError: the answer could not be written; the sitting stands as it was.
        """
        shown = self._on_table()
        before = shown.card
        now = self._now(before)
        day = self._days.day(now)
        scheduler = self._scheduler(shown)
        if self.is_cram:
            asked, after = self._collection.card(before.guid), crammed(before, rating, now, day)
        else:
            asked, after = before, self._prospects.outcome(shown, rating, scheduler, now)
        looked = min(max(self._clock() - self._shown_at, timedelta()), self._settings.answer_time_cap)
        review = Review(
            id=new_review_id(now, self._random),
            card_guid=before.guid,
            rating=rating,
            at=now,
            day=day,
            duration_ms=looked // timedelta(milliseconds=1),
            kind=ReviewKind.CRAM if self.is_cram else ReviewKind.STUDY,
            phase=asked.phase,
            scheduled=0 if self.is_cram else scheduled(after, now),
            prediction=self._prediction,
            last_interval=asked.interval,
            recall=scheduler.foretold(asked, day),
        )
        leeches = self._rules.options(shown.note.deck).leeches
        stored = self._collection.answer(Answer(review, asked, after), scheduler.replay, leeches)
        if not self.is_cram:
            after = stored.after
            self._prospects.moved(stored.before, after)
        name = f"the answer {rating.name.capitalize()}"
        remark = _remark(stored, overtaken=stored.before.reviews != asked.reviews)
        self._deeds.append(Deed(name, before, after, stored.change, review, remark))
        self._queue.answered(before, after)
        self._clear()

    def bury(self) -> None:
        """Put the current card off until tomorrow.

        This and what follows raise ``LookupError`` if no card is shown, and ``CollectionError`` if nothing
        could be written; the sitting then stands as it was.
        """
        card = self._on_table().card
        tomorrow = self._days.day(self._clock()) + ONE_DAY
        self._decide("the burying", replace(card, buried_until=tomorrow), "Buried until tomorrow.")

    def suspend(self) -> None:
        """Do not show the current card any more, until the learner wants it back."""
        remark = "Suspended: not shown until you want it back."
        self._decide("the suspension", replace(self._on_table().card, suspended=True), remark)

    def flag(self, colour: int) -> None:
        """Flag the current card with one of 7 colours, or with 0 take its flag away.

        Raises:
            ValueError: there is no such colour.
        """
        if colour not in range(len(FLAGS) + 1):
            raise ValueError(f"there is no flag {colour}")
        remark = f"Flagged {FLAGS[colour - 1]}." if colour else "No flag."
        self._decide("the flag", replace(self._on_table().card, flag=colour), remark)

    def mark(self) -> None:
        """Tag the current card's note ``marked``, or take the tag away."""
        shown = self._on_table()
        remark = "No mark any more." if MARKED in shown.note.tags else "Marked."
        self._keep("the mark", self._collection.mark(shown.note.guid, self._clock()), remark)

    def edit(self, question: str, answer: str, tags: Sequence[str]) -> None:
        """Give the current card's note another text; the card is shown again with it, and keeps its progress.

        Args:
            question: in Markdown; of a cloze note, its whole text.
            answer: in Markdown; empty for a cloze note.
            tags: with or without ``#``.

        Raises:
            DeckError: the text makes no card: nothing is asked, or nothing is to be recalled.
            CollectionError: another program has changed the note meanwhile; its text is shown now.
        """
        seen = self._on_table().note
        text = with_text(seen, self._on_table().card.ordinal, clean(question).strip(), clean(answer).strip())
        edited = replace(
            text,
            tags=tuple(dict.fromkeys(tag.lstrip("#") for tag in clean(" ".join(tags)).split())),
        )
        if mistake := mistake_in(edited):
            raise DeckError(*mistake)
        try:
            change = self._collection.edit(seen, edited, self._clock())
        except ConflictError:
            self._show_again()
            raise
        self._keep("the edit", change, "Changed; its progress stays.")

    def undo(self) -> str:
        """Take back what was done last and return to its card.

        Returns:
            A sentence that says what was taken back; empty if there is nothing.

        Raises:
            CollectionError: it could not be taken back. If that is because another program has changed the
                same since, the next ``undo`` goes on with what was done before.
        """
        if not self._deeds:
            return ""
        deed = self._deeds[-1]
        try:
            self._collection.revert(deed.change, self._rules)
        except ConflictError:
            self._deeds.pop()
            raise
        self._deeds.pop()
        card = self._in_queue(self._collection.card(deed.before.guid), deed.before)
        if deed.review is None:
            self._queue.changed(deed.after, card)
        else:
            self._queue.undone(card, deed.after)
        self._prospects.moved(deed.after, card)
        self._clear()
        self._show(card)
        self._shown_at = self._clock()
        return f"Took back {deed.name}."

    def refresh(self) -> None:
        """Show the current card as it is now, after another screen may have changed it or its deck."""
        self._read_rules()
        if self._current is not None:
            self._show_again()

    def info(self) -> CardInfo | None:
        """Return what there is to know about the current card; ``None`` if none is shown."""
        if self.current is None:
            return None
        card, note = self._collection.card(self.current.card.guid), self.current.note
        log = self._collection.reviews(card.guid)
        return card_info(card, note, log, self._scheduler(self.current), self._clock())

    def next_due_at(self) -> datetime | None:
        """Return when (UTC) the next learning card comes, if only such cards wait."""
        return None if self.current or self._limit_reached else self._queue.next_due_at()

    def summary(self) -> Summary:
        """Return what the sitting came to."""
        reviews = [deed.review for deed in self._deeds if deed.review]
        ratings = Counter(review.rating for review in reviews)
        with self._collection.reading() as database:
            at, day = due.next_due(database, decks_within(database, self.deck))
        instants = [] if at is None else [at]
        instants += [] if day is None else [self._days.starts(day)]
        now = self._clock()
        return Summary(
            answered=len(reviews),
            ratings={rating: ratings[rating] for rating in Rating},
            time_spent=self.time_spent,
            next_due=min(instants, default=None),
            left=self.counts if self._plan.is_of_the_day else Counts(),
            tomorrow=tomorrow(self._collection, self._rules, now, self.deck),
            day_ends=self._days.starts(self._days.day(now) + ONE_DAY),
        )

    @property
    def _limit_reached(self) -> bool:
        if self._plan.limit is not None and self.answered >= self._plan.limit:
            return True
        return self._plan.seconds is not None and self.time_spent >= timedelta(seconds=self._plan.seconds)

    def _begin(self, now: datetime) -> None:
        """Read the rules and the queue; for the day too, as a new one begins."""
        self._read_rules()
        plan = replace(self._plan, deck=self.deck)
        self._queue = queue_for(self._collection, self._rules, now, plan)
        self._prospects = Prospects(self._collection)

    def _read_rules(self) -> None:
        self._version = self._collection.version()
        self._rules = rules_in_use(self._collection, self._settings, self._days)

    def _show(self, card: Card) -> bool:
        """Put a card of the queue on the table; if another program has moved it, tell the queue instead."""
        if self._version != self._collection.version():
            self._read_rules()
        found = self._collection.card_to_show(card)
        if found is None:
            self._queue.changed(card, replace(card, suspended=True))
            return False
        stored, note = self._in_queue(found[0], card), found[1]
        if stored != card:
            self._queue.changed(card, stored)
            return False
        self._current = show(card, note)
        return True

    def _show_again(self) -> None:
        """Show the current card as it is now."""
        if not self._show(self._on_table().card):
            self._clear()

    def _clear(self) -> None:
        self._current = self._prediction = None

    def _on_table(self) -> Shown:
        if self.current is None:
            raise LookupError("no card is shown")
        return self.current

    def _in_queue(self, stored: Card, card: Card) -> Card:
        """Return a stored card as the queue has it: in a cram, only with what the learner decided of it."""
        if not self.is_cram:
            return stored
        return replace(
            card,
            suspended=stored.suspended,
            buried_until=stored.buried_until,
            flag=stored.flag,
            modified_at=stored.modified_at,
        )

    def _decide(self, name: str, decided: Card, remark: str) -> None:
        before = self._on_table().card
        change = self._collection.decide(decided, self._clock())
        after = self._in_queue(self._collection.card(before.guid), before)
        self._deeds.append(Deed(name, before, after, change, remark=remark))
        self._queue.changed(before, after)
        self._prospects.moved(before, after)
        if is_shown(after, self._queue.day):
            self._show(after)
        else:
            self._clear()

    def _keep(self, name: str, change: Change, remark: str) -> None:
        """Remember what was done to the current card's note, and show it."""
        card = self._on_table().card
        self._deeds.append(Deed(name, card, card, change, remark=remark))
        self._show_again()

    def _scheduler(self, shown: Shown) -> Scheduler:
        return self._rules.scheduler(shown.note.deck)

    def _now(self, card: Card) -> datetime:
        """Return the instant for an answer, in whole milliseconds, as the log keeps it.

        It is after the card's last answer even if the clock was set back, so that the log of a card, which
        is sorted by time, keeps the order in which the answers were given.
        """
        now = self._clock().astimezone(UTC)
        now -= timedelta(microseconds=now.microsecond % 1000)
        return now if card.last_review is None else max(now, card.last_review + timedelta(milliseconds=1))


def _remark(stored: Answer, *, overtaken: bool) -> str:
    """Return what the learner should know of an answer.

    Args:
        stored: the answer as it was stored.
        overtaken: whether another program had answered the card since it was shown.
    """
    remarks = []
    if overtaken:
        remarks.append("This card was answered in another window meanwhile; both answers count.")
    if stored.leech:
        lapses, away = (
            stored.after.lapses,
            "and suspended" if stored.after.suspended else "but is still asked",
        )
        times = "once" if lapses == 1 else f"{lapses} times"
        remarks.append(f"This card was forgotten {times}, so it is tagged {LEECH} {away}.")
    return " ".join(remarks)
