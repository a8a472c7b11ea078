"""Ask for an exam: what it is called, when it is, what it covers, and the minutes until then."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, Static

from lrcards.errors import ExamError, LrcardsError
from lrcards.exams.plans import cards_of, countdown
from lrcards.study.exam.exam import Exam
from lrcards.study.exam.exam_texts import (
    DAY_FORM,
    OTHER_DAYS_FORM,
    WEIGHT_FORM,
    day_from,
    minutes_from,
    other_days_from,
    other_days_of,
    target_from,
    weight_from,
    weights_of,
)
from lrcards.text import counted

if TYPE_CHECKING:
    from lrcards.desk import Desk
    from lrcards.tui.app import LrcardsApp

FIELDS = {
    "name": ("Name", "what you call it"),
    "day": ("Date", DAY_FORM),
    "query": ("Covers", "a search, such as deck:Optimisers or tag:core"),
    "minutes": ("Minutes", "of study on a day"),
    "others": ("Other days", f"if any: {OTHER_DAYS_FORM}"),
    "target": ("Target", "mean recall you want, such as 95%; or leave empty"),
    "weights": ("Weights", f"cards that count more, if any: {WEIGHT_FORM}"),
}


class ExamForm(ModalScreen[Exam | None]):
    """Asks for an exam, or changes one; says as it is typed what is wrong or what it covers."""

    TITLE = "exam"
    HELP = (
        "An exam covers the cards that a search finds. The last day to study is the one before it. A "
        "weekday or a date can have other minutes than the rest; 0 is a day of rest. Separate several by "
        "spaces."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "Keep", priority=True, id="exam.keep"),
        Binding("escape", "dismiss(None)", "Cancel", key_display="esc", id="exam.cancel"),
    ]
    DEFAULT_CSS = """
    ExamForm { align: center middle; }
    ExamForm > Vertical {
        width: 84; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 1 2; background: $surface;
        & Horizontal { height: 1; margin-bottom: 1; }
        & Label { width: 12; color: $text-muted; }
        & Input { width: 1fr; background: $background; padding: 0 1; }
        & #told { height: auto; &.mistake { color: $text-error; } }
    }
    """

    def __init__(self, exam: Exam | None) -> None:
        super().__init__()
        self._before = exam
        self._exam: Exam | None = None

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    def compose(self) -> ComposeResult:
        """Lay out the fields, filled with what the exam has now."""
        with Vertical() as box:
            box.border_title = Content("Change the exam" if self._before else "A new exam")
            values = _texts(self._before) if self._before else {"minutes": "20", "query": "deck:*"}
            for name, (label, placeholder) in FIELDS.items():
                with Horizontal():
                    yield Label(label)
                    yield Input(values.get(name, ""), placeholder=placeholder, id=name, compact=True)
            yield Static(id="told", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Look at what is there already."""
        self.on_input_changed()

    def on_input_changed(self) -> None:
        """Say what is wrong, or what the exam covers."""
        told = self.query_one("#told", Static)
        try:
            self._exam = self._read()
            cards = cards_of(self._desk.collection, self._exam, self._desk.rules, self._desk.clock())
            when = countdown(self._exam.days_left(self._desk.days.day(self._desk.clock())))
            told.update(Content(f"{when[0].upper()}{when[1:]}, {counted(cards, 'card')}."))
            told.remove_class("mistake")
        except LrcardsError as error:
            self._exam = None
            told.update(Content(str(error)))
            told.add_class("mistake")

    def action_keep(self) -> None:
        """Answer with the exam, if nothing is wrong with it."""
        if self._exam is not None:
            self.dismiss(self._exam)

    def _read(self) -> Exam:
        read: Callable[[str], str] = lambda name: self.query_one(f"#{name}", Input).value  # noqa: E731
        if not read("name").strip():
            raise ExamError("an exam needs a name", "Write what you call it")
        on_weekdays, on_days = other_days_from(read("others").replace(",", " ").split())
        return Exam(
            read("name").strip(),
            day_from(read("day"), self._desk.days.day(self._desk.clock())),
            read("query"),
            minutes_from(read("minutes")),
            on_weekdays,
            on_days,
            target_from(read("target")),
            tuple(weight_from(text) for text in read("weights").split()),
        )


def _texts(exam: Exam) -> dict[str, str]:
    """Return what the fields say of an exam."""
    return {
        "name": exam.name,
        "day": exam.day.isoformat(),
        "query": exam.query,
        "minutes": f"{exam.minutes:g}",
        "others": " ".join(other_days_of(exam)),
        "target": "" if exam.target is None else f"{exam.target:g}",
        "weights": " ".join(weights_of(exam)),
    }
