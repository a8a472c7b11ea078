"""The lab: real gradient descent on the experiment of a card, to watch, step and steer."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.reactive import var
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer
from textual.worker import get_current_worker

from lrcards.descent.errors import SpecError
from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import DataObjective
from lrcards.descent.notation import OBJECTIVES
from lrcards.descent.optimizers import OPTIMIZERS
from lrcards.descent.presets import Preset, lane_labels
from lrcards.descent.questions import Question
from lrcards.descent.run import Progress
from lrcards.descent.schedules import SCHEDULES
from lrcards.descent.sweep import Sweep
from lrcards.lab import Lab, sweep_of
from lrcards.text import fit
from lrcards.tui import plots
from lrcards.tui.screens.prompts import ChoosePrompt, LinePrompt, TextPrompt
from lrcards.tui.widgets.canvas import Canvas
from lrcards.tui.widgets.inks import INKS, LANES, STYLES
from lrcards.tui.widgets.raster import Raster
from lrcards.tui.widgets.rate_axis import LEGEND, RateAxis
from lrcards.tui.widgets.words import Words

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

FRAME = 1 / 40
"""Seconds between two frames: a timer on a busy machine misses some, and 30 a second are to be seen."""

VERDICT_EVERY = 0.3
"""Seconds between two verdicts while playing; words that change faster cannot be read."""

SPEEDS = (1, 2, 5, 10, 30, 100, 300)
"""Steps a second while playing."""

RATE_FACTOR = 10**0.1
"""One press changes η by a tenth of a decade."""

QUICK_SWEEP = 400_000
"""A sweep of more numbers than this runs beside the screen."""


ONLY_FROM_THE_START = "Runs from the start as set now; what you changed on the way is not in it."

WIDE_WORDS = 90
"""From how many columns on both coordinates of a lane have room for all their digits."""

WORKING_OUT = Content.styled("Working out what to ask…", "dim") + Content("\n" * 5)
"""Stands for the question until it is there, with room for most, so that the pictures keep their size."""


class _NoLongerWantedError(Exception):
    """The lab was left, or its experiment changed, while a question or a sweep was under way."""


class LabScreen(Screen[None]):
    """One experiment with its lanes: landscape, loss, rate, the rate axis and the verdicts."""

    TITLE = "lab"
    HELP = (
        "Real gradient descent, computed as you watch. Play or step, go back, and change the learning rate: "
        "a change acts at once and cuts off the future; stepping back goes through it exactly. On the rate "
        f"axis every rate is marked by what its own run comes to: {LEGEND}. Click or drag there for another "
        "rate; click the landscape to start from there."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(letter, f"predict({number})", f"Predict {letter}", show=False, id=f"lab.predict-{letter}")
            for number, letter in enumerate("abcd")
        ),
        Binding("space", "play", "Play", id="lab.play"),
        Binding("right,l", "step(1)", "Step", key_display="→", id="lab.forward"),
        Binding("left,h", "step(-1)", "Back", key_display="←", id="lab.back"),
        Binding("shift+right,L", "step(10)", "10 steps", show=False, id="lab.forward10"),
        Binding("shift+left,H", "step(-10)", "Back 10", show=False, id="lab.back10"),
        Binding("end,G", "finish", "To the end", show=False, id="lab.finish"),
        Binding("r,home", "restart", "Restart", key_display="r", id="lab.restart"),
        Binding("up,plus,k", "scale_rate(0.1)", "η", key_display="↑↓", id="lab.rate-up"),
        Binding("down,minus,j", "scale_rate(-0.1)", "η a little down", show=False, id="lab.rate-down"),
        Binding("pageup,K", "scale_rate(1)", "η times 10", show=False, id="lab.decade-up"),
        Binding("pagedown,J", "scale_rate(-1)", "η by 10", show=False, id="lab.decade-down"),
        Binding("greater_than_sign,full_stop", "speed(1)", "Faster", show=False, id="lab.faster"),
        Binding("less_than_sign,comma", "speed(-1)", "Slower", show=False, id="lab.slower"),
        Binding("tab", "select(1)", "Next lane", show=False, id="lab.lane"),
        Binding("a", "add_lane", "Add a lane", show=False, id="lab.add-lane"),
        Binding("x", "remove_lane", "Remove the lane", show=False, id="lab.remove-lane"),
        Binding("o", "optimizer", "Optimizer", show=False, id="lab.optimizer"),
        Binding("s", "schedule", "Schedule", show=False, id="lab.schedule"),
        Binding("b", "objective", "Objective", show=False, id="lab.objective"),
        Binding("f", "function", "Own function", show=False, id="lab.function"),
        Binding("t", "start", "Start", show=False, id="lab.start"),
        Binding("n", "noise", "Noise", show=False, id="lab.noise"),
        Binding("m", "batch_size", "Batch size", show=False, id="lab.batch-size"),
        Binding("d", "reseed", "Other seed", show=False, id="lab.seed"),
        Binding("e", "edit", "Edit all", show=False, id="lab.edit"),
        Binding("y", "log", "Log or linear loss", show=False, id="lab.log"),
        Binding("c", "copy", "Copy the command line", show=False, id="lab.copy"),
        Binding("w", "save", "Save picture and TOML", show=False, id="lab.save"),
        Binding("right_square_bracket", "scroll(1)", "Scroll the words", show=False, id="lab.words-down"),
        Binding("left_square_bracket", "scroll(-1)", "Scroll the words", show=False, id="lab.words-up"),
        Binding("0", "reset", "The card's own", show=False, id="lab.reset"),
        Binding("q,escape,g", "leave", "Leave", key_display="q", id="lab.leave"),
    ]

    playing: var[bool] = var(False, init=False)
    log_loss: var[bool] = var(True, init=False)

    def __init__(
        self,
        preset: Preset,
        ask: Callable[[Progress], Question | None] | None = None,
        predicted: Callable[[Question, int], object] = lambda *_: None,
        *,
        plays_at_once: bool = False,
    ) -> None:
        """Open on a preset.

        Args:
            preset: what to run.
            ask: works out the question to be answered before the run, ``None`` if there is nothing to ask.
                It may take long, so it is called beside the screen once the first frame is there; what
                the progress that it is given raises has to end it.
            predicted: called with the question and the choice that was made.
            plays_at_once: whether the run does not wait for a key.
        """
        super().__init__()
        self.lab = Lab(preset)
        self._work_out = ask
        self._is_working_out = ask is not None
        self._kept_keys: list[str] = []
        self._question: Question | None = None
        self._asked_about = self.lab.run
        self._predicted = predicted
        self._prediction: int | None = None
        self._plays_at_once = plays_at_once
        self._speed = _speed_for(preset.experiment.steps)
        self._ticker: Timer | None = None
        self._ticked = 0.0
        self._owed = 0.0
        self._judged_at = 0.0
        self._sweeps = False
        self._sweep: Sweep | None = None
        self._pictures = {
            "landscape": self._draw_landscape,
            "loss": self._draw_loss,
            "rate": self._draw_rate,
            "axis": self._draw_axis,
        }
        self._swept: Experiment | None = None
        self._swept_share = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the pictures, the rate axis and the words."""
        yield Words(id="banner")
        with Horizontal(id="pictures"):
            yield Canvas(id="landscape")
            with Vertical(id="curves"):
                yield Canvas(id="loss")
                yield Canvas(id="rate")
        yield RateAxis(id="axis")
        with VerticalScroll(id="words", can_focus=False):
            if self._work_out is not None:
                yield Words(id="question")
            yield Words(id="lanes")
            yield Words(id="verdict")
        yield Footer()

    def on_mount(self) -> None:
        """Start the clock, paused until asked to play; the first frame waits for no question and no sweep."""
        self._ticker = self.set_interval(FRAME, self._tick, pause=True)
        self.playing = self._plays_at_once

    def _follow_first_frame(self) -> None:
        if self._sweeps:
            return
        if self._work_out is not None:
            self._ask_aside(self._work_out)
        self._sweeps = True
        self._draw_axis()
        self._write()

    def on_canvas_resized(self, event: Canvas.Resized) -> None:
        """Draw that picture for its new size; what can wait begins when the first are painted."""
        self._pictures[event.canvas.id or ""]()
        if not self._sweeps:
            self.call_after_refresh(self._follow_first_frame)

    def on_resize(self) -> None:
        """Write for the new width."""
        self._write()

    def on_screen_suspend(self) -> None:
        """Stop while another screen is on top."""
        self.playing = False

    def _heading(self) -> Content:
        """Say what this is and what to look at, which would give the answer away while the lab asks."""
        if self.asking:
            return Content.assemble(("What will this run do?", "bold"))
        preset = self.lab.preset
        if self.lab.experiment.objective != preset.experiment.objective:
            return Content.assemble(("Own experiment", "bold"))
        return Content.assemble((preset.title, "bold"), "  ", (preset.look_at, "dim"))

    # Predicting

    @property
    def asking(self) -> bool:
        """Whether the lab waits for a prediction, or for the question to predict on."""
        return self._is_working_out or (self._question is not None and self._prediction is None)

    @work(thread=True, group="question")
    def _ask_aside(self, work_out: Callable[[Progress], Question | None]) -> None:
        worker = get_current_worker()

        def go_on(_: float) -> None:
            if worker.is_cancelled:
                raise _NoLongerWantedError

        with suppress(_NoLongerWantedError):
            question = work_out(go_on)
            if not worker.is_cancelled:
                self.app.call_from_thread(self._put, question)

    def _put(self, question: Question | None) -> None:
        """Put the question, or let the lab go if there is nothing to ask; keys that waited act now."""
        if not self._is_there:
            return
        self._question, self._is_working_out = question, False
        self.refresh_bindings()
        self._draw()
        if self.is_current:
            for key in self._kept_keys:
                self.app.simulate_key(key)

    def on_key(self, event: Key) -> None:
        """Let keys wait for the question, so that none is lost or misread; leaving and help need not."""
        if self._is_working_out:
            active = self.active_bindings.get(event.key)
            if active is None or (active.node is self and active.binding.action != "leave"):
                event.stop()
                self._kept_keys.append(event.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the lab asks, letters are its choices and nothing runs; afterwards they are knobs again."""
        if action == "predict":
            return (
                self._question is not None
                and self.asking
                and parameters[0] in range(len(self._question.choices))
            )
        return not self.asking or action in ("play", "leave")

    def action_predict(self, choice: int) -> None:
        """Take the learner's prediction and let the run say whether it holds."""
        assert self._question is not None
        self._prediction = choice
        self._predicted(self._question, choice)
        self.refresh_bindings()
        self.playing = True

    def _asked(self) -> Content:
        """Return the question with its choices, and once the run is over whether the prediction held."""
        question = self._question
        if question is None:
            return WORKING_OUT if self._is_working_out else Content()
        if self._prediction is None:
            choices = [
                Content.assemble("  ", (letter, "bold $text-accent"), f"  {choice}")
                for letter, choice in zip("abcd", question.choices, strict=False)
            ]
            how = Content.assemble(("Predict with a letter; the run answers. q leaves.", "dim"))
            return Content("\n").join([Content.assemble((question.prompt, "bold")), *choices, how])
        lines = [Content.assemble((question.prompt, "bold"), f"  You: {question.choices[self._prediction]}")]
        if self.lab.run.finished:
            held = self._prediction == question.truth
            verdict = (
                ("Your prediction held", "bold $text-success") if held else ("It did not", "bold $text-error")
            )
            lines.append(Content.assemble(verdict, f": {question.answer}; {question.because}"))
        return Content("\n").join(lines)

    # Playing

    def watch_playing(self) -> None:
        """Run or pause the clock."""
        if self._ticker is None:
            return
        if self.playing and cast("LrcardsApp", self.app).settings.reduced_motion:
            self.action_finish()
        elif self.playing:
            self._ticked, self._owed = monotonic(), 0.0
            self._ticker.resume()
        else:
            self._ticker.pause()
        self._write()

    def _tick(self) -> None:
        """Advance by the time that really passed, so that a missed tick slows nothing down."""
        now = monotonic()
        self._owed += (now - self._ticked) * SPEEDS[self._speed]
        self._ticked = now
        steps = int(self._owed)
        if steps:
            self._owed -= steps
            self.lab.forward(steps)
            if self.lab.run.finished:
                self.playing = False
            self._draw()

    # Painting

    def _draw(self) -> None:
        """Paint the pictures of the run up to the cursor, then the words."""
        for draw in self._pictures.values():
            draw()
        self._write()

    def _draw_landscape(self) -> None:
        canvas, lab = self.query_one("#landscape", Canvas), self.lab
        if canvas.size:
            canvas.show(plots.landscape(lab.trajectory, *canvas.size, lane=lab.selected))
            canvas.entitle(_objective_title(lab.experiment))

    def _draw_loss(self) -> None:
        canvas, lab = self.query_one("#loss", Canvas), self.lab
        if canvas.size:
            raster = plots.loss_curve(lab.trajectory, lab.experiment.steps, *canvas.size, log=self.log_loss)
            canvas.show(raster)
            canvas.entitle(_loss_title(lab.experiment, log=self.log_loss), _span(raster))

    def _draw_rate(self) -> None:
        canvas, lab = self.query_one("#rate", Canvas), self.lab
        if canvas.size:
            raster = plots.rate_curve(
                lab.trajectory, lab.experiment.steps, *canvas.size, ahead=not self.asking
            )
            canvas.show(raster)
            canvas.entitle("η, log", _span(raster))

    def _draw_axis(self) -> None:
        """Paint the rate axis; a sweep that is not there yet is made, beside the screen if it takes long."""
        lab, axis = self.lab, self.query_one("#axis", RateAxis)
        if self.asking:
            # What other rates come to would give the answer away.
            axis.show_rates(None, lab.experiment.lane_rates.tolist())
            axis.entitle("Rates")
            return
        if self._sweeps and self._swept != lab.swept and not axis.dragging:
            self._swept, self._swept_share = lab.swept, 0.0
            self.workers.cancel_group(self, "sweep")
            if _is_quick(self._swept):
                self._sweep = sweep_of(self._swept)
            else:
                self._sweep = None
                self._sweep_aside(self._swept)
        done = f" {100 * self._swept_share:.0f} %" if self._swept_share else "…"
        axis.show_rates(self._sweep, lab.experiment.lane_rates.tolist(), lab.marks, lab.span)
        axis.entitle(f"Rates  {axis.legend}", "" if self._sweep else f"sweeping{done}")

    @work(thread=True, exclusive=True, group="sweep")
    def _sweep_aside(self, experiment: Experiment) -> None:
        worker = get_current_worker()

        def tell(share: float) -> None:
            if worker.is_cancelled:
                raise _NoLongerWantedError
            self.app.call_from_thread(self._show_share, experiment, share)

        with suppress(_NoLongerWantedError):
            sweep = sweep_of(experiment, tell)
            if not worker.is_cancelled:
                self.app.call_from_thread(self._show_sweep, experiment, sweep)

    def _show_share(self, experiment: Experiment, share: float) -> None:
        if self._is_there and experiment == self._swept:
            self._swept_share = share
            self._draw_axis()

    def _show_sweep(self, experiment: Experiment, sweep: Sweep) -> None:
        if self._is_there and experiment == self._swept:
            self._sweep = sweep
            self._draw_axis()
            self._write()

    @property
    def _is_there(self) -> bool:
        """Whether there are pictures to draw in; while a screen is left, its widgets go before itself."""
        return self.is_attached and bool(self.query(RateAxis))

    def _write(self) -> None:
        """Say step, rates, losses, and now and then the verdict on what has been run so far."""
        self.query_one("#banner", Words).say(self._heading())
        if self._work_out is not None:
            # Another run, after a change of what is minimised or of the lanes, was not asked about.
            asked = self._asked() if self.lab.run is self._asked_about else Content()
            self.query_one("#question", Words).say(asked)
        self.query_one("#lanes", Words).say(self._lane_table())
        if not self.playing or monotonic() - self._judged_at > VERDICT_EVERY:
            self._judged_at = monotonic()
            self.query_one("#verdict", Words).say(self._verdict())

    def _lane_table(self) -> Content:
        lab, frame = self.lab, self.lab.run.frame
        state = "playing" if self.playing else "at the end" if lab.run.finished else "paused"
        head = f"step {frame.step} of {lab.experiment.steps}   {state}, {SPEEDS[self._speed]} steps a second"
        lines = [Content.assemble((head, "bold"))]
        x_width = 18 if self.size.width < WIDE_WORDS else 24
        width = max(12, min(30, self.size.width - x_width - 42))
        for lane, label in enumerate(lane_labels(lab.experiment) if self.asking else lab.labels):
            x = ", ".join(f"{value:.5g}" for value in frame.x[lane][:2])
            chosen = "›" if lane == lab.selected and len(lab.labels) > 1 else " "
            lines.append(
                Content.assemble(
                    chosen,
                    (plots.glyph(lane, len(lab.labels)), _colour(lane)),
                    f" {fit(label, width)}  η {frame.rate[lane]:<10.4g} x {fit(x, x_width)} ",
                    f"loss {frame.loss[lane]:.5g}",
                )
            )
        return Content("\n").join(lines)

    def _verdict(self) -> Content:
        """Return every lane's regime, why the selected one is so, and what the sweep says of its rate."""
        lab = self.lab
        verdicts = [
            Content.assemble(
                " ",
                (plots.glyph(lane, len(lab.verdicts)), _colour(lane)),
                " ",
                (verdict.regime.caption, "bold"),
                "" if verdict.arrived_at is None else f" in {verdict.arrived_at} steps",
                ": " + "; ".join(verdict.reasons) if lane == lab.selected else " ",
            )
            for lane, verdict in enumerate(lab.verdicts)
        ]
        chosen = verdicts[lab.selected : lab.selected + 1]
        others = [verdict for lane, verdict in enumerate(verdicts) if lane != lab.selected]
        lines = [*chosen, Content("").join(others)] if others else chosen
        if self._sweep is not None:
            rate = float(lab.experiment.lane_rates[lab.selected])
            label = self._sweep.label(rate)
            if label:
                best = f"the best rate for this budget is near {self._sweep.best:.3g}"
                lines.append(Content.assemble("   Against all rates: ", (label, "bold"), f"; {best}"))
        return Content("\n").join(lines)

    # Actions

    def _try(self, change: Callable[[], object]) -> None:
        """Make a change and paint it, or say why it cannot be made."""
        try:
            change()
        except SpecError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._draw()

    def watch_log_loss(self) -> None:
        """Redraw the loss on the other axis."""
        if self._ticker is not None:
            self._draw()

    def action_play(self) -> None:
        """Play, pause, or play again from the start when the budget is used up."""
        if self.asking:
            self.notify("Predict first: press the letter of your choice.", timeout=3)
            return
        if not self.playing and self.lab.run.finished:
            self.lab.restart()
        self.playing = not self.playing

    def action_step(self, steps: int) -> None:
        """Step forward or back."""
        self.playing = False
        self._try(lambda: self.lab.forward(steps) if steps > 0 else self.lab.back(-steps))

    def action_finish(self) -> None:
        """Run to the end of the budget."""
        self.playing = False
        self._try(self.lab.finish)

    def action_restart(self) -> None:
        """Go back to the start."""
        self._try(self.lab.restart)

    def action_scale_rate(self, decades: float) -> None:
        """Change the selected lane's rate from this step on."""
        self._try(lambda: self.lab.scale_rate(10**decades))

    def action_speed(self, direction: int) -> None:
        """Play faster or slower."""
        self._speed = min(max(self._speed + direction, 0), len(SPEEDS) - 1)
        self._write()

    def action_select(self, lanes: int) -> None:
        """Let the knobs turn another lane."""
        self._try(lambda: self.lab.select(self.lab.selected + lanes))

    def action_add_lane(self) -> None:
        """Add a lane."""
        self._try(self.lab.add_lane)

    def action_remove_lane(self) -> None:
        """Remove the selected lane."""
        self._try(self.lab.remove_lane)

    def action_reseed(self) -> None:
        """Draw other noise."""
        self._try(self.lab.reseed)

    def action_reset(self) -> None:
        """Start the card's own experiment anew."""
        self.playing = False
        self._try(self.lab.reset)

    def action_log(self) -> None:
        """Switch the loss between a log and a linear axis."""
        self.log_loss = not self.log_loss

    def action_optimizer(self) -> None:
        """Choose the selected lane's optimizer."""
        current = self.lab.experiment.optimizers[self.lab.selected].name
        self._choose("Optimizer", OPTIMIZERS, current, self.lab.set_optimizer)

    def action_schedule(self) -> None:
        """Choose the selected lane's schedule."""
        current = self.lab.experiment.schedules[self.lab.selected].name
        self._choose("Schedule", SCHEDULES, current, self.lab.set_schedule)

    def action_objective(self) -> None:
        """Choose what is minimised."""
        named = {name: kind for name, kind in OBJECTIVES.items() if kind is not Function}
        self._choose("Objective", named, self.lab.experiment.objective.name, self.lab.set_objective)

    def _choose(
        self, title: str, kinds: Mapping[str, type], current: str, use: Callable[[str], None]
    ) -> None:
        choices = [
            (name, (kind.__doc__ or "").split("\n")[0].replace("`", "")) for name, kind in kinds.items()
        ]
        self.app.push_screen(
            ChoosePrompt(title, choices, current), lambda name: self._try(lambda: use(name)) if name else None
        )

    def action_function(self) -> None:
        """Type a function to minimise."""
        objective = self.lab.experiment.objective
        text = objective.text if isinstance(objective, Function) else "x**4 - 3*x**2 + x"
        self._ask("A function of x, or of x and y", text, Function, self.lab.set_function)

    def action_start(self) -> None:
        """Type where the selected lane starts."""
        start = self.lab.experiment.lane_starts[self.lab.selected]
        if len(start) > 2:
            self.notify("A start in so many dimensions is drawn by its seed: press e to edit it.")
            return
        text = ", ".join(f"{x:g}" for x in start)
        self._ask(
            "Start, coordinates separated by commas",
            text,
            _numbers,
            lambda t: self.lab.set_start(_numbers(t)),
        )

    def action_noise(self) -> None:
        """Type the noise on every gradient."""
        text = f"{self.lab.experiment.noise:g}"
        self._ask(
            "Standard deviation of the gradient noise", text, float, lambda t: self.lab.set_noise(float(t))
        )

    def action_batch_size(self) -> None:
        """Type the samples a step."""
        size = self.lab.experiment.batch_sizes[self.lab.selected]
        self._ask(
            "Samples a step, or all",
            str(size or "all"),
            _batch_size,
            lambda t: self.lab.set_batch_size(_batch_size(t)),
        )

    def _ask(
        self, title: str, value: str, read: Callable[[str], object], use: Callable[[str], object]
    ) -> None:
        self.app.push_screen(
            LinePrompt(title, value, lambda text: _problem(read, text)),
            lambda text: self._try(lambda: use(text)) if text is not None else None,
        )

    def action_edit(self) -> None:
        """Edit the whole experiment as TOML, as a deck's ``lab`` block has it."""
        self.playing = False
        self.app.push_screen(
            TextPrompt(
                "The experiment; ctrl+s runs it", self.lab.toml(), lambda t: _problem(Experiment.from_toml, t)
            ),
            lambda text: self._try(lambda: self.lab.load(text)) if text is not None else None,
        )

    def action_scroll(self, lines: int) -> None:
        """Scroll the words below the pictures, where they need more room than there is."""
        self.query_one("#words").scroll_relative(y=lines, animate=False, immediate=True)

    def action_copy(self) -> None:
        """Copy the command line that runs this experiment."""
        command = self.lab.command()
        if command is None:
            self.notify("No command line expresses this experiment; w saves it as TOML.")
            return
        self.app.copy_to_clipboard(command)
        self.notify(f"{command}{self._left_out()}", title="Copied", markup=False)

    def action_save(self) -> None:
        """Save a picture of the screen, and beside it the experiment as TOML for a deck."""
        try:
            picture = self.app.save_screenshot()
            with open(f"{picture}.toml", "x", encoding="utf-8") as file:
                file.write(self.lab.toml())
        except OSError as error:
            self.notify(f"Not saved: {error}", severity="error", markup=False)
            return
        self.notify(f"{picture} and {picture}.toml{self._left_out()}", title="Saved", markup=False)

    def _left_out(self) -> str:
        """Say what an experiment that was written down does not hold."""
        return f"\n{ONLY_FROM_THE_START}" if self.lab.run.was_changed else ""

    def action_leave(self) -> None:
        """Return to where the lab was opened from."""
        self.playing = False
        self.dismiss()

    def on_rate_axis_chosen(self, event: RateAxis.Chosen) -> None:
        """Take the rate that was pointed at."""
        if not self.asking:
            self._try(lambda: self.lab.set_rate(event.rate))

    def on_click(self, event: Click) -> None:
        """Start the selected lane from where the landscape was clicked."""
        landscape = self.query_one("#landscape", Canvas)
        if event.widget is landscape and not self.asking and self.lab.experiment.objective.dimension <= 2:
            at = event.get_content_offset(landscape)
            if at is not None:
                point = plots.point_at(self.lab.experiment.objective, *landscape.size, at.x, at.y)
                self._try(lambda: self.lab.set_start([float(f"{x:.3g}") for x in point]))


def _colour(lane: int) -> str:
    return STYLES[INKS[LANES[lane % len(LANES)]]]


def _speed_for(steps: int) -> int:
    """Return the speed at which a run takes about five seconds."""
    return min(range(len(SPEEDS)), key=lambda index: abs(SPEEDS[index] - steps / 5))


def _is_quick(swept: Experiment) -> bool:
    """Return whether a sweep takes less than a frame or two; the gradients of samples never do."""
    values = (swept.steps + 1) * swept.objective.dimension * 200
    return values <= QUICK_SWEEP and not isinstance(swept.objective, DataObjective)


def _objective_title(experiment: Experiment) -> str:
    objective = experiment.objective
    if isinstance(objective, Function):
        return objective.text
    return f"{objective.name}, along the next step" if objective.dimension > 2 else objective.name


def _loss_title(experiment: Experiment, *, log: bool) -> str:
    if not log:
        return "Loss"
    return "Loss above minimum, log" if experiment.objective.minima else "Loss, log"


def _span(raster: Raster) -> str:
    """Return from where to where the vertical axis goes."""
    return f"{raster.y.low:.3g} to {raster.y.high:.3g}"


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _batch_size(text: str) -> int | None:
    return None if text.strip() == "all" else int(text)


def _problem(read: Callable[[str], object], text: str) -> str:
    """Return what is wrong with a text, empty if it can be read."""
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return ""
