"""What there is to study: decks that come, go and are searched."""

import sys
from pathlib import Path
from typing import Any

import click

from lrcards.commands.shared import (
    as_json,
    collection_option,
    open_desk,
    print_json,
    progress_bar,
    without_collecting,
)
from lrcards.printing import say


@click.command(name="import")
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
    with open_desk() as desk, without_collecting(), progress_bar("Importing") as progress:
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
        print_json(exchange.as_data(report, delivery.warnings, dry_run=dry_run))
        return
    for line in exchange.in_words(report, delivery.warnings, dry_run=dry_run):
        say(line)


@click.command()
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
    with open_desk() as desk, without_collecting():
        parcel = desk.collection.parcel(deck, None if query is None else desk.notes_found(query))
        left_out = write(
            parcel, file, Format(format_name) if format_name else None, now=desk.clock(), days=desk.days
        )
    if as_json:
        print_json({"file": str(file), "notes": len(parcel.notes), "left_out": left_out})
        return
    say(f"Wrote {len(parcel.notes)} notes to {file}.")
    for sentence in left_out:
        say(f"  {sentence}.")


@click.command()
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
    from lrcards.text import counted

    if delete and keep:
        raise click.UsageError("Choose one of --delete and --keep.")
    with open_desk() as desk:
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
        print_json({"orphans": notes, "deleted": copy is not None, "copy": copy and str(copy)})
        return
    for note in found:
        say(f"{note.deck}: {excerpt(note.question)}")
    done = "kept" if keep else "deleted" if copy else "no longer in their files"
    say(f"{counted(len(found), 'note')} {done}." + (f" The collection as it was: {copy}" if copy else ""))


@click.command()
@as_json
@collection_option
def decks(as_json: bool) -> None:
    """List the decks with what each has for today.

    \b
    lrcards decks
    lrcards decks --json
    """
    with open_desk() as desk:
        rows = desk.overview()
    if as_json:
        print_json([{"deck": d.name, "new": d.new, "learning": d.learning, "review": d.review} for d in rows])
        return
    from lrcards.text import fit

    say(f"{fit('Deck', 40)} {'New':>6} {'Learning':>9} {'Due':>6}")
    for deck in rows:
        say(f"{fit(deck.name, 40)} {deck.new:>6} {deck.learning:>9} {deck.review:>6}")


@click.command()
@as_json
@collection_option
def due(as_json: bool) -> None:
    """Say how many cards today has in all decks together.

    \b
    lrcards due
    lrcards due --json
    """
    with open_desk() as desk:
        counts = desk.sitting().counts
    if as_json:
        print_json({"new": counts.new, "learning": counts.learning, "review": counts.review})
        return
    say(f"{counts.new} new, {counts.learning} learning, {counts.review} due")


@click.command()
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

    with open_desk() as desk:
        if sys.stderr.isatty() and not desk.search_is_ready():
            say("Reading what the new cards show, so that it can be searched …", err=True)
        browser = desk.browser()
        browser.search(" ".join(query))
        lines = browser.lines(limit or len(browser))
        if as_json:
            print_json({"found": len(browser), "cards": [line.as_data() for line in lines]})
            return
    for line in lines:
        tags = " ".join(f"#{tag}" for tag in line.note.tags)
        say(f"{fit(line.question, 50)}  {fit(line.note.deck, 20)}  {fit(line.due, 10)}  {tags}".rstrip())
    left = "" if len(lines) == len(browser) else f", {len(lines)} of them listed"
    say(f"{counted(len(browser), 'card')} found{left}.")
