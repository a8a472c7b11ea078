"""Join two copies of a collection that were both studied: the union of the logs, and the newest of all else.

In whatever order copies are merged, and however often, the same comes out, provided that every card was where
its log leads. What a copy does not have, it has not seen yet: an answer that was taken back comes back
from a copy that still has it. A note that was deleted does not, unless it was changed since.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlite_utils.db import Database

from lrcards.collection.importing import mark_orphans
from lrcards.collection.opening import copy_database
from lrcards.collection.registers import (
    CARDS,
    DECKS,
    EXAMS,
    MOCK_TESTS,
    NOTES,
    SETTINGS,
    Edit,
    Origins,
    join,
    number,
    ordered,
)
from lrcards.collection.replaying import move_card, replays
from lrcards.collection.rows import insert_sql, rows_of
from lrcards.collection.store import Collection
from lrcards.study.rules import Rules
from lrcards.text import clean, fit, one_line


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did.

    Attributes:
        reviews, notes, decks: where they come from.
        edits: what was not the same in both copies.
        replayed: how many cards were put where a longer log, or other FSRS parameters, lead.
        refused: how many reviews of the other copy were left out, since no collection may hold the like.
    """

    reviews: Origins
    notes: Origins
    decks: Origins
    edits: tuple[Edit, ...]
    replayed: int
    refused: int


