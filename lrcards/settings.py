"""The user's settings file and the places where files live."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lrcards.errors import SettingsError
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.limits import Limits
from lrcards.study.load import DayLoad
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder
from lrcards.study.queue import QueueSettings
from lrcards.study.scheduler import SchedulerSettings

PACKAGE = Path(__file__).parent
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def data_folder() -> Path:
    """Return the platform's folder for the collection, such as ``~/.local/share/lrcards``."""
    import platformdirs

    return platformdirs.user_data_path("lrcards", appauthor=False)


def settings_file() -> Path:
    """Return the platform's place for ``config.toml``, such as ``~/.config/lrcards/config.toml``."""
    import platformdirs

    return platformdirs.user_config_path("lrcards", appauthor=False) / "config.toml"


def shipped_decks() -> Path:
    """Return the folder of the decks that come with the program: in the wheel, or in the source tree."""
    inside = PACKAGE / "decks"
    return inside if inside.is_dir() else PACKAGE.parent / "decks"


@dataclass(frozen=True)
class Settings:
    """What a user can choose; a value that is not allowed is named in ``problems`` and the default is used.

    Attributes:
        scheduler: retention, steps, longest interval, fuzz and load.
        limits: new cards and reviews a day.
        queue: the order of the day, and which siblings wait.
        leeches: when a card is a leech, and what becomes of it.
        rollover_hour: when a study day ends, 0 to 23 o'clock local time.
        theme: the name of a Textual theme.
        keys: a key, or several separated by commas, for the id of a binding.
        problems: one sentence for each value that was not used, with its line.
    """

    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    limits: Limits = field(default_factory=Limits)
    queue: QueueSettings = field(default_factory=QueueSettings)
    leeches: LeechRule = field(default_factory=LeechRule)
    rollover_hour: int = 4
    theme: str = "textual-dark"
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Settings":
        """Read a settings file; without one, or for what it leaves out, the defaults hold."""
        try:
            text = path.read_text(encoding="utf-8-sig")
            tables = tomllib.loads(text)
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            return cls(problems=(f"{path}: {error}. The default settings are used.",))
        settings = cls()
        for section, table in tables.items():
            for name, value in table.items() if isinstance(table, dict) else [("", table)]:
                try:
                    settings = _with(settings, section, name, value)
                except (SettingsError, TypeError, ValueError) as error:
                    reason = error.what if isinstance(error, SettingsError) else str(error)
                    problem = f"{path}:{_line_of(name or section, text)}: {reason}. The default is used."
                    settings = replace(settings, problems=(*settings.problems, problem))
        return settings


def _with(settings: Settings, section: str, name: str, value: Any) -> Settings:
    """Return the settings with one value set; raises an error that says what is wrong with it."""
    if section == "keys":
        return replace(settings, keys={**settings.keys, name: _of_type(str, name, value)})
    setter = _SETTERS.get((section, name))
    if setter is None:
        raise ValueError(
            f"there is no setting {name!r} in [{section}]" if name else f"[{section}] must be a table"
        )
    return setter(settings, name, value)


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
) -> Callable[[Settings, str, Any], Settings]:
    """Set a field of one part of the settings; it has the name of the setting unless another is given."""

    def set_value(settings: Settings, name: str, value: Any) -> Settings:
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


def _rollover(settings: Settings, name: str, value: Any) -> Settings:
    if _of_type(int, name, value) not in range(24):
        raise ValueError(f"{name} is an hour from 0 to 23, not {value}")
    return replace(settings, rollover_hour=value)


def _theme(settings: Settings, name: str, value: Any) -> Settings:
    return replace(settings, theme=_of_type(str, name, value))


_SETTERS: dict[tuple[str, str], Callable[[Settings, str, Any], Settings]] = {
    ("study", "desired_retention"): _in("scheduler", _typed(float)),
    ("study", "learning_steps"): _in("scheduler", _steps),
    ("study", "relearning_steps"): _in("scheduler", _steps),
    ("study", "maximum_interval"): _in("scheduler", _typed(int)),
    ("study", "fuzz"): _in("scheduler", _typed(bool)),
    ("study", "load_balancing"): _in("scheduler", _typed(bool)),
    ("study", "easy_days"): _in("scheduler", _week),
    ("study", "new_per_day"): _in("limits", _typed(int)),
    ("study", "reviews_per_day"): _in("limits", _typed(int)),
    ("study", "review_order"): _in("queue", _one_of(ReviewOrder)),
    ("study", "new_order"): _in("queue", _one_of(NewOrder)),
    ("study", "new_mix"): _in("queue", _one_of(NewMix)),
    ("study", "bury_new"): _in("queue", _typed(bool)),
    ("study", "bury_reviews"): _in("queue", _typed(bool)),
    ("study", "learn_ahead"): _in("queue", _time),
    ("study", "leech_threshold"): _in("leeches", _typed(int), "threshold"),
    ("study", "leech_action"): _in("leeches", _one_of(LeechAction), "action"),
    ("study", "rollover_hour"): _rollover,
    ("display", "theme"): _theme,
}


def _line_of(name: str, text: str) -> int:
    """Return the 1-based line that sets a name; ``tomllib`` does not tell."""
    pattern = re.compile(rf"""^\s*\[?["']?{re.escape(name)}["']?\s*[=\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
