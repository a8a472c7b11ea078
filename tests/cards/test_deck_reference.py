import re
from pathlib import Path

import pytest

from lrcards.cards.formats.markdown import parse_deck, read_deck
from lrcards.cards.model import Note, NoteKind

DECKS = Path(__file__).parents[2] / "decks"
REFERENCE = (DECKS / "README.md").read_text(encoding="utf-8")
EXAMPLES = [
    example[2] for example in re.finditer(r"^(`{3,})markdown\n(.*?)^\1$", REFERENCE, re.DOTALL | re.MULTILINE)
]


def cards(begins: str) -> list[Note]:
    """Return the notes of the one example that begins so."""
    (example,) = [example for example in EXAMPLES if example.startswith(begins)]
    return parse_deck(example, path="example.md")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n")[0])
def test_every_example_of_the_reference_is_a_deck(example):
    assert parse_deck(example, path="example.md")


def test_the_examples_mean_what_the_reference_says():
    assert len(EXAMPLES) == 13
    assert len(cards("Q: What does the learning rate")) == 2
    assert cards("C: The simplest")[0].ordinals == (0, 1)
    assert cards("C: `x[0]`")[0].ordinals == (0,)
    assert [note.question for note in cards("---\ntitle")] == ["Why not use one rate for the whole run?"]
    assert cards("Q: How does a card")[0].answer == "With\nQ: and the question."
    assert cards("---\nname")[0].deck == "Optimisation::Learning rate"
    update, small = cards("Q: Write the update")
    assert (update.guid, update.tags, update.experiment) == (
        "lr-update",
        ("update", "core"),
        {"preset": "update-rule"},
    )
    assert (small.guid, small.experiment) == ("lr-small", {"preset": "too-small"})
    spaced = cards("#flashcards")
    assert [(note.kind, note.deck) for note in spaced] == [
        (NoteKind.BASIC, "biology"),
        (NoteKind.REVERSED, "biology"),
        (NoteKind.BASIC, "biology"),
        (NoteKind.CLOZE, "biology"),
    ]
    (german,) = cards("Q: der Gradient")
    assert (german.kind, german.typed, german.deck) == (NoteKind.REVERSED, True, "German")
    (france,) = cards("Q: Capital of France")
    assert (france.guid, france.ordinals, len(france.faces)) == ("france", (0, 1), 2)
    assert cards("Q: What does the iterate")[0].experiment == {"preset": "kink", "rates": [0.3]}


@pytest.mark.parametrize("path", sorted(DECKS.glob("*.md")), ids=lambda path: path.name)
def test_every_shipped_deck_is_a_deck(path):
    if path.name != "README.md":
        assert read_deck(path)
