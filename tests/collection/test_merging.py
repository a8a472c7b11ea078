"""A merge joins two copies that were both studied; neither the order nor the number of merges matters."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.cards.matching import Choices
from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review, ReviewKind, Source
from lrcards.cards.parcel import Media, Parcel
from lrcards.cards.query_parser import parse
from lrcards.collection import due
from lrcards.collection.baselines import start
from lrcards.collection.bulk import delete
from lrcards.collection.changes import Change, RowChange, row_change
from lrcards.collection.decks import decks_within
from lrcards.collection.merging import MergeReport, in_words, merge
from lrcards.collection.migrations import MIGRATIONS
from lrcards.collection.parameters import log_of, model_in_use, rules_in_use, use_model
from lrcards.collection.registers import Edit, Origins
from lrcards.collection.replaying import move_card
from lrcards.collection.rows import insert_sql, review_values, state_values, to_ms
from lrcards.collection.safety import check
from lrcards.collection.search import find
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.errors import CollectionError
from lrcards.study.days import StudyDays
from lrcards.study.limits import Limits
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled
from lrcards.study.settings import StudySettings

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)

PORTABLE = {
    "settings": "SELECT * FROM meta",
    "decks": "SELECT name, options, modified_at FROM decks",
    "notes": "SELECT notes.*, name AS deck FROM notes JOIN decks ON decks.id = deck_id",
    "cards": "SELECT cards.*, notes.guid AS note FROM cards JOIN notes ON notes.id = note_id",
    "reviews": "SELECT * FROM reviews",
    **{
        name: f"SELECT * FROM {name}"
        for name in ("media", "origins", "baselines", "aliases", "orphans", "deleted_notes")
    },
    "by day": "SELECT * FROM tallies_by_day",
    "by quarter hour": "SELECT * FROM tallies_by_quarter_hour",
    "by recall": "SELECT * FROM tallies_by_recall",
}
OF_ONE_FILE = {"notes": {"id", "deck_id"}, "cards": {"id", "note_id", "deck_id"}}


def content(path: Path) -> dict[str, list[str]]:
    """Return all that a collection holds, but for what holds in one file only."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: sorted(
                str({key: value for key, value in dict(row).items() if key not in OF_ONE_FILE.get(name, ())})
                for row in connection.execute(query)
            )
            for name, query in PORTABLE.items()
        }


def rules_of(collection: Collection) -> Rules:
    return rules_in_use(collection, StudySettings(), DAYS)


def scheduler_of(collection: Collection) -> Scheduler:
    return Scheduler(SchedulerSettings(), model_in_use(collection), DAYS)


def answer(
    collection: Collection, guid: str, rating: Rating, at: datetime, random: Random, zone: tzinfo = UTC
) -> Answer:
    """Give an answer as a sitting would."""
    scheduler = replace(scheduler_of(collection), days=StudyDays(zone))
    before = collection.card(guid)
    if before.last_review is not None:
        at = max(at, before.last_review + timedelta(milliseconds=1))
    after = scheduler.answer(before, rating, at)
    review = Review(
        new_review_id(at, random),
        guid,
        rating,
        at,
        scheduler.days.day(at),
        duration_ms=900,
        phase=before.phase,
        scheduled=scheduled(after, at),
        last_interval=before.interval,
    )
    return collection.answer(Answer(review, before, after), scheduler.replay)


def choose(collection: Collection, guid: str, at: datetime, **choice: Any) -> None:
    """Suspend, bury or flag a card."""
    with collection.writing() as database:
        move_card(database, replace(collection.card(guid), **choice, modified_at=at))


def log(collection: Collection, *reviews: Review) -> None:
    """Put reviews into the log that no sitting gave."""
    with collection.writing() as database:
        for review in reviews:
            database.execute(insert_sql("reviews", values := review_values(review)), values)


def delete_note(collection: Collection, guid: str) -> None:
    with collection.writing() as database:
        database.execute("DELETE FROM cards WHERE note_id = (SELECT id FROM notes WHERE guid = ?)", [guid])
        database.execute("DELETE FROM notes WHERE guid = ?", [guid])


