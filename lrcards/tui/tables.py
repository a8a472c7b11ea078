"""What the statistics screen says: each table as a function of statistics."""

from collections.abc import Callable

from textual.content import Content

from lrcards.cards.model import Rating
from lrcards.stats import minutes_in_words, share_in_words
from lrcards.study.statistics import Bin, CardStatistics, Distribution, Period, Span, Statistics

LONGEST_BAR = 24
HEAD = "bold"
MUTED = "$foreground 60%"


def today(statistics: Statistics) -> Content:
    """Return what was done today, and for how many days in a row something was."""
    period, streak = statistics.periods[Span.TODAY], statistics.streak
    return Content.assemble(
        "Today ",
        (f"{period.answers:,}", "bold"),
        f" answer{'' if period.answers == 1 else 's'} in {minutes_in_words(period.time)}, ",
        (f"{period.introduced:,}", "bold"),
        f" new card{'' if period.introduced == 1 else 's'}.   Days in a row ",
        (f"{streak.current:,}", "bold"),
        f", at most {streak.longest:,}.",
    )


def retention(statistics: Statistics) -> Content:
    """Return true retention in all spans."""
    rows = [Content.styled(f"{'True retention':<16}{'young':>19}{'mature':>19}{'all':>19}", HEAD)]
    for span, period in statistics.periods.items():
        shares = (period.retention.young, period.retention.mature, period.retention.total)
        rows.append(Content(f"{span:<16}" + "".join(f"{share_in_words(share):>19}" for share in shares)))
    return Content("\n").join(rows)


def ratings(period: Period) -> Content:
    """Return how often each rating was given to cards of each stage."""
    rows = [Content.styled(f"{'Ratings':<16}" + "".join(f"{r.name.capitalize():>15}" for r in Rating), HEAD)]
    for stage, numbers in period.ratings.items():
        answers = sum(numbers.values())
        cells = (f"{number:,} {_percent(number, answers):>5}" for number in numbers.values())
        rows.append(Content(f"{stage:<16}" + "".join(f"{cell:>15}" for cell in cells)))
    return Content("\n").join(rows)


def cards(statistics: CardStatistics) -> Content:
    """Return how many cards stand where, and how many are known now."""
    total = sum(statistics.stages.values())
    parts = [f"{total:,} cards: " + ", ".join(f"{n:,} {stage}" for stage, n in statistics.stages.items())]
    if statistics.suspended:
        parts.append(f"{statistics.suspended:,} of them suspended")
    if statistics.mean_recall is not None:
        parts.append(f"{100 * statistics.mean_recall:.1f} % of the answered ones known now")
    return Content("; ".join(parts) + ".")


def spreads(statistics: CardStatistics) -> list[Content]:
    """Return how intervals, stability, difficulty and recall are spread over the cards."""
    recall = statistics.recall.median
    return [
        _spread("Interval, days", statistics.intervals, _whole_days, _median(statistics.intervals, " days")),
        _spread(
            "Stability, days", statistics.stabilities, _whole_days, _median(statistics.stabilities, " days")
        ),
        _spread("Difficulty", statistics.difficulties, _difficulty, _median(statistics.difficulties, "")),
        _spread("Recall now", statistics.recall, _recall, "" if recall is None else f"{100 * recall:.0f} %"),
    ]


def predictions(period: Period) -> Content:
    """Return how many predictions in the lab held."""
    if not period.predictions:
        return Content.styled(
            "No predictions yet in this period: press g at a card, and foretell what its experiment does.",
            MUTED,
        )
    rows = [Content.styled(f"{'Predictions that held':<28}", HEAD)]
    rows += [
        Content(f"{asked:<28}{share_in_words(share):>19}") for asked, share in period.predictions.items()
    ]
    return Content("\n").join(rows)


def _spread(title: str, distribution: Distribution, named: Callable[[Bin], str], median: str) -> Content:
    """Return a distribution as bars with their numbers."""
    largest = max(entry.cards for entry in distribution.bins)
    if not largest:
        return Content.assemble((title, HEAD), "\n", ("No card has been answered yet.", MUTED))
    rows = [Content.styled(f"{title}; median {median}", HEAD)]
    for entry in distribution.bins:
        bar = "█" * round(LONGEST_BAR * entry.cards / largest) or ("▏" if entry.cards else "")
        rows.append(Content.assemble(f"{named(entry):>9} ", (bar, "$text-primary"), f" {entry.cards:,}"))
    return Content("\n").join(rows)


def _median(distribution: Distribution, unit: str) -> str:
    return "" if distribution.median is None else f"{distribution.median:g}{unit}"


def _whole_days(entry: Bin) -> str:
    if entry.high is None:
        return f"{entry.low:g} up"
    if entry.high - entry.low > 1:
        return f"{entry.low:g}–{entry.high - 1:g}"
    return f"{entry.low:g}" if entry.low else "under 1"


def _difficulty(entry: Bin) -> str:
    return f"{entry.low:g}–{entry.low + 1:g}"


def _recall(entry: Bin) -> str:
    high = 1 if entry.high is None else entry.high
    return f"{100 * entry.low:.0f}–{100 * high:.0f} %"


def _percent(number: int, answers: int) -> str:
    return f"{100 * number / answers:.0f} %" if answers else "–"
