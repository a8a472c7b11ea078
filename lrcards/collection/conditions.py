"""The conditions that a query sets on cards, in SQL: every value is bound, none is part of the statement."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlite_utils.db import Database

from lrcards.cards.model import LEECH
from lrcards.cards.query import (
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
    Query,
    Rated,
    Side,
    Since,
    State,
    Tagged,
    Term,
    Wildcard,
    WithGuid,
    WithPreset,
    Words,
)
from lrcards.cards.searchable import SIDES, folded
from lrcards.collection.rows import to_json, to_ms
from lrcards.study.days import ONE_DAY
from lrcards.study.hierarchy import path_to
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules

_UNTAGGED = Pattern.literal("none")
_TURNED = str.maketrans("<>", "><")

_PIECE, _MOST_PIECES = 3, 32
"""The index knows pieces of three characters; so many of a word narrow a search down enough."""

_MOST_CANDIDATES = 20_000

_NUMBERS = {
    Property.STABILITY: "stability",
    Property.DIFFICULTY: "(difficulty - 1) / 9",
    Property.INTERVAL: "interval",
    Property.LAPSES: "lapses",
    Property.REVIEWS: "reviews",
    Property.POSITION: "iif(phase = 'new', position, NULL)",
}


@dataclass
class Conditions:
    """The conditions of one search, on rows of ``cards``.

    Attributes:
        database, rules, now: what terms are compared with.
        values: what the statement binds, by the names of its parameters.
        rows: what the statement selects from: the cards, maybe each with the text of its note.
    """

    database: Database
    rules: Rules
    now: datetime
    values: dict[str, Any] = field(default_factory=dict)
    rows: str = "cards"

    @cached_property
    def _day(self) -> str:
        return self._bound(self.rules.days.day(self.now).isoformat())

    @property
    def _buried(self) -> str:
        return f"ifnull(buried_until, '') > {self._day}"

    @cached_property
    def _decks(self) -> dict[int, str]:
        return dict(self.database.execute("SELECT id, name FROM decks"))

    def _bound(self, value: Any) -> str:
        """Return the parameter that stands for a value in the statement."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _among(self, values: Iterable[Any]) -> str:
        """Return the condition, to be put after an expression, that it is one of the values."""
        return f"IN (SELECT value FROM json_each({self._bound(to_json(list(values)))}))"

    def of(self, query: Query) -> str:
        """Return the condition of the query on a row of ``cards``; it is true or false, never null."""
        match query:
            case All(parts):
                return " AND ".join(f"({self.of(part)})" for part in parts) or "true"
            case Either(parts):
                return " OR ".join(f"({self.of(part)})" for part in parts)
            case Not(part):
                return f"NOT ({self.of(part)})"
            case _:
                return self._term(query)

    def _term(self, term: Term) -> str:
        match term:
            case Words(pattern):
                return self._text(pattern, before="*", after="*")
            case OnSide(side, pattern):
                is_question = side is Side.QUESTION
                around = {"after": f"{SIDES}*"} if is_question else {"before": f"*{SIDES}"}
                return self._text(pattern, **around)
            case InDeck(name):
                decks = {deck_id: [deck] for deck_id, deck in self._decks.items()}
                return f"deck_id {self._among(self._fitting(name, decks))}"
            case Tagged(name):
                return self._tagged(name)
            case Is(state):
                return self._state(state)
            case Flagged(flag):
                return f"flag = {self._bound(flag)}"
            case Rated(days, rating):
                also = "" if rating is None else f" AND rating = {self._bound(rating.value)}"
                return f"guid IN (SELECT card_guid FROM reviews WHERE day >= {self._first_day(days)}{also})"
            case Since(event, days):
                return self._since(event, days)
            case Compare(number, comparison, value):
                return self._compare(number, comparison, value)
            case Numbered(number):
                return f"ordinal = {self._bound(number - 1)}"
            case OfKind(kind):
                return self._of_notes(f"kind = {self._bound(kind.value)}")
            case HasLab():
                return self._of_notes("experiment IS NOT NULL")
            case WithPreset(name):
                preset = "lower(json_extract(experiment, '$.preset'))"
                return self._of_notes(f"{preset} GLOB {self._bound(_glob(name))}")
            case WithGuid(guid):
                known = self._bound(guid)
                return f"guid = {known} OR {self._of_notes(f'guid = {known}')}"

    def _of_notes(self, condition: str) -> str:
        return f"note_id IN (SELECT id FROM notes WHERE {condition})"

    def _first_day(self, days: int) -> str:
        """Return the first of so many study days, of which today is the last."""
        return self._bound((self.rules.days.day(self.now) - (days - 1) * ONE_DAY).isoformat())

    def _text(self, pattern: Pattern, before: str = "", after: str = "") -> str:
        """Return the condition that the note's text is the pattern with these globs around it."""
        fits = f"text GLOB {self._bound(before + _glob(pattern) + after)}"
        candidates = self._candidates(pattern)
        if candidates is None:
            self.rows = "cards CROSS JOIN note_texts USING (note_id)"
            return fits
        among = self._among(candidates)
        return f"note_id IN (SELECT note_id FROM note_texts WHERE note_id {among} AND {fits})"

    def _candidates(self, pattern: Pattern) -> list[int] | None:
        """Return the ids of the notes that the index offers; ``None`` if to read all texts is quicker."""
        pieces = _pieces(pattern)
        if not pieces:
            return None
        offered = self.database.execute(
            "SELECT rowid FROM note_index WHERE note_index MATCH :match LIMIT :limit",
            {"match": " AND ".join(pieces), "limit": _MOST_CANDIDATES + 1},
        ).fetchall()
        return None if len(offered) > _MOST_CANDIDATES else [note_id for (note_id,) in offered]

    def _tagged(self, name: Pattern) -> str:
        lists = dict(self.database.execute("SELECT tags, count(*) FROM notes GROUP BY tags"))
        if name == _UNTAGGED:
            fitting = {"[]"} & lists.keys()
        else:
            fitting = set(self._fitting(name, {tags: json.loads(tags) for tags in lists}))
        # SQLite makes a list of the notes: the shorter one takes less time.
        if 2 * sum(lists[tags] for tags in fitting) > sum(lists.values()):
            return f"NOT ({self._of_notes(f'tags {self._among(lists.keys() - fitting)}')})"
        return self._of_notes(f"tags {self._among(fitting)}")

    def _fitting(self, name: Pattern, owners: Mapping[Any, Iterable[str]]) -> list[Any]:
        """Return the owners of a name that fits, or that is below one that does."""
        keys = list(owners)
        paths = [
            (place, folded(path))
            for place, key in enumerate(keys)
            for owned in owners[key]
            for path in path_to(owned)
        ]
        rows = self.database.execute(
            """
            SELECT DISTINCT json_extract(value, '$[0]') FROM json_each(:paths)
            WHERE json_extract(value, '$[1]') GLOB :glob
            """,
            {"paths": to_json(paths), "glob": _glob(name)},
        )
        return [keys[place] for (place,) in rows]

    def _state(self, state: State) -> str:
        match state:
            case State.DUE:
                ends = self._bound(to_ms(self.rules.days.starts(self.rules.days.day(self.now) + ONE_DAY)))
                return (
                    f"NOT suspended AND NOT {self._buried} AND phase <> 'new' AND "
                    f"(ifnull(due_day, '9999') <= {self._day} OR ifnull(due_at, 9e999) < {ends})"
                )
            case State.NEW:
                return "phase = 'new'"
            case State.LEARN:
                return "phase IN ('learning', 'relearning')"
            case State.REVIEW:
                return "phase IN ('review', 'relearning')"
            case State.SUSPENDED:
                return "suspended"
            case State.BURIED:
                return self._buried
            case State.LEECH:
                return self._tagged(Pattern.literal(LEECH))
            case State.GONE:
                return self._of_notes("guid IN (SELECT note_guid FROM orphans WHERE NOT kept)")
            case State.ORPHANED:
                return "orphaned"

    def _since(self, event: Event, days: int) -> str:
        first = self.rules.days.day(self.now) - (days - 1) * ONE_DAY
        if event is Event.INTRODUCED:
            day = self._bound(first.isoformat())
            return (
                f"guid IN (SELECT card_guid FROM reviews WHERE day >= {day})"
                f" AND NOT EXISTS (SELECT 1 FROM reviews WHERE card_guid = cards.guid AND day < {day})"
            )
        column = {Event.ADDED: "created_at", Event.EDITED: "modified_at"}[event]
        return self._of_notes(f"{column} >= {self._bound(to_ms(self.rules.days.starts(first)))}")

    def _compare(self, number: Property, comparison: Comparison, value: float) -> str:
        if number is Property.RECALL:
            return self._recall(comparison, value)
        if number is Property.DUE:
            # What waits on a step is due today, as in Anki; what is put away is not due.
            away = f"suspended OR {self._buried} OR phase = 'new'"
            expression = f"iif({away}, NULL, ifnull(julianday(due_day) - julianday({self._day}), 0))"
        else:
            expression = _NUMBERS[number]
        return f"({expression} {comparison.value} {self._bound(value)}) IS TRUE"

    def _recall(self, comparison: Comparison, value: float) -> str:
        """Return the condition on the recall today: how many stabilities have passed tells it."""
        by_model: dict[MemoryModel, list[int]] = defaultdict(list)
        for deck_id, name in self._decks.items():
            by_model[self.rules.scheduler(name).memory_model].append(deck_id)
        passed = f"max(0, julianday({self._day}) - julianday(last_day)) / stability"
        turned = comparison.value.translate(_TURNED)
        conditions = []
        for model, decks in by_model.items():
            fits = f"({passed} {turned} {self._bound(model.delay(value))}) IS TRUE"
            conditions.append(f"(deck_id {self._among(decks)} AND {fits})")
        return " OR ".join(conditions) or "false"


def _glob(pattern: Pattern) -> str:
    """Return the pattern, folded, for SQLite's ``GLOB``."""
    return "".join(
        {Wildcard.ANY: "*", Wildcard.ONE: "?"}[part]
        if isinstance(part, Wildcard)
        else re.sub(r"[*?\[]", r"[\g<0>]", _literal(part))
        for part in pattern.parts
    )


def _literal(part: str) -> str:
    return re.sub(r"\s+", " ", folded(part))


def _pieces(pattern: Pattern) -> list[str]:
    """Return pieces of the folded pattern that every text that fits must hold, quoted for the index."""
    found: list[str] = []
    for part in pattern.parts:
        if isinstance(part, str):
            literal = _literal(part)
            last = len(literal) - _PIECE
            found += [literal[at : at + _PIECE] for at in {*range(0, last, _PIECE), last} if at >= 0]
    return ['"{}"'.format(piece.replace('"', '""')) for piece in found[:_MOST_PIECES]]