def set_options(collection: Collection, deck: str, options: str, at: datetime) -> None:
    with collection.writing() as database:
        database.execute(
            "UPDATE decks SET options = ?, modified_at = ? WHERE name = ?", [options, to_ms(at), deck]
        )


def joined(path: Path, *others: Path) -> Path:
    """Return a copy of a collection, beside it, into which the others were merged."""
    result = path.with_name(f"{path.stem}+{'+'.join(other.stem for other in others)}.db")
    shutil.copy(path, result)
    with Collection.open(result) as collection:
        for other in others:
            merge(collection, other, lambda: rules_of(collection))
        assert check(collection, rules_of(collection)).problems == ()
    return result


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Collection, Collection]]:
    """Two copies of a collection of three notes, ours and theirs, before they part."""
    with Collection.open(tmp_path / "ours.db") as collection:
        collection.import_notes([basic("p"), basic("q"), cloze("r", "[eta] or [alpha]")], START)
        answer(collection, "p#0", Rating.GOOD, START, Random(1))
    shutil.copy(tmp_path / "ours.db", tmp_path / "theirs.db")
    with Collection.open(tmp_path / "ours.db") as ours, Collection.open(tmp_path / "theirs.db") as theirs:
        yield ours, theirs


def basic(guid: str, question: str = "", deck: str = "Rates") -> Note:
    return Note(guid, deck, NoteKind.BASIC, question or f"question {guid}", "answer")


def cloze(guid: str, text: str) -> Note:
    return Note(guid, "Rates", NoteKind.CLOZE, text)


def take_in(ours: Collection, theirs: Collection) -> MergeReport:
    report = merge(ours, theirs.path, lambda: rules_of(ours))
    assert check(ours, rules_of(ours)).problems == ()
    return report


Pair = tuple[Collection, Collection]


def test_the_answers_of_both_copies_count_and_their_cards_are_replayed(pair: Pair) -> None:
    ours, theirs = pair
    answer(ours, "p#0", Rating.GOOD, START + timedelta(minutes=10), Random(2))
    answer(theirs, "p#0", Rating.AGAIN, START + timedelta(minutes=30), Random(3))
    answer(theirs, "r#1", Rating.EASY, START + timedelta(minutes=31), Random(3))
    report = take_in(ours, theirs)
    assert report.reviews == Origins(here=1, there=2, both=1)
    assert report.notes == Origins(here=0, there=0, both=3)
    assert report.decks == Origins(here=0, there=0, both=1)
    assert (report.edits, report.replayed, report.refused) == ((), 2, 0)
    card = ours.card("p#0")
    assert [review.rating for review in ours.reviews("p#0")] == [Rating.GOOD, Rating.GOOD, Rating.AGAIN]
    assert (card.phase, card.reviews, card.lapses) == (Phase.RELEARNING, 3, 1)
    assert ours.card("r#1") == theirs.card("r#1")


def test_a_copy_has_nothing_new_for_the_one_it_was_made_of(pair: Pair) -> None:
    ours, theirs = pair
    before = content(ours.path)
    for other in (theirs, ours):
        report = take_in(ours, other)
        assert (report.reviews, report.edits, report.replayed) == (Origins(0, 0, 1), (), 0)
    assert content(ours.path) == before


def test_of_notes_settings_options_and_choices_the_newer_counts(pair: Pair) -> None:
    ours, theirs = pair
    for number, (newer, older) in enumerate(((ours, theirs), (theirs, ours))):
        guid = "pq"[number]
        for copy, hours in ((newer, 2), (older, 1)):
            copy.import_notes([basic(guid, f"{guid} {hours}")], START + timedelta(hours=hours))
            choose(copy, f"r#{number}", START + timedelta(hours=hours), suspended=hours == 2, flag=hours)
    theirs.set_meta("theme", "dark", START + timedelta(hours=2))
    ours.set_meta("theme", "light", START)
    set_options(ours, "Rates", '{"new_per_day": 3}', START)
    report = take_in(ours, theirs)
    assert report.edits == (
        Edit("note", "p 2", taken=False),
        Edit("note", "q 2", taken=True),
        Edit("card", "[eta] or [alpha]", taken=False),
        Edit("card", "[eta] or [alpha]", taken=True),
        Edit("deck", "Rates", taken=False),
        Edit("setting", "theme", taken=True),
    )
    assert [ours.note(guid).question for guid in "pq"] == ["p 2", "q 2"]
    assert all((card.suspended, card.flag) == (True, 2) for card in map(ours.card, ("r#0", "r#1")))
    assert ours.meta("theme") == "dark"


