from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lrcards.cards.model import Card, Note, NoteKind, Phase, Rating, Review, ReviewKind, Source
from lrcards.study.card_facts import HEADINGS, NEVER_ANSWERED, facts, history, in_words
from lrcards.study.days import StudyDays
from lrcards.study.information import card_info
from lrcards.study.memory import MemoryModel
from lrcards.study.scheduler import Scheduler, SchedulerSettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = StudyDays(ZoneInfo("Asia/Tokyo"))
SCHEDULER = Scheduler(SchedulerSettings(fuzz=False), MemoryModel(), DAYS)
NOTE = Note("n", "Rates::Kinks", NoteKind.BASIC, "q", "a", ("exam", "marked"), source=Source("rates.md", 7))
NEW = Card("n#0", "n", 0)
FIRST = Review(
    "1",
    "n#0",
    Rating.AGAIN,
    NOON,
    date(2026, 3, 2),
    4200,
    phase=Phase.NEW,
    scheduled=60,
    prediction={"held": False},
)
SECOND = Review(
    "2",
    "n#0",
    Rating.GOOD,
    NOON + timedelta(days=3),
    date(2026, 3, 5),
    11_000,
    phase=Phase.REVIEW,
    scheduled=-40,
    last_interval=3,
    recall=0.914,
)
CRAMMED = replace(SECOND, id="3", kind=ReviewKind.CRAM, rating=Rating.EASY, scheduled=0, recall=None)


def told(card, *reviews):
    return card_info(card, NOTE, reviews, SCHEDULER, NOON + timedelta(days=3))


def test_a_new_card_says_that_it_has_no_history():
    info = told(NEW)
    assert facts(info) == [
        ("Deck", "Rates::Kinks"),
        ("Tags", "#exam #marked"),
        ("From", "rates.md:7"),
        ("Stage", "new"),
        ("Due", "when its turn comes"),
    ]
    assert history(info) == []
    assert in_words(info)[-1] == NEVER_ANSWERED


def test_a_card_says_how_it_stands():
    card = replace(SCHEDULER.replay(NEW, [FIRST, SECOND]), flag=2, suspended=True, lapses=1)
    found = dict(facts(told(card, FIRST, SECOND)))
    assert found["Flag"] == "2 orange"
    assert found["Stage"] == f"{card.phase}, suspended"
    assert found["Stability"] == f"{card.memory.stability:.2f} days"
    assert found["Recall now"] == "100.0 %"
    assert (found["Answers"], found["Lapses"]) == ("2", "1")
    assert found["Time"] == "8 s an answer, 0.3 min in all"


def test_times_are_those_of_the_learners_clock():
    learning = SCHEDULER.replay(NEW, [FIRST])
    assert dict(facts(told(learning, FIRST)))["Due"] == "2026-03-02 21:01"
    assert history(told(learning, FIRST))[0].at == "2026-03-02 21:00"


def test_the_history_tells_the_latest_answer_first():
    latest, middle, oldest = history(told(NEW, FIRST, SECOND, CRAMMED))
    assert dict(zip(HEADINGS, middle, strict=True)) == {
        "When": "2026-03-05 21:00",
        "Stage": "review",
        "Rating": "Good",
        "Waited": "3d",
        "Next": "1.3mo",
        "Recall": "91 %",
        "Took": "11 s",
        "Lab": "",
    }
    assert (latest.kind, latest.next) == ("cram", "")
    assert (oldest.next, oldest.lab) == ("1m", "failed")


def test_a_buried_card_says_until_when():
    buried = replace(NEW, buried_until=date(2026, 3, 6))
    assert dict(facts(told(buried)))["Stage"] == "new, buried until 2026-03-06"
