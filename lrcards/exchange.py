"""Decks from files and back: read them, say what an import does, and write them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lrcards.cards.differences import differences
from lrcards.cards.matching import Choices
from lrcards.cards.model import Note
from lrcards.cards.parcel import Parcel, Skipped
from lrcards.cards.reading import read
from lrcards.collection.importing import ImportReport
from lrcards.errors import DeckError
from lrcards.experiments import warnings_about
from lrcards.links import Link, print_of
from lrcards.study.days import StudyDays
from lrcards.text import clean, fit, one_line

MOST_LISTED = 20
"""So many notes of a kind are listed for a reader; a script gets all."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What files hold, before anything is done with it.

    Attributes:
        parcel: their content.
        links: the files and folders, to be linked.
        warnings: what is wrong with experiments of notes that can still be studied.
    """

    parcel: Parcel
    links: tuple[Link, ...]
    warnings: tuple[str, ...]


def receive(paths: Sequence[Path], deck: str | None, days: StudyDays) -> Delivery:
    """Read files and folders.

    Args:
        paths: files and folders.
        deck: puts all notes into this deck, whatever the files say.
        days: tells the study day of a foreign answer.

    Raises:
        DeckError: nothing can be imported from one of them, or a parametric card of it cannot be asked.
    """
    prints = [(path, print_of(path)) for path in paths if path.exists()]
    parcel = read(paths, deck=deck, day_of=days.day)
    links = tuple(Link(path.resolve(), deck, before) for path, before in prints)
    return Delivery(parcel, links, tuple(warnings_about(parcel.notes)))


def declining(choices: Choices, report: ImportReport, numbers: Iterable[int]) -> Choices:
    """Return the choices with some reworded notes declined, by their numbers in the report, from 1.

    Raises:
        DeckError: there is no such number.
    """
    guids = set(choices.declined)
    for number in numbers:
        if not 1 <= number <= len(report.reworded):
            raise DeckError(
                f"there is no reworded note {number}",
                "`lrcards import --dry-run` numbers those that there are",
            )
        guids.add(report.reworded[number - 1].guid)
    return replace(choices, declined=frozenset(guids))


COUNTED = ("new", "changed", "reworded", "unchanged", "orphaned")


def as_data(report: ImportReport, warnings: Sequence[str], *, dry_run: bool) -> dict[str, Any]:
    """Return what an import did, or would do, as plain data for a script."""
    return {
        "dry_run": dry_run,
        **{name: len(getattr(report, name)) for name in COUNTED},
        "progressed": report.progressed,
        "reviews": report.reviews,
        "media": report.media,
        "options": list(report.options),
        "orphans": [excerpt(note.question) for note in report.orphaned],
        "changes": [_change(report, note) for note in report.changed],
        "rewordings": [
            {"number": number, "score": round(report.scores[note.guid], 3), **_change(report, note)}
            for number, note in enumerate(report.reworded, start=1)
        ],
        "skipped": [
            {
                "what": skipped.what,
                "reason": skipped.reason,
                "file": skipped.source.file if skipped.source else None,
                "line": skipped.source.line if skipped.source else None,
            }
            for skipped in report.skipped
        ],
        "warnings": list(warnings),
    }


def in_words(report: ImportReport, warnings: Sequence[str], *, dry_run: bool) -> Iterator[str]:
    """Yield what an import did, or would do, as lines for a reader."""
    numbers = {name: len(getattr(report, name)) for name in COUNTED}
    total = sum(number for name, number in numbers.items() if name != "orphaned")
    counts = ", ".join(f"{number} {name}" for name, number in numbers.items() if number) or "nothing"
    yield f"{'Would import' if dry_run else 'Imported'} {total} notes: {counts}."
    if dry_run:
        yield from _listed([f"  new: {excerpt(note.question)}" for note in report.new])
    yield from _listed(_changed(report, note, "changed") for note in report.changed)
    yield from _listed(
        _changed(report, note, f"reworded ({number}, {100 * report.scores[note.guid]:.0f} % alike)")
        for number, note in enumerate(report.reworded, start=1)
    )
    yield from _listed(
        f"  no longer in the file, kept with its history: {excerpt(note.question)}"
        for note in report.orphaned
    )
    yield from _listed(f"  skipped: {in_a_sentence(skipped)}" for skipped in report.skipped)
    for deck in report.options:
        yield f"  the deck {clean(deck)} takes the options that the file has for it"
    if report.progressed or report.reviews:
        yield (
            f"  {report.progressed} cards go on from where the file has them; "
            f"{report.reviews} answers come to the log"
        )
    if report.media:
        yield f"  {report.media} pictures and sounds"
    yield from (f"  {clean(warning)}" for warning in warnings)


def in_a_sentence(skipped: Skipped) -> str:
    """Return what was skipped, why, and where it stands."""
    where = f" ({skipped.source.file}:{skipped.source.line})" if skipped.source else ""
    return clean(f"“{excerpt(skipped.what)}”: {skipped.reason}{where}.")


def excerpt(question: str) -> str:
    """Return the beginning of a question on one line."""
    return fit(one_line(question), 70).rstrip()


def _listed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first lines, and how many more there are."""
    lines = list(lines)
    yield from lines[:MOST_LISTED]
    if len(lines) > MOST_LISTED:
        yield f"  … and {len(lines) - MOST_LISTED} more"


def _changed(report: ImportReport, note: Note, how: str) -> str:
    lines = [f"  {how}: {excerpt(note.question)}"]
    for difference in differences(report.before[note.guid], note):
        lines.append(f"    {difference.part}")
        lines += [f"      {sign} {fit(text, 100).rstrip()}" for sign, text in difference.lines()]
    return "\n".join(lines)


def _change(report: ImportReport, note: Note) -> dict[str, Any]:
    found = differences(report.before[note.guid], note)
    return {"guid": note.guid, "deck": note.deck, "differences": [asdict(each) for each in found]}
