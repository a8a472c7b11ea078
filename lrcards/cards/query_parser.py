"""The grammar of the browser's query language: from text to a ``query``, or to a mistake at a character.

::

    query  = [ either ]
    either = all { "or" all }
    all    = one { [ "and" ] one }
    one    = "-" one | "(" either ")" | term
    term   = [ name ":" ] text

A text ends at white space or a bracket unless it is quoted. ``\\`` takes the meaning from the character after
it: ``\\" \\* \\_ \\: \\( \\) \\- \\\\``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple, TypeVar

from lrcards.cards.model import NoteKind, Rating
from lrcards.cards.query import (
    BARE,
    CONNECTIVES,
    ESCAPABLE,
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
from lrcards.errors import QueryError
from lrcards.text import clean

LONGEST, MOST_TERMS, DEEPEST = 2000, 100, 20
"""Characters and terms of a query, and how deep brackets may nest."""

MOST_DAYS = 36_500

_Named = TypeVar("_Named", bound=StrEnum)


class _Char(NamedTuple):
    """A character of a term: where it stands, and whether its own meaning was taken from it."""

    char: str
    at: int
    is_plain: bool


def parse(text: str) -> Query:
    """Return the query in a text; without words, the one for every card.

    Raises:
        QueryError: at the first character that cannot be read.
    """
    if len(text) > LONGEST:
        raise QueryError("The search is too long", f"{LONGEST} characters are enough", query=text, at=LONGEST)
    parser = _Parser(re.sub(r"\s", " ", clean(text)))
    parser.skip_space()
    if parser.is_at_end():
        return EVERYTHING
    query = parser.either(depth=0)
    if not parser.is_at_end():
        raise parser.mistake("Nothing opens this bracket", r"Write \) for the bracket itself")
    return query


@dataclass
class _Parser:
    """Reads a query from left to right."""

    text: str
    at: int = 0
    terms: int = 0

    def mistake(self, what: str, remedy: str, at: int | None = None) -> QueryError:
        return QueryError(what, remedy, query=self.text, at=self.at if at is None else at)

    def skip_space(self) -> None:
        while not self.is_at_end() and self.text[self.at].isspace():
            self.at += 1

    def is_at_end(self) -> bool:
        return self.at >= len(self.text)

    def either(self, depth: int) -> Query:
        parts = [self.all(depth)]
        while self._take_word("or"):
            parts.append(self.all(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def all(self, depth: int) -> Query:
        parts = [self.one(depth)]
        while self._take_word("and") or not (self.is_at_end() or self._is_at(")") or self._word() == "or"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self, depth: int) -> Query:
        self._expect_something()
        if depth > DEEPEST:
            raise self.mistake("Brackets and minus signs are nested too deep here", "Leave some out")
        if self._is_at("-"):
            self.at += 1
            if self.is_at_end() or self._is_at(")") or self.text[self.at].isspace():
                raise self.mistake(
                    "There is nothing for the minus to leave out",
                    r"Write -word without a space, or \- for the minus itself",
                    self.at - 1,
                )
            return Not(self.one(depth + 1))
        if self._is_at("("):
            opened = self.at
            self.at += 1
            self.skip_space()
            if self.is_at_end():
                raise self.mistake("This bracket is not closed", r"Write \( for the bracket itself", opened)
            if self._is_at(")"):
                raise self.mistake("There is nothing between the brackets", "Leave them out", opened)
            query = self.either(depth + 1)
            if not self._is_at(")"):
                raise self.mistake("This bracket is not closed", r"Write \( for the bracket itself", opened)
            self.at += 1
            self.skip_space()
            return query
        return self._term()

    def _is_at(self, char: str) -> bool:
        return self.text.startswith(char, self.at)

    def _word(self) -> str:
        found = BARE.match(self.text, self.at)
        return found[0].lower() if found else ""

    def _take_word(self, word: str) -> bool:
        if self._word() != word:
            return False
        connective = self.at
        self.at += len(word)
        self.skip_space()
        if self.is_at_end() or self._is_at(")") or self._word() in CONNECTIVES:
            raise self.mistake(f"Nothing follows “{word}”", f'Write "{word}" for the word itself', connective)
        return True

    def _expect_something(self) -> None:
        if self._word() in CONNECTIVES:
            word = self._word()
            raise self.mistake(f"Nothing stands before “{word}”", f'Write "{word}" for the word itself')
        if self._is_at(")"):
            raise self.mistake("Nothing opens this bracket", r"Write \) for the bracket itself")

    def _term(self) -> Query:
        start = self.at
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise self.mistake("There are too many words in this search", f"{MOST_TERMS} are enough")
        is_quoted = self._is_at('"')
        chars = self._quoted_chars() if is_quoted else self._bare_chars()
        colon = next((i for i, (char, _, is_plain) in enumerate(chars) if char == ":" and not is_plain), None)
        name = "" if colon is None else "".join(char for char, _, _ in chars[:colon]).lower()
        # In quotes a colon may be just that: "what is it: a wave?" looks for no field.
        if colon is None or (is_quoted and name not in _READERS):
            self.skip_space()
            if not chars:
                raise self.mistake("There is nothing between the quotation marks", "Leave them out", start)
            return Words(_pattern(chars))
        value = chars[colon + 1 :]
        if not value and not is_quoted and self._is_at('"'):
            value = self._quoted_chars()
        self.skip_space()
        value_at = value[0].at if value else chars[colon].at + 1
        return self._named(name, start, value, value_at)

    def _named(self, name: str, at: int, chars: list[_Char], value_at: int) -> Query:
        if name not in _READERS:
            raise self._unknown(name, at)
        if not chars:
            raise self.mistake(f"Nothing follows “{name}:”", rf"Write {name}\: for the text itself", value_at)
        try:
            return _READERS[name](_pattern(chars))
        except _UnreadableError as error:
            raise self.mistake(error.what, error.remedy, value_at) from None

    def _unknown(self, name: str, at: int) -> QueryError:
        if name in ("re", "w"):
            return self.mistake(
                f"There is no search for “{name}:”", "Use * for any characters and _ for one of them", at
            )
        close = get_close_matches(name, _READERS, 1, cutoff=0.6)
        known = f"Did you mean {close[0]}:? " if close else ""
        return self.mistake(
            f"There is no search for “{name}:”", rf"{known}Write {name}\: for the text itself", at
        )

    def _bare_chars(self) -> list[_Char]:
        chars = []
        while not self.is_at_end() and not self.text[self.at].isspace() and self.text[self.at] not in '()"':
            chars.append(self._char())
        return chars

    def _quoted_chars(self) -> list[_Char]:
        opened = self.at
        self.at += 1
        chars = []
        while not self.is_at_end() and not self._is_at('"'):
            chars.append(self._char())
        if self.is_at_end():
            raise self.mistake(
                "This quotation mark is not closed", r"Write \" for the quotation mark itself", opened
            )
        self.at += 1
        return chars

    def _char(self) -> _Char:
        at, char = self.at, self.text[self.at]
        self.at += 1
        if char != "\\":
            return _Char(char, at, is_plain=False)
        escaped = self.text[self.at : self.at + 1]
        if not escaped or escaped not in ESCAPABLE:
            raise self.mistake(
                "This backslash stands before nothing that has a meaning",
                r"Write \\ for the backslash itself",
                at,
            )
        self.at += 1
        return _Char(escaped, at, is_plain=True)


class _UnreadableError(Exception):
    """A value that its name does not take."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy


