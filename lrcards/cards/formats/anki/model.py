"""What an Anki collection holds, whichever version of Anki wrote it.

Numbers and names are Anki's own: ids are milliseconds since 1970 when the thing was made, ``modified`` is in
seconds since 1970, decks are joined by ``::``. Notes, cards and reviews come by the hundred thousand, so they
are named tuples, made without a line of Python each; what there is little of is a dataclass.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

DEFAULT_DECK = DEFAULT_OPTIONS = 1
"""The id of the deck, and of the options, that every collection has; both are called Default."""

_BEYOND_MEASURE = 1e15
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class CardType(IntEnum):
    """Where a card stands in its life."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class CardQueue(IntEnum):
    """Where a card waits; what its ``due`` means depends on it."""

    BURIED_BY_HAND = -3
    BURIED_AS_SIBLING = -2
    SUSPENDED = -1
    NEW = 0
    LEARNING = 1
    REVIEW = 2
    DAY_LEARNING = 3
    PREVIEW = 4


class ReviewKind(IntEnum):
    """What an entry of the review log was."""

    LEARNING = 0
    REVIEW = 1
    RELEARNING = 2
    FILTERED = 3
    MANUAL = 4
    RESCHEDULED = 5


@dataclass(frozen=True, slots=True)
class AnkiField:
    """A field of a notetype; ``settings`` is the rest, by the names of Anki's JSON (``font``, ``rtl``, …)."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnkiTemplate:
    """One card of a notetype: the templates of its two sides.

    ``settings`` is the rest, by the names of Anki's JSON (``bqfmt``, ``did``, …).
    """

    name: str
    front: str
    back: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnkiNotetype:
    """How notes become cards: one for each template, or, of a cloze notetype, for each number of a deletion.

    Attributes:
        settings: the rest, by the names of Anki's JSON (``latexPre``, ``sortf``, …); given back unread.
    """

    id: int
    name: str
    is_cloze: bool
    fields: tuple[AnkiField, ...]
    templates: tuple[AnkiTemplate, ...]
    css: str = ""
    modified: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnkiDeckOptions:
    """A preset: what holds for the decks that name it.

    Attributes:
        learning_steps, relearning_steps: in minutes.
        parameters: those of FSRS: 21, 19 or 17, or none if it was never fitted.
        leech_threshold: how many lapses make a leech.
        suspends_leeches: whether a leech is suspended, or only tagged.

    Anki takes over a preset on import only if it has none with that id, so never one with the id 1.
    """

    id: int
    name: str
    learning_steps: tuple[float, ...] = (1.0, 10.0)
    relearning_steps: tuple[float, ...] = (10.0,)
    new_per_day: int = 20
    reviews_per_day: int = 200
    maximum_interval: int = 36500
    leech_threshold: int = 8
    suspends_leeches: bool = False
    desired_retention: float = 0.9
    parameters: tuple[float, ...] = ()
    modified: int = 0


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck; ``::`` in its name separates it from its parent.

    Attributes:
        options_id: its preset.
        is_filtered: whether it only borrows cards for a while; such a deck has no preset.
        new_per_day, reviews_per_day, desired_retention: where the deck differs from its preset.
    """

    id: int
    name: str
    options_id: int = DEFAULT_OPTIONS
    is_filtered: bool = False
    description: str = ""
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    desired_retention: float | None = None
    modified: int = 0


class AnkiNote(NamedTuple):
    """One note: the texts (HTML) of the fields of its notetype.

    The guid is opaque; it may hold any character.
    """

    id: int
    guid: str
    notetype_id: int
    modified: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


class AnkiMemory(NamedTuple):
    """What FSRS knows of a card.

    ``decay`` is that of the forgetting curve (positive; 0.5 before FSRS 6), ``last_review`` in seconds since
    1970.
    """

    stability: float
    difficulty: float
    desired_retention: float | None = None
    decay: float | None = None
    last_review: int | None = None


