"""Which flag a card is to have."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from lrcards.cards.model import FLAGS
from lrcards.tui.screens.prompts import ChoosePrompt


class FlagPrompt(ChoosePrompt):
    """Offers no flag and the seven colours; a digit chooses at once. The answer is the digit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(flag), f"choose({flag})", f"{name.capitalize()}", show=False, id=f"flag.{flag}")
        for flag, name in enumerate(("none", *FLAGS))
    ]

    def __init__(self, current: int) -> None:
        choices = [("0", "no flag"), *((str(number), name) for number, name in enumerate(FLAGS, 1))]
        super().__init__("Flag this card: press a digit", choices, str(current))

    def action_choose(self, flag: int) -> None:
        """Answer with a digit."""
        self.dismiss(str(flag))
