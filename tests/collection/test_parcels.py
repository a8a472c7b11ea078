"""What a file holds comes in whole or not at all; what was learnt here or there is never lost."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lrcards.cards.matching import Choices
from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Rating, Review, ReviewKind
from lrcards.cards.parcel import Media, Parcel
from lrcards.cards.query_parser import parse
from lrcards.collection import media, origins, orphans
from lrcards.collection.importing import ImportReport
from lrcards.collection.parameters import rules_in_use, use_model
from lrcards.collection.safety import check
from lrcards.collection.search import find
from lrcards.collection.store import Answer, Collection, new_review_id
from lrcards.collection.tallies import BY_DAY, tallied
from lrcards.collection.triggers import MANY
from lrcards.errors import CollectionError, DeckError
from lrcards.study.days import StudyDays
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.scheduler import scheduled
from lrcards.study.settings import StudySettings

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
BEFORE = datetime(2026, 3, 10, 9, 30, 0, 123000, tzinfo=UTC)
DAYS = StudyDays(UTC)


def basic(guid: str, question: str = "", answer: str = "answer", deck: str = "Rates") -> Note:
    return Note(guid, deck, NoteKind.BASIC, question or f"question {guid}", answer)


def studied(guid: str, at: datetime = BEFORE, **other: Any) -> Card:
    """Return a card as another program has it."""
    state: dict[str, Any] = {
        "phase": Phase.REVIEW,
        "memory": Memory(10.5, 4.25),
        "due_day": at.date() + timedelta(days=10),
        "interval": 10,
        "last_review": at,
        "last_day": at.date(),
        "reviews": 3,
        "lapses": 1,
    }
    return Card(f"{guid}#0", guid, 0, **{**state, **other})


def reviewed(guid: str, at: datetime = BEFORE, rating: Rating = Rating.GOOD) -> Review:
    """Return an answer as another program has it."""
    return Review(f"{guid}-{at:%Y%m%d%H%M%S}".ljust(36, "0"), f"{guid}#0", rating, at, at.date(), 900)


ONE = Parcel((basic("a"),), (studied("a"),), (reviewed("a"),))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.db") as collection:
        yield collection


def rules_of(collection: Collection) -> Rules:
    return rules_in_use(collection, StudySettings(), DAYS)


def take_in(collection: Collection, parcel: Parcel, now: datetime = NOW, **choices: Any) -> ImportReport:
    foreseen = collection.preview(parcel, Choices(**choices))
    report = collection.import_parcel(parcel, lambda: rules_of(collection), now, Choices(**choices))
    assert report == foreseen
    assert check(collection, rules_of(collection)).problems == ()
    return report


def answer(collection: Collection, guid: str, rating: Rating = Rating.GOOD, at: datetime = NOW) -> Answer:
    scheduler = rules_of(collection).scheduler("Rates")
    before = collection.card(guid)
    after = scheduler.answer(before, rating, at)
    review = Review(
        new_review_id(at, Random(f"{guid} {at}")),
        guid,
        rating,
        at,
        DAYS.day(at),
        900,
        phase=before.phase,
        scheduled=scheduled(after, at),
        last_interval=before.interval,
    )
    return collection.answer(Answer(review, before, after), scheduler.replay)


def dump(collection: Collection) -> list[str]:
    connection = sqlite3.connect(collection.path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def test_very_many_notes_and_answers_are_counted_and_found_as_few_are(collection: Collection) -> None:
    guids = [f"n{number:04}" for number in range(MANY)]
    parcel = Parcel(
        tuple(basic(guid) for guid in guids),
        tuple(studied(guid) for guid in guids),
        tuple(reviewed(guid) for guid in guids),
    )
    take_in(collection, parcel)
    answer(collection, "n0000#0")
    take_in(collection, Parcel((basic("later"),), (studied("later"),), (reviewed("later"),)))
    # What ``check`` compares is kept by the triggers, which are all back in their places.
    found = find(collection, parse("question"), rules_of(collection), NOW)
    assert len(found) == MANY + 1
    with collection.reading() as database:
        assert sum(row[-2] for row in tallied(database, BY_DAY)) == MANY + 2


def test_a_card_comes_with_its_progress_and_its_log(collection: Collection) -> None:
    card = studied("a", suspended=True, flag=3)
    report = take_in(collection, replace(ONE, cards=(card,)))
    assert (report.progressed, report.reviews) == (1, 1)
    assert collection.card("a#0") == replace(card, position=1)
    assert collection.reviews("a#0") == list(ONE.reviews)


def test_a_rebuild_leaves_a_card_where_it_came_in(collection: Collection) -> None:
    take_in(collection, ONE)
    before = dump(collection)
    assert check(collection, rules_of(collection), rebuild=True).mended == ()
    assert dump(collection) == before


def test_the_same_file_changes_nothing_the_second_time(collection: Collection) -> None:
    take_in(collection, ONE)
    answer(collection, "a#0")
    before = dump(collection)
    report = take_in(collection, ONE, NOW + timedelta(days=1))
    assert (report.progressed, report.reviews, len(report.unchanged)) == (0, 0, 1)
    assert dump(collection) == before


def test_answers_go_on_from_where_the_card_came_in_and_can_be_taken_back(collection: Collection) -> None:
    take_in(collection, ONE)
    before = dump(collection)
    given = answer(collection, "a#0")
    card = collection.card("a#0")
    assert (card.reviews, card.lapses, card.last_day) == (4, 1, NOW.date())
    states = MemoryModel().next_states(Memory(10.5, 4.25), 10, 0.9)
    assert card.memory == states[Rating.GOOD][0]
    assert check(collection, rules_of(collection), rebuild=True).mended == ()
    assert collection.card("a#0") == card
    collection.revert(given.change, rules_of(collection))
    assert dump(collection) == before


def test_an_answer_of_another_program_meanwhile_is_replayed_from_there(collection: Collection) -> None:
    take_in(collection, ONE)
    seen = collection.card("a#0")
    first = answer(collection, "a#0")
    scheduler = rules_of(collection).scheduler("Rates")
    later = NOW + timedelta(minutes=1)
    review = replace(reviewed("a", later), phase=Phase.REVIEW, scheduled=-12)
    second = collection.answer(
        Answer(review, seen, scheduler.answer(seen, Rating.GOOD, later)), scheduler.replay
    )
    assert second.after.reviews == 5
    collection.revert(first.change, rules_of(collection))
    assert collection.card("a#0").reviews == 4
    assert check(collection, rules_of(collection)).problems == ()


def test_other_parameters_change_what_was_learnt_since(collection: Collection) -> None:
    take_in(collection, replace(ONE, notes=(basic("a"), basic("b")), cards=(*ONE.cards, studied("b"))))
    answer(collection, "a#0")
    model = MemoryModel((*DEFAULT_PARAMETERS[:8], 2.5, *DEFAULT_PARAMETERS[9:]))
    use_model(collection, model, NOW)
    assert collection.card("b#0").memory == Memory(10.5, 4.25)
    states = model.next_states(Memory(10.5, 4.25), 10, 0.9)
    assert collection.card("a#0").memory == states[Rating.GOOD][0]
    assert check(collection, rules_of(collection)).problems == ()


def test_what_was_studied_on_elsewhere_goes_on_from_there(collection: Collection) -> None:
    take_in(collection, ONE)
    later = BEFORE + timedelta(days=5)
    more = Parcel(
        ONE.notes,
        (studied("a", later, interval=30, due_day=date(2026, 4, 14)),),
        (*ONE.reviews, reviewed("a", later)),
    )
    report = take_in(collection, more)
    assert (report.progressed, report.reviews) == (1, 1)
    assert (collection.card("a#0").interval, collection.card("a#0").last_review) == (30, later)


def test_what_was_studied_here_since_is_kept_on_what_was_studied_elsewhere(collection: Collection) -> None:
    take_in(collection, ONE)
    here = answer(collection, "a#0").after
    between = BEFORE + timedelta(days=5)
    more = Parcel(ONE.notes, (studied("a", between, reviews=4),), (*ONE.reviews, reviewed("a", between)))
    assert take_in(collection, more).progressed == 1
    card = collection.card("a#0")
    assert (card.due_day, card.last_review, card.reviews) == (here.due_day, NOW, 5)
    assert len(collection.reviews("a#0")) == 3
    assert take_in(collection, ONE).progressed == 0
    assert collection.card("a#0") == card


def test_what_was_only_studied_here_comes_back_from_elsewhere_as_it_is(collection: Collection) -> None:
    take_in(collection, Parcel(ONE.notes))
    here = answer(collection, "a#0", at=BEFORE).after
    there = studied("a", BEFORE.replace(microsecond=0))
    back = Parcel(ONE.notes, (there,), (reviewed("a", BEFORE.replace(microsecond=0)),))
    report = take_in(collection, back)
    assert (report.progressed, report.reviews) == (0, 0)
    assert take_in(collection, replace(back, reviews=())).progressed == 0
    assert collection.card("a#0") == here


def test_progress_without_a_log_counts_if_it_is_later(collection: Collection) -> None:
    take_in(collection, Parcel(ONE.notes))
    answer(collection, "a#0", at=BEFORE)
    there = studied("a", BEFORE + timedelta(days=2))
    assert take_in(collection, Parcel(ONE.notes, (there,))).progressed == 1
    assert collection.card("a#0").due_day == there.due_day


def test_a_card_that_was_reset_elsewhere_is_new_with_its_log(collection: Collection) -> None:
    take_in(collection, Parcel(ONE.notes, (), ONE.reviews))
    assert collection.card("a#0").phase is Phase.NEW
    assert len(collection.reviews("a#0")) == 1
    answer(collection, "a#0")
    assert collection.card("a#0").reviews == 1
    assert check(collection, rules_of(collection)).problems == ()


def test_progress_can_be_left_out(collection: Collection) -> None:
    report = take_in(collection, ONE, progress=False)
    assert (report.progressed, report.reviews) == (0, 0)
    assert (collection.card("a#0").phase, collection.reviews("a#0")) == (Phase.NEW, [])


def test_a_note_known_by_what_it_says_takes_progress_and_origin_under_its_own_guid(
    collection: Collection,
) -> None:
    take_in(collection, Parcel((basic("mine", "What is η?"),)))
    parcel = Parcel(
        (basic("theirs", "What is η?"),),
        (studied("theirs"),),
        (reviewed("theirs"),),
        origins={"theirs": {"notetype": "Basic"}},
    )
    assert take_in(collection, parcel).progressed == 1
    assert collection.card("mine#0").reviews == 3
    assert [review.card_guid for review in collection.reviews("mine#0")] == ["mine#0"]
    with collection.reading() as database:
        assert list(database.execute("SELECT * FROM origins")) == [("mine", '{"notetype": "Basic"}')]
    reworded = replace(parcel, notes=(basic("theirs", "Say what η is."),))
    assert [note.guid for note in take_in(collection, reworded).changed] == ["mine"]


def test_new_cards_come_in_the_order_they_have_there(collection: Collection) -> None:
    cards = [Card(f"{guid}#0", guid, 0, position) for guid, position in (("a", 9), ("b", 2), ("c", 5))]
    take_in(collection, Parcel((basic("a"), basic("b"), basic("c")), tuple(cards)))
    positions = [collection.card(f"{guid}#0").position for guid in "bca"]
    assert positions == sorted(positions)


def test_a_note_that_was_deleted_and_comes_back_has_its_history(collection: Collection) -> None:
    take_in(collection, replace(ONE, notes=(basic("a"), basic("b"))))
    answer(collection, "a#0")
    answer(collection, "b#0")
    before = [collection.card(guid) for guid in ("a#0", "b#0")]
    collection.delete_orphans(["a", "b"], collection.path.with_name("copy.db"), NOW)
    take_in(collection, Parcel((basic("a"), basic("b"))))
    after = [collection.card(guid) for guid in ("a#0", "b#0")]
    assert [replace(card, position=0) for card in after] == [replace(card, position=0) for card in before]


def picture(name: str, data: bytes) -> Media:
    return Media(name, lambda: data)


def test_pictures_are_kept_by_name_and_another_one_of_the_same_name_gets_another(
    collection: Collection,
) -> None:
    shows = "![a hill](hill.png) and ![[hill.png]] and ![](<other hill.png>) and [sound:hill.png]"
    first = Parcel((basic("a", shows),), media=(picture("hill.png", b"one"),))
    second = Parcel(
        (basic("b", shows, deck="Hills"),), media=(picture("hill.png", b"two"), picture("x.png", b"x"))
    )
    assert take_in(collection, first).media == 1
    assert take_in(collection, second).media == 2
    assert collection.note("a").question == shows
    new = next(name for name in names(collection) if name.startswith("hill-"))
    assert collection.note("b").question == shows.replace("(hill.png", f"({new}").replace(
        "[[hill.png", f"[[{new}"
    ).replace("sound:hill.png", f"sound:{new}")
    with collection.reading() as database:
        assert [media.read(database, name) for name in ("hill.png", new)] == [b"one", b"two"]
    for again in (first, second):
        report = take_in(collection, again)
        assert (report.media, len(report.unchanged)) == (0, 1)


def names(collection: Collection) -> frozenset[str]:
    with collection.reading() as database:
        return media.names(database)


def test_options_are_taken_by_decks_that_have_none(collection: Collection) -> None:
    options = {"Rates": {"new_per_day": 7, "desired_retention": 0.85}, "Bad": {"desired_retention": 7}}
    report = take_in(collection, Parcel((basic("a"), basic("b", deck="Bad")), options=options))
    assert report.options == ("Rates",)
    assert [skipped.what for skipped in report.skipped] == ["the options of the deck Bad"]
    assert collection.options()["Rates"].new_per_day == 7
    again = take_in(collection, Parcel((basic("a"),), options={"Rates": {"new_per_day": 3}}))
    assert again.options == ()
    assert collection.options()["Rates"].new_per_day == 7


def test_orphans_are_remembered_until_they_are_back_or_decided_about(collection: Collection) -> None:
    def remembered() -> list[str]:
        with collection.reading() as database:
            return [note.guid for note in orphans.read(database)]

    take_in(collection, Parcel((basic("a"), basic("b"), basic("c"))))
    take_in(collection, Parcel((basic("a"),)))
    assert remembered() == ["b", "c"]
    take_in(collection, Parcel((basic("a"), basic("b"))))
    assert remembered() == ["c"]
    with collection.writing() as database:
        orphans.keep(database, ["c"])
    take_in(collection, Parcel((basic("a"), basic("b"))))
    assert remembered() == []


class CancelledError(Exception):
    pass


def cancelling(after: float) -> Callable[[float], None]:
    def progress(share: float) -> None:
        if share >= after:
            raise CancelledError

    return progress


@pytest.mark.parametrize("after", [0.0, 0.6, 0.85, 1.0])
def test_an_import_that_is_cancelled_leaves_nothing_behind(collection: Collection, after: float) -> None:
    take_in(collection, Parcel((basic("b"),)))
    before = dump(collection)
    parcel = replace(
        ONE,
        notes=(basic("a"), basic("b", "changed")),
        media=(picture("x.png", b"x"),),
        options={"Rates": {"new_per_day": 1}},
    )
    with pytest.raises(CancelledError):
        collection.import_parcel(parcel, lambda: rules_of(collection), NOW, Choices(), cancelling(after))
    assert dump(collection) == before


def test_reviews_that_no_log_may_hold_are_left_out(collection: Collection) -> None:
    impossible = replace(reviewed("a", BEFORE - timedelta(days=1)), duration_ms=-1)
    take_in(collection, replace(ONE, reviews=(impossible, *ONE.reviews)))
    assert collection.reviews("a#0") == list(ONE.reviews)


def test_crammed_answers_come_to_the_log_and_move_nothing(collection: Collection) -> None:
    crammed = replace(reviewed("a", BEFORE + timedelta(days=1)), kind=ReviewKind.CRAM)
    take_in(collection, replace(ONE, reviews=(*ONE.reviews, crammed)))
    assert collection.card("a#0").last_review == BEFORE
    assert len(collection.reviews("a#0")) == 2


def test_a_card_that_cannot_be_is_a_mistake_of_the_file(collection: Collection) -> None:
    before = dump(collection)
    impossible = replace(ONE, cards=(studied("a", memory=Memory(-1, 5)),))
    with pytest.raises(DeckError, match=r"no collection may hold.*--no-progress"):
        take_in(collection, impossible)
    assert dump(collection) == before


def test_a_card_without_a_memory_gets_the_one_that_its_answers_make(collection: Collection) -> None:
    learnt = [
        replace(reviewed("a", BEFORE - timedelta(days=10)), phase=Phase.NEW),
        replace(reviewed("a", BEFORE, Rating.HARD), phase=Phase.REVIEW),
    ]
    cards = studied("a", memory=None), studied("b", memory=None)
    take_in(collection, Parcel((basic("a"), basic("b")), cards, tuple(learnt)))
    (memory,) = MemoryModel().memory_after([[(3, 0), (2, 10)]])
    assert collection.card("a#0").memory == memory
    guessed = collection.card("b#0").memory
    assert guessed is not None
    assert guessed.stability == pytest.approx(10)


@pytest.mark.parametrize("state", ["no JSON", "[]", "{}", '{"phase": "odd"}'])
def test_a_baseline_that_is_damaged_is_said(collection: Collection, state: str) -> None:
    take_in(collection, ONE)
    with collection.writing() as database:
        database.execute("UPDATE baselines SET state = ?", [state])
    with pytest.raises(CollectionError, match="a#0"):
        check(collection, rules_of(collection))


def test_what_origins_share_is_kept_once_and_comes_back_with_each(tmp_path: Path) -> None:
    notetype = {"name": "Basic", "css": "x" * 1000}
    came = {f"g{n}": {"program": "anki", "notetype": notetype, "note": [n]} for n in range(20)}
    came["other"] = {"program": "mochi"}
    with Collection.open(tmp_path / "c.db") as collection, collection.writing() as database:
        origins.store(database, came.items())
        assert dict(origins.read(database)) == came
        ((kept,),) = database.execute("SELECT total(length(origin)) FROM origins")
        assert kept < 3000
