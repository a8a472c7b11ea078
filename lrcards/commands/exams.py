"""The commands about exams: ``lrcards exam …``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lrcards.commands.shared import as_json, collection_option, open_desk, print_json, run_app
from lrcards.errors import ExamError
from lrcards.printing import Printed, say

if TYPE_CHECKING:
    from textual.screen import Screen

    from lrcards.desk import Desk
    from lrcards.exams.mock import Mock
    from lrcards.exams.plans import ExamPlans
    from lrcards.study.exam.mock_test import MockTest

DEFAULT_QUESTIONS = 20


@click.group(name="exam")
def exam() -> None:
    """Be best on the day of an exam: plan toward it, and take mock tests.

    \b
    lrcards exam add Finals --date +30 --query tag:core
    lrcards exam plan
    """


@exam.command()
@click.argument("name")
@click.option("--date", "day", required=True, metavar="DATE", help="YYYY-MM-DD, or +N for in N days.")
@click.option("--query", required=True, help='What it covers, as a search; see "lrcards search -h".')
@click.option("--minutes", type=float, default=20.0, show_default=True, help="Of study on a day.")
@click.option(
    "--on",
    "other_days",
    multiple=True,
    metavar="DAY=MINUTES",
    help="Other minutes on a weekday (sat=60, sun=0) or a date; repeat for more.",
)
@click.option("--target", type=float, metavar="SHARE", help="The recall you want on the day, such as 0.95.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="QUERY=WEIGHT",
    help="How much cards count that a search finds, if not 1; the first that finds a card decides.",
)
@collection_option
def add(
    name: str,
    day: str,
    query: str,
    minutes: float,
    other_days: tuple[str, ...],
    target: float | None,
    weights: tuple[str, ...],
) -> None:
    """Add the exam NAME, or change it.

    \b
    lrcards exam add Optimisation --date 2027-02-12 --query deck:Optimisers --minutes 25
    lrcards exam add Finals --date +30 --query 'tag:core' --on sun=0 --on sat=60 --target 0.95
    """
    from lrcards.collection.exams import keep_exam
    from lrcards.exams.plans import cards_of, countdown
    from lrcards.study.exam.exam import Exam
    from lrcards.study.exam.exam_texts import day_from, other_days_from, weight_from
    from lrcards.text import counted

    with open_desk() as desk:
        now = desk.clock()
        today = desk.days.day(now)
        on_weekdays, on_days = other_days_from(other_days)
        chosen = Exam(
            name.strip(),
            day_from(day, today),
            query,
            minutes,
            on_weekdays,
            on_days,
            target,
            tuple(map(weight_from, weights)),
        )
        cards = cards_of(desk.collection, chosen, desk.rules, now)
        keep_exam(desk.collection, chosen, now)
    say(
        f"{chosen.name} is {countdown(chosen.days_left(today))} and covers "
        f"{counted(cards, 'card')}. The plan: lrcards exam plan"
    )


@exam.command(name="list")
@as_json
@collection_option
def list_(as_json: bool) -> None:
    """List the exams, past ones too.

    \b
    lrcards exam list
    lrcards exam list --json
    """
    from lrcards.collection.exams import exams_of
    from lrcards.exams.plans import countdown

    with open_desk() as desk:
        exams, today = exams_of(desk.collection), desk.days.day(desk.clock())
    if as_json:
        rows = [
            {
                "name": exam.name,
                "date": exam.day.isoformat(),
                "query": exam.query,
                "minutes": exam.minutes,
            }
            for exam in exams
        ]
        print_json(rows)
        return
    if not exams:
        say("There are no exams. Add one: lrcards exam add -h tells how.")
    for exam in exams:
        when = countdown(exam.days_left(today)) if exam.day > today else "over"
        say(f"{exam.day}  {exam.name} ({when}): {exam.query}, {exam.minutes:g} minutes a day")


@exam.command()
@as_json
@collection_option
def plan(as_json: bool) -> None:
    """Say what to expect of the exams ahead, and plan the study toward them.

    Tells the mean recall on the day if nothing more is done, by the normal schedule within the same
    minutes, and by the plan, which reviews and introduces each day what brings most by then. Exams that
    overlap are planned together and share their minutes.

    \b
    lrcards exam plan
    lrcards exam plan --json
    """
    from lrcards.exams.plans import as_data, in_words

    with open_desk() as desk:
        plans, language = planned(desk), desk.settings.dates
    if as_json:
        print_json(as_data(plans))
        return
    for line in in_words(plans, language):
        say(line)


@exam.command()
@click.argument("name")
@collection_option
def remove(name: str) -> None:
    """Remove the exam NAME; every answer and every schedule stays as it is.

    \b
    lrcards exam remove Finals
    """
    from lrcards.collection.exams import remove_exam

    with open_desk() as desk:
        remove_exam(desk.collection, name, desk.clock())
    say(f"Removed {name}. The normal schedule goes on as if there had been no exam.")


@exam.command()
@click.argument("name", required=False)
@click.option("--query", help="Draw from the cards that this search finds, instead of an exam's.")
@click.option("--questions", type=click.IntRange(min=1), metavar="N", help="How many. [default: 20]")
@click.option("--minutes", type=click.FloatRange(min=0.5), metavar="M", help="How long it may take.")
@click.option("--seed", type=int, metavar="N", help="Draw the same test again.")
@click.option("--count", "counts", is_flag=True, help="Let the answers count as reviews in the end.")
@click.option("--resume", is_flag=True, help="Go on with the test that was interrupted last.")
@click.option("--plain", is_flag=True, help="Line by line, as always in a pipe.")
@collection_option
def take(name: str | None, resume: bool, plain: bool, **drawn: Any) -> None:
    """Take a mock test on the exam NAME, or on the next one.

    Each question asks first how sure you are, then for the answer. Choices and typed answers are graded;
    otherwise you grade yourself. An interrupted test can be resumed. The schedule is not touched, unless
    you say --count.

    \b
    lrcards exam take Finals --questions 30
    lrcards exam take --query tag:schedules --minutes 10 --seed 7
    """

    def chosen(desk: "Desk") -> "Mock":
        return resumed(desk) if resume else begun(desk, name, **drawn)

    def first(desk: "Desk") -> "Screen[None]":
        from lrcards.tui.screens.mock import MockScreen

        return MockScreen(chosen(desk))

    if not plain and sys.stdin.isatty() and sys.stdout.isatty():
        run_app(first)
        return
    from lrcards.exams.mock_line_by_line import take as take_plainly
    from lrcards.exams.mock_report import markdown

    with open_desk() as desk:
        mock = chosen(desk)
        take_plainly(mock, sys.stdin, Printed(sys.stdout))
        if mock.test.finished_at is not None:
            say()
            say(markdown(mock.test, others_like(desk, mock.test), desk.collection), nl=False)


@exam.command()
@click.argument("name", required=False)
@as_json
@click.option("--markdown", "path", type=click.Path(path_type=Path), help="Write it to this file.")
@collection_option
def report(name: str | None, as_json: bool, path: Path | None) -> None:
    """Say what the last finished mock test came to, of NAME or of all.

    The score with its interval, by topic and beside the recall that was predicted, how well you knew what
    you knew, and the weakest cards.

    \b
    lrcards exam report
    lrcards exam report Finals --markdown finals.md
    """
    from lrcards.collection.mock_tests import mock_tests_of
    from lrcards.exams.mock_report import as_data, markdown, save

    with open_desk() as desk:
        tests = [
            test
            for test in mock_tests_of(desk.collection)
            if test.finished_at is not None and name in (None, test.name)
        ]
        if not tests:
            of = f" of “{name}”" if name else ""
            raise ExamError(f"no mock test{of} was finished yet", "Take one: lrcards exam take")
        test = tests[-1]
        others = others_like(desk, test)
        if as_json:
            print_json(as_data(test, others, desk.collection))
            return
        text = markdown(test, others, desk.collection)
    if path is None:
        say(text, nl=False)
    else:
        save(path, text)
        say(f"Wrote {path}.")


@exam.command()
@click.option("--cards", type=click.IntRange(1, 5000), default=400, show_default=True, help="All new.")
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True)
@click.option("--minutes", type=click.FloatRange(min=1), default=20.0, show_default=True, help="A day.")
@click.option("--students", type=click.IntRange(min=2), default=5, show_default=True, help="To simulate.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--all", "all_cells", is_flag=True, help="Every cell of 7 to 60 days; takes half an hour.")
@as_json
def compare(
    cards: int, days: int, minutes: float, students: int, seed: int, all_cells: bool, as_json: bool
) -> None:
    """Compare the plan with other ways to study, by simulated students.

    They forget by FSRS with parameters that the planner does not know, and all have the same minutes a
    day. Shows the mean recall on the exam day with the half width of its 95 % interval. The last column,
    all minutes squeezed into the last three days, is for information: it breaks the minutes of a day.

    \b
    lrcards exam compare --cards 200 --days 10
    lrcards exam compare --students 10 --json
    """
    from lrcards.study.exam.trial import CELLS, FOR_INFORMATION, RULES, Cell
    from lrcards.study.exam.trial import compare as fare

    rules = {**RULES, **FOR_INFORMATION}
    rows = []
    if not as_json:
        say(f"{'days':>4} {'cards':>5} {'min':>4}" + "".join(f"{rule:>22}" for rule in rules))
    for cell in CELLS if all_cells else (Cell(cards, days, minutes),):
        results = dict(fare(cell, range(seed, seed + students), rules))
        if as_json:
            rows.append(
                {"cards": cell.cards, "days": cell.days, "minutes": cell.minutes}
                | {rule: {"mean": one.mean, "margin": one.margin} for rule, one in results.items()}
            )
        else:
            fared = "".join(f"{f'{one.mean:.3f} ± {one.margin:.3f}':>22}" for one in results.values())
            say(f"{cell.days:>4} {cell.cards:>5} {cell.minutes:>4g}{fared}")
    if as_json:
        print_json(rows)


def begun(
    desk: "Desk",
    name: str | None,
    query: str | None,
    questions: int | None,
    minutes: float | None,
    seed: int | None,
    counts: bool,
) -> "Mock":
    """Begin a mock test on a search, or on the exam of a name, or on the next one.

    Raises:
        ExamError: there is no such exam, or nothing to ask.
    """
    from lrcards.collection.exams import exams_of
    from lrcards.exams.mock import Mock
    from lrcards.study.exam.exam import upcoming

    if query is None:
        exams = exams_of(desk.collection)
        chosen = [exam for exam in exams if exam.name == name] if name else None
        ahead = upcoming(exams, desk.days.day(desk.clock())) if chosen is None else chosen
        if not ahead:
            what = f"there is no exam “{name}”" if name else "there is no exam ahead"
            raise ExamError(what, "Say what to ask: lrcards exam take --query 'deck:*'")
        name, query = ahead[0].name, ahead[0].query
    return Mock.begin(
        desk.collection,
        desk.rules,
        desk.clock,
        desk.random,
        name=name or query,
        query=query,
        questions=DEFAULT_QUESTIONS if questions is None and minutes is None else questions,
        minutes=minutes,
        seed=seed,
        counts=counts,
    )


def resumed(desk: "Desk") -> "Mock":
    """Return the mock test that was interrupted last.

    Raises:
        ExamError: there is none.
    """
    from lrcards.exams.mock import Mock

    if mock := Mock.resume(desk.collection, desk.rules, desk.clock):
        return mock
    raise ExamError("no test was interrupted", "Begin one: lrcards exam take")


def others_like(desk: "Desk", test: "MockTest") -> "list[MockTest]":
    """Return the other tests of the same name."""
    from lrcards.collection.mock_tests import mock_tests_of

    return [one for one in mock_tests_of(desk.collection) if one.name == test.name and one.id != test.id]


def planned(desk: "Desk") -> "ExamPlans":
    """Return the plan toward the exams ahead; a bar on standard error shows how far it is."""
    from lrcards.exams.plans import plan_exams

    bar = click.progressbar(length=100, label="Planning", file=sys.stderr, hidden=not sys.stderr.isatty())
    with bar:

        def report(hundredths: int) -> None:
            bar.update(hundredths - bar.pos)

        return plan_exams(report, desk.collection.path, desk.settings.study, desk.days, desk.clock())
