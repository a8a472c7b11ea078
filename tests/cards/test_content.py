import pytest
from markdown_it import MarkdownIt

from lrcards.cards.content import deletions, face, ordinals, text_to_edit, with_text, without_brackets
from lrcards.cards.model import Face, Note, NoteKind


def cloze(text: str, numbers: tuple[int, ...] = ()) -> Note:
    return Note("g", "d", NoteKind.CLOZE, text, ordinals=numbers)


# First hashcards' own tests, then where we go further.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Foo [bar] baz [quux].", ["bar", "quux"]),
        ("Foo [bar] ![](image.jpg) [quux].", ["bar", "quux"]),
        ("Key: [`\\[`]", ["`[`"]),
        ("\\[markdown\\] [`\\[cloze\\]`]", ["`[cloze]`"]),
        ("[foo]\n[bar]\nbaz.", ["foo", "bar"]),
        ("[n!] is [$n!$] factorial", ["n!", "$n!$"]),
        ("The string `\\alpha` renders as [$\\alpha$].", ["$\\alpha$"]),
        ("[a [b] c]", ["b"]),
        ("— [Ecclesiastes] [6]:[9]", ["Ecclesiastes", "6", "9"]),
        ("`x[0]` and $[0,1]$ and $$[2]$$ are [closed]", ["closed"]),
        ("```\nx[0]\n```\n[a]", ["a"]),
        ("[text](https://a.b/c) [file](notes.md#x) [top](#top) [mail](mailto:a@b.c) [x]", ["x"]),
        ('[text](http://a.b "title") [x]', ["x"]),
        ("[Paris](the capital) and [f](x)", ["Paris", "f"]),
        ("[see [text](http://a.b) there]", ["see [text](http://a.b) there"]),
        ("[[page]] [[page|label]] ![[embed]] ![$a$](u.png) [x]", ["x"]),
        ("(0, 1] and [ ] and []", []),
        ("\\\\[x]", ["x"]),
    ],
)
def test_the_deletions_of_a_text_are_found(text, expected):
    assert deletions(text) == expected


def test_a_card_hides_its_own_deletion_and_shows_the_others():
    note = cloze("[Adam] joins [momentum] and RMSProp.", (4, 2))
    assert ordinals(note) == (4, 2)
    assert face(note, 2).question == "Adam joins […] and RMSProp."
    assert face(note, 2).answer == "Adam joins **momentum** and RMSProp."
    assert face(note, 4).question == "[…] joins momentum and RMSProp."


def test_a_deletion_before_a_bracket_or_colon_makes_no_link():
    markdown = MarkdownIt("commonmark")
    for text in ("[lr]: step", "[Paris](France)"):
        html = markdown.render(face(cloze(text, (0,)), 0).question)
        assert "[…]" in html
        assert "<a" not in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a [b] c", "a <strong>b</strong> c"),
        ("pre[fix]ed", "pre<strong>fix</strong>ed"),
        ("[ a ]b", "<strong>a</strong> b"),
        ("_[x]_", "<em><strong>x</strong></em>"),
        ("**[x]**", "<strong><strong>x</strong></strong>"),
        ("[*x* y]", "<strong><em>x</em> y</strong>"),
        ("[`\\[`]", "<strong><code>[</code></strong>"),
        ("c[(a)]b", "c(a)b"),
    ],
)
def test_the_answer_shows_its_deletion_in_bold(text, html):
    assert MarkdownIt("commonmark").render(face(cloze(text, (0,)), 0).answer) == f"<p>{html}</p>\n"


def test_wiki_links_are_shown_as_their_labels():
    question = "[[page|label]] [[other]] ![[image.png]] `[[code]]` $[[x]]$"
    note = Note("g", "d", NoteKind.BASIC, question, "| [[a\\|b]] |")
    assert face(note, 0).question == "label other image.png `[[code]]` $[[x]]$"
    assert face(note, 0).answer == "| b |"


def test_a_basic_note_has_one_card():
    note = Note("g", "d", NoteKind.BASIC, "a [b]", "c")
    assert ordinals(note) == (0,)
    assert (face(note, 0).question, face(note, 0).answer) == ("a [b]", "c")


def test_ordinals_that_do_not_fit_the_text_are_counted_anew():
    assert ordinals(cloze("[a] [b]", (0,))) == (0, 1)


def test_an_ordinal_without_a_deletion_has_no_face():
    with pytest.raises(ValueError, match="not in tuple"):
        face(cloze("[a]", (0,)), 1)


def test_the_text_without_brackets_does_not_depend_on_what_is_deleted():
    assert without_brackets("[a] b (0, 1]") == without_brackets("a [b] (0, 1]") == "a b (0, 1]"


def test_a_reversed_note_is_asked_both_ways() -> None:
    note = Note("g", "d", NoteKind.REVERSED, "loss", "[[Verlust]]")
    assert ordinals(note) == (0, 1)
    assert face(note, 0) == Face("loss", "Verlust")
    assert face(note, 1) == Face("Verlust", "loss")


def test_a_note_of_faces_shows_each_by_its_ordinal() -> None:
    faces = (Face("q0", "a0"), Face("q2", "a2"))
    note = Note("g", "d", NoteKind.FACES, "q0", "a0", ordinals=(0, 2), faces=faces)
    assert ordinals(note) == (0, 2)
    assert face(note, 2) == text_to_edit(note, 2) == Face("q2", "a2")
    with pytest.raises(ValueError, match="not in tuple"):
        face(note, 1)


def test_the_first_face_is_the_text_of_a_note_of_faces() -> None:
    faces = (Face("q0", "a0"), Face("q1", "a1"))
    note = Note("g", "d", NoteKind.FACES, "q0", "a0", ordinals=(0, 1), faces=faces)
    second = with_text(note, 1, "q", "a")
    assert (second.question, second.faces) == ("q0", (faces[0], Face("q", "a")))
    first = with_text(note, 0, "q", "a")
    assert (first.question, first.answer, first.faces) == ("q", "a", (Face("q", "a"), faces[1]))
