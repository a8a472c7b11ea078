"""Decks from files: read them, and say what an import does."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from lrcards.cards.differences import differences
from lrcards.cards.formats.delimited import Separators
from lrcards.cards.formats.reading import read
from lrcards.cards.matching import Choices
from lrcards.cards.model import Note
from lrcards.cards.parcel import Parcel, Skipped
from lrcards.collection.importing import ImportReport
from lrcards.errors import DeckError
from lrcards.experiments import warnings_about
from lrcards.links import Link, print_of
from lrcards.study.days import StudyDays
from lrcards.text import clean, counted, fit, one_line

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


def receive(
    paths: Sequence[Path],
    deck: str | None,
    days: StudyDays,
    *,
    separators: Separators | None = None,
    skip_broken: bool = False,
) -> Delivery:
    """Read files and folders.

    Args:
        paths: files and folders.
        deck: puts all notes into this deck, whatever the files say.
        days: tells the study day of a foreign answer.
        separators: those of lists of terms and definitions; all files are read as such lists.
        skip_broken: whether files that are broken are skipped; else nothing is read.

    Raises:
        DeckError: nothing can be imported from one of them, or a parametric card of it cannot be asked.
    """
    # Before they are read: what changes meanwhile is a change.
    links = tuple(_links(paths, deck))
    parcel = read(paths, deck=deck, day_of=days.day, separators=separators, skip_broken=skip_broken)
    return Delivery(parcel, links, tuple(warnings_about(parcel.notes)))


def _links(paths: Iterable[Path], deck: str | None) -> Iterator[Link]:
    """Yield a link for each file or folder; what can be read only once, such as a pipe, makes none."""
    for path in paths:
        if path.is_file() or path.is_dir():
            # Whoever reads the file says better what is wrong with it.
            with suppress(OSError):
                yield Link(path.resolve(), deck, print_of(path))


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


class Fate(StrEnum):
    """What becomes of a note, in the order in which a learner wants to know."""

    REWORDED = "reworded"
    CHANGED = "changed"
    SKIPPED = "skipped"
    ORPHANED = "gone"
    NEW = "new"
    UNCHANGED = "unchanged"


COUNTED = ("new", "changed", "reworded", "unchanged", "orphaned")


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of one note, for a list.

    Attributes:
        text: the beginning of its question.
        deck: its deck; empty if it has none.
        guid: by which a reworded note is declined.
        details: lines on it, each with a sign before it: ``-`` what is gone, ``+`` what is there instead.
    """

    fate: Fate
    text: str
    deck: str
    guid: str
    details: tuple[tuple[str, str], ...]


def entries(report: ImportReport) -> Iterator[Entry]:
    """Yield what becomes of each note, those first about which there is most to say."""
    for note in report.reworded:
        score = f"{100 * report.scores[note.guid]:.0f} % alike: taken for the same note in other words"
        yield _entry(Fate.REWORDED, note, (("", score), *_diff(report, note)))
    for note in report.changed:
        yield _entry(Fate.CHANGED, note, _diff(report, note))
    for skipped in report.skipped:
        yield Entry(Fate.SKIPPED, excerpt(skipped.what), "", "", (("", in_a_sentence(skipped)),))
    for note in report.orphaned:
        kept = "No longer in the file; it stays, with its history, until you decide about it."
        yield _entry(Fate.ORPHANED, note, (("", kept), *_text(note)))
    for fate, notes in ((Fate.NEW, report.new), (Fate.UNCHANGED, report.unchanged)):
        yield from (_entry(fate, note, _text(note)) for note in notes)


def _entry(fate: Fate, note: Note, details: Iterable[tuple[str, str]]) -> Entry:
    return Entry(fate, excerpt(note.question), note.deck, note.guid, tuple(details))


def _text(note: Note) -> Iterator[tuple[str, str]]:
    return (("", line) for line in f"{note.question}\n\n{note.answer}".strip().split("\n"))


def _diff(report: ImportReport, note: Note) -> Iterator[tuple[str, str]]:
    for difference in differences(report.before[note.guid], note):
        yield "", difference.part
        yield from difference.lines()


def summary(report: ImportReport) -> str:
    """Return how many notes have which fate, and what comes with them, in a sentence or two."""
    counts = {name: len(getattr(report, name)) for name in COUNTED}
    names = {"orphaned": "no longer in the file"}
    parts = [f"{number:,} {names.get(name, name)}" for name, number in counts.items() if number]
    if report.skipped:
        parts.append(f"{len(report.skipped):,} skipped")
    more = [
        told
        for number, told in (
            (report.progressed, f"{counted(report.progressed, 'card')} with progress"),
            (report.reviews, counted(report.reviews, "answer")),
            (
                report.media,
                f"{report.media:,} pictures and sounds" if report.media > 1 else "a picture or sound",
            ),
            (len(report.options), f"{counted(len(report.options), 'deck')} with options"),
        )
        if number
    ]
    return (", ".join(parts) or "nothing") + "." + (f" With {', '.join(more)}." if more else "")


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
    total = sum(len(getattr(report, name)) for name in COUNTED if name != "orphaned")
    yield f"{'Would import' if dry_run else 'Imported'} {counted(total, 'note')}: {summary(report)}"
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
    yield from (f"  {clean(warning)}" for warning in warnings)


def in_a_sentence(skipped: Skipped) -> str:
    """Return what was skipped, why, and where it stands."""
    where = f" ({skipped.source.file}:{skipped.source.line})" if skipped.source else ""
    return clean(f"“{excerpt(skipped.what)}”: {skipped.reason}{where}.")


def excerpt(question: str) -> str:
    """Return the beginning of a question on one line."""
    return fit(one_line(clean(question)), 70).rstrip()


def _listed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first lines, and how many more there are."""
    lines = list(lines)
    yield from lines[:MOST_LISTED]
    if len(lines) > MOST_LISTED:
        yield f"  … and {len(lines) - MOST_LISTED} more"


def _changed(report: ImportReport, note: Note, how: str) -> str:
    lines = (f"      {sign} {text}" if sign else f"    {text}" for sign, text in _diff(report, note))
    return "\n".join([f"  {how}: {excerpt(note.question)}", *(fit(line, 110).rstrip() for line in lines)])


def _change(report: ImportReport, note: Note) -> dict[str, Any]:
    found = differences(report.before[note.guid], note)
    return {"guid": note.guid, "deck": note.deck, "differences": [asdict(each) for each in found]}
