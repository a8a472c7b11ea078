"""A card's two sides as Markdown, shown safely."""

from collections.abc import Sequence
from string import ascii_lowercase

from markdown_it import MarkdownIt
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.widgets import Markdown, Rule, Static

from lrcards.cards.pictures import Picture, pieces
from lrcards.text import escape_markdown, plain, render_math
from lrcards.tui.widgets.picture import PictureView

LONGEST = 60
"""A text of more lines is shown without styles: a widget for every block would take seconds."""


def _parser() -> MarkdownIt:
    # With HTML off, `vector<int>` stays text instead of vanishing as a tag.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class SafeMarkdown(Markdown):
    """Markdown from a deck: maths as Unicode, HTML as literal text, links never opened."""

    def __init__(self, markdown: str = "", *, classes: str | None = None) -> None:
        super().__init__(_prepared(markdown), classes=classes, parser_factory=_parser, open_links=False)

    def show(self, markdown: str) -> None:
        """Show another text; the text must have passed ``text.clean``, as all deck text has."""
        self.update(_prepared(markdown))


def _prepared(markdown: str) -> str:
    is_long = markdown.count("\n") > LONGEST
    return _one_paragraph(plain(markdown)) if is_long else render_math(markdown)


def _one_paragraph(text: str) -> str:
    """Return Markdown that shows the lines of a text as they are, in a single block."""
    return "\\\n".join(escape_markdown(line) or "\u00a0" for line in text.splitlines())


class CardSide(Vertical):
    """One side of a card: its text, and its pictures where they stand in it."""

    def compose(self) -> ComposeResult:
        """Lay out a text, which most sides are."""
        yield SafeMarkdown()

    def show(self, markdown: str) -> None:
        """Show another side; the text must have passed ``text.clean``."""
        first, *others = list(pieces(markdown)) or [""]
        if isinstance(first, Picture):
            first, others = "", [first, *others]
        text = self.query_one(SafeMarkdown)
        text.display = bool(first)
        text.show(first)
        self.query(".further").remove()
        self.mount_all(
            SafeMarkdown(piece, classes="further")
            if isinstance(piece, str)
            else PictureView(piece, classes="further")
            for piece in others
        )


class CardView(VerticalScroll):
    """The question with its choices, if it has any, and below a rule the answer once it is revealed."""

    DEFAULT_CSS = """
    CardView {
        align-horizontal: center;
        & > * { max-width: 88; }
        & > CardSide { height: auto; }
        & > CardSide > Markdown { padding: 0 2; margin: 0; height: auto; }
        & > #choices { padding: 0 4; margin: 1 0 0 0; height: auto; }
        & > Rule { margin: 0 0 1 0; color: $primary; display: none; }
        & > #comparison { padding: 0 2; margin: 0 0 1 0; height: auto; display: none; }
        & > #answer { display: none; }
        &.revealed > Rule, &.revealed > #answer { display: block; }
    }
    """

    revealed: var[bool] = var(False, toggle_class="revealed")

    _answer = ""

    def compose(self) -> ComposeResult:
        """Lay out both sides; the answer is hidden until ``revealed``."""
        yield CardSide(id="question")
        yield Static(id="choices", markup=False)
        yield Rule()
        yield Static(id="comparison")
        yield CardSide(id="answer")

    def watch_revealed(self) -> None:
        """Lay out the answer when it is to be seen, so that the question need not wait for it."""
        if self.revealed:
            self.query_one("#answer", CardSide).show(self._answer)

    def show(self, question: str, answer: str, choices: Sequence[str] = ()) -> None:
        """Put another card on the table, its answer hidden; choices are lettered from a."""
        self.revealed = False
        self._answer = answer
        self.query_one("#comparison").display = False
        self.query_one("#question", CardSide).show(question)
        lettered = self.query_one("#choices", Static)
        lettered.display = bool(choices)
        lettered.update(
            Content("\n").join(
                Content.assemble((letter, "bold $text-accent"), f"  {choice}")
                for letter, choice in zip(ascii_lowercase, choices, strict=False)
            )
        )
        self.scroll_home(animate=False)

    def compare(self, comparison: Content) -> None:
        """Show above the answer what of a typed one is right, until another card is shown."""
        self.query_one("#comparison", Static).update(comparison)
        self.query_one("#comparison").display = True
