"""What a card shows: the question and answer of a note's cards, in Markdown."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lrcards.cards.model import Face, Note, NoteKind
from lrcards.text import Span, segments

_WIKI_LINK = re.compile(r"!?\[\[([^\[\]|\\\n]+)(?:\\?\|([^\[\]\n]*))?\]\]")
# A bracket before anything else in round brackets is a deletion: ``[Paris](the capital)``.
_LINK_TARGET = re.compile(
    r"\((?:<[^<>\n]*>|(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#]|\.{1,2}/|@/|www\.)[^\s()]*|[^\s()]+\.[A-Za-z]\w*(?:#[^\s()]*)?)"
    r"""(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?\)"""
)
_BRACKET = re.compile(rf"\\[\s\S]|{_WIKI_LINK.pattern}|!?\[|\]")
_ESCAPED_BRACKET = re.compile(r"\\([\s\S])")


def ordinals(note: Note) -> tuple[int, ...]:
    """Return the ordinals of the note's cards, in the order of its text or faces."""
    match note.kind:
        case NoteKind.BASIC:
            return (0,)
        case NoteKind.REVERSED:
            return (0, 1)
        case NoteKind.CLOZE:
            count = len(deletions(note.question))
        case NoteKind.FACES:
            count = len(note.faces)
    return note.ordinals if len(note.ordinals) == count else tuple(range(count))


def face(note: Note, ordinal: int) -> Face:
    """Return what the card shows; of a cloze note the asked deletion as ``[…]``, in the answer in bold.

    Raises:
        ValueError: if the note has no card with this ordinal.
    """
    index = ordinals(note).index(ordinal)
    match note.kind:
        case NoteKind.BASIC | NoteKind.REVERSED:
            sides = [note.question, note.answer]
            shown = Face(*(reversed(sides) if index else sides))
        case NoteKind.CLOZE:
            cloze = _cloze(note.question)
            shown = Face(cloze.filled(index, _hidden), cloze.filled(index, _bold))
        case NoteKind.FACES:
            shown = note.faces[index]
    return Face(_without_wiki_links(shown.question), _without_wiki_links(shown.answer))


def whole(note: Note) -> Face:
    """Return all that the cards of a note show: a cloze text with every deletion, every face."""
    match note.kind:
        case NoteKind.BASIC | NoteKind.REVERSED:
            shown = Face(note.question, note.answer)
        case NoteKind.CLOZE:
            shown = Face(without_brackets(note.question), "")
        case NoteKind.FACES:
            questions = (each.question for each in note.faces)
            shown = Face("\n\n".join(questions), "\n\n".join(each.answer for each in note.faces))
    return Face(_without_wiki_links(shown.question), _without_wiki_links(shown.answer))


def with_text(note: Note, ordinal: int, question: str, answer: str) -> Note:
    """Return the note with another question and answer: of a note of faces, those of the card's face.

    Raises:
        ValueError: if the note has no card with this ordinal.
    """
    if note.kind is not NoteKind.FACES:
        return replace(note, question=question, answer=answer)
    index = ordinals(note).index(ordinal)
    faces = (*note.faces[:index], Face(question, answer), *note.faces[index + 1 :])
    return replace(note, question=faces[0].question, answer=faces[0].answer, faces=faces)


def text_to_edit(note: Note, ordinal: int) -> Face:
    """Return the question and answer that ``with_text`` replaces."""
    if note.kind is not NoteKind.FACES:
        return Face(note.question, note.answer)
    return note.faces[ordinals(note).index(ordinal)]


def deletions(text: str) -> list[str]:
    """Return what stands in the brackets of each cloze deletion, in the order of the text.

    As in hashcards the innermost brackets count, and neither ``\\[``, ``\\]`` nor the text of an image is a
    deletion. Unlike there, neither are brackets in code, maths, links and wiki links, empty ones, or one
    without its partner.
    """
    cloze = _cloze(text)
    return [cloze.inside(index) for index in range(len(cloze.deletions))]


