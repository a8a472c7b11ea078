"""Bring in what a file holds: notes, pictures, options of decks, progress and the log of reviews."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils.db import Database

from lrcards.cards.matching import Choices, Matching
from lrcards.cards.model import card_guid
from lrcards.cards.parcel import Media, Parcel, Skipped
from lrcards.collection import histories, importing, media, memories, options, origins
from lrcards.collection.decks import decks_within
from lrcards.collection.histories import Incoming, Place
from lrcards.collection.importing import ImportReport, Progress
from lrcards.errors import SettingsError
from lrcards.study.options import DeckOptions
from lrcards.study.rules import Rules

NOTES_SHARE, HISTORIES_SHARE = 0.7, 0.9
"""Which share of the work is done when the notes, and the histories, are written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a parcel would change in a collection.

    Attributes:
        matching: which note is which.
        media: the pictures and sounds that are not here yet.
        options: what decks change that have no options of their own.
        origins: what notes were in another program, by the guid that they have here.
        histories: where cards go on from.
        skipped: what cannot be taken in.
    """

    matching: Matching
    media: tuple[Media, ...]
    options: Mapping[str, DeckOptions]
    origins: Mapping[str, Mapping[str, Any]]
    histories: Incoming
    skipped: tuple[Skipped, ...]


def planned(database: Database, parcel: Parcel, choices: Choices) -> Plan:
    """Return what the parcel would change; nothing is changed.

    Raises:
        DeckError: two notes of the parcel have one id, or a picture of it cannot be read.
    """
    parcel = media.settled(database, parcel)
    matching = importing.find_matches(database, parcel.notes, choices, numbered=parcel.origins)
    known_as = {
        there.guid: here for there, (here, _) in zip(parcel.notes, matching.pairs, strict=True) if there.guid
    }
    taken, refused = _options(database, parcel.options)
    return Plan(
        matching,
        parcel.media,
        taken,
        {known_as[guid].guid: origin for guid, origin in parcel.origins.items() if guid in known_as},
        _histories(database, parcel, matching) if choices.progress else Incoming(),
        (*parcel.skipped, *refused),
    )


def _histories(database: Database, parcel: Parcel, matching: Matching) -> Incoming:
    if not parcel.cards and not parcel.reviews:
        return Incoming()
    known_as = {
        card_guid(there.guid, ordinal): Place(card_guid(here.guid, number), here.guid, number)
        for there, (here, _) in zip(parcel.notes, matching.pairs, strict=True)
        if there.guid
        for ordinal, number in zip(there.ordinals, here.ordinals, strict=False)
    }
    decks = {here.guid: here.deck for here, _ in matching.pairs}
    return histories.incoming(database, parcel, known_as, decks)


def carry_out(
    database: Database, plan: Plan, rules: Callable[[], Rules], now: datetime, progress: Progress
) -> None:
    """Write what is planned, inside the caller's transaction.

    Args:
        database: where to write; still as it was when the plan was made.
        plan: what is to be written.
        rules: gives what holds for each deck by what is stored at the time.
        now: the instant.
        progress: see ``Progress``.
    """
    new = importing.carry_out(
        database, plan.matching, now, plan.histories.cards, lambda share: progress(NOTES_SHARE * share)
    )
    for deck, changed in plan.options.items():
        options.store(database, deck, changed, now)
    origins.store(database, plan.origins.items())
    histories.carry_out(database, plan.histories, new, rules())
    moved = {note.deck for note, known in plan.matching.pairs if known and known.deck != note.deck}
    memories.keep_in_step(database, moved)
    for deck, changed in plan.options.items():
        if changed.parameters is not None:
            memories.recompute(database, decks_within(database, deck))
    progress(HISTORIES_SHARE)
    for number, each in enumerate(plan.media, start=1):
        media.store(database, each)
        progress(HISTORIES_SHARE + (1 - HISTORIES_SHARE) * number / len(plan.media))
    progress(1.0)


def report(plan: Plan) -> ImportReport:
    """Return the plan in the user's terms."""
    return replace(
        importing.report(plan.matching),
        options=tuple(plan.options),
        progressed=len(plan.histories.baselines),
        reviews=len(plan.histories.reviews),
        media=len(plan.media),
        skipped=plan.skipped,
    )


def _options(
    database: Database, incoming: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, DeckOptions], list[Skipped]]:
    """Return the options of decks that have none of their own yet, and those that cannot be used."""
    own = options.read(database)
    taken, refused = {}, []
    for deck, data in incoming.items():
        if deck in own:
            continue
        try:
            taken[deck] = options.from_data(data)
        except SettingsError as error:
            refused.append(Skipped(f"the options of the deck {deck}", error.what))
    return {deck: changed for deck, changed in taken.items() if options.to_data(changed)}, refused