@pytest.mark.parametrize("takes_in", [0, 1])
def test_a_deleted_note_stays_deleted_unless_it_was_changed_since(pair: Pair, takes_in: int) -> None:
    ours, theirs = pair
    (card, *_), (other, *_) = (find(ours, parse(f"id:{guid}"), rules_of(ours), START) for guid in "pq")
    with ours.writing() as database:
        delete(database, [card, other], START + timedelta(hours=1))
    theirs.import_notes([basic("q", "changed")], START + timedelta(hours=2))
    merged = pair[takes_in]
    take_in(merged, pair[1 - takes_in])
    assert [find(merged, parse(f"id:{guid}"), rules_of(merged), START) != [] for guid in "pq"] == [
        False,
        True,
    ]
    assert len(merged.reviews("p#0")) == 1
    assert check(merged, rules_of(merged)).sound


def test_decks_are_known_by_their_names_whatever_their_ids(pair: Pair) -> None:
    ours, theirs = pair
    later = START + timedelta(hours=1)
    ours.import_notes([basic("a", deck="Steps"), basic("b", deck="Bowls")], later)
    theirs.import_notes([basic("c", deck="Bowls"), basic("p", deck="Steps")], later)
    report = take_in(ours, theirs)
    assert report.decks == Origins(here=0, there=0, both=3)
    assert report.notes == Origins(here=2, there=1, both=3)
    assert [ours.note(guid).deck for guid in "abcpq"] == ["Steps", "Bowls", "Bowls", "Steps", "Rates"]
    with ours.reading() as database:
        bowls = decks_within(database, "Bowls")
        cards = due.new_cards(database, bowls, later.date(), {"Bowls": Limits()})
    assert {card.note_guid for card in cards} == {"b", "c"}


def test_a_note_deleted_in_one_copy_comes_back_with_all_its_answers(pair: Pair) -> None:
    ours, theirs = pair
    answer(ours, "p#0", Rating.GOOD, START + timedelta(minutes=10), Random(2))
    before = ours.card("p#0")
    delete_note(ours, "p")
    take_in(ours, theirs)
    assert ours.card("p#0") == before


def test_an_answer_taken_back_comes_back_from_a_copy_that_still_has_it(pair: Pair) -> None:
    ours, theirs = pair
    (given,) = ours.reviews("p#0")
    after = ours.card("p#0")
    answered = Change(
        (
            RowChange("reviews", given.id, None, review_values(given)),
            row_change("cards", after.guid, state_values(start(after)), state_values(after)),
        )
    )
    ours.revert(answered, rules_of(ours))
    assert ours.reviews("p#0") == []
    take_in(ours, theirs)
    assert ours.reviews("p#0") == [given]
    assert ours.card("p#0") == after


def test_the_cards_shown_are_those_of_the_newer_text(pair: Pair) -> None:
    ours, theirs = pair
    ours.import_notes([cloze("r", "[alpha] or [gamma]")], START + timedelta(hours=1))
    theirs.import_notes([cloze("r", "[eta] only")], START + timedelta(hours=2))
    take_in(ours, theirs)
    with ours.reading() as database:
        rows = list(database.execute("SELECT guid, asked, orphaned FROM cards WHERE guid LIKE 'r%'"))
    assert sorted(rows) == [("r#0", "eta", 0), ("r#1", "alpha", 1), ("r#2", "gamma", 1)]
    ours.import_notes([cloze("r", "[gamma] again")], START + timedelta(hours=3))
    assert ours.note("r").ordinals == (2,)


def test_newer_parameters_change_the_memory_of_every_card(pair: Pair) -> None:
    ours, theirs = pair
    model = MemoryModel((0.5, 2.0, 4.0, 9.0, *DEFAULT_PARAMETERS[4:]))
    use_model(theirs, model, START + timedelta(hours=1))
    report = take_in(ours, theirs)
    assert model_in_use(ours) == model
    assert (report.replayed, ours.card("p#0").memory) == (1, theirs.card("p#0").memory)


