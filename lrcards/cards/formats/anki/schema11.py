"""Notetypes, decks and presets as the JSON that schema 11 keeps them in, both ways."""

from typing import Any

from lrcards.cards.formats.anki.json_objects import JsonObject
from lrcards.cards.formats.anki.model import (
    DEFAULT_OPTIONS,
    AnkiDeck,
    AnkiDeckOptions,
    AnkiField,
    AnkiNotetype,
    AnkiTemplate,
)
from lrcards.errors import DeckError

_NAMES_OF_PARAMETERS = {21: "fsrsParams6", 19: "fsrsParams5", 17: "fsrsWeights"}
_OF_A_NOTETYPE = {"id", "name", "type", "mod", "usn", "css", "flds", "tmpls"}
_OF_A_FIELD = {"name", "ord"}
_OF_A_TEMPLATE = {"name", "ord", "qfmt", "afmt"}

# What Anki asks to be there.
_NOTETYPE: dict[str, Any] = {
    "sortf": 0,
    "did": None,
    "latexPre": "",
    "latexPost": "",
    "latexsvg": False,
    "req": [],
}
_FIELD = {"sticky": False, "rtl": False, "font": "Arial", "size": 20}
_TEMPLATE = {"bqfmt": "", "bafmt": "", "did": None, "bfont": "", "bsize": 0}
_DECK = {
    "lrnToday": [0, 0],
    "revToday": [0, 0],
    "newToday": [0, 0],
    "timeToday": [0, 0],
    "collapsed": True,
    "browserCollapsed": True,
}
_FILTERED_DECK = {
    "resched": True,
    "terms": [["", 100, 0]],
    "separate": True,
    "delays": None,
    "previewDelay": 0,
}


def notetype_from_json(value: Any) -> AnkiNotetype:
    """Return a notetype.

    Raises:
        DeckError: the value is not what Anki writes.
    """
    notetype = JsonObject.of(value, "A notetype")
    if not (notetype.values.get("flds") and notetype.values.get("tmpls")):
        raise DeckError("A notetype is damaged (it has no fields, or no templates)")
    return AnkiNotetype(
        id=notetype.integer("id"),
        name=notetype.text("name"),
        is_cloze=notetype.integer("type") == 1,
        fields=tuple(AnkiField(f.text("name"), f.without(_OF_A_FIELD)) for f in notetype.children("flds")),
        templates=tuple(
            AnkiTemplate(t.text("name"), t.text("qfmt"), t.text("afmt"), t.without(_OF_A_TEMPLATE))
            for t in notetype.children("tmpls")
        ),
        css=notetype.text("css"),
        modified=notetype.integer("mod"),
        settings=notetype.without(_OF_A_NOTETYPE),
    )


def notetype_to_json(notetype: AnkiNotetype) -> dict[str, Any]:
    """Return the JSON object that the notetype is read from; what its settings lack is as Anki has it."""
    fields = [
        {**_FIELD, **field.settings, "name": field.name, "ord": place}
        for place, field in enumerate(notetype.fields)
    ]
    templates = [
        {
            **_TEMPLATE,
            **template.settings,
            "name": template.name,
            "ord": place,
            "qfmt": template.front,
            "afmt": template.back,
        }
        for place, template in enumerate(notetype.templates)
    ]
    return {
        **_NOTETYPE,
        **notetype.settings,
        "id": notetype.id,
        "name": notetype.name,
        "type": int(notetype.is_cloze),
        "mod": notetype.modified,
        "usn": -1,
        "css": notetype.css,
        "flds": fields,
        "tmpls": templates,
    }


def deck_from_json(value: Any) -> AnkiDeck:
    """Return a deck.

    Raises:
        DeckError: the value is not what Anki writes.
    """
    deck = JsonObject.of(value, "A deck")
    new_per_day, reviews_per_day, percent = map(
        deck.optional_number, ("newLimit", "reviewLimit", "desiredRetention")
    )
    return AnkiDeck(
        id=deck.integer("id"),
        name=deck.text("name"),
        options_id=deck.integer("conf", DEFAULT_OPTIONS),
        is_filtered=deck.integer("dyn") != 0,
        description=deck.text("desc"),
        new_per_day=None if new_per_day is None else int(new_per_day),
        reviews_per_day=None if reviews_per_day is None else int(reviews_per_day),
        desired_retention=None if percent is None else percent / 100,
        modified=deck.integer("mod"),
    )


def deck_to_json(deck: AnkiDeck) -> dict[str, Any]:
    """Return the JSON object of a deck on which nothing was studied today."""
    retention = deck.desired_retention
    common = {
        "id": deck.id,
        "name": deck.name,
        "mod": deck.modified,
        "usn": -1,
        "desc": deck.description,
        "dyn": int(deck.is_filtered),
        **_DECK,
    }
    if deck.is_filtered:
        return common | _FILTERED_DECK
    return common | {
        "conf": deck.options_id,
        "extendNew": 0,
        "extendRev": 0,
        "newLimit": deck.new_per_day,
        "reviewLimit": deck.reviews_per_day,
        "desiredRetention": None if retention is None else round(100 * retention),
    }


def options_from_json(value: Any) -> AnkiDeckOptions:
    """Return a preset.

    Raises:
        DeckError: the value is not what Anki writes.
    """
    options = JsonObject.of(value, "A preset")
    new, review, lapse = map(options.child, ("new", "rev", "lapse"))
    default = AnkiDeckOptions(0, "")
    return AnkiDeckOptions(
        id=options.integer("id"),
        name=options.text("name"),
        learning_steps=new.numbers("delays"),
        relearning_steps=lapse.numbers("delays"),
        new_per_day=new.integer("perDay", default.new_per_day),
        reviews_per_day=review.integer("perDay", default.reviews_per_day),
        maximum_interval=review.integer("maxIvl", default.maximum_interval),
        leech_threshold=lapse.integer("leechFails", default.leech_threshold),
        suspends_leeches=lapse.integer("leechAction", 1) == 0,
        desired_retention=options.number("desiredRetention", default.desired_retention),
        parameters=next(filter(None, map(options.numbers, _NAMES_OF_PARAMETERS.values())), ()),
        modified=options.integer("mod"),
    )


def options_to_json(options: AnkiDeckOptions) -> dict[str, Any]:
    """Return the JSON object of a preset that is otherwise as Anki makes a new one."""
    parameters: dict[str, Any] = dict.fromkeys(_NAMES_OF_PARAMETERS.values(), ())
    if options.parameters:
        parameters[_NAMES_OF_PARAMETERS[len(options.parameters)]] = options.parameters
    return {
        "id": options.id,
        "name": options.name,
        "mod": options.modified,
        "usn": -1,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {
            "bury": False,
            "delays": options.learning_steps,
            "initialFactor": 2500,
            "ints": [1, 4, 0],
            "order": 1,
            "perDay": options.new_per_day,
        },
        "rev": {
            "bury": False,
            "ease4": 1.3,
            "ivlFct": 1.0,
            "maxIvl": options.maximum_interval,
            "perDay": options.reviews_per_day,
            "hardFactor": 1.2,
        },
        "lapse": {
            "delays": options.relearning_steps,
            "leechAction": int(not options.suspends_leeches),
            "leechFails": options.leech_threshold,
            "minInt": 1,
            "mult": 0.0,
        },
        "desiredRetention": options.desired_retention,
        "easyDaysPercentages": [1.0] * 7,
        **parameters,
    }
