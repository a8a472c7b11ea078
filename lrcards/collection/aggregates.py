"""Read the tallies of the log and of the cards, which statistics are made of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlite_utils.db import Database

from lrcards.cards.model import Phase, Rating, ReviewKind
from lrcards.collection.tallies import BY_DAY, BY_QUARTER_HOUR, BY_RECALL, tallied, tallied_since
from lrcards.study.tallies import (
    CardTallies,
    DayTally,
    LogTallies,
    PredictionTally,
    QuarterHourTally,
    RecallTally,
    Stage,
    stage,
)


def log_tallies(database: Database, decks: Sequence[int] | None) -> LogTallies:
    """Return the tallies of the answers to the cards that are in the decks now, given by their ids.

    Without decks they are those of the whole log, also of cards that are not in the collection.
    """
    day = cache(date.fromisoformat)
    which = None if decks is None else f"card_guid IN (SELECT guid FROM cards WHERE {_in(decks)})"
    predictions = database.execute(
        f"""
        SELECT day, json_extract(prediction, '$.asked') AS asked, count(*),
            total(json_extract(prediction, '$.held'))
        FROM reviews WHERE prediction IS NOT NULL AND {which or "true"} GROUP BY day, asked
        """
    )
    return LogTallies(
        days=_day_tallies(tallied(database, BY_DAY, which)),
        quarter_hours=[
            QuarterHourTally(day(at), quarter_hour, answers, recalled)
            for at, quarter_hour, answers, recalled in tallied(database, BY_QUARTER_HOUR, which)
        ],
        recalls=[
            RecallTally(day(at), recall_bin, answers, recalled, recall_ppm / 1e6)
            for at, recall_bin, answers, recalled, recall_ppm in tallied(database, BY_RECALL, which)
        ],
        predictions=[
            PredictionTally(day(at), str(asked), answers, int(held))
            for at, asked, answers, held in predictions
        ],
    )


def day_tallies(database: Database, since: date) -> list[DayTally]:
    """Return the tallies by day of the whole log from a study day on."""
    return _day_tallies(tallied_since(database, BY_DAY, since))


def days_with_answers(database: Database) -> list[date]:
    """Return the study days on which anything was answered."""
    return [
        date.fromisoformat(day) for (day,) in database.execute(f"SELECT DISTINCT day FROM {BY_DAY.table}")
    ]


def _day_tallies(rows: Iterable[tuple[Any, ...]]) -> list[DayTally]:
    day = cache(date.fromisoformat)
    return [
        DayTally(day(at), _KINDS[kind], _STAGES[stage], _RATINGS[rating], answers, duration_ms)
        for at, kind, stage, rating, answers, duration_ms in rows
    ]


# Calling an enumeration for each of thousands of rows would take longer than reading them.
_KINDS = {kind.value: kind for kind in ReviewKind}
_STAGES = {stage.value: stage for stage in Stage}
_RATINGS = {rating.value: rating for rating in Rating}


def card_tallies(database: Database, decks: Sequence[int] | None, today: date) -> CardTallies:
    """Return the tallies of the cards in the decks, or of all, as they stand on the study day."""
    standing, stabilities, difficulties, elapsed, due = _counted_columns(
        database,
        (
            "phase || ' ' || interval || ' ' || suspended",
            "CAST(stability AS INTEGER)",
            "CAST(difficulty * 10 AS INTEGER)",
            "CAST(round(max(0, julianday(:today) - julianday(last_day)) * 1000 / stability) AS INTEGER)",
            "iif(phase = 'new' OR suspended, NULL, max(ifnull(due_day, :today), ifnull(buried_until, '')))",
        ),
        f"cards WHERE NOT orphaned AND {_in(decks)}",
        today=today.isoformat(),
    )
    stages: Counter[Stage] = Counter()
    intervals: Counter[int] = Counter()
    suspended = 0
    for text, cards in standing.items():
        phase, interval, is_suspended = text.split()
        stages[stage(Phase(phase), int(interval))] += cards
        if phase == Phase.REVIEW:
            intervals[int(interval)] += cards
        suspended += cards * int(is_suspended)
    return CardTallies(
        stages,
        suspended,
        intervals,
        stabilities={int(days): cards for days, cards in stabilities.items()},
        difficulties={int(tenths) / 10: cards for tenths, cards in difficulties.items()},
        elapsed={int(thousandths) / 1000: cards for thousandths, cards in elapsed.items()},
        due={date.fromisoformat(day): cards for day, cards in due.items()},
    )


def _counted_columns(
    database: Database, columns: Sequence[str], rows: str, **parameters: object
) -> list[Counter[str]]:
    """Return how often each value is in each column, but for NULL; no value may contain a comma.

    One text a column is read and counted several times as fast as SQLite sorts the rows for ``GROUP BY``.
    """
    sql = f"SELECT {', '.join(f'group_concat({column})' for column in columns)} FROM {rows}"
    texts = database.execute(sql, parameters).fetchone()
    return [Counter(text.split(",") if text else ()) for text in texts]


def _in(decks: Sequence[int] | None) -> str:
    """Return the condition that a card is in one of the decks."""
    return "true" if decks is None else f"deck_id IN ({', '.join(map(str, decks))})"
