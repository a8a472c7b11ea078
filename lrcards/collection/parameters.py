"""The FSRS parameters that a collection, or a deck of it, is studied with."""

from dataclasses import replace
from datetime import date, datetime

from lrcards.cards.model import Review
from lrcards.collection import memories, options
from lrcards.collection.decks import decks_within
from lrcards.collection.rows import SELECT_REVIEWS, review_from_row, rows_of, to_json, to_ms
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.log import AnswersByCard
from lrcards.study.memory import MemoryModel
from lrcards.study.options import DeckOptions, Fitted
from lrcards.study.rules import Rules
from lrcards.study.settings import StudySettings


def model_in_use(collection: Collection, deck: str | None = None) -> MemoryModel:
    """Return the memory model that was last given to ``use_model``, or the one with the default parameters.

    For a deck it is its own, or that of a deck above it, if there is one.

    Raises:
        CollectionError: what is stored are no parameters.
    """
    with collection.reading() as database:
        return memories.model_of(database, deck)


def rules_in_use(collection: Collection, settings: StudySettings, days: StudyDays) -> Rules:
    """Return what holds for each deck: the learner's settings, with what the collection says of its decks."""
    with collection.reading() as database:
        parameters, fitted = memories.model_of(database, None).parameters, memories.fitted(database)
        return Rules(settings, days, parameters, options.read(database), fitted)


def log_of(collection: Collection, deck: str | None = None, since: date = date.min) -> list[Review]:
    """Return the answers given since a study day, those of a card together and oldest first.

    Those of the cards of a deck and its subdecks; without one, every answer in the log.

    Raises:
        CollectionError: there is no such deck.
    """
    parameters = {"since": since.isoformat()}
    which = "day >= :since"
    with collection.reading() as database:
        if deck is not None:
            parameters["decks"] = to_json(list(decks_within(database, deck)))
            decks = "deck_id IN (SELECT value FROM json_each(:decks))"
            which += f" AND card_guid IN (SELECT guid FROM cards WHERE {decks})"
        rows = rows_of(database, f"{SELECT_REVIEWS} WHERE {which} ORDER BY card_guid, at, id", parameters)
        return [review_from_row(row) for row in rows]


def use_model(
    collection: Collection,
    model: MemoryModel,
    now: datetime,
    deck: str | None = None,
    fitted: Fitted | None = None,
) -> int:
    """Study with the model from now on: store its parameters, and recompute the memory of every card.

    With a deck, they are those of the deck and of its subdecks; but no deck that has parameters of its own is
    touched. It is one transaction, so that no memory in the file is ever that of other parameters. When cards
    are due stays as it was answered. Returns how many cards were recomputed.

    ``fitted`` says when the parameters were fitted, if they were.
    """
    with collection.writing() as database:
        decks = memories.decks_like(database, deck)
        if deck is None:
            values = {memories.KEY: model.parameters, memories.FITTED: options.fitted_values(fitted)}
            for key, value in values.items():
                database.execute(
                    "INSERT OR REPLACE INTO meta (key, value, modified_at) VALUES (:key, :value, :now)",
                    {"key": key, "value": to_json(value), "now": to_ms(now)},
                )
        else:
            changed = options.read(database).get(deck, DeckOptions())
            changed = replace(changed, parameters=model.parameters, fitted=fitted)
            options.store(database, deck, changed, now)
        return len(memories.recompute(database, decks).rows)


def answers_by_card(collection: Collection, today: date, deck: str | None = None) -> AnswersByCard:
    """Return the log of the cards whose memories ``use_model`` would recompute."""
    with collection.reading() as database:
        return memories.answers(database, memories.decks_like(database, deck), until=today)
