import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.cards.formats.markdown import parse_deck, read_deck, write_deck
from lrcards.cards.model import Face, Note, NoteKind, Source
from lrcards.errors import DeckError
from lrcards.text import clean


def parse(text: str) -> list[Note]:
    return parse_deck(text, path="notes.md")


def sides(text: str) -> list[tuple[str, str]]:
    return [(note.question, note.answer) for note in parse(text)]


def mistake(text: str) -> str:
    with pytest.raises(DeckError) as caught:
        parse(text)
    return str(caught.value)


# The grammar of hashcards: its own tests' inputs, with the cards it makes of them.
@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("Q: What is Rust?\nA: A language.", [("What is Rust?", "A language.")]),
        ("Q: foo\nbaz\nbaz\nA: FOO\nBAR\nBAZ", [("foo\nbaz\nbaz", "FOO\nBAR\nBAZ")]),
        ("Q: foo\nA: bar\n\nQ: baz\nA: quux\n\n", [("foo", "bar"), ("baz", "quux")]),
        ("Q: foo\nA: bar\n---\nQ: baz\nA: quux", [("foo", "bar"), ("baz", "quux")]),
        ("Q: foo\nA: bar\n---\n---\nQ: baz\nA: quux", [("foo", "bar"), ("baz", "quux")]),
        ("Q: foo\nA: bar\n---", [("foo", "bar")]),
        ("Q: foo\nA: bar\n\nQ: foo\nA: bar\n\n", [("foo", "bar")]),
        ("Q: foo\nA:\n\n- a\n- b\n", [("foo", "- a\n- b")]),
        ("C: [foo]\nQ: Question\nA: Answer", [("[foo]", ""), ("Question", "Answer")]),
        ("C: [foo]\n---\nC: [bar]", [("[foo]", ""), ("[bar]", "")]),
        ("C: [foo]\nC: [bar]", [("[foo]", ""), ("[bar]", "")]),
        ("C: foo [bar]\n\nC: foo [bar]", [("foo [bar]", "")]),
        ("C: [foo]\n[bar]\nbaz.", [("[foo]\n[bar]\nbaz.", "")]),
        ("C:\nBuild.\n\n— [Paul Graham], [_Hackers_]\n\n", [("Build.\n\n— [Paul Graham], [_Hackers_]", "")]),
        ('---\nname = "X"\n---\n\nQ: a\nA: b', [("a", "b")]),
        ("---\n---\n\nQ: a\nA: b", [("a", "b")]),
        (" ---\nQ: a\nA: b\n ---", []),
    ],
)
def test_a_deck_of_hashcards_has_the_same_cards(text, cards):
    if cards:
        assert sides(text) == cards
    else:
        assert "front matter" in mistake(text)


def test_a_note_says_where_it_stands_and_which_deck_it_is_in():
    first, second = parse("Q: a\nA: b\n\nC: [c] and [d]\n")
    assert first == Note("", "notes", NoteKind.BASIC, "a", "b", source=Source("notes.md", 1))
    assert (second.kind, second.ordinals, second.source) == (NoteKind.CLOZE, (0, 1), Source("notes.md", 4))


@pytest.mark.parametrize(
    ("front", "deck", "expected"),
    [
        ("", None, "notes"),
        ('---\nname = "N"\n---\n', None, "N"),
        ('+++\nname = "N"\n+++\n', "given", "given"),
    ],
)
def test_the_deck_is_named_by_the_caller_else_the_front_matter_else_the_file(front, deck, expected):
    (note,) = parse_deck(front + "Q: a\nA: b", path="some/notes.md", deck=deck)
    assert note.deck == expected


def test_tags_of_the_deck_come_before_those_of_the_note():
    (note,) = parse('---\ntags = ["x", "#y"]\n---\nQ: a\nA: b\n<!-- tags: z, #x, "p, q" -->')
    assert note.tags == ("x", "y", "z", "p, q")


def test_yaml_front_matter_is_passed_over_and_lines_still_count():
    (note,) = parse("---\ntitle: Learning rate\naliases:\n  - lr\n---\n\nQ: a\nA: b")
    assert note.source == Source("notes.md", 7)


def test_metadata_may_stand_in_several_comments_within_or_after_the_card():
    (note,) = parse("Q: a\n<!-- id: i -->\nA: b\n<!-- tags: t -->\nc\n\n<!-- LAB: kink -->\n")
    assert (note.guid, note.tags, note.experiment, note.answer) == ("i", ("t",), {"preset": "kink"}, "b\nc")


