"""Cards that are answered by choosing: what is drawn, asked, stored and refused."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from lrcards.cards.formats.markdown import parse_deck
from lrcards.cards.model import Note, NoteKind, Rating
from lrcards.collection.store import Collection
from lrcards.descent.questions import KINDS
from lrcards.errors import DeckError, ExperimentError
from lrcards.experiments import prepared, problems_of, warnings_about
from lrcards.session import Sitting
from lrcards.study.days import StudyDays
from lrcards.study.settings import StudySettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOWL = """
Q: On $\\lambda x^2/2$ with $\\lambda = {curvature}$, what do the iterates do at η = {rate}?
<!-- id: bowl -->
```lab
ask = "regime"
objective = {name = "quadratic", curvatures = ["{curvature}"]}
rate = "{rate}"
start = 8
steps = 60

[vary]
curvature = [1, 2, 4]
rate = [0.2, 0.4, 0.5, 0.8, 1, 2]
```
"""


def parse(text: str) -> Note:
    (note,) = parse_deck(text, path="notes.md")
    return note


def ordinary(**experiment: object) -> Note:
    return Note("why", "notes", NoteKind.BASIC, "Why?", "Because.", experiment=experiment)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.open(tmp_path / "collection.sqlite") as collection:
        yield collection


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def sit(collection: Collection, *notes: Note) -> Sitting:
    collection.import_notes(notes, NOON)
    return Sitting(collection, StudySettings(), StudyDays(UTC), Clock(), Random(1))


def test_a_choice_card_shows_its_values_and_choices_and_the_computed_answer(collection: Collection) -> None:
    shown = sit(collection, parse(BOWL)).current
    assert shown is not None
    assert shown.question is not None
    assert "{" not in shown.face.question.replace("= {", "").replace("}$", "")
    assert len(shown.question.choices) == 4
    assert shown.face.answer.startswith(shown.question.answer)
    assert shown.question.because.split(";")[0].split(" = ")[0] in shown.face.answer
    assert shown.note.question == parse(BOWL).question


def test_the_authors_words_follow_the_computed_answer(collection: Collection) -> None:
    shown = sit(collection, parse(BOWL + "A: At η = {rate} look at $1 - \\eta\\lambda$.")).current
    assert shown is not None
    assert shown.face.answer.rpartition("\n\n")[2].startswith("At η = ")
    assert "{rate}" not in shown.face.answer


def test_an_ordinary_card_asks_for_no_choice(collection: Collection) -> None:
    shown = sit(collection, ordinary(preset="kink", ask="cycle")).current
    assert shown is not None
    assert shown.question is None
    assert shown.face.answer == "Because."


@pytest.mark.parametrize("is_right", [True, False])
def test_the_choice_suggests_a_rating_and_is_stored_with_the_answer(
    collection: Collection, is_right: bool
) -> None:
    sitting = sit(collection, parse(BOWL))
    shown = sitting.current
    assert shown is not None
    assert shown.question is not None
    assert sitting.suggested is None
    choice = shown.question.truth if is_right else (shown.question.truth + 1) % 4
    assert sitting.predict(shown.question, choice) is is_right
    assert sitting.suggested is (Rating.GOOD if is_right else Rating.AGAIN)
    sitting.answer(Rating.HARD)
    (review,) = collection.reviews(shown.card.guid)
    assert review.rating is Rating.HARD
    assert review.prediction == {
        "asked": "regime",
        "chosen": shown.question.choices[choice],
        "truth": shown.question.answer,
        "held": is_right,
    }
    assert sitting.suggested is None


def test_only_the_first_choice_counts(collection: Collection) -> None:
    sitting = sit(collection, parse(BOWL))
    shown = sitting.current
    assert shown is not None
    assert shown.question is not None
    wrong = (shown.question.truth + 1) % 4
    assert not sitting.predict(shown.question, wrong)
    assert sitting.predict(shown.question, shown.question.truth)
    assert sitting.suggested is Rating.AGAIN


def test_a_prediction_in_the_lab_of_an_ordinary_card_is_stored_too(collection: Collection) -> None:
    sitting = sit(collection, ordinary(preset="kink", ask="cycle"))
    shown = sitting.current
    assert shown is not None
    question = prepared(shown.note, shown.card.reviews).question
    assert question is not None
    assert question.answer == "18.5 ↔ 19.5"
    sitting.predict(question, question.truth)
    sitting.answer(Rating.GOOD)
    (review,) = collection.reviews(shown.card.guid)
    assert review.prediction is not None
    assert review.prediction["held"]


def test_what_is_taken_back_is_asked_again_with_the_same_values_and_no_choice_made(
    collection: Collection,
) -> None:
    sitting = sit(collection, parse(BOWL))
    before = sitting.current
    assert before is not None
    assert before.question is not None
    sitting.predict(before.question, 0)
    sitting.answer(Rating.GOOD)
    assert sitting.undo()
    assert sitting.current == before
    assert sitting.suggested is None


def test_reviews_draw_fresh_values() -> None:
    note = parse(BOWL)
    assert len({prepared(note, number).note.question for number in range(50)}) > 10


def test_the_lab_of_a_choice_card_asks_what_the_card_asks() -> None:
    note = parse(BOWL)
    for number in range(20):
        ready = prepared(note, number)
        again = prepared(note, number)
        assert ready.question == again.question
        assert ready.preset == again.preset


@pytest.mark.parametrize(
    ("experiment", "problem"),
    [
        ({"preset": "knik"}, "no preset 'knik': did you mean 'kink'?"),
        ({"preset": "kink", "rate": -1.0}, "a rate must be a finite number above 0, not -1.0"),
        ({"preset": "kink", "speed": 1}, "no key 'speed'"),
        ({"preset": "kink", "ask": "regimes"}, "no kind of question 'regimes': did you mean 'regime'?"),
        ({"preset": "kink", "ask": ["regime"]}, "no kind of question"),
        ({"objective": {"function": "open('x')"}, "rate": 1.0, "start": 1.0, "steps": 9}, "open"),
    ],
)
def test_an_experiment_that_cannot_run_is_a_warning_and_the_card_is_studied(
    collection: Collection, experiment: dict[str, object], problem: str
) -> None:
    note = ordinary(**experiment)
    (found,) = problems_of([note])
    assert isinstance(found, ExperimentError)
    assert problem in str(found)
    assert warnings_about([note]) == [str(found)]
    ready = prepared(note, 0)
    assert ready.problem == str(found)
    assert ready.preset is None
    assert ready.question is None
    shown = sit(collection, note).current
    assert shown is not None
    assert shown.face.answer == "Because."


def test_a_parametric_card_that_went_wrong_says_so_where_its_answer_would_be(collection: Collection) -> None:
    shown = sit(collection, parse(BOWL.replace('"quadratic"', '"quadric"'))).current
    assert shown is not None
    assert shown.question is None
    assert "no objective 'quadric'" in shown.face.answer


def test_a_note_without_an_experiment_has_nothing_to_run_and_nothing_wrong() -> None:
    note = parse("Q: Why?\nA: Because.")
    ready = prepared(note, 0)
    assert (ready.preset, ready.question, ready.problem) == (None, None, "")
    assert problems_of([note]) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("η = {rate}", "some η"),
            "reads the same with curvature = 1, rate = 0.2 as with curvature = 1, rate = 2",
        ),
        (('ask = "regime"', 'ask = "first"'), "With curvature = 1, rate = 0.2 no single choice is right"),
        (
            ("rate = [0.2", "rate = [-0.2"),
            "a rate must be a finite number above 0, not -0.2 (with curvature = 1",
        ),
        (("steps = 60", 'steps = "{curvature}"'), "no single choice is right"),
        (("curvature = [1, 2, 4]", "curvature = []"), "not numbers or texts"),
        (("rate = [0.2, 0.4, 0.5, 0.8, 1, 2]", "rates = [1]"), "Nothing uses “rates”"),
        (('ask = "regime"', 'ask = "regimes"'), "did you mean 'regime'?"),
    ],
)
def test_a_parametric_card_that_cannot_be_asked_is_refused_with_its_values(
    change: tuple[str, str], message: str
) -> None:
    note = parse(BOWL.replace(*change))
    (found,) = problems_of([note])
    assert isinstance(found, DeckError)
    assert str(found).startswith("notes.md:4: ")
    assert message in str(found)
    with pytest.raises(DeckError):
        warnings_about([note])


def test_two_lanes_that_arrive_together_for_some_values_are_refused_with_these() -> None:
    note = parse(
        BOWL.replace('ask = "regime"', 'ask = "first"')
        .replace('rate = "{rate}"', 'rates = [0.5, "{rate}"]')
        .replace("curvature = [1, 2, 4]", "curvature = [1]")
        .replace("rate = [0.2, 0.4, 0.5, 0.8, 1, 2]", "rate = {from = 0.6, to = 1.6, decimals = 1}")
    )
    assert "With curvature = 1, rate = 1.5 no single choice is right" in str(problems_of([note])[0])


def test_numbers_that_read_the_same_are_offered_once() -> None:
    text = BOWL.replace('ask = "regime"', 'ask = "next"').replace(
        "curvature = [1, 2, 4]", "curvature = [1e-7]"
    )
    assert "no single choice is right" in str(problems_of([parse(text)])[0])


def test_a_good_card_has_no_problem() -> None:
    assert problems_of([parse(BOWL), ordinary(preset="kink")]) == []


def test_the_example_of_the_deck_reference_can_be_asked() -> None:
    reference = (Path(__file__).parents[1] / "decks" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^````markdown\n(Q: On .*?)^````$", reference, re.DOTALL | re.MULTILINE)
    assert problems_of([parse(example)]) == []
    assert set(re.findall(r'^\| `"(\w+)"` \|', reference, re.MULTILINE)) == set(KINDS)
