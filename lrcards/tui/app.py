"""The Textual application: opens the collection after its first frame and shows the home screen."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import constants, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus, Resize
from textual.geometry import Size
from textual.screen import Screen

from lrcards.errors import LrcardsError
from lrcards.settings import Settings
from lrcards.tui.screens.home import HomeScreen
from lrcards.tui.screens.too_small import TooSmallScreen
from lrcards.tui.themes import DARK, HIGH_CONTRAST, ROUND

if TYPE_CHECKING:
    from textual.filter import LineFilter

    from lrcards.desk import Desk


class LrcardsApp(App[None]):
    """The whole program on screen.

    Args:
        open_desk: opens the collection; called once the first frame is painted, since importing the storage
            takes longer than everything before it.
        settings: theme and keys.
        first: the screen to show above home once the desk is open, if any.
    """

    TITLE = "lrcards"
    CSS_PATH = "lrcards.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Keys", key_display="?", id="app.help"),
        Binding("f2", "next_theme", "Dark, light, high contrast", show=False, id="app.theme"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit"),
    ]

    desk: "Desk"

    def __init__(
        self,
        open_desk: "Callable[[], Desk]",
        settings: Settings,
        first: "Callable[[Desk], Screen[None]] | None" = None,
    ) -> None:
        super().__init__()
        self._open_desk = open_desk
        self._first = first
        self.register_theme(HIGH_CONTRAST)
        self.settings = Settings()
        self.theme = DARK
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """Let settings hold from now on; a sitting that has begun keeps those that it began with."""
        if settings.theme != self.settings.theme:
            self.theme = settings.theme if settings.theme in self.available_themes else DARK
        is_drawn_anew = settings.ascii != self.settings.ascii
        self.settings = settings
        self.set_keymap(settings.keys)
        self.animation_level = "none" if settings.reduced_motion else constants.TEXTUAL_ANIMATIONS
        if hasattr(self, "desk"):
            self.desk = self.desk.with_settings(settings)
        if is_drawn_anew and self.is_running:
            self._draw_anew()

    def _draw_anew(self) -> None:
        """Paint every screen again, and call the keys by their names for how it is drawn now."""
        for screen in self.screen_stack:
            screen.refresh_bindings()
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    def get_line_filters(self) -> "Sequence[LineFilter]":
        """Add our own to Textual's, where they are needed."""
        filters = super().get_line_filters()
        if not (self.no_color or self.settings.ascii):
            return filters
        from lrcards.tui.filters import ASCII_FILTER, STYLE_FILTER

        first = [STYLE_FILTER] if self.no_color else []
        last = [ASCII_FILTER] if self.settings.ascii else []
        return [*first, *filters, *last]

    def get_key_display(self, binding: Binding) -> str:
        """Return what a key is called; in ASCII an arrow would be taken for another key."""
        return self.key_display(super().get_key_display(binding))

    def key_display(self, display: str) -> str:
        """Return a key's sign, or a word where it is drawn in ASCII alone."""
        if not self.settings.ascii:
            return display
        from lrcards.ascii_drawing import key_in_ascii

        return key_in_ascii(display)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Let no cursor blink where nothing is to move."""
        if self.settings.reduced_motion:
            # The first frame needs neither.
            from textual.widgets import Input, TextArea

            if isinstance(event.widget, (Input, TextArea)):
                event.widget.cursor_blink = False

    def get_default_screen(self) -> Screen[None]:
        """Start at home."""
        return HomeScreen()

    def on_ready(self) -> None:
        """Open the collection now that the first frame is on screen."""
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        try:
            self.desk = self._open_desk()
            first = self._first(self.desk) if self._first is not None else None
        except LrcardsError as error:
            self.exit(return_code=1, message=str(error))
            return
        home = self.screen_stack[0]
        assert isinstance(home, HomeScreen)
        home.show_decks()
        home.look_at_links()
        home.look_at_exams()
        if first is not None:
            self.push_screen(first)
            self._cover_if_too_small(self.size)
        for problem in self.settings.problems:
            self.notify(problem, severity="warning", markup=False, timeout=10)
        if self.settings.theme not in self.available_themes:
            problem = self.settings.problem("theme", f"there is no theme {self.settings.theme!r}")
            self.notify(problem, severity="warning", markup=False, timeout=10)
        if self.settings.keys:
            self._check_keys()

    @work(thread=True)
    def _check_keys(self) -> None:
        """Name the ids in the keymap that no binding has; in a thread, since that imports every screen."""
        from lrcards.tui.keymap import unknown

        for identifier in unknown(self.settings.keys):
            problem = self.settings.problem(identifier, f"there is no key with the id {identifier!r}")
            self.call_from_thread(self.notify, problem, severity="warning", markup=False, timeout=10)

    def on_resize(self, event: Resize) -> None:
        """Cover everything with one sentence while the terminal is too small to use."""
        if isinstance(self.screen, TooSmallScreen):
            self.screen.uncover_if_there_is_room(event.size)
        else:
            self._cover_if_too_small(event.size)

    def _cover_if_too_small(self, size: Size) -> None:
        if not TooSmallScreen.fits(size):
            self.push_screen(TooSmallScreen())

    def action_help(self) -> None:
        """Show the keys of where the user is."""
        from lrcards.tui.screens.help import HelpScreen

        if not isinstance(self.screen, (HelpScreen, TooSmallScreen)):
            self.push_screen(HelpScreen(self.screen))

    def action_next_theme(self) -> None:
        """Go on to the next of our themes."""
        place = ROUND.index(self.theme) if self.theme in ROUND else -1
        self.theme = ROUND[(place + 1) % len(ROUND)]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Add our own commands to the palette."""
        yield from super().get_system_commands(screen)
        yield SystemCommand("Next theme", "Dark, light, high contrast", self.action_next_theme)
        yield SystemCommand("Open the lab", "Choose an experiment and run it", self.action_lab)
        yield SystemCommand(
            "Change the settings", "What holds for all decks, and the program", self.action_settings
        )

    def action_lab(self) -> None:
        """Choose an experiment and open the lab on it."""
        from lrcards.tui.screens.presets import PresetScreen

        self.push_screen(PresetScreen())

    def action_settings(self) -> None:
        """Show the settings."""
        if hasattr(self, "desk"):
            from lrcards.tui.screens.settings import SettingsScreen

            self.push_screen(SettingsScreen())

    def on_unmount(self) -> None:
        """Close the collection."""
        if hasattr(self, "desk"):
            self.desk.close()
