"""Every command tells in its help how it is called, and the shell can complete it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from lrcards.cli import group


def commands(parent: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in parent.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


COMMANDS = {" ".join(path): command for path, command in commands(group)}


def examples_of(command: click.Command) -> list[str]:
    lines = (line.strip() for line in (command.help or "").splitlines())
    return [line for line in lines if line == "lrcards" or line.startswith("lrcards ")]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_of_it(name):
    examples = examples_of(COMMANDS[name])
    assert examples
    assert all(example.startswith(f"lrcards {name}") for example in examples)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_example_is_one_that_the_command_line_takes(name):
    command: click.Command = COMMANDS[name] if name else group
    for example in examples_of(command):
        words = shlex.split(example.partition(" > ")[0])[1 + len(name.split()) :]
        command.make_context(name, words)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_what_the_shell_reads(lrcards_command, shell):
    printed = lrcards_command("completion", shell)
    assert "_LRCARDS_COMPLETE" in printed.stdout
    assert f"{shell}_complete" in printed.stdout
    assert printed.stderr == ""


def test_a_shell_that_is_not_known_is_wrong_usage(lrcards_command):
    assert lrcards_command("completion", "tcsh").returncode == 2


@pytest.fixture(scope="module")
def lrcards_command():
    """Run the command line in a process of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from lrcards.cli import main; main()", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )

    return run
