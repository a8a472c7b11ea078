"""How far a sitting has come, and what stands out about the card on the table."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import ProgressBar, Static

from lrcards.cards.model import LEECH, MARKED
from lrcards.showing import Shown
from lrcards.study.card_facts import flag_in_words
from lrcards.study.queue import Counts

FLAG_INKS = ("$text-error", "#e08000", "$text-success", "$text-primary", "#e070b0", "#00a8a8", "#a070e0")
"""The colours of the flags; each is named as well."""


class SittingBar(Horizontal):
    """Where the card is from, how much is done, and what is left today."""

    def compose(self) -> ComposeResult:
        """Lay out the three parts."""
        yield Static(id="where")
        yield ProgressBar(show_eta=False, show_percentage=False, id="bar")
        yield Static(id="counts")

    def show(self, where: str, counts: Counts, answered: int) -> None:
        """Show the sitting as it is now."""
        left = counts.new + counts.learning + counts.review
        self.query_one("#where", Static).update(Content(where))
        self.query_one("#bar", ProgressBar).update(total=max(answered + left, 1), progress=answered)
        self.query_one("#counts", Static).update(
            Content.assemble(
                (f"{counts.new} new", "$text-primary"),
                " · ",
                (f"{counts.learning} learning", "$text-error"),
                " · ",
                (f"{counts.review} due", "$text-success"),
            )
        )


class Badges(Static):
    """A card's flag, tags that stand out, and whether the sitting goes on by itself; hidden without any."""

    def show(self, shown: Shown | None, *, auto: bool) -> None:
        """Show what there is now."""
        badges = [Content.styled("auto-advance: A stops it", "$text-accent")] if auto else []
        if shown is not None:
            if flag := flag_in_words(shown.card):
                badges.append(Content.styled(f"⚑ {flag}", FLAG_INKS[shown.card.flag - 1]))
            badges += [
                Content.styled(f"{sign} {tag}", "bold")
                for sign, tag in (("★", MARKED), ("◉", LEECH))
                if tag in shown.note.tags
            ]
        self.display = bool(badges)
        self.update(Content("   ").join(badges))
