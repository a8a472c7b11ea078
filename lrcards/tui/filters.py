"""The last steps of painting, line by line, which no screen needs to know of."""

from rich.segment import Segment
from rich.style import Style
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


class StyleFilter(LineFilter):
    """Gives a style to what has none, as parts of a chart have; Textual's filter for NO_COLOR needs one."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments of a line, each with a style."""
        return [
            segment if segment.style is not None else Segment(segment.text, Style.null(), segment.control)
            for segment in segments
        ]


# One of each, since what a line came to is kept with it by the filter.
ASCII_FILTER = AsciiFilter()
STYLE_FILTER = StyleFilter()
