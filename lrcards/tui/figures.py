"""What is drawn: each chart as a function of statistics, or of what is known about a card."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from lrcards.dates import day_and_year
from lrcards.exams.plans import ExamPlans
from lrcards.retention import Retentions
from lrcards.stats import due_within, minutes_in_words, share_in_words
from lrcards.study.days import ONE_DAY
from lrcards.study.history import Stretches
from lrcards.study.information import CardInfo
from lrcards.study.statistics import Period, Share, Span, Statistics
from lrcards.text import counted
from lrcards.tui.labels import ticks
from lrcards.tui.widgets.chart import Chart, Picture, count_ticks

NOTHING = "No answers in this period: press p for a longer one."
ABOUT_TICKS = 6
FIRM = 30
"""From how many answers on a share says something."""

MOST_PLACES = 300
"""How many places of a curve a screen can tell apart."""

_HOUR_NAMES = {float(hour): f"{hour}:00" for hour in range(0, 24, 4)}


def answers_by_day(statistics: Statistics, span: Span, language: str) -> Picture:
    """Return how many answers each day had."""
    period, stretches = statistics.periods[span], _past(statistics, span)
    title = f"Answers {_each(stretches)}"
    if not period.answers:
        return Picture(title, NOTHING)
    heights = stretches.sums((day.day, day.answers) for day in statistics.days)
    return Picture(
        title,
        f"{counted(period.answers, 'answer')} on {counted(period.days_studied, 'day')}.",
        _bars(stretches, heights, language),
    )


def minutes_ahead(plans: ExamPlans, language: str) -> Picture:
    """Return the minutes that the plan toward the exams takes of each coming day."""
    days = [plans.today + place * ONE_DAY for place in range(len(plans.minutes))]
    step = math.ceil(len(days) / ABOUT_TICKS)
    named = {float(place): days[place] for place in range(0, len(days), step)}
    names = ticks(named, language, with_year=False)

    def draw(chart: Chart) -> None:
        chart.scale((-0.5, len(days) - 0.5), names, count_ticks(max(plans.minutes)))
        chart.bars(plans.minutes)

    return Picture("Minutes of study that the plan takes", "", draw)


def minutes_by_day(statistics: Statistics, span: Span, language: str) -> Picture:
    """Return how long the answers of each day took."""
    period, stretches = statistics.periods[span], _past(statistics, span)
    title = f"Minutes {_each(stretches)}"
    if not period.answers:
        return Picture(title, NOTHING)
    heights = stretches.sums((day.day, day.time / timedelta(minutes=1)) for day in statistics.days)
    on_a_day = minutes_in_words(period.time / period.days_studied)
    return Picture(
        title,
        f"{minutes_in_words(period.time)} in all, {on_a_day} on a day with answers.",
        _bars(stretches, heights, language),
    )


def retention_by_day(statistics: Statistics, span: Span, language: str) -> Picture:
    """Return the true retention of each day."""
    stretches = _past(statistics, span)
    right = stretches.sums((day.day, day.recalled.right) for day in statistics.days)
    answers = stretches.sums((day.day, day.recalled.answers) for day in statistics.days)
    title = f"True retention {_each(stretches)}"
    places = [
        (float(place), recalled / asked)
        for place, (recalled, asked) in enumerate(zip(right, answers, strict=True))
        if asked
    ]
    if not places:
        return Picture(title, "No answer yet to a card that had waited a day or longer.")
    low = _floor(min(share for _, share in places))

    def draw(chart: Chart) -> None:
        chart.scale(_width(stretches), _day_names(stretches, language), _percent_ticks(low))
        chart.points(places)

    total = statistics.periods[span].retention.total
    return Picture(title, f"Recalled: {share_in_words(total)} answers to cards that had waited a day.", draw)


def due_by_day(statistics: Statistics, span: Span, language: str) -> Picture:
    """Return how many cards come due on each day from today on, for as long as the span."""
    forecast, today = statistics.forecast, statistics.today
    first, _ = span.bounds(today)
    last = max(forecast.days, default=today) if span is Span.ALL else today + (today - first)
    stretches = Stretches.since(today, last)
    title = f"Cards that come due {_each(stretches)}"
    if not (forecast.overdue or forecast.days):
        return Picture(title, "No card waits to be reviewed: study some first.")
    within = {days: f"{due_within(forecast, today, days):,}" for days in (1, 7, 30)}
    sentence = f"{within[1]} today, {within[7]} within 7 days, {within[30]} within 30 days"
    if forecast.overdue:
        sentence += f"; that includes {forecast.overdue:,} overdue ones, which the bars leave out"
    heights = stretches.sums(forecast.days.items())
    return Picture(title, f"{sentence}.", _bars(stretches, heights, language) if any(heights) else None)


def answers_by_hour(period: Period) -> Picture:
    """Return how many answers were given in each hour of the day."""
    heights = [share.answers for share in period.hours]
    title = "Answers by hour of the day"
    if not any(heights):
        return Picture(title, NOTHING)

    def draw(chart: Chart) -> None:
        chart.scale((-0.5, 23.5), _HOUR_NAMES, count_ticks(max(heights)))
        chart.bars(heights)

    studied = [hour for hour, answers in enumerate(heights) if answers]
    return Picture(title, f"The first at {studied[0]}:00, the last before {studied[-1] + 1}:00.", draw)


def success_by_hour(period: Period) -> Picture:
    """Return how many of the answers in each hour of the day recalled the card."""
    title = "Recalled, by hour of the day"
    shares = [(float(hour), share.share) for hour, share in enumerate(period.hours)]
    places = [(hour, share) for hour, share in shares if share is not None]
    if not places:
        return Picture(title, NOTHING)
    low = _floor(min(share for _, share in places))

    def draw(chart: Chart) -> None:
        chart.scale((-0.5, 23.5), _HOUR_NAMES, _percent_ticks(low))
        chart.points(places)

    everything = Share(
        sum(share.right for share in period.hours), sum(share.answers for share in period.hours)
    )
    return Picture(title, f"All day: {share_in_words(everything)} answers, also those to new cards.", draw)


def calibration(period: Period) -> Picture:
    """Return foretold recall against observed; the line is where they are equal."""
    title = "Recall: foretold (across) and observed (up)"
    bins, rmse = period.calibration.bins, period.calibration.rmse
    if rmse is None:
        return Picture(title, "Recall is foretold from a card's second day on: come back tomorrow.")
    places = [(entry.foretold, entry.observed.right / entry.observed.answers) for entry in bins]
    low = _floor(min(min(place) for place in places))
    firm = [place for place, entry in zip(places, bins, strict=True) if entry.observed.answers >= FIRM]
    vague = [place for place in places if place not in firm]

    def draw(chart: Chart) -> None:
        chart.scale((low, 1), _percent_ticks(low), _percent_ticks(low))
        chart.line([(low, low), (1, 1)])
        chart.marks(vague, "○")
        chart.marks(firm, "●")

    answers = sum(entry.observed.answers for entry in bins)
    sentence = f"Apart by {100 * rmse:.1f} points (RMSE over {answers:,} answers)."
    return Picture(title, f"{sentence} ○ rests on fewer than {FIRM}." if vague else sentence, draw)


def minutes_by_retention(found: Retentions) -> Picture:
    """Return how long a day of study would be at each desired retention."""
    minutes = [(outlook.desired_retention, outlook.minutes_per_day) for outlook in found.outlooks]
    return Picture("Minutes a day, by desired retention", "", _by_retention(minutes))


def known_by_retention(found: Retentions) -> Picture:
    """Return how many cards would be known at the end at each desired retention."""
    known = [(outlook.desired_retention, outlook.remembered) for outlook in found.outlooks]
    best = max(found.outlooks, key=lambda outlook: outlook.remembered_per_minute)
    sentence = f"A minute of study brings most at {100 * best.desired_retention:.0f} %."
    return Picture("Cards known after the year, by desired retention", sentence, _by_retention(known))


def _by_retention(places: Sequence[tuple[float, float]]) -> Callable[[Chart], None]:
    def draw(chart: Chart) -> None:
        retentions, heights = zip(*places, strict=True)
        names = {percent / 100: f"{percent} %" for percent in range(70, 96, 5)}
        chart.scale((min(retentions), max(retentions)), names, count_ticks(max(heights)))
        chart.curve(places)

    return draw


def forgetting(info: CardInfo, language: str) -> Picture:
    """Return how likely a card is to be recalled on the coming days if it is not asked."""
    title = "Forecast: recall by day, if the card is not asked"
    if not info.forecast:
        return Picture(title, "FSRS foretells it from the first answer on.")
    (today, now), (last, then) = info.forecast[0], info.forecast[-1]
    stretches = Stretches.since(today, last)
    thin = max(1, len(info.forecast) // MOST_PLACES)
    places = [((day - today).days / stretches.length, recall) for day, recall in info.forecast[::thin]]
    low = _floor(then)

    def draw(chart: Chart) -> None:
        chart.scale(_width(stretches), _day_names(stretches, language), _percent_ticks(low))
        chart.curve(places)

    return Picture(
        title, f"{100 * now:.0f} % today, {100 * then:.0f} % on {day_and_year(last, language)}.", draw
    )


def _past(statistics: Statistics, span: Span) -> Stretches:
    first, last = span.bounds(statistics.today)
    return Stretches.until(statistics.days[0].day if span is Span.ALL else first, last)


def _each(stretches: Stretches) -> str:
    """Return what a bar stands for."""
    return {1: "by day", 7: "by week"}.get(stretches.length, f"by {stretches.length // 7} weeks")


def _bars(stretches: Stretches, heights: Sequence[float], language: str) -> Callable[[Chart], None]:
    def draw(chart: Chart) -> None:
        chart.scale(_width(stretches), _day_names(stretches, language), count_ticks(max(heights)))
        chart.bars(heights)

    return draw


def _width(stretches: Stretches) -> tuple[float, float]:
    return -0.5, stretches.number - 0.5


def _day_names(stretches: Stretches, language: str) -> dict[float, str]:
    """Return the dates of some stretches, with the year where there is more than one."""
    far = stretches.number * stretches.length > 366
    step = math.ceil(stretches.number / ABOUT_TICKS)
    margin = step // 2
    days = {
        float(place): day
        for place, day in enumerate(stretches.starts)
        if place % step == margin and place + margin < stretches.number
    }
    return ticks(days, language, with_year=far)


def _floor(lowest: float) -> float:
    """Return where an axis of shares begins: the higher, the finer it is."""
    return max(floor for floor in (0.0, 0.5, 0.75) if floor <= lowest)


def _percent_ticks(low: float) -> dict[float, str]:
    step = {0.0: 25, 0.5: 10, 0.75: 5}[low]
    return {percent / 100: f"{percent} %" for percent in range(round(100 * low), 101, step)}
