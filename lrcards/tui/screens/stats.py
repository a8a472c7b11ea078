"""Statistics: what was done, what was recalled, what comes due, and whether FSRS foretells it right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Grid, Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer, Static, TabbedContent, TabPane, Tabs

from lrcards.collection.store import Collection
from lrcards.errors import LrcardsError
from lrcards.stats import statistics_of
from lrcards.study.statistics import Span, Statistics
from lrcards.tui import figures, tables
from lrcards.tui.widgets.calendar import YearCalendar
from lrcards.tui.widgets.chart import Figure

if TYPE_CHECKING:
    from lrcards.tui.app import LrcardsApp

PERIODS = {Span.MONTH: "a month", Span.QUARTER: "three months", Span.YEAR: "a year", Span.ALL: "all time"}
"""What ``p`` goes through, with what each is called."""

NO_ANSWERS = (
    "Nothing has been answered here yet.\n\n"
    "Press q, then enter on a deck to study; the first answer is counted at once."
)


class Page(VerticalScroll, can_focus=False):
    """What belongs together; it scrolls where the terminal is low."""


class Pair(Container):
    """Two figures, side by side where the terminal is wide."""


class StatsScreen(Screen[None]):
    """The statistics of a deck with its subdecks, or of all decks, counted in a thread of their own."""

    TITLE = "statistics"
    HELP = (
        "What your answers come to. True retention is Anki's: of the answers to cards that had waited a day "
        "or longer, the share that was not Again; mature cards had waited 21 days or longer. A good memory "
        "model foretells as much recall as is observed; if yours does not, run lrcards fit."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l,right", "page(1)", "Next page", key_display="l", id="stats.next"),
        Binding("h,left", "page(-1)", "Page before", key_display="h", show=False, id="stats.previous"),
        Binding("p", "period", "Period", id="stats.period"),
        Binding("j,down", "scroll(2)", "Scroll down", show=False, id="stats.down"),
        Binding("k,up", "scroll(-2)", "Scroll up", show=False, id="stats.up"),
        Binding("q,escape", "dismiss", "Back", key_display="q", id="stats.leave"),
    ]

    span: var[Span] = var(Span.YEAR, init=False)

    @dataclass
    class Counted(Message):
        """The statistics are there."""

        statistics: Statistics

    @dataclass
    class Refused(Message):
        """The collection could not be read."""

        reason: str

    def __init__(self, deck: str | None = None) -> None:
        super().__init__()
        self._deck = deck
        self._statistics: Statistics | None = None

    def compose(self) -> ComposeResult:
        """Lay out the pages; they are filled once the statistics are there."""
        with Horizontal(id="banner"):
            yield Static(Content.assemble(("Statistics  ", "bold"), self._deck or "All decks"), id="whose")
            yield Static(id="period")
        yield Static("Counting…", id="message", markup=False)
        with TabbedContent():
            with TabPane("Overview"), Page():
                yield Static(id="today")
                yield YearCalendar()
                yield Static(id="retention")
            with TabPane("Answers"), Page():
                with Pair():
                    yield Figure("answers-by-day")
                    yield Figure("minutes-by-day")
                yield Static(id="ratings")
            with TabPane("Due"), Page():
                yield Figure("due-by-day")
            with TabPane("Cards"), Page():
                yield Static(id="cards")
                with Grid(id="spreads"):
                    for number in range(4):
                        yield Static(id=f"spread-{number}")
            with TabPane("Hours"), Page(), Pair():
                yield Figure("answers-by-hour")
                yield Figure("success-by-hour")
            with TabPane("Recall"), Page():
                with Pair():
                    yield Figure("retention-by-day")
                    yield Figure("calibration")
                yield Static(id="predictions")
        yield Footer()

    def on_mount(self) -> None:
        """Start to count; until it is done, only the message is there."""
        self.add_class("waiting")
        self.run_worker(self._count, thread=True)

    @property
    def _language(self) -> str:
        return cast("LrcardsApp", self.app).settings.dates

    def _count(self) -> None:
        """Count in a thread, with a connection of its own, since a collection belongs to its thread."""
        desk = cast("LrcardsApp", self.app).desk
        try:
            with Collection.open(desk.collection.path) as collection:
                statistics = statistics_of(collection, desk.days, desk.clock(), self._deck)
            self.post_message(self.Counted(statistics))
        except LrcardsError as error:
            self.post_message(self.Refused(str(error)))

    def on_stats_screen_counted(self, event: Counted) -> None:
        """Show the statistics, or what to do if there is nothing to count."""
        self._statistics = event.statistics
        self.query_one("#message", Static).update(NO_ANSWERS)
        if event.statistics.days:
            self.remove_class("waiting")
            self._fill(event.statistics)

    def on_stats_screen_refused(self, event: Refused) -> None:
        """Say why there are no statistics."""
        self.query_one("#message", Static).update(Content(event.reason))

    def watch_span(self) -> None:
        """Show another period."""
        if self._statistics is not None:
            self._fill(self._statistics)

    def _fill(self, statistics: Statistics) -> None:
        period, language = statistics.periods[self.span], self._language
        self.query_one("#period", Static).update(f"over {PERIODS[self.span]}")
        self.query_one(YearCalendar).show(
            {day.day: day.answers for day in statistics.days}, statistics.today, language
        )
        texts = {
            "today": tables.today(statistics),
            "retention": tables.retention(statistics),
            "ratings": tables.ratings(period),
            "cards": tables.cards(statistics.cards),
            "predictions": tables.predictions(period),
            **{f"spread-{number}": text for number, text in enumerate(tables.spreads(statistics.cards))},
        }
        for name, text in texts.items():
            self.query_one(f"#{name}", Static).update(text)
        pictures = {
            "answers-by-day": figures.answers_by_day(statistics, self.span, language),
            "minutes-by-day": figures.minutes_by_day(statistics, self.span, language),
            "due-by-day": figures.due_by_day(statistics, self.span, language),
            "answers-by-hour": figures.answers_by_hour(period),
            "success-by-hour": figures.success_by_hour(period),
            "retention-by-day": figures.retention_by_day(statistics, self.span, language),
            "calibration": figures.calibration(period),
        }
        for name, picture in pictures.items():
            self.query_one(f"#{name}", Figure).show(picture)

    def action_page(self, step: int) -> None:
        """Turn to the next page, or to the one before."""
        tabs = self.query_one(Tabs)
        if step > 0:
            tabs.action_next_tab()
        else:
            tabs.action_previous_tab()

    def action_period(self) -> None:
        """Go on to the next period."""
        periods = list(PERIODS)
        self.span = periods[(periods.index(self.span) + 1) % len(periods)]

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        pane = self.query_one(TabbedContent).active_pane
        assert pane is not None
        pane.query_one(Page).scroll_relative(y=lines, animate=False, immediate=True)
