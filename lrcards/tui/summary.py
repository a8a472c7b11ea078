"""What the closing screen says of a sitting."""

from textual.content import Content

from lrcards.cards.model import Rating
from lrcards.session import Summary

WHAT_NEXT = (
    ("n", "more new cards"),
    ("g", "the lab"),
    ("t", "a mock test"),
    ("c", "ahead, cram, forgotten"),
)
"""Keys, and what each brings."""


def summary_text(summary: Summary, language: str) -> Content:
    """Return what was done, what comes next, and what is possible now; days are named in a language."""
    if not summary.answered:
        lines = ["Nothing is due here now."]
    else:
        minutes = summary.time_spent.total_seconds() / 60
        cards = "1 answer" if summary.answered == 1 else f"{summary.answered} answers"
        lines = [
            f"{cards} in {minutes:.0f} min." if minutes >= 1 else f"{cards} in under a minute.",
            "   ".join(f"{rating.name.capitalize()} {summary.ratings[rating]}" for rating in Rating),
        ]
    lines += summary.what_comes(language)
    keys = [Content.assemble((key, "bold $text-accent"), f" {meaning}") for key, meaning in WHAT_NEXT]
    return Content("\n\n").join([*map(Content, lines), Content("   ").join(keys)])
