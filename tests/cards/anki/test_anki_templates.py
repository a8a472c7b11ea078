"""Templates and deletions show what a real Anki shows (recorded by ``record_templates.py``)."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from lrcards.cards.formats.anki.templates import Content, is_typed, parse, render
from lrcards.errors import DeckError

RECORDED = json.loads((Path(__file__).parent / "recorded" / "templates.json").read_text("utf-8"))


def words(html: str) -> str:
    shown = re.sub(r"<!--.*?-->|</?[a-gi-z][^<>]*>", "", re.sub("<[bh]r[^<>]*>", " ", html))
    return " ".join(unescape(shown).replace("[...]", "[…]").split())


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["text"] + case["front"])
def test_both_sides_show_what_anki_shows(case):
    special = {
        "Tags": "one two",
        "Deck": "Deck::Sub",
        "Subdeck": "Sub",
        "Card": "Card 1",
        "Type": case["name"],
    }
    fields = {**special, **RECORDED["fields"], "Text": case["text"]}
    for ordinal, (question, answer) in case["shown"].items():
        number = int(ordinal) + 1
        front = render(parse(case["front"]), Content(fields, number, int(ordinal)), is_answer=False)
        assert words(front) == words(question)
        content = Content({**fields, "FrontSide": front}, number, int(ordinal))
        assert words(render(parse(case["back"]), content, is_answer=True)) == words(answer)


def test_an_answer_that_is_typed_is_nothing_in_the_question_and_itself_in_the_answer():
    template, content = (
        parse("{{type:cloze:Text}}{{type:Back}}"),
        Content({"Text": "{{c1::a}} {{c2::b}}", "Back": "c"}, number=2),
    )
    assert is_typed(template)
    assert render(template, content, is_answer=False) == ""
    assert render(template, content, is_answer=True) == "bc"


def test_what_is_spoken_is_left_out_and_readings_stay_as_they_are_written():
    template = parse("{{tts en_US:Text}}{{furigana:Text}}{{hint:Blank}}")
    content = Content({"Text": " 漢字[かんじ]", "Blank": ""})
    assert render(template, content, is_answer=False) == " 漢字[かんじ]"


@pytest.mark.parametrize("template", ["{{#a}}", "{{/a}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "{{#a}}" * 100_000])
def test_sections_that_do_not_nest_are_mistakes(template):
    with pytest.raises(DeckError):
        parse(template)


def test_half_a_field_is_text():
    assert parse("{{" * 20_000) == ("{{" * 20_000,)
