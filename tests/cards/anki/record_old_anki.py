"""Record packages as Anki wrote them before 2.1.50, without a note of their version.

Run it in an environment of its own (``pip install anki==2.1.44 'protobuf<4'``, Python 3.11); it writes
``recorded/old*``:

    python tests/cards/anki/record_old_anki.py

With the first scheduler the collection is ``collection.anki2``; with the second ``collection.anki21``, and
``collection.anki2`` a stand-in.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from anki.collection import Collection
from anki.exporting import AnkiCollectionPackageExporter, AnkiPackageExporter

RECORDED = Path(__file__).parent / "recorded"


def record(scheduler: int, name: str) -> None:
    with TemporaryDirectory() as folder:
        collection = Collection(f"{folder}/collection.anki2")
        if scheduler == 2:
            collection.upgrade_to_v2_scheduler()
        deck = collection.decks.id("Old::Tree")
        for number in range(4):
            note = collection.newNote()
            note.fields = [f"Question {number}", "Answer <img src=pixel.png>"]
            note.tags = ["old"]
            collection.add_note(note, deck)
        Path(collection.media.dir(), "pixel.png").write_bytes(b"a picture")
        collection.decks.select(deck)
        collection.reset()
        for ease in (1, 2, 3):
            card = collection.sched.getCard()
            card.startTimer()
            collection.sched.answerCard(card, ease)
        collection.save()
        told = {
            "today": collection.sched.today,
            "notes": collection.db.all("select id, guid, mid, mod, tags, flds from notes order by id"),
            "cards": collection.db.all(
                "select id, nid, did, ord, mod, type, queue, due, ivl, factor, reps, lapses, left, odue,"
                " odid, flags, data from cards order by id"
            ),
            "reviews": collection.db.all(
                "select id, cid, ease, ivl, lastIvl, factor, time, type from revlog order by id"
            ),
            "decks": sorted(deck["name"] for deck in collection.decks.all()),
        }
        for exporter, ending in ((AnkiPackageExporter, "apkg"), (AnkiCollectionPackageExporter, "colpkg")):
            export = exporter(collection)
            export.includeSched = export.includeMedia = True
            export.exportInto(str(RECORDED / f"{name}.{ending}"))
            if collection.db is None:
                collection.reopen()
        (RECORDED / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    os.chdir(RECORDED.parent)
    record(1, "oldest")
    record(2, "old")
