"""A sitting line by line: for pipes, screen readers and dumb terminals."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from lrcards.cards.model import Rating
from lrcards.text import plain

if TYPE_CHECKING:
    from lrcards.session import Sitting

_HELP = """\
Enter shows the answer, then 1 Again, 2 Hard, 3 Good, 4 Easy; u takes back the last answer, q ends.
Where there are choices, a letter chooses and shows the answer; Enter then rates by whether it was right."""


class _End(Exception):  # noqa: N818
    """The learner, or the input, has come to an end."""


def study(sitting: "Sitting", keys: TextIO, page: TextIO) -> None:
    """Ask every card of a sitting; an answer is on disk before the next question is printed.

    Args:
        sitting: what to study.
        keys: one line for each key; the end of the input ends the sitting.
        page: where questions and answers go.
    """

    def say(text: str) -> None:
        print(text, file=page, flush=True)

    def read() -> str:
        line = keys.readline()
        if not line or line.strip() == "q":
            raise _End
        return line.strip()

    say(_HELP)
    try:
        while sitting.current is not None:
            _ask(sitting, say, read)
    except _End:
        pass
    _close(sitting, say)


def _ask(sitting: "Sitting", say: Callable[[str], None], read: Callable[[], str]) -> None:
    """Show the current card until it is answered, or the answer before it is taken back."""
    shown, counts = sitting.current, sitting.counts
    assert shown is not None
    say(f"\n{counts.new} new, {counts.learning} learning, {counts.review} due. {shown.note.deck}")
    say(f"\nQuestion: {plain(shown.face.question)}")
    choices = dict(zip("abcd", shown.question.choices, strict=False)) if shown.question else {}
    for letter, choice in choices.items():
        say(f"  {letter}  {choice}")
    key = read()
    if key != "u":
        if shown.question and key in choices:
            held = sitting.predict(shown.question, list(choices).index(key))
            say("\nRight." if held else "\nNot so.")
        say(f"\nAnswer: {plain(shown.face.answer)}\n")
        delays = sitting.preview()
        say(
            "   ".join(
                f"{rating.value} {rating.name.capitalize()} {delay}" for rating, delay in delays.items()
            )
        )
        while (key := read() or str(sitting.suggested or "")) not in ("1", "2", "3", "4", "u"):
            say("Type 1, 2, 3 or 4; u to take back the last answer; q to end.")
    if key == "u":
        say(sitting.undo() or "There is nothing to take back.")
        return
    rating = Rating(int(key))
    sitting.answer(rating)
    again = delays[rating] if sitting.is_cram else f"again in {delays[rating]}"
    say(f"{rating.name.capitalize()}: {again}.")
    if sitting.last and sitting.last.remark:
        say(sitting.last.remark)


def _close(sitting: "Sitting", say: Callable[[str], None]) -> None:
    summary = sitting.summary()
    given = [f"{number} {rating.name.capitalize()}" for rating, number in summary.ratings.items() if number]
    say(f"\nDone: {summary.answered} answered" + (f" ({', '.join(given)})." if given else "."))
    if summary.next_due is not None:
        say(f"The next card comes {summary.next_due.astimezone():%A %d %B, %H:%M}.")
