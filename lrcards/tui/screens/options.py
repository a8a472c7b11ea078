"""The options of a deck: what holds, where it comes from, and a value of its own instead."""

from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from lrcards import deck_options
from lrcards.deck_options import Listed
from lrcards.settings import settings_file
from lrcards.study.limits import ALL_DECKS
from lrcards.study.option_texts import problem_with, text_of
from lrcards.tui.mistakes import said_on
from lrcards.tui.screens.prompts import ChoosePrompt, LinePrompt, Prompt

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

YES_OR_NO = (("yes", ""), ("no", ""))


class Wording(NamedTuple):
    """What an option is called, what it does, and what there is to choose from; nothing if it is typed."""

    label: str
    meaning: str
    choices: tuple[tuple[str, str], ...] = ()


WORDINGS = {
    "desired_retention": Wording(
        "Desired retention",
        "A card comes back when the probability that you recall it has fallen to this: 0.7 to 0.99. "
        "r shows what each costs.",
    ),
    "new_per_day": Wording("New cards a day", "At most so many, with those of all subdecks."),
    "reviews_per_day": Wording("Reviews a day", "At most so many, with those of all subdecks."),
    "leech_threshold": Wording(
        "Leech threshold", "A card that was forgotten so many times is a leech; 0 for never."
    ),
    "leech_action": Wording(
        "Leech action",
        "What becomes of a leech.",
        (("suspend", "tag its note, and ask it no more"), ("tag", "tag its note only")),
    ),
    "learning_steps": Wording(
        "Learning steps", "The waits of a new card, such as 1m 10m or 1d; none for no steps."
    ),
    "relearning_steps": Wording(
        "Relearning steps", "The waits of a forgotten card, such as 10m; none for no steps."
    ),
    "maximum_interval": Wording("Maximum interval", "No card waits for more days than this: 1 to 36500."),
    "fuzz": Wording(
        "Fuzz", "Whether intervals are moved a little, so that cards learnt together part ways.", YES_OR_NO
    ),
    "load_balancing": Wording(
        "Load balancing", "Whether fuzz moves intervals to days on which little is due.", YES_OR_NO
    ),
    "review_order": Wording(
        "Review order",
        "In which order reviews are asked when the deck is studied.",
        (
            ("ascending recall", "what is nearly forgotten first"),
            ("descending recall", "what is known best first"),
            ("due", "what was due first"),
            ("random", ""),
        ),
    ),
    "new_order": Wording(
        "New order",
        "In which order new cards are introduced when the deck is studied.",
        (("position", "as they came into the collection"), ("random", "from anywhere")),
    ),
    "new_mix": Wording(
        "New among reviews",
        "Where new cards come when the deck is studied.",
        (("mixed", "among the reviews"), ("first", "before them"), ("last", "after them")),
    ),
    "bury_new": Wording(
        "Bury new siblings", "Whether a new card waits when another card of its note is asked.", YES_OR_NO
    ),
    "bury_reviews": Wording(
        "Bury due siblings", "Whether a review waits when another card of its note is asked.", YES_OR_NO
    ),
    "parameters": Wording(
        "FSRS parameters", "What FSRS knows of your memory: 21 numbers. f fits them to your own answers."
    ),
}


class DeckOptionList(OptionList):
    """The options, a row each; Enter and a click change the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", id="options.change"),
        Binding("j", "cursor_down", "Down", show=False, id="options.down"),
        Binding("k", "cursor_up", "Up", show=False, id="options.up"),
    ]


class OptionsScreen(Screen[None]):
    """The options of a deck, or the settings for all decks, which only the settings file changes."""

    TITLE = "options"
    HELP = (
        "What holds for the cards of a deck, and where it comes from: the deck itself, one above it, or your "
        "settings for all decks. A value that you give the deck also holds for its subdecks."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "inherit", "Inherit", key_display="x", id="options.inherit"),
        Binding("f", "fit", "Fit", tooltip="Fit the FSRS parameters to your answers", id="options.fit"),
        Binding(
            "r", "retention", "Retention", tooltip="What each desired retention costs", id="options.retention"
        ),
        Binding("q,escape", "dismiss", "Back", key_display="q", id="options.leave"),
    ]

    def __init__(self, deck: str | None = None) -> None:
        super().__init__()
        self._deck = deck or ALL_DECKS

    def compose(self) -> ComposeResult:
        """Lay out the list, and room for what the chosen option does."""
        yield Static(Content.assemble(("Options  ", "bold"), self._deck or "All decks"), id="banner")
        yield DeckOptionList()
        yield Static(id="meaning", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """List the options."""
        self._list()

    def on_screen_resume(self) -> None:
        """List them again; a fit or a choice of retention may have changed them."""
        self._list()

    @property
    def _app(self) -> "LrcardsApp":
        return cast("LrcardsApp", self.app)

    def _list(self) -> None:
        options = self.query_one(DeckOptionList)
        place = options.highlighted or 0
        with said_on(self):
            rows = deck_options.listed(self._app.desk.rules, self._deck)
            options.set_options([Option(self._row(option), id=option.name) for option in rows])
            options.highlighted = place

    def _row(self, option: Listed) -> Content:
        if option.source == self._deck:
            source, style = "this deck", "bold $text-primary"
        else:
            source, style = option.source or "all decks", ""
        return Content.assemble(
            f"{WORDINGS[option.name].label:<20}", (f"{option.text:<36}", style), (source, "dim")
        )

    @property
    def _chosen(self) -> str:
        option = self.query_one(DeckOptionList).highlighted_option
        assert option is not None
        assert option.id is not None
        return option.id

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the option does."""
        assert event.option_id is not None
        self.query_one("#meaning", Static).update(WORDINGS[event.option_id].meaning)

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        """Ask for another value of the option that was entered or clicked."""
        if self._is_for_all():
            return
        name, wording = self._chosen, WORDINGS[self._chosen]
        current = text_of(self._app.desk.rules.options(self._deck).value(name))
        prompt: Prompt = (
            ChoosePrompt(wording.label, wording.choices, current)
            if wording.choices
            else LinePrompt(wording.label, current, lambda text: problem_with(name, text))
        )
        self.app.push_screen(prompt, lambda text: None if text is None else self._set(name, text))

    def action_inherit(self) -> None:
        """Leave the option to the decks above."""
        if not self._is_for_all():
            self._set(self._chosen, "")

    def _set(self, name: str, text: str) -> None:
        desk = self._app.desk
        with said_on(self):
            deck_options.change(desk.collection, self._deck, {name: text}, desk.clock())
        self._list()

    def _is_for_all(self) -> bool:
        """Say where the settings for all decks are, if these are they."""
        if self._deck == ALL_DECKS:
            self.notify(f"What holds for all decks stands in {settings_file()}.", markup=False, timeout=8)
        return self._deck == ALL_DECKS

    def action_fit(self) -> None:
        """Fit the FSRS parameters of the deck."""
        from lrcards.tui.screens.fit import FitScreen

        self.app.push_screen(FitScreen(self._deck or None))

    def action_retention(self) -> None:
        """Show what each desired retention costs; one that is chosen becomes the deck's."""
        from lrcards.tui.screens.retention import RetentionScreen

        def choose(text: str | None) -> None:
            if text is not None and not self._is_for_all():
                self._set("desired_retention", text)

        self.app.push_screen(RetentionScreen(self._deck or None), choose)
