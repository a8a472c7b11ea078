"""What the lab costs: a frame against textual-plot, frames a second, the first frame, a new sweep."""

import asyncio
import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from lrcards.cards.formats.markdown import parse_deck
from lrcards.collection.store import Collection
from lrcards.descent.learning import DataObjective
from lrcards.descent.optimizers import OPTIMIZERS
from lrcards.descent.presets import PRESETS
from lrcards.desk import Desk
from lrcards.settings import Settings
from lrcards.study.days import StudyDays
from lrcards.tui import plots
from lrcards.tui.app import LrcardsApp
from lrcards.tui.screens.lab import SPEEDS, LabScreen
from lrcards.tui.screens.study import StudyScreen
from lrcards.tui.widgets.canvas import Canvas

pytestmark = pytest.mark.bench

SIZE = (140, 45)
FRAMES = 40
OPENINGS = 3
PLAYED = 3


@pytest.fixture
def open_desk(tmp_path: Path) -> Callable[[], Desk]:
    """Opens a desk with one card for every preset."""

    def open_desk() -> Desk:
        cards = "\n---\n".join(
            f"Q: {name}?\nA: {name}\n<!-- id: {name}; lab: {name} -->\n" for name in PRESETS
        )
        collection = Collection.open(tmp_path / "collection.db")
        now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        collection.import_notes(parse_deck(cards, path="presets.md"), now)
        settings = Settings({"study": {"fuzz": False, "new_per_day": 9999}})
        return Desk(collection, settings, StudyDays(UTC), lambda: now, Random(1))

    return open_desk


class Paint(NamedTuple):
    """When something was painted: on the clock, and in processor time (s)."""

    wall: float
    busy: float


def paints(monkeypatch: pytest.MonkeyPatch, counts: Callable[[Screen], bool]) -> list[Paint]:
    """Let a headless app write what it paints as to a terminal; return a list that such paints are put on."""
    found: list[Paint] = []

    def paint(app: App, screen: Screen, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            update.render_segments(app.console)
            if counts(screen):
                found.append(Paint(time.perf_counter(), time.process_time()))

    monkeypatch.setattr(App, "_display", paint)
    return found


def is_drawn(lab: Screen) -> bool:
    """Return whether a lab's landscape is among what is painted."""
    return bool(lab.query_one("#landscape", Canvas)._rows)


async def cpu_per_frame(app: App[None], prepare: Callable[[], Callable[[], None]]) -> float:
    """Return the median processor time (s) from drawing a frame until it is painted."""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        draw = prepare()
        times = []
        for _ in range(FRAMES):
            started = time.process_time()
            draw()
            await pilot.pause(0)
            await pilot.pause(0)
            times.append(time.process_time() - started)
        return statistics.median(times)


@pytest.mark.parametrize("name", ["three-regimes", "kink", "adam-vs-gd", "momentum"])
def test_a_frame_of_the_whole_lab_against_textual_plot(open_desk, name, monkeypatch):
    paints(monkeypatch, lambda _: False)
    textual_plot = pytest.importorskip("textual_plot", reason="compares with textual-plot")

    class Plots(App[None]):
        """The lab's three pictures, at the lab's sizes."""

        CSS = (
            "#landscape { width: 3fr; } #curves { width: 2fr; } #loss { height: 3fr; } #rate { height: 2fr; }"
        )

        def compose(self) -> ComposeResult:
            with Horizontal():
                yield textual_plot.PlotWidget(id="landscape")
                with Vertical(id="curves"):
                    yield textual_plot.PlotWidget(id="loss")
                    yield textual_plot.PlotWidget(id="rate")

    app = LrcardsApp(open_desk, Settings(), lambda _: LabScreen(PRESETS[name]))

    def prepare_lab() -> Callable[[], None]:
        screen = app.screen
        assert isinstance(screen, LabScreen)
        screen.set_reactive(LabScreen.playing, True)  # As it plays, but for the clock.

        def draw() -> None:
            screen.lab.forward()
            screen._draw()

        return draw

    ours = asyncio.run(cpu_per_frame(app, prepare_lab))
    other = Plots()
    experiment = PRESETS[name].experiment

    def prepare_plots() -> Callable[[], None]:
        from lrcards.lab import Lab

        lab = Lab(PRESETS[name])
        landscape, loss, rate = (other.query_one(f"#{each}") for each in ("landscape", "loss", "rate"))
        box = experiment.objective.view
        xs = np.linspace(box.low[0], box.high[0], 320)
        ys = experiment.objective.value(xs[:, None]) if experiment.objective.dimension == 1 else None
        mode = textual_plot.HiResMode.BRAILLE

        def draw() -> None:
            lab.forward()
            run = lab.trajectory
            steps = np.arange(len(run.losses))
            for plot in (landscape, loss, rate):
                plot.clear()
            if ys is not None:
                landscape.plot(xs, ys, hires_mode=mode)
            for lane in range(run.lanes):
                x = run.iterates[-plots.TRAIL :, lane, 0]
                y = (
                    run.losses[-plots.TRAIL :, lane]
                    if ys is not None
                    else run.iterates[-plots.TRAIL :, lane, 1]
                )
                landscape.plot(x, y, hires_mode=mode)
                loss.plot(steps, np.log10(run.losses[:, lane] + 1e-300), hires_mode=mode)
                rate.plot(steps, run.rates[:, lane], hires_mode=mode)

        return draw

    theirs = asyncio.run(cpu_per_frame(other, prepare_plots))
    print(
        f"\n{name:<16} the whole lab {1000 * ours:6.1f} ms, textual-plot's curves {1000 * theirs:6.1f} ms: "
        f"{ours / theirs:.2f}"
    )


@pytest.mark.parametrize("name", ["three-regimes", "kink", "adam-vs-gd", "minibatch", "network"])
def test_frames_a_second_while_playing(open_desk, name, monkeypatch):
    frames = paints(monkeypatch, lambda screen: isinstance(screen, LabScreen) and is_drawn(screen))

    async def play() -> tuple[float, float]:
        app = LrcardsApp(open_desk, Settings(), lambda _: LabScreen(PRESETS[name]))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, LabScreen)
            while screen._sweep is None:
                await asyncio.sleep(0.01)
            screen._speed = SPEEDS.index(100)  # Faster than the frames, so that every frame differs.
            frames.clear()
            wall, busy = time.perf_counter(), time.process_time()
            while (seconds := time.perf_counter() - wall) < PLAYED:
                if not screen.playing:
                    screen.action_play()
                await asyncio.sleep(0.01)
            return len(frames) / seconds, (time.process_time() - busy) / len(frames)

    rate, busy = asyncio.run(play())
    share = 100 * rate * busy
    print(
        f"\n{name:<16} {rate:.0f} frames a second, {1000 * busy:.1f} ms of processor time each, "
        f"{share:.0f} % of a core"
    )


