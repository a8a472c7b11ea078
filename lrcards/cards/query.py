"""What the browser's query language can say, as values; ``query_parser`` reads them from text.

The words and their meaning are Anki's, except where a note says otherwise.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TypeAlias

from lrcards.cards.model import NoteKind, Rating


class Wildcard(Enum):
    """What may stand for other text in a pattern."""

    ANY = "*"
    ONE = "_"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with wildcards: ``*`` for any characters, also none, and ``_`` for exactly one.

    Attributes:
        parts: literal pieces, none of them empty and no two side by side, and wildcards; at least one.
    """

    parts: tuple[str | Wildcard, ...]

    @classmethod
    def literal(cls, text: str) -> "Pattern":
        """Return the pattern of the text itself."""
        return cls((text,))

    @property
    def text(self) -> str:
        """The pattern with its wildcards as the characters that they are."""
        return "".join(part.value if isinstance(part, Wildcard) else part for part in self.parts)


class State(StrEnum):
    """Where a card stands, for ``is:``; ``leech``, ``gone`` and ``orphaned`` are not Anki's.

    A card that is relearned is both learned and reviewed, as in Anki. ``due`` is what the day brings but for
    its limits; ``gone`` are the notes that their files have no more, until the learner decides about them;
    ``orphaned`` are the cards of cloze deletions that vanished, which no other search shows.
    """

    DUE = "due"
    NEW = "new"
    LEARN = "learn"
    REVIEW = "review"
    SUSPENDED = "suspended"
    BURIED = "buried"
    LEECH = "leech"
    GONE = "gone"
    ORPHANED = "orphaned"


class Event(StrEnum):
    """What happened to a card or its note within the last days: its first answer is its introduction."""

    ADDED = "added"
    EDITED = "edited"
    INTRODUCED = "introduced"


class Side(StrEnum):
    """One side of a note."""

    QUESTION = "question"
    ANSWER = "answer"


class Property(StrEnum):
    """A number of a card, for ``prop:``.

    Stability and interval in days, difficulty from 0 to 1 as in Anki, recall today from 0 to 1, days from
    today to the day it is due, lapses, answers, and the position of a new card.
    """

    STABILITY = "s"
    DIFFICULTY = "d"
    RECALL = "r"
    INTERVAL = "ivl"
    DUE = "due"
    LAPSES = "lapses"
    REVIEWS = "reps"
    POSITION = "pos"


class Comparison(StrEnum):
    """How a number is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class All:
    """What fits every one of the parts; without any, every card."""

    parts: tuple["Query", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """What fits at least one of the parts."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What does not fit the part."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Words:
    """Notes that show the pattern somewhere, in any case and with or without accents."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class OnSide:
    """Notes of which the whole question or answer fits the pattern."""

    side: Side
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class InDeck:
    """Cards in decks that the name fits, in any case, and in their subdecks."""

    name: Pattern


@dataclass(frozen=True, slots=True)
class Tagged:
    """Notes with a tag that the name fits, in any case, or one below it; ``none`` means those without any."""

    name: Pattern


@dataclass(frozen=True, slots=True)
class Is:
    """Cards in a state."""

    state: State


@dataclass(frozen=True, slots=True)
class Flagged:
    """Cards with a flag, from 1 to 7, or with 0 without one."""

    flag: int


@dataclass(frozen=True, slots=True)
class Rated:
    """Cards that were answered in the last study days, today being the first, maybe with a rating."""

    days: int
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """Cards to which something happened in the last study days, today being the first."""

    event: Event
    days: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Cards of which a number compares with another so; those without the number never do."""

    property: Property
    comparison: Comparison
    value: float


@dataclass(frozen=True, slots=True)
class Numbered:
    """The cards of their notes with a number, counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class OfKind:
    """Cards of notes of a kind."""

    kind: NoteKind


@dataclass(frozen=True, slots=True)
class HasLab:
    """Notes that name an experiment; not Anki's."""


@dataclass(frozen=True, slots=True)
class WithPreset:
    """Notes whose experiment is a preset, or is made from one, that the name fits; not Anki's."""

    name: Pattern


@dataclass(frozen=True, slots=True)
class WithGuid:
    """The note with a guid, or the card; not Anki's."""

    guid: str


Term: TypeAlias = (
    Words
    | OnSide
    | InDeck
    | Tagged
    | Is
    | Flagged
    | Rated
    | Since
    | Compare
    | Numbered
    | OfKind
    | HasLab
    | WithPreset
    | WithGuid
)
Query: TypeAlias = All | Either | Not | Term

EVERYTHING = All()

CONNECTIVES = ("and", "or")
ESCAPABLE = '"\\*_:()-'
_SPECIAL = re.compile(r'["\\*_:()]|^-')
BARE = re.compile(r"[^\s()\"]+")
"""What a text without quotation marks may be."""


def written(query: Query) -> str:
    """Return the query as text from which ``query_parser.parse`` reads an equal one."""
    match query:
        case All(parts):
            return " ".join(map(_part, parts))
        case Either(parts):
            return " or ".join(map(_part, parts))
        case Not(part):
            return f"-{_part(part)}"
        case _:
            return _term(query)


def terms(query: Query) -> list[Term]:
    """Return the terms of a query, in their order."""
    match query:
        case All(parts) | Either(parts):
            return [term for part in parts for term in terms(part)]
        case Not(part):
            return terms(part)
        case _:
            return [query]


def _part(query: Query) -> str:
    return f"({written(query)})" if isinstance(query, All | Either | Not) else written(query)


def _term(term: Term) -> str:
    match term:
        case Words(pattern):
            return _quoted(_escaped(pattern))
        case OnSide(side, pattern):
            return _named(side, pattern)
        case InDeck(name):
            return _named("deck", name)
        case Tagged(name):
            return _named("tag", name)
        case Is(state):
            return f"is:{state}"
        case Flagged(flag):
            return f"flag:{flag}"
        case Rated(days, rating):
            return f"rated:{days}" + (f":{rating.value}" if rating else "")
        case Since(event, days):
            return f"{event}:{days}"
        case Compare(number, comparison, value):
            return f"prop:{number}{comparison}{Decimal(repr(value)).normalize():f}"
        case Numbered(number):
            return f"card:{number}"
        case OfKind(kind):
            return f"note:{kind}"
        case HasLab():
            return "has:lab"
        case WithPreset(name):
            return _named("preset", name)
        case WithGuid(guid):
            return _named("id", Pattern.literal(guid))


def _named(name: str, pattern: Pattern) -> str:
    return f"{name}:{_quoted(_escaped(pattern))}"


def _escaped(pattern: Pattern) -> str:
    return "".join(
        part.value if isinstance(part, Wildcard) else _SPECIAL.sub(r"\\\g<0>", part) for part in pattern.parts
    )


def _quoted(text: str) -> str:
    is_bare = BARE.fullmatch(text) and text.lower() not in CONNECTIVES
    return text if is_bare and "\\" not in text else f'"{text}"'
