"""What Anki's collections become here."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from lrcards.cards.content import face
from lrcards.cards.formats.anki.model import (
    AnkiCard,
    AnkiCollection,
    AnkiDeck,
    AnkiField,
    AnkiNote,
    AnkiNotetype,
    AnkiReview,
    AnkiTemplate,
)
from lrcards.cards.formats.anki.package import read_anki
from lrcards.cards.formats.anki.parcels import parcel_of
from lrcards.cards.formats.reading import read
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import Face, Memory, NoteKind, Phase, Rating, ReviewKind
from lrcards.cards.parcel import Parcel
from lrcards.study.days import StudyDays
from lrcards.study.options import DeckOptions

RECORDED = Path(__file__).parent / "recorded"
PACKAGES = [path.name for path in sorted(RECORDED.glob("*pkg"))]
DAY_OF = StudyDays(UTC).day
TODAY = date(2026, 11, 24)


@cache
def parcel(name: str) -> Parcel:
    return parcel_of(read_anki(RECORDED / name), day_of=DAY_OF)


def test_a_package_is_read_whatever_its_name(tmp_path):
    renamed = tmp_path / "deck.txt"
    renamed.write_bytes((RECORDED / "new.apkg").read_bytes())
    assert read([renamed], day_of=DAY_OF).notes == parcel("new.apkg").notes


def note(first: str, name: str = "new.apkg"):
    return next(each for each in parcel(name).notes if each.question.startswith(first))


def card(guid: str, name: str = "new.apkg"):
    return next(each for each in parcel(name).cards if each.guid == guid)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_note_and_card_of_every_layout_comes_in(name):
    collection, ours = read_anki(RECORDED / name), parcel(name)
    assert ours.skipped == ()
    assert [each.guid for each in ours.notes] == [each.guid for each in collection.notes]
    assert len(ours.cards) == len(collection.cards)
    assert all(mistake_in(each) is None for each in ours.notes)
    assert {each.name for each in ours.media} == set(collection.media)


def test_all_layouts_of_one_collection_give_the_same():
    first, *others = (parcel(name) for name in ("new.apkg", "new_legacy.apkg", "new.colpkg"))
    for other in others:
        assert other.notes == first.notes
        assert other.reviews == first.reviews


def test_notes_of_the_standard_notetypes_are_in_our_own_form():
    assert note("What is").kind is NoteKind.BASIC
    assert note("What is").question == r"What is $\eta$?"
    assert note("What is").answer == "The **learning rate**\\\n♪ `tone.mp3`"
    assert note("What is").tags == ("rate::η", "sgd")
    assert (note("Hund").kind, note("Hund").answer) == (NoteKind.REVERSED, "dog")
    assert note("Katze").kind is NoteKind.REVERSED
    assert note("Maus").kind is NoteKind.BASIC
    assert note("7 × 6").typed


def test_nested_deletions_with_hints_become_faces():
    cloze = note("[…] and")
    assert cloze.kind is NoteKind.FACES
    assert cloze.ordinals == (0, 1, 2)
    assert face(cloze, 0).question == "[…] and $x^{2}$, […]"
    assert face(cloze, 1) == Face(
        "Outer [a hint] text and $x^{2}$, again",
        "Outer **inner** text and $x^{2}$, again\\\nextra",
    )


def test_the_faces_of_other_templates_are_those_that_anki_shows():
    own = note("term")
    assert (own.kind, own.ordinals) == (NoteKind.FACES, (0, 1))
    assert own.faces[0] == Face("term (Hint)", "definition")


def test_a_card_stands_where_it_stood():
    learning = card("Q&07U(<lF.#0")
    assert (learning.phase, learning.step, learning.due_day) == (Phase.LEARNING, 1, None)
    assert learning.due_at == datetime(2026, 11, 24, 19, 2, 59, tzinfo=UTC)
    review = card("b7x.HsR|VT#0")
    assert (review.phase, review.interval, review.reviews, review.lapses) == (Phase.REVIEW, 25, 5, 1)
    assert review.memory == Memory(19.9726, 1.0)
    assert (review.due_day, review.last_day) == (TODAY + timedelta(25), TODAY)
    assert card("IWZmAxs+Rk#0").suspended
    assert card("Nn{XtPpoqN#0").buried_until == TODAY + timedelta(1)
    assert card("Nn{XtPpoqN#0").flag == 7
    assert card("DztcuaK>PV#0").position == 11


def test_a_card_of_a_filtered_deck_is_at_home():
    collection = read_anki(RECORDED / "new.apkg")
    filtered = {deck.id for deck in collection.decks if deck.is_filtered}
    away = [each for each in collection.cards if each.deck_id in filtered]
    names = {deck.id: deck.name for deck in collection.decks}
    notes = {each.id: each.guid for each in collection.notes}
    decks = {each.guid: each.deck for each in parcel("new.apkg").notes}
    for each in away:
        assert decks[notes[each.note_id]] == names[each.original_deck_id]


def test_the_log_has_the_same_ids_whenever_it_is_read():
    reviews = parcel("new.apkg").reviews
    assert reviews == parcel_of(read_anki(RECORDED / "new.colpkg"), day_of=DAY_OF).reviews
    assert len({review.id for review in reviews}) == len(reviews)
    assert all(review.id[14] == "7" for review in reviews)
    assert list(reviews) == sorted(reviews, key=lambda review: review.id)


def test_options_are_what_the_learner_can_set():
    options = parcel("new.apkg").options
    assert options["Physik::Mechanik::Übung"]["desired_retention"] == 0.83
    assert len(options["Deck, with “marks” & <b>"]["parameters"]) == 19
    assert options["Deck, with “marks” & <b>"]["leech_action"] == "suspend"
    for changed in options.values():
        DeckOptions(**{**changed, "leech_action": None})


def test_with_a_deck_named_every_note_is_in_it():
    ours = parcel_of(read_anki(RECORDED / "new.apkg"), day_of=DAY_OF, deck="Mine")
    assert {each.deck for each in ours.notes} == {"Mine"}
    assert not ours.options


CREATED = datetime(2026, 1, 1, 4, tzinfo=UTC)
BASIC = AnkiNotetype(
    1,
    "Basic",
    False,
    (AnkiField("Front"), AnkiField("Back"), AnkiField("Extra")),
    (AnkiTemplate("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}<br>{{Extra}}"),),
)
CLOZE = AnkiNotetype(
    2,
    "Cloze",
    True,
    (AnkiField("Text"), AnkiField("Extra")),
    (AnkiTemplate("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),),
)


def a_card(**changes) -> AnkiCard:
    values = (10, 5, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, "")
    return AnkiCard(*values)._replace(**changes)


def ours(*fields: str, notetype=BASIC, cards=None, reviews=()) -> Parcel:
    return parcel_of(
        AnkiCollection(
            CREATED,
            timedelta(0),
            notetypes=(notetype,),
            decks=(AnkiDeck(1, "Default"),),
            notes=(AnkiNote(5, "guid", notetype.id, 0, (), fields),),
            cards=(a_card(),) if cards is None else cards,
            reviews=reviews,
        ),
        day_of=DAY_OF,
    )


def test_extra_fields_on_the_back_make_a_face_when_they_hold_something():
    assert ours("a", "b", "<br>").notes[0].kind is NoteKind.BASIC
    (more,) = ours("a", "b", "c").notes
    assert more.faces == (Face("a", "b\\\nc"),)


@pytest.mark.parametrize(
    ("text", "cards", "markdown", "ordinals"),
    [
        ("{{c1::Paris}} and {{c3::<b>Rome</b>}} [x]", (0, 2), r"[Paris] and [**Rome**] \[x\]", (0, 2)),
        ("{{c2::a}} {{c1::b}}", (0, 1), "[a] [b]", (1, 0)),
        (r"{{c1::\(x^2\)}}", (0,), "[$x^2$]", (0,)),
        ("<i>{{c1::a}}</i>", (0,), "*[a]*", (0,)),
    ],
)
def test_plain_deletions_are_ours(text, cards, markdown, ordinals):
    made = tuple(a_card(id=10 + ordinal, ordinal=ordinal) for ordinal in cards)
    (cloze,) = ours(text, "", notetype=CLOZE, cards=made).notes
    assert (cloze.kind, cloze.question, cloze.ordinals) == (NoteKind.CLOZE, markdown, ordinals)


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::a}} {{c1::b}}",
        "{{c1::a::hint}}",
        "{{c1::a {{c1::b}}}}",
        r"\(x^{{c1::2}}\)",
        "<code>{{c1::a}}</code>",
        "{{c1::a}} \ue0f0",
        "{{c1::a}}" * 2,
    ],
)
def test_other_deletions_are_faces(text):
    (cloze,) = ours(text, "", notetype=CLOZE).notes
    assert cloze.kind is NoteKind.FACES
    assert mistake_in(cloze) is None


def test_a_blank_front_a_missing_card_and_a_broken_template_are_skipped_with_a_reason():
    assert ours("<br>", "b", "").skipped[0].reason == "the front of its card is blank"
    assert ours("a", "b", "", cards=()).skipped[0].reason == "it has no cards"
    broken = AnkiNotetype(1, "Own", False, BASIC.fields, (AnkiTemplate("Card 1", "{{#Front}}", ""),))
    assert "never closes {{Front}}" in ours("a", "b", "", notetype=broken).skipped[0].reason


def entry(day: int, ease: int = 3, kind: int = 1, **changes) -> AnkiReview:
    at = CREATED + timedelta(days=day, hours=5)
    return AnkiReview(int(at.timestamp() * 1000), 10, ease, 4, 2, 2500, 3000, kind)._replace(**changes)


def test_answers_are_told_from_other_entries():
    log = (
        entry(0, kind=0, interval=-600, last_interval=-60),
        entry(1, duration_ms=10**12),
        entry(2, ease=0, kind=5),
        entry(3, kind=3, factor=0),
    )
    reviews = ours("a", "b", "", reviews=log).reviews
    assert [review.rating for review in reviews] == [Rating.GOOD] * 3
    assert [review.kind for review in reviews] == [ReviewKind.STUDY, ReviewKind.STUDY, ReviewKind.CRAM]
    assert [review.phase for review in reviews] == [Phase.NEW, Phase.REVIEW, Phase.REVIEW]
    assert [review.scheduled for review in reviews] == [600, -4, -4]
    assert [review.last_interval for review in reviews] == [0, 2, 2]
    assert reviews[1].duration_ms == 86_400_000


def test_answers_before_a_reset_count_as_cramming():
    log = (entry(0, kind=0), entry(5), entry(9, ease=0, kind=4, factor=0), entry(12, kind=0))
    reviews = ours("a", "b", "", reviews=log).reviews
    assert [review.kind for review in reviews] == [ReviewKind.CRAM, ReviewKind.CRAM, ReviewKind.STUDY]
    assert reviews[-1].phase is Phase.NEW


def test_numbers_that_no_anki_would_write_are_brought_within_bounds():
    far = 2**31 - 1
    card = a_card(type=2, queue=2, due=far, interval=far, reps=-5, lapses=-5, flags=255, modified=2**40)
    (wild,) = ours("a", "b", "", cards=(card,), reviews=(entry(0, interval=far, last_interval=far),)).cards
    assert (wild.due_day, wild.interval) == (date(9999, 12, 30), 36500)
    assert (wild.reviews, wild.lapses, wild.flag) == (0, 0, 7)
    assert ours("a", "b", "", cards=(card._replace(due=-far, interval=0),)).cards[0].due_day.year == 2


def test_a_learning_card_that_waits_for_days_is_due_on_a_day():
    (waiting,) = ours("a", "b", "", cards=(a_card(type=1, queue=3, due=9, left=1001, reps=2),)).cards
    assert (waiting.due_day, waiting.due_at, waiting.phase) == (date(2026, 1, 10), None, Phase.LEARNING)
    assert waiting.step == 1
