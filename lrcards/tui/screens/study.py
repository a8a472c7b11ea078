"""Study: question, answer, rating, next card, and what else can be done with a card."""

from collections.abc import Callable
from string import ascii_lowercase
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer, Static

from lrcards.cards.model import Rating
from lrcards.cards.typed_answers import can_be_typed, compare
from lrcards.tui.auto_advance import Countdown
from lrcards.tui.card_editor import CardEditor
from lrcards.tui.mistakes import said_on
from lrcards.tui.summary import summary_text
from lrcards.tui.widgets.card_view import CardView
from lrcards.tui.widgets.done import DoneForNow
from lrcards.tui.widgets.ratings import RatingButton
from lrcards.tui.widgets.sitting_bar import Badges, SittingBar
from lrcards.tui.widgets.typed_answer import AnswerLine, compared

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.session import Sitting
    from lrcards.showing import Shown
    from lrcards.study.auto_advance import AutoAdvance
    from lrcards.tui.app import LrcardsApp

ON_A_CARD = (
    "reveal",
    "rate_suggested",
    "type",
    "bury",
    "suspend",
    "mark",
    "flag",
    "edit",
    "edit_outside",
    "info",
    "lab",
)
"""What needs a card on the table."""

MORE_NEW = 10
"""How many new cards more a key asks for, once those of the day are done."""


