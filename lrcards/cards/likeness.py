"""How alike two notes are, and which of many notes are the same one in other words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lrcards.cards.content import deletions
from lrcards.cards.model import Note, NoteKind

THRESHOLD = 0.75
"""From here on two notes pass for one in other words."""

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


@dataclass(frozen=True, slots=True)
class _Print:
    """What of a note is compared: the trigrams of what it asks and of what it answers.

    ``marks`` are by what like notes are found: its words and its whole answer, each with its kind.
    """

    marks: frozenset[str]
    question: Counter[str]
    answer: Counter[str]


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

    Each note is compared only with the few of its kind that share most with it of the words, and the whole
    answers, that not many notes have: so it is quick for ten thousand notes on either side.
    """
    firsts, seconds = [_print(note) for note in first], [_print(note) for note in second]
    places: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(seconds):
        for mark in each.marks:
            places[mark].append(index)
    found = []
    for index, each in enumerate(firsts):
        shared: Counter[int] = Counter()
        for mark in each.marks:
            if len(having := places.get(mark, ())) <= WIDESPREAD:
                shared.update(having)
        for other, _ in shared.most_common(CANDIDATES):
            if (score := _score(each, seconds[other])) >= THRESHOLD:
                found.append(Likeness(index, other, score))

    pairs, taken_first, taken_second = [], set(), set()
    for pair in sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second)):
        if pair.first not in taken_first and pair.second not in taken_second:
            pairs.append(pair)
            taken_first.add(pair.first)
            taken_second.add(pair.second)
    return pairs


def _print(note: Note) -> _Print:
    question, answer = note.question, note.answer
    if note.kind is NoteKind.CLOZE:
        hidden = deletions(note.question)
        answer = " ".join(hidden)
        for text in hidden:
            question = question.replace(f"[{text}]", "…")
    question, answer = _evened(question), _evened(answer)
    texts = {*question.split(), *answer.split(), f"= {answer}"}
    marks = frozenset(f"{note.kind}: {text}" for text in texts)
    return _Print(marks, _trigrams(question), _trigrams(answer))


def _evened(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _trigrams(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2)) if text else Counter()


def _score(first: _Print, second: _Print) -> float:
    question = _dice(first.question, second.question)
    if not first.answer and not second.answer:
        return question
    # The answer cannot make up for what is missing then.
    if QUESTION_WEIGHT * question + 1 - QUESTION_WEIGHT < THRESHOLD:
        return QUESTION_WEIGHT * question
    return QUESTION_WEIGHT * question + (1 - QUESTION_WEIGHT) * _dice(first.answer, second.answer)


def _dice(first: Counter[str], second: Counter[str]) -> float:
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0
