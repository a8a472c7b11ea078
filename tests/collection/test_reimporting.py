"""However a deck is edited, importing it again keeps every answer; the same again changes nothing."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.cards.matching import Choices
from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review
from lrcards.cards.parcel import Media, Parcel
from lrcards.collection.importing import silently
from lrcards.collection.parameters import rules_in_use
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.safety import check
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUESTIONS = (
    "What does the learning rate scale in each step?",
    "Why can momentum leave a narrow valley sooner?",
    "Which schedule halves its value every few epochs?",
    "How large may eta be on a quadratic bowl?",
    "Where do the iterates rest when noise remains?",
    "Who proposed warm restarts with cosine annealing?",
)


def rules_of(collection: Collection) -> Rules:
    return rules_in_use(collection, StudySettings(), StudyDays(UTC))


def take_in(collection: Collection, parcel: Parcel, progress=silently) -> None:
    collection.import_parcel(parcel, lambda: rules_of(collection), NOW, Choices(), progress)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@dataclass(frozen=True)
class Edit:
    """What an author does to a note between two imports."""

    note: Note
    after: Note | None


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Return a note and what becomes of it: without an id, one thing at a time."""
    number = draw(st.integers(0, len(QUESTIONS) - 1))
    guid = draw(st.sampled_from(["", f"id-{number}"]))
    decks = st.sampled_from(["Rates", "Rates::Steps", "Elsewhere"])
    note = Note(guid, draw(decks), NoteKind.BASIC, QUESTIONS[number], f"It is answer {number}.")
    changes = {
        "stay": {},
        "answer": {"answer": "Something else altogether."},
        "move": {"deck": draw(decks)},
        "reword": {"question": note.question.replace(" the ", " really the ").replace("?", " now?")},
        "tag": {"tags": ("edited",)},
    }
    if draw(st.integers(0, 5)) == 0:
        return Edit(note, None)
    names = st.sampled_from(sorted(changes))
    chosen = draw(st.sets(names)) if guid else {draw(names)}
    return Edit(
        note, replace(note, **{key: value for name in chosen for key, value in changes[name].items()})
    )


def answered(collection: Collection, guid: str) -> Review:
    """Put an answer into the log."""
    review = Review(guid.ljust(36, "-")[:36], guid, Rating.GOOD, NOW, NOW.date(), 900, scheduled=600)
    with collection.writing() as database:
        database.execute(insert_sql("reviews", values := review_values(review)), values)
    return review


@settings(max_examples=25)
@given(st.lists(edits(), min_size=1, max_size=6, unique_by=lambda edit: edit.note.question), st.randoms())
def test_importing_an_edited_deck_keeps_every_answer(edited: Sequence[Edit], random) -> None:
    with TemporaryDirectory() as folder, Collection.open(Path(folder) / "c.db") as collection:
        take_in(collection, Parcel(tuple(edit.note for edit in edited)))
        stored = {note.question: note.guid for note in collection.parcel().notes}
        log = {question: answered(collection, f"{guid}#0") for question, guid in stored.items()}
        assert check(collection, rules_of(collection), rebuild=True).sound

        staying = [edit for edit in edited if edit.after]
        random.shuffle(staying)
        take_in(collection, Parcel(tuple(edit.after for edit in staying if edit.after)))
        after = {(note.deck, note.question): note.guid for note in collection.parcel().notes}
        assert len(after) == len(edited)
        for edit in edited:
            kept = edit.after or edit.note
            guid = after[kept.deck, kept.question]
            assert collection.reviews(f"{guid}#0") == [log[edit.note.question]]
        assert check(collection, rules_of(collection)).problems == ()


@st.composite
def parcels(draw: st.DrawFn) -> Parcel:
    """Return what another program wrote: some notes with and some without progress."""
    notes, cards, reviews = [], [], []
    for number in draw(st.sets(st.integers(0, len(QUESTIONS) - 1), min_size=1)):
        guid = f"g{number}"
        notes.append(Note(guid, "Rates", NoteKind.BASIC, QUESTIONS[number], "![](a.png)"))
        at = NOW - timedelta(days=draw(st.integers(1, 30)))
        if draw(st.booleans()):
            memory = draw(st.sampled_from([None, Memory(3.5, 5.0)]))
            state = Card(f"{guid}#0", guid, 0, phase=Phase.REVIEW, memory=memory, due_day=NOW.date())
            cards.append(replace(state, last_review=at, last_day=at.date(), reviews=1, interval=3))
        if draw(st.booleans()):
            reviews.append(
                Review(f"{guid}-{at:%j}".ljust(36, "-"), f"{guid}#0", Rating.GOOD, at, at.date(), 900)
            )
    data = draw(st.sampled_from([b"one", b"two"]))
    return Parcel(
        tuple(notes),
        tuple(cards),
        tuple(reviews),
        options=draw(st.sampled_from([{}, {"Rates": {"new_per_day": 3}}])),
        media=(Media("a.png", lambda: data),),
        origins={note.guid: {"notetype": "Basic"} for note in notes},
    )


@settings(max_examples=15)
@given(parcels(), parcels())
def test_what_came_changes_nothing_when_it_comes_again(first: Parcel, second: Parcel) -> None:
    with TemporaryDirectory() as folder, Collection.open(Path(folder) / "c.db") as collection:
        for parcel in (first, second):
            take_in(collection, parcel)
            before = dump(collection.path)
            take_in(collection, parcel)
            assert dump(collection.path) == before
            assert check(collection, rules_of(collection)).problems == ()


class PulledPlugError(Exception):
    pass


@settings(max_examples=15)
@given(parcels(), parcels(), st.floats(0, 1))
def test_what_fails_half_way_leaves_everything_as_it_was(first: Parcel, second: Parcel, until: float) -> None:
    def fail(share: float) -> None:
        if share >= until:
            raise PulledPlugError

    with TemporaryDirectory() as folder, Collection.open(Path(folder) / "c.db") as collection:
        take_in(collection, first)
        before = dump(collection.path)
        with pytest.raises(PulledPlugError):
            take_in(collection, second, fail)
        assert dump(collection.path) == before