def test_the_first_frame_after_g(open_desk, monkeypatch):
    frames = paints(monkeypatch, lambda screen: isinstance(screen, LabScreen) and is_drawn(screen))

    async def open_all() -> dict[str, list[tuple[float, float, float]]]:
        times = defaultdict(list)
        app = LrcardsApp(open_desk, Settings(), lambda desk: StudyScreen(desk.sitting()))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            study = app.screen
            assert isinstance(study, StudyScreen)
            while study.sitting.current is not None:
                name = study.sitting.current.note.guid
                for _ in range(OPENINGS):
                    plots._ground.cache_clear()
                    gc.collect()  # What earlier labs left behind is no part of opening this one.
                    frames.clear()
                    wall, busy = time.perf_counter(), time.process_time()
                    app.simulate_key("g")
                    while not frames:
                        await asyncio.sleep(0)
                    first = frames[0]
                    lab = app.screen
                    assert isinstance(lab, LabScreen)
                    while lab._is_working_out:
                        await asyncio.sleep(0.001)
                    asked = time.perf_counter()
                    times[name].append((first.busy - busy, first.wall - wall, asked - wall))
                    await pilot.pause()
                    lab.action_leave()
                    await pilot.pause()
                study.action_reveal()
                study.action_rate(4)
                await pilot.pause()
        return times

    times = asyncio.run(open_all())
    assert set(times) == set(PRESETS)
    print(f"\nfrom g to the first frame of the lab, median of {OPENINGS} openings of each preset, in ms:")
    print(f"  {'':<24} processor  (first opening)   on the clock   until asked")

    def line(what: str, name: str) -> None:
        (busy, wall, asked), first = np.median(times[name], axis=0), times[name][0][0]
        print(
            f"  {what:<24} {1000 * busy:9.0f} {1000 * first:11.0f} {1000 * wall:18.0f} {1000 * asked:13.0f}"
        )

    for kind, names in by_kind(times).items():
        rising = sorted(names, key=lambda name: np.median(times[name], axis=0)[0])
        print(f" {kind}, {len(names)} presets")
        line("half of them within", rising[len(rising) // 2])
        for name in reversed(rising[-3:]):
            line(name, name)


def by_kind(names: Iterable[str]) -> dict[str, list[str]]:
    """Sort presets by what their landscape takes to draw."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in names:
        objective = PRESETS[name].experiment.objective
        flat = f"{objective.dimension}-D" if objective.dimension <= 2 else "a slice"
        kinds[f"{flat} of data" if isinstance(objective, DataObjective) else flat].append(name)
    return kinds


def test_a_new_sweep_after_a_change_of_optimizer(open_desk):
    async def change_all(name: str) -> dict[str, float]:
        times = {}
        app = LrcardsApp(open_desk, Settings(), lambda _: LabScreen(PRESETS[name]))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, LabScreen)
            for optimizer in OPTIMIZERS:
                choose = partial(screen.lab.set_optimizer, optimizer)
                gc.collect()
                started = time.process_time()
                screen._try(choose)
                await pilot.pause(0)
                times[f"{name} with {optimizer}"] = time.process_time() - started
                assert len(screen._sweep.rates) == 200
        return times

    times = {}
    for name in ("three-regimes", "kink", "starting-points", "saddle", "adam-vs-gd", "step-decay"):
        times |= asyncio.run(change_all(name))
    median = statistics.median(times.values())
    print(
        f"\n200 rates swept and redrawn after another optimizer: median {1000 * median:.0f} ms; the slowest:"
    )
    for case in sorted(times, key=times.__getitem__, reverse=True)[:6]:
        print(f"  {case:<36} {1000 * times[case]:.0f} ms")
