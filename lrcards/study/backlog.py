"""What it costs to work off a backlog at so many reviews a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lrcards.text import counted

FARTHEST = 365
"""Days that a plan looks ahead; a backlog that lasts longer counts as one that never ends."""

Loss = Callable[[slice, int], float]
"""By how much the recall of the reviews at some places of the order falls in so many days, in all."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """More due reviews than a day brings, and what becomes of them.

    Attributes:
        due: how many reviews are due.
        per_day: how many a day brings.
        days: how many days it takes until all of them were asked; ``None`` for more than a year.
        forgotten: how many of them are expected to be forgotten while they wait.
    """

    due: int
    per_day: int
    days: int | None
    forgotten: float

    def sentence(self) -> str:
        """Return what the backlog costs, in words."""
        cards = round(self.forgotten)
        cost = {0: "hardly a card is forgotten", 1: "about one card is forgotten"}.get(
            cards, f"about {cards} cards are forgotten"
        )
        end = "not be done within a year" if self.days is None else f"be done in {counted(self.days, 'day')}"
        return (
            f"{self.due} reviews are due and a day brings {self.per_day}: they will {end}, "
            f"and {cost} in the meantime."
        )


def backlog(
    due: int, loss: Loss, per_day: int, day: date, coming: Mapping[date, int] | None = None
) -> Backlog | None:
    """Return the plan for reviews that are due on a study day; ``None`` if they are no more than it brings.

    Every day the next ones go, after what comes due on that day anyway.

    Args:
        due: how many reviews are due.
        loss: what is lost of them by waiting; those that lose most from one day to the next come first.
        per_day: how many reviews a day brings.
        day: the study day.
        coming: how many other cards come due on each coming study day.
    """
    if due <= per_day:
        return None
    asked, forgotten = 0, 0.0
    for later in range(FARTHEST):
        anyway = (coming or {}).get(day + timedelta(days=later), 0) if later else 0
        until = min(due, asked + max(0, per_day - anyway))
        forgotten += loss(slice(asked, until), later)
        asked = until
        if asked == due:
            return Backlog(due, per_day, later + 1, forgotten)
    forgotten += loss(slice(asked, due), FARTHEST)
    return Backlog(due, per_day, None, forgotten)
