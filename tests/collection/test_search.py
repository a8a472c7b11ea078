"""What a query finds, what Anki finds with the same words, and that no query can do anything else."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcards.cards.model import Card, Face, Memory, Note, NoteKind, Phase, Rating, Review
from lrcards.cards.query import ESCAPABLE
from lrcards.cards.query_parser import DEEPEST, MOST_TERMS, parse
from lrcards.cards.searchable import SIDES, folded
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.safety import check
from lrcards.collection.search import AS_ADDED, Column, Order, find, found, guids
from lrcards.collection.store import Collection, move_card
from lrcards.collection.texts import AT_ONCE
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.options import DeckOptions
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings
from lrcards.text import one_line

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)
RULES = Rules(StudySettings(), StudyDays(UTC))


def note(guid: str, question: str, answer: str = "x", deck: str = "D", tags: str = "", **more) -> Note:
    return Note(guid, deck, NoteKind.BASIC, question, answer, tuple(tags.split()), **more)


AS_IN_ANKI = [
    note("a", "dog and cat", "Äpfel isst", "A", "x::y z"),
    note("b", "Dig", "(or)", "A::B"),
    note("c", "d\\_g", "b\\*r c:d", "AB", "x"),
    note("d", "duck", 'say "hi" -no', "C", "xy"),
]


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection that tests may fill with other notes; to make one takes longer than most tests."""
    with Collection.open(tmp_path_factory.mktemp("search") / "collection.sqlite") as collection:
        yield collection


def fill(collection: Collection, notes: list[Note]) -> None:
    """Let a collection hold these notes and no others."""
    with collection.writing() as database:
        database.execute("DELETE FROM cards")
        database.execute("DELETE FROM notes")
    collection.import_notes(notes, NOW)


def finds(collection: Collection, query: str, order: Order = AS_ADDED, rules: Rules = RULES) -> str:
    """Return the guids of the notes whose first card is found."""
    cards = guids(collection, find(collection, parse(query), rules, NOW, order))
    return " ".join(guid.removesuffix("#0") for guid in cards)


def put(collection: Collection, guid: str, **state: object) -> Card:
    card = replace(collection.card(f"{guid}#0"), **state)
    with collection.writing() as database:
        move_card(database, card)
    return card


def answer(collection: Collection, guid: str, day: date, rating: Rating = Rating.GOOD) -> None:
    at = datetime.combine(day, NOW.timetz())
    values = review_values(Review(f"{guid}{day}{rating:025}", f"{guid}#0", rating, at, day, 1000))
    with collection.writing() as database:
        database.execute(insert_sql("reviews", values), values)


