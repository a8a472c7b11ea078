"""How long until a card comes back, in a few characters, as on Anki's answer buttons."""

import math
from datetime import datetime, timedelta

from lrcards.cards.model import Card
from lrcards.study.days import ONE_DAY, StudyDays
from lrcards.study.queue import LEARN_AHEAD

YEAR = timedelta(days=365)
# Each unit is used for delays shorter than the next one.
UNITS = (
    (timedelta(seconds=1), "s", 0),
    (timedelta(minutes=1), "m", 0),
    (timedelta(hours=1), "h", 1),
    (ONE_DAY, "d", 0),
    (YEAR / 12, "mo", 1),
    (YEAR, "y", 1),
)


def describe_delay(card: Card, now: datetime, days: StudyDays, learn_ahead: timedelta = LEARN_AHEAD) -> str:
    """Return how long until the card is due: ``<10m``, ``5.5h``, ``3d``, ``1.2mo``, ``1.1y`` or ``now``.

    ``<`` marks a delay so short that the card is shown sooner if nothing else is left to study.
    """
    if card.due_day is not None:
        delay = (card.due_day - days.day(now)).days * ONE_DAY
    else:
        delay = (card.due_at or now) - now
    unit, name, decimals = next((entry for entry in reversed(UNITS) if delay >= entry[0]), (None, "now", 0))
    if unit is None:
        return name
    scale = 10**decimals
    # Halves are rounded up, as Anki does.
    number = math.floor(delay / unit * scale + 0.5) / scale
    return f"{'<' if delay < learn_ahead else ''}{number:g}{name}"
