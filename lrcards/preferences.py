"""The learner's settings as they are listed, typed, and written into ``config.toml`` without a loss."""

import os
import tempfile
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrcards.errors import SettingsError
from lrcards.settings import PROGRAM, Settings, program_problem
from lrcards.study.option_texts import plain_from, text_of
from lrcards.study.settings import SETTINGS, StudySettings, read


@dataclass(frozen=True, slots=True)
class Preference:
    """One setting.

    Attributes:
        section: the section of the file that it is in.
        name: what it is called there.
        text: the value that holds, as it is typed.
        default: the value that holds without one in the file.
        given: whether the file has a value, even one that cannot be used.
    """

    section: str
    name: str
    text: str
    default: str
    given: bool


def section_of(name: str) -> str:
    """Return the section of a setting; keys are not settings here."""
    return "study" if name in SETTINGS else PROGRAM[name][0]


def listed(settings: Settings) -> list[Preference]:
    """Return every setting but the keys."""
    texts = {
        name: (text_of(setting.of(settings.study)), text_of(setting.of(StudySettings())))
        for name, setting in SETTINGS.items()
    } | {name: (text_of(getattr(settings, name)), text_of(default)) for name, (_, default) in PROGRAM.items()}
    return [
        Preference(section_of(name), name, *both, name in settings.section(section_of(name)))
        for name, both in texts.items()
    ]


def value_from(name: str, text: str) -> Any:
    """Return the value of a setting as it stands in the file, from what was typed.

    Raises:
        SettingsError: the value is not allowed.
    """
    text, section = text.strip(), section_of(name)
    is_text = section != "study" and isinstance(PROGRAM[name][1], str)
    value = text if is_text else plain_from(name, text)
    problem = read({name: value})[1].get(name, "") if section == "study" else ""
    problem = problem or (program_problem(section, name, value) if section != "study" else "")
    if problem:
        raise SettingsError(problem)
    return value


def problem_with(name: str, text: str) -> str:
    """Return what is wrong with a value as it is typed; empty if nothing is."""
    try:
        value_from(name, text)
    except SettingsError as error:
        return str(error)
    return ""


def written(path: Path, section: str, name: str, value: Any) -> Settings:
    """Write one value into the settings file, ``None`` to take it out; return what the settings are then.

    Everything else in the file stays as it is: comments, order, values that cannot be used. The file is
    replaced as a whole once the new one is on disk, so that a full disk or a crash leaves the old one.

    Raises:
        SettingsError: the file is not one that can be changed, or it cannot be written. It is as it was.
    """
    settings = Settings.load(path)
    if settings.unreadable:
        raise SettingsError(
            f"nothing was changed, since the file cannot be read: {settings.unreadable}",
            "Correct it in an editor first",
            path=path,
        )
    try:
        # A link leads to the file that is changed, and stays a link.
        _replace(path.resolve(), _edited(path, settings, section, name, value))
    except OSError as error:
        raise SettingsError(
            f"the settings cannot be written: {error.strerror}; the file is as it was",
            "Make room, or let the file be written to",
            path=path,
        ) from error
    return Settings.load(path)


def as_written(value: Any) -> Any:
    """Return the value of a setting as it is written in the file: what has names of its own on one line."""
    import tomlkit

    if not isinstance(value, dict):
        return tomlkit.item(value)
    line = tomlkit.inline_table()
    line.update(value)
    return line


def _edited(path: Path, settings: Settings, section: str, name: str, value: Any) -> bytes:
    """Return the new content of the file, after a look whether it says what it should and nothing else."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    wanted: dict[str, Any] = deepcopy(dict(settings.tables))
    before = path.read_bytes() if path.exists() else b""
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    try:
        document = tomlkit.parse(before.removeprefix(mark).decode())
        for tables, new_table in ((wanted, dict), (document, tomlkit.table)):
            table: Any = tables.setdefault(section, new_table())
            if value is None:
                table.pop(name, None)
            else:
                table[name] = as_written(value)
        after = document.as_string()
        if tomllib.loads(after) == wanted:
            return mark + after.encode()
    except (TOMLKitError, TypeError, AttributeError, tomllib.TOMLDecodeError):
        pass
    raise SettingsError(
        f"[{section}] is written in a way that cannot be changed from here",
        "Change it in an editor",
        path=path,
    )


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside the old one, bring it to disk, and put it in the old one's place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            new.chmod(path.stat().st_mode)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
