"""Write a card, or change all of one: its text, tags, deck, kind and experiment, seen as it will be shown."""

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Footer, Input, Label, Static, TextArea
from textual.worker import get_current_worker

from lrcards.authoring import KINDS, Draft, note_of, refuse_experiment, run_of
from lrcards.cards.content import face
from lrcards.cards.model import Note, NoteKind
from lrcards.descent.presets import PRESETS
from lrcards.descent.trajectory import Trajectory
from lrcards.errors import LrcardsError
from lrcards.tui import plots
from lrcards.tui.screens.editor import EditorScreen
from lrcards.tui.screens.prompts import ChoosePrompt
from lrcards.tui.widgets.canvas import Canvas
from lrcards.tui.widgets.card_view import CardView

PAUSE = 0.3
"""Seconds without a key before what is written is laid out and its experiment is run."""


class WriteScreen(EditorScreen):
    """The form of a card; where there is room, the card and the loss of its experiment are beside it.

    Args:
        draft: what the fields say at first.
        seen: the note that is changed; ``None`` for a new one.
        save: stores the note; raises ``LrcardsError`` if that cannot be.
    """

    TITLE = "write"
    HELP = (
        "Write the card; tab goes from field to field, and what is wrong is said as you type. Markdown and "
        "$maths$ are shown. The experiment is the name of a preset, or TOML as in a deck's lab fence."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+k", "kind", "Kind", priority=True, id="write.kind"),
        Binding("ctrl+l", "lab", "Experiment", priority=True, id="write.lab"),
        Binding("ctrl+o", "look", "Look", priority=True, id="write.look"),
    ]
    DEFAULT_CSS = """
    WriteScreen > Vertical { width: 100%; max-width: 97%; height: 97%; max-height: 100%; }
    WriteScreen {
        #both { height: 1fr; }
        #form { width: 1fr; }
        #beside { width: 1fr; display: none; border-left: solid $foreground 30%; }
        #lab { height: 3; }
        #card { height: 2fr; }
        #loss { height: 1fr; min-height: 6; }
        #verdict { height: auto; max-height: 4; color: $text-muted; }
        &.looking { #form { display: none; } #beside { display: block; border-left: none; } }
        &.-wide { #form, #beside { display: block; } }
    }
    """

    def __init__(self, draft: Draft, save: Callable[[Note], object], seen: Note | None = None) -> None:
        super().__init__()
        self._draft = draft
        self._kind = draft.kind
        self._save = save
        self._seen = seen
        self._paused: Timer | None = None
        self._trajectory: Trajectory | None = None

    def compose(self) -> ComposeResult:
        """Lay out the fields, and beside them the card."""
        with Vertical() as box:
            box.border_title = "Change the card" if self._seen else "Write a card"
            with Horizontal(id="both"):
                with Vertical(id="form"):
                    yield Label("Deck")
                    yield Input(self._draft.deck, id="deck", compact=True, select_on_focus=False)
                    yield Label(id="kind", markup=False)
                    yield TextArea(self._draft.question, id="question", highlight_cursor_line=False)
                    yield Label("Answer", id="answer-label")
                    yield TextArea(self._draft.answer, id="answer", highlight_cursor_line=False)
                    yield Label("Tags")
                    yield Input(self._draft.tags, id="tags", compact=True, select_on_focus=False)
                    yield Label("Experiment: a preset, or TOML")
                    yield TextArea(self._draft.lab, id="lab", highlight_cursor_line=False)
                with Vertical(id="beside"):
                    yield CardView(id="card")
                    yield Canvas(id="loss")
            yield Static(id="verdict", markup=False)
            yield Static(id="problem", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Show the kind, and begin with the question."""
        self._show_kind()
        self.query_one("#question").focus()

    def _fields(self) -> Draft:
        texts = {area.id: area.text for area in self.query(TextArea)}
        lines = {line.id: line.value for line in self.query(Input)}
        return Draft(
            lines["deck"], self._kind, texts["question"], texts["answer"], lines["tags"], texts["lab"]
        )

    @property
    def is_changed(self) -> bool:
        """Whether the fields say something else than at first."""
        return self._fields() != self._draft

    def store(self) -> None:
        """Store the note if its experiment can be run."""
        note = note_of(self._fields(), self._seen)
        refuse_experiment(note)
        self._save(note)

    def _show_kind(self) -> None:
        is_cloze = self._kind == NoteKind.CLOZE
        meaning = KINDS.get(self._kind, "one of several faces")
        self.query_one("#kind", Label).update(Content(f"{self._kind.capitalize()}: {meaning}"))
        for name in ("#answer", "#answer-label"):
            self.query_one(name).display = not is_cloze
        self._changed()

    def action_kind(self) -> None:
        """Choose how the note becomes cards."""

        def chosen(kind: str | None) -> None:
            if kind is not None:
                self._kind = kind
                self._show_kind()

        if self._kind in KINDS:
            self.app.push_screen(ChoosePrompt("Kind", list(KINDS.items()), self._kind), chosen)

    def action_lab(self) -> None:
        """Choose a preset for the experiment."""

        def chosen(name: str | None) -> None:
            if name is not None:
                self.query_one("#lab", TextArea).text = name

        presets = [(name, preset.look_at) for name, preset in PRESETS.items()]
        self.app.push_screen(ChoosePrompt("Experiment", presets, self._fields().lab.strip()), chosen)

    def action_look(self) -> None:
        """Show the card instead of the form where there is no room for both, and back."""
        self.toggle_class("looking")
        self._changed()

    def on_text_area_changed(self) -> None:
        """Look at what was written once the typing pauses."""
        self._changed()

    def on_input_changed(self) -> None:
        """Look at what was written once the typing pauses."""
        self._changed()

    def _changed(self) -> None:
        if self._paused is not None:
            self._paused.stop()
        self._paused = self.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        """Say what is wrong with what is written so far, show the card, and run its experiment."""
        try:
            note = note_of(self._fields(), self._seen)
        except LrcardsError as error:
            # An empty form has not gone wrong yet.
            self.say(str(error) if self.is_changed else "")
            return
        self.say("")
        sides = face(note, note.ordinals[0])
        card = self.query_one(CardView)
        card.show(sides.question, sides.answer)
        card.revealed = True
        self._run(note)

    @work(thread=True, exclusive=True, group="experiment")
    def _run(self, note: Note) -> None:
        run, problem = None, ""
        try:
            refuse_experiment(note)
            run = run_of(note)
        except LrcardsError as error:
            problem = str(error)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show_run, run, problem)

    def _show_run(self, run: tuple[Trajectory, str] | None, problem: str) -> None:
        if not self.is_attached:
            return
        self._trajectory, words = run or (None, "")
        self.query_one("#verdict", Static).update(Content(words))
        if problem:
            self.say(problem)
        self._draw()

    def on_canvas_resized(self) -> None:
        """Draw the loss at the new size."""
        self._draw()

    def _draw(self) -> None:
        canvas, trajectory = self.query_one(Canvas), self._trajectory
        canvas.display = trajectory is not None
        if trajectory is not None and canvas.size:
            steps = trajectory.experiment.steps
            canvas.show(plots.loss_curve(trajectory, steps, *canvas.size, log=True))