def _pattern(chars: list[_Char]) -> Pattern:
    parts: list[str | Wildcard] = []
    for char, _, is_plain in chars:
        if char in "*_" and not is_plain:
            parts.append(Wildcard(char))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += char
        else:
            parts.append(char)
    return Pattern(tuple(parts))


def _member(kind: type[_Named], name: str, value: str) -> _Named:
    try:
        return kind(value.lower())
    except ValueError:
        words = ", ".join(kind)
        raise _UnreadableError(f"“{value}” is nothing that “{name}:” knows", f"It knows {words}") from None


def _number(value: str, name: str, low: int, high: int) -> int:
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not low <= int(value) <= high:
        raise _UnreadableError(
            f"“{value}” is no number for “{name}:”", f"It takes a whole number from {low} to {high}"
        )
    return int(value)


def _rated(pattern: Pattern) -> Term:
    days, colon, rating = pattern.text.partition(":")
    return Rated(
        _number(days, "rated", 1, MOST_DAYS), Rating(_number(rating, "rated", 1, 4)) if colon else None
    )


def _since(event: Event) -> Callable[[Pattern], Term]:
    return lambda pattern: Since(event, _number(pattern.text, event, 1, MOST_DAYS))


_COMPARISON = re.compile(r"([a-z]+)(!=|<=|>=|=|<|>)(-?\d{1,9}(?:\.\d{1,12})?)", re.ASCII | re.IGNORECASE)


def _prop(pattern: Pattern) -> Term:
    found = _COMPARISON.fullmatch(pattern.text)
    if found is None:
        raise _UnreadableError(
            f"“{pattern.text}” compares nothing", "Write it as in prop:ivl>=30 or prop:r<0.9"
        )
    if found[1].lower() == "ease":
        raise _UnreadableError("FSRS has no ease", "Use prop:d, the difficulty from 0 to 1")
    number, value = _member(Property, "prop", found[1]), float(found[3])
    if number in (Property.DIFFICULTY, Property.RECALL) and not 0 <= value <= 1:
        instead = f"{(value - 1) / 9:.2f} for {value:g} of 10" if number is Property.DIFFICULTY else "0.9"
        raise _UnreadableError(f"prop:{number} counts from 0 to 1", f"Write, say, {instead}")
    return Compare(number, Comparison(found[2]), value)


def _has(pattern: Pattern) -> Term:
    if pattern.text.lower() != "lab":
        raise _UnreadableError(f"“{pattern.text}” is nothing that “has:” knows", "It knows lab")
    return HasLab()


def _on(side: Side) -> Callable[[Pattern], Term]:
    return lambda pattern: OnSide(side, pattern)


_READERS: dict[str, Callable[[Pattern], Term]] = {
    "deck": InDeck,
    "tag": Tagged,
    "is": lambda pattern: Is(_member(State, "is", pattern.text)),
    "flag": lambda pattern: Flagged(_number(pattern.text, "flag", 0, 7)),
    "rated": _rated,
    **{event.value: _since(event) for event in Event},
    "prop": _prop,
    "card": lambda pattern: Numbered(_number(pattern.text, "card", 1, 10_000)),
    "note": lambda pattern: OfKind(_member(NoteKind, "note", pattern.text)),
    "front": _on(Side.QUESTION),
    "question": _on(Side.QUESTION),
    "back": _on(Side.ANSWER),
    "answer": _on(Side.ANSWER),
    "nc": Words,
    "has": _has,
    "preset": WithPreset,
    "id": lambda pattern: WithGuid(pattern.text),
}
"""What reads the value after each name; ``nc:``, without accents, is what plain words do anyway."""
