"""The query language: what is read, what is refused and where, and that what is written reads the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.model import NoteKind, Rating
from lrcards.cards.query import (
    EVERYTHING,
    All,
    Compare,
    Comparison,
    Either,
    Event,
    Flagged,
    HasLab,
    InDeck,
    Is,
    Not,
    Numbered,
    OfKind,
    OnSide,
    Pattern,
    Property,
    Rated,
    Side,
    Since,
    State,
    Tagged,
    Wildcard,
    WithGuid,
    WithPreset,
    Words,
    terms,
    written,
)
from lrcards.cards.query_parser import DEEPEST, LONGEST, MOST_TERMS, parse
from lrcards.errors import QueryError

ANY, ONE = Wildcard.ANY, Wildcard.ONE


def words(text):
    return Words(Pattern.literal(text))


A, B, C = words("a"), words("b"), words("c")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EVERYTHING),
        ("  \t ", EVERYTHING),
        ("a", A),
        ("a b", All((A, B))),
        ("a and b", All((A, B))),
        ("a AND b", All((A, B))),
        ("a or b c", Either((A, All((B, C))))),
        ("a (b or c)", All((A, Either((B, C))))),
        ("-a", Not(A)),
        ("-(a b)", Not(All((A, B)))),
        ("--a", Not(Not(A))),
        ("(a)", A),
        ("( a )b", All((A, B))),
        ('"a b"', words("a b")),
        ('"or"', words("or")),
        ('a"b"', All((A, B))),
        ("a-b", words("a-b")),
        ("orbit android", All((words("orbit"), words("android")))),
        ("a*b_", Words(Pattern(("a", ANY, "b", ONE)))),
        (r"\*\_\"\:\(\)\-\\", words('*_":()-\\')),
        (r"\-a", words("-a")),
        ("deck:A", InDeck(Pattern.literal("A"))),
        ("DECK:A::B", InDeck(Pattern.literal("A::B"))),
        ('deck:"a b"', InDeck(Pattern.literal("a b"))),
        ('"deck:a b"', InDeck(Pattern.literal("a b"))),
        ('"what is it: a wave"', words("what is it: a wave")),
        ("tag:x::*", Tagged(Pattern(("x::", ANY)))),
        ("is:due", Is(State.DUE)),
        ("is:LEECH", Is(State.LEECH)),
        ("flag:0", Flagged(0)),
        ("rated:7", Rated(7)),
        ("rated:7:1", Rated(7, Rating.AGAIN)),
        ("added:1", Since(Event.ADDED, 1)),
        ("edited:30", Since(Event.EDITED, 30)),
        ("introduced:2", Since(Event.INTRODUCED, 2)),
        ("prop:ivl>=30", Compare(Property.INTERVAL, Comparison.GREATER_OR_EQUAL, 30)),
        ("prop:due=-1", Compare(Property.DUE, Comparison.EQUAL, -1)),
        ("prop:r<0.9", Compare(Property.RECALL, Comparison.LESS, 0.9)),
        ("prop:S!=10.5", Compare(Property.STABILITY, Comparison.NOT_EQUAL, 10.5)),
        ("card:2", Numbered(2)),
        ("note:cloze", OfKind(NoteKind.CLOZE)),
        ("front:*dog*", OnSide(Side.QUESTION, Pattern((ANY, "dog", ANY)))),
        ("question:a", OnSide(Side.QUESTION, Pattern.literal("a"))),
        ("back:a", OnSide(Side.ANSWER, Pattern.literal("a"))),
        ("nc:a", A),
        ("has:lab", HasLab()),
        ("preset:kink", WithPreset(Pattern.literal("kink"))),
        ('id:"a_b*"', WithGuid("a_b*")),
    ],
)
def test_a_text_is_read_as(text, query):
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("a (b", 2, "not closed"),
        ("(", 0, "not closed"),
        ("a) b", 1, "opens"),
        ("a ()", 2, "between the brackets"),
        ('a "b', 2, "not closed"),
        ('a ""', 2, "between the quotation marks"),
        ("or a", 0, "before “or”"),
        ("a or", 2, "follows “or”"),
        ("a and or b", 2, "follows “and”"),
        ("(a or)", 3, "follows “or”"),
        ("a -", 2, "minus"),
        ("(a -)", 3, "minus"),
        ("a \\x", 2, r"\\ for the backslash"),
        ("a\\", 1, "backslash"),
        ("a dekc:b", 2, "Did you mean deck:?"),
        ("http://a", 0, r"http\:"),
        ("re:d.g", 0, "* for any"),
        ("deck:", 5, "Nothing follows “deck:”"),
        ("deck: a", 5, "Nothing follows “deck:”"),
        ("is:foo", 3, "due, new, learn"),
        ("a flag:8", 7, "from 0 to 7"),
        ("flag:²", 5, "from 0 to 7"),
        ("rated:0", 6, "from 1"),
        ("rated:1:5", 6, "from 1 to 4"),
        ("added:x", 6, "from 1"),
        ("prop:foo=1", 5, "s, d, r"),
        ("prop:ivl", 5, "prop:ivl>=30"),
        ("prop:ease>2", 5, "prop:d"),
        ("prop:d>5.5", 5, "0.50 for 5.5 of 10"),
        ("prop:r<90", 5, "0 to 1"),
        ("note:foo", 5, "basic"),
        ("has:x", 4, "lab"),
        ("card:0", 5, "from 1"),
    ],
)
def test_a_mistake_is_told_at_its_character(text, at, says):
    with pytest.raises(QueryError) as error:
        parse(text)
    assert (error.value.at, error.value.query) == (at, text)
    assert says in str(error.value)
    assert f"Character {at + 1}: " in str(error.value)


def test_a_search_that_is_too_long_or_nested_too_deep_is_refused():
    too_many = "a " * (MOST_TERMS + 1)
    for text in ("a" * (LONGEST + 1), too_many, "(" * (DEEPEST + 2), "-" * (DEEPEST + 2) + "a"):
        with pytest.raises(QueryError):
            parse(text)


# What text.clean and the reading of white space leave as it is.
_TEXTS = st.text(
    st.one_of(st.sampled_from('ab"\\*_:()- '), st.characters(exclude_categories=["C", "Z"])), min_size=1
)


@st.composite
def patterns(draw):
    parts = []
    for part in draw(st.lists(st.one_of(st.sampled_from(Wildcard), _TEXTS), min_size=1, max_size=5)):
        if parts and isinstance(part, str) and isinstance(parts[-1], str):
            continue
        parts.append(part)
    return Pattern(tuple(parts))


_TERMS = st.one_of(
    patterns().map(Words),
    st.builds(OnSide, st.sampled_from(Side), patterns()),
    patterns().map(InDeck),
    patterns().map(Tagged),
    st.sampled_from(State).map(Is),
    st.integers(0, 7).map(Flagged),
    st.builds(Rated, st.integers(1, 36_500), st.one_of(st.none(), st.sampled_from(Rating))),
    st.builds(Since, st.sampled_from(Event), st.integers(1, 36_500)),
    st.builds(
        Compare,
        st.sampled_from(Property),
        st.sampled_from(Comparison),
        st.one_of(st.integers(0, 1), st.decimals(0, 1, places=4)).map(float),
    ),
    st.integers(1, 10_000).map(Numbered),
    st.sampled_from(NoteKind).map(OfKind),
    st.just(HasLab()),
    patterns().map(WithPreset),
    _TEXTS.map(WithGuid),
)
_QUERIES = st.recursive(
    _TERMS,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=4).map(tuple).map(All),
        st.lists(parts, min_size=2, max_size=4).map(tuple).map(Either),
        parts.map(Not),
    ),
    max_leaves=8,
)


@given(_QUERIES)
def test_what_is_written_is_read_as_the_same_query(query):
    assert parse(written(query)) == query


@given(st.text(st.sampled_from('ab "\\*_:()-or1<=propdeckis\n\x1b')))
def test_any_text_is_read_or_refused_at_one_of_its_characters(text):
    refused_at = 0
    try:
        parse(text)
    except QueryError as error:
        refused_at = error.at
    assert 0 <= refused_at <= len(text)


def test_the_terms_of_a_query_are_listed():
    assert terms(parse("a -(b or c)")) == [A, B, C]
