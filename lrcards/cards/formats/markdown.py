"""Decks as Markdown, both ways; ``decks/README.md`` is the reference of the format."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lrcards.cards.content import ordinals
from lrcards.cards.formats.deck_lines import escape, has_card_lines, read_lines
from lrcards.cards.formats.deck_metadata import write_metadata
from lrcards.cards.formats.deck_parser import TAGGED, notes_in
from lrcards.cards.formats.deck_toml import read_front_matter, write_toml
from lrcards.cards.formats.obsidian import parse_note
from lrcards.cards.formats.text_files import decode, read_bytes
from lrcards.cards.mistakes import mistake_in
from lrcards.cards.model import Note, NoteKind
from lrcards.cards.parcel import Parcel
from lrcards.errors import DeckError
from lrcards.text import clean, excerpt, one_line, open_fence

WANTED = (
    "A card is “Q:” and “A:” lines, a “C:” line with [deletions], a “> [!question]” callout, "
    "or “question::answer” in a note with the tag #flashcards"
)
"""What to write for a card."""


def read_deck(path: Path, deck: str | None = None) -> list[Note]:
    """Read a deck file in UTF-8; ``deck`` names the deck whatever the file says.

    Raises:
        DeckError: if it cannot be read, is not UTF-8, is empty or malformed, or has no cards.
    """
    return parse_deck(decode(read_bytes(path), path), path=str(path), deck=deck)


def parse_deck(text: str, *, path: str, deck: str | None = None) -> list[Note]:
    """Return the notes of a deck as ``read_markdown`` does.

    Raises:
        DeckError: as there, and if there are no cards.
    """
    parcel = read_markdown(text, path=path, deck=deck)
    if not text.strip("\ufeff \t\r\n"):
        raise DeckError("The file is empty", WANTED, path=path)
    if not parcel.notes:
        raise DeckError("There are no cards in this file", WANTED, path=path)
    return list(parcel.notes)


def read_markdown(text: str, *, path: str, deck: str | None = None, name: str | None = None) -> Parcel:
    """Return what is in a deck, or in a note with cards in its prose; equal cards count once.

    Args:
        text: the deck; it is cleaned here.
        path: the file it came from, for messages and sources.
        deck: the deck's name; wins over the name in the front matter.
        name: the deck's name if there is no other; the file's if left out.

    Raises:
        DeckError: at the first line that cannot be read, if there are cards of our own or callouts.
    """
    text = clean(text.removeprefix("\ufeff"))
    named = name or one_line(Path(path).stem) or "Deck"
    if not has_card_lines(text):
        return parse_note(text, path=path, name=named, deck=deck)
    lines = text.split("\n")
    front = read_front_matter(lines, path)
    named = front.name or named
    body, first = lines[front.lines :], front.lines + 1
    is_tagged = any(line.kind in TAGGED for line in read_lines(body, first, path))
    parsed = read_lines(body, first, path)
    notes = notes_in(parsed, is_tagged=is_tagged, path=path, name=named, deck=deck, tags=front.tags)
    if is_tagged:
        return Parcel(notes=tuple(notes))
    found = parse_note(text, path=path, name=named, deck=deck, has_callouts=bool(notes))
    both = sorted([*notes, *found.notes], key=lambda note: note.source.line if note.source else 0)
    return replace(found, notes=tuple(both))


def write_deck(notes: Iterable[Note], *, name: str) -> str:
    """Return a deck from which ``parse_deck`` reads equal notes, but for their source.

    A note of another deck than ``name`` says so. A deck holds clean text without white space around a
    question or answer, and tags that are not empty, each once.

    Raises:
        DeckError: for a note that is no card (see ``mistake_in``), and one of several faces without a guid.
    """
    blocks = [f"---\n{write_toml({'name': name})}\n---"]
    for note in notes:
        if mistake := mistake_in(note):
            raise DeckError(*mistake)
        if len(note.faces) > 1 and not note.guid:
            raise DeckError(f"“{excerpt(note.question)}” has several faces, but no id", "Import it first")
        blocks.append("\n".join([*_sides(note), *_annotations(note, name)]))
        for face, ordinal in list(zip(note.faces, ordinals(note), strict=False))[1:]:
            owner = write_metadata({"with": [f"{note.guid}#{ordinal}"]})
            blocks.append("\n".join([_field("Q:", face.question), _field("A:", face.answer), owner]))
    return "\n\n".join(blocks) + "\n"


def _sides(note: Note) -> list[str]:
    if note.kind is NoteKind.CLOZE:
        return [_field("C:", note.question)]
    question = _field("Q:", note.question)
    return [question, _field("A:", note.answer)] if note.answer or note.faces else [question]


def _field(tag: str, text: str) -> str:
    first, newline, rest = text.partition("\n")
    if open_fence(first) or first != first.rstrip():
        return "\n".join([tag, *escape(text)])
    return f"{tag} {first}" + (newline + "\n".join(escape(rest)) if newline else "")


def _annotations(note: Note, deck: str) -> list[str]:
    entries: dict[str, Iterable[str]] = {}
    if note.guid:
        entries["id"] = [note.guid]
    if note.deck != deck:
        entries["deck"] = [note.deck]
    if note.kind is NoteKind.REVERSED:
        entries["cards"] = ["both ways"]
    elif len(note.faces) == 1 or (note.faces and not note.answer):
        entries["cards"] = ["faces"]
    if note.kind is NoteKind.FACES and ordinals(note)[0] != 0:
        entries["ordinals"] = [str(ordinals(note)[0])]
    elif note.kind is NoteKind.CLOZE and ordinals(note) != tuple(range(len(ordinals(note)))):
        entries["ordinals"] = map(str, ordinals(note))
    if note.typed:
        entries["answer"] = ["typed"]
    if note.tags:
        entries["tags"] = [f"#{tag}" if tag.startswith("#") else tag for tag in note.tags]
    fence: list[str] = []
    if note.experiment is not None:
        preset = note.experiment.get("preset")
        if isinstance(preset, str) and preset.strip() and len(note.experiment) == 1:
            entries["lab"] = [preset]
        else:
            fence = [f"```lab\n{write_toml(note.experiment)}\n```"]
    return [*([write_metadata(entries)] if entries else []), *fence]
