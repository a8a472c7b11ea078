"""Home: the decks and what each has for today."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import get_current_worker

from lrcards.tui.mistakes import said_on
from lrcards.tui.widgets.deck_table import DeckTable

if TYPE_CHECKING:
    from lrcards.agenda import DeckCounts
    from lrcards.apart import Errand
    from lrcards.desk import Desk
    from lrcards.exams.plans import ExamPlans
    from lrcards.links import Link, News
    from lrcards.study.queue import Counts
    from lrcards.tui.app import LrcardsApp

WELCOME = Content.from_markup(
    "Welcome! These decks teach what the learning rate of gradient descent does, and behind every card is an "
    "experiment that runs for real. Press [bold reverse] enter [/] for your first card."
)


class HomeScreen(Screen[None]):
    """The decks with their new, learning and due cards; Enter studies the one under the cursor."""

    TITLE = "home"
    HELP = (
        "Choose a deck and press enter to study what it has for today. A deck includes its subdecks: "
        "left hides them and right shows them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "app.lab", "Lab", id="home.lab"),
        Binding("s", "stats", "Stats", id="home.stats", tooltip="Statistics"),
        Binding(
            "c",
            "special",
            "Extra",
            id="home.special",
            tooltip="Special sitting: ahead, forgotten, cram, tag",
        ),
        Binding("o", "options", "Options", id="home.options"),
        Binding("x", "exams", "Exams", id="home.exams"),
        Binding("i", "import_decks", "Import", id="home.import"),
        Binding("/", "browse", "Browse", key_display="/", id="home.browse"),
        Binding("O", "gone", "What is gone from its file", show=False, id="home.gone"),
        Binding("a", "write", "Write a card", show=False, id="home.write"),
        Binding("comma", "app.settings", "Settings", show=False, key_display=",", id="home.settings"),
        Binding("q", "app.quit", "Quit", id="home.quit"),
    ]

    _changed: "Link | None" = None
    _planning: "Errand[ExamPlans] | None" = None
    _planned: tuple[object, str] | None = None
    """What the last plan was made of, and what it comes to."""

    def compose(self) -> ComposeResult:
        """Paint the frame; the decks follow once the collection is open."""
        with Horizontal(id="banner"):
            yield Static("[b]lrcards[/b]  [dim]what is due today[/dim]", id="title")
            yield Static(id="today", markup=False)
        yield Static(WELCOME, id="welcome")
        yield DeckTable(id="decks")
        yield Static("Opening your collection…", id="message", markup=False)
        yield Static(id="backlog", markup=False)
        yield Static(id="exam", markup=False)
        yield Static(id="links", markup=False)
        yield Static(id="gone", markup=False)
        # The keys of home need all the room at 80 columns; the palette opens by its key as anywhere.
        yield Footer(show_command_palette=False, compact=True)

    @property
    def _table(self) -> DeckTable:
        return self.query_one(DeckTable)

    def on_mount(self) -> None:
        """Draw again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_again())

    def _draw_again(self) -> None:
        """Count again, in the colours of now; what takes long is not worked out anew."""
        if hasattr(self.app, "desk"):
            with said_on(self):
                self.show_decks()

    def on_screen_resume(self) -> None:
        """Count again when another screen is left."""
        if hasattr(self.app, "desk"):
            self._draw_again()
            self.look_at_links()
            self.look_at_exams()

    def on_screen_suspend(self) -> None:
        """Do not plan behind another screen."""
        self.stop_planning()

    def on_unmount(self) -> None:
        """Do not plan when the app is closed."""
        self.stop_planning()

    def show_decks(self) -> None:
        """Fill the table with what each deck has now, and say what kind of day it is."""
        from lrcards.deck_tree import branches
        from lrcards.glance import glance

        desk = self._desk
        decks, everything = desk.overview(), desk.sitting()
        told = glance(desk.collection, desk.days, desk.clock(), everything.counts)
        table = self._table
        table.show(list(branches(desk.collection, decks)), everything.counts)
        self.query_one("#today", Static).update(told.in_words())
        self.query_one("#welcome").display = is_welcome = told.is_first and bool(decks)
        self.query_one("#message", Static).update("" if is_welcome else _advice(decks, desk.tomorrow))
        self.query_one("#backlog", Static).update(everything.backlog())
        self.query_one("#gone", Static).update(_gone(len(desk.collection.orphans())))
        table.focus()

    def on_deck_table_fold(self, event: DeckTable.Fold) -> None:
        """Hide or show the subdecks of a deck, now and in future."""
        from lrcards.deck_tree import fold

        with said_on(self):
            fold(self._desk.collection, event.deck, folded=event.folded, now=self._desk.clock())
            self.show_decks()

    def look_at_links(self) -> None:
        """Look, in a thread, whether linked files changed, and offer what they bring."""
        from lrcards import links

        with said_on(self):
            self._compare(links.read(self._desk.collection))

    @work(thread=True, exclusive=True, group="links")
    def _compare(self, found: "Sequence[Link]") -> None:
        from lrcards import links

        news = links.news(found)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._offer, news)

    def _offer(self, news: "News") -> None:
        self._changed = news.changed
        self.query_one("#links", Static).update(news.sentence)

    def look_at_exams(self) -> None:
        """Plan, in a process of its own, toward the exams ahead if there are any, and say what to expect."""
        from lrcards.exams.plans import are_ahead

        self.stop_planning()
        desk = self._desk
        with said_on(self):
            basis = desk.plan_basis()
            if self._planned and self._planned[0] == basis:
                return
            self._planned = None
            self.query_one("#exam", Static).update("")
            if are_ahead(desk.collection, desk.days.day(desk.clock())):
                from lrcards.apart import Errand
                from lrcards.exams.plans import plan_exams

                learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
                self._planning = Errand(plan_exams, *learner)
                self._expect(self._planning, basis)

    def stop_planning(self) -> None:
        """Leave the plan unfinished; whoever comes back begins anew."""
        if self._planning is not None:
            self._planning.stop()

    @work(thread=True, group="exams")
    def _expect(self, planning: "Errand[ExamPlans]", basis: object) -> None:
        from lrcards.apart import StoppedError
        from lrcards.errors import LrcardsError
        from lrcards.exams.plans import at_a_glance

        try:
            told = at_a_glance(planning.run(lambda _: None))
        except StoppedError:
            return
        except LrcardsError as error:
            told = str(error)
        if planning is self._planning:
            self.app.call_from_thread(self._tell_of_exams, basis, told)

    def _tell_of_exams(self, basis: object, told: str) -> None:
        self._planned = basis, told
        self.query_one("#exam", Static).update(told)

    @property
    def _desk(self) -> "Desk":
        return cast("LrcardsApp", self.app).desk

    def on_data_table_row_selected(self, event: DeckTable.RowSelected) -> None:
        """Study the deck that was entered or clicked."""
        from lrcards.tui.screens.study import StudyScreen

        with said_on(self):
            sitting = cast("LrcardsApp", self.app).desk.sitting(event.row_key.value or None)
            self.app.push_screen(StudyScreen(sitting))

    def action_special(self) -> None:
        """Offer special sittings with the deck under the cursor."""
        if hasattr(self.app, "desk"):
            from lrcards.tui.screens.special import SpecialScreen
            from lrcards.tui.screens.study import begin

            self.app.push_screen(
                SpecialScreen(self._table.deck or None), lambda sitting: begin(self.app, sitting)
            )

    def action_import_decks(self) -> None:
        """Import decks, first of all from a linked file that changed."""
        if hasattr(self.app, "desk"):
            from lrcards.tui.screens.import_decks import ImportScreen

            changed = self._changed
            self.app.push_screen(ImportScreen(changed.path, changed.deck) if changed else ImportScreen())

    def action_browse(self) -> None:
        """Browse the cards of the deck under the cursor, or all."""
        if hasattr(self.app, "desk"):
            from lrcards.browsing import query_for
            from lrcards.tui.screens.browse import BrowseScreen

            desk = cast("LrcardsApp", self.app).desk
            self.app.push_screen(BrowseScreen(desk, query_for(self._table.deck or None), typing=True))

    def action_gone(self) -> None:
        """List the notes that their files have no more, to keep or to delete them."""
        if hasattr(self.app, "desk"):
            from lrcards.browsing import GONE
            from lrcards.tui.screens.browse import BrowseScreen

            self.app.push_screen(BrowseScreen(self._desk, GONE))

    def action_write(self) -> None:
        """Write a card into the deck under the cursor."""
        if hasattr(self.app, "desk"):
            from lrcards.authoring import Draft
            from lrcards.tui.screens.write_card import WriteScreen

            browser = cast("LrcardsApp", self.app).desk.browser()
            self.app.push_screen(WriteScreen(Draft(self._table.deck or ""), browser.add))

    def action_stats(self) -> None:
        """Show what the answers in the deck under the cursor come to."""
        if hasattr(self.app, "desk"):
            from lrcards.tui.screens.stats import StatsScreen

            self.app.push_screen(StatsScreen(self._table.deck or None))

    def action_exams(self) -> None:
        """Show the exams ahead."""
        if hasattr(self.app, "desk"):
            from lrcards.tui.screens.exams import ExamsScreen

            self.app.push_screen(ExamsScreen())

    def action_options(self) -> None:
        """Show the options of the deck under the cursor."""
        if hasattr(self.app, "desk"):
            from lrcards.tui.screens.options import OptionsScreen

            self.app.push_screen(OptionsScreen(self._table.deck or None))


def _gone(notes: int) -> str:
    if not notes:
        return ""
    from lrcards.text import counted

    are = "is" if notes == 1 else "are"
    return f"{counted(notes, 'note')} {are} gone from the imported files. Press O to keep or delete what is."


def _advice(decks: "list[DeckCounts]", tomorrow: "Callable[[], Counts]") -> str:
    if not decks:
        return "No decks yet. Press i to import one, or a to write a card."
    if not any(deck.new or deck.due for deck in decks):
        return (
            f"All done for today. {tomorrow().sentence()} Press c for more, g for the lab, x for a mock test."
        )
    return "Press enter to study the deck under the cursor."