class StudyScreen(Screen[None]):
    """A sitting: every answer is on disk before the next question is shown."""

    TITLE = "study"
    HELP = (
        "Recall the answer, reveal it, and say how well you knew it. Each button shows when the card would "
        "come back. The lab runs the very experiment that the card asks about, and leaving it returns here. "
        "Whatever you do here, u takes it back."
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
        Binding("t", "type", "Type the answer", show=False, id="study.type"),
        Binding("u", "undo", "Undo", id="study.undo"),
        Binding("e", "edit", "Edit", id="study.edit"),
        Binding("E", "edit_outside", "Edit in your editor", show=False, id="study.edit-outside"),
        Binding("i", "info", "Info", id="study.info"),
        Binding("g", "lab", "Lab", id="study.lab"),
        Binding("-", "bury", "Bury until tomorrow", show=False, key_display="-", id="study.bury"),
        Binding("@", "suspend", "Suspend", show=False, key_display="@", id="study.suspend"),
        Binding("*", "mark", "Mark", show=False, key_display="*", id="study.mark"),
        Binding("f", "flag", "Flag", show=False, id="study.flag"),
        Binding("A", "toggle_auto", "Auto-advance on or off", show=False, id="study.auto-advance"),
        Binding("/", "browse", "Browse", show=False, key_display="/", id="study.browse"),
        Binding("j,down", "scroll(2)", "Scroll down", show=False, id="study.down"),
        Binding("k,up", "scroll(-2)", "Scroll up", show=False, id="study.up"),
        Binding("q,escape", "leave", "Back", key_display="q", id="study.leave"),
    ]
    LOOK_AGAIN_EVERY = 0.5
    """Seconds between two looks whether a learning card's minute has come."""

    revealed: var[bool] = var(False, toggle_class="revealed", bindings=True)
    typing: var[bool] = var(False, toggle_class="typing", bindings=True)
    auto: var[bool] = var(False, init=False)
    """Whether the sitting goes on by itself."""

    def __init__(self, sitting: "Sitting") -> None:
        super().__init__()
        self.sitting = sitting
        self._laid: Shown | None = None
        self._backlog = ""
        self._editor = CardEditor()
        self._countdown = Countdown(self, self._go_on)

    def compose(self) -> ComposeResult:
        """Lay out progress, the card, and the buttons."""
        yield SittingBar(id="progress")
        yield Badges(id="badges")
        yield CardView(id="card")
        yield AnswerLine(placeholder="Type the answer, then press enter", id="typing")
        yield Static(id="suggestion", markup=False)
        yield DoneForNow(id="summary")
        with Vertical(id="actions"):
            yield Static("Show answer", id="reveal", markup=False)
            with Horizontal(id="ratings"):
                for rating in Rating:
                    yield RatingButton(rating)
        yield Footer()

    def on_mount(self) -> None:
        """Get ready; the first card comes as the screen does."""
        self._waiting = self.set_interval(self.LOOK_AGAIN_EVERY, self._look_again, pause=True)
        self.auto = self._auto_advance.on
        with said_on(self):
            self._backlog = self.sitting.backlog()
        self.call_after_refresh(self._load_lab)

    @work(thread=True)
    def _load_lab(self) -> None:
        """Load the lab while the first card is read, so that opening it need not wait for that."""
        import lrcards.experiments
        import lrcards.tui.screens.lab  # noqa: F401

    def on_screen_resume(self) -> None:
        """Show the card as it is now, since another screen may have changed it."""
        with said_on(self):
            self.sitting.refresh()
            self._show_current()

    def on_screen_suspend(self) -> None:
        """Nothing goes on by itself behind a dialog or the lab."""
        self.auto = False

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    @property
    def _auto_advance(self) -> "AutoAdvance":
        return self._desk.settings.study.auto_advance

    def _show_current(self) -> None:
        """Show the sitting's current card, or the summary when there is none."""
        shown = self.sitting.current
        self.set_class(shown is None, "done")
        where = self._place(shown) if shown else "Done for now"
        self.query_one(SittingBar).show(where, self.sitting.counts, self.sitting.answered)
        if shown is None:
            self._show_summary()
            self._waiting.resume()
        else:
            self._waiting.pause()
            self._show_card(shown)
        self._show_badges()
        self.refresh_bindings()

    def _look_again(self) -> None:
        """Show a card whose minute has come while nothing was left."""
        with said_on(self):
            if self.sitting.current is not None:
                self._show_current()

    def _show_card(self, shown: "Shown") -> None:
        """Lay out a card; one that was only edited, flagged or marked stays revealed if it was."""
        laid, self._laid = self._laid, shown
        stays = laid is not None and _review(laid) == _review(shown)
        if laid is None or not stays or laid.face != shown.face:
            revealed = self.revealed and stays
            self.revealed = self.typing = False
            choices = shown.question.choices if shown.question else ()
            self.query_one(CardView).show(shown.face.question, shown.face.answer, choices)
            letters = (
                f"a to {ascii_lowercase[len(choices) - 1]}, or show answer" if choices else "Show answer"
            )
            self.query_one("#reveal", Static).update(letters)
            self._show_suggestion()
            if revealed:
                self.action_reveal()
            elif shown.note.typed and self._can_be_typed(shown):
                self._ask_to_type()
        delays = self.sitting.preview()
        for button in self.query(RatingButton):
            button.show(delays[button.rating])
        self._count_down()

    def _place(self, shown: "Shown") -> str:
        return f"Cram: {shown.note.deck}" if self.sitting.is_cram else shown.note.deck

    def _show_summary(self) -> None:
        self._laid = None
        self.revealed = self.typing = False
        self._count_down()
        done = self.query_one(DoneForNow)
        done.update(summary_text(self.sitting.summary(), self._desk.settings.dates))
        done.focus()

    def _show_badges(self) -> None:
        self.query_one(Badges).show(self.sitting.current, auto=self.auto)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        shown = self.sitting.current
        if action in ON_A_CARD and shown is None:
            return False
        choices = shown.question.choices if shown and shown.question else ()
        if action == "reveal":
            return not self.revealed
        if action in ("rate", "rate_suggested"):
            return self.revealed
        if action == "choose":
            return not self.revealed and parameters[0] in range(len(choices))
        if action == "type":
            return shown is not None and not self.revealed and self._can_be_typed(shown)
        if action == "undo":
            return True if self.sitting.last else None
        return True

    def action_reveal(self) -> None:
        """Show the answer."""
        self.on_answer_line_given_up()
        self.revealed = True
        self.query_one(CardView).revealed = True
        self._show_suggestion()
        self._count_down()

    def action_rate_suggested(self) -> None:
        """Give the suggested rating, else Good: the key that reveals goes on with it."""
        self.action_rate(self.sitting.suggested or Rating.GOOD)

    def action_rate(self, rating: int) -> None:
        """Commit the rating, then show the next card."""
        self._do(lambda: self.sitting.answer(Rating(rating)))

    def action_bury(self) -> None:
        """Put the card off until tomorrow."""
        self._do(self.sitting.bury)

    def action_suspend(self) -> None:
        """Do not show the card any more."""
        self._do(self.sitting.suspend)

    def action_mark(self) -> None:
        """Mark the card's note, or take the mark away."""
        self._do(self.sitting.mark)

    def action_flag(self) -> None:
        """Ask for a flag and give it to the card."""
        from lrcards.tui.screens.flag import FlagPrompt

        def chosen(flag: str | None) -> None:
            if flag is not None:
                self._do(lambda: self.sitting.flag(int(flag)))

        self.app.push_screen(FlagPrompt(self._on_table.card.flag), chosen)

    def _do(self, deed: Callable[[], None]) -> None:
        """Do something with the card, say what the learner should know of it, and show what is next."""
        with said_on(self):
            deed()
            if self.sitting.last and (remark := self.sitting.last.remark):
                self.notify(remark, markup=False, timeout=_reading_time(remark))
        with said_on(self):
            self._show_current()

    def action_undo(self) -> None:
        """Take back what was done last, say what it was, and return to its card."""
        with said_on(self):
            if took_back := self.sitting.undo():
                self.notify(took_back, timeout=2)
        with said_on(self):
            self._show_current()

    def action_edit(self) -> None:
        """Change the card's text in place."""
        from lrcards.tui.screens.edit_card import EditScreen

        self.app.push_screen(EditScreen(self._on_table, self.sitting.edit))

    def action_edit_outside(self) -> None:
        """Change the card in the learner's own editor."""
        with said_on(self):
            self._editor.edit(self.app, self._on_table, self.sitting.edit)
            self._show_current()

    def action_info(self) -> None:
        """Show what there is to know about the card."""
        from lrcards.tui.screens.card_info import CardInfoScreen

        with said_on(self):
            if info := self.sitting.info():
                self.app.push_screen(CardInfoScreen(info, self._on_table.face.question))

    def action_browse(self) -> None:
        """Browse the cards of the sitting's deck; what was changed there is shown on the way back."""
        from lrcards.browsing import query_for
        from lrcards.tui.screens.browse import BrowseScreen

        self.app.push_screen(BrowseScreen(self._desk, query_for(self.sitting.deck), typing=True))

    def on_done_for_now_more(self, event: DoneForNow.More) -> None:
        """Go on with something else of the same deck once this sitting is done."""
        with said_on(self):
            deck = self.sitting.deck
            match event.what:
                case "new":
                    sitting = self._desk.sitting(deck, more_new=MORE_NEW)
                    if sitting.current is None:
                        self.notify("No new card is left here.")
                    else:
                        begin(self.app, sitting)
                case "special":
                    from lrcards.tui.screens.special import SpecialScreen

                    self.app.push_screen(SpecialScreen(deck), lambda sitting: begin(self.app, sitting))
                case "test":
                    from lrcards.browsing import query_for
                    from lrcards.tui.screens.mock_form import offer_test

                    offer_test(self.app, self._desk, deck or "all decks", query_for(deck) or "deck:*")

    def action_type(self) -> None:
        """Let the answer be typed before it is shown, as long as that takes."""
        self.auto = False
        self._ask_to_type()

    def _ask_to_type(self) -> None:
        self.typing = True
        line = self.query_one(AnswerLine)
        line.value = ""
        line.focus()

    @staticmethod
    def _can_be_typed(shown: "Shown") -> bool:
        return shown.question is None and can_be_typed(shown.recalled)

    def on_answer_line_given_up(self) -> None:
        """Go on without typing."""
        self.typing = False
        self.set_focus(None)

    def on_input_submitted(self, event: AnswerLine.Submitted) -> None:
        """Show the answer, and what of the typed one is right."""
        self.action_reveal()
        if event.value.strip():
            self.query_one(CardView).compare(compared(compare(event.value, self._on_table.recalled)))

    def action_toggle_auto(self) -> None:
        """Let the sitting go on by itself, or no more."""
        self.auto = not self.auto

    def watch_auto(self) -> None:
        """Show it, and begin to count or stop."""
        self._show_badges()
        self._count_down()

    def _count_down(self) -> None:
        """Go on by itself once the side that is shown was looked at for long enough, if it is to."""
        if self.auto and self._laid is not None:
            self._countdown.start(self._auto_advance.wait(revealed=self.revealed))
        else:
            self._countdown.stop()

    def _go_on(self) -> None:
        rating = self._auto_advance.action.rating
        if not self.revealed:
            self.action_reveal()
        elif rating is None:
            self.action_bury()
        else:
            self.action_rate(rating)

    def action_lab(self) -> None:
        """Open the card's experiment; this screen waits below it as it is.

        Before the answer is shown the lab asks for a prediction; afterwards it plays at once.
        """
        from lrcards.experiments import prepared
        from lrcards.tui.screens.lab import LabScreen

        shown = self._on_table
        ready = prepared(shown.note, shown.card.reviews)
        if ready.preset is None:
            reason = ready.problem or "This card names no experiment. ctrl+p, Open the lab, has them all."
            self.notify(reason, severity="warning", markup=False, timeout=8)
            return
        is_answered = self.revealed or self.sitting.suggested is not None
        lab = LabScreen(
            ready.preset,
            None if is_answered else lambda progress: shown.question or ready.ask(progress),
            self.sitting.predict,
            plays_at_once=self.revealed,
        )
        self.app.push_screen(lab, lambda _: self._show_suggestion())

    def action_choose(self, choice: int) -> None:
        """Answer a card that has choices, and reveal which was right."""
        shown = self._on_table
        assert shown.question is not None
        self.sitting.predict(shown.question, choice)
        self.action_reveal()

    def _show_suggestion(self) -> None:
        """Mark the rating that the learner's prediction speaks for; any other can still be given.

        Without one, the first card has room to say what a backlog costs.
        """
        suggested = self.sitting.suggested
        for button in self.query(RatingButton):
            button.set_class(button.rating is suggested, "suggested")
        words = "" if self.sitting.answered else self._backlog
        if suggested is not None:
            held = "held" if suggested is not Rating.AGAIN else "did not hold"
            words = f"Your prediction {held}."
            if self.revealed:
                words += f" space rates {suggested.name.capitalize()}; any other rating can be given."
        self.query_one("#suggestion", Static).update(words)

    @property
    def _on_table(self) -> "Shown":
        shown = self.sitting.current
        assert shown is not None
        return shown

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


def begin(app: App[object], sitting: "Sitting | None") -> None:
    """Show a sitting, if one was chosen."""
    if sitting is not None:
        app.push_screen(StudyScreen(sitting))


def _review(shown: "Shown") -> tuple[str, int]:
    """Return which review of which card is on the table."""
    return shown.card.guid, shown.card.reviews


def _reading_time(text: str) -> float:
    """Return for how many seconds a notice is shown."""
    return max(2, len(text) / 12)
