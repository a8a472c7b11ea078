import pytest

from lrcards.cards.formats.delimited import Separators, parse_list, parse_table, write_table
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError


def parse(text: str, **options) -> Parcel:
    return parse_table(text, path="cards.csv", **options)


def sides(text: str) -> list[tuple[str, str]]:
    return [(note.question, note.answer) for note in parse(text).notes]


# What Anki 26.09 makes of the same text.
@pytest.mark.parametrize(
    ("text", "found", "tags"),
    [
        ("a,b\nc,d\n", [("a", "b"), ("c", "d")], ()),
        ("a,b,t1 t2\n", [("a", "b")], ("t1", "t2")),
        ("a|b;c,d\n", [("a", "b;c,d")], ()),
        ('a "quoted" b,c\n', [('a "quoted" b', "c")], ()),
        ('"Hello" he,b\n', [("Hello he", "b")], ()),
        ('a\t"x""y"\n', [("a", 'x"y')], ()),
        ('a\t"x\ty"\n', [("a", "x\ty")], ()),
        ("#comment\na,b\n#inner\nc,d\n", [("a", "b"), ("c", "d")], ()),
        ('a,"x\n#y\nz"\n', [("a", "x\n#y\nz")], ()),
        ("#SEPARATOR:Comma\n#HTML:TRUE\n#Tags: g1 g2\na:b,c\n", [("a:b", "c")], ("g1", "g2")),
        ("tags: old tag\na\tb\n", [("a", "b")], ("old", "tag")),
        ("#separator:|\na|b\n", [("a", "b")], ()),
        ("#separator:Pipe,,\n#columns:Front|Back|Tags\n#tags column:3\na|b|t\n", [("a", "b")], ("t",)),
        ("#separator:Comma\n#guid column:1\n#tags column:4\nid,q,a,t\n", [("q", "a")], ("t",)),
        ("#separator:tab\n#columns:Back\tFront\na\tb\n", [("b", "a")], ()),
        ("#tags column:3\na\tb\tx y\n", [("a", "b")], ("x", "y")),
        ("#unknown:3\na\tb\r\n".replace("\r", ""), [("a", "b")], ()),
        ("#if matches:keep both\na,b\n", [("a", "b")], ()),
    ],
)
def test_a_text_is_the_notes_that_anki_makes_of_it(text, found, tags):
    assert sides(text) == found
    assert {note.tags for note in parse(text).notes} == {tags}


def test_columns_of_anki_name_notetype_deck_and_guid():
    text = (
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:7\n"
        "g|1\tBasic\tA::B\t<b>q</b>\ta<br>b\t\tx #y\n"
        "g2\tBasic (and reversed card)\tA\tq\ta\t\t\n"
        "g3\tBasic (optional reversed card)\tA\tq\ta\ty\t\n"
        "g4\tBasic (optional reversed card)\tA\tq\ta\t\t\n"
        "g5\tBasic (type in the answer)\tA\tq\ta\t\t\n"
        "g6\tMy own\tA\tq\ta\tmore\t\n"
    )
    first, both, reversed_, plain, typed, own = parse(text).notes
    assert (first.guid, first.deck, first.tags) == ("g|1", "A::B", ("x", "y"))
    assert first.question == "**q**"
    assert [note.kind for note in (first, both, reversed_, plain)] == [
        NoteKind.BASIC,
        NoteKind.REVERSED,
        NoteKind.REVERSED,
        NoteKind.BASIC,
    ]
    assert reversed_.answer == "a"
    assert (typed.typed, typed.kind) == (True, NoteKind.BASIC)
    assert own.answer == "a\n\nmore"


@pytest.mark.parametrize(
    ("text", "question", "ordinals"),
    [
        ("{{c1::a}} x[0] {{c3::$b$}} *em*\t", "[a] x\\[0\\] [$b$] *em*", (0, 2)),
        ("#html:true\n<b>{{c2::a}}</b> *x*\t", "**[a]** \\*x\\*", (1,)),
        ("{{C1::a}} and {{c1::a}}\t", "{{C1::a}} and [a]", (0,)),
    ],
)
def test_a_question_with_deletions_is_a_cloze_note(text, question, ordinals):
    (note,) = parse(text).notes
    assert (note.kind, note.question, note.answer, note.ordinals) == (NoteKind.CLOZE, question, "", ordinals)