# The right column is what the backend of Anki 26.9.3 found.
@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("dog", "a"),
        ("d_g", "a b c"),
        (r"d\_g", "c"),
        ("d*g", "a b c"),
        ("nc:apfel", "a"),
        ("ÄPFEL", "a"),
        ('"dog and"', "a"),
        ("dog or dig duck", "a"),
        ("dog OR duck", "a d"),
        ("dog AND cat", "a"),
        ("(dog or dig) -cat", "b"),
        ("-(dog or dig)", "c d"),
        ("-dog", "b c d"),
        ("dog -cat", ""),
        ('"or"', "b"),
        (r"\(or\)", "b"),
        (r"c\:d", "c"),
        (r"\-no", "d"),
        ("-no", "a b c"),
        ('dog"cat"', "a"),
        ("deck:a", "a b"),
        ("deck:A*", "a b c"),
        ("deck:A::*", "b"),
        ('deck:"A"', "a b"),
        ("tag:x", "a c"),
        ("tag:X", "a c"),
        ("tag:x*", "a c d"),
        ("tag:none", "b"),
        ("-tag:none", "a c d"),
        ("front:dog", ""),
        ("front:dog*", "a"),
        ("front:d_g", "b c"),
        ("back:*b*", "c"),
        ("note:basic", "a b c d"),
        ("card:1", "a b c d"),
        ("card:2", ""),
        ("added:1", "a b c d"),
        ("edited:1", "a b c d"),
        ("introduced:1", ""),
        ("prop:d>0.5", ""),
    ],
)
def test_words_find_what_they_find_in_anki(shared, query, notes):
    fill(shared, AS_IN_ANKI)
    assert finds(shared, query) == notes


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("is:due", "a b"),
        ("is:new", "f g"),
        ("is:learn", "b c"),
        ("is:review", "a c d e"),
        ("is:suspended", "d g"),
        ("is:buried", "e"),
        ("prop:due=0", "a b"),
        ("prop:due<=0", "a b"),
        ("prop:due=1", "c"),
        ("prop:due=-1", ""),
        ("prop:due<5", "a b c"),
        ("prop:ivl>4", "a c"),
        ("prop:pos>1", "f g"),
        ("prop:pos=6", "f"),
    ],
)
def test_states_find_what_they_find_in_anki(shared, query, notes):
    fill(shared, [note(guid, guid * 5) for guid in "abcdefg"])
    put(shared, "a", phase=Phase.REVIEW, due_day=TODAY, interval=10)
    put(shared, "b", phase=Phase.LEARNING, due_at=NOW + timedelta(minutes=10))
    put(shared, "c", phase=Phase.RELEARNING, due_day=TODAY + timedelta(days=1), interval=5)
    put(shared, "d", phase=Phase.REVIEW, due_day=TODAY - timedelta(days=1), interval=3, suspended=True)
    put(shared, "e", phase=Phase.REVIEW, due_day=TODAY, buried_until=TODAY + timedelta(days=1))
    put(shared, "g", suspended=True)
    assert finds(shared, query) == notes


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("prop:d>0.4", True),
        ("prop:d<0.4", False),
        ("prop:d=0.5", True),
        ("prop:s>9", True),
        ("prop:s=10", True),
        ("-prop:s=10", False),
        ("prop:s!=10", False),
        ("prop:r>0.89", True),
        ("prop:r<0.91", True),
        ("prop:r>0.91", False),
        ("prop:r>=0", True),
        ("prop:r<1", True),
        ("prop:reps=4", True),
        ("prop:lapses>3", False),
        ("prop:ivl>=10", True),
    ],
)
def test_numbers_of_a_card_are_compared(shared, query, is_found):
    fill(shared, [note("a", "q"), note("new", "q2")])
    put(
        shared,
        "a",
        phase=Phase.REVIEW,
        memory=Memory(10, 5.5),
        due_day=TODAY,
        interval=10,
        last_review=NOW - timedelta(days=10),
        last_day=TODAY - timedelta(days=10),
        reviews=4,
    )
    assert ("a" in finds(shared, query).split()) is is_found


def test_a_card_without_a_number_is_found_by_what_leaves_the_number_out(collection):
    collection.import_notes([note("new", "q")], NOW)
    assert finds(collection, "prop:s>0 or prop:s<=0 or prop:r<1 or prop:due<9") == ""
    assert finds(collection, "-prop:s>0 -prop:r<1 -prop:due<9") == "new"


def test_recall_follows_the_parameters_of_the_deck(collection):
    collection.import_notes([note("a", "q", deck="A"), note("b", "q", deck="B")], NOW)
    for guid in "ab":
        put(
            collection,
            guid,
            phase=Phase.REVIEW,
            memory=Memory(10, 5),
            due_day=TODAY,
            last_review=NOW - timedelta(days=90),
            last_day=TODAY - timedelta(days=90),
        )
    steep = MemoryModel((*MemoryModel().parameters[:20], 0.7))
    rules = Rules(StudySettings(), StudyDays(UTC), decks={"B": DeckOptions(parameters=steep.parameters)})
    recalls = [model.retrievability(Memory(10, 5), 90) for model in (MemoryModel(), steep)]
    between = sum(recalls) / 2
    assert finds(collection, f"prop:r>{between:.6f}", rules=rules) == (
        "a" if recalls[0] > recalls[1] else "b"
    )
    worst_first = "b a" if recalls[0] > recalls[1] else "a b"
    assert finds(collection, "", Order(Column.RECALL), rules) == worst_first


