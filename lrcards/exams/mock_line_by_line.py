"""A mock test line by line: for pipes, screen readers and dumb terminals."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from lrcards.exams.mock import Mock
from lrcards.study.exam.mock_test import CONFIDENCES, Mode
from lrcards.text import plain

if TYPE_CHECKING:
    from lrcards.printing import Page

_HELP = """\
First say how sure you are: 1 hardly, 2 perhaps, 3 probably, 4 surely. Then answer.
s leaves a question for later, m marks it, f finishes, q leaves the test to go on with it another time."""
_SURE = dict(zip("1234", CONFIDENCES, strict=True))


class _Left(Exception):  # noqa: N818
    """The learner, or the input, leaves the test."""


def take(mock: Mock, keys: TextIO, page: "Page") -> None:
    """Ask what is left of a test; every answer is on disk before the next question is printed.

    Args:
        mock: the test.
        keys: one line for each key; the end of the input leaves the test unfinished.
        page: where questions go.
    """

    def say(text: str) -> None:
        print(text, file=page, flush=True)

    def read() -> str:
        line = keys.readline()
        if not line or line.strip() == "q":
            raise _Left
        return line.strip()

    say(_HELP)
    try:
        while mock.test.unanswered and not mock.is_over:
            if not _ask(mock, say, read):
                break
    except _Left:
        mock.pause()
        say(f"\nLeft with {len(mock.test.unanswered)} questions open. Go on: lrcards exam take --resume")
        return
    mock.finish()


def _ask(mock: Mock, say: Callable[[str], None], read: Callable[[], str]) -> bool:
    """Ask the question on the table; return whether the test goes on."""
    place, shown = mock.test.at, mock.current
    left = "" if mock.seconds_left is None else f", {mock.seconds_left / 60:.1f} minutes left"
    say(f"\nQuestion {place + 1} of {len(mock.test.items)}{left}")
    if shown is None:
        say("The card of this question is gone.")
        mock.skip()
        return len(mock.test.unanswered) > 1
    say(plain(shown.face.question))
    choices = dict(zip("abcd", shown.question.choices, strict=False)) if shown.question else {}
    for letter, choice in choices.items():
        say(f"  {letter}  {choice}")
    while (key := read()) not in _SURE:
        if key == "s":
            mock.skip()
            return True
        if key == "f":
            return False
        if key == "m":
            mock.mark()
            say("Marked." if place in mock.test.marked else "Not marked any more.")
        else:
            say("Type 1, 2, 3 or 4 for how sure you are; s, m, f or q.")
    confidence = _SURE[key]
    match mock.mode:
        case Mode.CHOICE:
            while (letter := read()) not in choices:
                say(f"Type one of {', '.join(choices)}.")
            mock.choose(list(choices).index(letter), confidence)
        case Mode.TYPED:
            say("Type the answer:")
            mock.type(read(), confidence)
        case Mode.SELF:
            say("Enter shows the answer.")
            read()
            say(f"\nAnswer: {plain(shown.face.answer)}\nDid you know it? y or n")
            while (said := read()) not in ("y", "n"):
                say("Type y or n.")
            mock.grade(said == "y", confidence)
    return True
