"""The command line. Each command imports what it needs, so that none waits for what it does not use."""

import sys

import click

from lrcards import __version__
from lrcards.commands import browsers, decks, exams, keeping, practice, scheduling
from lrcards.commands.shared import collection_option, run_app
from lrcards.errors import LrcardsError
from lrcards.printing import say


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@collection_option
@click.version_option(__version__, prog_name="lrcards")
@click.pass_context
def group(context: click.Context) -> None:
    """Spaced repetition in the terminal, with a live gradient-descent experiment behind every card.

    Without a command, opens the app.

    \b
    lrcards
    lrcards --collection other.db study
    """
    if context.invoked_subcommand is None:
        run_app()


@group.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what lets SHELL complete the commands and options of lrcards.

    \b
    lrcards completion bash > ~/.local/share/bash-completion/completions/lrcards
    lrcards completion zsh > ~/.zfunc/_lrcards
    lrcards completion fish > ~/.config/fish/completions/lrcards.fish

    For zsh, ~/.zfunc must be in fpath before compinit runs.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(group, {}, "lrcards", "_LRCARDS_COMPLETE").source(), nl=False)


for command in (
    *(practice.study, practice.lab, practice.sim, exams.exam),
    *(decks.import_, decks.export, decks.orphans, decks.decks, decks.due, decks.search),
    *(scheduling.fit, scheduling.options, scheduling.retention, scheduling.stats),
    *(keeping.check, keeping.backup, keeping.restore, keeping.merge),
    browsers.serve,
):
    group.add_command(command)


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and exit code 1."""
    try:
        group()
    except LrcardsError as error:
        from lrcards.errors import QueryError
        from lrcards.text import clean, pointer

        say(f"lrcards: {clean(str(error))}", err=True)
        if isinstance(error, QueryError):
            say(f"  {error.query}\n  {pointer(error.query, error.at)}", err=True)
        sys.exit(1)
