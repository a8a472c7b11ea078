"""Every schedule recorded from Anki agrees with ours."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lrcards.cards.model import Card, Memory, Phase, Rating
from lrcards.study.days import StudyDays
from lrcards.study.memory import MemoryModel
from lrcards.study.scheduler import Scheduler, SchedulerSettings, scheduled

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "anki_scheduling.json"
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
EXACT = Scheduler(SchedulerSettings(fuzz=False), MemoryModel(), DAYS)


def cases() -> list[Any]:
    if not RECORDED.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"{RECORDED} is not there"), id="absent")]
    return [
        pytest.param(case, id=f"stability-{case['s']}-difficulty-{case['d']}-elapsed-{case['elapsed']}")
        for case in json.loads(RECORDED.read_text())["cases"]
    ]


def recorded_card(case: dict[str, Any]) -> Card:
    last_review = NOW - timedelta(days=case["elapsed"])
    return Card(
        guid="note#0",
        note_guid="note",
        ordinal=0,
        phase=Phase.REVIEW,
        memory=Memory(case["s"], case["d"]),
        due_day=DAYS.day(last_review) + timedelta(days=case["ivl"]),
        interval=case["ivl"],
        last_review=last_review,
        last_day=DAYS.day(last_review),
        reviews=case["reps"],
    )


@pytest.mark.parametrize("case", cases())
def test_a_recorded_review_leads_where_anki_leads_it(case: dict[str, Any]) -> None:
    preview = EXACT.preview(recorded_card(case), NOW)
    for rating in Rating:
        after, recorded = preview[rating], case[rating.name.lower()]
        assert after.phase == recorded["kind"]
        if after.phase is Phase.RELEARNING:
            assert after.due_at == NOW + timedelta(seconds=recorded["secs"])
        else:
            assert after.interval == recorded["days"]
            assert after.due_day == DAYS.day(NOW) + timedelta(days=recorded["days"])
        assert after.memory is not None
        assert after.memory.stability == pytest.approx(recorded["s"], abs=1e-4)
        assert after.memory.difficulty == pytest.approx(recorded["d"], abs=1e-4)


@pytest.mark.parametrize("case", cases())
def test_a_lapse_without_relearning_steps_waits_as_long_as_anki_says(case: dict[str, Any]) -> None:
    settings = SchedulerSettings(relearning_steps=(), fuzz=False)
    after = Scheduler(settings, MemoryModel(), DAYS).answer(recorded_card(case), Rating.AGAIN, NOW)
    if case["again"]["s"] < 0.5:
        assert after.phase is Phase.RELEARNING
    else:
        assert (after.phase, after.interval) == (Phase.REVIEW, case["again"]["review_days"])


# Asked of the Anki 26.9.3 backend in the same way, for what that file does not hold: where each rating leads
# a card of this phase, on this step (stability, difficulty, study days elapsed), as seconds or as minus days.
STEP_CASES = [
    (Phase.NEW, (60, 600), 0, None, 0, (60, 330, 600, -8)),
    (Phase.NEW, (600,), 0, None, 0, (600, 900, -2, -8)),
    (Phase.NEW, (), 0, None, 0, (18316, -1, -2, -8)),
    (Phase.LEARNING, (60, 600), 0, Memory(3.3267, 3.978), 0, (60, 330, 600, -6)),
    (Phase.LEARNING, (60, 600), 1, Memory(0.4743, 6.898), 1, (60, 600, -2, -4)),
    (Phase.LEARNING, (60, 600, 3600), 1, Memory(24.3352, 7.336), 0, (60, 600, 3600, -36)),
    (Phase.LEARNING, (600,), 0, Memory(0.0115, 3.373), 0, (600, 900, -1, -2)),
    (Phase.LEARNING, (), 0, Memory(0.0045, 2.975), 30, (370, 24556, 40574, -2)),
    (Phase.RELEARNING, (600,), 0, Memory(0.0455, 4.202), 5, (600, 900, -2, -3)),
    (Phase.RELEARNING, (60, 600), 0, Memory(42.4027, 8.816), 0, (60, 330, 600, -60)),
    (Phase.RELEARNING, (), 0, Memory(11.2804, 6.599), 2, (-1, -14, -16, -19)),
]


@pytest.mark.parametrize(("phase", "seconds", "step", "memory", "elapsed", "expected"), STEP_CASES)
def test_a_card_on_a_step_goes_where_anki_sends_it(
    phase: Phase,
    seconds: tuple[int, ...],
    step: int,
    memory: Memory | None,
    elapsed: int,
    expected: tuple[int, ...],
) -> None:
    steps = tuple(timedelta(seconds=value) for value in seconds)
    last_day = None if memory is None else DAYS.day(NOW) - timedelta(days=elapsed)
    card = Card("note#0", "note", 0, phase=phase, step=step, memory=memory, last_day=last_day)
    settings = SchedulerSettings(learning_steps=steps, relearning_steps=steps, fuzz=False)
    preview = Scheduler(settings, MemoryModel(), DAYS).preview(card, NOW)
    assert tuple(scheduled(after, NOW) for after in preview.values()) == expected


def test_a_passed_review_whose_interval_hardly_shrank_keeps_it_as_in_anki() -> None:
    last_day = DAYS.day(NOW) - timedelta(days=30)
    memory = Memory(1.0806, 1.72)
    card = Card("note#0", "note", 0, phase=Phase.REVIEW, memory=memory, interval=17, last_day=last_day)
    assert EXACT.answer(card, Rating.HARD, NOW).interval == 17