def test_a_comment_says_how_a_note_is_asked_and_in_which_deck():
    (note,) = parse("Q: a\nA: b\n<!-- cards: both ways; answer: typed; deck: Other::Sub -->")
    assert (note.kind, note.typed, note.ordinals, note.deck) == (
        NoteKind.REVERSED,
        True,
        (0, 1),
        "Other::Sub",
    )


def test_the_deck_that_the_caller_names_wins_over_that_of_a_comment():
    (note,) = parse_deck("Q: a\nA: b\n<!-- deck: Other -->", path="notes.md", deck="Given")
    assert note.deck == "Given"


def test_a_note_has_the_faces_that_name_it_wherever_they_stand():
    first, second = "Q: d\nA:\n<!-- with: i#1#4 -->", "Q: e\nA: f\n<!-- with: i#1#2 -->"
    note, other = parse(f"Q: a\nA: b\n<!-- id: i#1 -->\n\nC: [c]\n\n{first}\n\n{second}")
    assert (note.guid, note.kind, note.ordinals) == ("i#1", NoteKind.FACES, (0, 4, 2))
    assert note.faces == (Face("a", "b"), Face("d", ""), Face("e", "f"))
    assert other.kind is NoteKind.CLOZE


def test_the_ordinals_of_faces_and_deletions_are_what_the_comment_says():
    cloze, faces = parse(
        "C: [a] [b]\n<!-- ordinals: 3, 0 -->\n"
        "Q: c\nA: d\n<!-- id: i; ordinals: 2 -->\nQ: e\nA: f\n<!-- with: i -->"
    )
    assert cloze.ordinals == (3, 0)
    assert faces.ordinals == (2, 3)


def test_other_comments_are_left_out_of_the_text():
    assert sides("<!-- a deck -->\nQ: a\nA: b\n<!-- note: shorten -->\n<!--SR:!2024-01-01,3,250-->\nc") == [
        ("a", "b\nc")
    ]


def test_a_lab_fence_is_the_experiment_as_plain_data():
    (note,) = parse(
        'Q: a\nA: b\n```lab\npreset = "kink"\nrates = [1, 0.1]\n[schedule]\nname = "step"\n```\nc'
    )
    assert note.experiment == {"preset": "kink", "rates": [1, 0.1], "schedule": {"name": "step"}}
    assert note.answer == "b\nc"


def test_grammar_inside_a_fence_is_text():
    code = "```python\nQ: x\n---\n<!-- id: y -->\n> [!question] z\nQ\\: w\n```"
    assert sides(f"Q: a\nA: {code}\nend") == [("a", f"{code}\nend")]
    assert sides(f"Q: a\nA:\n{code}") == [("a", code)]
    assert sides("Q: a\nA: x\n- ~~~\n  Q: y\n  ~~~") == [("a", "x\n- ~~~\n  Q: y\n  ~~~")]
    assert sides("Q: a\nA:\n```\n> ```\n```") == [("a", "```\n> ```\n```")]


def test_escaped_grammar_is_text_without_its_backslash():
    text = "Q: a\nA: b\nQ\\: c\n\\---\n  \\<!-- d -->\n\\> [!faq] e\n\\```\nf \\--- \\x\n\\alpha"
    assert sides(text) == [("a", "b\nQ: c\n---\n  <!-- d -->\n> [!faq] e\n```\nf \\--- \\x\n\\alpha")]


NOTE = """\
---
title: Learning rate
tags: [ml]
---
# Learning rate

Prose with [[links|words]], $x$ and [brackets].

| rule | rate |
|------|------|
| step | $0.1$ |

```python
> [!question] not a card
```

> [!note] not a card either
> text

## Active Recall

> [!question]- Which regimes are there?
> Three:
> - too small
>
> $$
> \\eta
> $$
> > [!tip] nested
> > more
>
> ```python
> Q: x
> ---
> ```
> <!-- id: regimes; tags: core -->

   > [!FAQ]+ Second [[page|question]]
   > Answer

<!-- lab: kink -->

Prose <!-- id: x --> after it.

> [!help|wide] Third
>Answer
```lab
preset = "kink"
```
"""


def test_a_note_gives_one_card_a_callout_and_ignores_the_prose():
    first, second, third = parse(NOTE)
    assert first.question == "Which regimes are there?"
    assert first.answer == (
        "Three:\n- too small\n\n$$\n\\eta\n$$\n> [!tip] nested\n> more\n\n```python\nQ: x\n---\n```"
    )
    assert (first.guid, first.tags) == ("regimes", ("core",))
    assert (second.question, second.answer) == ("Second [[page|question]]", "Answer")
    assert second.experiment == third.experiment == {"preset": "kink"}
    assert third.source is not None
    assert NOTE.split("\n")[third.source.line - 1] == "> [!help|wide] Third"


