"""The lab in words: a prediction first, then some steps of the run and the verdict on each lane."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from lrcards.descent.presets import Preset
from lrcards.descent.run import simulate
from lrcards.descent.trajectory import Trajectory
from lrcards.descent.verdict import judge_all
from lrcards.experiments import prepared

if TYPE_CHECKING:
    from lrcards.descent.questions import Question
    from lrcards.session import Sitting

STEPS_TOLD = 10
"""About how many steps of a lane are told: the first ones, and then ever fewer."""

MOST_COORDINATES = 2
"""Of more parameters than this only the loss is told."""


def visit(
    sitting: "Sitting", say: Callable[[str], None], read: Callable[[], str], *, is_answered: bool
) -> None:
    """Run the experiment of the card on the table, and tell what came of it.

    Args:
        sitting: keeps the prediction, which is asked for before the answer was shown, and once.
        say: prints lines.
        read: gives what the learner types.
        is_answered: whether the answer was shown.
    """
    shown = sitting.current
    assert shown is not None
    ready = prepared(shown.note, shown.card.reviews)
    if ready.preset is None:
        say(ready.problem or "This card names no experiment. lrcards sim --list names them all.")
        return
    say(f"\nThe lab: {ready.preset.title}")
    if not is_answered and sitting.suggested is None and (question := shown.question or ready.ask()):
        _predict(question, sitting, say, read)
    for line in in_words(ready.preset):
        say(line)


def _predict(
    question: "Question", sitting: "Sitting", say: Callable[[str], None], read: Callable[[], str]
) -> None:
    choices = dict(zip("abcd", question.choices, strict=False))
    say(question.prompt)
    for letter, choice in choices.items():
        say(f"  {letter}  {choice}")
    while key := read():
        if key in choices:
            held = sitting.predict(question, list(choices).index(key))
            say(f"\n{'Right.' if held else f'Not so: {question.answer}.'} {question.because}")
            return
        say(f"Type one of {', '.join(choices)}; Enter runs it without a prediction.")


def in_words(preset: Preset) -> Iterator[str]:
    """Yield lines: for each lane what it came to, why, and some of its steps."""
    trajectory = simulate(preset.experiment)
    judgement = judge_all(trajectory)
    for lane, label in enumerate(preset.labels):
        verdict = judgement.verdict(lane)
        yield f"\n{label}: {verdict.regime.caption}"
        yield from (f"  {reason}" for reason in verdict.reasons)
        yield from _table(trajectory, lane)


def _table(trajectory: Trajectory, lane: int) -> Iterator[str]:
    """Yield some steps of a lane as columns: the step, its rate, where it is, the loss."""
    points = trajectory.iterates[:, lane]
    coordinates = points.shape[1] if points.shape[1] <= MOST_COORDINATES else 0
    names = ["step", "rate", *"xy"[:coordinates], "loss"]
    yield "  " + "".join(f"{name:>13}" for name in names)
    last = trajectory.steps if trajectory.stopped[lane] < 0 else int(trajectory.stopped[lane]) - 1
    for step in _told(last):
        numbers = trajectory.rates[step, lane], *points[step, :coordinates], trajectory.losses[step, lane]
        yield f"  {step:>13}" + "".join(f"{number:>13.5g}" for number in numbers)
    if last < trajectory.steps:
        yield f"  From step {last + 1} on its numbers are no longer finite."


def _told(last: int) -> list[int]:
    """Return the first step and the last, and some between them that lie ever farther apart."""
    between = np.geomspace(1, max(last, 1), STEPS_TOLD).round().astype(int)
    return sorted({0, last, *between.tolist()} & set(range(last + 1)))
