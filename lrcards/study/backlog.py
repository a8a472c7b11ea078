"""What it costs to work off a backlog at so many reviews a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lrcards.cards.model import Card
from lrcards.study.orders import Recall, most_at_stake_first

FARTHEST = 365
"""Days that a plan looks ahead; a backlog that lasts longer counts as one that never ends."""


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
        if self.days is None:
            end = "not be done within a year"
        else:
            end = f"be done in {self.days} day{'' if self.days == 1 else 's'}"
        return (
            f"{self.due} reviews are due and a day brings {self.per_day}: they will {end}, "
            f"and {cost} in the meantime."
        )


def backlog(
    due: Iterable[Card], day: date, recall: Recall, per_day: int, coming: Mapping[date, int] | None = None
) -> Backlog | None:
    """Return the plan for reviews that are due on the study day; ``None`` if they are no more than it brings.

    Every day the most that is at stake goes first, after what comes due on that day anyway.

    Args:
        due: the due reviews.
        day: the study day.
        recall: how likely a card is to be recalled on a study day.
        per_day: how many reviews a day brings.
        coming: how many other cards come due on each coming study day.
    """
    waiting = most_at_stake_first(due, day, recall)
    if len(waiting) <= per_day:
        return None
    asked, forgotten = 0, 0.0
    for later in range(FARTHEST):
        then = day + timedelta(days=later)
        free = per_day - (coming or {}).get(then, 0) if later else per_day
        today = waiting[asked : asked + max(0, free)]
        forgotten += sum(recall(card, day) - recall(card, then) for card in today)
        asked += len(today)
        if asked == len(waiting):
            return Backlog(len(waiting), per_day, later + 1, forgotten)
    end = day + timedelta(days=FARTHEST)
    forgotten += sum(recall(card, day) - recall(card, end) for card in waiting[asked:])
    return Backlog(len(waiting), per_day, None, forgotten)
