"""The FSRS parameters of each deck and the memories they make of the log, inside the caller's transaction."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from sqlite_utils.db import Database

from lrcards.collection import baselines, options
from lrcards.collection.baselines import Baseline
from lrcards.collection.changes import NO_CHANGE, Change, RowChange
from lrcards.collection.decks import decks_within
from lrcards.collection.rows import rows_of, to_json
from lrcards.errors import CollectionError, SettingsError
from lrcards.study.hierarchy import path_to
from lrcards.study.log import Answered, AnswersByCard
from lrcards.study.memory import MemoryModel
from lrcards.study.options import Fitted, StudyOptions, options_of

KEY, FITTED = "parameters", "parameters fitted"

_IN_DECKS = "deck_id IN (SELECT value FROM json_each(:decks))"


def model_of(database: Database, deck: str | None) -> MemoryModel:
    """Return the memory model of a deck, or the one of decks that have none of their own.

    Raises:
        CollectionError: what is stored are no parameters.
    """
    row = next(rows_of(database, "SELECT value FROM meta WHERE key = :key", {"key": KEY}), None)
    try:
        model = MemoryModel() if row is None else MemoryModel(tuple(map(float, json.loads(row["value"]))))
    except (SettingsError, TypeError, ValueError) as error:
        reason = error.what if isinstance(error, SettingsError) else str(error)
        raise CollectionError(
            f"the FSRS parameters in the collection cannot be used: {reason}", "Restore a backup"
        ) from error
    if deck is None:
        return model
    default = StudyOptions(parameters=model.parameters)
    return MemoryModel(options_of(deck, options.read(database), default).parameters)


def fitted(database: Database) -> Fitted | None:
    """Return when the parameters of decks that have none of their own were fitted, if that is known."""
    row = next(rows_of(database, "SELECT value FROM meta WHERE key = :key", {"key": FITTED}), None)
    try:
        return None if row is None else options.fitted_from(json.loads(row["value"]))
    except (TypeError, ValueError) as error:
        raise CollectionError(
            f"when the FSRS parameters were fitted cannot be read: {error}", "Fit them again: `lrcards fit`"
        ) from error


def decks_like(database: Database, deck: str | None) -> dict[int, str]:
    """Return the deck and those of its subdecks that have its parameters; without one, the decks without any.

    Raises:
        CollectionError: there is no such deck.
    """
    changes = options.read(database)
    own = {name for name, change in changes.items() if change.parameters is not None}
    above = set(path_to(deck)) if deck is not None else set()
    return {
        deck_id: name
        for deck_id, name in decks_within(database, deck).items()
        if own.isdisjoint(set(path_to(name)) - above)
    }


def recompute(database: Database, decks: Mapping[int, str]) -> Change:
    """Compute the memory of every card of some decks anew; when a card is due stays as it was answered."""
    by_model: dict[MemoryModel, list[int]] = defaultdict(list)
    for deck_id, name in decks.items():
        by_model[model_of(database, name)].append(deck_id)
    changed: dict[str, tuple[dict[str, float | None], dict[str, float]]] = {}
    for model, deck_ids in by_model.items():
        starts = baselines.read(database)
        log = answers(database, deck_ids, starts=starts)
        histories = [[(answer.rating, answer.elapsed) for answer in given] for given in log.values()]
        before = [starts[guid].card.memory if guid in starts else None for guid in log]
        memories = dict(zip(log, model.memory_after(histories, before), strict=True))
        stored = rows_of(
            database,
            f"SELECT guid, stability, difficulty FROM cards WHERE {_IN_DECKS}",
            {"decks": to_json(deck_ids)},
        )
        changed |= {
            row["guid"]: ({"stability": row["stability"], "difficulty": row["difficulty"]}, asdict(memory))
            for row in stored
            if (memory := memories.get(row["guid"]))
        }
    database.conn.executemany(
        "UPDATE cards SET stability = :stability, difficulty = :difficulty WHERE guid = :guid",
        [{**after, "guid": guid} for guid, (_, after) in changed.items()],
    )
    return Change(tuple(RowChange("cards", guid, *both) for guid, both in changed.items()))


def keep_in_step(database: Database, decks: Collection[str]) -> Change:
    """Compute the memories in some decks anew, since cards may have come from decks with other parameters."""
    if not decks or all(change.parameters is None for change in options.read(database).values()):
        return NO_CHANGE
    names = decks_within(database, None)
    return recompute(database, {deck_id: name for deck_id, name in names.items() if name in decks})


def answers(
    database: Database,
    decks: Collection[int],
    until: date = date.max,
    starts: Mapping[str, Baseline] = MappingProxyType({}),
) -> AnswersByCard:
    """Return what ``study.log.answers_by_card`` returns for the log of the cards of some decks.

    Of a card with one of the baselines ``starts``, only what came after it.
    """
    everywhere = len(decks) == database.table("decks").count
    of_decks = f"card_guid IN (SELECT guid FROM cards WHERE {_IN_DECKS})"
    rows = database.execute(
        f"""
        SELECT card_guid, rating, CAST(julianday(day) AS INTEGER), at / 1000.0, phase IN ('new', 'learning')
        FROM reviews WHERE kind <> 'cram' AND day <= :until AND {"true" if everywhere else of_decks}
        ORDER BY card_guid, at, id
        """,
        {"until": until.isoformat(), **({} if everywhere else {"decks": to_json(list(decks))})},
    )
    log: AnswersByCard = {}
    for guid, of_a_card in groupby(rows, key=itemgetter(0)):
        given = []
        baseline = starts.get(guid)
        before = _julian(baseline.card.last_day) if baseline and baseline.card.last_day else None
        for _, rating, day, at, learning in of_a_card:
            if baseline and at <= baseline.at.timestamp():
                continue
            given.append(Answered(rating, 0 if before is None else max(0, day - before), at, bool(learning)))
            before = day
        if given:
            log[guid] = given
    return log


def _julian(day: date) -> int:
    """Return what SQLite's ``CAST(julianday(day) AS INTEGER)`` is."""
    return day.toordinal() + 1721424
