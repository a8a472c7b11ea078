"""Record packages that a real Anki writes, and what Anki itself says is in them.

Run it in an environment of its own (``pip install anki``, here 26.9.3); it writes ``recorded/new.*``:

    python tests/cards/anki/record_anki.py

With two arguments it imports a package into a collection, and prints what Anki says is then in it:

    python tests/cards/anki/record_anki.py COLLECTION.anki2 PACKAGE

Anki is licensed under the AGPL: it is asked here, never copied from.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

RECORDED = Path(__file__).parent / "recorded"
DAY = 86_400
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILES = {
    "pixel.png": PIXEL,
    "übung größer.png": PIXEL + b"\0",
    "tone.mp3": bytes(range(256)) * 20,
    "_font.woff": b"woff",
}
PARAMETERS = {"fsrsParams6": 21, "fsrsParams5": 19, "fsrsWeights": 17}


def record() -> None:
    with TemporaryDirectory() as folder:
        collection = Collection(f"{folder}/collection.anki2")
        # 40 days of history need a collection that is older than they are.
        collection.db.execute("update col set crt = crt - ?", 40 * DAY)
        collection.close()
        collection = Collection(f"{folder}/collection.anki2")
        fill(collection)
        (RECORDED / "new.json").write_text(
            json.dumps(told(collection), indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
        options = {"with_scheduling": True, "with_deck_configs": True, "with_media": True}
        for name, is_legacy in (("new", False), ("new_legacy", True)):
            collection.export_anki_package(
                out_path=str(RECORDED / f"{name}.apkg"),
                options=ExportAnkiPackageOptions(legacy=is_legacy, **options),
                limit=None,
            )
            collection.export_collection_package(
                str(RECORDED / f"{name}.colpkg"), include_media=True, legacy=is_legacy
            )
            collection.reopen()
        collection.close()


def fill(collection: Collection) -> None:
    collection.set_config("fsrs", True)
    for name, data in FILES.items():
        collection.media.write_data(name, data)
    tree = collection.decks.id("Physik::Mechanik::Übung")
    other = collection.decks.id("Deck, with “marks” & <b>")
    make_presets(collection, tree, other)
    make_notetype(collection)
    add(
        collection,
        tree,
        "Basic",
        ["What is \\(\\eta\\)?", "The <b>learning rate</b><br>[sound:tone.mp3]"],
        "sgd rate::η",
    )
    add(
        collection, tree, "Basic", ["Picture", '<img src="pixel.png"> <img src="übung größer.png">'], "marked"
    )
    add(
        collection,
        tree,
        "Basic",
        ["Raw <script>alert(1)</script> &lt;tag&gt;", "a\tb\n[latex]\\int[/latex] [$]x[/$]"],
        "",
    )
    add(collection, tree, "Basic (and reversed card)", ["Hund", "dog"], "")
    add(collection, other, "Basic (optional reversed card)", ["Katze", "cat", "y"], "animals")
    add(collection, other, "Basic (optional reversed card)", ["Maus", "mouse", ""], "animals")
    add(collection, other, "Basic (type in the answer)", ["7 × 6", "42"], "")
    add(
        collection,
        other,
        "Cloze",
        ["{{c1::Outer {{c2::inner::a hint}} text}} and {{c3::\\(x^{2}\\)}}, {{c1::again}}", "extra"],
        "",
    )
    add(collection, other, "Three faces", ["term", "definition", "", "a hint"], "own")
    add(collection, other, "Three faces", ["Begriff", "Definition", "Beispiel", ""], "own")
    for number in range(8):
        add(collection, tree, "Basic", [f"Question {number}", f"Answer {number}"], "")
    study(collection)


def make_presets(collection: Collection, tree: int, other: int) -> None:
    for name, deck, key in (
        ("Fitted", tree, "fsrsParams6"),
        ("Older", other, "fsrsParams5"),
        ("Oldest", 1, "fsrsWeights"),
    ):
        preset = collection.decks.add_config(name)
        preset["new"].update(delays=[0.5, 15, 1440], perDay=7)
        preset["rev"].update(perDay=77, maxIvl=777)
        preset["lapse"].update(delays=[], leechFails=5, leechAction=0)
        preset.update(
            {"desiredRetention": 0.87, key: [round(0.1 * n + 0.05, 2) for n in range(PARAMETERS[key])]}
        )
        collection.decks.update_config(preset)
        collection.decks.set_config_id_for_deck_dict(collection.decks.get(deck), preset["id"])
    deck = collection.decks.get(tree)
    deck.update(desc="A <i>description</i>", newLimit=3, reviewLimit=33, desiredRetention=83)
    collection.decks.save(deck)


def make_notetype(collection: Collection) -> None:
    models = collection.models
    notetype = models.new("Three faces")
    for name in ("Term", "Meaning", "Example", "Hint"):
        models.add_field(notetype, models.new_field(name))
    for name, front, back in (
        ("Recall", "{{Term}}{{#Hint}} {{hint:Hint}}{{/Hint}}", "{{FrontSide}}<hr id=answer>{{Meaning}}"),
        ("Recognise", "{{Meaning}}", "{{Term}} {{text:Meaning}} {{Tags}} {{Deck}} {{Card}}"),
        ("Example", "{{#Example}}{{Example}}{{/Example}}", "{{^Hint}}no hint{{/Hint}} {{type:Term}}"),
    ):
        template = models.new_template(name)
        template.update(qfmt=front, afmt=back, bqfmt="{{Term}}", bfont="Courier", bsize=14)
        models.add_template(notetype, template)
    notetype.update(css=".card { color: rebeccapurple; }", latexsvg=True, sortf=1)
    notetype["flds"][0].update(font="Georgia", size=31, rtl=True, sticky=True, description="the word")
    notetype["add-on"] = {"kept": [1, 2]}
    models.add(notetype)


def add(collection: Collection, deck: int, notetype: str, fields: list[str], tags: str) -> None:
    note = collection.new_note(collection.models.by_name(notetype))
    note.fields = fields
    note.tags = tags.split()
    collection.add_note(note, deck)


def study(collection: Collection) -> None:
    """Bring cards into every state that there is."""
    cards = [collection.get_card(card) for card in collection.find_cards("", order="c.id")]
    scheduler = collection.sched
    scheduler.set_due_date([card.id for card in cards[4:12]], "3")
    for number, card in enumerate(cards[4:12]):
        for ago, ease, interval, kind in (
            (30, 3, -600, 0),
            (29, 4, 4, 0),
            (25, 2, 9, 1),
            (12, 1 + number % 4, 14, 1),
        ):
            at = (scheduler.day_cutoff - ago * DAY) * 1000 + number
            values = (at, card.id, ease, interval, 4000 + number, kind)
            collection.db.execute("insert into revlog values (?, ?, -1, ?, ?, 1, 300, ?, ?)", *values)
        card.load()
        card.ivl, card.due = 15 + number, scheduler.today - 3 + number
        card.lapses, card.reps, card.factor = number % 3, 4, 2500
        collection.update_card(card)
    preset = collection.decks.config_dict_for_deck_id(cards[4].did)
    collection.decks.update_config(preset)
    for card, ease in (
        (cards[0], 1),
        (cards[1], 3),
        (cards[2], 4),
        (cards[4], 1),
        (cards[5], 3),
        (cards[6], 4),
    ):
        card.load()
        card.start_timer()
        scheduler.answerCard(card, ease)
    scheduler.suspend_cards([cards[7].id, cards[13].id])
    scheduler.bury_cards([cards[8].id, cards[14].id], manual=True)
    scheduler.bury_cards([cards[15].id], manual=False)
    for flag in range(1, 8):
        collection.set_user_flag_for_cards(flag, [cards[flag + 1].id])
    filtered = collection.decks.new_filtered("Borrowed")
    deck = collection.decks.get(filtered)
    deck["terms"] = [[f"cid:{cards[9].id},{cards[16].id}", 10, 0]]
    collection.decks.save(deck)
    scheduler.rebuild_filtered_deck(filtered)


def told(collection: Collection) -> dict:
    """Return what Anki says is in the collection."""
    media = Path(collection.media.dir())
    notes = [collection.get_note(note) for note in collection.find_notes("", order="n.id")]
    cards = [collection.get_card(card) for card in collection.find_cards("", order="c.id")]
    return {
        "today": collection.sched.today,
        "day_ends": collection.sched.day_cutoff,
        "notes": [
            {
                "id": note.id,
                "guid": note.guid,
                "notetype": note.note_type()["name"],
                "modified": note.mod,
                "tags": note.tags,
                "fields": dict(note.items()),
            }
            for note in notes
        ],
        "cards": [told_of_card(collection, card) for card in cards],
        "reviews": collection.db.all(
            "select id, cid, ease, ivl, lastIvl, factor, time, type from revlog order by id"
        ),
        "decks": {
            deck["name"]: {
                "preset": None if deck["dyn"] else collection.decks.get_config(deck["conf"])["name"],
                **deck,
            }
            for deck in collection.decks.all()
        },
        "presets": {preset["name"]: preset for preset in collection.decks.all_config()},
        "notetypes": {notetype["name"]: notetype for notetype in collection.models.all()},
        "media": {file.name: hashlib.sha1(file.read_bytes()).hexdigest() for file in media.iterdir()},
    }


def told_of_card(collection: Collection, card) -> dict:
    memory = card.memory_state
    return {
        "id": card.id,
        "note": card.nid,
        "deck": collection.decks.name(card.did),
        "home": collection.decks.name(card.odid) if card.odid else None,
        "home_due": card.odue,
        "ordinal": card.ord,
        "type": int(card.type),
        "queue": int(card.queue),
        "due": card.due,
        "interval": card.ivl,
        "factor": card.factor,
        "reps": card.reps,
        "lapses": card.lapses,
        "left": card.left,
        "flag": card.user_flag(),
        "memory": memory and [memory.stability, memory.difficulty],
        "desired_retention": card.desired_retention,
        "decay": card.decay,
        "last_review": card.last_review_time,
        "question": card.question(),
        "answer": card.answer(),
    }


def import_into(collection_path: str, package: str) -> dict:
    """Import a package; return what is then in the collection, and how many notes were new or updated."""
    collection = Collection(collection_path)
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options)).log
    imported = {"new": len(log.new), "updated": len(log.updated), "duplicate": len(log.duplicate)}
    answer = {"imported": imported, **told(collection)}
    collection.close()
    return answer


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(import_into(*sys.argv[1:])))
    else:
        record()
