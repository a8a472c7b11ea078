"""The lab: real gradient descent on the experiment of a card, to watch, step and steer."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Static

from lrcards.cards.model import Note
from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import Experiment
from lrcards.descent.presets import Preset
from lrcards.descent.run import Run
from lrcards.descent.verdict import judge
from lrcards.tui import plots
from lrcards.tui.widgets.canvas import Canvas
from lrcards.tui.widgets.inks import INKS, LANES

FRAME = 1 / 30
SPEEDS = (1, 2, 5, 10, 30, 100, 300)
"""Steps a second while playing."""

RATE_FACTOR = 10**0.1
"""One press changes η by a tenth of a decade."""


def open_lab(app: App[Any], note: Note) -> None:
    """Open the lab on a note's experiment, or say what is wrong with it and stay."""
    try:
        preset = Preset.from_data(note.experiment or {})
    except SpecError as error:
        where = f"{note.source.file}:{note.source.line}: " if note.source else ""
        app.notify(
            f"{where}{error}", title="This card's experiment cannot run", severity="error", markup=False
        )
        return
    app.push_screen(LabScreen(preset))


class LabScreen(Screen[None]):
    """One experiment with its lanes: the landscape, the loss, the rate in force and the verdict."""

    TITLE = "lab"
    HELP = (
        "Real gradient descent, computed as you watch. Play or step, go back, and change the learning rate: "
        "a change acts at once and cuts off the future; stepping back goes through it exactly."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "play", "Play", id="lab.play"),
        Binding("right,l", "step(1)", "Step", key_display="→", id="lab.forward"),
        Binding("left,h", "step(-1)", "Back", key_display="←", id="lab.back"),
        Binding("shift+right,L", "step(10)", "10 steps", show=False, id="lab.forward10"),
        Binding("shift+left,H", "step(-10)", "Back 10", show=False, id="lab.back10"),
        Binding("end,G", "finish", "To the end", show=False, id="lab.finish"),
        Binding("r,home", "restart", "Restart", key_display="r", id="lab.restart"),
        Binding("up,plus,k", "rate(1)", "η", key_display="↑↓", id="lab.rate-up"),
        Binding("down,minus,j", "rate(-1)", "η down", show=False, key_display="↓", id="lab.rate-down"),
        Binding(
            "greater_than_sign,full_stop", "speed(1)", "Faster", show=False, key_display=">", id="lab.faster"
        ),
        Binding("less_than_sign,comma", "speed(-1)", "Slower", show=False, key_display="<", id="lab.slower"),
        Binding("y", "log", "Log loss", show=False, id="lab.log"),
        Binding("0", "reset", "Card's own", show=False, id="lab.reset"),
        Binding("q,escape,g", "leave", "Leave", key_display="q", id="lab.leave"),
    ]

    playing: var[bool] = var(False)
    log_loss: var[bool] = var(True)

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self.run = Run(preset.experiment)
        self._speed = SPEEDS.index(10)
        self._ticked = 0.0
        self._owed = 0.0
        self._ticker: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the two pictures and the words."""
        yield Static(
            Content.assemble((self.preset.title, "bold"), "  ", (self.preset.look_at, "dim")), id="banner"
        )
        with Horizontal(id="pictures"):
            landscape = Canvas(id="landscape")
            landscape.border_title = Content(f"Objective: {self.preset.experiment.objective.name}")
            yield landscape
            yield Canvas(id="loss")
        with Vertical(id="words"):
            yield Static(id="lanes")
            yield Static(id="verdict")
        yield Footer()

    def on_mount(self) -> None:
        """Start the clock, paused until asked to play."""
        self._ticker = self.set_interval(FRAME, self._tick, pause=True)
        self.watch(self.app, "theme", self._draw, init=False)

    def on_canvas_resized(self) -> None:
        """Draw for the new size."""
        self._draw()

    def on_screen_suspend(self) -> None:
        """Stop while another screen is on top."""
        self.playing = False

    def watch_playing(self) -> None:
        """Run or pause the clock."""
        if self._ticker is None:
            return
        if self.playing:
            self._ticked, self._owed = monotonic(), 0.0
            self._ticker.resume()
        else:
            self._ticker.pause()
        self._write()

    def watch_log_loss(self) -> None:
        """Redraw the loss on the other axis."""
        if self.is_mounted:
            self._draw()

    def _tick(self) -> None:
        """Advance by the time that really passed, so that a missed tick slows nothing down."""
        now = monotonic()
        self._owed += (now - self._ticked) * SPEEDS[self._speed]
        self._ticked = now
        steps = int(self._owed)
        if steps:
            self._owed -= steps
            self._move(lambda: self.run.forward(steps))
        if self.run.finished:
            self.playing = False

    def _move(self, change: Callable[[], object]) -> None:
        change()
        self._draw()

    def _draw(self) -> None:
        trajectory = self.run.trajectory()
        landscape, loss = self.query_one("#landscape", Canvas), self.query_one("#loss", Canvas)
        if not landscape.size or not loss.size:
            return
        landscape.show(plots.landscape(trajectory, *landscape.size))
        loss.show(plots.loss_curve(trajectory, self.run.experiment.steps, *loss.size, log=self.log_loss))
        loss.border_title = "Loss above the minimum (log)" if self.log_loss else "Loss"
        self._write()

    def _write(self) -> None:
        """Say step, rates, losses, and the verdict on what has been run so far."""
        self.query_one("#lanes", Static).update(self._lane_table())
        self.query_one("#verdict", Static).update(self._verdicts())

    def _lane_table(self) -> Content:
        frame, state = self.run.frame, "playing" if self.playing else "paused"
        lines = [
            Content.assemble(
                (f"step {frame.step} of {self.run.experiment.steps}", "bold"),
                f"   {state}, {SPEEDS[self._speed]} steps a second",
            )
        ]
        for lane, label in enumerate(self.preset.labels):
            where = ", ".join(f"{value:.6g}" for value in frame.x[lane][:3])
            more = "" if frame.x.shape[1] <= 3 else ", …"
            lines.append(
                Content.assemble(
                    (f"{plots.glyph(lane, len(self.preset.labels))} ", self._colour(lane)),
                    (label, "bold"),
                    f"   η = {frame.rate[lane]:.4g}   x = {where}{more}   loss = {frame.loss[lane]:.6g}",
                )
            )
        return Content("\n").join(lines)

    def _colour(self, lane: int) -> str:
        style = self.query_one("#landscape", Canvas).get_component_styles(
            f"canvas--{INKS[LANES[lane % len(LANES)]]}"
        )
        return style.color.hex

    def _verdicts(self) -> Content:
        trajectory = self.run.trajectory()
        lines = []
        for lane in range(trajectory.iterates.shape[1]):
            verdict = judge(trajectory, lane)
            lines.append(
                Content.assemble(
                    (f"{plots.glyph(lane, len(self.preset.labels))} ", self._colour(lane)),
                    (verdict.regime.title, "bold"),
                    ": ",
                    "; ".join(verdict.reasons),
                )
            )
        return Content("\n").join(lines)

    def action_play(self) -> None:
        """Play, pause, or play again from the start when the budget is used up."""
        if not self.playing and self.run.finished:
            self.run.restart()
        self.playing = not self.playing

    def action_step(self, steps: int) -> None:
        """Step forward or back."""
        self.playing = False
        self._move(lambda: self.run.forward(steps) if steps > 0 else self.run.back(-steps))

    def action_finish(self) -> None:
        """Run to the end of the budget."""
        self.playing = False
        self._move(self.run.complete)

    def action_restart(self) -> None:
        """Go back to the start."""
        self._move(self.run.restart)

    def action_rate(self, direction: int) -> None:
        """Change every lane's base rate by a tenth of a decade, from this step on."""
        factor = RATE_FACTOR**direction
        experiment = self.run.experiment
        self._change(
            replace(experiment, rates=tuple(float(f"{rate * factor:.3g}") for rate in experiment.rates))
        )

    def _change(self, experiment: Experiment) -> None:
        self._move(lambda: self.run.change(experiment))

    def action_speed(self, direction: int) -> None:
        """Play faster or slower."""
        self._speed = min(max(self._speed + direction, 0), len(SPEEDS) - 1)
        self._write()

    def action_log(self) -> None:
        """Switch the loss between a log and a linear axis."""
        self.log_loss = not self.log_loss

    def action_reset(self) -> None:
        """Start the card's own experiment anew."""
        self.playing = False
        self.run = Run(self.preset.experiment)
        self._draw()

    def action_leave(self) -> None:
        """Return to where the lab was opened from."""
        self.playing = False
        self.dismiss()