def with_brackets(text: str, brackets: Sequence[tuple[str, str]]) -> str:
    """Return a cloze text with these instead of the brackets of each deletion, in the order of the text."""
    cloze = _cloze(text)
    pieces = list(cloze.pieces)
    for (opening, closing), (before, after) in zip(cloze.deletions, brackets, strict=True):
        pieces[opening], pieces[closing] = before, after
    return "".join(pieces)


def without_brackets(text: str) -> str:
    """Return a cloze text with every deletion shown, the same whichever words are deleted."""
    return _cloze(text).filled(None, _hidden)


@dataclass(frozen=True)
class _Cloze:
    """A cloze text cut at its brackets, and where in the pieces each deletion opens and closes."""

    pieces: tuple[str, ...]
    deletions: tuple[tuple[int, int], ...]

    def inside(self, index: int) -> str:
        opening, closing = self.deletions[index]
        return "".join(self.pieces[opening + 1 : closing])

    def filled(self, asked: int | None, show: Callable[[str, str, str], str]) -> str:
        """Return the text with deletion ``asked`` as ``show(before, inside, after)``, the others shown."""
        text, position = "", 0
        for index, (opening, closing) in enumerate(self.deletions):
            text += "".join(self.pieces[position:opening])
            position = closing + 1
            inside = self.inside(index)
            after = self.pieces[position] if position < len(self.pieces) else ""
            text += show(text[-1:], inside, after[:1]) if index == asked else inside
        return text + "".join(self.pieces[position:])


def _hidden(_before: str, _inside: str, after: str) -> str:
    # Markdown would read a link or its definition in ``[…](`` and ``[…]:``.
    return "[…]\\" if after in ("(", ":") else "[…]"


def _bold(before: str, inside: str, after: str) -> str:
    """Return ``inside`` in bold, or as it is where its neighbours would keep Markdown from seeing it."""
    body = inside.strip()
    start = inside.index(body)
    first_is_word, last_is_word = (char.isalnum() or char in "$`*_" for char in (body[0], body[-1]))
    can_open = first_is_word or not before.isalnum()
    can_close = last_is_word or not after.isalnum()
    if "\n\n" in body or not (can_open and can_close):
        return inside
    return f"{inside[:start]}**{body}**{inside[start + len(body) :]}"


@lru_cache(maxsize=1024)
def _cloze(text: str) -> _Cloze:
    pieces: list[str] = []
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    in_image = False
    for span, stretch in segments(text):
        if span is not Span.TEXT:
            # hashcards wants brackets escaped here too, and takes the escapes back.
            pieces.append(_ESCAPED_BRACKET.sub(lambda m: m[1] if m[1] in "[]" else m[0], stretch))
            continue
        position = 0
        for token in _BRACKET.finditer(stretch):
            pieces.append(stretch[position : token.start()])
            position = token.end()
            pieces.append(token[0])
            if token[0] == "![":
                in_image = True
            elif token[0] == "[" and not in_image:
                opened.append(len(pieces) - 1)
            elif token[0] == "]" and in_image:
                in_image = False
            elif token[0] == "]" and opened:
                start = opened.pop()
                is_link = _LINK_TARGET.match(stretch, position)
                if not is_link and "".join(pieces[start + 1 : -1]).strip():
                    found.append((start, len(pieces) - 1))
                    opened.clear()
        pieces.append(stretch[position:])
    return _Cloze(tuple(pieces), tuple(found))


def _without_wiki_links(text: str) -> str:
    """Show ``[[page|label]]`` as its label, ``[[page]]`` and ``![[embed]]`` as their names."""
    if "[[" not in text:
        return text
    return "".join(
        _WIKI_LINK.sub(lambda link: link[2] or link[1], stretch) if span is Span.TEXT else stretch
        for span, stretch in segments(text)
    )
