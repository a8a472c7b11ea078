"""A call in a process of its own: its result, its progress, its mistakes, and an end before its time."""

import os
import threading
import time
from collections.abc import Callable

import pytest

from lrcards.apart import Errand, StoppedError
from lrcards.errors import LrcardsError

Report = Callable[[object], object]


def test_the_result_and_the_progress_come_from_another_process() -> None:
    told: list[object] = []
    process, total = Errand(add_up, 1, 2).run(told.append)
    assert (told, total) == ([1, 2], 3)
    assert process != os.getpid()


def test_a_mistake_comes_back_as_it_was_raised() -> None:
    with pytest.raises(LrcardsError) as caught:
        Errand(refuse).run(print)
    assert str(caught.value) == "a.md:3: it cannot be. Do something else."


def test_a_bug_comes_back_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        Errand(divide, 0).run(print)


def test_an_errand_can_be_stopped_while_it_runs() -> None:
    errand = Errand(never_end)
    with pytest.raises(StoppedError):
        errand.run(lambda _: threading.Thread(target=errand.stop).start())


def test_an_errand_that_was_stopped_does_not_begin() -> None:
    errand = Errand(never_end)
    errand.stop()
    with pytest.raises(StoppedError):
        errand.run(print)


def add_up(report: Report, *numbers: int) -> tuple[int, int]:
    print("What is printed must not be taken for the result.")
    for number in numbers:
        report(number)
    return os.getpid(), sum(numbers)


def refuse(_: Report) -> None:
    raise LrcardsError("it cannot be", "Do something else", path="a.md", line=3)


def divide(_: Report, number: int) -> float:
    return 1 / number


def never_end(report: Report) -> None:
    report(0)
    time.sleep(600)
