"""A collection: notes, cards and the log of reviews in one SQLite file; one answer is one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from sqlite3 import IntegrityError
from types import TracebackType
from typing import Any, Self

from sqlite_utils.db import Database

from lrcards.cards.matching import Choices
from lrcards.cards.model import LEECH, MARKED, Card, Note, Review
from lrcards.cards.parcel import Parcel
from lrcards.collection import (
    aggregates,
    bulk,
    decisions,
    importing,
    media,
    memories,
    options,
    orphans,
    outgoing,
    parcels,
)
from lrcards.collection.changes import (
    NO_CHANGE,
    Change,
    ConflictError,
    RowChange,
    move_unmoved,
    take_back,
    write,
)
from lrcards.collection.decks import decks_within
from lrcards.collection.opening import copy_database, explained, open_database, writing
from lrcards.collection.replaying import Replay, move_card, replayed
from lrcards.collection.rows import (
    SELECT_CARDS,
    SELECT_NOTE_AND_STATE,
    SELECT_NOTES,
    SELECT_REVIEWS,
    Row,
    card_from_row,
    is_in,
    note_from_row,
    review_from_row,
    review_values,
    rows_of,
    to_json,
    to_ms,
)
from lrcards.errors import CollectionError, DeckError
from lrcards.study.leeches import NEVER, LeechAction, LeechRule, is_leech
from lrcards.study.options import DeckOptions
from lrcards.study.rules import Rules
from lrcards.study.tallies import CardTallies, LogTallies
from lrcards.text import one_line


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its entry in the log, and the card before and after it.

    Attributes:
        leech: whether it made the card a leech, or told so again; known once it is stored.
        change: what was written, once it is stored.
    """

    review: Review
    before: Card
    after: Card
    leech: bool = False
    change: Change = NO_CHANGE


