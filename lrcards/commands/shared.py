"""What commands share: options, the collection that is named, the app, and what is printed for a script."""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from lrcards.errors import LrcardsError
from lrcards.printing import say

if TYPE_CHECKING:
    from textual.screen import Screen

    from lrcards.collection.importing import Progress
    from lrcards.desk import Desk
    from lrcards.settings import Settings

COLLECTION = "lrcards.collection"
"""Where a command's context keeps which collection was named."""

Command = TypeVar("Command", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def collection_option(command: Command) -> Command:
    """Add ``--collection``, before or after the command's name; it counts before the environment's."""

    def remember(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
        source = parameter.name and context.get_parameter_source(parameter.name)
        chosen = context.find_root().meta
        if value is not None and (source is ParameterSource.COMMANDLINE or COLLECTION not in chosen):
            chosen[COLLECTION] = value

    return click.option(
        "--collection",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="LRCARDS_COLLECTION",
        metavar="PATH",
        expose_value=False,
        callback=remember,
        help="The collection's file. Also: LRCARDS_COLLECTION.",
    )(command)


@contextmanager
def progress_bar(label: str) -> "Iterator[Progress]":
    """Show a bar on standard error if somebody sees it; it moves by the share that is done."""
    with click.progressbar(length=1000, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield lambda share: bar.update(round(1000 * share) - bar.pos)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let the garbage collector rest: it would walk over very many notes, all of them in use."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def now() -> datetime:
    """Return the instant now (UTC)."""
    return datetime.now(UTC)


def load_settings() -> "Settings":
    """Return the learner's settings."""
    from lrcards.settings import Settings, settings_file

    return Settings.load(settings_file())


def open_desk() -> "Desk":
    """Open the collection for a command; what the settings say in vain is told on standard error."""
    settings = load_settings()
    for problem in settings.problems:
        say(f"lrcards: {problem}", err=True)
    return desk_with(settings)


def desk_with(settings: "Settings") -> "Desk":
    """Open the collection of ``--collection``, or the one in the platform's data folder."""
    from random import SystemRandom

    import tzlocal

    from lrcards.desk import Desk

    return Desk.open(collection_path(), settings, now, tzlocal.get_localzone(), SystemRandom())


def collection_path() -> Path:
    """Return where the collection is: as ``--collection`` says, or in the platform's data folder."""
    from lrcards.settings import data_folder

    named: Path | None = click.get_current_context().find_root().meta.get(COLLECTION)
    return named or data_folder() / "collection.db"


def run_app(first: "Callable[[Desk], Screen[None]] | None" = None) -> None:
    """Open the app, at home or on another first screen, and end with its exit code.

    Raises:
        LrcardsError: there is no terminal.
    """
    in_browser = "TEXTUAL_DRIVER" in os.environ
    if not (in_browser or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise LrcardsError("The app needs a terminal", "In a pipe or a script use lrcards study --plain")
    from lrcards.collection.peeking import holds_media
    from lrcards.tui.app import LrcardsApp

    context, settings = click.get_current_context(), load_settings()

    def open_desk() -> "Desk":
        with context.scope(cleanup=False):
            return desk_with(settings)

    app = LrcardsApp(open_desk, settings, first)
    if holds_media(collection_path()):
        from lrcards.tui.pictures import ask_terminal

        ask_terminal()
    app.run()
    sys.exit(app.return_code or 0)


def has_colour() -> bool:
    """Return whether what is printed may be coloured."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def print_json(document: object) -> None:
    """Print one document for a script."""
    click.echo(json.dumps(document, ensure_ascii=False))
