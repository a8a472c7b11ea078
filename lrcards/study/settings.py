"""What a user can choose about studying, read from plain data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from lrcards.errors import SettingsError
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.limits import Limits
from lrcards.study.load import DayLoad
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder
from lrcards.study.queue import QueueSettings
from lrcards.study.scheduler import SchedulerSettings

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class StudySettings:
    """What decides when a card is asked.

    Attributes:
        scheduler: retention, steps, longest interval, fuzz and load.
        limits: new cards and reviews a day.
        queue: the order of the day, and which siblings wait.
        leeches: when a card is a leech, and what becomes of it.
        rollover_hour: when a study day ends, 0 to 23 o'clock local time.
    """

    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    limits: Limits = field(default_factory=Limits)
    queue: QueueSettings = field(default_factory=QueueSettings)
    leeches: LeechRule = field(default_factory=LeechRule)
    rollover_hour: int = 4


def read(table: Mapping[str, Any]) -> tuple[StudySettings, dict[str, str]]:
    """Return the settings of a table, and for each name whose value cannot be used what is wrong with it."""
    settings, problems = StudySettings(), {}
    for name, value in table.items():
        try:
            if name not in _SETTERS:
                raise ValueError(f"there is no setting {name!r} in [study]")
            settings = _SETTERS[name](settings, name, value)
        except SettingsError as error:
            problems[name] = error.what
        except (TypeError, ValueError) as error:
            problems[name] = str(error)
    return settings, problems


def _typed(kind: type) -> Callable[[str, Any], Any]:
    return partial(_of_type, kind)


def _of_type(kind: type, name: str, value: Any) -> Any:
    if kind is float and isinstance(value, int):
        value = float(value)
    if type(value) is not kind:
        noun = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false"}[kind]
        raise TypeError(f"{name} must be {noun}, not {value!r}")
    return value


def _in(
    part: str, read: Callable[[str, Any], Any], field: str = ""
) -> Callable[["StudySettings", str, Any], "StudySettings"]:
    """Set a field of one part of the settings; it has the name of the setting unless another is given."""

    def set_value(settings: StudySettings, name: str, value: Any) -> StudySettings:
        changed = replace(getattr(settings, part), **{field or name: read(name, value)})
        return replace(settings, **{part: changed})

    return set_value


Choice = TypeVar("Choice", bound=StrEnum)


def _one_of(kind: type[Choice]) -> Callable[[str, Any], Choice]:
    def read(name: str, value: Any) -> Choice:
        if value not in [choice.value for choice in kind]:
            choices = ", ".join(f'"{choice}"' for choice in kind)
            raise ValueError(f"{name} must be one of {choices}, not {value!r}")
        return kind(value)

    return read


def _steps(name: str, value: Any) -> tuple[timedelta, ...]:
    steps = [_duration(text) for text in value] if isinstance(value, list) else [None]
    if None in steps:
        raise TypeError(f'{name} must be a list of times such as ["1m", "10m"], not {value!r}')
    return tuple(step for step in steps if step is not None)


def _time(name: str, value: Any) -> timedelta:
    time = _duration(value)
    if time is None:
        raise TypeError(f'{name} must be a time such as "20m", not {value!r}')
    return time


def _duration(text: object) -> timedelta | None:
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text) if isinstance(text, str) else None
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def _week(name: str, value: Any) -> tuple[DayLoad, ...]:
    days = {day.lower(): load for day, load in value.items()} if isinstance(value, dict) else None
    if days is None or not set(days) <= set(_WEEKDAYS):
        raise TypeError(f'{name} must name days of the week, such as {{saturday = "reduced"}}, not {value!r}')
    load_of = _one_of(DayLoad)
    return tuple(load_of(f"{day} in {name}", days.get(day, "normal")) for day in _WEEKDAYS)


def _rollover(settings: StudySettings, name: str, value: Any) -> StudySettings:
    if _of_type(int, name, value) not in range(24):
        raise ValueError(f"{name} is an hour from 0 to 23, not {value}")
    return replace(settings, rollover_hour=value)


_SETTERS: dict[str, Callable[[StudySettings, str, Any], StudySettings]] = {
    "desired_retention": _in("scheduler", _typed(float)),
    "learning_steps": _in("scheduler", _steps),
    "relearning_steps": _in("scheduler", _steps),
    "maximum_interval": _in("scheduler", _typed(int)),
    "fuzz": _in("scheduler", _typed(bool)),
    "load_balancing": _in("scheduler", _typed(bool)),
    "easy_days": _in("scheduler", _week),
    "new_per_day": _in("limits", _typed(int)),
    "reviews_per_day": _in("limits", _typed(int)),
    "review_order": _in("queue", _one_of(ReviewOrder)),
    "new_order": _in("queue", _one_of(NewOrder)),
    "new_mix": _in("queue", _one_of(NewMix)),
    "bury_new": _in("queue", _typed(bool)),
    "bury_reviews": _in("queue", _typed(bool)),
    "learn_ahead": _in("queue", _time),
    "leech_threshold": _in("leeches", _typed(int), "threshold"),
    "leech_action": _in("leeches", _one_of(LeechAction), "action"),
    "rollover_hour": _rollover,
}
