"""A parcel as a collection of Anki's: what came from there as it was, the rest as notes of our notetypes."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from lrcards.cards.content import ordinals
from lrcards.cards.formats.anki import cloze
from lrcards.cards.formats.anki.deck_options import DEFAULT, presets_of, stable_id, with_those_above
from lrcards.cards.formats.anki.model import (
    DEFAULT_DECK,
    AnkiCard,
    AnkiCollection,
    AnkiDeck,
    AnkiNote,
    AnkiNotetype,
    AnkiReview,
)
from lrcards.cards.formats.anki.notes import Converter, tags_of
from lrcards.cards.formats.anki.origins import Origin, read_origin
from lrcards.cards.formats.anki.own_notes import fields_of, notetype_of
from lrcards.cards.formats.anki.standing import CardWriter, entries_of, seconds
from lrcards.cards.formats.anki.writing import write_anki
from lrcards.cards.formats.to_html import to_html
from lrcards.cards.model import Card, Note, NoteKind, card_guid
from lrcards.cards.parcel import Parcel

_DEFAULT = "Default"
_COPY = "~"
"""Ends the guid of a note whose edit has no place in the notetype that it came with."""


class Calendar(Protocol):
    """A learner's study days, as ``study.days.StudyDays`` tells them."""

    @property
    def rollover_hour(self) -> int:
        """The hour on the learner's clock at which a study day begins."""

    def day(self, at: datetime) -> date:
        """Return the study day of an instant."""

    def starts(self, day: date) -> datetime:
        """Return the instant (UTC) at which a study day begins."""


def write_parcel(
    path: Path,
    parcel: Parcel,
    *,
    now: datetime,
    days: Calendar,
) -> None:
    """Write a parcel as an .apkg; see ``anki_collection_of``.

    Raises:
        LrcardsError: the file cannot be written.
    """
    write_anki(path, anki_collection_of(parcel, now=now, days=days))


def anki_collection_of(
    parcel: Parcel,
    *,
    now: datetime,
    days: Calendar,
) -> AnkiCollection:
    """Return a parcel as a collection of Anki's, which is an update of what Anki has of it.

    A note that came from Anki and says what it said then is given back as it came. If it was edited, the edit
    goes into its fields where they are its question and answer, or its text with deletions; else it becomes a
    note of its own beside it. All ids follow from what they are of, so that a second export is an update.

    Args:
        parcel: the notes, with their cards, reviews, options, media and origins.
        now: the instant (UTC).
        days: the learner's study days.
    """
    packing = _Packing(parcel, now, days)
    start = packing.writer.start
    created = days.starts(start)
    offset = datetime.combine(start, time(days.rollover_hour)) - created.replace(tzinfo=None)
    for note in parcel.notes:
        packing.add(note)
    taken = {entry.id for entry in packing.moves}
    log = ((packing.card_ids[review.card_guid], review) for review in parcel.reviews)
    answers = entries_of((each for each in log if each[0]), taken)
    return AnkiCollection(
        created=created,
        utc_offset=timedelta(minutes=round(offset.total_seconds() / 60)),
        rollover_hour=days.rollover_hour,
        notetypes=tuple(sorted(packing.notetypes.values(), key=lambda each: each.id)),
        decks=tuple(sorted(packing.decks.values(), key=lambda each: each.id)),
        options=packing.presets,
        notes=tuple(sorted(packing.notes)),
        cards=tuple(sorted(packing.cards)),
        reviews=tuple(sorted((*packing.moves, *answers))),
        media={each.name: each.read for each in parcel.media},
    )