def test_answers_to_cards_that_neither_copy_has_are_kept(pair: Pair) -> None:
    ours, theirs = pair
    (known,) = theirs.reviews("p#0")
    log(theirs, replace(known, id=f"{7:036}", card_guid="nowhere#0"))
    assert take_in(ours, theirs).reviews.there == 1
    assert len(ours.reviews("nowhere#0")) == 1


def test_reviews_that_cannot_be_are_left_out(pair: Pair) -> None:
    ours, theirs = pair
    answer(theirs, "q#0", Rating.GOOD, START, Random(3))
    with theirs.reading() as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
    for number, (column, value) in enumerate(
        [
            ("rating", 9),
            ("day", "2026-02-30"),
            ("day", "0000-01-01"),
            ("at", 10**15),
            ("duration_ms", -1),
            ("prediction", "no JSON"),
        ]
    ):
        (known,) = theirs.reviews("q#0")
        values = {**review_values(known), "id": f"{number:036}", "card_guid": "r#0", column: value}
        with theirs.writing() as database:
            database.execute(insert_sql("reviews", values), values)
    report = take_in(ours, theirs)
    assert (report.reviews.there, report.refused) == (1, 6)


def test_the_other_copy_stays_as_it_is_byte_for_byte(pair: Pair, tmp_path: Path) -> None:
    ours, theirs = pair
    answer(theirs, "q#0", Rating.GOOD, START, Random(3))
    before = files(tmp_path, "theirs.db*")
    assert set(before) == {"theirs.db", "theirs.db-shm", "theirs.db-wal"}
    assert take_in(ours, theirs).reviews.there == 1
    assert files(tmp_path, "theirs.db*") == before
    theirs.close()
    before = files(tmp_path, "theirs.db*")
    assert set(before) == {"theirs.db"}
    merge(ours, theirs.path, lambda: rules_of(ours))
    assert files(tmp_path, "theirs.db*") == before


def files(folder: Path, pattern: str) -> dict[str, bytes]:
    """Return what is in the files, but for the index of the log that every reader locks."""
    paths = [path for path in folder.glob(pattern) if path.is_file()]
    return {path.name: b"" if path.suffix == ".db-shm" else path.read_bytes() for path in paths}


def write_nothing(path: Path) -> None:
    pass


def write_folder(path: Path) -> None:
    path.mkdir()


def write_essay(path: Path) -> None:
    path.write_text("The learning rate\n" * 100)


