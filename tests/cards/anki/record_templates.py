"""Record what a real Anki shows of templates and deletions, in ``recorded/templates.json``.

Run it in an environment of its own (``pip install anki``, here 26.9.3):

    python tests/cards/anki/record_templates.py
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from anki.collection import Collection

CASES = [
    ("cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}", text)
    for text in (
        "{{c1::a}} b {{c2::c}}",
        "{{c1::a::hint}} {{c1::b}}",
        "{{c1::a {{c2::b}} c}}",
        "{{c1::a {{c2::b::why}} c::what}} {{c3::d}}",
        "{{c1::{{c1::a}}}}",
        "{{c2::only two}}",
        "closed}} {{c1::a}}",
        "{{c1::}} {{c2::x}}",
        "{{c1::a::b::c}}",
        r"\({{c1::x}}\)",
        "{{c1,2::both}} {{c2::two}}",
        "{{c1::<b>bold</b>}} and <i>{{c2::it}}</i>",
        "{{c1::a::}}",
        "{{c0::zero}} {{c1::one}}",
    )
] + [
    ("basic", front, back, "text")
    for front, back in (
        ("{{Text}}", "{{FrontSide}}<hr id=answer>{{Extra}}"),
        ("{{#Extra}}{{Text}} filled{{/Extra}}{{^Extra}}{{Text}} empty{{/Extra}}", "{{Extra}}"),
        (
            "{{^Blank}}no blank{{/Blank}} {{Text}}",
            "{{#Blank}}x{{/Blank}}{{#Text}}{{#Extra}}y{{/Extra}}{{/Text}}",
        ),
        ("{{text:Markup}} {{Text}}", "{{Markup}}"),
        ("{{Text}} {{Tags}} {{Deck}} {{Subdeck}} {{Card}} {{Type}}", "{{ Extra }}"),
        ("<!-- {{Nothing}} --> {{Text}}", "{{=<% %>=}}<%Extra%>"),
        ("{{=<% %>=}}<%Text%>", "x"),
        ("{{Text}} { {Text}} {{text:Text}}", "{{text:text:Markup}}"),
    )
]
FIELDS = {"Extra": "more", "Blank": "<br> <div></div>", "Markup": "a <b>b</b> &amp; c"}


def recorded() -> list[dict]:
    told = []
    with TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "c.anki2"))
        for number, (kind, front, back, text) in enumerate(CASES):
            notetype = collection.models.new(f"Own {number}")
            notetype["type"] = int(kind == "cloze")
            for name in ("Text", *FIELDS):
                collection.models.add_field(notetype, collection.models.new_field(name))
            template = collection.models.new_template("Card 1")
            template["qfmt"], template["afmt"] = front, back
            collection.models.add_template(notetype, template)
            collection.models.add(notetype)
            note = collection.new_note(collection.models.by_name(f"Own {number}"))
            note["Text"] = text
            for name, value in FIELDS.items():
                note[name] = value
            note.tags = ["one", "two"]
            collection.add_note(note, collection.decks.id("Deck::Sub"))
            shown = {
                card.ord: [card.render_output().question_text, card.render_output().answer_text]
                for card in note.cards()
            }
            case = {"kind": kind, "front": front, "back": back, "text": text}
            told.append({**case, "name": f"Own {number}", "shown": shown})
        collection.close()
    return told


if __name__ == "__main__":
    path = Path(__file__).parent / "recorded" / "templates.json"
    told = json.dumps({"fields": FIELDS, "cases": recorded()}, ensure_ascii=False, indent=1)
    path.write_text(told + "\n", "utf-8")