def merge(collection: Collection, other: Path, rules: Callable[[], Rules]) -> MergeReport:
    """Bring in what another copy of the collection has, in one transaction; the other copy is only read.

    Args:
        collection: the collection that takes it in.
        other: the file of the other copy; it may be in use.
        rules: gives what holds for each deck by what is stored at the time; its schedulers replay cards.

    Raises:
        CollectionError: one of the two cannot be used; nothing was changed.
    """
    with TemporaryDirectory(prefix="lrcards-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "other.db"
        copy_database(other, copy)
        with _attached(collection, copy), collection.writing() as database:
            return _merged(database, rules)


def as_data(report: MergeReport) -> dict[str, Any]:
    """Return the report as plain data for a script."""
    return asdict(report)


def in_words(report: MergeReport) -> list[str]:
    """Return the report as lines for a reader."""
    lines = [f"{'':<8} {'only here':>10} {'only there':>11} {'in both':>9}"]
    for what in ("reviews", "notes", "decks"):
        origins: Origins = getattr(report, what)
        lines.append(f"{what:<8} {origins.here:>10} {origins.there:>11} {origins.both:>9}")
    for edit in report.edits:
        name = fit(one_line(clean(edit.name)), 70).rstrip()
        lines.append(f"{'Took theirs' if edit.taken else 'Kept ours'}, which is newer: {edit.what} {name}")
    if report.refused:
        lines.append(f"Left out {report.refused} reviews that cannot be.")
    lines.append(f"{report.replayed} cards were replayed from their log.")
    return lines


@contextmanager
def _attached(collection: Collection, copy: Path) -> Iterator[None]:
    """Let the copy be read as the schema ``other`` beside the collection's own, which is ``main``."""
    with collection.reading() as database:
        database.execute("ATTACH ? AS other", [str(copy)])
    try:
        yield
    finally:
        with collection.reading() as database:
            database.execute("DETACH other")


def _merged(database: Database, rules: Callable[[], Rules]) -> MergeReport:
    rules_before = rules()
    reviews, refused, grown = _join_logs(database)
    grown |= _join_baselines(database)
    for statement in _DELETIONS:
        database.execute(statement)
    settings, decks, notes, cards = (join(database, register) for register in (SETTINGS, DECKS, NOTES, CARDS))
    exams, tests = (join(database, register) for register in (EXAMS, MOCK_TESTS))
    for statement in (*_EARLIEST, *_GREATEST):
        database.execute(statement)
    mark_orphans(database, [guid for (guid,) in database.execute("SELECT guid FROM other.notes")])

    # A note that came into another deck may have come under other parameters, too.
    alike = rules() == rules_before and not any(deck.parameters for deck in rules_before.decks.values())
    replayed = 0
    for card, there in replays(database, rules(), [*grown, *cards.arrived] if alike else None):
        replayed += there.reviews > 0
        if card != there:
            move_card(database, there)
    edits = (*notes.edits, *cards.edits, *decks.edits, *settings.edits, *exams.edits, *tests.edits)
    return MergeReport(reviews, notes.origins, decks.origins, edits, replayed, refused)


_DELETIONS = (
    """
    INSERT INTO main.deleted_notes SELECT * FROM other.deleted_notes WHERE true
    ON CONFLICT (note_guid) DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)
    """,
    *(
        statement
        for copy in ("main", "other")
        for deleted in [
            f"""
            SELECT id FROM {copy}.notes JOIN main.deleted_notes ON note_guid = guid
            WHERE deleted_at >= modified_at
            """
        ]
        for statement in (
            f"DELETE FROM {copy}.cards WHERE note_id IN ({deleted})",
            f"DELETE FROM {copy}.notes WHERE id IN ({deleted})",
        )
    ),
)

_EARLIEST = (
    """
    UPDATE main.notes SET created_at = theirs.created_at FROM other.notes AS theirs
    WHERE theirs.guid = notes.guid AND theirs.created_at < notes.created_at
    """,
    """
    UPDATE main.cards
    SET position = min(cards.position, theirs.position), asked = min(cards.asked, theirs.asked)
    FROM other.cards AS theirs
    WHERE theirs.guid = cards.guid AND (theirs.position < cards.position OR theirs.asked < cards.asked)
    """,
)

# What came from other programs has no time by which one could be told to be newer.
_GREATEST = tuple(
    f"""
    INSERT INTO main.{table} ({key}, {value}) SELECT {key}, {value} FROM other.{table} WHERE true
    ON CONFLICT ({key}) DO UPDATE SET {value} = max({value}, excluded.{value})
    """
    for table, key, value in (
        ("media", "name", "data"),
        ("origins", "note_guid", "origin"),
        ("origin_parts", "digest", "part"),
        ("aliases", "alias", "note_guid"),
        ("orphans", "note_guid", "kept"),
    )
)


def _join_baselines(database: Database) -> set[str]:
    """Let the later of two baselines of a card count; return the guids of cards of which it is theirs."""
    rows = database.execute(
        """
        INSERT INTO main.baselines (card_guid, at, state)
        SELECT card_guid, at, state FROM other.baselines WHERE true
        ON CONFLICT (card_guid) DO UPDATE SET at = excluded.at, state = excluded.state
        WHERE (excluded.at, excluded.state) > (at, state)
        RETURNING card_guid
        """
    )
    return {guid for (guid,) in rows.fetchall()}


def _join_logs(database: Database) -> tuple[Origins, int, set[str]]:
    """Take in the reviews that are not here.

    Returns:
        Where the reviews come from, how many were refused, and the guids of the cards whose log changed.
    """
    columns = [column.name for column in database.table("reviews").columns]
    names = ", ".join(columns)
    missing = "FROM other.reviews WHERE id NOT IN (SELECT id FROM main.reviews)"
    here, there, lacking = (
        number(database, source) for source in ("FROM main.reviews", "FROM other.reviews", missing)
    )
    grown = {guid for (guid,) in database.execute(f"SELECT DISTINCT card_guid {missing}")}
    grown |= _settle_doubles(database, columns)
    taken = database.execute(
        f"""
        INSERT OR IGNORE INTO main.reviews ({names})
        SELECT {names} {missing} AND (prediction IS NULL OR json_valid(prediction))
        """
    ).rowcount
    both = there - lacking
    return Origins(here - both, taken, both), lacking - taken, grown


def _settle_doubles(database: Database, columns: list[str]) -> set[str]:
    """Let the greater count of two different reviews with one id; return the guids of their cards.

    Only damage can bring such reviews about.
    """
    greater = f"""
        SELECT theirs.* FROM other.reviews AS theirs JOIN main.reviews AS ours USING (id)
        WHERE {ordered("theirs", columns)} > {ordered("ours", columns)}
            AND (theirs.prediction IS NULL OR json_valid(theirs.prediction))
    """
    insert = insert_sql("main.reviews", columns)
    cards = set()
    for theirs in list(rows_of(database, greater, {})):
        (ours,) = rows_of(database, "SELECT * FROM main.reviews WHERE id = :id", {"id": theirs["id"]})
        database.execute("DELETE FROM main.reviews WHERE id = :id", {"id": theirs["id"]})
        if not database.execute(insert.replace("INSERT", "INSERT OR IGNORE", 1), dict(theirs)).rowcount:
            database.execute(insert, dict(ours))
        cards |= {ours["card_guid"], theirs["card_guid"]}
    return cards
