"""A picture of a card; where it cannot be shown, what it is called and why."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from lrcards.cards.pictures import Picture
from lrcards.tui import pictures
from lrcards.tui.pictures import decoded, size_in_cells

if TYPE_CHECKING:
    from PIL.Image import Image

    from lrcards.tui.app import LrcardsApp

LEAST_ROWS = 4
"""A picture has half of the screen's rows, but in a small terminal not fewer than these."""


class PictureView(Vertical):
    """Shows a picture of the collection, as large as there is room; its name until then, or instead."""

    DEFAULT_CSS = """
    PictureView {
        height: auto;
        padding: 0 2;
        margin: 0 0 1 0;
        & > #name { color: $text-muted; height: auto; }
    }
    """

    def __init__(self, picture: Picture, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._picture = picture
        self._drawn: tuple[Widget, Image] | None = None

    def compose(self) -> ComposeResult:
        """Begin with the name."""
        yield Static(id="name")

    def on_mount(self) -> None:
        """Read the picture, if it can be shown."""
        self._say()
        data = self._app.desk.collection.picture(self._picture.name)
        if data is None:
            self._say("on the web" if "://" in self._picture.name else "not in the collection")
        elif isinstance(means := self._means, str):
            self._say(means)
        else:
            self._decode(data)

    @property
    def _app(self) -> "LrcardsApp":
        return cast("LrcardsApp", self.app)

    @property
    def _means(self) -> "Callable[[Image], Widget] | str":
        return pictures.means(self.app, in_ascii=self._app.settings.ascii)

    def on_resize(self, _: Resize) -> None:
        """Keep the picture as large as there is room."""
        self._fit()

    @work(thread=True, group="picture")
    def _decode(self, data: bytes) -> None:
        image = decoded(data)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._say if isinstance(image, str) else self._draw, image)

    def _say(self, why: str = "") -> None:
        """Show what the picture is called, and why it is not shown."""
        name = self._picture.label or self._picture.name
        if self.is_attached:
            self.query_one("#name", Static).update(Content(f"[picture: {name}{why and f', {why}'}]"))

    def _draw(self, image: "Image") -> None:
        means = self._means
        if isinstance(means, str) or not self.is_attached:
            return
        self._drawn = means(image), image
        self._fit()
        self.mount(self._drawn[0])
        # Anki, for one, knows no other label than the name of the file.
        self.query_one("#name").display = self._picture.label not in ("", self._picture.name)

    def _fit(self) -> None:
        if self._drawn:
            widget, image = self._drawn
            room = self.content_size.width, max(LEAST_ROWS, self.app.size.height // 2)
            widget.styles.width, widget.styles.height = size_in_cells(widget, image, room)
