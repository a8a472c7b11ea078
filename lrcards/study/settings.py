"""What a user can choose about studying, read from plain data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from lrcards.errors import SettingsError
from lrcards.study.auto_advance import AutoAction, AutoAdvance
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.limits import Limits
from lrcards.study.load import DayLoad
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder
from lrcards.study.queue import QueueSettings
from lrcards.study.scheduler import SchedulerSettings

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# An instant so much later is still one that Python knows.
_LONGEST = timedelta(days=999_999)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class StudySettings:
    """What decides when a card is asked.

    Attributes:
        scheduler: retention, steps, longest interval, fuzz and load.
        limits: new cards and reviews a day.
        queue: the order of the day, and which siblings wait.
        leeches: when a card is a leech, and what becomes of it.
        auto_advance: how a sitting goes on by itself.
        answer_time_cap: how long a card counts as looked at, at most.
        rollover_hour: when a study day ends, 0 to 23 o'clock local time.
    """

    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    limits: Limits = field(default_factory=Limits)
    queue: QueueSettings = field(default_factory=QueueSettings)
    leeches: LeechRule = field(default_factory=LeechRule)
    auto_advance: AutoAdvance = field(default_factory=AutoAdvance)
    answer_time_cap: timedelta = timedelta(seconds=60)
    rollover_hour: int = 4


Reader = Callable[[str, Any], Any]
"""Makes a value of a setting's name and plain data; raises ``TypeError`` or ``ValueError`` if it cannot."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value that a learner can choose.

    Attributes:
        part: the part of the settings that it belongs to; empty for none.
        field: what it is called there.
        read: makes a value of plain data.
    """

    part: str
    field: str
    read: Reader

    def of(self, settings: Any) -> Any:
        """Return the value in settings, or in anything with the same parts."""
        return getattr(getattr(settings, self.part) if self.part else settings, self.field)

    def on(self, settings: StudySettings, value: Any) -> StudySettings:
        """Return settings with another value."""
        if not self.part:
            return replace(settings, **{self.field: value})
        changed = replace(getattr(settings, self.part), **{self.field: value})
        return replace(settings, **{self.part: changed})


def read(table: Mapping[str, Any]) -> tuple[StudySettings, dict[str, str]]:
    """Return the settings of a table, and for each name whose value cannot be used what is wrong with it."""
    settings, problems = StudySettings(), {}
    for name, value in table.items():
        try:
            if name not in SETTINGS:
                raise ValueError(f"there is no setting {name!r} in [study]")
            settings = SETTINGS[name].on(settings, SETTINGS[name].read(name, value))
        except SettingsError as error:
            problems[name] = error.what
        except (TypeError, ValueError) as error:
            problems[name] = str(error)
    return settings, problems


def plain(value: Any) -> Any:
    """Return the value of a setting as the plain data that it is read from."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, timedelta):
        return _duration_text(value)
    if isinstance(value, tuple) and value and isinstance(value[0], DayLoad):
        week = zip(_WEEKDAYS, value, strict=True)
        return {day: load.value for day, load in week if load is not DayLoad.NORMAL}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def _typed(kind: type) -> Callable[[str, Any], Any]:
    return partial(_of_type, kind)


def _of_type(kind: type, name: str, value: Any) -> Any:
    if kind is float and isinstance(value, int):
        value = float(value)
    if type(value) is not kind:
        noun = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false"}[kind]
        raise TypeError(f"{name} must be {noun}, not {value!r}")
    return value


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
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", text) if isinstance(text, str) else None
    time = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    return time if time is not None and time <= _LONGEST else None


def _duration_text(time: timedelta) -> str:
    seconds = time // timedelta(seconds=1)
    unit, name = next(
        (unit, name)
        for name, unit in reversed([(name, timedelta(**{unit: 1})) for name, unit in _UNITS.items()])
        if not seconds % unit.total_seconds()
    )
    return f"{time // unit}{name}"


def _week(name: str, value: Any) -> tuple[DayLoad, ...]:
    days = {day.lower(): load for day, load in value.items()} if isinstance(value, dict) else None
    if days is None or not set(days) <= set(_WEEKDAYS):
        raise TypeError(f'{name} must name days of the week, such as {{saturday = "reduced"}}, not {value!r}')
    load_of = _one_of(DayLoad)
    return tuple(load_of(f"{day} in {name}", days.get(day, "normal")) for day in _WEEKDAYS)


def _hour(name: str, value: Any) -> int:
    hour: int = _of_type(int, name, value)
    if hour not in range(24):
        raise ValueError(f"{name} is an hour from 0 to 23, not {value}")
    return hour


def _settings(part: str, **readers: Reader) -> dict[str, Setting]:
    return {name: Setting(part, name, read) for name, read in readers.items()}


SETTINGS = {
    **_settings(
        "scheduler",
        desired_retention=_typed(float),
        learning_steps=_steps,
        relearning_steps=_steps,
        maximum_interval=_typed(int),
        fuzz=_typed(bool),
        load_balancing=_typed(bool),
        easy_days=_week,
    ),
    **_settings("limits", new_per_day=_typed(int), reviews_per_day=_typed(int)),
    **_settings(
        "queue",
        review_order=_one_of(ReviewOrder),
        new_order=_one_of(NewOrder),
        new_mix=_one_of(NewMix),
        bury_new=_typed(bool),
        bury_reviews=_typed(bool),
        learn_ahead=_time,
    ),
    "leech_threshold": Setting("leeches", "threshold", _typed(int)),
    "leech_action": Setting("leeches", "action", _one_of(LeechAction)),
    "auto_advance": Setting("auto_advance", "on", _typed(bool)),
    "auto_advance_question": Setting("auto_advance", "question", _time),
    "auto_advance_answer": Setting("auto_advance", "answer", _time),
    "auto_advance_action": Setting("auto_advance", "action", _one_of(AutoAction)),
    "answer_time_cap": Setting("", "answer_time_cap", _time),
    "rollover_hour": Setting("", "rollover_hour", _hour),
}
"""What can be chosen about studying, by name."""
