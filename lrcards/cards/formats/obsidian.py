"""Cards in notes of Obsidian's plugin Spaced Repetition: ``a::b``, ``a:::b``, ``?``, ``??``, ``==cloze==``.

``decks/README.md`` says what counts; where the plugin has settings, its own defaults hold.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from lrcards.cards.content import ordinals
from lrcards.cards.formats.bracketing import Mark, bracketed
from lrcards.cards.formats.deck_lines import CALLOUT
from lrcards.cards.matching import derived_guid
from lrcards.cards.model import Card, Memory, Note, NoteKind, Phase, Source, card_guid
from lrcards.cards.parcel import Parcel, Skipped
from lrcards.text import Span, excerpt, segments

_TAG = re.compile(r"(?<![\w/#&])#flashcards((?:/[\w-]+)*)(?![\w/-])")
_FRONT_TAG = re.compile(r"(?<![\w/-])flashcards((?:/[\w-]+)*)(?![\w/-])")
_SCHEDULE = re.compile(r"<!--SR:([^\n]*?)-->")
_COMMENT = re.compile(r"<!--(?!SR:)[\s\S]*?(?:-->|\Z)")
_NOT_TEXT = re.compile(
    r"!?\[\[[^\]\n]*\]\]|\]\([^)\n]*\)|<[^<>\n]*>|\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE
)
_INLINE = re.compile(r"(?<!:):::?(?!:)")
_CLOZE = re.compile(r"==(?![\s=])(.*?[^\s=])==(?!=)")
_INSIDE = re.compile(r"(?:\d+;;)?(.*?)(?:;;.*)?")
_HINT = re.compile(r"\^\[[^\]\n]*\]")
_LEAD = re.compile(r"[ \t]*(?:(?:>|(?:[-*+]|\d{1,9}[.)]|#{1,6}|\[[ xX]\])(?=[ \t]))[ \t]*)*")
_HEADING_OR_RULE = re.compile(r"[ \t]*(?:#{1,6}[ \t]|(?:---+|\*\*\*+|___+)[ \t]*$)")
_CODE = re.compile(r"\b(?:std|boost|crate|self|super)::\w|\w::\w+(?:::\w|[(<;{])")
_LONGEST_MARK = 80
_MASK = "\ufffc"

_NEVER_SHOWN = date(2000, 1, 1)
"""What the plugin writes for a card that was never shown, beside a sibling that was."""

_EASIEST, _HARDEST = 370, 130
"""The eases, in percent, that become the difficulties 1 and 10; between them it is linear."""


def parse_note(text: str, *, path: str, name: str, deck: str | None, has_callouts: bool = False) -> Parcel:
    """Return the cards in a note, with what the plugin knows of their schedule.

    A note that bears neither the tag nor a schedule has cards only if at least half of its lines are of
    cards, and none if it has callouts.

    Args:
        text: the clean text of the note; its front matter may hold the tag.
        path: the file, for sources.
        name: the deck of cards whose tag names none.
        deck: the deck of all cards, whatever their tags say.
        has_callouts: whether other cards were found in it.
    """
    start = _front_matter(text)
    front, first = text[:start], text.count("\n", 0, start) + 1
    text, shadow, inside = _shadow(text[start:])
    is_marked = bool(_TAG.search(shadow) or _SCHEDULE.search(text) or _FRONT_TAG.search(front))
    reader = _Reader(is_marked)
    if tag := _FRONT_TAG.search(front):
        reader.deck = _deck(tag[1])
    for index, (line, dark) in enumerate(zip(text.split("\n"), shadow.split("\n"), strict=True)):
        reader.read(first + index, line, dark, is_inside=index in inside)
    reader.finish()
    if not is_marked and (has_callouts or sum(one.lines for one in reader.found) < reader.prose):
        return Parcel(skipped=tuple(_unmarked(reader.found, path)))
    return _parcel(reader.found, path, name, deck)


def _front_matter(text: str) -> int:
    """Return where the front matter ends, if it is closed."""
    mark, _, _ = text[:_LONGEST_MARK].partition("\n")
    if mark.strip() not in ("---", "+++"):
        return 0
    end = text.find("\n") + 1
    while end:
        start, end = end, text.find("\n", end) + 1
        if text[start : end or len(text)].strip() == mark.strip():
            return end or len(text)
    return 0


@dataclass(slots=True)
class _Found:
    """A card in a note.

    ``deck`` is the path after its tag, ``schedule`` the inside of its comment, ``mistake`` why it is none.
    """

    line: int
    kind: NoteKind
    question: str
    answer: str
    deck: str
    lines: int
    schedule: str = ""
    mistake: str = ""


@dataclass(slots=True)
class _Block:
    """Lines without a blank one between them, which may be a card of several lines."""

    line: int
    deck: str | None
    front: list[str] = field(default_factory=list)
    shadow: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    separator: str = ""
    has_cloze: bool = False
    schedule: str = ""

    @property
    def is_card(self) -> bool:
        return bool(self.separator or self.has_cloze)


class _Reader:
    """What reads a note line by line."""

    def __init__(self, is_marked: bool) -> None:
        self.is_marked = is_marked
        self.deck = ""
        self.found: list[_Found] = []
        self.prose = 0
        self.block: _Block | None = None
        self.is_callout = False

    def read(self, number: int, line: str, shadow: str, *, is_inside: bool) -> None:
        """Take the next line; ``is_inside`` says that it begins in code or a formula."""
        if is_inside:
            self._add(number, line, shadow, None)
            return
        schedule = _SCHEDULE.search(line)
        if schedule:
            line, shadow = (text[: schedule.start()] + text[schedule.end() :] for text in (line, shadow))
        if not (schedule and not shadow.strip()):
            self._read(number, line, shadow)
        if schedule and self.block and self.block.is_card:
            self.block.schedule += schedule[1]
        elif schedule and self.found:
            self.found[-1].schedule += schedule[1]

    def _read(self, number: int, line: str, shadow: str) -> None:
        self.is_callout = bool(CALLOUT.fullmatch(line)) or (self.is_callout and line.lstrip().startswith(">"))
        if self.is_callout or not shadow.strip():
            self.finish()
            return
        tag = _TAG.search(shadow)
        if tag:
            line, shadow = (_without(text, shadow) for text in (line, shadow))
            if not shadow.strip():
                self.finish()
                self.deck = _deck(tag[1])
                return
        deck = _deck(tag[1]) if tag else None
        is_answer = self.block is not None and bool(self.block.separator)
        if not is_answer and self._is_inline(number, line, shadow, deck):
            return
        if _HEADING_OR_RULE.match(shadow):
            self.finish()
            self.deck = self.deck if deck is None else deck
        elif self.block and not is_answer and shadow.strip() in ("?", "??"):
            self.block.separator = shadow.strip()
        else:
            self._add(number, line, shadow, deck)

    def _is_inline(self, number: int, line: str, shadow: str, deck: str | None) -> bool:
        """Take a card on one line, if it is one."""
        separator = _INLINE.search(shadow)
        is_row = shadow.lstrip().startswith("|")
        if separator is None or is_row or (not self.is_marked and _CODE.search(shadow)):
            return False
        lead = _LEAD.match(shadow)
        question = line[lead.end() if lead else 0 : separator.start()].strip()
        answer = line[separator.end() :].strip()
        if not (question and answer):
            return False
        self.finish()
        kind = NoteKind.BASIC if separator[0] == "::" else NoteKind.REVERSED
        self.found.append(_Found(number, kind, question, answer, self.deck if deck is None else deck, 1))
        return True

    def _add(self, number: int, line: str, shadow: str, deck: str | None) -> None:
        if self.block is None:
            self.block = _Block(number, deck)
        if self.block.separator:
            self.block.back.append(line)
            return
        self.block.front.append(line)
        self.block.shadow.append(shadow)
        self.block.has_cloze = self.block.has_cloze or _CLOZE.search(shadow) is not None

    def finish(self) -> None:
        """End the lines that stand together."""
        block, self.block = self.block, None
        if block is None:
            return
        if not block.is_card:
            self.prose += sum(bool(shadow.strip(f" \t{_MASK}")) for shadow in block.shadow)
            self.deck = self.deck if block.deck is None else block.deck
            return
        front, back = ("\n".join(lines).strip() for lines in (block.front, block.back))
        card = _Found(
            block.line,
            {"": NoteKind.CLOZE, "?": NoteKind.BASIC, "??": NoteKind.REVERSED}[block.separator],
            front,
            back,
            self.deck if block.deck is None else block.deck,
            len(block.front) + len(block.back),
            block.schedule,
        )
        if not block.separator:
            text, shadow = "\n".join(block.front), "\n".join(block.shadow)
            question = bracketed(text, _marks(text, shadow))
            if question is None:
                card.mistake = "Its ==deletions== cannot be told apart; write them without brackets and code"
            else:
                card.question = question.strip()
        elif not back:
            card.mistake = f"There is no answer under the “{block.separator}”"
        self.found.append(card)


def _shadow(text: str) -> tuple[str, str, set[int]]:
    """Return a note without comments, the same with all that is no text masked, and the lines inside that."""
    shown: list[str] = []
    shadow: list[str] = []
    inside: set[int] = set()
    line = 0
    for span, stretch in segments(text):
        if span is Span.TEXT:
            stretch = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), stretch)
            shadow.append(_NOT_TEXT.sub(lambda found: _MASK * len(found[0]), stretch))
        else:
            shadow.append(re.sub(r"[^\n]", _MASK, stretch))
            inside.update(range(line + 1, line + stretch.count("\n") + 1))
        shown.append(stretch)
        line += stretch.count("\n")
    return "".join(shown), "".join(shadow), inside


def _without(text: str, shadow: str) -> str:
    """Return the text without the tags that its shadow shows."""
    for tag in reversed(list(_TAG.finditer(shadow))):
        text = text[: tag.start()] + text[tag.end() :]
    return text


def _deck(path: str) -> str:
    return path.strip("/").replace("/", "::")


def _marks(text: str, shadow: str) -> Iterator[Mark]:
    for found in _CLOZE.finditer(shadow):
        inside = _INSIDE.fullmatch(text, *found.span(1))
        hint = _HINT.match(text, found.end())
        yield Mark(found.start(), hint.end() if hint else found.end(), inside[1] if inside else "")


def _unmarked(found: Sequence[_Found], path: str) -> Iterator[Skipped]:
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        yield Skipped(
            excerpt(found[0].question) + more,
            "It looks like a card, but the note is mostly other text; write the tag #flashcards if it is one",
            Source(path, found[0].line),
        )


def _parcel(found: Sequence[_Found], path: str, name: str, deck: str | None) -> Parcel:
    notes: dict[tuple[str, NoteKind, str, str], Note] = {}
    cards: list[Card] = []
    skipped: list[Skipped] = []
    taken: set[str] = set()
    for one in found:
        source = Source(path, one.line)
        if one.mistake:
            skipped.append(Skipped(excerpt(one.question), one.mistake, source))
            continue
        answer = "" if one.kind is NoteKind.CLOZE else one.answer
        note = Note("", deck or one.deck or name, one.kind, one.question, answer, source=source)
        key = (note.deck, note.kind, note.question, note.answer)
        if key in notes:
            continue
        note = replace(note, ordinals=ordinals(note))
        if one.schedule:
            note = replace(note, guid=derived_guid(note, taken))
            taken.add(note.guid)
            try:
                cards += _cards(note, one.schedule)
            except ValueError:
                reason = f"The card comes as a new one, since its schedule “{one.schedule}” cannot be read"
                skipped.append(Skipped(excerpt(one.question), reason, source))
        notes[key] = note
    return Parcel(notes=tuple(notes.values()), cards=tuple(cards), skipped=tuple(skipped))


def _cards(note: Note, schedule: str) -> Iterator[Card]:
    """Yield where the cards of a note stand, by ``!date,interval,ease`` for each in turn.

    After the interval recall is taken to have fallen to 0.9, so that it is the stability.

    Raises:
        ValueError: if that is not what the schedule says.
    """
    for ordinal, entry in zip(note.ordinals, schedule.removeprefix("!").split("!"), strict=False):
        day, interval_text, ease = entry.split(",")
        due, interval = date.fromisoformat(day), max(round(float(interval_text)), 1)
        if due == _NEVER_SHOWN:
            continue
        difficulty = 10 - 9 * (float(ease) - _HARDEST) / (_EASIEST - _HARDEST)
        shown = due - timedelta(days=min(interval, due.toordinal() - 1))
        yield Card(
            guid=card_guid(note.guid, ordinal),
            note_guid=note.guid,
            ordinal=ordinal,
            phase=Phase.REVIEW,
            memory=Memory(float(interval), min(max(difficulty, 1.0), 10.0)),
            due_day=due,
            interval=interval,
            last_review=datetime.combine(shown, time(12), UTC),
            last_day=shown,
            reviews=1,
        )
