"""The settings for all decks and for the program: what holds, and another value, written at once."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from lrcards.preferences import Preference, listed, problem_with, section_of, value_from, written
from lrcards.settings import settings_file
from lrcards.study.options import DECK_SETTINGS
from lrcards.tui.mistakes import said_on
from lrcards.tui.screens.options import WORDINGS, YES_OR_NO, Wording
from lrcards.tui.screens.prompts import ChoosePrompt, LinePrompt, Prompt

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

SETTING_WORDINGS = {
    **{name: WORDINGS[name] for name in DECK_SETTINGS},
    "desired_retention": Wording(
        "Desired retention",
        "A card comes back when the probability that you recall it has fallen to this: 0.7 to 0.99.",
    ),
    "easy_days": Wording(
        "Easy days", "Days with fewer reviews, such as saturday=reduced sunday=minimum; none for none."
    ),
    "learn_ahead": Wording(
        "Learn ahead", "How early a card on a learning step may come when nothing else is left, such as 20m."
    ),
    "auto_advance": Wording("Auto-advance", "Whether sittings begin with going on by themselves.", YES_OR_NO),
    "auto_advance_question": Wording(
        "… after a question", "When auto-advance shows the answer, such as 20s; 0s waits for a key."
    ),
    "auto_advance_answer": Wording(
        "… after an answer", "When auto-advance leaves the answer, such as 10s; 0s waits for a key."
    ),
    "auto_advance_action": Wording(
        "… does",
        "What auto-advance does with a card that it leaves.",
        (("again", ""), ("hard", ""), ("good", ""), ("bury", "until tomorrow")),
    ),
    "answer_time_cap": Wording(
        "Answer time cap", "A card counts as looked at for at most so long, such as 60s."
    ),
    "rollover_hour": Wording("Rollover hour", "When a study day ends: an hour from 0 to 23, local time."),
    "theme": Wording("Theme", "The colours. F2 tries three of them until you quit."),
    "reduced_motion": Wording(
        "Reduced motion",
        "Nothing moves by itself: no animation, no blinking, and the lab goes to the end of a run at once.",
        YES_OR_NO,
    ),
    "ascii": Wording(
        "ASCII only",
        "What is drawn is drawn in ASCII, for terminals without boxes, blocks and braille; text stays.",
        YES_OR_NO,
    ),
    "dates": Wording(
        "Language of dates",
        "What days and months are named in: the code of a language, such as en, de or pt-BR.",
    ),
    "editor": Wording(
        "Editor", "The command that E opens a card with, such as nano; empty for VISUAL or EDITOR."
    ),
}
"""What every setting is called and does, in the order of the screen and of docs/settings.md."""


class SettingList(OptionList):
    """The settings, a row each; Enter and a click change the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", id="settings.change"),
        Binding("j", "cursor_down", "Down", show=False, id="settings.down"),
        Binding("k", "cursor_up", "Up", show=False, id="settings.up"),
    ]


class SettingsScreen(Screen[None]):
    """What holds for all decks and for the program; a change is in the settings file at once."""

    TITLE = "settings"
    HELP = (
        "What holds for all decks, unless a deck has options of its own, and for the program. A change is "
        "written into config.toml and holds from the next sitting on; the display changes at once."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x,delete", "reset", "Default", key_display="x", tooltip="The default again", id="settings.reset"
        ),
        Binding("K", "keys", "Keys", tooltip="Choose other keys", id="settings.keys"),
        Binding("q,escape", "dismiss", "Back", key_display="q", id="settings.leave"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the list, and room for what the chosen setting does."""
        yield Static(Content.assemble(("Settings  ", "bold"), str(settings_file())), id="banner")
        yield SettingList()
        yield Static(id="meaning", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """List the settings."""
        self._list()

    @property
    def _app(self) -> "LrcardsApp":
        return cast("LrcardsApp", self.app)

    def _list(self) -> None:
        options = self.query_one(SettingList)
        place = options.highlighted or 0
        self._rows = {row.name: row for row in listed(self._app.settings)}
        options.set_options([Option(_row(self._rows[name]), id=name) for name in SETTING_WORDINGS])
        options.highlighted = place

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the setting does, and what it is by default."""
        name = event.option_id or ""
        default = self._rows[name].default
        meaning = f"{SETTING_WORDINGS[name].meaning} Default: {default or 'none'}."
        self.query_one("#meaning", Static).update(meaning)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for another value of the setting that was entered or clicked."""
        name = event.option_id or ""
        wording, current = SETTING_WORDINGS[name], self._rows[name].text
        choices = (
            tuple((theme, "") for theme in sorted(self.app.available_themes))
            if name == "theme"
            else wording.choices
        )
        prompt: Prompt = (
            ChoosePrompt(wording.label, choices, current)
            if choices
            else LinePrompt(wording.label, current, lambda text: problem_with(name, text))
        )
        self.app.push_screen(prompt, lambda text: None if text is None else self._set(name, text))

    def action_keys(self) -> None:
        """List the keys, to choose others."""
        from lrcards.tui.screens.keys import KeysScreen

        self.app.push_screen(KeysScreen())

    def action_reset(self) -> None:
        """Take the setting out of the file, so that the default holds."""
        name = self.query_one(SettingList).highlighted_option
        assert name is not None
        self._set(name.id or "", None)

    def _set(self, name: str, text: str | None) -> None:
        with said_on(self):
            value = None if text is None else value_from(name, text)
            self._app.use(written(settings_file(), section_of(name), name, value))
        self._list()


def _row(setting: Preference) -> Content:
    style = "bold" if setting.given else ""
    return Content.assemble(
        f"{SETTING_WORDINGS[setting.name].label:<20}",
        (f"{setting.text:<36}", style),
        ("config.toml" if setting.given else "default", "dim"),
    )
