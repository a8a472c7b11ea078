"""Notetypes, decks and presets from the tables of schema 18, as the JSON that schema 11 keeps them in."""

from collections.abc import Iterable
from typing import Any

from lrcards.cards.formats.anki.json_objects import JsonObject, parse_json
from lrcards.cards.formats.anki.protobuf import Message

_OTHER = 255
"""The field in which Anki keeps what it does not know itself, as JSON."""


def notetype_json(
    row: tuple[int, str, int, bytes],
    fields: Iterable[tuple[str, bytes]],
    templates: Iterable[tuple[str, bytes]],
) -> dict[str, Any]:
    """Return a notetype.

    Args:
        row: its id, name, modified and config.
        fields, templates: the name and config of each, in their order.

    Raises:
        DeckError: a config is damaged.
    """
    id_, name, modified, data = row
    config = Message(data)
    return {
        **_other(config),
        "id": id_,
        "name": name,
        "type": config.integer(1),
        "mod": modified,
        "sortf": config.integer(2),
        "css": config.text(3),
        "did": config.integer(4) or None,
        "latexPre": config.text(5),
        "latexPost": config.text(6),
        "latexsvg": config.boolean(7),
        "req": [
            [needed.integer(1), ("none", "any", "all")[needed.integer(2) % 3], needed.integers(3)]
            for needed in map(Message, config.parts(8))
        ],
        **({"originalStockKind": config.integer(9)} if config.integer(9) else {}),
        **({"originalId": config.integer(10)} if 10 in config else {}),
        "flds": [_field_json(*field) for field in fields],
        "tmpls": [_template_json(*template) for template in templates],
    }


def _field_json(name: str, data: bytes) -> dict[str, Any]:
    config = Message(data)
    return {
        **_other(config),
        "name": name,
        "sticky": config.boolean(1),
        "rtl": config.boolean(2),
        "font": config.text(3),
        "size": config.integer(4),
        "description": config.text(5),
        "plainText": config.boolean(6),
        "collapsed": config.boolean(7),
        "excludeFromSearch": config.boolean(8),
        "id": config.integer(9) if 9 in config else None,
        "tag": config.integer(10) if 10 in config else None,
        "preventDeletion": config.boolean(11),
    }


def _template_json(name: str, data: bytes) -> dict[str, Any]:
    config = Message(data)
    return {
        **_other(config),
        "name": name,
        "qfmt": config.text(1),
        "afmt": config.text(2),
        "bqfmt": config.text(3),
        "bafmt": config.text(4),
        "did": config.integer(5) or None,
        "bfont": config.text(6),
        "bsize": config.integer(7),
        "id": config.integer(8) if 8 in config else None,
    }


def deck_json(id_: int, name: str, modified: int, kind: bytes) -> dict[str, Any]:
    """Return a deck.

    Raises:
        DeckError: its kind is damaged.
    """
    container = Message(kind)
    normal = container.message(1)
    return {
        "id": id_,
        "name": name.replace("\x1f", "::"),
        "mod": modified,
        "conf": normal.integer(1) or None,
        "dyn": int(2 in container),
        "desc": normal.text(4),
        "reviewLimit": normal.integer(6) if 6 in normal else None,
        "newLimit": normal.integer(7) if 7 in normal else None,
        "desiredRetention": round(100 * normal.number(10)) if 10 in normal else None,
    }


def options_json(id_: int, name: str, modified: int, data: bytes) -> dict[str, Any]:
    """Return a preset.

    Raises:
        DeckError: its config is damaged.
    """
    config = Message(data)
    return {
        "id": id_,
        "name": name,
        "mod": modified,
        "new": {"delays": config.numbers(1), "perDay": config.integer(9)},
        "rev": {"perDay": config.integer(10), "maxIvl": config.integer(16)},
        "lapse": {
            "delays": config.numbers(2),
            "leechAction": config.integer(21),
            "leechFails": config.integer(22),
        },
        "fsrsWeights": config.numbers(3),
        "fsrsParams5": config.numbers(5),
        "fsrsParams6": config.numbers(6),
        "desiredRetention": config.number(37),
    }


def _other(config: Message) -> dict[str, Any]:
    data = config.data(_OTHER)
    if not data:
        return {}
    what = "What an add-on keeps in a notetype"
    return dict(JsonObject.of(parse_json(data.decode("utf-8", "replace"), what), what).values)
