"""Check deck files before an import: what keeps them from it, and what their author may have overlooked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lrcards.cards.content import whole
from lrcards.cards.formats.reading import markdown_files, read
from lrcards.cards.likeness import twins
from lrcards.cards.model import Note
from lrcards.cards.pictures import Picture, pieces
from lrcards.cards.searchable import readable
from lrcards.errors import LrcardsError
from lrcards.experiments import problems_of
from lrcards.study.days import StudyDays
from lrcards.text import clean, excerpt

LONGEST_QUESTION, LONGEST_ANSWER = 300, 1200
"""Characters as they are read, without Markdown: a longer card asks for too much at once."""

ALIKE = 0.9
"""From here on two cards are likely the same; see ``likeness``."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """What there is to say about some files, each with its place.

    Attributes:
        notes: how many notes could be read.
        errors: what keeps a file from being imported, or a card from being asked as its author wants.
        warnings: what its author may have overlooked.
    """

    notes: int
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def lint(paths: Sequence[Path], days: StudyDays) -> LintReport:
    """Check files, and the Markdown files below folders; of a file that is broken, the first mistake."""
    notes: list[Note] = []
    errors: list[str] = []
    warnings: list[str] = []
    for path, is_named in _files(paths):
        try:
            parcel = read([path], day_of=days.day)
        except LrcardsError as error:
            # In a folder there may be other files than decks.
            (errors if is_named or error.line else warnings).append(clean(str(error)))
            continue
        notes += parcel.notes
        if path.suffix.lower() == ".md":
            warnings += _without_picture(parcel.notes, path.parent)
        for each in parcel.skipped:
            place = f"{each.source.file}:{each.source.line}" if each.source else clean(str(path))
            warnings.append(f"{place}: “{each.what}” makes no card. {each.reason}.")
    errors += [clean(str(problem)) for problem in problems_of(notes)]
    warnings += [*_too_long(notes), *_alike(notes)]
    return LintReport(len(notes), tuple(errors), tuple(warnings))


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield each file, and whether it was named itself."""
    for path in paths:
        if path.is_dir():
            yield from ((file, False) for file in markdown_files(path))
        else:
            yield path, True


def _without_picture(notes: Sequence[Note], folder: Path) -> Iterator[str]:
    for note in notes:
        for side in (note.question, note.answer):
            for piece in pieces(side):
                if isinstance(piece, Picture) and not _is_there(piece.name, folder):
                    yield f"{_place(note)}: There is no picture “{excerpt(piece.name)}” beside the deck."


def _is_there(name: str, folder: Path) -> bool:
    try:
        return "://" in name or (folder / name).is_file()
    except (OSError, ValueError):
        return False


def _too_long(notes: Sequence[Note]) -> Iterator[str]:
    for note in notes:
        shown = whole(note)
        sides = (("question", shown.question, LONGEST_QUESTION), ("answer", shown.answer, LONGEST_ANSWER))
        for side, text, longest in sides:
            if (length := len(readable(text))) > longest:
                yield (
                    f"{_place(note)}: The {side} has {length} characters, more than {longest}. "
                    "Ask for less at once."
                )


def _alike(notes: Sequence[Note]) -> Iterator[str]:
    for pair in twins(notes, ALIKE):
        first, second = notes[pair.first], notes[pair.second]
        same = f"“{excerpt(second.question)}” is {pair.score:.0%} the same as {_place(first)}"
        yield f"{_place(second)}: {same}. Leave one of them out."


def _place(note: Note) -> str:
    return f"{note.source.file}:{note.source.line}" if note.source else note.deck
