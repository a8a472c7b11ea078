"""The options of a deck on screen: shown, changed, inherited; fitting; choosing a retention."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from textual.widgets import DataTable, Input

from lrcards.apart import StoppedError
from lrcards.cards.model import Rating, Review
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.store import new_review_id
from lrcards.errors import LrcardsError
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.options import DeckOptions
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled
from lrcards.tui.screens.fit import FitScreen
from lrcards.tui.screens.options import WORDINGS, OptionsScreen
from lrcards.tui.screens.retention import RetentionScreen

SUBDECK = '---\nname = "Rates::Step"\n---\n\n' + "\n---\n".join(
    f"Q: question {number}\nA: answer\n<!-- id: n{number} -->\n" for number in range(40)
)


class Here:
    """Stands in for an errand: does the work in this process, since that is quicker."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = lambda report: function(report, *arguments)

    def run(self, report: Any) -> Any:
        return self._call(report)

    def stop(self) -> None:
        pass


class Endless(Here):
    """Stands in for an errand that goes on until it is stopped."""

    stopped = False

    def run(self, report: Any) -> Any:
        report(1)
        raise StoppedError

    def stop(self) -> None:
        Endless.stopped = True


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Work in this process, and simulate each retention once and for a month, so that it is quick."""
    monkeypatch.setattr("lrcards.tui.errands.Errand", Here)
    monkeypatch.setattr("lrcards.retention.YEAR", 30)
    monkeypatch.setattr("lrcards.study.simulator.ENOUGH_CARDS", 1)


def study_a_month(learner) -> None:
    """Answer the cards for thirty days, seven in ten of them well."""
    learner.app(deck=SUBDECK)
    collection, random = learner.collection, Random(1)
    scheduler = Scheduler(SchedulerSettings(fuzz=False), MemoryModel(), StudyDays(learner.clock.now.tzinfo))
    cards = {f"n{number}#0": collection.card(f"n{number}#0") for number in range(40)}
    with collection.writing() as database:
        for days_ago in range(30, 0, -1):
            now = learner.clock.now - timedelta(days=days_ago)
            for guid, card in cards.items():
                now += timedelta(seconds=9)
                if card.due_day and card.due_day > now.date():
                    continue
                rating = Rating.GOOD if random.random() < 0.7 else Rating.AGAIN
                after = scheduler.answer(card, rating, now)
                identifier, due = new_review_id(now, random), scheduled(after, now)
                review = Review(
                    identifier, guid, rating, now, now.date(), 9000, phase=card.phase, scheduled=due
                )
                values = review_values(review)
                database.execute(insert_sql("reviews", values), values)
                cards[guid] = after


async def done(learner) -> None:
    await learner.until(lambda: not learner.screen.query("Running"))
    await learner.settle()


def row(learner, name: str) -> str:
    """Return what the list says of an option."""
    options = learner.screen.query_one("DeckOptionList")
    return " ".join(str(options.get_option(name).prompt).split())


async def at_option(learner, name: str) -> None:
    options = learner.screen.query_one("DeckOptionList")
    await learner.press(*["j"] * options.get_option_index(name))


async def test_o_at_home_opens_the_options_of_the_deck_under_the_cursor(learner):
    async with learner.at(deck=SUBDECK):
        await learner.press("j", "j", "o")
        assert learner.screen.title == "options"
        assert learner.reads("#banner") == "Options  Rates::Step"
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_every_option_has_a_name_and_says_what_it_does(learner):
    async with learner.at(lambda _: OptionsScreen("Rates"), deck=SUBDECK):
        for name, wording in WORDINGS.items():
            assert row(learner, name).startswith(wording.label)
            assert learner.reads("#meaning") == wording.meaning
            await learner.press("j")


async def test_a_typed_value_is_the_decks_own_until_x_inherits_again(learner):
    async with learner.at(lambda _: OptionsScreen("Rates::Step"), deck=SUBDECK):
        assert row(learner, "desired_retention") == "Desired retention 0.9 all decks"
        await learner.press("enter")
        learner.screen.query_one(Input).value = "0.8"
        await learner.press("enter")
        assert row(learner, "desired_retention") == "Desired retention 0.8 this deck"
        assert learner.collection.options() == {"Rates::Step": DeckOptions(desired_retention=0.8)}
        await learner.press("x")
        assert row(learner, "desired_retention") == "Desired retention 0.9 all decks"
        assert learner.collection.options() == {}


async def test_what_a_deck_above_says_is_shown_with_its_name(learner):
    learner.app(deck=SUBDECK)
    learner.collection.set_options("Rates", DeckOptions(new_per_day=7), learner.clock())
    async with learner.at(lambda _: OptionsScreen("Rates::Step"), deck=""):
        assert row(learner, "new_per_day") == "New cards a day 7 Rates"


async def test_a_value_that_is_not_allowed_is_told_and_not_taken(learner):
    async with learner.at(lambda _: OptionsScreen("Rates"), deck=SUBDECK):
        await learner.press("enter")
        learner.screen.query_one(Input).value = "7"
        await learner.settle()
        assert "desired_retention is 7.0, but it lies in 0.7 to 0.99." in learner.sees()
        await learner.press("enter", "escape")
        assert learner.screen.title == "options"
        assert learner.collection.options() == {}


async def test_a_choice_is_taken_from_a_list(learner):
    async with learner.at(lambda _: OptionsScreen("Rates"), deck=SUBDECK):
        await at_option(learner, "review_order")
        await learner.press("enter", "j", "j", "j", "enter")
        assert row(learner, "review_order") == "Review order random this deck"


async def test_the_options_of_all_decks_stand_in_the_settings_file(learner):
    async with learner.at(lambda _: OptionsScreen(), deck=SUBDECK):
        await learner.press("enter", "x")
        assert learner.screen.title == "options"
        assert "config.toml" in learner.is_told()[0]


async def test_a_deck_that_is_gone_is_told(learner):
    async with learner.at(lambda _: OptionsScreen("Rates::Step"), deck=SUBDECK):
        with learner.collection.writing() as database:
            database.execute("UPDATE decks SET name = 'Elsewhere'")
        await learner.press("x")
        assert "no deck 'Rates::Step'" in learner.is_told()[0]


async def test_f_fits_and_the_list_says_so(learner):
    study_a_month(learner)
    async with learner.at(lambda _: OptionsScreen("Rates"), deck=""):
        await learner.press("f")
        await done(learner)
        assert "The new parameters predict your answers better" in learner.sees()
        assert "log loss RMSE(bins)" in learner.sees()
        await learner.press("escape")
        assert row(learner, "parameters").startswith("FSRS parameters fitted on 2026-03-02 to")
        assert row(learner, "parameters").endswith("this deck")


async def test_a_fit_with_too_little_to_learn_from_says_how_much_is_missing(learner):
    async with learner.at(lambda _: FitScreen("Rates"), deck=SUBDECK):
        await done(learner)
        assert "at least 8 more reviews" in learner.reads("#report")


async def test_leaving_a_fit_stops_it(learner, monkeypatch):
    monkeypatch.setattr("lrcards.tui.errands.Errand", Endless)
    async with learner.at(lambda _: FitScreen("Rates"), deck=SUBDECK):
        assert "close to cancel" in learner.sees()
        assert not Endless.stopped
        await learner.press("escape")
        assert Endless.stopped


async def test_what_cannot_be_done_is_said_where_it_ran(learner, monkeypatch):
    def refuse(*_: object) -> None:
        raise LrcardsError("the disk is full")

    monkeypatch.setattr("lrcards.tui.screens.fit.refit_file", refuse)
    async with learner.at(lambda _: FitScreen(), deck=SUBDECK):
        await done(learner)
        assert "the disk is full." in learner.sees()


async def test_a_retention_that_is_chosen_becomes_the_decks(learner):
    async with learner.at(lambda _: OptionsScreen("Rates"), deck=SUBDECK):
        await learner.press("r")
        await done(learner)
        table = learner.screen.query_one(DataTable)
        assert (table.row_count, table.cursor_row) == (28, 20)
        assert "a year with 40 cards" in learner.reads("#assumptions")
        await learner.press("j", "j", "enter")
        assert row(learner, "desired_retention") == "Desired retention 0.92 this deck"


async def test_without_cards_the_retentions_say_what_is_missing(learner):
    async with learner.at(lambda _: RetentionScreen(), deck=""):
        await done(learner)
        assert "There are no cards to simulate a year with." in learner.sees()


@pytest.mark.parametrize("keys", ["", "f", "r"], ids=["options", "fit", "retention"])
async def test_the_screens_look_as_they_did(pictured, learner, keys):
    study_a_month(learner)
    learner.collection.set_options("Rates", DeckOptions(desired_retention=0.85), learner.clock())
    await pictured(*keys, first=lambda _: OptionsScreen("Rates::Step"), deck="")