class Collection:
    """An open collection. It belongs to the thread that opened it; several programs may have one open.

    Every method raises ``CollectionError`` when the file cannot be read or written.
    """

    def __init__(self, database: Database, path: Path) -> None:
        self.path = path
        self._database = database

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the collection at the path; make its folders and the file if there is none yet."""
        return cls(open_database(path), path)

    def close(self) -> None:
        """Close the file; the collection cannot be used any more."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Give the database to the block with the write lock held; commit, or roll back if it fails."""
        with explained(self.path), writing(self._database):
            yield self._database

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Give the database to the block, which sees one state of the file throughout."""
        with explained(self.path), self._database.atomic():
            yield self._database

    # Notes and decks

    def import_notes(
        self, notes: Sequence[Note], now: datetime, *, dry_run: bool = False
    ) -> importing.ImportReport:
        """Add or update the notes in one transaction; cards keep their memory. See ``importing``."""
        with self.reading() if dry_run else self.writing() as database:
            matching = importing.find_matches(database, notes)
            if not dry_run:
                importing.carry_out(database, matching, now)
                moved = {note.deck for note, known in matching.pairs if known and known.deck != note.deck}
                memories.keep_in_step(database, moved)
        return importing.report(matching)

    def preview(self, parcel: Parcel, choices: Choices) -> importing.ImportReport:
        """Return what ``import_parcel`` would do.

        Raises:
            DeckError: the parcel cannot be imported: two of its notes have one id.
        """
        with self.reading() as database:
            return parcels.report(parcels.planned(database, parcel, choices))

    def import_parcel(
        self,
        parcel: Parcel,
        rules: Callable[[], Rules],
        now: datetime,
        choices: Choices,
        progress: importing.Progress = importing.silently,
    ) -> importing.ImportReport:
        """Take in all that the parcel holds, in one transaction.

        Args:
            parcel: what came from a file.
            rules: gives what holds for each deck by what is stored at the time.
            now: the instant.
            choices: what the learner decided.
            progress: is told which share is done; if it raises, nothing is imported.

        Raises:
            DeckError: the parcel cannot be imported; nothing was changed.
        """
        try:
            with self.writing() as database:
                plan = parcels.planned(database, parcel, choices)
                parcels.carry_out(database, plan, rules, now, progress)
        except IntegrityError as error:
            raise DeckError(
                f"The file has what no collection may hold ({one_line(str(error))})",
                "Try it without the progress: `lrcards import --no-progress`",
            ) from error
        return parcels.report(plan)

    def parcel(self, deck: str | None = None, notes: Iterable[str] | None = None) -> Parcel:
        """Return all that belongs to the notes of a deck and its subdecks, or of all decks.

        Args:
            deck: the deck's name.
            notes: the guids of the only notes that are wanted.

        Raises:
            CollectionError: there is no such deck.
        """
        with self.reading() as database:
            return outgoing.packed(database, deck, None if notes is None else set(notes))

    def orphans(self) -> list[Note]:
        """Return the notes that their files have no more and that the learner has not decided about."""
        with self.reading() as database:
            return orphans.read(database)

    def keep_orphans(self, guids: Iterable[str]) -> None:
        """Do not ask about these notes again."""
        with self.writing() as database:
            orphans.keep(database, list(guids))

    def delete_orphans(self, guids: Iterable[str], copy: Path, now: datetime) -> None:
        """Delete notes and their cards, after a copy of the whole collection is made; the log stays."""
        copy_database(self.path, copy)
        with self.writing() as database:
            bulk.delete(database, orphans.cards(database, list(guids)), now)

    def decks(self) -> list[str]:
        """Return the names of the decks that hold notes, sorted."""
        rows = self._rows(
            """
            SELECT name FROM decks WHERE EXISTS (SELECT 1 FROM notes WHERE deck_id = decks.id) ORDER BY name
            """
        )
        return [row["name"] for row in rows]

    def tags(self, deck: str | None = None) -> list[str]:
        """Return the tags of the notes in a deck and its subdecks, or in all decks, sorted."""
        with self.reading() as database:
            decks = to_json(list(decks_within(database, deck)))
            rows = rows_of(
                database,
                """
                SELECT DISTINCT value FROM notes, json_each(notes.tags)
                WHERE deck_id IN (SELECT value FROM json_each(:decks)) ORDER BY value
                """,
                {"decks": decks},
            )
            return [row["value"] for row in rows]

    def notes_with_experiments(self) -> list[Note]:
        """Return the notes that name an experiment, in the order in which they came."""
        rows = self._rows(f"{SELECT_NOTES} WHERE experiment IS NOT NULL ORDER BY notes.id")
        return [note_from_row(row) for row in rows]

    def note(self, guid: str) -> Note:
        """Return the note with this guid."""
        return note_from_row(self._row(f"{SELECT_NOTES} WHERE notes.guid = :guid", guid=guid))

    def card(self, guid: str) -> Card:
        """Return the card with this guid."""
        return card_from_row(self._row(f"{SELECT_CARDS} WHERE cards.guid = :guid", guid=guid))

    def card_to_show(self, card: Card) -> tuple[Card, Note] | None:
        """Return a card, given as it was, with its note, both as they are now; ``None`` if it is not shown.

        That is so if it is gone, or orphaned.
        """
        rows = self._rows(SELECT_NOTE_AND_STATE, {"card": card.guid})
        if not rows:
            return None
        return card if is_in(rows[0], card) else self.card(card.guid), note_from_row(rows[0])

    # Answers and their log

    def answer(self, answer: Answer, replay: Replay, leeches: LeechRule = NEVER) -> Answer:
        """Append the review and move the card, in one transaction that is on disk when this returns.

        If another program moved the card since ``answer.before`` was read, the review still stands in the
        log, and the card goes where the replay of its whole log leads: no answer is lost or counted twice.
        Cramming moves no card, nor makes it a leech.

        Returns:
            The answer as it was stored: ``before`` and ``after`` are what was and is in the file.
        """
        review, stored, after, leech = answer.review, answer.before, answer.before, False
        with self.writing() as database:
            change = Change((RowChange("reviews", review.id, None, review_values(review)),))
            write(database, change)
            if review.kind.moves_cards:
                after, leech = _judged(stored, answer.after, leeches, review.at)
                moved = move_unmoved(database, stored, after)
                if moved is None:
                    stored = self.card(stored.guid)
                    after = replayed(database, stored, replay)
                    after, leech = _judged(stored, after, leeches, review.at)
                    moved = move_unmoved(database, stored, after)
                change += moved or NO_CHANGE
            if leech:
                change += decisions.retag(
                    database, stored.note_guid, lambda tags: (*dict.fromkeys((*tags, LEECH)),), review.at
                )
        return Answer(review, stored, after, leech, change)

    def revert(self, change: Change, rules: Rules) -> None:
        """Take back a change, in one transaction; the file is then as it was before.

        Taking back an answer is the one exception to the rule that the log only grows. If another program
        moved the card since, the card goes where the replay of what remains in its log leads, by the rules.

        Raises:
            ConflictError: another program has changed the same since; nothing is taken back.
        """
        with self.writing() as database:
            for guid in take_back(database, change):
                card = self.card(guid)
                scheduler = rules.scheduler(self.note(card.note_guid).deck)
                move_card(database, replayed(database, card, scheduler.replay))

    # Decisions of the learner

    def decide(self, card: Card, now: datetime) -> Change:
        """Suspend, bury and flag a card as the one given is."""
        with self.writing() as database:
            return decisions.decide(database, self.card(card.guid), card, now)

    def mark(self, note_guid: str, now: datetime) -> Change:
        """Tag a note ``marked``, or take the tag away."""
        with self.writing() as database:
            return decisions.retag(database, note_guid, decisions.toggled(MARKED), now)

    def edit(self, seen: Note, edited: Note, now: datetime) -> Change:
        """Give a note another question, answer and tags; its cards keep their progress.

        Args:
            seen: the note as it was when the learner began to edit it.
            edited: the note as it is to be.
            now: the instant.

        Raises:
            ConflictError: another program has changed the note meanwhile.
        """
        with self.writing() as database:
            if self.note(seen.guid) != seen:
                raise ConflictError(
                    "this note was changed by another program meanwhile", "Look at it and edit it again"
                )
            return decisions.edit(database, seen, edited, now)

    def reviews(self, card_guid: str) -> list[Review]:
        """Return the log of a card, oldest first."""
        rows = self._rows(f"{SELECT_REVIEWS} WHERE card_guid = :card ORDER BY at, id", {"card": card_guid})
        return [review_from_row(row) for row in rows]

    def tallies(self, day: date, deck: str | None = None) -> tuple[LogTallies, CardTallies]:
        """Return what statistics are made of: of the log and, as they stand on the day, of the cards.

        Subdecks are included. Without a deck, so are the answers of cards that are not in the collection.
        """
        with self.reading() as database:
            decks = None if deck is None else list(decks_within(database, deck))
            return aggregates.log_tallies(database, decks), aggregates.card_tallies(database, decks, day)

    # Options of decks, keys and values

    def options(self) -> dict[str, DeckOptions]:
        """Return what decks change of the learner's settings, by the deck's name."""
        with self.reading() as database:
            return options.read(database)

    def set_options(self, deck: str, changed: DeckOptions, now: datetime) -> Change:
        """Let a deck change these of the learner's settings for itself and its subdecks.

        With other FSRS parameters, the memory of its cards is computed anew.

        Raises:
            CollectionError: there is no such deck.
        """
        with self.writing() as database:
            decks = decks_within(database, deck)
            model = memories.model_of(database, deck)
            change = options.store(database, deck, changed, now)
            if memories.model_of(database, deck) != model:
                change += memories.recompute(database, decks)
            return change

    def version(self) -> int:
        """Return a number that is another one whenever another program has written to the file."""
        return int(self._rows("PRAGMA data_version")[0][0])

    def state(self) -> tuple[int, int]:
        """Return what is another whenever this or another program has written to the file."""
        return self.version(), self._database.conn.total_changes

    def picture(self, name: str) -> bytes | None:
        """Return the picture or sound of this name; ``None`` if there is none."""
        with self.reading() as database:
            return media.find(database, name)

    def meta(self, key: str) -> str | None:
        """Return what was kept under the key."""
        rows = self._rows("SELECT value FROM meta WHERE key = :key", {"key": key})
        return rows[0]["value"] if rows else None

    def set_meta(self, key: str, value: str, now: datetime) -> None:
        """Keep the value under the key."""
        with self.writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO meta (key, value, modified_at) VALUES (:key, :value, :now)",
                {"key": key, "value": value, "now": to_ms(now)},
            )

    def metas(self, prefix: str) -> dict[str, str]:
        """Return what was kept under keys that begin so, by key."""
        rows = self._rows(
            "SELECT key, value FROM meta WHERE substr(key, 1, length(:prefix)) = :prefix", {"prefix": prefix}
        )
        return {row["key"]: row["value"] for row in rows}

    def forget_meta(self, key: str) -> None:
        """Keep nothing under the key any more."""
        with self.writing() as database:
            database.execute("DELETE FROM meta WHERE key = :key", {"key": key})

    def _rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        with explained(self.path):
            cursor = self._database.execute(sql, dict(parameters or {}))
            cursor.row_factory = Row
            return cursor.fetchall()

    def _row(self, sql: str, **parameters: Any) -> Row:
        rows = self._rows(sql, parameters)
        if not rows:
            raise CollectionError(
                f"the collection has no {' '.join(map(str, parameters.values()))!r}",
                "Run `lrcards check`",
                path=self.path,
            )
        return rows[0]


def _judged(before: Card, after: Card, rule: LeechRule, now: datetime) -> tuple[Card, bool]:
    """Return an answered card as the rule for leeches leaves it, and whether the answer made it a leech."""
    leech = is_leech(before, after, rule.threshold)
    if leech and rule.action is LeechAction.SUSPEND:
        after = replace(after, suspended=True, modified_at=now)
    return after, leech


def new_review_id(at: datetime, random: Random) -> str:
    """Return a UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits."""
    bits = random.getrandbits(74)
    value = to_ms(at) << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
