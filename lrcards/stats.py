"""Statistics of a collection or a deck: as values, as plain data for a script, and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from lrcards.cards.model import Rating
from lrcards.collection.parameters import model_in_use
from lrcards.collection.store import Collection
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.statistics import Forecast, Share, Span, Statistics, statistics


def statistics_of(
    collection: Collection, days: StudyDays, now: datetime, deck: str | None = None
) -> Statistics:
    """Return the statistics of a deck and its subdecks, or of the whole collection.

    Raises:
        CollectionError: there is no such deck, or the collection cannot be read.
    """
    log, cards = collection.tallies(days.day(now), deck)
    return statistics(log, cards, days, now, model_in_use(collection))


def as_data(value: Any) -> Any:
    """Return statistics, or any part of them, as plain data: days as text, times in seconds.

    What a value derives from its fields, such as a share, is there too.
    """
    if isinstance(value, Rating):
        return value.name.lower()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {as_data(key): as_data(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [as_data(part) for part in value]
    if is_dataclass(value):
        derived = [name for name, part in vars(type(value)).items() if isinstance(part, property)]
        names = [*(field.name for field in fields(value)), *derived]
        return {name: as_data(getattr(value, name)) for name in names}
    return value


def in_words(statistics: Statistics) -> list[str]:
    """Return the statistics as lines for a reader."""
    if not statistics.days:
        return ["Nothing has been answered yet. Study first: lrcards study", *_cards(statistics)]
    return [
        line for section in (_today, _retention, _ratings, _cards, _habits) for line in section(statistics)
    ]


def share_in_words(share: Share) -> str:
    """Return a share with how many answers it rests on, or a dash."""
    return "–" if share.share is None else f"{100 * share.share:.1f} % of {share.answers}"


def minutes_in_words(time: timedelta) -> str:
    """Return how long something took, in hours and minutes."""
    hours, minutes = divmod(round(time / timedelta(minutes=1)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def due_within(forecast: Forecast, today: date, days: int) -> int:
    """Return how many cards come due before so many days have begun, the overdue ones included."""
    return forecast.overdue + sum(
        number for day, number in forecast.days.items() if day < today + days * ONE_DAY
    )


def _today(statistics: Statistics) -> Iterator[str]:
    today, streak = statistics.periods[Span.TODAY], statistics.streak
    yield f"Answers today: {today.answers}, in {minutes_in_words(today.time)}; new cards: {today.introduced}."
    yield f"Days in a row: {streak.current}; most ever: {streak.longest}."


def _retention(statistics: Statistics) -> Iterator[str]:
    yield ""
    yield f"{'True retention':<18}{'young':>18}{'mature':>18}{'all':>18}"
    for span, period in statistics.periods.items():
        of = period.retention
        yield f"  {span:<16}" + "".join(
            f"{share_in_words(share):>18}" for share in (of.young, of.mature, of.total)
        )


def _ratings(statistics: Statistics) -> Iterator[str]:
    yield ""
    yield f"{'Ratings, a year':<18}" + "".join(f"{rating.name.capitalize():>9}" for rating in Rating)
    for stage, ratings in statistics.periods[Span.YEAR].ratings.items():
        yield f"  {stage:<16}" + "".join(f"{number:>9}" for number in ratings.values())


def _cards(statistics: Statistics) -> Iterator[str]:
    cards, forecast, today = statistics.cards, statistics.forecast, statistics.today
    stages = ", ".join(f"{number} {stage}" for stage, number in cards.stages.items())
    yield ""
    yield f"Cards: {stages}; {cards.suspended} of them suspended."
    if cards.mean_recall is not None:
        medians = f"interval {cards.intervals.median or 0:g} d, stability {cards.stabilities.median:g} d"
        yield f"Medians: {medians}, difficulty {cards.difficulties.median:g}."
        yield f"Known now: {100 * cards.mean_recall:.1f} % of the answered cards."
        within = ", ".join(f"{due_within(forecast, today, days)} within {days} days" for days in (7, 30))
        yield f"Due: {forecast.overdue} overdue, {due_within(forecast, today, 1)} with today's, {within}."


def _habits(statistics: Statistics) -> Iterator[str]:
    year = statistics.periods[Span.YEAR]
    hours = [
        f"{hour:02}:00 {share_in_words(share)}" for hour, share in enumerate(year.hours) if share.answers
    ]
    if hours:
        yield ""
        yield "Recalled by hour, a year: " + ", ".join(hours) + "."
    if year.calibration.rmse is not None:
        answers = sum(entry.observed.answers for entry in year.calibration.bins)
        yield (
            f"Foretold and observed recall are {100 * year.calibration.rmse:.1f} points apart "
            f"(RMSE over {answers} answers of a year)."
        )
    for asked, share in year.predictions.items():
        yield f"Predictions of {asked} that held: {share_in_words(share)}."
