"""Time from the command to the first painted frame, against a bare Textual app in the same run."""

import fcntl
import os
import select
import signal
import statistics
import struct
import sys
import termios
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

pytestmark = pytest.mark.bench

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("READY")
Bare().run()
"""
LRCARDS = [sys.executable, "-c", "from lrcards.cli import main; main()"]
RUNS = 15


class Terminal:
    """A program in a 140×45 terminal, killed when it is left."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._child, self._terminal = pty.fork()
        if self._child == 0:
            os.environ.update(environment, TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(command[0], command)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 140, 0, 0))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._terminal)

    def seconds_until(self, *markers: str) -> float:
        """Return how long it takes from now until all markers have been painted."""
        started, painted = time.perf_counter(), b""
        while not all(marker.encode() in painted for marker in markers):
            assert select.select([self._terminal], [], [], 20)[0], f"{markers} never came"
            painted += os.read(self._terminal, 65536)
        return time.perf_counter() - started

    def press(self, key: str, then_read: float = 0) -> None:
        """Press a key, and read what is painted for so many seconds, as the person before it does."""
        os.write(self._terminal, key.encode())
        until = time.perf_counter() + then_read
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._terminal], [], [], left)[0]:
                os.read(self._terminal, 65536)


def test_first_frame(tmp_path):
    environment = {"LRCARDS_COLLECTION": str(Path(tmp_path) / "collection.db")}
    cases = {
        "bare Textual app": ("READY", [sys.executable, "-c", BARE]),
        "lrcards, first frame": ("what is due today", LRCARDS),
        "lrcards, decks on screen": ("Learning rate", LRCARDS),
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    for run in range(RUNS + 1):
        for name, (marker, command) in cases.items():
            with Terminal(command, environment) as terminal:
                seconds = terminal.seconds_until(marker)
            if run:  # The first run makes the collection and the byte code.
                times[name].append(seconds)
    bare = statistics.median(times["bare Textual app"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"\n{name:<26} {1000 * median:6.0f} ms   {median / bare:.2f}× bare", end="")
    print()


def test_the_first_lab_of_a_session(tmp_path):
    environment = {"LRCARDS_COLLECTION": str(Path(tmp_path) / "collection.db")}
    drawn, asked = [], []
    for _ in range(RUNS):
        with Terminal(LRCARDS, environment) as terminal:
            terminal.seconds_until("Learning rate")
            terminal.press("\r", then_read=1.5)
            terminal.press("g")
            drawn.append(terminal.seconds_until("What will this run do", "◇"))
            asked.append(drawn[-1] + terminal.seconds_until("Predict with"))
    print(
        f"\nfrom the first g of a session, read for 1.5 s before: the lab is there in "
        f"{1000 * statistics.median(drawn):.0f} ms, its question in {1000 * statistics.median(asked):.0f} ms"
    )
