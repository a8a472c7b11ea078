"""All questions of a mock test at a glance: answered, open, marked."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, OptionList
from textual.widgets.option_list import Option

from lrcards.exams.mock_report import question_of
from lrcards.study.exam.mock_test import MockTest
from lrcards.text import fit

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

FINISH = -1
LONGEST = 76


class MockOverview(ModalScreen[int | None]):
    """Lists the questions; gives the place of one to look at, or ``FINISH``."""

    TITLE = "all questions"
    HELP = "Choose a question to look at it again; an answer can be given anew. f ends the test."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move('down')", "Down", show=False, id="overview.down"),
        Binding("k", "move('up')", "Up", show=False, id="overview.up"),
        Binding("f", "finish", "Finish the test", id="overview.finish"),
        Binding("escape,q,o", "dismiss(None)", "Back", key_display="esc", id="overview.leave"),
    ]
    DEFAULT_CSS = """
    MockOverview { align: center middle; }
    MockOverview > Vertical {
        width: 100; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 1; background: $surface;
        & OptionList { background: $surface; height: auto; max-height: 100%; &, &:focus { border: none; } }
        & OptionList { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, test: MockTest) -> None:
        super().__init__()
        self._test = test

    def compose(self) -> ComposeResult:
        """List the questions, the one on the table under the cursor."""
        test = self._test
        with Vertical() as box:
            box.border_title = Content(
                f"{len(test.items) - len(test.unanswered)} of {len(test.items)} answered"
            )
            yield OptionList(*(Option(self._line(place), id=str(place)) for place in range(len(test.items))))
        yield Footer()

    def on_mount(self) -> None:
        """Put the cursor on the question on the table."""
        self.query_one(OptionList).highlighted = self._test.at

    def _line(self, place: int) -> Content:
        collection = cast("LrcardsApp", self.app).desk.collection
        state = "open    " if self._test.given[place] is None else "answered"
        mark = "★" if place in self._test.marked else " "
        return Content.assemble(
            (f"{place + 1:>3} {mark} {state}  ", "bold" if "open" in state else "dim"),
            fit(question_of(collection, self._test, place), LONGEST).rstrip(),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Look at the question."""
        self.dismiss(int(event.option_id or 0))

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if direction == "down" else options.action_cursor_up()

    def action_finish(self) -> None:
        """End the test."""
        self.dismiss(FINISH)
