"""A line to type an answer in, and what of the answer is right."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from lrcards.cards.typed_answers import GAP, Comparison, Mark

# Letters differ by more than their colour: what is wrong is struck through, what is missing underlined.
STYLES = {
    Mark.RIGHT: "$text-success",
    Mark.WRONG: "$text-error strike",
    Mark.MISSING: "$text-warning underline",
}

LONGEST_GAP = 12
"""Characters; what is missing in a longer stretch is seen in the answer below it."""


class AnswerLine(Input):
    """Takes an answer before it is revealed; Escape goes back to the card."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Compare", id="study.compare"),
        Binding("escape", "give_up", "Do not type", key_display="esc", id="study.do-not-type"),
    ]

    class GivenUp(Message):
        """The answer is not typed after all."""

    def action_give_up(self) -> None:
        """Go back to the card."""
        self.post_message(self.GivenUp())


def compared(comparison: Comparison) -> Content:
    """Return what was typed above what was expected, told apart by style; one line if they are the same."""
    typed, expected = (
        Content.assemble(*((_shortened(stretch.text), STYLES[stretch.mark]) for stretch in side))
        for side in (comparison.typed, comparison.expected)
    )
    if comparison.is_right:
        return Content.assemble(("Right     ", "bold"), expected)
    legend = Content.assemble(
        "          ", ("wrong", STYLES[Mark.WRONG]), "  ", ("missing", STYLES[Mark.MISSING])
    )
    return Content("\n").join(
        [
            Content.assemble(("You typed ", "bold"), typed),
            Content.assemble(("Expected  ", "bold"), expected),
            legend,
        ]
    )


def _shortened(text: str) -> str:
    is_gap = len(text) > LONGEST_GAP and not text.strip(GAP)
    return f"{GAP * 3}…{GAP * 3}" if is_gap else text
