"""Card information: how a card stands, how it is going to be forgotten, and each of its answers."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from lrcards.study.card_facts import HEADINGS, NEVER_ANSWERED, Entry, facts, history
from lrcards.study.information import CardInfo
from lrcards.text import one_line, plain
from lrcards.tui.figures import forgetting
from lrcards.tui.tables import HEAD, MUTED
from lrcards.tui.widgets.chart import Figure

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

COLUMNS = (16, 10, 6, 6, 6, 6, 5, 6)
"""How wide each column of the history is."""

SHORT = 22
"""Characters of a fact that leave room for another in its line."""


class CardInfoScreen(Screen[None]):
    """What there is to know about one card, under its question in Markdown."""

    TITLE = "card"
    HELP = (
        "Stability is how many days it takes until recall falls to 90 %; difficulty goes from 1 to 10. The "
        "curve shows how likely you would be to recall the card if you did not see it again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(2)", "Scroll down", key_display="j", id="card.down"),
        Binding("k,up", "scroll(-2)", "Scroll up", show=False, id="card.up"),
        Binding("q,escape,i", "dismiss", "Back", key_display="q", id="card.leave"),
    ]

    def __init__(self, info: CardInfo, question: str) -> None:
        super().__init__()
        self._info = info
        self._question = question

    def compose(self) -> ComposeResult:
        """Lay out the three parts."""
        yield Static(Content.assemble(("Card  ", "bold"), one_line(plain(self._question))), id="banner")
        with VerticalScroll(can_focus=False):
            yield Static(_facts(self._info), id="facts")
            yield Figure("forgetting")
            yield Static(_history(self._info), id="history")
        yield Footer()

    def on_mount(self) -> None:
        """Draw the curve."""
        self.query_one(Figure).show(forgetting(self._info, cast("LrcardsApp", self.app).settings.dates))

    def action_scroll(self, lines: int) -> None:
        """Scroll where the terminal is low."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _facts(info: CardInfo) -> Content:
    """Return the facts, two in a line where they are short."""
    lines: list[list[tuple[str, str]]] = []
    for name, value in facts(info):
        fact = (name, value)
        if lines and len(lines[-1]) == 1 and len(value) <= SHORT and len(lines[-1][0][1]) <= SHORT:
            lines[-1].append(fact)
        else:
            lines.append([fact])
    return Content("\n").join(
        Content.assemble(*(part for name, value in line for part in ((f"{name:<12}", HEAD), f"{value:<24}")))
        for line in lines
    )


def _history(info: CardInfo) -> Content:
    if not info.reviews:
        return Content.styled(NEVER_ANSWERED, MUTED)
    rows = [_row(entry) for entry in history(info)]
    return Content("\n").join([Content.styled(_row(HEADINGS), HEAD), *map(Content, rows)])


def _row(entry: Entry) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(entry, COLUMNS, strict=True)).rstrip()