def test_answers_are_found_by_their_day_and_rating(collection):
    collection.import_notes([note(guid, guid * 3) for guid in "abc"], NOW)
    answer(collection, "a", TODAY, Rating.AGAIN)
    answer(collection, "b", TODAY)
    answer(collection, "b", TODAY - timedelta(days=6))
    answer(collection, "c", TODAY - timedelta(days=6))
    assert finds(collection, "rated:1") == "a b"
    assert finds(collection, "rated:6") == "a b"
    assert finds(collection, "rated:7") == "a b c"
    assert finds(collection, "rated:7:1") == "a"
    assert finds(collection, "introduced:6") == "a"
    assert finds(collection, "introduced:7") == "a b c"


def test_the_day_of_adding_and_editing_ends_at_the_rollover(collection):
    rollover = datetime(2026, 3, 2, 4, tzinfo=UTC)
    collection.import_notes([note("late", "q")], rollover - timedelta(milliseconds=1))
    collection.import_notes([note("today", "r", deck="E")], rollover)
    assert finds(collection, "added:1") == "today"
    assert finds(collection, "added:2") == "late today"
    collection.import_notes([note("late", "other")], NOW)
    assert finds(collection, "edited:1") == "late today"


def test_our_own_words(collection):
    collection.import_notes(
        [
            note("lab", "q", experiment={"preset": "kink"}),
            note("own", "r", experiment={"objective": "x**2"}, tags="leech"),
            Note("cloze", "D", NoteKind.CLOZE, "C of [one] and [two]", ordinals=(0, 1)),
        ],
        NOW,
    )
    assert finds(collection, "has:lab") == "lab own"
    assert finds(collection, "preset:K*") == "lab"
    assert finds(collection, "is:leech") == "own"
    assert finds(collection, "note:cloze card:2") == "cloze#1"
    assert finds(collection, "id:own") == "own"
    assert finds(collection, "id:cloze#1") == "cloze#1"
    put(collection, "lab", flag=3)
    assert finds(collection, "flag:3") == "lab"
    assert finds(collection, "flag:0") == "own cloze cloze#1"


def test_orphaned_cards_are_found_only_if_they_are_named(collection):
    collection.import_notes([Note("c", "D", NoteKind.CLOZE, "[one] and [two]", ordinals=(0, 1))], NOW)
    collection.import_notes([Note("c", "D", NoteKind.CLOZE, "one and [two]")], NOW)
    assert finds(collection, "") == "c#1"
    assert finds(collection, "is:orphaned") == "c"
    assert finds(collection, "is:orphaned or one") == "c c#1"


def test_what_cards_show_is_searched_not_how_it_is_written(collection):
    faces = (Face("one", "two"), Face("three", "four"))
    collection.import_notes(
        [
            note("marks", "**Gradient** descent is [here](https://example.org/hidden)", "`x = 1`\n\n- item"),
            note("maths", r"What is $\frac{\eta_0}{1+\alpha t}$?"),
            Note("cloze", "D", NoteKind.CLOZE, "The [learning] rate"),
            Note("faces", "D", NoteKind.FACES, "one", "two", ordinals=(0, 1), faces=faces),
        ],
        NOW,
    )
    assert finds(collection, '"gradient descent is here"') == "marks"
    assert finds(collection, "hidden") == ""
    assert finds(collection, '"x = 1 item"') == "marks"
    assert finds(collection, '"η₀/(1+αt)"') == finds(collection, "η0") == "maths"
    assert finds(collection, '"the learning rate"') == "cloze"
    assert finds(collection, "three back:*four") == "faces faces#1"


def test_a_search_knows_of_every_change(collection):
    collection.import_notes([note("a", "before"), note("b", "other")], NOW)
    assert finds(collection, "before") == "a"
    seen = collection.note("a")
    change = collection.edit(seen, replace(seen, question="afterwards"), NOW)
    assert (finds(collection, "before"), finds(collection, "afterwards")) == ("", "a")
    collection.revert(change, RULES)
    assert (finds(collection, "before"), finds(collection, "afterwards")) == ("a", "")


