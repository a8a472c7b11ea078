"""Which incoming note is which stored note, so that an edited deck keeps the history of its cards."""

import unicodedata
from base64 import urlsafe_b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import count

from lrcards.cards.content import deletions, ordinals, without_brackets
from lrcards.cards.likeness import pair_up
from lrcards.cards.model import Note, NoteKind
from lrcards.errors import DeckError
from lrcards.text import excerpt, one_line


@dataclass(frozen=True, slots=True)
class Choices:
    """What the learner decides about an import.

    Attributes:
        likeness: whether a note may be one that was there in other words.
        declined: the guids of stored notes that are none of the incoming ones in other words.
        progress: whether cards take the progress that the file has.
    """

    likeness: bool = True
    declined: Collection[str] = frozenset()
    progress: bool = True


WITHOUT_LIKENESS = Choices(likeness=False)


@dataclass(frozen=True, slots=True)
class Matching:
    """What ``match`` found.

    Attributes:
        pairs: each incoming note, with the guid and ordinals it is to be stored under, beside the stored note
            that it is; ``None`` if it is new.
        orphans: the stored notes that the same files had in the same decks, and that no incoming note is.
        scores: how alike the two of a pair are, by guid, if that is how they were found.
        aliases: the guid under which a note is stored, by the other id that its author gave it.
    """

    pairs: tuple[tuple[Note, Note | None], ...]
    orphans: tuple[Note, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


def match(
    incoming: Sequence[Note],
    stored: Sequence[Note],
    choices: Choices = WITHOUT_LIKENESS,
    *,
    aliases: Mapping[str, str] | None = None,
    numbered: Container[str] = (),
    foreign: Container[str] = (),
) -> Matching:
    """Find each incoming note among the stored ones.

    By guid, or another id that its author gave it; else by its question and answer in the same deck, or its
    question there; else by both wherever it was, if only one note there is the like and it is not known by
    another id; else, if the learner wants it, by likeness among the orphans. A stored note keeps its guid and
    the ordinals of its deletions. A new note without a guid gets one from its deck, kind and question, which
    is the same on every machine.

    Args:
        incoming: the notes of one or more files.
        stored: those that may be the same: at least all of their decks.
        choices: what the learner decides.
        aliases: the guids of stored notes by other ids of theirs.
        numbered: the guids of the incoming notes that another program wrote, which says itself which
            deletion has which ordinal.
        foreign: the guids of the stored notes that came from such a program.

    Raises:
        DeckError: if two incoming notes have the same guid.
    """
    _refuse_double_guids(incoming)
    known_aliases = aliases or {}
    by_guid = {note.guid: note for note in stored}
    found: list[Note | None] = [
        by_guid.get(note.guid) or by_guid.get(known_aliases.get(note.guid, "")) if note.guid else None
        for note in incoming
    ]
    _drop_doubles(incoming, found)
    for key in (_whole_key, _exact_key, _key):
        _match_by(key, incoming, stored, found)
    _match_moved(incoming, stored, found)
    decks = {note.deck for note in incoming}
    files = {(_file(note), note.guid in numbered) for note in incoming}
    orphans = tuple(
        note
        for note in _unmatched(stored, found)
        if note.deck in decks and (_file(note), note.guid in foreign) in files
    )
    scores: dict[str, float] = {}
    if choices.likeness:
        orphans = _match_by_likeness(incoming, orphans, found, choices.declined, scores)

    taken = set(by_guid) | {note.guid for note in incoming}
    pairs: list[tuple[Note, Note | None]] = []
    given: dict[str, str] = {}
    for note, known in zip(incoming, found, strict=True):
        if known:
            guid = known.guid
        elif (before := known_aliases.get(note.guid)) and before not in taken:
            guid = before
        else:
            guid = note.guid or derived_guid(note, taken)
        taken.add(guid)
        if known and note.guid and note.guid != guid:
            given[note.guid] = guid
        if known is None or (note.guid == guid and guid in numbered):
            numbers = ordinals(note)
        else:
            numbers = _aligned_ordinals(note, known)
        if guid != note.guid or numbers != note.ordinals:
            note = _to_store(note, guid, numbers)
        pairs.append((note, known))
    return Matching(tuple(pairs), orphans, scores, given)


def _to_store(note: Note, guid: str, ordinals: tuple[int, ...]) -> Note:
    """Return ``replace(note, guid=guid, ordinals=ordinals)``, which takes three times as long."""
    return Note(
        guid,
        note.deck,
        note.kind,
        note.question,
        note.answer,
        note.tags,
        note.experiment,
        ordinals,
        note.faces,
        note.typed,
        note.source,
    )


def _refuse_double_guids(incoming: Sequence[Note]) -> None:
    first: dict[str, Note] = {}
    for note in incoming:
        if note.guid and (other := first.setdefault(note.guid, note)) is not note:
            where = f"{other.source.file}:{other.source.line}" if other.source else "another note"
            raise DeckError(
                f"The id “{excerpt(note.guid)}” is taken by {where}",
                "Give each card its own id",
                path=note.source.file if note.source else None,
                line=note.source.line if note.source else None,
            )


def _drop_doubles(incoming: Sequence[Note], found: list[Note | None]) -> None:
    """Let a stored note be found once: by its guid rather than by another id."""
    takers = Counter(known.guid for known in found if known)
    for index, (note, known) in enumerate(zip(incoming, found, strict=True)):
        if known and note.guid != known.guid and takers[known.guid] > 1:
            takers[known.guid] -= 1
            found[index] = None


def _match_by(
    key: Callable[[Note], Hashable],
    incoming: Sequence[Note],
    stored: Sequence[Note],
    found: list[Note | None],
) -> None:
    """Pair the notes without a partner that have equal keys, in order."""
    open_places = [index for index, known in enumerate(found) if known is None]
    if not open_places:
        return
    waiting: dict[Hashable, list[Note]] = defaultdict(list)
    for note in reversed(_unmatched(stored, found)):
        waiting[key(note)].append(note)
    for index in open_places if waiting else ():
        if candidates := waiting.get(key(incoming[index])):
            found[index] = candidates.pop()


def _match_moved(incoming: Sequence[Note], stored: Sequence[Note], found: list[Note | None]) -> None:
    """Pair the notes that say the same in different decks, where there is no doubt which is which.

    A note of a deck that is not among the incoming ones may still be in its file. So one with an id, by which
    it would have been found, is no such note.
    """
    decks = {note.deck for note in incoming}
    waiting: dict[Hashable, list[Note]] = defaultdict(list)
    for note in _unmatched(stored, found):
        waiting[_content_key(note)].append(note)
    if not waiting:
        return
    keys = {index: _content_key(note) for index, note in enumerate(incoming) if found[index] is None}
    numbers = Counter(keys.values())
    for index, key in keys.items():
        candidates = waiting.get(key, [])
        if numbers[key] == len(candidates) == 1 and (not incoming[index].guid or candidates[0].deck in decks):
            found[index] = candidates[0]


def _match_by_likeness(
    incoming: Sequence[Note],
    orphans: Sequence[Note],
    found: list[Note | None],
    declined: Container[str],
    scores: dict[str, float],
) -> tuple[Note, ...]:
    """Pair the notes without a partner with orphans; return the orphans that remain."""
    open_places = [index for index, known in enumerate(found) if known is None]
    candidates = [note for note in orphans if note.guid not in declined]
    for pair in pair_up([incoming[index] for index in open_places], candidates):
        known = candidates[pair.second]
        found[open_places[pair.first]] = known
        scores[known.guid] = pair.score
    return tuple(note for note in orphans if note.guid not in scores)


def _unmatched(stored: Sequence[Note], found: Sequence[Note | None]) -> list[Note]:
    matched = {note.guid for note in found if note}
    return [note for note in stored if note.guid not in matched]


def _file(note: Note) -> str:
    """Return the name of the file that a note was read from, which is the same wherever it is named from."""
    return "" if note.source is None else note.source.file.replace("\\", "/").rpartition("/")[2]


def _whole_key(note: Note) -> Hashable:
    return note.deck, note.kind, note.question, note.answer


def _exact_key(note: Note) -> Hashable:
    return note.deck, note.kind, note.question


def _key(note: Note) -> tuple[str, NoteKind, str]:
    """Return what stays the same when white space, or which words a cloze note deletes, are changed."""
    return note.deck, note.kind, _evened_question(note)


def _content_key(note: Note) -> Hashable:
    """Return what stays the same when a note moves to another deck."""
    return note.kind, _evened_question(note), unicodedata.normalize("NFC", one_line(note.answer))


def _evened_question(note: Note) -> str:
    text = without_brackets(note.question) if note.kind is NoteKind.CLOZE else note.question
    return unicodedata.normalize("NFC", one_line(text))


def derived_guid(note: Note, taken: Container[str]) -> str:
    """Return a guid of 16 characters from the note's key; if it is taken, the next one from the same key."""
    repetition = 0
    while True:
        text = "\0".join((*_key(note), str(repetition)))
        guid = urlsafe_b64encode(blake2b(text.encode(), digest_size=12).digest()).decode()
        if guid not in taken:
            return guid
        repetition += 1


def _aligned_ordinals(note: Note, known: Note) -> tuple[int, ...]:
    """Give a deletion that was there its old ordinal, and a new one an ordinal that none had."""
    if note.kind is not NoteKind.CLOZE:
        return ordinals(note)
    texts = [one_line(text) for text in deletions(note.question)]
    old: dict[str, list[int]] = defaultdict(list)
    if known.kind is NoteKind.CLOZE:
        before = (one_line(text) for text in deletions(known.question))
        for text, ordinal in zip(before, known.ordinals, strict=False):
            old[text].append(ordinal)
    kept = [old[text].pop(0) if old[text] else None for text in texts]
    fresh = count(max(known.ordinals, default=-1) + 1)
    return tuple(next(fresh) if ordinal is None else ordinal for ordinal in kept)
