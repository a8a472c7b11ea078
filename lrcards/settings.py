"""The user's settings file and the places where files live.

What the file says about studying is read when it is first asked for, since the app paints before it studies.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lrcards.dates import ENGLISH, problem_with

if TYPE_CHECKING:
    from lrcards.study.settings import StudySettings

PACKAGE = Path(__file__).parent

PROGRAM = {
    "theme": ("display", "textual-dark"),
    "reduced_motion": ("display", False),
    "ascii": ("display", False),
    "dates": ("display", ENGLISH),
    "editor": ("tools", ""),
}
"""The settings that are not about studying, by name: their section and their default."""

SECTIONS = ("study", "display", "tools", "keys")


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


Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Settings:
    """What a user can choose; a value that cannot be used is named in ``problems`` and the default is used.

    Attributes:
        tables: the sections of the file.
        text: the file as it is written, to find the line of a value in.
        path: the file, named in problems.
        unreadable: what is wrong with the file as a whole, empty if nothing is.
    """

    tables: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    path: Path = Path("config.toml")
    unreadable: str = ""

    @classmethod
    def load(cls, path: Path) -> "Settings":
        """Read a settings file; without one, or for what it leaves out, the defaults hold."""
        if not path.exists():
            return cls()
        import tomllib

        try:
            text = path.read_text(encoding="utf-8-sig")
            return cls(tomllib.loads(text), text, path)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            return cls(path=path, unreadable=str(error))

    @property
    def theme(self) -> str:
        """The name of a theme; which there are, the screens know."""
        return self._of_program("theme", str)

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing on screen moves by itself."""
        return self._of_program("reduced_motion", bool)

    @property
    def ascii(self) -> bool:
        """Whether what is drawn is drawn in ASCII alone."""
        return self._of_program("ascii", bool)

    @property
    def dates(self) -> str:
        """The language that days and months are named in."""
        language = self._of_program("dates", str)
        return ENGLISH if problem_with(language) else language

    @property
    def editor(self) -> str:
        """The command of an editor; empty for that of the environment."""
        return self._of_program("editor", str)

    @property
    def keys(self) -> dict[str, str]:
        """A key, or several separated by commas, for the id of a binding."""
        return {name: key for name, key in self.section("keys").items() if isinstance(key, str)}

    @property
    def study(self) -> "StudySettings":
        """What decides when a card is asked."""
        return self._study[0]

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each value that is not used, with its line."""
        if self.unreadable:
            return (f"{self.path}: {self.unreadable}. The default settings are used.",)
        found = {
            name: f"[{name}] must be a table" for name, table in self.tables.items() if not _is_table(table)
        }
        found |= {name: f"there is no section [{name}]" for name in self.tables if name not in SECTIONS}
        for section in ("display", "tools"):
            found |= {
                name: problem
                for name, value in self.section(section).items()
                if (problem := program_problem(section, name, value))
            }
        found |= {
            name: _must_be(name, str, value)
            for name, value in self.section("keys").items()
            if not isinstance(value, str)
        }
        found |= self._study[1]
        return tuple(self.problem(name, reason) for name, reason in found.items())

    def problem(self, name: str, reason: str) -> str:
        """Return a sentence on a value that is not used, with its line."""
        return f"{self.path}:{_line_of(name, self.text)}: {reason}. The default is used."

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section as it is in the file; empty if it is not there, or no table."""
        table = self.tables.get(name, {})
        return table if _is_table(table) else {}

    def _of_program(self, name: str, kind: type[Kind]) -> Kind:
        section, default = PROGRAM[name]
        value = self.section(section).get(name)
        chosen = value if isinstance(value, kind) else default
        assert isinstance(chosen, kind)
        return chosen

    @cached_property
    def _study(self) -> "tuple[StudySettings, dict[str, str]]":
        from lrcards.study.settings import read

        return read(self.section("study"))


def program_problem(section: str, name: str, value: object) -> str:
    """Return what is wrong with the value of a setting that is not about studying; empty if nothing is."""
    if name not in PROGRAM or PROGRAM[name][0] != section:
        return f"there is no setting {name!r} in [{section}]"
    kind = type(PROGRAM[name][1])
    if not isinstance(value, kind):
        return _must_be(name, kind, value)
    problem = problem_with(value) if name == "dates" and isinstance(value, str) else ""
    return f"{name} {problem}" if problem else ""


def _must_be(name: str, kind: type, value: object) -> str:
    return f"{name} must be {'text in quotes' if kind is str else 'true or false'}, not {value!r}"


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _line_of(name: str, text: str) -> int:
    """Return the 1-based line that sets a name; ``tomllib`` does not tell."""
    pattern = re.compile(rf"""^\s*\[?["']?{re.escape(name)}["']?\s*[=\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
