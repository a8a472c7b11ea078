"""A learner in front of the app, on a collection of their own, with a clock that goes when it is told to."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import pytest
from album import SIZES, Album
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Footer, Input, Static, TextArea

from lrcards.cards.formats.markdown import parse_deck
from lrcards.cards.model import Review
from lrcards.collection.store import Collection
from lrcards.descent.presets import PRESETS
from lrcards.desk import Desk
from lrcards.settings import Settings
from lrcards.study.days import StudyDays
from lrcards.tui.app import LrcardsApp
from lrcards.tui.themes import ROUND

# Other versions may draw their widgets, or foretell, differently, which says nothing about us.
DRAWN_WITH = {"textual": "8.2.8", "textual-plot": "0.10.1", "fsrs-rs-python": "0.9.3"}

THREE_CARDS = """\
Q: What does gradient descent subtract from the parameters?
A: The gradient times $\\eta$.
<!-- id: update; lab: three-regimes -->

---

Q: Where does the kink sit?
A: At the median, 19.
<!-- id: kink; lab: kink -->

---

Q: What is an epoch?
A: One pass through all training samples.
<!-- id: epoch -->
"""

NOTHING_RANDOM = Settings(tables={"study": {"fuzz": False}})


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class Stopwatch:
    """Stands in for ``time.monotonic``: seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Learner:
    """Drives one app, looks at its screen, and looks behind it at what is on disk.

    Attributes:
        clock: the learner's clock.
        collection: what the app studies.
        pilot: drives the app while it is open.
    """

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.collection = Collection.open(path)
        self.pilot: Pilot[None]

    def desk(self, settings: Settings = NOTHING_RANDOM) -> Desk:
        """Return what the app works with, to do something before it is opened."""
        return Desk(self.collection, settings, StudyDays(UTC), self.clock, Random(1))

    def app(
        self,
        first: Callable[[Desk], Screen[None]] | None = None,
        *,
        deck: str = THREE_CARDS,
        settings: Settings = NOTHING_RANDOM,
    ) -> LrcardsApp:
        """Return an app that studies a deck in Markdown, and nothing else."""
        if deck:
            self.collection.import_notes(parse_deck(deck, path="small.md"), self.clock())
        desk = self.desk(settings)
        app = LrcardsApp(lambda: desk, settings, first)
        app.animation_level = "none"
        return app

    @asynccontextmanager
    async def at(
        self,
        first: Callable[[Desk], Screen[None]] | None = None,
        *,
        size: tuple[int, int] = (80, 24),
        **how: Any,
    ) -> AsyncIterator[LrcardsApp]:
        """Open the app at home, or at another first screen."""
        app = self.app(first, **how)
        async with app.run_test(size=size, notifications=True) as pilot:
            self.pilot = pilot
            await self.settle()
            yield app

    @asynccontextmanager
    async def studying(self, deck: str = THREE_CARDS, **how: Any) -> AsyncIterator[LrcardsApp]:
        """Open the app on a sitting with all cards."""
        from lrcards.tui.screens.study import StudyScreen

        async with self.at(lambda desk: StudyScreen(desk.sitting()), deck=deck, **how) as app:
            yield app

    @asynccontextmanager
    async def in_lab(self, preset: str = "kink", **how: Any) -> AsyncIterator[Any]:
        """Open the app in the lab on a preset; gives the lab's screen."""
        from lrcards.tui.screens.lab import LabScreen

        async with self.at(lambda _: LabScreen(PRESETS[preset]), **how) as app:
            yield app.screen

    @property
    def screen(self) -> Screen[Any]:
        """The screen on top."""
        return self.pilot.app.screen

    async def press(self, *keys: str) -> None:
        """Press keys by name; quicker than ``Pilot.press``, which is for typing."""
        for key in keys:
            self.pilot.app.simulate_key(key)
            await self.settle()

    async def settle(self) -> None:
        """Let everything that was asked for happen, and what follows from it."""
        for _ in range(4):
            await self.pilot.pause(0)
            # Who wants what a sweep comes to waits for it with ``until``.
            for worker in [each for each in self.pilot.app.workers if each.group == "question"]:
                await worker.wait()

    def sees(self) -> str:
        """Return everything on screen, with each run of white space as one space."""
        lines = (strip.text for strip in self.screen._compositor.render_strips())
        return " ".join(" ".join(lines).split())

    def reads(self, selector: str) -> str:
        """Return what a text of the screen on top says, also where it is scrolled away."""
        return str(self.screen.query_one(selector, Static).content)

    def is_told(self) -> list[str]:
        """Return what the app has notified of."""
        return [notification.message for notification in self.pilot.app._notifications]

    def keys_offered(self) -> str:
        """Return the footer's text, each key only if all of it is on screen."""
        footer = self.screen.query_one(Footer)
        keys = [key for key in footer.query("FooterKey") if key.region in footer.region]
        return " ".join(f"{key.key_display} {key.description}" for key in keys)  # type: ignore[attr-defined]

    def answers(self, note: str) -> list[Review]:
        """Return the answers to the first card of a note that are on disk."""
        return list(self.collection.reviews(f"{note}#0"))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what a timer or a worker brings about; fail if it does not come."""
        for _ in range(300):
            if condition():
                return
            await self.pilot.pause()
            await asyncio.sleep(0.01)
        pytest.fail("what was waited for did not come")

    async def picture(self) -> str:
        """Return the screen as SVG, once nothing is being worked out and nothing waits to be drawn."""
        quiet = 0
        await self.pilot.pause(0)
        for _ in range(6000):
            quiet = quiet + 1 if self._is_at_rest else 0
            if quiet == 3:
                return self.pilot.app.export_screenshot(simplify=True)
            # Half a frame; the screen draws what waits for it once a frame.
            await asyncio.sleep(0.008)
        pytest.fail("the screen does not come to rest")

    @property
    def _is_at_rest(self) -> bool:
        app, screen = self.pilot.app, self.screen
        widgets = [each for shown in app.screen_stack for each in shown.walk_children(with_self=True)]
        return (
            all(worker.is_finished for worker in app.workers)
            and all(widget._is_mounted for widget in widgets)
            and all(each._message_queue.empty() and not each._next_callbacks for each in (app, *widgets))
            and not (screen._layout_required or screen._repaint_required or screen._scroll_required)
            and not (screen._recompose_required or screen._dirty_widgets or screen._callbacks)
        )


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Learner]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        learner = Learner(tmp_path / "collection.db")
        yield learner
        learner.collection.close()
    time.tzset()


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    """The lab's own watch, standing still until it is told to go on."""
    stopwatch = Stopwatch()
    monkeypatch.setattr("lrcards.tui.screens.lab.monotonic", stopwatch)
    return stopwatch


