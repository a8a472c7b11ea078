"""Which cards a mock test asks: every topic by its share, the strong and the weak, by a seed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

NO_TOPIC = "without a tag"


@dataclass(frozen=True, slots=True)
class Drawable:
    """A card that a test may ask.

    Attributes:
        guid, note_guid: the card's and its note's.
        topics: the tags of its note.
        recall: how likely it is to be recalled now; 0 for a new card.
        seconds: how long it takes.
    """

    guid: str
    note_guid: str
    topics: tuple[str, ...]
    recall: float
    seconds: float

    @property
    def topic(self) -> str:
        """The topic whose share it counts toward."""
        return self.topics[0] if self.topics else NO_TOPIC


def drawn(cards: Sequence[Drawable], count: int, random: Random) -> list[Drawable]:
    """Return so many cards, or all if there are fewer, in a random order.

    Each topic gets its share. Within a topic, one card is drawn from each of as many stretches of recall as
    there are cards to draw. Of a note one card is asked, unless there are not enough notes.
    """
    cards = _one_a_note(cards, count, random)
    topics: defaultdict[str, list[Drawable]] = defaultdict(list)
    for card in cards:
        topics[card.topic].append(card)
    shares = _shares(
        {topic: len(of_topic) for topic, of_topic in topics.items()}, min(count, len(cards)), random
    )
    chosen = [
        card
        for topic, of_topic in sorted(topics.items())
        for card in _spread(of_topic, shares[topic], random)
    ]
    random.shuffle(chosen)
    return chosen


def drawn_for(cards: Sequence[Drawable], seconds: float, random: Random) -> list[Drawable]:
    """Return as many cards as are expected to fit into a time, at least one; see ``drawn``."""
    mean = sum(card.seconds for card in cards) / max(1, len(cards))
    count = max(1, int(seconds / mean)) if mean else len(cards)
    chosen = drawn(cards, count, random)
    while len(chosen) > 1 and sum(card.seconds for card in chosen) > seconds:
        chosen.pop()
    return chosen


def _one_a_note(cards: Sequence[Drawable], count: int, random: Random) -> list[Drawable]:
    """Return one card of each note, and others only as far as there are not enough."""
    mixed = random.sample(list(cards), len(cards))
    first = list({card.note_guid: card for card in mixed}.values())
    others = [card for card in mixed if card not in set(first)]
    return first + others[: max(0, count - len(first))]


def _shares(sizes: dict[str, int], count: int, random: Random) -> dict[str, int]:
    """Return how many each topic gives, by its size; what rounding leaves goes to the largest remainders."""
    total = sum(sizes.values())
    exact = {topic: count * size / total for topic, size in sizes.items()} if total else {}
    shares = {topic: int(share) for topic, share in exact.items()}
    by_remainder = sorted(exact, key=lambda topic: (shares[topic] - exact[topic], random.random()))
    for topic in by_remainder[: count - sum(shares.values())]:
        shares[topic] += 1
    return shares


def _spread(cards: Sequence[Drawable], count: int, random: Random) -> list[Drawable]:
    """Return so many cards of all strengths: one from each of ``count`` stretches by recall."""
    ranked = sorted(cards, key=lambda card: (card.recall, card.guid))
    bounds = [round(number * len(ranked) / count) for number in range(count + 1)] if count else []
    return [random.choice(ranked[low:high]) for low, high in pairwise(bounds)]
