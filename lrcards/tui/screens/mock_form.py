"""Ask what a mock test is to be: how many questions or minutes, by which seed, and whether it counts."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Footer, Input, Label, Static

from lrcards.exams.mock import Mock
from lrcards.text import counted
from lrcards.tui.mistakes import said_on

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.tui.app import LrcardsApp


class MockForm(ModalScreen[Mock | None]):
    """Begins a test on what a search finds, or goes on with one that was interrupted."""

    TITLE = "mock test"
    HELP = (
        "Questions are drawn from every topic by its share, the strong and the weak. With minutes the test "
        "ends when they are used up. The same seed draws the same test again. The schedule is not touched, "
        "unless the answers are to count as reviews."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin", priority=True, id="mock.begin"),
        Binding("ctrl+r", "resume", "Go on with the interrupted one", id="mock.resume"),
        Binding("escape", "dismiss(None)", "Cancel", key_display="esc", id="mock.cancel"),
    ]
    DEFAULT_CSS = """
    MockForm { align: center middle; }
    MockForm > Vertical {
        width: 72; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 1 2; background: $surface;
        & Horizontal { height: 1; margin-bottom: 1; }
        & Label { width: 12; color: $text-muted; }
        & Input { width: 1fr; background: $background; padding: 0 1; }
        & Checkbox { background: $surface; &:focus { border: none !important; } }
        & #interrupted { height: auto; margin-top: 1; color: $text-warning; }
    }
    """

    def __init__(self, name: str, query: str, interrupted: Mock | None) -> None:
        super().__init__()
        self._about = name
        self._query = query
        self._interrupted = interrupted

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Vertical() as box:
            box.border_title = Content(f"A mock test on {self._about}")
            for name, label, value, placeholder in (
                ("questions", "Questions", "20", "as many as fit into the minutes"),
                ("minutes", "Minutes", "", "as long as it takes"),
                ("seed", "Seed", "", "any"),
            ):
                with Horizontal():
                    yield Label(label)
                    yield Input(value, placeholder=placeholder, restrict="[0-9]*", id=name, compact=True)
            yield Checkbox("The answers count as reviews", compact=True)
            if self._interrupted is not None:
                left = counted(len(self._interrupted.test.unanswered), "question")
                yield Static(
                    Content(
                        f"“{self._interrupted.test.name}” was interrupted with {left} open: ctrl+r goes on."
                    ),
                    id="interrupted",
                )
        yield Footer()

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Say in words what the box shows only by its colour."""
        event.checkbox.label = (
            "The answers count as reviews of kind test"
            if event.value
            else "The answers leave the schedule as it is"
        )

    def on_mount(self) -> None:
        """Say what the empty box means."""
        self.query_one(Checkbox).label = "The answers leave the schedule as it is"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer to go on only with what was interrupted."""
        return action != "resume" or self._interrupted is not None

    def action_begin(self) -> None:
        """Draw the test and begin it."""
        questions, minutes, seed = (
            int(value) if (value := self.query_one(f"#{name}", Input).value) else None
            for name in ("questions", "minutes", "seed")
        )
        desk = self._desk
        with said_on(self):
            mock = Mock.begin(
                desk.collection,
                desk.rules,
                desk.clock,
                desk.random,
                name=self._about,
                query=self._query,
                questions=questions or None,
                minutes=minutes or None,
                seed=seed,
                counts=self.query_one(Checkbox).value,
            )
            self.dismiss(mock)

    def action_resume(self) -> None:
        """Go on with the test that was interrupted."""
        self.dismiss(self._interrupted)


def offer_test(app: App[object], desk: "Desk", name: str, query: str) -> None:
    """Offer a mock test on what a search finds, or to go on with the one that was interrupted.

    Raises:
        CollectionError: the collection cannot be read.
    """
    from lrcards.tui.screens.mock import MockScreen

    def take(mock: Mock | None) -> None:
        if mock is not None:
            app.push_screen(MockScreen(mock))

    app.push_screen(MockForm(name, query, Mock.resume(desk.collection, desk.rules, desk.clock)), take)
