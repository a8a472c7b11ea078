"""The collection's file: checked, copied, restored and merged."""

import sys
from pathlib import Path

import click

from lrcards.commands.shared import (
    as_json,
    collection_option,
    collection_path,
    desk_with,
    load_settings,
    now,
    open_desk,
    print_json,
)
from lrcards.printing import say


@click.command()
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

    with open_desk() as desk:
        report = check_collection(desk.collection, desk.rules, rebuild=rebuild, now=desk.clock())
        experiments = [str(problem) for problem in problems_of(desk.collection.notes_with_experiments())]
    if as_json:
        print_json(
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


def _check_files(files: tuple[Path, ...], *, as_json: bool) -> None:
    import tzlocal

    from lrcards.linting import lint
    from lrcards.study.days import StudyDays
    from lrcards.text import counted

    report = lint(files, StudyDays(tzlocal.get_localzone(), load_settings().study.rollover_hour))
    if as_json:
        print_json({"notes": report.notes, "errors": list(report.errors), "warnings": list(report.warnings)})
    else:
        for error in report.errors:
            say(f"error: {error}")
        for warning in report.warnings:
            say(f"warning: {warning}")
        errors, warnings = counted(len(report.errors), "error"), counted(len(report.warnings), "warning")
        say(f"{counted(report.notes, 'note')}: {errors}, {warnings}.")
    if report.errors:
        sys.exit(1)


@click.command()
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

    say(f"Copied the collection to {back_up(collection_path(), now(), file)}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@collection_option
def restore(file: Path) -> None:
    """Put the copy FILE in the place of the collection, which is kept in the folder "backups".

    Nothing is changed unless FILE is a sound collection.

    \b
    lrcards restore before-the-exam.db
    """
    from lrcards.collection.backups import restore as put_back

    kept = put_back(collection_path(), file, now())
    say(f"Restored {file}." + (f" What was there before is kept in {kept}." if kept else ""))


@click.command()
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

    with desk_with(load_settings()) as desk:
        report = merging.merge(desk.collection, other, lambda: desk.rules)
    if as_json:
        print_json(merging.as_data(report))
        return
    for line in merging.in_words(report):
        say(line)
