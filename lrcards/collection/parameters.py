"""The FSRS parameters that a collection is studied with, and the memories they make of its log."""

import json
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from sqlite_utils.db import Database

from lrcards.cards.model import Review
from lrcards.collection.rows import SELECT_REVIEWS, review_from_row, rows_of, to_json, to_ms
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError, SettingsError
from lrcards.study.days import StudyDays
from lrcards.study.log import Answered, AnswersByCard
from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings

KEY = "parameters"


def model_in_use(collection: Collection) -> MemoryModel:
    """Return the memory model that was last given to ``use_model``, or the one with the default parameters.

    Raises:
        CollectionError: what is stored are no parameters.
    """
    text = collection.meta(KEY)
    if text is None:
        return MemoryModel()
    try:
        return MemoryModel(tuple(map(float, json.loads(text))))
    except (SettingsError, TypeError, ValueError) as error:
        reason = error.what if isinstance(error, SettingsError) else str(error)
        raise CollectionError(
            f"the FSRS parameters in the collection cannot be used: {reason}",
            "Restore a backup",
            path=collection.path,
        ) from error


def rules_in_use(collection: Collection, settings: StudySettings, days: StudyDays) -> Rules:
    """Return what holds for each deck: the learner's settings, with what the collection says of its decks."""
    return Rules(settings, days, model_in_use(collection).parameters, collection.options())


def whole_log(collection: Collection) -> list[Review]:
    """Return every answer in the log, those of a card together and oldest first."""
    with collection.reading() as database:
        rows = rows_of(database, f"{SELECT_REVIEWS} ORDER BY card_guid, at, id", {})
        return [review_from_row(row) for row in rows]


def use_model(collection: Collection, model: MemoryModel, now: datetime) -> int:
    """Study with the model from now on: store its parameters, and recompute the memory of every card.

    It is one transaction, so that no memory in the file is ever that of other parameters. When cards are due
    stays as it was answered. Returns how many cards were recomputed.
    """
    with collection.writing() as database:
        database.execute(
            "INSERT OR REPLACE INTO meta (key, value, modified_at) VALUES (:key, :value, :now)",
            {"key": KEY, "value": to_json(model.parameters), "now": to_ms(now)},
        )
        log = _answers(database)
        histories = [[(answer.rating, answer.elapsed) for answer in answers] for answers in log.values()]
        memories = zip(log, model.memory_after(histories), strict=True)
        cursor = database.conn.executemany(
            "UPDATE cards SET stability = ?, difficulty = ? WHERE guid = ?",
            [(memory.stability, memory.difficulty, guid) for guid, memory in memories],
        )
        return cursor.rowcount


def answers_by_card(collection: Collection, today: date) -> AnswersByCard:
    """Return what ``study.log.answers_by_card`` returns for the whole log."""
    with collection.reading() as database:
        return _answers(database, until=today)


def _answers(database: Database, until: date = date.max) -> AnswersByCard:
    rows = database.execute(
        """
        SELECT card_guid, rating, CAST(julianday(day) AS INTEGER), at / 1000.0, phase IN ('new', 'learning')
        FROM reviews WHERE kind = 'study' AND day <= :until ORDER BY card_guid, at, id
        """,
        {"until": until.isoformat()},
    )
    log: AnswersByCard = {}
    for guid, of_a_card in groupby(rows, key=itemgetter(0)):
        answers = log[guid] = []
        before: int | None = None
        for _, rating, day, at, learning in of_a_card:
            answers.append(
                Answered(rating, 0 if before is None else max(0, day - before), at, bool(learning))
            )
            before = day
    return log
