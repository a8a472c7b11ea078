"""How long until a card comes back, in a few characters, as on Anki's answer buttons."""

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


def describe_delay(card: Card, now: datetime, days: StudyDays) -> str:
    """Return how long until the card is due, such as ``<10m``, ``5.5h``, ``3d``, ``1.2mo`` or ``1.1y``.

    ``<`` marks a delay so short that the card is shown sooner if nothing else is left to study.
    """
    if card.due_day is not None:
        return _in_units((card.due_day - days.day(now)).days * ONE_DAY)
    if card.due_at is None:
        return ""
    delay = card.due_at - now
    return f"<{_in_units(delay)}" if delay < LEARN_AHEAD else _in_units(delay)


def _in_units(delay: timedelta) -> str:
    unit, name, decimals = next((entry for entry in reversed(UNITS) if delay >= entry[0]), UNITS[0])
    scale = 10**decimals
    # Halves are rounded up, as Anki does.
    return f"{int(max(delay, timedelta(0)) / unit * scale + 0.5) / scale:g}{name}"
