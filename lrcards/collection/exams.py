"""The exams of a collection, kept as JSON by their names; a removed one leaves its name for merges."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from lrcards.collection.rows import rows_of, to_json, to_ms
from lrcards.collection.store import Collection
from lrcards.errors import CollectionError, ExamError
from lrcards.study.exam.exam import Exam


def exams_of(collection: Collection) -> list[Exam]:
    """Return the exams, past ones too, by day.

    Raises:
        CollectionError: what is stored is no exam.
    """
    with collection.reading() as database:
        rows = rows_of(database, "SELECT name, exam FROM exams WHERE exam IS NOT NULL ORDER BY name", {})
        exams = [_from_json(row["name"], row["exam"]) for row in rows]
    return sorted(exams, key=lambda exam: exam.day)


def keep_exam(collection: Collection, exam: Exam, now: datetime) -> None:
    """Keep an exam, instead of the one of the same name if there is one."""
    _write(collection, exam.name, to_json(_as_data(exam)), now)


def remove_exam(collection: Collection, name: str, now: datetime) -> None:
    """Remove an exam; the answers that were given toward it stay.

    Raises:
        ExamError: there is none of this name.
    """
    if name not in {exam.name for exam in exams_of(collection)}:
        raise ExamError(f"there is no exam “{name}”", "List them: lrcards exam list")
    _write(collection, name, None, now)


def _write(collection: Collection, name: str, exam: str | None, now: datetime) -> None:
    with collection.writing() as database:
        database.execute(
            "INSERT OR REPLACE INTO exams (name, exam, modified_at) VALUES (:name, :exam, :now)",
            {"name": name, "exam": exam, "now": to_ms(now)},
        )


def _as_data(exam: Exam) -> dict[str, Any]:
    return {
        **asdict(exam),
        "day": exam.day.isoformat(),
        "on_weekdays": {str(weekday): minutes for weekday, minutes in exam.on_weekdays.items()},
        "on_days": {day.isoformat(): minutes for day, minutes in exam.on_days.items()},
    }


def _from_json(name: str, text: str) -> Exam:
    try:
        data: dict[str, Any] = json.loads(text)
        return Exam(
            **{
                **data,
                "day": date.fromisoformat(data["day"]),
                "on_weekdays": {int(weekday): minutes for weekday, minutes in data["on_weekdays"].items()},
                "on_days": {date.fromisoformat(day): minutes for day, minutes in data["on_days"].items()},
                "weights": tuple((search, weight) for search, weight in data["weights"]),
            }
        )
    except (AttributeError, KeyError, TypeError, ValueError, ExamError) as error:
        reason = error.what if isinstance(error, ExamError) else str(error)
        raise CollectionError(
            f"the exam “{name}” cannot be read: {reason}", f"Remove it: lrcards exam remove '{name}'"
        ) from error
