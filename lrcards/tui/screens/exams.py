"""The exams ahead: what to expect of each, and what to study toward them today."""

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from lrcards.collection.exams import exams_of, keep_exam, remove_exam
from lrcards.collection.mock_tests import mock_tests_of
from lrcards.exams.plans import ExamPlans, Outlook, countdown, goal, plan_exams, today_in_words, uncertainty
from lrcards.study.exam.exam import Exam, upcoming
from lrcards.tui import figures
from lrcards.tui.errands import Running
from lrcards.tui.mistakes import said_on
from lrcards.tui.widgets.chart import Figure
from lrcards.tui.widgets.table import Table

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.tui.app import LrcardsApp

COLUMNS = {"Exam": 18, "When": 11, "Cards": 5, "New": 5, "Idle": 6, "Schedule": 8, "Plan": 6}
"""Idle is the recall if nothing more is done; all three are of the mean over the cards on the day."""
STEPS = 100


class ExamTable(Table):
    """The exams, a row each; Enter and a click study by the plan."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Study", id="exams.study"),
        Binding("j", "cursor_down", "Down", show=False, id="exams.down"),
        Binding("k", "cursor_up", "Up", show=False, id="exams.up"),
    ]


class ExamsScreen(Screen[None]):
    """Plans toward all exams together, in a process of its own, whenever one of them changes."""

    TITLE = "exams"
    HELP = (
        "What to expect of each exam: the mean recall on its day if nothing more is done (idle), by the "
        "normal schedule within the same minutes, and by the plan. The plan asks each day what brings most "
        "by the day of the exam; to study by it moves the schedule as any study does, and after the exam "
        "the normal schedule goes on."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="exams.add"),
        Binding("e", "edit", "Edit", id="exams.edit"),
        Binding("d", "remove", "Remove", id="exams.remove"),
        Binding("t", "test", "Mock test", id="exams.test"),
        Binding("r", "report", "Report", id="exams.report"),
        Binding("q,escape", "app.pop_screen", "Back", key_display="q", id="exams.leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._exams: list[Exam] = []
        self._plans: ExamPlans | None = None
        self._basis: object = None

    def compose(self) -> ComposeResult:
        """Lay out the table, what it means, and the minutes of the coming days."""
        yield Static(Content.styled("Exams", "bold"), id="banner")
        yield ExamTable(cursor_type="row")
        yield Static(id="outlook", markup=False)
        yield Figure("minutes-ahead")
        # At 80 columns the keys of this screen need all the room.
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Set up the columns."""
        table = self.query_one(ExamTable)
        for label, width in COLUMNS.items():
            table.add_column(Text(label if label in ("Exam", "When") else f"{label:>{width}}"), width=width)

    def on_screen_resume(self) -> None:
        """Plan anew if another screen has added an exam, or answered cards."""
        with said_on(self):
            if self._plans is not None and self._basis == self._desk.plan_basis():
                return
            self._exams = upcoming(exams_of(self._desk.collection), self._desk.days.day(self._desk.clock()))
            self._plan()

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    def _plan(self) -> None:
        self._plans = None
        self.query(Running).remove()
        self._fill()
        if self._exams:
            desk = self._desk
            self._basis = desk.plan_basis()
            learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
            self.mount(Running("Planning.", STEPS, plan_exams, *learner), after=self.query_one(ExamTable))

    def on_running_done(self, event: Running.Done) -> None:
        """Show the plan."""
        self.query(Running).remove()
        self._plans = event.result
        self._fill()

    def on_running_refused(self, event: Running.Refused) -> None:
        """Say why there is no plan."""
        self.query(Running).remove()
        self._say(event.reason)

    def _fill(self) -> None:
        """Show each exam, with its outlook once that is known."""
        table = self.query_one(ExamTable)
        cursor = table.cursor_row
        table.clear()
        today = self._desk.days.day(self._desk.clock())
        for exam in self._exams:
            outlook = self._outlook(exam)
            shares = [outlook.idle, outlook.scheduled, outlook.planned] if outlook is not None else [None] * 3
            numbers = [str(outlook.cards), str(outlook.new)] if outlook is not None else ["…", "…"]
            cells = [*numbers, *("…" if share is None else f"{100 * share:.0f} %" for share in shares)]
            table.add_row(
                Text(exam.name),
                Text(countdown(exam.days_left(today))),
                *(Text(cell, justify="right") for cell in cells),
                key=exam.name,
            )
        table.display = bool(self._exams)
        if self._exams:
            table.move_cursor(row=min(cursor, len(self._exams) - 1))
            table.focus()
        self._say_more()

    def _say_more(self) -> None:
        """Say what today brings, and what there is to say of the exam under the cursor."""
        figure = self.query_one(Figure)
        figure.display = self._plans is not None
        if not self._exams:
            self._say("No exam is ahead. Press a to add one: when it is, what it covers, your minutes a day.")
        elif self._plans is None:
            self._say("")
        else:
            figure.show(figures.minutes_ahead(self._plans, self._desk.settings.dates))
            enter = "Press enter to study them." if self._plans.picks_today else ""
            lines = [f"{today_in_words(self._plans)} {enter}"]
            if (exam := self._chosen) and (outlook := self._outlook(exam)):
                lines += [f"By the plan {100 * outlook.planned:.1f} % {uncertainty(outlook)}.", goal(outlook)]
            self._say("\n".join(filter(None, lines)))

    def _say(self, text: str) -> None:
        self.query_one("#outlook", Static).update(Content(text))

    def _outlook(self, exam: Exam) -> Outlook | None:
        outlooks = self._plans.outlooks if self._plans is not None else ()
        return next((outlook for outlook in outlooks if outlook.exam == exam), None)

    @property
    def _chosen(self) -> Exam | None:
        """The exam under the cursor."""
        row = self.query_one(ExamTable).cursor_row
        return self._exams[row] if row in range(len(self._exams)) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Grey out what needs an exam while there is none."""
        return None if action in ("edit", "remove", "test") and not self._exams else True

    def on_data_table_row_highlighted(self) -> None:
        """Say what there is to say of another exam."""
        self._say_more()
        self.refresh_bindings()

    def on_data_table_row_selected(self) -> None:
        """Study what the plan has for the rest of today."""
        from lrcards.tui.screens.study import StudyScreen

        if self._plans is None:
            return
        with said_on(self):
            sitting = self._desk.exam_sitting(self._plans)
            if sitting.current is None:
                self.notify(today_in_words(self._plans), markup=False)
            else:
                self.app.push_screen(StudyScreen(sitting))

    def action_add(self) -> None:
        """Ask for an exam."""
        self._ask(None)

    def action_edit(self) -> None:
        """Change the exam under the cursor."""
        self._ask(self._chosen)

    def _ask(self, exam: Exam | None) -> None:
        from lrcards.tui.screens.exam_form import ExamForm

        def take(changed: Exam | None) -> None:
            if changed is not None:
                with said_on(self):
                    now = self._desk.clock()
                    if exam is not None and exam.name != changed.name:
                        remove_exam(self._desk.collection, exam.name, now)
                    keep_exam(self._desk.collection, changed, now)
                    self.on_screen_resume()

        self.app.push_screen(ExamForm(exam), take)

    def action_remove(self) -> None:
        """Remove the exam under the cursor, once it is certain."""
        from lrcards.tui.screens.prompts import ChoosePrompt

        exam = self._chosen
        assert exam is not None

        def take(answer: str | None) -> None:
            if answer == "Remove":
                with said_on(self):
                    remove_exam(self._desk.collection, exam.name, self._desk.clock())
                    self.on_screen_resume()

        choices = (
            ("Keep", "leave everything as it is"),
            ("Remove", "forget the exam; every answer and schedule stays"),
        )
        self.app.push_screen(ChoosePrompt(f"Remove “{exam.name}”?", choices), take)

    def action_test(self) -> None:
        """Take a mock test on the exam under the cursor, or go on with the one that was interrupted."""
        from lrcards.tui.screens.mock_form import offer_test

        exam = self._chosen
        assert exam is not None
        with said_on(self):
            offer_test(self.app, self._desk, exam.name, exam.query)

    def action_report(self) -> None:
        """Show what the last finished test came to, of the exam under the cursor or of all."""
        from lrcards.tui.screens.mock_report import MockReportScreen

        with said_on(self):
            tests = [test for test in mock_tests_of(self._desk.collection) if test.finished_at]
            exam = self._chosen
            of_exam = [test for test in tests if exam is not None and test.name == exam.name]
            if not tests:
                self.notify("No mock test was finished yet. Press t to take one.", markup=False)
            else:
                self.app.push_screen(MockReportScreen((of_exam or tests)[-1]))
