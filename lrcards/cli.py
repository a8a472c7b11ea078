"""The command line. Each command imports what it needs, so that none waits for what it does not use."""

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

from lrcards import __version__
from lrcards.errors import LrcardsError
from lrcards.exams.commands import exam_group, planned
from lrcards.printing import Printed, say

if TYPE_CHECKING:
    from textual.screen import Screen

    from lrcards.collection.importing import Progress
    from lrcards.desk import Desk
    from lrcards.session import Sitting
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
        _run_app()


@group.command()
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
        with _open_desk() as desk:
            plans = planned(desk)

    def begun(desk: "Desk") -> "Sitting":
        return desk.exam_sitting(plans) if exam else desk.sitting(deck, **special)

    if plain:
        from lrcards.line_by_line import study as study_plainly

        with _open_desk() as desk:
            study_plainly(begun(desk), sys.stdin, Printed(sys.stdout), desk.settings.dates)
        return

    def first(desk: "Desk") -> "Screen[None]":
        from lrcards.tui.screens.study import StudyScreen

        return StudyScreen(begun(desk))

    _run_app(first)


@group.command()
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

    _run_app(first)


@group.command()
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
        tell(simulation.report(preset, as_json=as_json, colour=_colour(), **options))


@group.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--deck", metavar="NAME", help="Put the notes into this deck, whatever the file says.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--link", is_flag=True, help="Remember the files, and offer what changes in them.")
@click.option("--decline", type=int, multiple=True, metavar="N", help="Reworded note N is a new one.")
@click.option("--no-likeness", is_flag=True, help="Take no note for one that was there in other words.")
@click.option("--no-progress", is_flag=True, help="Leave out the progress that the file has.")
@click.option("--skip-broken", is_flag=True, help="Skip files that are broken, and list them.")
@click.option(
    "--separators",
    nargs=2,
    metavar="TERM CARD",
    help=r"Read lists with this after each term and that after each card; \t and \n may be used.",
)
@as_json
@collection_option
def import_(files: tuple[Path, ...], deck: str | None, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Import decks: files of any format that is known, and folders of Markdown.

    Nothing is imported unless every FILE can be read, or --skip-broken is given. A note that is already there
    keeps its history, also where it moved or was reworded; notes that are gone from a file are kept and
    listed ("lrcards orphans"). A card whose experiment cannot be run is imported with a warning.

    \b
    lrcards import notes.md --deck "Week 2"
    lrcards import notes --link
    lrcards import french.apkg --dry-run
    lrcards import quizlet.txt --separators '\\t' '\\n'
    """
    from lrcards import exchange, links
    from lrcards.cards.formats.delimited import typed_separators
    from lrcards.cards.matching import Choices

    separators = typed_separators(*options["separators"]) if options["separators"] else None
    choices = Choices(likeness=not options["no_likeness"], progress=not options["no_progress"])
    with _open_desk() as desk, _without_collecting(), _progress("Importing") as progress:
        delivery = exchange.receive(
            files, deck, desk.days, separators=separators, skip_broken=options["skip_broken"]
        )
        if options["decline"] or dry_run:
            report = desk.collection.preview(delivery.parcel, choices)
            choices = exchange.declining(choices, report, options["decline"])
        if dry_run:
            report = desk.collection.preview(delivery.parcel, choices)
        else:
            report = desk.import_parcel(delivery.parcel, choices, progress)
            known = {link.path for link in links.read(desk.collection)}
            again = [link for link in delivery.links if options["link"] or link.path in known]
            links.remember(desk.collection, again, desk.clock())
    if as_json:
        _print_json(exchange.as_data(report, delivery.warnings, dry_run=dry_run))
        return
    for line in exchange.in_words(report, delivery.warnings, dry_run=dry_run):
        say(line)


@group.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--deck", metavar="NAME", help="Only this deck and its subdecks.")
@click.option("--query", metavar="QUERY", help='Only notes that this search finds; see "lrcards search -h".')
@click.option(
    "--format", "format_name", metavar="NAME", help="Such as md or csv; else by what FILE ends with."
)
@as_json
@collection_option
def export(file: Path, deck: str | None, query: str | None, format_name: str | None, as_json: bool) -> None:
    """Write notes to FILE, with all that its format can hold; what it cannot is said.

    \b
    lrcards export everything.json
    lrcards export rates.csv --deck "Learning rate"
    lrcards export hard.md --query 'prop:d>0.7'
    """
    from lrcards.cards.formats.writing import Format, write

    if format_name is not None and format_name not in list(Format):
        raise click.BadParameter(f"one of {', '.join(Format)}.", param_hint="--format")
    with _open_desk() as desk, _without_collecting():
        parcel = desk.collection.parcel(deck, None if query is None else desk.notes_found(query))
        left_out = write(
            parcel, file, Format(format_name) if format_name else None, now=desk.clock(), days=desk.days
        )
    if as_json:
        _print_json({"file": str(file), "notes": len(parcel.notes), "left_out": left_out})
        return
    say(f"Wrote {len(parcel.notes)} notes to {file}.")
    for sentence in left_out:
        say(f"  {sentence}.")


@group.command()
@click.option("--delete", is_flag=True, help="Delete them, after a copy of the collection is made.")
@click.option("--keep", is_flag=True, help="Keep them, and do not list them again.")
@as_json
@collection_option
def orphans(delete: bool, keep: bool, as_json: bool) -> None:
    """List the notes that are gone from their files, or decide about them.

    Until then they are studied as before. Should a deleted note come back in a file, its cards get their
    history back from the log.

    \b
    lrcards orphans
    lrcards orphans --keep
    """
    from lrcards.exchange import excerpt

    if delete and keep:
        raise click.UsageError("Choose one of --delete and --keep.")
    with _open_desk() as desk:
        found = desk.collection.orphans()
        guids, copy = [note.guid for note in found], None
        if keep:
            desk.collection.keep_orphans(guids)
        elif delete and found:
            path = desk.collection.path
            now = desk.clock()
            copy = path.with_name(f"{path.stem}-before-{now:%Y%m%d-%H%M%S}{path.suffix}")
            desk.collection.delete_orphans(guids, copy, now)
    if as_json:
        notes = [{"guid": note.guid, "deck": note.deck, "question": note.question} for note in found]
        _print_json({"orphans": notes, "deleted": copy is not None, "copy": copy and str(copy)})
        return
    for note in found:
        say(f"{note.deck}: {excerpt(note.question)}")
    done = "kept" if keep else "deleted" if copy else "no longer in their files"
    say(f"{len(found)} notes {done}." + (f" The collection as it was: {copy}" if copy else ""))


@group.command()
@as_json
@collection_option
def decks(as_json: bool) -> None:
    """List the decks with what each has for today.

    \b
    lrcards decks
    lrcards decks --json
    """
    with _open_desk() as desk:
        rows = desk.overview()
    if as_json:
        _print_json(
            [{"deck": d.name, "new": d.new, "learning": d.learning, "review": d.review} for d in rows]
        )
        return
    from lrcards.text import fit

    say(f"{fit('Deck', 40)} {'New':>6} {'Learning':>9} {'Due':>6}")
    for deck in rows:
        say(f"{fit(deck.name, 40)} {deck.new:>6} {deck.learning:>9} {deck.review:>6}")


@group.command()
@as_json
@collection_option
def due(as_json: bool) -> None:
    """Say how many cards today has in all decks together.

    \b
    lrcards due
    lrcards due --json
    """
    with _open_desk() as desk:
        counts = desk.sitting().counts
    if as_json:
        _print_json({"new": counts.new, "learning": counts.learning, "review": counts.review})
        return
    say(f"{counts.new} new, {counts.learning} learning, {counts.review} due")


@group.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="List at most N cards.")
@as_json
@collection_option
def search(query: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """List the cards that QUERY finds, in the order in which they came.

    \b
    words "a phrase" with*wildcards_    what a card shows, in any case, with or without accents
    a b   a or b   -a   (a or b) c      both, either, without, together
    deck:NAME tag:NAME tag:none         with all below them
    is:due is:new is:learn is:review is:suspended is:buried is:leech is:gone is:orphaned
    flag:0 to flag:7   rated:DAYS[:1-4]   added:DAYS edited:DAYS introduced:DAYS
    prop:ivl>=30  also s (stability), d (difficulty, 0 to 1), r (recall), due, lapses, reps, pos
    front:TEXT back:TEXT                the whole question or answer
    card:N note:KIND id:ID has:lab preset:NAME

    A backslash takes the meaning from the character after it. Put -- before a word that begins with a
    minus, or the QUERY in quotes, and mind that the shell takes quotation marks for itself.

    \b
    lrcards search "deck:Optimisers is:due -tag:easy"
    lrcards search 'front:"learning rate"' --limit 10
    lrcards search -- -tag:easy
    """
    from lrcards.text import counted, fit

    with _open_desk() as desk:
        if sys.stderr.isatty() and not desk.search_is_ready():
            say("Reading what the new cards show, so that it can be searched …", err=True)
        browser = desk.browser()
        browser.search(" ".join(query))
        lines = browser.lines(limit or len(browser))
        if as_json:
            _print_json({"found": len(browser), "cards": [line.as_data() for line in lines]})
            return
    for line in lines:
        tags = " ".join(f"#{tag}" for tag in line.note.tags)
        say(f"{fit(line.question, 50)}  {fit(line.note.deck, 20)}  {fit(line.due, 10)}  {tags}".rstrip())
    left = "" if len(lines) == len(browser) else f", {len(lines)} of them listed"
    say(f"{counted(len(browser), 'card')} found{left}.")


@group.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE…]")
@click.option("--rebuild", is_flag=True, help="Recompute every card from its log of reviews.")
@as_json
@collection_option
def check(files: tuple[Path, ...], rebuild: bool, as_json: bool) -> None:
    """Check that the collection is sound and that every card agrees with its log of reviews.

    Experiments that cannot be run, and odd entries in the log, are listed, too; they do not make a
    collection unsound.

    With FILES or folders, check those decks instead, and import nothing: mistakes with their line,
    experiments that cannot be run, parametric cards without a single right answer; and as warnings, cards
    that are likely the same, and questions of more than 300 or answers of more than 1200 characters.

    \b
    lrcards check
    lrcards check --rebuild
    lrcards check notes.md notes
    """
    if files:
        if rebuild:
            raise click.UsageError("--rebuild is for the collection, without FILE.")
        _check_files(files, as_json=as_json)
        return
    from lrcards.collection.safety import check as check_collection
    from lrcards.experiments import problems_of
    from lrcards.text import clean

    with _open_desk() as desk:
        report = check_collection(desk.collection, desk.rules, rebuild=rebuild, now=desk.clock())
        experiments = [str(problem) for problem in problems_of(desk.collection.notes_with_experiments())]
    if as_json:
        _print_json(
            {
                "sound": report.sound,
                "problems": list(report.problems),
                "oddities": list(report.oddities),
                "experiments": experiments,
                "cards": report.cards,
                "reviews": report.reviews,
            }
        )
    else:
        for problem in (*report.problems, *report.oddities, *experiments):
            say(clean(problem))
        say(
            f"{report.cards} cards, {report.reviews} reviews: " + ("sound." if report.sound else "not sound.")
        )
    if not report.sound:
        sys.exit(1)


@group.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@collection_option
def backup(file: Path | None) -> None:
    """Copy the whole collection to FILE, or into the folder "backups" beside it.

    Other programs may have it open.

    \b
    lrcards backup
    lrcards backup before-the-exam.db
    """
    from lrcards.collection.backups import back_up

    say(f"Copied the collection to {back_up(_collection_path(), _now(), file)}.")


@group.command()
@click.argument("file", type=click.Path(path_type=Path))
@collection_option
def restore(file: Path) -> None:
    """Put the copy FILE in the place of the collection, which is kept in the folder "backups".

    Nothing is changed unless FILE is a sound collection.

    \b
    lrcards restore before-the-exam.db
    """
    from lrcards.collection.backups import restore as put_back

    kept = put_back(_collection_path(), file, _now())
    say(f"Restored {file}." + (f" What was there before is kept in {kept}." if kept else ""))


@group.command()
@click.argument("other", type=click.Path(path_type=Path))
@as_json
@collection_option
def merge(other: Path, as_json: bool) -> None:
    """Bring in what OTHER, another copy of the collection, has. Both may have been studied.

    Every answer of both counts once; of notes, settings and suspended, buried or flagged cards the newest
    does. OTHER is only read.

    \b
    lrcards merge laptop.db
    """
    from lrcards.collection import merging

    with _desk(_settings()) as desk:
        report = merging.merge(desk.collection, other, lambda: desk.rules)
    if as_json:
        _print_json(merging.as_data(report))
        return
    for line in merging.in_words(report):
        say(line)


@group.command()
@click.option("--deck", metavar="NAME", help="Fit to this deck and its subdecks, for themselves.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_json
@collection_option
def fit(deck: str | None, dry_run: bool, as_json: bool) -> None:
    """Fit the FSRS parameters to your own log of reviews, and use them if they are better.

    The memory of every card is then computed anew; when cards are due stays. Decks that have parameters of
    their own are left alone.

    \b
    lrcards fit --dry-run
    lrcards fit --deck "Learning rate"
    """
    from lrcards import refit as refitting
    from lrcards.study.fitting import STAGES

    with _open_desk() as desk:
        learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
    with _progress("Fitting") as progress:
        report = refitting.refit_file(
            lambda stages: progress(stages / STAGES), *learner, deck, dry_run=dry_run
        )
    if as_json:
        _print_json(refitting.as_data(report, dry_run=dry_run))
        return
    for line in refitting.in_words(report):
        say(line)
    if dry_run:
        say("Nothing was changed.")


@group.command()
@click.argument("deck")
@click.argument("changes", nargs=-1, metavar="[KEY=VALUE…]")
@as_json
@collection_option
def options(deck: str, changes: tuple[str, ...], as_json: bool) -> None:
    """List the options of DECK with where each comes from, or change them for it and its subdecks.

    An empty value leaves an option to the decks above, and to config.toml. In the end the options are listed.

    \b
    lrcards options "Learning rate" desired_retention=0.92 learning_steps="1m 10m" review_order=random
    lrcards options "Learning rate" desired_retention=
    """
    from lrcards import deck_options
    from lrcards.text import clean

    texts = dict(text.partition("=")[::2] for text in changes)
    if not all("=" in text for text in changes):
        raise click.UsageError("An option is given as KEY=VALUE.")
    with _open_desk() as desk:
        desk.require(deck)
        if texts:
            deck_options.change(desk.collection, deck, texts, desk.clock())
        rules = desk.rules
    if as_json:
        _print_json(deck_options.as_data(rules, deck))
        return
    for line in deck_options.in_words(rules, deck):
        say(clean(line))


@group.command()
@click.argument("deck", required=False)
@as_json
@collection_option
def retention(deck: str | None, as_json: bool) -> None:
    """Simulate what each desired retention from 0.70 to 0.97 would cost and bring in DECK, or in all decks.

    The year is simulated with your own FSRS parameters, habits, limits and number of cards.

    \b
    lrcards retention
    lrcards retention "Learning rate" --json
    """
    from lrcards import retention as simulating
    from lrcards.study.simulator import RETENTIONS

    with _open_desk() as desk:
        learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
    with _progress("Simulating") as progress:
        found = simulating.retentions(lambda done: progress(done / len(RETENTIONS)), *learner, deck)
    if as_json:
        _print_json(simulating.as_data(found))
        return
    for line in simulating.in_words(found):
        say(line)


@group.command()
@click.argument("deck", required=False)
@as_json
@collection_option
def stats(deck: str | None, as_json: bool) -> None:
    """Say what the answers in DECK and its subdecks, or in all decks, come to.

    --json has everything that the app shows, days as text and times in seconds.

    \b
    lrcards stats
    lrcards stats "Learning rate" --json
    """
    from lrcards import stats as reporting

    with _open_desk() as desk:
        statistics = reporting.statistics_of(desk.collection, desk.days, desk.clock(), deck)
    if as_json:
        _print_json(reporting.as_data(statistics))
        return
    for line in reporting.in_words(statistics):
        say(line)


@group.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: a free one.")
@click.option("--host", metavar="NAME", help="Where to listen.  [default: 127.0.0.1, this machine alone]")
@click.option("--share", is_flag=True, help="Let other machines in; without --host, on every address.")
@collection_option
def serve(port: int, host: str | None, share: bool) -> None:
    """Serve the app to browsers on this machine, until Ctrl+C; every page studies the same collection.

    Needs the extra web: pip install 'lrcards[web]'. There is no password: whoever reaches the port can
    study and change this collection.

    \b
    lrcards serve
    lrcards serve --port 8080
    """
    from lrcards import serving

    with _open_desk() as desk:
        os.environ["LRCARDS_COLLECTION"] = str(desk.collection.path.absolute())
    host = host or ("0.0.0.0" if share else "127.0.0.1")
    with serving.listen(host, port, shared=share) as listening:
        address = serving.address_of(listening)
        if share:
            say(f"lrcards: Anyone who reaches {address} can study and change this collection.", err=True)
        serving.serve(listening, host, lambda: say(f"lrcards is at {address} (Ctrl+C ends it)."))


@contextmanager
def _progress(label: str) -> "Iterator[Progress]":
    """Show a bar on standard error if somebody sees it; it moves by the share that is done."""
    with click.progressbar(length=1000, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield lambda share: bar.update(round(1000 * share) - bar.pos)


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


group.add_command(exam_group(lambda: _open_desk(), lambda first: _run_app(first), collection_option))


def _check_files(files: tuple[Path, ...], *, as_json: bool) -> None:
    import tzlocal

    from lrcards.linting import lint
    from lrcards.study.days import StudyDays

    report = lint(files, StudyDays(tzlocal.get_localzone(), _settings().study.rollover_hour))
    if as_json:
        _print_json({"notes": report.notes, "errors": list(report.errors), "warnings": list(report.warnings)})
    else:
        for error in report.errors:
            say(f"error: {error}")
        for warning in report.warnings:
            say(f"warning: {warning}")
        say(f"{report.notes} notes: {len(report.errors)} errors, {len(report.warnings)} warnings.")
    if report.errors:
        sys.exit(1)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the garbage collector rest: it would walk over very many notes, all of them in use."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _now() -> datetime:
    return datetime.now(UTC)


def _settings() -> "Settings":
    from lrcards.settings import Settings, settings_file

    return Settings.load(settings_file())


def _open_desk() -> "Desk":
    """Open the collection for a command; what the settings say in vain is told on standard error."""
    settings = _settings()
    for problem in settings.problems:
        say(f"lrcards: {problem}", err=True)
    return _desk(settings)


def _desk(settings: "Settings") -> "Desk":
    """Open the collection of ``--collection``, or the one in the platform's data folder."""
    from random import SystemRandom

    import tzlocal

    from lrcards.desk import Desk

    return Desk.open(_collection_path(), settings, _now, tzlocal.get_localzone(), SystemRandom())


def _collection_path() -> Path:
    """Return where the collection is: as ``--collection`` says, or in the platform's data folder."""
    from lrcards.settings import data_folder

    named: Path | None = click.get_current_context().find_root().meta.get(COLLECTION)
    return named or data_folder() / "collection.db"


def _run_app(first: "Callable[[Desk], Screen[None]] | None" = None) -> None:
    in_browser = "TEXTUAL_DRIVER" in os.environ
    if not (in_browser or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise LrcardsError("The app needs a terminal", "In a pipe or a script use lrcards study --plain")
    from lrcards.collection.peeking import holds_media
    from lrcards.tui.app import LrcardsApp

    context, settings = click.get_current_context(), _settings()

    def open_desk() -> "Desk":
        with context.scope(cleanup=False):
            return _desk(settings)

    app = LrcardsApp(open_desk, settings, first)
    if holds_media(_collection_path()):
        from lrcards.tui.pictures import ask_terminal

        ask_terminal()
    app.run()
    sys.exit(app.return_code or 0)


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


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
