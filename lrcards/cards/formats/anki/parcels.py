"""All of an Anki collection as a parcel: notes, progress, options, media, and what each note was there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lrcards.cards.formats.anki.deck_options import options_of, with_those_above
from lrcards.cards.formats.anki.model import AnkiCard, AnkiCollection, AnkiDeckOptions, AnkiNote, AnkiReview
from lrcards.cards.formats.anki.notes import Converter, deck_name, excerpt
from lrcards.cards.formats.anki.origins import origin_of
from lrcards.cards.formats.anki.package import read_anki
from lrcards.cards.formats.anki.progress import CardReader, DayOf, first_day, is_answer, reviews_of
from lrcards.cards.formats.anki.schema11 import notetype_to_json
from lrcards.cards.model import Card, Note, Review, card_guid
from lrcards.cards.parcel import Media, Parcel, Skipped
from lrcards.errors import DeckError
from lrcards.text import clean


def read_parcel(path: Path, *, day_of: DayOf, deck: str | None = None) -> Parcel:
    """Return what an .apkg or .colpkg holds as a parcel; see ``parcel_of``.

    Raises:
        DeckError: as ``read_anki``.
    """
    return parcel_of(read_anki(path), day_of=day_of, deck=deck)


def parcel_of(collection: AnkiCollection, *, day_of: DayOf, deck: str | None = None) -> Parcel:
    """Return a collection of Anki's as a parcel; a note that makes none of ours is among what is skipped.

    Args:
        collection: what was read.
        day_of: the study day of an instant (UTC).
        deck: the deck of every note, whatever the collection says; then no options are taken either.
    """
    reading = _Reading(collection, day_of, deck)
    notes = tuple(reading.notes())
    decks = [(deck_name(each.name), each) for each in collection.decks]
    used = {name for note in notes for name in with_those_above(note.deck)}
    holding = [each for each in decks if each[0] in used]
    return Parcel(
        notes=notes,
        cards=tuple(reading.cards),
        reviews=tuple(sorted(reading.reviews, key=lambda review: (review.at, review.id))),
        options={} if deck else options_of(holding, {each.id: each for each in collection.options}),
        media=tuple(Media(name, read) for name, read in collection.media.items()),
        origins=reading.origins,
        skipped=(
            *reading.skipped,
            *(Skipped(clean(name), reason) for name, reason in collection.media_left_out.items()),
        ),
    )


class _Reading:
    """A collection while its notes are read."""

    def __init__(self, collection: AnkiCollection, day_of: DayOf, deck: str | None) -> None:
        self.collection = collection
        self.day_of = day_of
        self.deck = deck
        self.decks = {each.id: deck_name(each.name) for each in collection.decks}
        presets = {each.id: each for each in collection.options}
        steps = {
            each.id: (len(preset.learning_steps), len(preset.relearning_steps))
            for each in collection.decks
            if (preset := presets.get(each.options_id))
        }
        self.presets = {
            deck_name(each.name): preset
            for each in collection.decks
            if (preset := presets.get(each.options_id)) and not deck
        }
        self.reader = CardReader(first_day(collection, day_of), day_of, steps)
        self.converters: dict[int, Converter | str] = {}
        self.notetypes: dict[int, dict[str, Any]] = {}
        for notetype in collection.notetypes:
            self.notetypes[notetype.id] = notetype_to_json(notetype)
            try:
                self.converters[notetype.id] = Converter(notetype)
            except DeckError as error:
                self.converters[notetype.id] = f"in its notetype {clean(notetype.name)}, {error.what}"
        self.cards: list[Card] = []
        self.reviews: list[Review] = []
        self.origins: dict[str, Mapping[str, Any]] = {}
        self.skipped: list[Skipped] = []

    def notes(self) -> Iterator[Note]:
        """Yield the notes; what belongs to them is then among the other attributes."""
        cards: dict[int, list[AnkiCard]] = defaultdict(list)
        for card in self.collection.cards:
            cards[card.note_id].append(card)
        log: dict[int, list[AnkiReview]] = defaultdict(list)
        for entry in self.collection.reviews:
            log[entry.card_id].append(entry)
        seen: set[str] = set()
        for note in self.collection.notes:
            own = sorted(cards.get(note.id, ()), key=lambda card: card.ordinal)
            try:
                converted = self._note(note, own)
                if converted.guid in seen:
                    raise DeckError("an earlier note has the same id")
            except DeckError as error:
                self.skipped.append(Skipped(excerpt(note), error.what))
                continue
            seen.add(converted.guid)
            notetype = self.notetypes[note.notetype_id]
            presets = self._presets(converted.deck)
            moves = [entry for card in own for entry in log.get(card.id, ()) if not is_answer(entry)]
            self.origins[converted.guid] = origin_of(note, own, notetype, converted, presets, moves)
            self._progress(converted, own, log)
            yield converted

    def _presets(self, name: str) -> dict[str, AnkiDeckOptions]:
        """Return the presets of a deck and those above it that no note has kept yet."""
        names = with_those_above(name) if name in self.presets else ()
        return {each: self.presets.pop(each) for each in names if each in self.presets}

    def _note(self, note: AnkiNote, cards: Sequence[AnkiCard]) -> Note:
        converter = self.converters.get(note.notetype_id, "its notetype is not in the collection")
        if isinstance(converter, str):
            raise DeckError(converter)
        if not cards:
            raise DeckError("it has no cards")
        home = cards[0].original_deck_id or cards[0].deck_id
        deck = self.deck or self.decks.get(home, "Default")
        return converter.note(note, deck, list(dict.fromkeys(card.ordinal for card in cards)))

    def _progress(
        self, note: Note, cards: Sequence[AnkiCard], log: Mapping[int, Sequence[AnkiReview]]
    ) -> None:
        for card in cards:
            if card.ordinal not in note.ordinals:
                continue
            answers = list(reviews_of(card_guid(note.guid, card.ordinal), log.get(card.id, ()), self.day_of))
            self.reviews += answers
            self.cards.append(self.reader.card(card, note.guid, answers[-1].at if answers else None))
