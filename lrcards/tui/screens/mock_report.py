"""What a mock test came to, and a key to study what was weakest or to see it in the lab."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from lrcards.collection.mock_tests import mock_tests_of
from lrcards.exams.mock import shown_item
from lrcards.exams.mock_report import as_data, markdown, question_of, save
from lrcards.study.exam.mock_test import MockTest
from lrcards.study.exam.test_result import result_of
from lrcards.tui.mistakes import said_on
from lrcards.tui.widgets.card_view import SafeMarkdown

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.tui.app import LrcardsApp


class MockReportScreen(Screen[None]):
    """Shows the report of a finished test."""

    TITLE = "report"
    HELP = (
        "The score with its 95 % interval, beside the recall that FSRS predicted; by topic; and how well "
        "you knew what you knew. w studies the cards that were not right, g opens their labs, x writes the "
        "report to a file: Markdown, or JSON if the name ends in .json."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "study", "Study the weakest", id="report.study"),
        Binding("g", "lab", "Their labs", id="report.lab"),
        Binding("x", "export", "Write to a file", id="report.export"),
        Binding("j,down", "scroll(2)", "Scroll down", show=False, id="report.down"),
        Binding("k,up", "scroll(-2)", "Scroll up", show=False, id="report.up"),
        Binding("q,escape", "app.pop_screen", "Back", key_display="q", id="report.leave"),
    ]

    def __init__(self, test: MockTest) -> None:
        super().__init__()
        self._test = test
        self._weakest = result_of(test).weakest

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    def compose(self) -> ComposeResult:
        """Lay out the report."""
        yield Static(Content.assemble(("Mock test  ", "bold"), self._test.name), id="banner")
        with VerticalScroll(id="report"):
            yield SafeMarkdown()
        # At 80 columns the keys of this screen need all the room.
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the report."""
        with said_on(self):
            text = markdown(self._test, self._others(), self._desk.collection)
            self.query_one(SafeMarkdown).show(text)

    def _others(self) -> list[MockTest]:
        tests = mock_tests_of(self._desk.collection)
        return [test for test in tests if test.name == self._test.name and test.id != self._test.id]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Grey out what needs a weak card when there is none."""
        return None if action in ("study", "lab") and not self._weakest else True

    def action_study(self) -> None:
        """Study the cards that were not right, the weakest first."""
        from lrcards.tui.screens.study import StudyScreen

        with said_on(self):
            sitting = self._desk.sitting_with([self._test.items[place].card_guid for place in self._weakest])
            if sitting.current is None:
                self.notify("These cards were all answered today already.", markup=False)
            else:
                self.app.push_screen(StudyScreen(sitting))

    def action_lab(self) -> None:
        """Choose one of the weakest cards that have an experiment, and open its lab."""
        from lrcards.tui.screens.prompts import ChoosePrompt

        with_labs = {}
        for place in self._weakest:
            shown = shown_item(self._desk.collection, self._test.items[place])
            if shown is not None and shown.note.experiment is not None:
                with_labs[f"question {place + 1}"] = shown
        if not with_labs:
            self.notify("None of these cards has a lab.", markup=False)
            return

        def open_lab(name: str | None) -> None:
            from lrcards.experiments import prepared
            from lrcards.tui.screens.lab import LabScreen

            if name is not None:
                shown = with_labs[name]
                ready = prepared(shown.note, shown.card.reviews)
                if ready.preset is None:
                    self.notify(ready.problem, severity="warning", markup=False)
                else:
                    self.app.push_screen(LabScreen(ready.preset))

        questions = [
            (name, question_of(self._desk.collection, self._test, int(name.split()[1]) - 1))
            for name in with_labs
        ]
        self.app.push_screen(ChoosePrompt("Open the lab of", questions), open_lab)

    def action_export(self) -> None:
        """Ask for a file and write the report to it."""
        from lrcards.tui.screens.prompts import LinePrompt

        def write(name: str | None) -> None:
            if not name:
                return
            with said_on(self):
                path = Path(name).expanduser()
                data = self._test, self._others(), self._desk.collection
                is_json = path.suffix.lower() == ".json"
                text = json.dumps(as_data(*data), ensure_ascii=False) if is_json else markdown(*data)
                save(path, text)
                self.notify(f"Wrote {path}.", markup=False)

        self.app.push_screen(LinePrompt("Write the report to", "report.md", lambda _: ""), write)

    def action_scroll(self, lines: int) -> None:
        """Scroll the report."""
        self.query_one("#report").scroll_relative(y=lines, animate=False, immediate=True)
