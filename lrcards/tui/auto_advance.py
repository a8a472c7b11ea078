"""A screen that goes on by itself after a while."""

from collections.abc import Callable
from datetime import timedelta

from textual.screen import Screen
from textual.timer import Timer


class Countdown:
    """Does something once a time has passed, unless it is started anew or stopped before."""

    def __init__(self, screen: Screen[None], go_on: Callable[[], None]) -> None:
        self._screen = screen
        self._go_on = go_on
        self._timer: Timer | None = None

    def start(self, wait: timedelta) -> None:
        """Count anew; a wait of zero never ends."""
        self.stop()
        if wait:
            self._timer = self._screen.set_timer(wait.total_seconds(), self._go_on)

    def stop(self) -> None:
        """Count no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
