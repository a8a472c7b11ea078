"""A special sitting: what was forgotten, what comes due, everything as a cram, or of one tag."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Checkbox, Footer, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from lrcards.errors import LrcardsError
from lrcards.text import counted

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.session import Sitting
    from lrcards.tui.app import LrcardsApp

CHOICES = {
    "forgotten": ("Forgotten today", "what you rated Again", "Nothing was rated Again here today"),
    "ahead": ("Study ahead", "what comes due in the next days", "Nothing comes due here in these days"),
    "all": ("Cram", "every card until you know it once", "There are no cards here"),
    "today": ("Today's cards", "what is due, of one tag", "Nothing is due here today"),
}
"""What can be asked: its name, what that means, and what is said if there is nothing."""

TAGS_NAMED = 4


class SpecialScreen(ModalScreen["Sitting | None"]):
    """Offers special sittings with a deck and says how many cards each would ask; gives the one begun."""

    TITLE = "special sitting"
    HELP = (
        "Choose what to ask. Answers ahead of time, and to what was forgotten, move the schedule; a cram "
        "asks each card until it is known once and leaves the schedule as it is. tab goes to the number of "
        "days, to the tag and to the cram's box, which space ticks."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", priority=True, id="special.start"),
        Binding("j", "move('down')", "Down", show=False, id="special.down"),
        Binding("k", "move('up')", "Up", show=False, id="special.up"),
        Binding("escape", "leave", "Back", key_display="esc", id="special.leave"),
    ]
    DEFAULT_CSS = """
    SpecialScreen { align: center middle; }
    SpecialScreen > Vertical {
        width: 72; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 1 2; background: $surface;
        & OptionList { height: auto; background: $surface; &, &:focus { border: none; padding: 0; } }
        & Horizontal { height: 1; margin-top: 1; }
        & Label { width: 8; color: $text-muted; }
        & Input { width: 1fr; background: $background; padding: 0 1; }
        & #days { width: 8; }
        & Checkbox { margin-top: 1; background: $surface; &:focus { border: none !important; } }
        & #found { margin-top: 1; height: auto; text-style: bold; }
    }
    """

    def __init__(self, deck: str | None) -> None:
        super().__init__()
        self._deck = deck
        self._sitting: Sitting | None = None

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    def compose(self) -> ComposeResult:
        """Lay out the choices and what they take."""
        tags = self._desk.collection.tags(self._deck)
        with Vertical() as box:
            box.border_title = Content(f"A special sitting with {self._deck or 'all decks'}")
            yield OptionList(
                *(
                    Option(Content.assemble((f"{name:<18}", "bold"), (meaning, "dim")), id=choice)
                    for choice, (name, meaning, _) in CHOICES.items()
                )
            )
            with Horizontal():
                yield Label("Days")
                yield Input("3", restrict="[0-9]*", max_length=4, id="days", compact=True)
            with Horizontal():
                yield Label("Tag")
                such = f"any; such as {', '.join(tags[:TAGS_NAMED])}" if tags else "any; no card has one"
                yield Input(
                    placeholder=such,
                    suggester=SuggestFromList(tags, case_sensitive=False),
                    id="tag",
                    compact=True,
                )
            yield Checkbox(compact=True)
            yield Static(id="found", markup=False)
        yield Footer()

    def on_option_list_option_highlighted(self) -> None:
        """Offer what goes with another choice."""
        self._look()

    def on_input_changed(self) -> None:
        """Look what other days or another tag bring."""
        self._look()

    def on_checkbox_changed(self) -> None:
        """Look what comes with or without the schedule."""
        self._look()

    def action_move(self, direction: str) -> None:
        """Move the cursor among the choices."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if direction == "down" else options.action_cursor_up()

    def action_start(self) -> None:
        """Begin the sitting, if it has a card to ask."""
        if self._sitting is not None:
            self.dismiss(self._sitting)

    def action_leave(self) -> None:
        """Go back without one."""
        self.dismiss(None)

    def on_option_list_option_selected(self) -> None:
        """Begin by mouse."""
        self.action_start()

    def _look(self) -> None:
        """Say how many cards the sitting would ask."""
        option = self.query_one(OptionList).highlighted_option
        if option is None or option.id is None:
            return
        choice = option.id
        days, tag = (self.query_one(f"#{name}", Input).value.strip() for name in ("days", "tag"))
        cram = self.query_one(Checkbox)
        self.query_one("#days").disabled = choice != "ahead"
        cram.disabled = choice not in ("forgotten", "ahead")
        as_cram = choice == "all" or (cram.value and not cram.disabled)
        # In words, since the box shows only by its colour whether it is ticked.
        cram.label = "A cram: the schedule stays" if as_cram else "No cram: answers move the schedule"
        try:
            sitting = self._desk.sitting(
                self._deck,
                tag=tag or None,
                ahead=int(days or 0) if choice == "ahead" else None,
                forgotten=choice == "forgotten",
                cram=as_cram,
            )
        except LrcardsError as error:
            self._say(str(error), None)
            return
        counts = sitting.counts
        cards = counts.new + counts.learning + counts.review
        nothing = CHOICES[choice][2] + (" with this tag." if tag else ".")
        self._say(f"{counted(cards, 'card')}." if cards else nothing, sitting if cards else None)

    def _say(self, found: str, sitting: "Sitting | None") -> None:
        """Say what there is, and keep the sitting that can be begun."""
        self._sitting = sitting
        self.query_one("#found", Static).update(Content(found))
