"""The last step of painting with the setting ``ascii``: no screen needs to know of it."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from lrcards.ascii_drawing import in_ascii


class AsciiFilter(LineFilter):
    """Draws what is on screen in ASCII alone; the text of cards stays as it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments of a line with their drawing in ASCII; each keeps its width and its style."""
        return [
            segment if segment.text.isascii() else Segment(in_ascii(segment.text), *segment[1:])
            for segment in segments
        ]


ASCII_FILTER = AsciiFilter()
"""The one that is used, since what it came to is kept with the lines by the filter."""
