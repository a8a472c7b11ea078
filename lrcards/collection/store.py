"""A collection: notes, cards and the log of reviews in one SQLite file; one answer is one transaction."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlite_utils.db import Database

from lrcards.cards.model import Card, Note, Phase, Review
from lrcards.collection import aggregates, importing
from lrcards.collection.opening import explained, open_database, writing
from lrcards.collection.rows import (
    SELECT_CARDS,
    SELECT_NOTES,
    SELECT_REVIEWS,
    Row,
    card_from_row,
    from_ms,
    insert_sql,
    note_from_row,
    review_from_row,
    review_values,
    rows_of,
    state_values,
    to_json,
    to_ms,
    update_sql,
)
from lrcards.errors import CollectionError
from lrcards.study.tallies import CardTallies, LogTallies

Replay = Callable[[Card, Iterable[Review]], Card]
"""``Scheduler.replay``: where the reviews of its log take a new card."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its entry in the log, and the card before and after it."""

    review: Review
    before: Card
    after: Card


@dataclass(frozen=True, slots=True)
class StudiedToday:
    """What the log says of a study day.

    Attributes:
        introduced: how many new cards were answered for the first time.
        reviewed: how many review cards were answered.
        notes: the guids of all notes that were asked.
    """

    introduced: int
    reviewed: int
    notes: frozenset[str]


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
        return importing.report(matching)

    def decks(self) -> list[str]:
        """Return the names of the decks that hold notes, sorted."""
        rows = self._rows(
            """
            SELECT name FROM decks WHERE EXISTS (SELECT 1 FROM notes WHERE deck_id = decks.id) ORDER BY name
            """
        )
        return [row["name"] for row in rows]

    def notes_with_experiments(self) -> list[Note]:
        """Return the notes that name an experiment, in the order in which they came."""
        rows = self._rows(f"{SELECT_NOTES} WHERE experiment IS NOT NULL ORDER BY notes.id")
        return [note_from_row(row) for row in rows]

    def note(self, guid: str) -> Note:
        """Return the note with this guid."""
        return note_from_row(self._row(f"{SELECT_NOTES} WHERE notes.guid = :guid", guid=guid))

    # Cards and the queue of a day

    def card(self, guid: str) -> Card:
        """Return the card with this guid."""
        return card_from_row(self._row(f"{SELECT_CARDS} WHERE cards.guid = :guid", guid=guid))

    def due_cards(self, day: date, deck: str | None = None) -> list[Card]:
        """Return the learning, relearning and review cards that are due on the study day or before it.

        Cards of subdecks are included; new cards are not (see ``new_cards``), nor are orphaned, suspended
        and buried ones.
        """
        rows = self._rows(
            f"""
            {SELECT_CARDS} WHERE phase IN ('learning', 'relearning') AND NOT orphaned AND NOT suspended
                AND cards.deck_id IN (SELECT value FROM json_each(:decks))
                AND (due_day IS NULL OR due_day <= :day) AND ifnull(buried_until, '') <= :day
            UNION ALL
            {SELECT_CARDS} WHERE phase = 'review' AND NOT orphaned AND NOT suspended
                AND cards.deck_id IN (SELECT value FROM json_each(:decks))
                AND due_day <= :day AND ifnull(buried_until, '') <= :day
            """,
            {"decks": to_json(self._deck_ids(deck)), "day": day.isoformat()},
        )
        return [card_from_row(row) for row in rows]

    def new_cards(
        self, day: date, deck: str | None, limit: int, *, without: Set[str] = frozenset()
    ) -> list[Card]:
        """Return the first new cards by position, at most one a note and none of the notes ``without``.

        Cards that are suspended, or buried on the study day, are passed over.
        """
        found: dict[str, Card] = {}
        sql = f"""
            {SELECT_CARDS} WHERE phase = 'new' AND NOT orphaned AND NOT suspended
                AND cards.deck_id = :deck AND ifnull(buried_until, '') <= :day
            ORDER BY position
        """
        with self.reading() as database:
            streams = [
                rows_of(database, sql, {"deck": deck_id, "day": day.isoformat()})
                for deck_id in self._deck_ids(deck)
            ]
            # The rows are read one by one, so that what lies beyond the limit is never touched.
            for row in heapq.merge(*streams, key=itemgetter("position")):
                if len(found) >= limit:
                    break
                if row["note_guid"] not in found and row["note_guid"] not in without:
                    found[row["note_guid"]] = card_from_row(row)
            for stream in streams:
                stream.close()
        return list(found.values())

    def studied_on(self, day: date, deck: str | None = None) -> StudiedToday:
        """Return what was studied on the study day, in the deck and its subdecks."""
        rows = self._rows(
            """
            SELECT DISTINCT notes.guid AS note_guid, card_guid, reviews.phase
            FROM reviews JOIN cards ON cards.guid = reviews.card_guid JOIN notes ON notes.id = cards.note_id
            WHERE reviews.kind = 'study' AND day = :day
                AND cards.deck_id IN (SELECT value FROM json_each(:decks))
            """,
            {"day": day.isoformat(), "decks": to_json(self._deck_ids(deck))},
        )
        return StudiedToday(
            introduced=sum(row["phase"] == Phase.NEW for row in rows),
            reviewed=sum(row["phase"] == Phase.REVIEW for row in rows),
            notes=frozenset(row["note_guid"] for row in rows),
        )

    def next_due(self, deck: str | None = None) -> tuple[datetime | None, date | None]:
        """Return the earliest instant (UTC) and the earliest study day at which an answered card is due."""
        row = self._row(
            """
            WITH answered AS (
                SELECT due_at, due_day FROM cards WHERE phase <> 'new' AND NOT orphaned AND NOT suspended
                AND deck_id IN (SELECT value FROM json_each(:decks))
            )
            SELECT min(due_at) AS due_at, min(due_day) AS due_day FROM answered
            """,
            decks=to_json(self._deck_ids(deck)),
        )
        return (
            None if row["due_at"] is None else from_ms(row["due_at"]),
            None if row["due_day"] is None else date.fromisoformat(row["due_day"]),
        )

    # Answers and their log

    def answer(self, answer: Answer, replay: Replay) -> Answer:
        """Append the review and move the card, in one transaction that is on disk when this returns.

        If another program moved the card since ``answer.before`` was read, the review still stands in the
        log, and the card goes where the replay of its whole log leads: no answer is lost or counted twice.

        Returns:
            The answer as it was stored: ``before`` and ``after`` are what was and is in the file.
        """
        with self.writing() as database:
            stored = self.card(answer.before.guid)
            database.execute(insert_sql("reviews", values := review_values(answer.review)), values)
            after = answer.after if stored == answer.before else self._replayed(stored, replay)
            move_card(database, after)
        return Answer(answer.review, before=stored, after=after)

    def undo(self, answer: Answer, replay: Replay) -> Card:
        """Take back an answer that ``answer`` returned: the review leaves the log and the card goes back.

        This is the one exception to the rule that the log only grows. If another program moved the card
        since, the card goes where the replay of what remains in its log leads.

        Returns:
            The card as it is now in the file.
        """
        with self.writing() as database:
            stored = self.card(answer.before.guid)
            database.execute("DELETE FROM reviews WHERE id = :id", {"id": answer.review.id})
            before = answer.before if stored == answer.after else self._replayed(stored, replay)
            move_card(database, before)
        return before

    def reviews(self, card_guid: str) -> list[Review]:
        """Return the log of a card, oldest first."""
        rows = self._rows(f"{SELECT_REVIEWS} WHERE card_guid = :card ORDER BY at, id", {"card": card_guid})
        return [review_from_row(row) for row in rows]

    def tallies(self, day: date, deck: str | None = None) -> tuple[LogTallies, CardTallies]:
        """Return what statistics are made of: of the log and, as they stand on the day, of the cards.

        Subdecks are included. Without a deck, so are the answers of cards that are not in the collection.
        """
        with self.reading() as database:
            decks = None if deck is None else self._deck_ids(deck)
            return aggregates.log_tallies(database, decks), aggregates.card_tallies(database, decks, day)

    def _replayed(self, card: Card, replay: Replay) -> Card:
        return replay(new_again(card), self.reviews(card.guid))

    # Keys and values

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

    def _deck_ids(self, deck: str | None) -> list[int]:
        """Return the ids of the deck and its subdecks, or of all decks."""
        if deck is None:
            return [row["id"] for row in self._rows("SELECT id FROM decks")]
        rows = self._rows(
            "SELECT id FROM decks WHERE name = :deck OR substr(name, 1, length(:deck) + 2) = :deck || '::'",
            {"deck": deck},
        )
        if not rows:
            raise CollectionError(f"there is no deck {deck!r}", "`lrcards decks` lists the decks")
        return [row["id"] for row in rows]

    def _rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        with explained(self.path):
            return list(rows_of(self._database, sql, parameters or {}))

    def _row(self, sql: str, **parameters: Any) -> Row:
        rows = self._rows(sql, parameters)
        if not rows:
            raise CollectionError(
                f"the collection has no {' '.join(map(str, parameters.values()))!r}",
                "Run `lrcards check`",
                path=self.path,
            )
        return rows[0]


def move_card(database: Database, card: Card) -> None:
    """Store where the card stands, inside the caller's transaction."""
    values = state_values(card)
    database.execute(update_sql("cards", values, key="guid"), {**values, "guid": card.guid})


def new_again(card: Card) -> Card:
    """Return the card as it would be without an answer."""
    return Card(
        card.guid,
        card.note_guid,
        card.ordinal,
        card.position,
        suspended=card.suspended,
        buried_until=card.buried_until,
        flag=card.flag,
        modified_at=card.modified_at,
    )


def new_review_id(at: datetime, random: Random) -> str:
    """Return a UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits."""
    bits = random.getrandbits(74)
    value = to_ms(at) << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    return str(UUID(int=value))
