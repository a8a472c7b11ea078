"""Fit the FSRS parameters to the learner's own log, and say whether they are better."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from lrcards.refit import Refit, in_words, refit_file
from lrcards.study.fitting import STAGES
from lrcards.tui.errands import Running

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp


class FitScreen(ModalScreen[None]):
    """Fits to a deck with its subdecks, or to all decks; to leave before it is done changes nothing."""

    TITLE = "fit"
    HELP = (
        "FSRS learns from your own answers how you forget. New parameters are used only if they predict your "
        "answers better, also those that they were not fitted to. Lower is better for both figures."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", key_display="esc", id="fit.close"),
    ]
    DEFAULT_CSS = """
    FitScreen { align: center middle; }
    FitScreen > VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 2; background: $surface;
    }
    FitScreen #report { margin: 1 0; height: auto; }
    """

    def __init__(self, deck: str | None = None) -> None:
        super().__init__()
        self._deck = deck

    def compose(self) -> ComposeResult:
        """Begin to fit."""
        desk = cast("LrcardsApp", self.app).desk
        learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
        with VerticalScroll() as panel:
            panel.border_title = Content(f"Fit FSRS to {self._deck or 'all decks'}")
            yield Running(
                "Fitting to your answers; close to cancel.", STAGES, refit_file, *learner, self._deck
            )
        yield Footer()

    def on_running_done(self, event: Running.Done) -> None:
        """Show what came of it."""
        result: Refit = event.result
        self._say("\n".join(in_words(result)))

    def on_running_refused(self, event: Running.Refused) -> None:
        """Say why it could not be done."""
        self._say(event.reason)

    def _say(self, text: str) -> None:
        self.query_one(Running).remove()
        self.query_one(VerticalScroll).mount(Static(Content(text), id="report"))
