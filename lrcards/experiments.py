"""Where cards meet experiments: what a review runs and asks, and what is wrong with an experiment."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from random import Random

from lrcards.cards.model import Note
from lrcards.cards.parametric import draw, in_words, is_parametric, place, review_random, samples, with_values
from lrcards.descent.errors import SpecError
from lrcards.descent.presets import Preset, lane_labels
from lrcards.descent.questions import KINDS, Question, ask, unknown_kind
from lrcards.descent.run import Progress
from lrcards.errors import DeckError, ExperimentError, LrcardsError
from lrcards.text import escape_markdown

MOST_TRIED = 400
FEWEST_TRIED = 16
STEPS_TRIED = 400_000
"""How many combinations of values are tried before a parametric card is imported: fewer of long runs."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """One review's note with its experiment, ready to be run.

    Attributes:
        note: the note with the values of this review.
        preset: its experiment; ``None`` if it names none, or one that cannot be run.
        kind: the kind of question its author wants, ``None`` for what suits the experiment.
        problem: what is wrong with the experiment, with file and line; empty if nothing is.
        random: decides which wrong choices are offered.
    """

    note: Note
    preset: Preset | None
    kind: str | None
    problem: str
    random: Random

    @cached_property
    def question(self) -> Question | None:
        """What to ask before the run; ``None`` if there is nothing to ask."""
        return self.ask()

    def ask(self, progress: Progress | None = None) -> Question | None:
        """Work out the question, which runs the whole experiment.

        Args:
            progress: called now and then with the share of the run that is done; what it raises ends it.
        """
        if self.preset is None:
            return None
        experiment = self.preset.experiment
        # A preset's own labels may give the answer away; they are for lanes that nothing else tells apart.
        labels = lane_labels(experiment)
        if len(set(labels)) < len(labels):
            labels = self.preset.labels
        return ask(self.kind, experiment, labels, self.random, progress)


def prepared(note: Note, number: int) -> Prepared:
    """Return what the review ``number`` (counted from 0) of a note runs and asks; never raises.

    The same note and number give the same values and the same choices, and so does a note that was drawn.
    """
    try:
        drawn = draw(note, number)
        preset, kind = parsed(drawn)
    except LrcardsError as error:
        return Prepared(note, None, None, str(error), Random(0))
    return Prepared(drawn, preset, kind, "", review_random(note, number))


def answer_of(ready: Prepared) -> str:
    """Return the answer side in Markdown: the right choice, why, and what the author adds."""
    parts = [ready.problem] if ready.question is None else [ready.question.answer, ready.question.because]
    return "\n\n".join([*map(escape_markdown, parts), ready.note.answer]).strip()


def parsed(note: Note) -> tuple[Preset | None, str | None]:
    """Return the experiment of a note without placeholders, and the kind of question to ask about it.

    Raises:
        ExperimentError: at the experiment's line, if it cannot be run or the kind is not known.
    """
    if note.experiment is None:
        return None, None
    kind = note.experiment.get("ask")
    try:
        if kind not in (None, *KINDS):
            raise SpecError(unknown_kind(kind))
        preset = Preset.from_data({key: value for key, value in note.experiment.items() if key != "ask"})
    except SpecError as error:
        file, line = place(note)
        raise ExperimentError(f"The experiment cannot be run: {error}", "", path=file, line=line) from None
    return preset, kind


def problems_of(notes: Iterable[Note]) -> list[LrcardsError]:
    """Return what is wrong with the experiments of notes, in their order.

    A ``DeckError`` is about a parametric card, which cannot be asked; an ``ExperimentError`` about the
    experiment of an ordinary card, which can still be studied.
    """
    found = []
    for note in notes:
        try:
            if is_parametric(note):
                _check_parametric(note)
            else:
                parsed(note)
        except LrcardsError as error:
            found.append(error)
    return found


def warnings_about(notes: Iterable[Note]) -> list[str]:
    """Return what is wrong with experiments of notes that can still be studied.

    Raises:
        DeckError: the first parametric card that cannot be asked.
    """
    problems = problems_of(notes)
    for problem in problems:
        if isinstance(problem, DeckError):
            raise problem
    return [str(problem) for problem in problems]


def _check_parametric(note: Note) -> None:
    """Raise DeckError, naming the values, unless every draw has exactly one right choice."""
    seen: dict[str, tuple[str, str]] = {}
    file, line = place(note)
    example = prepared(note, 0).preset
    tried = min(MOST_TRIED, STEPS_TRIED // example.experiment.steps) if example else 1
    for values in samples(note, max(tried, FEWEST_TRIED)):
        drawn, shown = with_values(note, values), in_words(values)
        try:
            preset, kind = parsed(drawn)
        except ExperimentError as error:
            raise DeckError(f"{error.what} (with {shown})", error.remedy, path=file, line=line) from None
        question = Prepared(drawn, preset, kind, "", review_random(note, 0)).question
        if question is None:
            raise DeckError(
                f"With {shown} no single choice is right",
                "Leave these values out, or ask something else",
                path=file,
                line=line,
            )
        answer, others = seen.setdefault(drawn.question, (question.answer, shown))
        if answer != question.answer:
            raise DeckError(
                f"The question reads the same with {others} as with {shown}, but the right choice differs",
                "Show the values in the question",
                path=file,
                line=line,
            )
