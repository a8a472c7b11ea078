"""What it takes to show pictures: a terminal that can, files that are safe to decode, and the right size."""

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from textual.app import App
from textual.widget import Widget

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
MOST_PIXELS = 40_000_000
"""A picture of more takes too long, and too much memory, to be decoded."""

LARGEST_SIDE = 2000
"""Pixels; what is larger is made smaller once, so that to draw it again is quick."""

HALF_CELL = (1, 2)
"""Pixels in a cell, across and down, where half a cell is a pixel."""

_WIDGETS = "textual_image.widget"
_COLOURS = ("256", "truecolor")


def ask_terminal() -> None:
    """Ask the terminal what it can show; once Textual reads the keyboard, no answer would come through."""
    # Without the extra “images” there is nothing to ask for.
    with suppress(ImportError):
        import_module(_WIDGETS)


def _is_there() -> bool:
    """Return whether there is textual-image; a terminal that was not asked has at least half cells."""
    if _WIDGETS not in sys.modules:
        standard = sys.__stdout__
        # It asks whatever is a terminal as soon as it is imported.
        vars(sys)["__stdout__"] = StringIO()
        try:
            ask_terminal()
        finally:
            vars(sys)["__stdout__"] = standard
    return _WIDGETS in sys.modules


def means(app: App[object], *, in_ascii: bool) -> "Callable[[Image], Widget] | str":
    """Return what makes a widget of a picture; or what there would have to be."""
    if not _is_there():
        return "which textual-image would show: pip install textual-image"
    if "NO_COLOR" in os.environ:
        return "which needs colours"
    from textual_image import renderable, widget

    if renderable.Image in (renderable.SixelImage, renderable.TGPImage):
        return widget.Image
    if in_ascii:
        return "which ASCII cannot show"
    return widget.HalfcellImage if app.console.color_system in _COLOURS else "which needs 256 colours"


def size_in_cells(widget: Widget, image: "Image", room: tuple[int, int]) -> tuple[int, int]:
    """Return how many columns and rows a picture takes in a widget that ``means`` made: see ``fitted``."""
    from textual_image._terminal import get_cell_size
    from textual_image.widget import HalfcellImage

    return fitted(image.size, HALF_CELL if isinstance(widget, HalfcellImage) else get_cell_size(), room)


def fitted(pixels: tuple[int, int], cell: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    """Return how many columns and rows a picture takes: its own size, or as large as there is room.

    Args:
        pixels: its width and height.
        cell: pixels in a cell, across and down.
        room: the columns and rows there are.
    """
    width, height = (length / each for length, each in zip(pixels, cell, strict=True))
    scale = min(1.0, room[0] / width, room[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def decoded(data: bytes) -> "Image | str":
    """Return the picture in a file, upright and on white; or why there is none, in a clause."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        # What Pillow thinks of a damaged file would be written over the screen.
        warnings.simplefilter("ignore")
        try:
            file = Image.open(BytesIO(data), formats=FORMATS)
            if file.width * file.height > MOST_PIXELS:
                return f"too large, {file.width:,} × {file.height:,} pixels"
            file.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            image = ImageOps.exif_transpose(file).convert("RGBA")
        except Image.DecompressionBombError:
            return "too large"
        except UnidentifiedImageError:
            return f"none of {', '.join(FORMATS)}"
        # Its decoders raise whatever they like for a damaged file.
        except Exception:
            return "damaged"
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    # Formulas are often black on nothing, which could not be seen on a dark screen.
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")
