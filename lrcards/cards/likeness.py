"""How alike two notes are, and which of many notes are the same one in other words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lrcards.cards.content import deletions
from lrcards.cards.model import Note, NoteKind

THRESHOLD = 0.75
"""From here on two notes pass for one in other words."""

LONG_ANSWER = 16
TELLING = 0.25
"""A whole answer of so many characters that just two notes have tells that they are one, if what they ask is
at least so alike."""

QUESTION_WEIGHT = 0.7
WIDESPREAD = 60
CANDIDATES = 6

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two notes that are alike: where each stands in its sequence, and their score."""

    first: int
    second: int
    score: float


@dataclass(frozen=True)
class _Print:
    """What of a note is compared: what it asks and what it answers, evened out."""

    kind: NoteKind
    asked: str
    answered: str

    @property
    def marks(self) -> set[str]:
        """By what like notes are found: the words and the whole answer, each with the kind."""
        texts = {*self.asked.split(), *self.answered.split(), f"= {self.answered}"}
        return {f"{self.kind} {text}" for text in texts}

    @cached_property
    def question(self) -> Counter[str]:
        """The trigrams of what it asks."""
        return _trigrams(self.asked)

    @cached_property
    def answer(self) -> Counter[str]:
        """The trigrams of what it answers."""
        return _trigrams(self.answered)


def likeness(first: Note, second: Note) -> float:
    """Return how alike two notes are, from 0 to 1.

    The likeness of two texts is the share of their trigrams of characters that they have in common (Dice's
    coefficient), after case, punctuation and white space are evened out. The question makes up 70 %, the
    answer 30 %, so that two questions of one pattern with different answers stay apart; of a cloze note, what
    its brackets hide is the answer.
    """
    return _score(_print(first), _print(second))


def pair_up(first: Sequence[Note], second: Sequence[Note]) -> list[Likeness]:
    """Return the pairs of notes that pass for one in other words, the likest pairs first; no note is in two.

    So do two that are less alike, but the only ones on their sides that have the same long answer.

    Each note is compared only with the few of its kind that share most with it of the words, and the whole
    answers, that not many notes have: so it is quick for ten thousand notes on either side.
    """
    if not first or not second:
        return []
    firsts, seconds = [_print(note) for note in first], [_print(note) for note in second]
    places = _places(seconds)
    telling = _answers_of_one(firsts) & _answers_of_one(seconds)
    found = [
        Likeness(index, other, score)
        for index, each in enumerate(firsts)
        for other in _nearest(each, places, CANDIDATES)
        if (score := _score_if_one(each, seconds[other], telling)) is not None
    ]

    pairs, taken_first, taken_second = [], set(), set()
    for pair in sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second)):
        if pair.first not in taken_first and pair.second not in taken_second:
            pairs.append(pair)
            taken_first.add(pair.first)
            taken_second.add(pair.second)
    return pairs


def twins(notes: Sequence[Note], threshold: float) -> list[Likeness]:
    """Return the pairs of notes of one sequence that are at least so alike, in their order.

    As in ``pair_up`` each note is compared with few others, so that of many twins not every pair is found.
    """
    prints = [_print(note) for note in notes]
    places = _places(prints)
    near = {
        (min(index, other), max(index, other))
        for index, each in enumerate(prints)
        for other in _nearest(each, places, CANDIDATES + 1)
        if other != index
    }
    scored = (Likeness(*pair, _score(prints[pair[0]], prints[pair[1]])) for pair in sorted(near))
    return [pair for pair in scored if pair.score >= threshold]


def _places(prints: Sequence[_Print]) -> dict[str, list[int]]:
    """Return which notes have each mark."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(prints):
        for mark in each.marks:
            places[mark].append(index)
    return places


def _nearest(each: _Print, places: Mapping[str, Sequence[int]], most: int) -> list[int]:
    """Return the notes that share most marks with one, but for marks that very many have."""
    shared: Counter[int] = Counter()
    for mark in each.marks:
        if len(having := places.get(mark, ())) <= WIDESPREAD:
            shared.update(having)
    return [other for other, _ in shared.most_common(most)]


def _print(note: Note) -> _Print:
    question, answer = note.question, note.answer
    if note.kind is NoteKind.CLOZE:
        hidden = deletions(note.question)
        answer = " ".join(hidden)
        for text in hidden:
            question = question.replace(f"[{text}]", "…")
    return _Print(note.kind, _evened(question), _evened(answer))


def _evened(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _trigrams(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2)) if text else Counter()


def _score(first: _Print, second: _Print) -> float:
    question = _dice(first.question, second.question)
    if not first.answered and not second.answered:
        return question
    # The answer cannot make up for what is missing then.
    if QUESTION_WEIGHT * question + 1 - QUESTION_WEIGHT < THRESHOLD:
        return QUESTION_WEIGHT * question
    return QUESTION_WEIGHT * question + (1 - QUESTION_WEIGHT) * _dice(first.answer, second.answer)


def _answers_of_one(prints: Sequence[_Print]) -> set[str]:
    """Return the long answers that just one note has."""
    numbers = Counter(each.answered for each in prints)
    return {answer for answer, number in numbers.items() if number == 1 and len(answer) >= LONG_ANSWER}


def _score_if_one(first: _Print, second: _Print, telling: Container[str]) -> float | None:
    """Return how alike two notes are that pass for one; ``None`` if they do not."""
    if first.kind is second.kind and first.answered == second.answered and first.answered in telling:
        question = _dice(first.question, second.question)
        return QUESTION_WEIGHT * question + 1 - QUESTION_WEIGHT if question >= TELLING else None
    score = _score(first, second)
    return score if score >= THRESHOLD else None


def _dice(first: Counter[str], second: Counter[str]) -> float:
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0
