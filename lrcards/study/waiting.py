"""Due reviews that wait to be chosen: as little of each as it takes, since there can be very many."""

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import heapify, heappop
from typing import NamedTuple

from lrcards.study.memory import MemoryModel
from lrcards.study.rules import Rules


class DueReview(NamedTuple):
    """A review card that is due.

    Attributes:
        guid, deck: the card's guid, and the name of its deck.
        stability: in days; ``None`` if its memory is not known.
        last_day: the study day of the last answer, if that is known.
    """

    guid: str
    deck: str
    stability: float | None
    last_day: date | None

    @property
    def note_guid(self) -> str:
        """The guid of the card's note."""
        return self.guid.rpartition("#")[0]


def most_at_stake_first(reviews: Iterable[DueReview], day: date, rules: Rules) -> Iterator[DueReview]:
    """Yield reviews as ``orders.most_at_stake_first`` has them, without sorting what is never asked for."""
    models: dict[str, MemoryModel] = {}
    heap = []
    for review in reviews:
        loss = 0.0
        if review.stability is not None and review.last_day is not None:
            model = models.get(review.deck)
            if model is None:
                model = models[review.deck] = rules.scheduler(review.deck).memory_model
            loss = model.loss(review.stability, (day - review.last_day).days)
        heap.append((-loss, review.guid, review))
    heapify(heap)
    while heap:
        yield heappop(heap)[2]
