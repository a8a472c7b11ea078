"""What is shown instead of a garbled screen while the terminal is too small."""

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

LEAST = Size(60, 16)


class TooSmallScreen(Screen[None]):
    """Covers the app until the terminal is large enough again; nothing below it is lost."""

    DEFAULT_CSS = """
    TooSmallScreen { align: center middle; }
    TooSmallScreen Static { width: auto; max-width: 100%; text-align: center; }
    """

    @staticmethod
    def fits(size: Size) -> bool:
        """Return whether the rooms of the app can be used at this size."""
        return size.width >= LEAST.width and size.height >= LEAST.height

    def compose(self) -> ComposeResult:
        """Say what is needed."""
        yield Static(
            f"lrcards needs {LEAST.width}×{LEAST.height} characters. Enlarge the window, or leave with "
            "ctrl+q and use lrcards study --plain.",
            markup=False,
        )

    def on_screen_resume(self) -> None:
        """Uncover what is below if there came to be room while another screen was on top."""
        self.uncover_if_there_is_room(self.app.size)

    def uncover_if_there_is_room(self, size: Size) -> None:
        """Go away if the rooms of the app can be used at this size."""
        if self.fits(size):
            self.dismiss()
