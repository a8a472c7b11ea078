"""Record a package as genanki makes it, the library behind many shared decks (``pip install genanki``).

    python tests/cards/anki/record_genanki.py

It is of the oldest layout, and the ids of notetypes stand in strings.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import genanki

RECORDED = Path(__file__).parent / "recorded"


def record() -> None:
    capitals = genanki.Model(
        1_607_392_319,
        "Capitals",
        fields=[{"name": "Country"}, {"name": "Capital"}],
        templates=[{"name": "Card 1", "qfmt": "{{Country}}", "afmt": "{{FrontSide}}<hr>{{Capital}}"}],
    )
    deck = genanki.Deck(2_059_400_110, "World::Capitals")
    first = ["Argentina", 'Buenos Aires <img src="flag.png">']
    deck.add_note(genanki.Note(capitals, first, guid="first", tags=["south"], due=3))
    deck.add_note(genanki.Note(genanki.CLOZE_MODEL, ["{{c1::Lima}} is in {{c2::Peru}}", ""], guid="second"))
    with TemporaryDirectory() as folder:
        flag = Path(folder, "flag.png")
        flag.write_bytes(b"a flag")
        package = genanki.Package(deck, media_files=[str(flag)])
        package.write_to_file(RECORDED / "genanki.apkg", timestamp=1_700_000_000)


if __name__ == "__main__":
    record()
