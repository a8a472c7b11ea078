"""A mock test on screen: how sure one is, then the answer; a look over all questions; the end."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer, Static

from lrcards.exams.mock import Mock
from lrcards.study.exam.mock_test import CONFIDENCES, Mode
from lrcards.tui.mistakes import said_on
from lrcards.tui.widgets.card_view import CardView
from lrcards.tui.widgets.typed_answer import AnswerLine

SURE = ("hardly", "perhaps", "probably", "surely")
"""How sure one can say to be, in words: ``CONFIDENCES``."""


class MockScreen(Screen[None]):
    """Asks question by question; every step is on disk before the next question is shown."""

    TITLE = "mock test"
    HELP = (
        "First say how sure you are to know the answer, with 1 to 4; then give it: by a letter, by typing, "
        "or by looking and saying whether you knew. Nothing is told until the end. s leaves a question for "
        "later, m marks it, o shows all questions, where f finishes. To leave keeps everything; it can be "
        "resumed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(f"{place + 1}", f"sure({place})", words, show=False, id=f"mock.sure-{place + 1}")
            for place, words in enumerate(SURE)
        ),
        *(
            Binding(letter, f"choose({number})", f"Choose {letter}", show=False, id=f"mock.choose-{letter}")
            for number, letter in enumerate("abcd")
        ),
        Binding("space,enter", "reveal", "Show the answer", key_display="space", id="mock.reveal"),
        Binding("y", "grade(True)", "I knew it", id="mock.knew"),
        Binding("n", "grade(False)", "I did not", id="mock.did-not"),
        Binding("s", "skip", "Later", id="mock.skip"),
        Binding("m", "mark", "Mark", id="mock.mark"),
        Binding("o", "overview", "All questions", id="mock.overview"),
        Binding("f", "overview", "Finish", show=False, id="mock.finish"),
        Binding("j,down", "scroll(2)", "Scroll down", show=False, id="mock.down"),
        Binding("k,up", "scroll(-2)", "Scroll up", show=False, id="mock.up"),
        Binding("q,escape", "leave", "Leave", key_display="q", id="mock.leave"),
    ]

    sure: var[int | None] = var(None, bindings=True)
    """The confidence that was said for the question on the table."""
    revealed: var[bool] = var(False, bindings=True)

    def __init__(self, mock: Mock) -> None:
        super().__init__()
        self._mock = mock

    def compose(self) -> ComposeResult:
        """Lay out where the test is, the question, and what to do."""
        with Horizontal(id="progress"):
            yield Static(id="where")
            yield Static(id="left")
        yield CardView(id="card")
        yield AnswerLine(placeholder="Type the answer, then press enter", id="typing")
        yield Static(id="task")
        yield Footer()

    def on_mount(self) -> None:
        """Show the question, and look at the time once a second."""
        self._clock = self.set_interval(1, self._look_at_time, pause=self._mock.test.minutes is None)
        self._show()

    def _show(self) -> None:
        """Put the question of the test on the table."""
        self.sure, self.revealed = None, False
        line = self.query_one(AnswerLine)
        line.display, line.value = False, ""
        self.set_focus(None)
        test, shown = self._mock.test, self._mock.current
        mark = " ★" if test.at in test.marked else ""
        again = ", answered" if test.given[test.at] is not None else ""
        self.query_one("#where", Static).update(
            Content(f"{test.name}: question {test.at + 1} of {len(test.items)}{again}{mark}")
        )
        if shown is None:
            self.query_one(CardView).show("The card of this question is gone: s goes on.", "")
        else:
            choices = shown.question.choices if shown.question else ()
            self.query_one(CardView).show(shown.face.question, shown.face.answer, choices)
        self._look_at_time()
        self._say_task()

    def _look_at_time(self) -> None:
        """Show how much time or how many questions are left; end the test when its time is up."""
        left, open_questions = self._mock.seconds_left, len(self._mock.test.unanswered)
        time = "" if left is None else f"{int(left) // 60}:{int(left) % 60:02} left · "
        self.query_one("#left", Static).update(Content(f"{time}{open_questions} open"))
        if self._mock.is_over and self.is_current:
            self.action_finish()

    def _say_task(self) -> None:
        task = self.query_one("#task", Static)
        if self._mock.current is None:
            task.update("")
        elif self.sure is None:
            parts: list[Content | str] = ["How sure are you?  "]
            for number, words in enumerate(SURE, start=1):
                parts += [Content.styled(str(number), "bold $text-accent"), f" {words}  "]
            task.update(Content.assemble(*parts))
        elif self._mock.mode is Mode.CHOICE:
            task.update("Now choose by its letter.")
        elif self._mock.mode is Mode.TYPED:
            task.update("Now type the answer.")
        elif self.revealed:
            task.update("Did you know it?  y yes   n no")
        else:
            task.update("Recall the answer, then press space to see it.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the question wants next."""
        shown, mode = self._mock.current, self._mock.mode
        if action == "sure":
            return shown is not None and self.sure is None
        if action == "choose":
            choices = shown.question.choices if shown and shown.question else ()
            return self.sure is not None and parameters[0] in range(len(choices))
        if action == "reveal":
            return self.sure is not None and mode is Mode.SELF and not self.revealed
        if action == "grade":
            return self.revealed
        return True

    def action_sure(self, place: int) -> None:
        """Take how sure the learner is; the answer comes next."""
        self.sure = place
        if self._mock.mode is Mode.TYPED:
            line = self.query_one(AnswerLine)
            line.display = True
            line.focus()
        self._say_task()

    def action_choose(self, choice: int) -> None:
        """Answer with a choice."""
        if self.sure is not None:
            self._mock.choose(choice, CONFIDENCES[self.sure])
            self._go_on()

    def action_reveal(self) -> None:
        """Show the answer, for the learner to grade."""
        self.revealed = True
        self.query_one(CardView).revealed = True
        self._say_task()

    def action_grade(self, correct: bool) -> None:
        """Take whether the learner knew it."""
        if self.sure is not None:
            self._mock.grade(correct, CONFIDENCES[self.sure])
            self._go_on()

    def on_input_submitted(self, event: AnswerLine.Submitted) -> None:
        """Take the typed answer."""
        if self.sure is not None:
            self._mock.type(event.value, CONFIDENCES[self.sure])
            self._go_on()

    def on_answer_line_given_up(self) -> None:
        """Think again about how sure one is."""
        self._show()

    def _go_on(self) -> None:
        """Show the next question; after the last, all of them."""
        if self._mock.is_over:
            self.action_finish()
            return
        self._show()
        if not self._mock.test.unanswered:
            self.action_overview()

    def action_skip(self) -> None:
        """Leave the question for later."""
        self._mock.skip()
        self._show()

    def action_mark(self) -> None:
        """Mark the question, or take the mark away."""
        self._mock.mark()
        self._show()

    def action_overview(self) -> None:
        """Show all questions, to go to one of them or to finish."""
        from lrcards.tui.screens.mock_overview import FINISH, MockOverview

        def go(choice: int | None) -> None:
            if choice == FINISH:
                self.action_finish()
            elif choice is not None:
                self._mock.look_at(choice)
                self._show()

        self.app.push_screen(MockOverview(self._mock.test), go)

    def action_finish(self) -> None:
        """End the test and show what it came to."""
        from lrcards.tui.screens.mock_report import MockReportScreen

        self._clock.stop()
        with said_on(self):
            self._mock.finish()
            self.app.switch_screen(MockReportScreen(self._mock.test))

    def action_scroll(self, lines: int) -> None:
        """Scroll a long question."""
        self.query_one(CardView).scroll_relative(y=lines, animate=False, immediate=True)

    def action_leave(self) -> None:
        """Leave; the test can be resumed where it is."""
        self._mock.pause()
        self.dismiss()
