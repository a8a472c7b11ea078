"""The user's settings file and the places where files live."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from lrcards.errors import SettingsError
from lrcards.study.limits import Limits
from lrcards.study.scheduler import SchedulerSettings

PACKAGE = Path(__file__).parent
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


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
        scheduler: retention, steps, longest interval.
        limits: new cards and reviews a day.
        rollover_hour: when a study day ends, 0 to 23 o'clock local time.
        theme: the name of a Textual theme.
        keys: a key, or several separated by commas, for the id of a binding.
        problems: one sentence for each value that was not used, with its line.
    """

    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    limits: Limits = field(default_factory=Limits)
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


def _of_type(kind: type, name: str, value: Any) -> Any:
    if kind is float and isinstance(value, int):
        value = float(value)
    if type(value) is not kind:
        noun = {int: "a whole number", float: "a number", str: "text in quotes"}[kind]
        raise TypeError(f"{name} must be {noun}, not {value!r}")
    return value


def _scheduler(kind: type) -> Callable[[Settings, str, Any], Settings]:
    def set_value(settings: Settings, name: str, value: Any) -> Settings:
        return replace(settings, scheduler=replace(settings.scheduler, **{name: _of_type(kind, name, value)}))

    return set_value


def _limit(settings: Settings, name: str, value: Any) -> Settings:
    return replace(settings, limits=replace(settings.limits, **{name: _of_type(int, name, value)}))


def _steps(settings: Settings, name: str, value: Any) -> Settings:
    steps = tuple(map(_duration, value)) if isinstance(value, list) else None
    if steps is None or None in steps:
        raise TypeError(f'{name} must be a list of times such as ["1m", "10m"], not {value!r}')
    return replace(settings, scheduler=replace(settings.scheduler, **{name: steps}))


def _duration(text: object) -> timedelta | None:
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text) if isinstance(text, str) else None
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def _rollover(settings: Settings, name: str, value: Any) -> Settings:
    if _of_type(int, name, value) not in range(24):
        raise ValueError(f"{name} is an hour from 0 to 23, not {value}")
    return replace(settings, rollover_hour=value)


def _theme(settings: Settings, name: str, value: Any) -> Settings:
    return replace(settings, theme=_of_type(str, name, value))


_SETTERS: dict[tuple[str, str], Callable[[Settings, str, Any], Settings]] = {
    ("study", "desired_retention"): _scheduler(float),
    ("study", "learning_steps"): _steps,
    ("study", "relearning_steps"): _steps,
    ("study", "maximum_interval"): _scheduler(int),
    ("study", "new_per_day"): _limit,
    ("study", "reviews_per_day"): _limit,
    ("study", "rollover_hour"): _rollover,
    ("display", "theme"): _theme,
}


def _line_of(name: str, text: str) -> int:
    """Return the 1-based line that sets a name; ``tomllib`` does not tell."""
    pattern = re.compile(rf"""^\s*\[?["']?{re.escape(name)}["']?\s*[=\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