@pytest.fixture
def pictured(
    request: pytest.FixtureRequest, learner: Learner, stopwatch: Stopwatch, snapshot: SnapshotAssertion
) -> Callable[..., Awaitable[None]]:
    """Compare the screen that keys lead to, at each size and in each theme, with its pictures."""
    assert stopwatch.seconds == 0
    for package, number in DRAWN_WITH.items():
        if version(package) != number:
            pytest.skip(f"the pictures were drawn with {package} {number}")
    album = Album(snapshot, request.node)

    async def compare(
        *keys: str,
        first: Callable[[Desk], Screen[None]] | None = None,
        shows: str = "",
        sizes: Sequence[tuple[int, int]] = SIZES,
        themes: Sequence[str] = ROUND,
        **how: Any,
    ) -> None:
        async with learner.at(first, size=sizes[0], **how) as app:
            await learner.until(lambda: shows in learner.sees())
            await learner.press(*keys)
            app.clear_notifications()
            for field in app.screen.query("Input, TextArea"):
                assert isinstance(field, (Input, TextArea))
                field.cursor_blink = False
            # Forth and back: to resize costs less than another theme, and a terminal shrinks too.
            way = list(sizes)
            for theme in themes:
                app.theme = theme
                for width, height in way:
                    await learner.pilot.resize_terminal(width, height)
                    picture = await learner.picture()
                    album.add(f"{type(app.screen).__name__}-{width}x{height}-{theme}", picture)
                way.reverse()
        assert not album.different

    return compare
