"""What can be done with the card on the table besides answering it, and that all of it can be taken back."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.agenda import Plan
from lrcards.cards.model import Note, NoteKind, Phase, Rating, Source
from lrcards.collection.changes import ConflictError
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.errors import DeckError
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.options import DeckOptions
from lrcards.study.queue import Counts
from lrcards.study.rules import Rules
from lrcards.study.scheduler import SchedulerSettings
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
DAYS = StudyDays(UTC)
SETTINGS = StudySettings(scheduler=SchedulerSettings(fuzz=False))
RANDOM = Random(1)
RULES = Rules(SETTINGS, DAYS)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def basic(question: str, deck: str = "Rates") -> Note:
    return Note(question, deck, NoteKind.BASIC, question, f"answer to {question}")


def cloze(guid: str, text: str) -> Note:
    return Note(guid, "Rates", NoteKind.CLOZE, text, ordinals=tuple(range(text.count("["))))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.db") as collection:
        yield collection


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sit(
    collection: Collection, clock: Clock, chosen: StudySettings = SETTINGS, plan: Plan | None = None
) -> Sitting:
    return Sitting(collection, chosen, DAYS, clock, RANDOM, plan)


def asked(sitting: Sitting) -> str | None:
    return sitting.current.note.question if sitting.current else None


def dump(collection: Collection) -> list[str]:
    with closing(sqlite3.connect(collection.path)) as connection:
        return list(connection.iterdump())


def test_a_buried_card_comes_back_tomorrow(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    sitting.bury()
    assert asked(sitting) == "q"
    assert collection.card("p#0").buried_until == TOMORROW
    assert collection.card("p#0").modified_at == NOON
    assert sitting.counts == Counts(new=1)
    assert asked(sit(collection, clock)) == "q"
    clock.advance(days=1)
    assert asked(sit(collection, clock)) == "p"


def test_a_suspended_card_does_not_come_back(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    sitting = sit(collection, clock)
    sitting.suspend()
    assert (sitting.current, sitting.counts) == (None, Counts())
    clock.advance(days=400)
    assert sit(collection, clock).current is None
    assert sitting.undo() == "Took back the suspension."
    assert asked(sitting) == "p"


def test_a_flag_stays_with_the_card_on_the_table(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    assert sitting.current
    for colour in (1, 7, 0):
        sitting.flag(colour)
        assert sitting.current.card.flag == collection.card("p#0").flag == colour
    assert sitting.counts == Counts(new=2)
    with pytest.raises(ValueError, match="no flag 8"):
        sitting.flag(8)


def test_a_flagged_card_can_be_answered_and_keeps_its_flag(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    sitting = sit(collection, clock)
    sitting.flag(3)
    sitting.answer(Rating.EASY)
    card = collection.card("p#0")
    assert (card.flag, card.phase, sitting.counts) == (3, Phase.REVIEW, Counts())


def test_a_mark_is_a_tag_and_a_second_one_takes_it_away(collection: Collection, clock: Clock) -> None:
    collection.import_notes([replace(basic("p"), tags=("rates",))], NOON)
    sitting = sit(collection, clock)
    sitting.mark()
    assert sitting.current
    assert sitting.current.note.tags == collection.note("p").tags == ("rates", "marked")
    sitting.mark()
    assert collection.note("p").tags == ("rates",)


def test_time_and_prediction_go_on_while_a_card_is_flagged_and_marked(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic("p")], NOON)
    sitting = sit(collection, clock)
    assert sitting.current
    clock.advance(seconds=5)
    sitting.flag(1)
    sitting.mark()
    clock.advance(seconds=5)
    sitting.answer(Rating.GOOD)
    assert collection.reviews("p#0")[0].duration_ms == 10_000


def test_an_edited_card_is_shown_again_with_its_progress(collection: Collection, clock: Clock) -> None:
    collection.import_notes([replace(basic("p"), source=Source("rates.md", 3))], NOON)
    sitting = sit(collection, clock)
    sitting.answer(Rating.GOOD)
    before = collection.card("p#0")
    sitting.edit(" What is η?\n", "The rate.\x1b", ["#new", "tag,", "new"])
    assert sitting.current
    note = sitting.current.note
    assert (note.question, note.answer, note.tags) == ("What is η?", "The rate.\ufffd", ("new", "tag,"))
    assert note == collection.note("p")
    assert note.source == Source("rates.md", 3)
    assert sitting.current.face.question == "What is η?"
    assert sitting.current.card == collection.card("p#0") == before


@pytest.mark.parametrize(
    ("note", "question", "answer", "words"),
    [
        (basic("p"), "", "a", "question is empty"),
        (basic("p"), "q", " ", "has no answer"),
        (cloze("c", "[x]"), "nothing left", "", "no deletion"),
    ],
)
def test_a_text_that_makes_no_card_is_refused(
    collection: Collection, clock: Clock, note: Note, question: str, answer: str, words: str
) -> None:
    collection.import_notes([note], NOON)
    sitting, before = sit(collection, clock), dump(collection)
    with pytest.raises(DeckError, match=words):
        sitting.edit(question, answer, [])
    assert dump(collection) == before
    assert sitting.last is None


def test_a_deletion_that_is_edited_in_or_out_keeps_the_history_of_the_others(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([cloze("c", "[x] and [y]")], NOON)
    before = dump(collection)
    sitting = sit(collection, clock)
    sitting.answer(Rating.AGAIN)
    progress = collection.card("c#0")
    sitting.edit("[z], [x] and y", "", [])
    assert collection.note("c").ordinals == (2, 0)
    assert collection.card("c#0") == progress
    assert collection.card("c#2").phase is Phase.NEW
    assert sitting.current
    assert sitting.current.face.question == "z, […] and y"
    sitting.edit("[z] and x", "", [])
    assert sitting.current is None
    while sitting.undo():
        pass
    assert dump(collection) == before
    assert asked(sitting) == "[x] and [y]"


def test_undo_says_what_it_takes_back_one_thing_after_another(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    sitting.flag(2)
    sitting.mark()
    sitting.answer(Rating.EASY)
    sitting.edit("r", "s", [])
    sitting.bury()
    assert sitting.answered == 1
    said = [sitting.undo() for _ in range(6)]
    assert said == [
        "Took back the burying.",
        "Took back the edit.",
        "Took back the answer Easy.",
        "Took back the mark.",
        "Took back the flag.",
        "",
    ]
    assert asked(sitting) == "p"


def test_nothing_can_be_done_with_no_card(collection: Collection, clock: Clock) -> None:
    sitting = sit(collection, clock)
    deeds: list[Callable[[], None]] = [
        sitting.bury,
        sitting.suspend,
        sitting.mark,
        lambda: sitting.flag(1),
        lambda: sitting.edit("q", "a", []),
    ]
    for deed in deeds:
        with pytest.raises(LookupError):
            deed()
    assert sitting.info() is None


def test_a_leech_is_tagged_and_suspended_with_the_answer_that_made_it_one(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic("p")], NOON)
    chosen = replace(SETTINGS, leeches=LeechRule(threshold=2))
    sit(collection, clock, chosen).answer(Rating.EASY)
    for lapses in (1, 2):
        clock.advance(days=60)
        before = dump(collection)
        sitting = sit(collection, clock, chosen)
        sitting.answer(Rating.AGAIN)
        assert sitting.last
        assert ("leech" in sitting.last.remark) == (lapses == 2)
        if lapses == 1:
            clock.advance(minutes=10)
            sit(collection, clock, chosen).answer(Rating.GOOD)
    assert sitting.last.remark == "This card was forgotten 2 times, so it is tagged leech and suspended."
    assert (collection.card("p#0").suspended, collection.note("p").tags) == (True, ("leech",))
    assert sitting.current is None
    assert check(collection, RULES).problems == ()
    sitting.undo()
    assert dump(collection) == before
    assert asked(sitting) == "p"


def test_a_leech_can_be_tagged_only(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    chosen = replace(SETTINGS, leeches=LeechRule(1, LeechAction.TAG))
    sit(collection, clock, chosen).answer(Rating.EASY)
    clock.advance(days=60)
    sitting = sit(collection, clock, chosen)
    sitting.answer(Rating.AGAIN)
    assert (collection.card("p#0").suspended, collection.note("p").tags) == (False, ("leech",))
    assert sitting.last
    assert sitting.last.remark.endswith("is tagged leech but is still asked.")


def test_what_there_is_to_know_about_a_card(collection: Collection, clock: Clock) -> None:
    collection.import_notes([replace(basic("p"), source=Source("rates.md", 3))], NOON)
    sitting = sit(collection, clock)
    fresh = sitting.info()
    assert fresh
    assert (fresh.reviews, fresh.stability, fresh.recall, fresh.forecast) == ((), None, None, ())
    sitting.answer(Rating.EASY)
    clock.advance(days=20)
    info = sit(collection, clock).info()
    assert info
    assert info.card == collection.card("p#0")
    assert info.note.source == Source("rates.md", 3)
    assert [review.rating for review in info.reviews] == [Rating.EASY]
    assert (info.stability, info.difficulty) == (info.card.memory.stability, info.card.memory.difficulty)
    assert info.forecast[0] == (date(2026, 3, 22), info.recall)
    recalls = [recall for _, recall in info.forecast]
    assert recalls == sorted(recalls, reverse=True)
    assert len(recalls) == 31


def test_what_another_program_did_to_the_next_card_is_seen_when_it_is_shown(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic(name) for name in "pqrs"], NOON)
    sitting = sit(collection, clock)
    assert asked(sitting) == "p"
    with Collection.open(collection.path) as another:
        elsewhere = sit(another, clock)
        for _ in range(2):
            elsewhere.answer(Rating.EASY)
        another.decide(replace(another.card("r#0"), suspended=True), NOON)
    sitting.answer(Rating.EASY)
    assert asked(sitting) == "s"
    assert len(collection.reviews("p#0")) == 2
    assert sitting.counts == Counts(new=1)
    assert check(collection, RULES).problems == ()


def test_an_answer_to_a_card_that_was_answered_elsewhere_meanwhile_says_so(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    assert asked(sitting) == "p"
    with Collection.open(collection.path) as another:
        sit(another, clock).answer(Rating.GOOD)
    sitting.answer(Rating.GOOD)
    assert sitting.last
    assert sitting.last.remark.startswith("This card was answered in another window meanwhile")
    sitting.answer(Rating.GOOD)
    assert sitting.last.remark == ""
    assert len(collection.reviews("p#0")) == 2


def test_an_edit_never_overwrites_that_of_another_program(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p")], NOON)
    sitting = sit(collection, clock)
    assert sitting.current
    with Collection.open(collection.path) as another:
        seen = another.note("p")
        another.edit(seen, replace(seen, answer="theirs"), NOON)
    with pytest.raises(ConflictError, match="changed by another program"):
        sitting.edit("p", "mine", [])
    assert sitting.current.note.answer == collection.note("p").answer == "theirs"
    sitting.edit("p", "both", [])
    assert collection.note("p").answer == "both"


def test_what_another_program_changed_since_is_not_taken_back(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    sitting.answer(Rating.EASY)
    sitting.flag(1)
    with Collection.open(collection.path) as another:
        another.decide(replace(another.card("q#0"), flag=2), NOON + timedelta(seconds=1))
    with pytest.raises(ConflictError, match="not taken back"):
        sitting.undo()
    assert collection.card("q#0").flag == 2
    assert sitting.undo() == "Took back the answer Easy."
    assert collection.reviews("p#0") == []


def test_a_card_that_another_screen_changed_is_shown_as_it_is_now(
    collection: Collection, clock: Clock
) -> None:
    collection.import_notes([basic("p"), basic("q")], NOON)
    sitting = sit(collection, clock)
    assert sitting.current
    collection.edit(collection.note("p"), replace(basic("p"), answer="new"), NOON)
    collection.set_options("Rates", DeckOptions(desired_retention=0.8), NOON)
    sitting.refresh()
    assert sitting.current.face.answer == "new"
    assert sitting.preview()[Rating.EASY] != "8d"
    collection.decide(replace(collection.card("p#0"), suspended=True), NOON)
    sitting.refresh()
    assert asked(sitting) == "q"


def test_a_deck_that_is_renamed_in_another_window_is_studied_on(collection: Collection, clock: Clock) -> None:
    collection.import_notes([basic("p", "A::B"), basic("q", "A::B"), basic("r", "A::C")], NOON)
    sitting = sit(collection, clock, plan=Plan("A::B"))
    sitting.answer(Rating.EASY)
    with Collection.open(collection.path) as another, another.writing() as database:
        database.execute("UPDATE decks SET name = 'Z::Y' WHERE name = 'A::B'")
    sitting.answer(Rating.EASY)
    assert sitting.summary().answered == 2
    clock.advance(days=20)
    assert asked(sitting) == "p"
    assert sitting.current
    assert sitting.current.note.deck == "Z::Y"
    assert sitting.counts == Counts(review=2)


def answer(rating: Rating) -> Callable[[Sitting, Clock], None]:
    return lambda sitting, _: sitting.answer(rating)


DEEDS: dict[str, Callable[[Sitting, Clock], object]] = {
    **{rating.name: answer(rating) for rating in Rating},
    "bury": lambda sitting, _: sitting.bury(),
    "suspend": lambda sitting, _: sitting.suspend(),
    "flag": lambda sitting, _: sitting.flag(4),
    "mark": lambda sitting, _: sitting.mark(),
    "add a deletion": lambda sitting, _: sitting.edit(f"{asked(sitting)} [more]", "an answer", []),
    "take deletions away": lambda sitting, _: sitting.edit("only [one]", "another answer", ["t"]),
    "undo": lambda sitting, _: sitting.undo(),
    "wait": lambda _, clock: clock.advance(minutes=11),
    "sleep": lambda _, clock: clock.advance(days=9),
}


@contextmanager
def lived(deeds: list[str], plan: Plan) -> Iterator[tuple[Collection, Sitting, list[str]]]:
    """Yield a collection after a random sitting, the sitting, and how it was before."""
    notes = [basic("p"), cloze("c", "[x] [y]"), basic("q", "Rates::Deep")]
    with tempfile.TemporaryDirectory() as folder, Collection.open(Path(folder) / "c.db") as collection:
        clock = Clock()
        collection.import_notes(notes, NOON)
        chosen = StudySettings(leeches=LeechRule(threshold=1))
        if not plan.is_of_the_day:
            earlier = sit(collection, clock, chosen)
            for rating in (Rating.EASY, Rating.AGAIN, Rating.GOOD):
                earlier.answer(rating)
        before = dump(collection)
        sitting = sit(collection, clock, chosen, plan)
        for deed in deeds:
            if sitting.current or deed in ("undo", "wait", "sleep"):
                DEEDS[deed](sitting, clock)
        yield collection, sitting, before


PLANS = st.sampled_from([Plan(), Plan("Rates"), Plan(ahead=30), Plan(forgotten=True), Plan(cram=True)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(list(DEEDS)), max_size=20), PLANS)
def test_undoing_everything_is_the_identity_on_the_whole_database(deeds: list[str], plan: Plan) -> None:
    with lived(deeds, plan) as (collection, sitting, before):
        counted = sitting.answered
        assert counted <= len(deeds)
        while sitting.undo():
            pass
        assert dump(collection) == before
        assert sitting.answered == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(list(DEEDS)), max_size=20), PLANS)
def test_whatever_was_done_the_cards_are_where_their_log_leads(deeds: list[str], plan: Plan) -> None:
    with lived(deeds, plan) as (collection, _, _):
        before = dump(collection)
        report = check(collection, Rules(StudySettings(), DAYS), rebuild=True)
        assert (report.problems, report.mended) == ((), ())
        assert dump(collection) == before