def test_more_notes_than_are_read_at_once_are_all_found(collection):
    collection.import_notes([note(f"n{i}", f"common {i}") for i in range(AT_ONCE + 1)], NOW)
    assert len(finds(collection, "common").split()) == AT_ONCE + 1


def test_a_check_tells_texts_that_do_not_agree_and_a_rebuild_mends_them(collection):
    collection.import_notes([note("a", "before")], NOW)
    finds(collection, "")
    assert check(collection, RULES).sound
    with collection.writing() as database:
        database.execute("UPDATE note_texts SET text = 'wrong'")
    assert not check(collection, RULES).sound
    assert check(collection, RULES, rebuild=True).sound
    assert finds(collection, "before") == "a"


def test_found_cards_are_sorted_and_those_without_a_value_come_last(collection):
    collection.import_notes(
        [note("a", "2", deck="B"), note("b", "1", deck="A"), note("c", "3", deck="A")], NOW
    )
    put(collection, "a", phase=Phase.REVIEW, due_day=TODAY, interval=3)
    put(collection, "b", phase=Phase.REVIEW, due_day=TODAY - timedelta(days=1), interval=9)
    assert finds(collection, "", Order(Column.QUESTION)) == "b a c"
    assert finds(collection, "", Order(Column.DECK)) == "b c a"
    assert finds(collection, "", Order(Column.DUE)) == "b a c"
    assert finds(collection, "", Order(Column.DUE, descending=True)) == "a b c"
    assert finds(collection, "", Order(Column.INTERVAL)) == "a b c"


def test_found_cards_come_with_their_notes_as_asked(collection):
    collection.import_notes([note("a", "1"), note("b", "2")], NOW)
    first, second = find(collection, parse(""), RULES, NOW)
    pairs = found(collection, [second, 999, first])
    assert list(pairs) == [second, first]
    assert [(card.guid, asked.question) for card, asked in pairs.values()] == [("b#0", "2"), ("a#0", "1")]


_LETTERS = "ab*?[]^-\"\\_'%;:() äÄ²"


@settings(max_examples=40, deadline=None)
@given(st.text(_LETTERS, min_size=1, max_size=6), st.lists(st.text(_LETTERS, min_size=1), max_size=4))
def test_literal_words_find_exactly_the_notes_that_hold_them(shared, text, questions):
    fill(shared, [note(f"n{i}", f"`` {question} ``") for i, question in enumerate(questions)])
    held = finds(shared, f'"{escaped(text)}"').split()
    wanted = re.sub(" +", " ", folded(text))
    assert held == [
        f"n{i}" for i, question in enumerate(questions) if wanted in one_line(folded(question)) + SIDES
    ]


@pytest.mark.parametrize(
    "query",
    [
        " ".join(["dog"] * MOST_TERMS),
        " or ".join(["cat"] * MOST_TERMS),
        "(" * DEEPEST + "dog" + ")" * DEEPEST,
        "-" * DEEPEST + "dog",
        "(dog (" * (DEEPEST // 2) + "dog" + "))" * (DEEPEST // 2),
        "-(duck or " * (DEEPEST // 2) + "dog" + ")" * (DEEPEST // 2),
        "(cat or (dog " * (DEEPEST // 2) + "dog" + "))" * (DEEPEST // 2),
        "dog or " + "dog*" * 490,
    ],
)
def test_the_longest_and_deepest_queries_are_answered(shared, query):
    fill(shared, AS_IN_ANKI)
    assert finds(shared, query) == "a"


def escaped(text: str) -> str:
    return text.translate(str.maketrans({char: f"\\{char}" for char in ESCAPABLE}))


def dump(collection: Collection) -> list[str]:
    with closing(sqlite3.connect(collection.path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("name", ["", "deck:", "tag:", "front:", "preset:", "id:"])
def test_no_text_of_a_query_is_read_as_sql(shared, name):
    fill(shared, AS_IN_ANKI)
    finds(shared, "")
    before = dump(shared)
    for text in ("'); DROP TABLE cards; --", '" OR 1=1', ":v0", "?1", "NEAR(a b)", "a AND b", "text : x"):
        assert finds(shared, f'{name}"{escaped(text)}"') == ""
    assert dump(shared) == before
