"""Study: question, answer, rating, next card."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer, ProgressBar, Static

from lrcards.cards.model import Rating
from lrcards.tui.mistakes import said_on
from lrcards.tui.widgets.card_view import CardView

if TYPE_CHECKING:
    from lrcards.session import Sitting, Summary
    from lrcards.showing import Shown


class RatingButton(Static):
    """One of the four ratings with the delay it gives; a click rates."""

    class Pressed(Message):
        """A rating was clicked."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    def __init__(self, rating: Rating) -> None:
        super().__init__(classes=f"rating-{rating.name.lower()}")
        self.rating = rating

    def show(self, delay: str) -> None:
        """Show the key, the rating and the delay until the card comes back."""
        name = self.rating.name.capitalize()
        self.update(Content.assemble((str(self.rating.value), "bold"), f" {name}  ", (delay, "bold")))

    def on_click(self) -> None:
        """Rate the card."""
        self.post_message(self.Pressed(self.rating))


class StudyScreen(Screen[None]):
    """A sitting: every answer is on disk before the next question is shown."""

    TITLE = "study"
    HELP = (
        "Recall the answer, reveal it, and say how well you knew it. Each button shows when the card would "
        "come back. The lab runs the very experiment that the card asks about, and leaving it returns here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "reveal", "Show answer", key_display="space", id="study.reveal"),
        Binding("space,enter", "rate_suggested", "Rate", key_display="space", id="study.rate"),
        *(
            Binding(letter, f"choose({number})", f"Choose {letter}", show=False, id=f"study.choose-{letter}")
            for number, letter in enumerate("abcd")
        ),
        Binding("1", "rate(1)", "Again", show=False, id="study.again"),
        Binding("2", "rate(2)", "Hard", show=False, id="study.hard"),
        Binding("3", "rate(3)", "Good", show=False, id="study.good"),
        Binding("4", "rate(4)", "Easy", show=False, id="study.easy"),
        Binding("u", "undo", "Undo", id="study.undo"),
        Binding("g", "lab", "Lab", id="study.lab"),
        Binding("j,down", "scroll(2)", "Scroll down", show=False, id="study.down"),
        Binding("k,up", "scroll(-2)", "Scroll up", show=False, id="study.up"),
        Binding("q,escape", "leave", "Back", key_display="q", id="study.leave"),
    ]
    LOOK_AGAIN_EVERY = 0.5
    """Seconds between two looks whether a learning card's minute has come."""

    revealed: var[bool] = var(False, toggle_class="revealed", bindings=True)

    def __init__(self, sitting: "Sitting") -> None:
        super().__init__()
        self.sitting = sitting

    def compose(self) -> ComposeResult:
        """Lay out progress, the card, and the buttons."""
        with Horizontal(id="progress"):
            yield Static(id="where")
            yield ProgressBar(show_eta=False, show_percentage=False, id="bar")
            yield Static(id="counts")
        yield CardView(id="card")
        yield Static(id="suggestion", markup=False)
        yield Static(id="summary")
        with Vertical(id="actions"):
            yield Static("Show answer", id="reveal", markup=False)
            with Horizontal(id="ratings"):
                for rating in Rating:
                    yield RatingButton(rating)
        yield Footer()

    def on_mount(self) -> None:
        """Show the first card."""
        self._waiting = self.set_interval(self.LOOK_AGAIN_EVERY, self._look_again, pause=True)
        self._show_current()
        self.call_after_refresh(self._load_lab)

    @work(thread=True)
    def _load_lab(self) -> None:
        """Load the lab while the first card is read, so that opening it need not wait for that."""
        import lrcards.experiments
        import lrcards.tui.screens.lab  # noqa: F401

    def _show_current(self) -> None:
        """Show the sitting's current card, or the summary when there is none."""
        shown = self.sitting.current
        self.revealed = False
        self.set_class(shown is None, "done")
        counts, answered = self.sitting.counts, self.sitting.answered
        left = counts.new + counts.learning + counts.review
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
        if shown is None:
            self._show_summary()
            self._waiting.resume()
        else:
            self._waiting.pause()
            self._show_card(shown)
        self.refresh_bindings()

    def _look_again(self) -> None:
        """Show a card whose minute has come while nothing was left."""
        with said_on(self):
            if self.sitting.current is not None:
                self._show_current()

    def _show_card(self, shown: "Shown") -> None:
        self.query_one("#where", Static).update(Content(shown.note.deck))
        choices = shown.question.choices if shown.question else ()
        self.query_one(CardView).show(shown.face.question, shown.face.answer, choices)
        self._show_suggestion()
        delays = self.sitting.preview()
        for button in self.query(RatingButton):
            button.show(delays[button.rating])

    def _show_summary(self) -> None:
        self.query_one("#where", Static).update("Done for now")
        self.query_one("#summary", Static).update(summary_text(self.sitting.summary()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("reveal", "rate_suggested", "lab") and self.sitting.current is None:
            return False
        if action == "reveal":
            return not self.revealed
        if action in ("rate", "rate_suggested"):
            return self.revealed
        if action == "choose":
            shown = self.sitting.current
            choices = shown.question.choices if shown and shown.question else ()
            return not self.revealed and parameters[0] in range(len(choices))
        if action == "undo":
            return True if self.sitting.answered else None
        return True

    def action_reveal(self) -> None:
        """Show the answer."""
        self.revealed = True
        self.query_one(CardView).revealed = True
        self._show_suggestion()

    def action_rate_suggested(self) -> None:
        """Give the suggested rating, else Good: the key that reveals goes on with it."""
        self.action_rate(self.sitting.suggested or Rating.GOOD)

    def action_rate(self, rating: int) -> None:
        """Commit the rating, then show the next card."""
        with said_on(self):
            self.sitting.answer(Rating(rating))
            self._show_current()

    def action_undo(self) -> None:
        """Take back the last answer and return to its card."""
        with said_on(self):
            if self.sitting.undo():
                self._show_current()
                self.notify("Took back the last answer.", timeout=2)

    def action_lab(self) -> None:
        """Open the card's experiment; this screen waits below it as it is.

        Before the answer is shown the lab asks for a prediction; afterwards it plays at once.
        """
        from lrcards.experiments import prepared
        from lrcards.tui.screens.lab import LabScreen

        shown = self.sitting.current
        assert shown is not None
        ready = prepared(shown.note, shown.card.reviews)
        if ready.preset is None:
            reason = ready.problem or "This card names no experiment. ctrl+p, Open the lab, has them all."
            self.notify(reason, severity="warning", markup=False, timeout=8)
            return
        is_answered = self.revealed or self.sitting.suggested is not None
        lab = LabScreen(
            ready.preset,
            None if is_answered else lambda: shown.question or ready.question,
            self.sitting.predict,
            plays_at_once=self.revealed,
        )
        self.app.push_screen(lab, lambda _: self._show_suggestion())

    def action_choose(self, choice: int) -> None:
        """Answer a card that has choices, and reveal which was right."""
        shown = self.sitting.current
        assert shown is not None
        assert shown.question is not None
        self.sitting.predict(shown.question, choice)
        self.action_reveal()

    def _show_suggestion(self) -> None:
        """Mark the rating that the learner's prediction speaks for; any other can still be given."""
        suggested = self.sitting.suggested
        for button in self.query(RatingButton):
            button.set_class(button.rating is suggested, "suggested")
        words = ""
        if suggested is not None:
            held = "held" if suggested is not Rating.AGAIN else "did not hold"
            words = f"Your prediction {held}."
            if self.revealed:
                words += f" space rates {suggested.name.capitalize()}; any other rating can be given."
        self.query_one("#suggestion", Static).update(words)

    def action_scroll(self, lines: int) -> None:
        """Scroll a long card."""
        self.query_one(CardView).scroll_relative(y=lines, animate=False, immediate=True)

    def action_leave(self) -> None:
        """Go home; everything answered is already on disk."""
        self.dismiss()

    def on_rating_button_pressed(self, event: RatingButton.Pressed) -> None:
        """Rate by mouse."""
        if self.revealed:
            self.action_rate(event.rating)

    def on_click(self, event: object) -> None:
        """Reveal by mouse."""
        if getattr(event, "widget", None) is self.query_one("#reveal"):
            self.action_reveal()


def summary_text(summary: "Summary") -> Content:
    """Return what the closing screen says of a sitting."""
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
    return Content("\n\n".join([*lines, "u undo    q home"]))
