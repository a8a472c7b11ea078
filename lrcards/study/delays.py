"""How long until a card comes back, in a few characters, as on Anki's answer buttons."""

import math
from datetime import timedelta

from lrcards.study.days import ONE_DAY
from lrcards.study.moves import ONE_SECOND
from lrcards.study.queue import LEARN_AHEAD
from lrcards.study.scheduler import Wait

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


def describe_wait(wait: Wait, learn_ahead: timedelta = LEARN_AHEAD) -> str:
    """Return how long a wait is: ``<10m``, ``5.5h``, ``3d``, ``1.2mo``, ``1.1y`` or ``now``.

    ``<`` marks a wait so short that the card is shown sooner if nothing else is left to study.
    """
    delay = wait.days * ONE_DAY + wait.seconds * ONE_SECOND
    unit, name, decimals = next((entry for entry in reversed(UNITS) if delay >= entry[0]), (None, "now", 0))
    if unit is None:
        return name
    scale = 10**decimals
    # Halves are rounded up, as Anki does.
    number = math.floor(delay / unit * scale + 0.5) / scale
    return f"{'<' if delay < learn_ahead else ''}{number:g}{name}"
