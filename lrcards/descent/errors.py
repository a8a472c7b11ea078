"""What is wrong with an experiment, told so that its author can mend it."""

from collections.abc import Iterable
from difflib import get_close_matches

# Characters of an unknown name that a message repeats.
MAX_SHOWN = 40


class SpecError(ValueError):
    """An experiment, objective, optimizer or schedule that cannot be run as it was asked for.

    Args:
        problems: what is wrong, each a clause without a final full stop, with the limit if one is passed.

    ``str()`` joins the problems with semicolons.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such name and what was meant: ``no preset 'knik': did you mean 'kink'?``."""
    names = sorted(known)
    name = name if len(name) <= MAX_SHOWN else f"{name[: MAX_SHOWN - 1]}…"
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}?" if close else f"there is {', '.join(names)}"
    return f"no {kind} {name!r}: {hint}"
