"""The user's own editor, for a text that is changed outside the app."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.app import App, SuspendNotSupported

from lrcards.errors import LrcardsError


def editor_command(environment: Mapping[str, str], chosen: str = "") -> list[str]:
    """Return the words of the chosen command, else of ``VISUAL``, else of ``EDITOR``; no shell reads them.

    Raises:
        LrcardsError: none is set, or its quotes do not close.
    """
    command = chosen or environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        # The backslashes of a Windows path are not escapes.
        words = [word.strip('"') for word in shlex.split(command, posix=os.name == "posix")]
    except ValueError as error:
        raise LrcardsError(
            f"The editor {command!r} cannot be read: {error}", "Set VISUAL or EDITOR"
        ) from error
    if not words:
        raise LrcardsError(
            "No editor is set", "Set VISUAL or EDITOR, such as EDITOR=nano, or press e to edit here"
        )
    return words


def edit_outside(app: App[object], text: str, name: str, chosen: str = "") -> str | None:
    """Let the user's editor change a text while the app waits.

    Args:
        app: what gives the terminal away meanwhile.
        text: the text to begin with.
        name: the file's name; its ending tells the editor what it is.
        chosen: the command of the editor in the settings; empty for that of the environment.

    Returns:
        The text as it was saved; ``None`` if it was left as it was, or emptied.

    Raises:
        LrcardsError: no editor is set, it cannot be run, it failed, or what it saved is not UTF-8.
    """
    command = editor_command(os.environ, chosen)
    with TemporaryDirectory(prefix="lrcards-") as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                status = subprocess.run([*command, str(file)], check=False).returncode
            saved = file.read_text(encoding="utf-8")
        except SuspendNotSupported as error:
            raise LrcardsError("No editor can be opened from here", "Press e to edit here") from error
        except OSError as error:
            raise LrcardsError(
                f"The editor {command[0]!r} cannot be run: {error.strerror}", "Set VISUAL or EDITOR"
            ) from error
        except UnicodeDecodeError as error:
            raise LrcardsError("The editor saved no UTF-8 text, so nothing was changed") from error
    if status:
        raise LrcardsError(f"The editor {command[0]!r} ended with status {status}, so nothing was changed")
    return saved if saved.strip() and saved != text else None
