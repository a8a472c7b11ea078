"""What the command line prints for a reader; with the setting ``ascii`` it draws in ASCII alone.

Documents for scripts do not pass through here: text in JSON stays as it is.
"""

from typing import Protocol

import click

_CHOICE = "lrcards.ascii"
"""Where a command's context keeps whether it draws in ASCII alone."""


class Page(Protocol):
    """What lines can be printed on."""

    def write(self, text: str, /) -> object:
        """Add text."""

    def flush(self) -> object:
        """Let everything be seen now."""


class Printed:
    """A page on which what is drawn is drawn as the learner has it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def write(self, text: str, /) -> object:
        """Add text."""
        return self._page.write(as_drawn(text))

    def flush(self) -> object:
        """Let everything be seen now."""
        return self._page.flush()


def say(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text and a line break, on standard error if it is about what went wrong."""
    click.echo(as_drawn(text), err=err, nl=nl)


def as_drawn(text: str) -> str:
    """Return text as the learner has it drawn; the settings are read for what is not in ASCII anyway."""
    if text.isascii() or not _is_in_ascii():
        return text
    from lrcards.ascii_drawing import in_ascii

    return in_ascii(text)


def _is_in_ascii() -> bool:
    context = click.get_current_context(silent=True)
    if context is None:
        return _chosen()
    kept = context.find_root().meta
    if _CHOICE not in kept:
        kept[_CHOICE] = _chosen()
    return bool(kept[_CHOICE])


def _chosen() -> bool:
    from lrcards.settings import Settings, settings_file

    return Settings.load(settings_file()).ascii
