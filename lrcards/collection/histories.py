"""What a file of another program knows of cards: where each stands there, and the answers that led there.

The log of a card is the union of what is here and what the file has. Where the file has answers that are not
here, or knows of progress where there is none, its state becomes the card's baseline, unless a later one is
here; answers given here since then are replayed on it. So a card that was studied on elsewhere goes on from
there, what was learnt here is kept, and the same file changes nothing the second time.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Phase, Review
from lrcards.cards.parcel import Parcel
from lrcards.collection import baselines, memories
from lrcards.collection.baselines import Baseline
from lrcards.collection.replaying import move_card, replays
from lrcards.collection.rows import EPOCH, from_ms, insert_many, review_values, to_json, to_ms
from lrcards.collection.tallies import tallying
from lrcards.study.log import BY_TIME, LEARNING, answered, study_by_card
from lrcards.study.rules import Rules

SAME_ANSWER = timedelta(seconds=1)
"""Two answers to a card less than this apart are one: some programs keep only whole seconds."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What of a file's knowledge counts here.

    Attributes:
        cards: how cards that are not here yet come in, by guid.
        baselines: the state from which cards go on, by guid.
        reviews: the answers that are not in the log.
    """

    cards: Mapping[str, Card] = field(default_factory=dict)
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    reviews: Sequence[Review] = ()


class Place(NamedTuple):
    """Which card of which note a card is here."""

    guid: str
    note_guid: str
    ordinal: int


def incoming(
    database: Database, parcel: Parcel, known_as: Mapping[str, Place], decks: Mapping[str, str]
) -> Incoming:
    """Return what counts of a parcel's cards and reviews.

    Args:
        database: the collection, as it was before.
        parcel: what came.
        known_as: what each of its cards is here, by the guid it has there.
        decks: the deck of each note, by the guid it has here.
    """
    cards = {known.guid: _called(card, known) for card in parcel.cards if (known := known_as.get(card.guid))}
    log: dict[str, list[Review]] = defaultdict(list)
    for review in sorted(parcel.reviews, key=BY_TIME):
        if known := known_as.get(review.card_guid):
            same = review.card_guid == known.guid
            log[known.guid].append(review if same else replace(review, card_guid=known.guid))
            if known.guid not in cards:
                cards[known.guid] = Card(*known)

    cards |= _with_memories(database, cards, log, decks)
    last_here = _last_answers(database, cards)
    held = baselines.instants(database, list(cards))
    lacking = _lacking(database, log)
    taken = {}
    for guid, card in cards.items():
        answers = [review for review in log.get(guid, ()) if review.kind.moves_cards]
        baseline = _baseline(card, answers[-1] if answers else None)
        if baseline is None or (guid in held and baseline.at <= held[guid]):
            continue
        if guid in last_here:
            news = any(review.kind.moves_cards for review in lacking.get(guid, ()))
            if not (news if answers else baseline.at >= last_here[guid] + SAME_ANSWER):
                continue
        taken[guid] = baseline
    states = {guid: baseline.card for guid, baseline in taken.items()}
    return Incoming(cards | states, taken, [review for reviews in lacking.values() for review in reviews])


def carry_out(database: Database, incoming: Incoming, new: Sequence[str], rules: Rules) -> None:
    """Store what counts, inside the caller's transaction; the cards must be there by now.

    Args:
        database: where to write.
        incoming: what counts.
        new: the guids of cards that were put in as they are to stand, but may have a history from before.
        rules: what holds for each deck.
    """
    chosen = "card_guid IN (SELECT value FROM json_each(:new))"
    returned = {
        guid
        for table in ("reviews", "baselines")
        for (guid,) in database.execute(
            f"SELECT DISTINCT card_guid FROM {table} WHERE {chosen}", {"new": to_json(new)}
        )
    }
    baselines.store(database, incoming.baselines)
    # In the order in which they lie in the file; what no log may hold is left out.
    log = sorted(incoming.reviews, key=lambda review: (review.card_guid, review.at))
    with tallying(database, len(log)):
        insert_many(database, "reviews", [review_values(each) for each in log], or_else="IGNORE")
    to_move = returned | (incoming.baselines.keys() - set(new))
    for card, there in replays(database, rules, list(to_move)) if to_move else ():
        if card != there:
            move_card(database, there)


def _called(card: Card, known: Place) -> Card:
    return card if card.guid == known.guid else replace(card, **known._asdict())


def _with_memories(
    database: Database,
    cards: Mapping[str, Card],
    log: Mapping[str, Sequence[Review]],
    decks: Mapping[str, str],
) -> dict[str, Card]:
    """Return the cards that have progress but no memory, with the one that FSRS makes of their answers.

    Where the log does not begin with the learning of a card, the memory follows from its interval.
    """
    by_deck: dict[str, list[Card]] = defaultdict(list)
    for card in cards.values():
        if card.memory is None and card.phase is not Phase.NEW:
            by_deck[decks.get(card.note_guid, "")].append(card)
    made = {}
    for deck, without in by_deck.items():
        model = memories.model_of(database, deck)
        known = study_by_card(chain.from_iterable(log.get(card.guid, ()) for card in without), date.max)
        whole = {guid: answers for guid, answers in known.items() if answers[0].phase in LEARNING}
        histories = [
            [(each.rating, each.elapsed) for each in answered(answers)] for answers in whole.values()
        ]
        learnt = dict(zip(whole, model.memory_after(histories), strict=True))
        for card in without:
            memory = learnt.get(card.guid) or model.memory_of_interval(card.interval)
            made[card.guid] = replace(card, memory=memory)
    return made


def _baseline(card: Card, last: Review | None) -> Baseline | None:
    """Return the state of a card that has any progress, with its last answer."""
    if card.phase is Phase.NEW:
        return Baseline(last.at, card) if last else None
    if last and (card.last_review is None or card.last_review < last.at):
        card = replace(card, last_review=last.at, last_day=last.day)
    return Baseline(card.last_review or EPOCH, card)


def _last_answers(database: Database, guids: Iterable[str]) -> dict[str, datetime]:
    """Return when each of the cards that have any progress here was last answered."""
    rows = database.execute(
        """
        SELECT guid, last_review FROM cards
        WHERE phase <> 'new' AND guid IN (SELECT value FROM json_each(:guids))
        """,
        {"guids": to_json(list(guids))},
    )
    return {guid: from_ms(at or 0) for guid, at in rows}


def _lacking(database: Database, log: Mapping[str, Sequence[Review]]) -> dict[str, Sequence[Review]]:
    """Return the answers that are not in our log, by card."""
    here: dict[str, list[int]] = defaultdict(list)
    for guid, at in database.execute(
        """
        SELECT card_guid, at FROM reviews WHERE card_guid IN (SELECT value FROM json_each(:guids))
        ORDER BY card_guid, at
        """,
        {"guids": to_json(list(log))},
    ):
        here[guid].append(at)
    lacking: dict[str, Sequence[Review]] = {}
    for guid, reviews in log.items():
        known = here.get(guid)
        if known:
            reviews = [review for review in reviews if not _is_in(known, to_ms(review.at))]
        if reviews:
            lacking[guid] = reviews
    return lacking


def _is_in(instants: Sequence[int], at: int) -> bool:
    place, within = bisect(instants, at), SAME_ANSWER // timedelta(milliseconds=1)
    return any(abs(at - near) < within for near in instants[max(0, place - 1) : place + 1])
