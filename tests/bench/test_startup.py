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
RUNS = 15


def seconds_until(marker: bytes, command: list[str], environment: dict[str, str]) -> float:
    """Start a command in a 140×45 terminal and return how long until it has painted the marker."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(environment, TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 140, 0, 0))
    painted = b""
    try:
        while marker not in painted:
            assert select.select([terminal], [], [], 20)[0], f"{marker!r} never came"
            painted += os.read(terminal, 65536)
        return time.perf_counter() - started
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def test_first_frame(tmp_path):
    lrcards = [sys.executable, "-c", "from lrcards.cli import main; main()"]
    environment = {"LRCARDS_COLLECTION": str(Path(tmp_path) / "collection.db")}
    cases = {
        "bare Textual app": (b"READY", [sys.executable, "-c", BARE]),
        "lrcards, first frame": (b"what is due today", lrcards),
        "lrcards, decks on screen": (b"Learning rate", lrcards),
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    for run in range(RUNS + 1):
        for name, (marker, command) in cases.items():
            seconds = seconds_until(marker, command, environment)
            if run:  # The first run makes the collection and the byte code.
                times[name].append(seconds)
    bare = statistics.median(times["bare Textual app"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"\n{name:<26} {1000 * median:6.0f} ms   {median / bare:.2f}× bare", end="")
    print()
