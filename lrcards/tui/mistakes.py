"""What a user can cause, said on screen while the app goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from textual.widget import Widget

from lrcards.errors import LrcardsError


@contextmanager
def said_on(widget: Widget) -> Iterator[None]:
    """Leave what is done inside where a user's mistake stops it, and say the mistake."""
    try:
        yield
    except LrcardsError as error:
        widget.notify(str(error), severity="error", markup=False, timeout=10)