def write_bookmarks(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def write_future(path: Path) -> None:
    with Collection.open(path) as collection, collection.writing() as database:
        database.table(MIGRATIONS.migrations_table).insert(
            {"migration_set": "lrcards", "name": "holograms", "applied_at": "2031-01-01"}
        )


def write_damaged(path: Path) -> None:
    Collection.open(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\x55" * (len(whole) - 100))


def write_broken_index(path: Path) -> None:
    with Collection.open(path) as collection:
        collection.import_notes([basic("a"), basic("b", deck="Steps")], START)
        with collection.writing() as database:
            database.execute("PRAGMA writable_schema = ON")
            wrong = "replace(sql, '(deck_id)', '(kind)')"
            database.execute(f"UPDATE sqlite_schema SET sql = {wrong} WHERE name = 'notes_of_a_deck'")


@pytest.mark.parametrize(
    ("write", "what"),
    [
        (write_nothing, "there is no collection"),
        (write_folder, "this is a folder"),
        (write_essay, "it is not SQLite"),
        (write_bookmarks, "another program"),
        (write_future, "made by a newer lrcards"),
        (write_damaged, "the collection is damaged"),
        (write_broken_index, "the collection is damaged"),
    ],
)
def test_what_is_no_collection_is_refused_and_nothing_changes(
    pair: Pair, tmp_path: Path, write: Callable[[Path], None], what: str
) -> None:
    ours, theirs = pair
    other = tmp_path / "other.db"
    write(other)
    before, ours_before = files(tmp_path, "other.db*"), content(ours.path)
    with pytest.raises(CollectionError, match=what) as caught:
        merge(ours, other, lambda: rules_of(ours))
    assert caught.value.path == other
    assert (files(tmp_path, "other.db*"), content(ours.path)) == (before, ours_before)
    take_in(ours, theirs)


def test_a_merge_that_fails_half_way_changes_nothing(pair: Pair) -> None:
    ours, theirs = pair
    answer(theirs, "q#0", Rating.GOOD, START, Random(3))
    theirs.set_meta("parameters", "[1, 2, 3]", START)
    before = content(ours.path)
    with pytest.raises(CollectionError, match="FSRS parameters"):
        take_in(ours, theirs)
    assert content(ours.path) == before
    theirs.set_meta("parameters", str(list(DEFAULT_PARAMETERS)), START)
    assert take_in(ours, theirs).reviews.there == 1


def test_the_report_in_words(pair: Pair) -> None:
    ours, theirs = pair
    answer(theirs, "q#0", Rating.GOOD, START, Random(3))
    theirs.import_notes([basic("p", "What is\n\x1bη?")], START + timedelta(hours=1))
    assert in_words(take_in(ours, theirs)) == [
        "          only here  only there   in both",
        "reviews           0           1         1",
        "notes             0           0         3",
        "decks             0           0         1",
        "Took theirs, which is newer: note What is \ufffdη?",
        "1 cards were replayed from their log.",
    ]


# Instants at which copies are changed: few, so that some changes are made at the same one.
instants = st.integers(0, 3).map(lambda hours: START + timedelta(hours=hours))
texts = st.sampled_from(["", "[eta]", "[eta] or [alpha]", "[alpha] and [beta]", "[gamma] or [eta]"])
decks = st.sampled_from(["Rates", "Rates::Steps", "Steps"])
guids = st.sampled_from("pqr")
zones = st.sampled_from([UTC, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland")])

Event = Callable[[Collection, Random], object]
"""Something that happens to a copy."""


def some_card(collection: Collection, number: int) -> str | None:
    with collection.reading() as database:
        cards = [guid for (guid,) in database.execute("SELECT guid FROM cards ORDER BY guid")]
    return cards[number % len(cards)] if cards else None


@st.composite
def an_answer(draw: st.DrawFn) -> Event:
    number, rating, zone = draw(st.integers(0, 9)), draw(st.sampled_from(Rating)), draw(zones)
    at = START + draw(st.timedeltas(timedelta(0), timedelta(days=30)))
    undone = draw(st.booleans())

    def happen(collection: Collection, random: Random) -> None:
        if guid := some_card(collection, number):
            given = answer(collection, guid, rating, at, random, zone)
            if undone:
                collection.revert(given.change, rules_of(collection))

    return happen


@st.composite
def an_edit(draw: st.DrawFn) -> Event:
    text = draw(texts)
    kind = NoteKind.CLOZE if text else NoteKind.BASIC
    question = text or draw(st.sampled_from(["eta?", "alpha?"]))
    source = draw(st.none() | st.builds(Source, st.sampled_from(["a.md", "b.md"]), st.integers(1, 2)))
    note = Note(draw(guids), draw(decks), kind, question, "answer", source=source)
    at = draw(instants)
    return lambda collection, _: collection.import_notes([note], at)


@st.composite
def a_choice(draw: st.DrawFn) -> Event:
    number, at = draw(st.integers(0, 9)), draw(instants)
    choice = draw(
        st.fixed_dictionaries(
            {
                "suspended": st.booleans(),
                "flag": st.integers(0, 2),
                "buried_until": st.sampled_from([None, date(2026, 3, 5)]),
            }
        )
    )

    def happen(collection: Collection, _: Random) -> None:
        if guid := some_card(collection, number):
            choose(collection, guid, at, **choice)

    return happen


@st.composite
def a_setting(draw: st.DrawFn) -> Event:
    value, at = draw(st.sampled_from("xyz")), draw(instants)
    if draw(st.booleans()):
        return lambda collection, _: collection.set_meta("theme", value, at)
    deck, options = draw(decks), draw(st.sampled_from([None, '{"new_per_day": 3}']))
    return lambda collection, _: set_options(collection, deck, options, at)


@st.composite
def a_fit(draw: st.DrawFn) -> Event:
    first, at = draw(st.sampled_from([0.2, 0.3])), draw(instants)
    model = MemoryModel((first, *DEFAULT_PARAMETERS[1:]))
    return lambda collection, _: use_model(collection, model, at)


@st.composite
def an_odd_review(draw: st.DrawFn) -> Event:
    """Make an entry such as no sitting makes, with an id that another copy may give to another one."""
    at = draw(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
    at = at.replace(microsecond=0)
    review = Review(
        f"{draw(st.integers(0, 2)):036}",
        draw(st.sampled_from(["p#0", "q#1", "nowhere#0"])),
        draw(st.sampled_from(Rating)),
        at,
        draw(st.dates()),
        duration_ms=draw(st.integers(0, 86_400_000)),
        kind=draw(st.sampled_from(ReviewKind)),
        phase=draw(st.sampled_from(Phase)),
        scheduled=draw(st.integers(-(2**62), 2**62)),
        prediction=draw(st.none() | st.just({"asked": "regime", "held": True})),
        last_interval=draw(st.integers(0, 10**9)),
        recall=draw(st.none() | st.floats(0, 1)),
    )

    def happen(collection: Collection, _: Random) -> None:
        if review.id not in {known.id for known in log_of(collection)}:
            log(collection, review)

    return happen


@st.composite
def a_parcel(draw: st.DrawFn) -> Event:
    """Bring notes that were studied in another program, with a picture."""
    guid, deck, at = draw(guids), draw(decks), draw(instants)
    last = START + timedelta(days=draw(st.integers(-9, 9)))
    note = Note(guid, deck, NoteKind.BASIC, draw(st.sampled_from(["eta?", "alpha?"])), "![](eta.png)")
    card = Card(
        f"{guid}#0",
        guid,
        0,
        phase=Phase.REVIEW,
        memory=Memory(draw(st.sampled_from([2.5, 20.25])), 5.5),
        due_day=last.date(),
        interval=3,
        last_review=last,
        last_day=last.date(),
        reviews=2,
    )
    log = Review(f"{guid} {last:%Y-%m-%d}".ljust(36), card.guid, Rating.GOOD, last, last.date(), 900)
    picture = draw(st.sampled_from([b"one", b"two"]))
    parcel = Parcel(
        (note,),
        (card,),
        draw(st.sampled_from([(), (log,)])),
        media=(Media("eta.png", lambda: picture),),
        origins={guid: {"notetype": draw(st.sampled_from(["Basic", "Other"]))}},
    )
    return lambda collection, _: collection.import_parcel(parcel, lambda: rules_of(collection), at, Choices())


deletions = guids.map(lambda guid: lambda collection, _: delete_note(collection, guid))
events = st.one_of(
    *(an_answer(), an_answer(), an_edit(), an_edit()),
    *(a_choice(), a_setting(), a_fit(), a_parcel(), a_parcel(), an_odd_review(), deletions),
)
lives = st.lists(events, max_size=7)


def lived(path: Path, life: Sequence[Event], seed: int) -> None:
    with Collection.open(path) as collection:
        with collection.reading() as database:
            pass
        database.execute("PRAGMA synchronous = OFF")
        for happen in life:
            happen(collection, Random(seed := seed + 1000))
        assert check(collection, rules_of(collection), rebuild=True).sound


@settings(max_examples=25, deadline=None)
@given(lives, st.lists(lives, min_size=3, max_size=3))
def test_merging_is_associative_commutative_and_idempotent(
    before: list[Event], after: list[list[Event]]
) -> None:
    with TemporaryDirectory() as folder:
        a, b, c = (Path(folder) / f"{name}.db" for name in "abc")
        lived(a, before, seed=0)
        shutil.copy(a, b)
        shutil.copy(a, c)
        for seed, (path, life) in enumerate(zip((a, b, c), after, strict=True), start=1):
            lived(path, life, seed)

        ab, bc = joined(a, b), joined(b, c)
        assert content(joined(b, a)) == content(ab)
        assert content(joined(ab, c)) == content(joined(a, bc))
        for path in (a, b, ab):
            assert content(joined(path, path)) == content(path)
        assert content(joined(ab, a, b)) == content(ab)
