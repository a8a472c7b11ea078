"""What a learner decides about a card or its note; written in the caller's transaction, to be taken back."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Note, card_guid
from lrcards.collection import importing, memories
from lrcards.collection.changes import (
    DECISIONS,
    NO_CHANGE,
    Change,
    difference,
    row_change,
    rows_of_notes,
    write,
)
from lrcards.collection.replaying import move_card, replays
from lrcards.collection.rows import rows_of, state_values, to_json, to_ms
from lrcards.errors import CollectionError
from lrcards.study.rules import Rules

Tags = tuple[str, ...]


def decide(database: Database, stored: Card, decided: Card, now: datetime) -> Change:
    """Suspend, bury and flag the stored card as the decided one is."""
    before, after = state_values(stored), state_values(replace(decided, modified_at=now))
    change = Change(
        (row_change("cards", stored.guid, before, {column: after[column] for column in DECISIONS}),)
    )
    write(database, change)
    return change


def retag(database: Database, note_guid: str, choose: Callable[[Tags], Tags], now: datetime) -> Change:
    """Give a note the tags that are chosen, given those it has."""
    sql = "SELECT tags, modified_at FROM notes WHERE guid = :guid"
    before = dict(next(rows_of(database, sql, {"guid": note_guid})))
    had = tuple(json.loads(before["tags"]))
    chosen = choose(had)
    if chosen == had:
        return NO_CHANGE
    after = {"tags": to_json(chosen), "modified_at": to_ms(now)}
    change = Change((row_change("notes", note_guid, before, after),))
    write(database, change)
    return change


def toggled(tag: str) -> Callable[[Tags], Tags]:
    """Return what gives a note the tag, or takes it away."""
    return lambda tags: tuple(other for other in tags if other != tag) if tag in tags else (*tags, tag)


def edit(database: Database, stored: Note, edited: Note, now: datetime) -> Change:
    """Give a note another text, other tags, deck, kind or experiment; its cards keep their progress.

    A cloze deletion that is added gets a card, and one that is gone hides its card, as in an import.
    """
    before = rows_of_notes(database, [stored.guid])
    importing.carry_out(database, importing.matched(database, [edited], [stored]), now)
    change = difference(before, rows_of_notes(database, [stored.guid]))
    return change if edited.deck == stored.deck else change + memories.keep_in_step(database, [edited.deck])


def add(database: Database, note: Note, rules: Rules, now: datetime) -> Change:
    """Add a note that the learner wrote; without a guid, it gets one.

    A note that was there before and was deleted goes on from its log.

    Raises:
        CollectionError: its deck has the same question already.
    """
    matching = importing.find_matches(database, [note])
    ((added, known),) = matching.pairs
    if known is not None:
        raise CollectionError(
            f"the deck {known.deck!r} has this question already", "Change it, or edit the card that is there"
        )
    # The other notes of the deck are not gone because this one comes alone.
    importing.carry_out(database, replace(matching, orphans=()), now)
    guids = [card_guid(added.guid, ordinal) for ordinal in added.ordinals]
    for card, there in replays(database, rules, guids):
        if there != card:
            move_card(database, there)
    return difference({}, rows_of_notes(database, [added.guid]))