@pytest.mark.parametrize(
    ("text", "faces"),
    [
        ("{{c2::a::hint}} b\t", [("[hint] b", "**a** b")]),
        ("{{c1::a {{c2::b}}}}\t", [("[…]", "**a b**"), ("a […]", "a **b**")]),
        ("{{c2::a}} {{c2::b}}\tmore", [("[…] […]", "**a** **b**\n\nmore")]),
        ("#html:true\n{{c2::a}}\t<i>more</i>", [("[…]", "**a**\n\n*more*")]),
    ],
)
def test_deletions_of_which_ours_cannot_say_the_same_become_faces(text, faces):
    (note,) = parse(text).notes
    assert note.kind is NoteKind.FACES
    assert [(face.question, face.answer) for face in note.faces] == faces
    assert (note.question, note.answer) == faces[0]


def test_deletions_of_a_single_card_with_more_below_are_a_question_and_its_answer():
    (note,) = parse("{{c1::a}} {{c1::b}}\tmore").notes
    assert (note.kind, note.question, note.answer) == (NoteKind.BASIC, "[…] […]", "**a** **b**\n\nmore")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("question,answer\nWhat is 10:30?,half past\n", [("What is 10:30?", "half past")]),
        ("Front;Back;Extra\na;b;c\n", [("a", "b\n\nc")]),
        ("ANSWER\tTerm\nb\ta\n", [("a", "b")]),
        ("What is 10:30?,half past\n", [("What is 10:30?", "half past")]),
        ("text\tother\na\tb\n", [("text", "other"), ("a", "b")]),
        ("a\tb\tt\tc\n", [("a", "b\n\nc")]),
        ("\n\n a , b \n,,\n", [("a", "b")]),
    ],
)
def test_a_heading_or_the_order_says_what_the_columns_are(text, found):
    assert sides(text) == found


def test_tags_may_be_separated_by_commas_where_anki_did_not_write_them():
    (note,) = parse('question,answer,tags\na,b,"x, #y;z"').notes
    assert note.tags == ("x", "y", "z")


def test_what_is_html_is_told_by_tags_in_the_first_rows_unless_a_header_says_it():
    assert sides("a,<b>x</b> &amp; y") == [("a", "**x** & y")]
    assert sides("#html:false\na,<b>x</b>") == [("a", "<b>x</b>")]
    assert sides("a,1 < 2 > 0") == [("a", "1 < 2 > 0")]


def test_a_row_that_makes_no_card_is_skipped_with_its_line():
    parcel = parse('a,b\n"c\nd",\n,e\n')
    assert [note.question for note in parcel.notes] == ["a"]
    assert [(one.reason, one.source and one.source.line) for one in parcel.skipped] == [
        ("“c d” has no answer", 2),
        ("The question is empty", 4),
    ]


def test_the_deck_is_that_of_the_row_else_of_the_header_else_of_the_file():
    assert [n.deck for n in parse("question,answer,deck\na,b,X\nc,d,").notes] == ["X", "cards"]
    assert [n.deck for n in parse("#deck:Y\na\tb").notes] == ["Y"]
    assert [n.deck for n in parse("#deck:Y\na\tb", deck="Z").notes] == ["Z"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('a,b\nc,"d\ne,f', 2, "never closed"),
        ('a,b\n"c\nd","e\nf', 3, "never closed"),
        ('a,"b""', 1, "never closed"),
        ("#html:true\n#separator:none\na\tb", 2, "separator “none” is not known"),
        ("#tags column:x\na\tb", 1, "tags column “x” is not a column"),
        ("kind,question,answer,experiment\n\nbasic,a,b,[1]", 3, "experiment"),
        ("kind,question,answer,ordinals\ncloze,[a],,x", 2, "ordinals"),
        ('kind,question,answer,faces\nfaces,a,b,"[1]"', 2, "faces"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, words):
    with pytest.raises(DeckError, match=words) as caught:
        parse(text)
    assert str(caught.value).startswith(f"cards.csv:{line}: ")


def test_a_list_has_the_separators_that_are_given_and_no_quotes():
    parcel = parse_list('a - "b\nc;\n\nd - e - f;g', Separators(" - ", ";"), path="list.txt")
    assert [(note.question, note.answer, note.source and note.source.line) for note in parcel.notes] == [
        ("a", '"b\nc', 1),
        ("d", "e - f", 4),
    ]
    assert [one.what for one in parcel.skipped] == ["g"]


def test_no_row_that_is_written_looks_like_a_comment():
    note = Note("#1", "#d", NoteKind.BASIC, "#q", "#a", ("#t",))
    assert [line for line in write_table([note]).split("\n") if line.startswith("#")] == []
