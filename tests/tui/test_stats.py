"""The statistics screen: what it says, its pages and periods, and how each page looks."""

from datetime import timedelta
from random import Random

import pytest

from lrcards.cards.model import Rating, Review
from lrcards.collection.rows import insert_sql, review_values
from lrcards.collection.store import move_card, new_review_id
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled
from lrcards.tui.screens.stats import StatsScreen
from lrcards.tui.themes import DARK
from lrcards.tui.widgets.calendar import calendar_text
from lrcards.tui.widgets.chart import Chart, Figure, count_ticks

TWELVE_CARDS = "\n---\n".join(
    f"Q: question {number}\nA: answer {number}\n<!-- id: n{number} -->\n" for number in range(12)
)


def study_a_season(learner) -> None:
    """Answer twelve cards over a hundred days, most of them well, in one transaction."""
    collection, random = learner.collection, Random(5)
    learner.app(deck=TWELVE_CARDS)
    scheduler = Scheduler(SchedulerSettings(fuzz=False), MemoryModel(), StudyDays(learner.clock.now.tzinfo))
    cards = {f"n{number}#0": collection.card(f"n{number}#0") for number in range(12)}
    with collection.writing() as database:
        for days_ago in range(100, 0, -1):
            now = learner.clock.now - timedelta(days=days_ago, hours=4 * (days_ago % 2))
            day = scheduler.days.day(now)
            for number, (guid, card) in enumerate(cards.items()):
                if days_ago > 90 - 5 * number or (card.due_day and card.due_day > day) or days_ago % 7 == 3:
                    continue
                now += timedelta(seconds=20)
                rating = random.choices(list(Rating), (12, 8, 72, 8))[0]
                after = scheduler.answer(card, rating, now)
                elapsed = None if card.last_day is None else (day - card.last_day).days
                review = Review(
                    new_review_id(now, random),
                    guid,
                    rating,
                    now,
                    day,
                    random.randrange(2000, 20_000),
                    phase=card.phase,
                    scheduled=scheduled(after, now),
                    prediction={"asked": "regime", "held": number % 3 > 0}
                    if number < 6 and days_ago < 30
                    else None,
                    last_interval=card.interval,
                    recall=scheduler.memory_model.retrievability(card.memory, elapsed) if elapsed else None,
                )
                values = review_values(review)
                database.execute(insert_sql("reviews", values), values)
                cards[guid] = after
        for card in cards.values():
            move_card(database, card)


async def counted(learner) -> None:
    await learner.until(lambda: learner.reads("#message") != "Counting…")
    await learner.settle()


async def test_s_at_home_opens_the_statistics_of_the_deck_under_the_cursor(learner):
    async with learner.at():
        await learner.press("s")
        await counted(learner)
        assert learner.screen.title == "statistics"
        assert learner.reads("#whose") == "Statistics  small"
        await learner.press("q")
        assert learner.screen.title == "home"


async def test_before_the_first_answer_the_screen_says_what_to_do(learner):
    async with learner.at(lambda _: StatsScreen()):
        await counted(learner)
        assert "press q, then enter on a deck" in learner.sees().lower()


async def test_an_answer_counts_at_once(learner):
    async with learner.at():
        await learner.press("enter", "space", "3", "q", "s")
        await counted(learner)
        assert "Today 1 answer in 0 min, 1 new card. Days in a row 1" in learner.sees()


async def test_the_pages_turn_both_ways(learner):
    study_a_season(learner)
    async with learner.at(lambda _: StatsScreen(), deck="", size=(140, 45)):
        await counted(learner)
        assert "True retention" in learner.sees()
        await learner.press("l", "l")
        assert "Cards that come due by week" in learner.sees()
        await learner.press("h")
        assert "Answers by week" in learner.sees()
        assert "Ratings" in learner.sees()


async def test_the_period_changes_charts_and_tables(learner):
    study_a_season(learner)
    async with learner.at(lambda _: StatsScreen(), deck=""):
        await counted(learner)
        await learner.press("l")
        year = learner.reads("#ratings")
        await learner.press("p", "p")
        assert learner.reads("#period") == "over a month"
        assert "Answers by day" in learner.sees()
        assert learner.reads("#ratings") != year


async def test_a_period_without_answers_says_so_instead_of_drawing(learner):
    study_a_season(learner)
    learner.clock.advance(days=60)
    async with learner.at(lambda _: StatsScreen(), deck=""):
        await counted(learner)
        await learner.press("l", "p", "p")
        assert "press p for a longer one" in learner.sees()
        assert learner.screen.query_one("#answers-by-day", Figure).has_class("empty")


async def test_a_low_terminal_scrolls_to_the_second_chart(learner):
    study_a_season(learner)
    async with learner.at(lambda _: StatsScreen(), deck="", size=(80, 24)):
        await counted(learner)
        await learner.press("l", *["j"] * 6)
        assert "Minutes by week" in learner.sees()


async def test_charts_take_the_colours_of_another_theme(learner):
    study_a_season(learner)
    async with learner.at(lambda _: StatsScreen(), deck="") as app:
        await counted(learner)
        await learner.press("l")
        chart = learner.screen.query_one("#answers-by-day").query_one(Chart)
        dark = chart._datasets[0].bar_style
        app.theme = "textual-light"
        await learner.settle()
        assert chart._datasets[0].bar_style != dark


async def test_charts_are_drawn_without_colour(learner, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    study_a_season(learner)
    async with learner.at(lambda _: StatsScreen(), deck=""):
        await counted(learner)
        await learner.press("l")
        assert "Answers by week" in learner.sees()


async def test_a_deck_that_is_gone_is_said(learner):
    async with learner.at(lambda _: StatsScreen("Gone")):
        await counted(learner)
        assert "there is no deck 'Gone'" in learner.sees()


def test_the_calendar_ends_today_and_tells_the_days_apart_without_colour(learner):
    today = learner.clock.now.date()
    text = calendar_text({today: 8, today - timedelta(days=1): 2}, today, 80, "en").plain
    monday, sunday = text.splitlines()[1], text.splitlines()[7]
    assert (monday.rstrip()[-1], sunday.rstrip()[-1]) == ("█", "█")
    assert {len(line.rstrip()) for line in text.splitlines()[1:2]} == {4 + 53}
    assert "10 in the year" in text


@pytest.mark.parametrize(
    ("largest", "names"),
    [
        (0, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (17, ["0", "5", "10", "15", "20"]),
        (1234, ["0", "500", "1,000", "1,500"]),
    ],
)
def test_ticks_are_round_numbers(largest, names):
    assert list(count_ticks(largest).values()) == names


async def test_the_overview(pictured, learner):
    study_a_season(learner)
    await pictured(first=lambda _: StatsScreen(), deck="", shows="True retention", themes=[DARK])


async def test_the_answers(pictured, learner):
    study_a_season(learner)
    await pictured("l", first=lambda _: StatsScreen(), deck="", shows="True retention", themes=[DARK])


async def test_what_comes_due(pictured, learner):
    study_a_season(learner)
    await pictured("l", "l", first=lambda _: StatsScreen(), deck="", shows="True retention", themes=[DARK])


async def test_the_cards(pictured, learner):
    study_a_season(learner)
    await pictured(*["l"] * 3, first=lambda _: StatsScreen(), deck="", shows="True retention", themes=[DARK])


async def test_the_recall(pictured, learner):
    study_a_season(learner)
    await pictured(*["l"] * 5, first=lambda _: StatsScreen(), deck="", shows="True retention")
