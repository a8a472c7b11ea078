"""Which incoming note is which stored note, so that an edited deck keeps the history of its cards."""

import unicodedata
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import count

from lrcards.cards.content import deletions, ordinals, without_brackets
from lrcards.cards.model import Note, NoteKind
from lrcards.errors import DeckError
from lrcards.text import one_line

_Key = tuple[str, NoteKind, str]


@dataclass(frozen=True, slots=True)
class Matching:
    """What ``match`` found.

    Attributes:
        pairs: each incoming note, with the guid and ordinals it is to be stored under, beside the stored note
            that it is; ``None`` if it is new.
        orphans: the stored notes of the incoming notes' decks that no incoming note is.
    """

    pairs: tuple[tuple[Note, Note | None], ...]
    orphans: tuple[Note, ...]


def match(incoming: Sequence[Note], stored: Sequence[Note]) -> Matching:
    """Find each incoming note among the stored ones: by guid, else by its question in the same deck.

    A stored note keeps its guid and the ordinals of its deletions. A new note without a guid gets one from
    its deck, kind and question, which is the same on every machine.

    Raises:
        DeckError: if two incoming notes have the same guid.
    """
    _refuse_double_guids(incoming)
    found: list[Note | None] = [None] * len(incoming)
    by_guid = {note.guid: note for note in stored}
    for index, note in enumerate(incoming):
        found[index] = by_guid.get(note.guid) if note.guid else None
    _match_by(_exact_key, incoming, stored, found)
    _match_by(_key, incoming, stored, found)

    taken = set(by_guid) | {note.guid for note in incoming}
    pairs: list[tuple[Note, Note | None]] = []
    for note, known in zip(incoming, found, strict=True):
        guid = known.guid if known else note.guid or _derived_guid(note, taken)
        taken.add(guid)
        pairs.append((replace(note, guid=guid, ordinals=_aligned_ordinals(note, known)), known))

    decks = {note.deck for note in incoming}
    matched = {note.guid for note in found if note}
    orphans = tuple(note for note in stored if note.deck in decks and note.guid not in matched)
    return Matching(tuple(pairs), orphans)


def _refuse_double_guids(incoming: Sequence[Note]) -> None:
    first: dict[str, Note] = {}
    for note in incoming:
        if note.guid and (other := first.setdefault(note.guid, note)) is not note:
            where = f"{other.source.file}:{other.source.line}" if other.source else "another note"
            raise DeckError(
                f"The id “{note.guid}” is taken by {where}",
                "Give each card its own id",
                path=note.source.file if note.source else None,
                line=note.source.line if note.source else None,
            )


def _match_by(
    key: Callable[[Note], _Key], incoming: Sequence[Note], stored: Sequence[Note], found: list[Note | None]
) -> None:
    """Pair the notes without a partner that have equal keys, in order."""
    matched = {note.guid for note in found if note}
    waiting: dict[_Key, list[Note]] = defaultdict(list)
    for note in reversed(stored):
        if note.guid not in matched:
            waiting[key(note)].append(note)
    if not waiting:
        return
    for index, note in enumerate(incoming):
        if found[index] is None and (candidates := waiting.get(key(note))):
            found[index] = candidates.pop()


def _exact_key(note: Note) -> _Key:
    return note.deck, note.kind, note.question


def _key(note: Note) -> _Key:
    """Return what stays the same when white space, or which words a cloze note deletes, are changed."""
    text = without_brackets(note.question) if note.kind is NoteKind.CLOZE else note.question
    return note.deck, note.kind, unicodedata.normalize("NFC", one_line(text))


def _derived_guid(note: Note, taken: Container[str]) -> str:
    """Return a guid of 16 characters from the note's key; if it is taken, the next one from the same key."""
    repetition = 0
    while True:
        text = "\0".join((*_key(note), str(repetition)))
        guid = urlsafe_b64encode(blake2b(text.encode(), digest_size=12).digest()).decode()
        if guid not in taken:
            return guid
        repetition += 1


def _aligned_ordinals(note: Note, known: Note | None) -> tuple[int, ...]:
    """Give a deletion that was there its old ordinal, and a new one an ordinal that none had."""
    if note.kind is not NoteKind.CLOZE:
        return ordinals(note)
    texts = [one_line(text) for text in deletions(note.question)]
    if known is None:
        return tuple(range(len(texts)))
    old: dict[str, list[int]] = defaultdict(list)
    if known.kind is NoteKind.CLOZE:
        before = (one_line(text) for text in deletions(known.question))
        for text, ordinal in zip(before, known.ordinals, strict=False):
            old[text].append(ordinal)
    kept = [old[text].pop(0) if old[text] else None for text in texts]
    fresh = count(max(known.ordinals, default=-1) + 1)
    return tuple(next(fresh) if ordinal is None else ordinal for ordinal in kept)