class AnkiCard(NamedTuple):
    """One card of a note, and where it stands.

    Attributes:
        deck_id: the deck it is in, maybe a filtered one.
        ordinal: the template, or the number of the cloze deletion less one.
        modified: in seconds since 1970.
        type: a ``CardType``.
        queue: a ``CardQueue``.
        due: the place in the order of new cards; for learning cards an instant (seconds since 1970);
            otherwise (review, and learning in queue 3) the day, counted from the collection's first.
        interval: in days; negative for seconds.
        factor: the ease in thousandths; 0 for new cards.
        left: learning steps still to do, in the last three digits.
        original_due, original_deck_id: what it goes back to when it leaves its filtered deck; else 0.
        flags: the colour of its flag in the last three bits.
        data: JSON of Anki's: ``memory`` and more.
    """

    id: int
    note_id: int
    deck_id: int
    ordinal: int
    modified: int
    type: int
    queue: int
    due: int
    interval: int
    factor: int
    reps: int
    lapses: int
    left: int
    original_due: int
    original_deck_id: int
    flags: int
    data: str

    @property
    def memory(self) -> AnkiMemory | None:
        """The memory in ``data``; ``None`` if there is none, or none that makes sense."""
        values = _object(self.data)
        stability, difficulty = _number(values.get("s")), _number(values.get("d"))
        if stability is None or difficulty is None:
            return None
        last_review = _number(values.get("lrt"))
        return AnkiMemory(
            stability,
            difficulty,
            _number(values.get("dr")),
            _number(values.get("decay")),
            None if last_review is None else int(last_review),
        )


def with_memory(data: str, memory: AnkiMemory) -> str:
    """Return a card's ``data`` with this memory, and whatever else it held."""
    values = _object(data)
    for key, value in zip(("s", "d", "dr", "decay", "lrt"), memory, strict=True):
        values.pop(key, None)
        if value is not None:
            values[key] = value
    return _ENCODER.encode(values)


class AnkiReview(NamedTuple):
    """One entry of the review log.

    Attributes:
        id: the instant, in milliseconds since 1970.
        ease: the button, 1 to 4; 0 where none was pressed.
        interval, last_interval: days; negative for seconds.
        factor: under FSRS ((difficulty - 1) / 9 + 0.1) * 1000, else the ease in thousandths.
        duration_ms: how long the card was looked at.
        kind: a ``ReviewKind``.
    """

    id: int
    card_id: int
    ease: int
    interval: int
    last_interval: int
    factor: int
    duration_ms: int
    kind: int


@dataclass(frozen=True, slots=True)
class AnkiCollection:
    """All that a package holds.

    Attributes:
        created: the start of its first study day; days are counted from it.
        utc_offset: how far the clock was ahead of UTC when it was made; ``None`` if the package does not say.
        rollover_hour: the hour at which a study day ends.
        notetypes, decks, options, notes, cards, reviews: ordered by id.
        media: what reads each file, by its name: a plain file name, without folders. Nothing is kept open:
            a file is looked up in the package whenever it is read, so the package must still be there, and
            unchanged, else there is a ``DeckError``.
        media_left_out: why a file is not among ``media``, by its name, in a clause.
    """

    created: datetime
    utc_offset: timedelta | None = None
    rollover_hour: int = 4
    notetypes: tuple[AnkiNotetype, ...] = ()
    decks: tuple[AnkiDeck, ...] = ()
    options: tuple[AnkiDeckOptions, ...] = ()
    notes: tuple[AnkiNote, ...] = ()
    cards: tuple[AnkiCard, ...] = ()
    reviews: tuple[AnkiReview, ...] = ()
    media: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    media_left_out: Mapping[str, str] = field(default_factory=dict)


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text, empty if that is not what it is."""
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    """Return a value of a JSON document if it is a number, and not beyond all measure."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _BEYOND_MEASURE:
        return float(value)
    return None