def test_callouts_and_tagged_cards_mix():
    assert sides("Q: a\nA: b\n> [!question] c\n> d\n\nprose\nQ: e\nA: f") == [
        ("a", "b"),
        ("c", "d"),
        ("e", "f"),
    ]
    assert sides("> [!question] a\n> b\n> [!question] c\n> d") == [("a", "b"), ("c", "d")]


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path):
    path = tmp_path / "deck.md"
    path.write_bytes("\ufeffQ: a\r\nb\r\nA: c\r\n".encode())
    (note,) = read_deck(path)
    assert (note.question, note.answer, note.deck) == ("a\nb", "c", "deck")


def test_control_characters_do_not_get_past_the_parser():
    front, comment, fence = 'name = "n\\u001b"', 'id: "i\\u001b"', 'preset = "\\u001b"'
    (note,) = parse(f"---\n{front}\n---\nQ: a\x1b\nA: b\n<!-- {comment} -->\n```lab\n{fence}\n```")
    assert "\x1b" not in repr(note)
    assert (note.deck, note.guid, note.question, note.experiment) == ("n�", "i�", "a�", {"preset": "�"})


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("A: x", 1, "without a question"),
        ("Q: a", 1, "ends before the question"),
        ("Q: a\nQ: b\nA: c", 2, "A new question begins"),
        ("Q: a\nC: [b]", 2, "“C:” before"),
        ("Q: a\n---\nA: b", 2, "“---” before"),
        ("Q: a\n> [!question] c\n> d", 2, "A callout begins"),
        ("Q: a\nA: b\nA: c", 3, "A second “A:”"),
        ("C: [a]\nA: b", 2, "cloze card"),
        ("C: a", 1, "no deletion"),
        ("C: `a[0]`", 1, "no deletion"),
        ("C:", 1, "question is empty"),
        ("Q:\nA: b", 1, "question is empty"),
        ("Q: a\nA:\n\n---", 1, "no answer"),
        ("text\nQ: a\nA: b", 1, "belongs to no card"),
        ("# Title\n\n#hashtag\nQ: a\nA: b", 3, "belongs to no card"),
        ("Q: a\nA: b\n---\n\ntext", 5, "belongs to no card"),
        ("Q: a\nA: b\n```py\nQ: c", 3, "never closed"),
        ("> [!question] a\n> ```\ntext", 2, "never closed"),
        ("> [!question]\n> a", 1, "question is empty"),
        ("> [!question] a\n\ntext", 1, "no answer"),
        ("> [!question] a\n> b\nA: c", 3, "after a callout"),
        ("---\nname = x y\n---\nQ: a\nA: b", 2, "TOML"),
        ("---\nname 5\n---\nQ: a\nA: b", 2, "TOML"),
        ("+++\ntitle: x\n+++\nQ: a\nA: b", 2, "TOML"),
        ("---\n\nnme = 'x'\n---\nQ: a\nA: b", 3, "Did you mean “name”?"),
        ("---\nname = ''\n---\nQ: a\nA: b", 1, "name"),
        ("---\ntags = 'x'\n---\nQ: a\nA: b", 1, "tags"),
        ("---\nname = 'x'\nQ: a\nA: b", 1, "not closed"),
        ("---\nQ: a\nA: b\n---\nQ: c\nA: d", 1, "not closed"),
        ("Q: a\nA: b\n<!-- tag: x -->", 3, "Did you mean “tags”?"),
        ("Q: a\nA: b\n<!-- id: x; colour: red -->", 3, "no “colour”"),
        ("Q: a\nA: b\n<!-- id: x -->\n<!-- id: y -->", 4, "says “id” twice"),
        ("Q: a\nA: b\n<!-- id: x -->\n\nQ: c\nA: d\n<!-- id: x -->", 5, "taken by the card of line 1"),
        ('Q: a\nA: b\n<!-- id: "x -->', 3, "quoted text"),
        ("<!-- id: x -->\nQ: a\nA: b", 1, "no card"),
        ("Q: a\nA: b\n<!-- cards: twice -->", 3, "“cards” cannot be “twice”"),
        ("Q: a\nA: b\n<!-- answer: spoken -->", 3, "“answer: typed”"),
        ("C: [a]\n<!-- cards: both ways -->", 2, "each deletion"),
        ("C: [a] [b]\n<!-- ordinals: 1 -->", 1, "ordinals do not fit"),
        ("C: [a] [b]\n<!-- ordinals: 1, 1 -->", 1, "ordinals do not fit"),
        ("C: [a] [b]\n<!-- ordinals: one, 1 -->", 2, "not whole numbers"),
        ("Q: a\nA: b\n<!-- ordinals: 1 -->", 1, "ordinals do not fit"),
        ("Q: a\nA: b\n<!-- with: x -->", 1, "has the id “x”"),
        ("Q: a\nA: b\n<!-- with: x; id: y -->", 1, "nothing but"),
        ("C: [a]\n<!-- id: x -->\nQ: a\nA: b\n<!-- with: x#1 -->", 3, "no further face"),
        ("Q: a\nA: b\n<!-- id: x -->\nQ: c\nA: d\n<!-- with: x#0 -->", 1, "ordinals do not fit"),
        ("Q: a\nA: b\n---\n```lab\n```", 4, "no card"),
        ("Q: a\nA: b\n<!-- lab: x -->\n```lab\n```", 4, "two experiments"),
        ("Q: a\nA: b\n```lab\n\nx = \n```", 5, "TOML"),
        ("Q: a\nA: b\n```lab\nx = 1979-05-27\n```", 4, "date"),
        ("Q: a\nA: b\n```lab\nx = " + "[" * 5_000 + "\n```", 4, "nested"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(text, line, words):
    told = mistake(text)
    assert told.startswith(f"notes.md:{line}: ")
    assert words in told
    assert told.count(".") >= 3


def test_a_file_without_cards_is_told_what_was_looked_for():
    for text in ("# A note\n\nProse.", "<!-- nothing -->"):
        assert "no cards" in mistake(text)
        assert "“Q:”" in mistake(text)
    assert "empty" in mistake(" \n")


def test_a_file_that_cannot_be_read_is_told_so(tmp_path: Path):
    latin = tmp_path / "latin.md"
    latin.write_bytes(b"Q: a\nA: \xe9")
    for path, words in (
        (latin, "latin.md:2: The file is not UTF-8"),
        (tmp_path, "cannot"),
        (tmp_path / "no.md", "cannot"),
    ):
        with pytest.raises(DeckError, match=words):
            read_deck(path)


LINES = st.one_of(
    st.sampled_from(
        [
            *(
                "Q: x",
                "A:",
                "C: [y]",
                "Q\\: x",
                "Q\\\\:",
                "---",
                " --- ",
                "\\---",
                "```",
                "``` ",
                "````",
                "~~~",
                "```lab",
            ),
            *(
                "- ```py",
                "> ```",
                "<!-- id: x -->",
                "\\<!-- x -->",
                "<!--",
                "> [!question] q",
                ">",
                "",
                "  ",
                "+++",
            ),
            *("\\", "  \\\\```", "name = 1", "[a]", "\\[b\\]", "$x$", "- - ~~~", "1. ```", "\u2028---"),
        ]
    ),
    st.text(st.characters(exclude_characters="\n"), max_size=12),
)
TEXTS = (
    st.lists(LINES, min_size=1, max_size=8).map(lambda lines: clean("\n".join(lines)).strip()).filter(bool)
)


@pytest.mark.parametrize("note", [Note("", "d", NoteKind.BASIC, "a", ""), Note("", "d", NoteKind.CLOZE, "a")])
def test_a_note_that_no_deck_can_hold_is_not_written(note):
    with pytest.raises(DeckError, match="“a” has no"):
        write_deck([note], name="d")


@given(TEXTS)
def test_any_text_is_a_deck_or_a_deck_error(text):
    with contextlib.suppress(DeckError):
        assert parse(text)


def test_five_thousand_cards_take_well_under_a_second():
    text = "\n".join(
        f"Q: Question {i} on $x_{i}$?\nA: Answer {i}\n<!-- id: q{i}; tags: a, b -->\n\nC: [No {i}] is [b].\n"
        for i in range(2_500)
    )
    start = time.process_time()
    assert len(parse(text)) == 5_000
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "line",
    ["<!-- id: " + '"' + '\\"' * 50_000 + " -->", "<!-- tags: " + '",' * 50_000 + " -->", "[x](" * 30_000],
)
def test_a_hostile_line_takes_no_time(line):
    start = time.process_time()
    with contextlib.suppress(DeckError):
        parse(f"C: [a]\n{line}")
    assert time.process_time() - start < 10


def test_headings_above_the_cards_and_between_them_say_nothing():
    deck = "# Title\n\nQ: a\nA: b\n\n---\n\n## Part 2\n\n### Part 2.1\nQ: c\nA: d\n# of the answer\n"
    answers = [(note.question, note.answer) for note in parse_deck(deck, path="d.md")]
    assert answers == [("a", "b"), ("c", "d\n# of the answer")]