class _Packing:
    """A collection while notes are added."""

    def __init__(self, parcel: Parcel, now: datetime, calendar: Calendar) -> None:
        self.now = now
        self.states: dict[str, list[Card]] = defaultdict(list)
        for card in parcel.cards:
            self.states[card.note_guid].append(card)
        self.card_ids: dict[str, int] = dict.fromkeys((review.card_guid for review in parcel.reviews), 0)
        days = [day for card in parcel.cards for day in (card.due_day, card.last_day) if day]
        today = calendar.day(now)
        self.writer = CardWriter(min([today, *days]), today, now)
        known: dict[tuple[int, int], AnkiNotetype] = {}
        read = ((guid, read_origin(data, known)) for guid, data in parcel.origins.items())
        origins = {guid: origin for guid, origin in read if origin}
        presets = {deck: preset for origin in origins.values() for deck, preset in origin.presets.items()}
        names = {name for note in parcel.notes for name in with_those_above(note.deck)}
        self.held = presets_of(parcel.options, presets, names, seconds(now))
        presets_used = (DEFAULT, *(each.preset for each in self.held.values()))
        self.presets = tuple({preset.id: preset for preset in presets_used}.values())
        self.origins = origins
        self.decks = {_DEFAULT: AnkiDeck(DEFAULT_DECK, _DEFAULT)}
        self.notetypes: dict[int, AnkiNotetype] = {}
        self.converters: dict[int, Converter] = {}
        self.notes: list[AnkiNote] = []
        self.cards: list[AnkiCard] = []
        self.moves: list[AnkiReview] = []
        self.taken: set[int] = set()
        for origin in origins.values():
            self.taken |= {origin.note.id, *(card.id for card in origin.cards.values())}

    def add(self, note: Note) -> None:
        """Add a note and its cards."""
        origin = self.origins.get(note.guid)
        given = self._given_back(note, origin) if origin else None
        if given is None:
            given = self._own(note, origin)
            origin = None
        self.notes.append(given)
        self.moves += origin.moves if origin else ()
        states = {card.ordinal: card for card in self.states.get(note.guid, ())}
        for ordinal in ordinals(note):
            guid = card_guid(note.guid, ordinal)
            known = origin.cards.get(ordinal) if origin else None
            card_id = known.id if known else self._free_id(f"card {given.guid} {ordinal}")
            self.card_ids[guid] = card_id
            state = states.get(ordinal) or Card(guid, note.guid, ordinal, position=len(self.cards))
            ids = (card_id, given.id, self._deck(note.deck).id)
            self.cards.append(self.writer.card(state, ids, known, self.held[note.deck]))

    def _given_back(self, note: Note, origin: Origin) -> AnkiNote | None:
        """Return the note as it came, or with what was edited; ``None`` if that does not fit in."""
        tags = origin.note.tags if tags_of(origin.note.tags) == note.tags else note.tags
        given = origin.note._replace(tags=tags)
        if not origin.is_unchanged(note):
            fields = self._edited(note, origin)
            if fields is None:
                return None
            given = given._replace(fields=fields)
        self.notetypes.setdefault(origin.notetype.id, origin.notetype)
        return given if given == origin.note else given._replace(modified=seconds(self.now))

    def _edited(self, note: Note, origin: Origin) -> tuple[str, ...] | None:
        """Return the fields with our texts in those that hold them; ``None`` if there are none such."""
        converter = self.converters.setdefault(origin.notetype.id, Converter(origin.notetype))
        texts: dict[str, str]
        match note.kind:
            case NoteKind.BASIC | NoteKind.REVERSED if converter.sides and (sides := converter.sides[0]):
                texts = {sides.question: to_html(note.question), sides.answer: to_html(note.answer)}
            case NoteKind.CLOZE if origin.notetype.is_cloze and converter.cloze_sides:
                texts = {converter.cloze_sides.question: cloze.from_ours(note)}
            case _:
                return None
        return tuple(
            texts.get(name, field) for name, field in zip(converter.names, origin.note.fields, strict=False)
        )

    def _own(self, note: Note, origin: Origin | None) -> AnkiNote:
        notetype = notetype_of(note)
        self.notetypes[notetype.id] = notetype
        guid = note.guid + _COPY if origin else note.guid
        tags = tuple("_".join(tag.split()) for tag in note.tags)
        now = seconds(self.now)
        fields = fields_of(replace(note, ordinals=ordinals(note)))
        return AnkiNote(self._free_id(f"note {guid}"), guid, notetype.id, now, tags, fields)

    def _deck(self, name: str) -> AnkiDeck:
        """Return a deck; it and those above it are then among the decks."""
        if name not in self.decks:
            above = name.rpartition("::")[0]
            if above:
                self._deck(above)
            preset, overrides = self.held[name]
            self.decks[name] = AnkiDeck(
                self._free_id(f"deck {name}"), name, preset.id, modified=seconds(self.now), **overrides
            )
        return self.decks[name]

    def _free_id(self, what: str) -> int:
        free = stable_id(what)
        while free in self.taken:
            free += 1
        self.taken.add(free)
        return free
