"""To study cards, and to experiment."""

import sys
from typing import TYPE_CHECKING, Any

import click

from lrcards.commands.exams import planned
from lrcards.commands.shared import as_json, collection_option, has_colour, open_desk, run_app
from lrcards.printing import Printed, say

if TYPE_CHECKING:
    from textual.screen import Screen

    from lrcards.desk import Desk
    from lrcards.session import Sitting


@click.command()
@click.argument("deck", required=False)
@click.option("--plain", is_flag=True, help="Line by line, for pipes, screen readers and dumb terminals.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after N cards.")
@click.option("--tag", metavar="TAG", help="Only cards with this tag, or one below it.")
@click.option("--query", metavar="QUERY", help='Only cards that this search finds; see "lrcards search -h".')
@click.option(
    "--ahead", type=click.IntRange(min=1), metavar="N", help="Instead, what comes due in the next N days."
)
@click.option("--forgotten", is_flag=True, help="Instead, what was rated Again today.")
@click.option(
    "--more",
    "more_new",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="N new cards beyond the limit.",
)
@click.option("--cram", is_flag=True, help="Until each card is known; no schedule changes. Alone: all cards.")
@click.option("--exam", is_flag=True, help="Instead, what the plan toward the exams finds best for today.")
@collection_option
def study(deck: str | None, plain: bool, exam: bool, **special: Any) -> None:
    """Study what is due today in DECK and its subdecks, or in all decks.

    In --plain, Enter reveals, 1 to 4 rate (Again, Hard, Good, Easy), u takes back, q ends.

    \b
    lrcards study
    lrcards study "Learning rate" --limit 20
    lrcards study --plain --tag schedules --cram
    lrcards study --query 'prop:d>0.7' --ahead 3
    """
    if special["ahead"] and special["forgotten"]:
        raise click.UsageError("Choose one of --ahead and --forgotten.")
    if special["more_new"] and (special["ahead"] or special["forgotten"] or special["cram"]):
        raise click.UsageError("--more is of what is due today; leave out --ahead, --forgotten and --cram.")
    if exam and (deck or any(special.values())):
        raise click.UsageError("With --exam the plan says what to study; leave the rest out.")
    if exam:
        with open_desk() as desk:
            plans = planned(desk)

    def begun(desk: "Desk") -> "Sitting":
        return desk.exam_sitting(plans) if exam else desk.sitting(deck, **special)

    if plain:
        from lrcards.line_by_line import study as study_plainly

        with open_desk() as desk:
            study_plainly(begun(desk), sys.stdin, Printed(sys.stdout), desk.settings.dates)
        return

    def first(desk: "Desk") -> "Screen[None]":
        from lrcards.tui.screens.study import StudyScreen

        return StudyScreen(begun(desk))

    run_app(first)


@click.command()
@click.argument("preset", required=False)
@collection_option
def lab(preset: str | None) -> None:
    """Open the lab on PRESET, or on a list of all of them ("lrcards sim --list").

    \b
    lrcards lab
    lrcards lab three-regimes
    """
    if preset is not None:
        from lrcards.sim import find_preset

        find_preset(preset)

    def first(_: "Desk") -> "Screen[None]":
        from lrcards.sim import find_preset
        from lrcards.tui.screens.lab import LabScreen
        from lrcards.tui.screens.presets import PresetScreen

        return PresetScreen() if preset is None else LabScreen(find_preset(preset))

    run_app(first)


@click.command()
@click.argument("preset", required=False)
@click.option("--list", "list_presets", is_flag=True, help="Name every preset.")
@click.option(
    "--rate", "rates", type=float, multiple=True, metavar="X", help="A learning rate; repeat for more lanes."
)
@click.option("--optimizer", metavar="NAME[:KNOB=X,…]", help="Such as adam or momentum:momentum=0.5.")
@click.option("--schedule", metavar="NAME[:KNOB=X,…]", help="Such as step:every=30,factor=0.1.")
@click.option("--steps", type=int, metavar="N", help="The budget of steps.")
@click.option("--start", metavar="X[,Y…]", help="Where to start.")
@click.option("--seed", type=int, metavar="N", help="Of the noise and the batches.")
@click.option("--sweep", is_flag=True, help="Try rates over decades, each judged by its own run.")
@as_json
@click.option("--plot", is_flag=True, help="Draw the run.")
def sim(preset: str | None, list_presets: bool, as_json: bool, **options: Any) -> None:
    """Run the experiment PRESET and say what happened.

    \b
    lrcards sim kink --json
    lrcards sim three-regimes --plot
    lrcards sim adam-vs-gd --rate 0.01 --rate 0.1 --steps 200
    """
    from lrcards import sim as simulation

    tell = click.echo if as_json else say
    if list_presets:
        tell(simulation.list_presets(as_json=as_json))
    elif preset is None:
        raise click.UsageError('Name a preset; "lrcards sim --list" names them all.')
    else:
        tell(simulation.report(preset, as_json=as_json, colour=has_colour(), **options))
