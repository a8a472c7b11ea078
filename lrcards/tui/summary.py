"""What the closing screen says of a sitting."""

from textual.content import Content

from lrcards.cards.model import Rating
from lrcards.session import Summary

WHAT_NEXT = "Press c to study ahead, to cram, or to go over what you forgot today."


def summary_text(summary: Summary) -> Content:
    """Return what was done, when the next card comes, and what is possible now."""
    if not summary.answered:
        lines = ["Nothing is due here now."]
    else:
        minutes = summary.time_spent.total_seconds() / 60
        cards = "1 answer" if summary.answered == 1 else f"{summary.answered} answers"
        lines = [
            f"{cards} in {minutes:.0f} min." if minutes >= 1 else f"{cards} in under a minute.",
            "   ".join(f"{rating.name.capitalize()} {summary.ratings[rating]}" for rating in Rating),
        ]
    if summary.next_due is not None:
        lines.append(f"The next card comes {summary.next_due.astimezone():%A %d %B, %H:%M}.")
    return Content("\n\n".join([*lines, WHAT_NEXT, "u undo    q home"]))
