import pytest

from lrcards.cards.editing import as_text, edited
from lrcards.cards.formats.markdown import parse_deck
from lrcards.cards.model import Face, Note, NoteKind
from lrcards.errors import DeckError

DECK = """\
Q: What is an epoch?
A: One pass.
<!-- id: epoch; tags: training; lab: kink -->

---

C: A step is [η] times the [gradient].
<!-- id: step -->

---

Q: At $\\eta = {rate}$: where does the next step lead?
<!-- id: draw -->
```lab
ask = "next"
objective = {name = "quadratic", curvatures = ["1"]}
rate = "{rate}"
start = 10

[vary]
rate = [0.5, 1]
```
"""
NOTES = {note.guid: note for note in parse_deck(DECK, path="deck.md", deck="Rates::Mine")}


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
def test_a_text_that_was_left_alone_changes_nothing(note: Note) -> None:
    read = edited(note, 0, as_text(note, 0))
    assert (read.question, read.answer, read.tags) == (note.question, note.answer, note.tags)


def test_question_answer_and_tags_are_taken_from_the_text() -> None:
    text = as_text(NOTES["epoch"], 0).replace("One pass.", "One pass\n\nthrough all.")
    text = text.replace("training", "basics").replace("What is an", "What's one")
    read = edited(NOTES["epoch"], 0, text)
    assert (read.question, read.answer) == ("What's one epoch?", "One pass\n\nthrough all.")
    assert read.tags == ("basics",)


def test_a_cloze_can_have_other_deletions() -> None:
    text = as_text(NOTES["step"], 0).replace("[gradient]", "gradient")
    assert edited(NOTES["step"], 0, text).question == "A step is [η] times the gradient."


def test_of_a_note_of_faces_the_face_of_the_card_is_edited() -> None:
    faces = (Face("one", "eins"), Face("eins", "one"))
    note = Note("g|!&<-->", "D", NoteKind.FACES, "one", "eins", ordinals=(0, 3), faces=faces)
    text = as_text(note, 3)
    assert text.endswith("Q: eins\nA: one\n")
    assert edited(note, 3, text.replace("A: one", "A: 1")).answer == "1"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("A: One pass.", "", "card.md:8: The file ends before the question has an answer"),
        ("A: One pass.", "A: One pass.\n\nQ: another\nA: one", "card.md: There is more than one card"),
        ("tags:", "id: other; tags:", "card.md: Only the question"),
        ("tags:", "lab: kink; tags:", "card.md: Only the question"),
        ("Rates::Mine", "Elsewhere", "card.md: Only the question"),
        ("Q: What is an epoch?\nA: One pass.", "C: [One pass.]", "card.md: Only the question"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(old: str, new: str, words: str) -> None:
    with pytest.raises(DeckError) as refused:
        edited(NOTES["epoch"], 0, as_text(NOTES["epoch"], 0).replace(old, new))
    assert str(refused.value).startswith(words)
