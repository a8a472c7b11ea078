"""A sitting line by line: for pipes, screen readers and dumb terminals."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from lrcards.cards.model import Rating
from lrcards.dates import ENGLISH
from lrcards.text import plain

if TYPE_CHECKING:
    from lrcards.printing import Page
    from lrcards.session import Sitting

_HELP = """\
Enter shows the answer, then 1 Again, 2 Hard, 3 Good, 4 Easy; u takes back what was done last, q ends.
Where there are choices, a letter chooses and shows the answer; Enter then rates by whether it was right.
At any card: - buries it until tomorrow, @ suspends it, * marks it or takes the mark away, f 1 to f 7 flag it,
f 0 takes the flag away, i tells how it stands and its history, g is its lab in words."""

_DEEDS: dict[str, Callable[["Sitting"], None]] = {
    "-": lambda sitting: sitting.bury(),
    "@": lambda sitting: sitting.suspend(),
    "*": lambda sitting: sitting.mark(),
}
_FLAG = re.compile(r"f\s*([0-7])")


class _End(Exception):  # noqa: N818
    """The learner, or the input, has come to an end."""


def study(sitting: "Sitting", keys: TextIO, page: "Page", language: str = ENGLISH) -> None:
    """Ask every card of a sitting; an answer is on disk before the next question is printed.

    Args:
        sitting: what to study.
        keys: one line for each key; the end of the input ends the sitting.
        page: where questions and answers go.
        language: what days are named in.
    """

    def say(text: str) -> None:
        print(text, file=page, flush=True)

    def read() -> str:
        line = keys.readline()
        if not line or line.strip() == "q":
            raise _End
        return line.strip()

    say(_HELP)
    if backlog := sitting.backlog():
        say(f"\n{backlog}")
    try:
        while sitting.current is not None:
            _ask(sitting, say, read)
    except _End:
        pass
    _close(sitting, say, language)


def _ask(sitting: "Sitting", say: Callable[[str], None], read: Callable[[], str]) -> None:
    """Show the current card until something is done with it, or with the one before it."""
    shown, counts = sitting.current, sitting.counts
    assert shown is not None
    say(f"\n{counts.new} new, {counts.learning} learning, {counts.review} due. {shown.note.deck}")
    say(f"\nQuestion: {plain(shown.face.question)}")
    choices = dict(zip("abcd", shown.question.choices, strict=False)) if shown.question else {}
    for letter, choice in choices.items():
        say(f"  {letter}  {choice}")
    key = read()
    if key == "g":
        _visit_lab(sitting, say, read, is_answered=False)
        return
    if _is_done(sitting, key, say):
        return
    if shown.question and key in choices:
        held = sitting.predict(shown.question, list(choices).index(key))
        say("\nRight." if held else "\nNot so.")
    say(f"\nAnswer: {plain(shown.face.answer)}\n")
    delays = sitting.preview()
    buttons = "   ".join(
        f"{rating.value} {rating.name.capitalize()} {wait}" for rating, wait in delays.items()
    )
    say(buttons)
    while (key := read() or str(sitting.suggested or "")) not in ("1", "2", "3", "4"):
        if key == "g":
            _visit_lab(sitting, say, read, is_answered=True)
            say(f"\n{buttons}")
            continue
        if _is_done(sitting, key, say):
            return
        say("Type 1, 2, 3 or 4; u to take back what was done last; q to end.")
    rating = Rating(int(key))
    sitting.answer(rating)
    again = delays[rating] if sitting.is_cram else f"again in {delays[rating]}"
    say(f"{rating.name.capitalize()}: {again}.")
    _remark(sitting, say)


def _is_done(sitting: "Sitting", key: str, say: Callable[[str], None]) -> bool:
    """Do what a key other than a rating asks for, if it asks for anything."""
    if key == "u":
        say(sitting.undo() or "There is nothing to take back.")
    elif key == "i":
        _tell(sitting, say)
    elif key in _DEEDS:
        _DEEDS[key](sitting)
        _remark(sitting, say)
    elif flag := _FLAG.fullmatch(key):
        sitting.flag(int(flag[1]))
        _remark(sitting, say)
    else:
        return False
    return True


def _visit_lab(
    sitting: "Sitting", say: Callable[[str], None], read: Callable[[], str], *, is_answered: bool
) -> None:
    # Only who goes to the lab waits for the descent to load.
    from lrcards.lab_line_by_line import visit

    visit(sitting, say, read, is_answered=is_answered)


def _tell(sitting: "Sitting", say: Callable[[str], None]) -> None:
    """Say how the current card stands, and its history."""
    from lrcards.study.card_facts import in_words

    info = sitting.info()
    assert info is not None
    say("\n" + "\n".join(in_words(info)))


def _remark(sitting: "Sitting", say: Callable[[str], None]) -> None:
    if sitting.last and sitting.last.remark:
        say(sitting.last.remark)


def _close(sitting: "Sitting", say: Callable[[str], None], language: str) -> None:
    summary = sitting.summary()
    given = [f"{number} {rating.name.capitalize()}" for rating, number in summary.ratings.items() if number]
    say(f"\nDone: {summary.answered} answered" + (f" ({', '.join(given)})." if given else "."))
    *others, tomorrow = summary.what_comes(language)
    for sentence in others:
        say(sentence)
    say(f"{tomorrow} More today: lrcards study --more 10, lrcards lab, lrcards exam take.")
