"""What there is to know about one card, in words: how it stands, and each of its answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from lrcards.cards.model import FLAGS, Card, Phase, Review, ReviewKind
from lrcards.study.days import StudyDays
from lrcards.study.delays import describe_wait
from lrcards.study.information import CardInfo
from lrcards.study.scheduler import Wait

NEVER_ANSWERED = "This card was not answered yet: once it is, its history and its forecast stand here."


class Entry(NamedTuple):
    """One answer in words, a column each.

    Attributes:
        at: when it was given, on the learner's clock.
        kind: where the card stood, or why it was asked if its schedule was left alone.
        rating: the rating.
        waited: how long the card had been put off before.
        next: how long it was put off then.
        recall: how likely recall was foretold to be.
        took: how long it took.
        lab: whether what was foretold in the lab held.
    """

    at: str
    kind: str
    rating: str
    waited: str
    next: str
    recall: str
    took: str
    lab: str


HEADINGS = Entry("When", "Stage", "Rating", "Waited", "Next", "Recall", "Took", "Lab")


def facts(info: CardInfo) -> list[tuple[str, str]]:
    """Return how a card stands: each fact by its name, those left out that it does not have."""
    card, note = info.card, info.note
    source = note.source
    found = {
        "Deck": note.deck,
        "Tags": " ".join(f"#{tag}" for tag in note.tags),
        "From": f"{source.file}:{source.line}" if source else "",
        "Flag": flag_in_words(card),
        "Stage": _stage(card),
        "Due": _due(card, info.days),
        "Interval": f"{card.interval} days" if card.interval else "",
        "Stability": "" if info.stability is None else f"{info.stability:.2f} days",
        "Difficulty": "" if info.difficulty is None else f"{info.difficulty:.2f} of 10",
        "Recall now": "" if info.recall is None else f"{100 * info.recall:.1f} %",
        "Answers": str(card.reviews or ""),
        "Lapses": str(card.lapses or ""),
        "Time": _total_time(info.reviews) if info.reviews else "",
    }
    return [(name, value) for name, value in found.items() if value]


def history(info: CardInfo) -> list[Entry]:
    """Return the answers to a card, the latest first."""
    return [_entry(review, info.days) for review in reversed(info.reviews)]


def in_words(info: CardInfo) -> list[str]:
    """Return how a card stands and its answers as lines for a reader."""
    lines = [f"{name}: {value}." for name, value in facts(info)]
    if not info.reviews:
        return [*lines, NEVER_ANSWERED]
    for entry in history(info):
        named = zip(HEADINGS[3:], entry[3:], strict=True)
        rest = "".join(f", {name.lower()} {value}" for name, value in named if value)
        lines.append(f"{entry.at} {entry.kind}: {entry.rating}{rest}.")
    return lines


def flag_in_words(card: Card) -> str:
    """Return a card's flag by its number and colour; empty without one."""
    return f"{card.flag} {FLAGS[card.flag - 1]}" if card.flag else ""


def _stage(card: Card) -> str:
    put_away = {"suspended": card.suspended, f"buried until {card.buried_until}": bool(card.buried_until)}
    return ", ".join([card.phase.value, *(name for name, holds in put_away.items() if holds)])


def _due(card: Card, days: StudyDays) -> str:
    if card.due_at is not None:
        return _moment(card.due_at, days)
    if card.due_day is not None:
        return str(card.due_day)
    return "when its turn comes" if card.phase is Phase.NEW else ""


def _entry(review: Review, days: StudyDays) -> Entry:
    prediction = review.prediction
    return Entry(
        at=_moment(review.at, days),
        kind=(review.phase if review.kind is ReviewKind.STUDY else review.kind).value,
        rating=review.rating.name.capitalize(),
        waited=_in_days(review.last_interval) if review.last_interval else "",
        next=_wait(review.scheduled),
        recall="" if review.recall is None else f"{100 * review.recall:.0f} %",
        took=f"{review.duration_ms / 1000:.0f} s",
        lab="" if prediction is None else "held" if prediction.get("held") else "failed",
    )


def _wait(scheduled: int) -> str:
    if not scheduled:
        return ""
    wait = Wait(-scheduled, 0) if scheduled < 0 else Wait(0, scheduled)
    return describe_wait(wait, timedelta())


def _in_days(days: int) -> str:
    return describe_wait(Wait(days, 0), timedelta())


def _moment(at: datetime, days: StudyDays) -> str:
    return f"{at.astimezone(days.zone):%Y-%m-%d %H:%M}"


def _total_time(reviews: Sequence[Review]) -> str:
    each = sum(review.duration_ms for review in reviews) / len(reviews) / 1000
    minutes = sum(review.duration_ms for review in reviews) / 60_000
    return f"{each:.0f} s an answer, {minutes:.1f} min in all"
