"""Rows of which the newest counts, whichever of two copies of a collection it is in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlite_utils.db import Database

from lrcards.collection.rows import rows_of, to_json


@dataclass(frozen=True, slots=True)
class Origins:
    """How many of something there are now: those that were only here, only in the other copy, or in both."""

    here: int
    there: int
    both: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Something that was not the same in the two copies.

    Attributes:
        what: ``note``, ``card`` (suspended, buried or flagged), ``deck`` (its options), ``setting``, ``exam``
            or ``mock test``.
        name: the question of the note or of the card's note, or the name of what has one.
        taken: whether the other copy's was newer, and now stands here.
    """

    what: str
    name: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the rows of a register; ``arrived`` are the keys of those that were not here."""

    origins: Origins
    edits: tuple[Edit, ...]
    arrived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """A table whose rows can be told apart and compared in any copy.

    Attributes:
        what: see ``Edit``.
        table: its name.
        key: the column by which a row is known in every copy.
        rows: the query for its rows in the schema ``{copy}``, with a ``name`` for people, and with the ids
            that hold in our file for the columns of ``local`` and ``first``.
        content: the columns by which a learner would tell two versions of a row apart.
        rest: further columns that go with them.
        local: where the table has an id for one of these columns, the name of the id.
        first: columns of the table that are stored only when the row is not here yet.
    """

    what: str
    table: str
    key: str
    rows: str
    content: tuple[str, ...]
    rest: tuple[str, ...] = ()
    local: Mapping[str, str] = field(default_factory=dict)
    first: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of which the greater, compared one after the other, tell the row that counts."""
        return ("modified_at", *self.content, *self.rest)


SETTINGS = Register(
    "setting", "meta", "key", "SELECT key, key AS name, modified_at, value FROM {copy}.meta", ("value",)
)
EXAMS = Register("exam", "exams", "name", "SELECT name, modified_at, exam FROM {copy}.exams", ("exam",))
MOCK_TESTS = Register(
    "mock test",
    "mock_tests",
    "id",
    "SELECT id, id AS name, modified_at, test FROM {copy}.mock_tests",
    ("test",),
)
DECKS = Register("deck", "decks", "name", "SELECT name, modified_at, options FROM {copy}.decks", ("options",))
NOTES = Register(
    "note",
    "notes",
    "guid",
    """
    SELECT guid, question AS name, notes.modified_at, theirs.name AS deck, ours.id AS deck_id, kind, question,
        answer, tags, experiment, ordinals, faces, typed, source_file, source_line, created_at
    FROM {copy}.notes JOIN {copy}.decks AS theirs ON theirs.id = deck_id
        JOIN main.decks AS ours ON ours.name = theirs.name
    """,
    ("deck", "kind", "question", "answer", "tags", "experiment", "ordinals", "faces", "typed"),
    rest=("source_file", "source_line"),
    local={"deck": "deck_id"},
    first=("created_at",),
)
CARDS = Register(
    "card",
    "cards",
    "guid",
    """
    SELECT cards.guid, ours.question AS name, cards.modified_at, suspended, buried_until, flag,
        ours.id AS note_id, ours.deck_id, ordinal, position, asked,
        'new' AS phase, 0 AS step, 0 AS interval, 0 AS reviews, 0 AS lapses, 0 AS orphaned
    FROM {copy}.cards JOIN {copy}.notes AS theirs ON theirs.id = note_id
        JOIN main.notes AS ours ON ours.guid = theirs.guid
    """,
    ("suspended", "buried_until", "flag"),
    first=(
        *("note_id", "deck_id", "ordinal", "position", "asked"),
        *("phase", "step", "interval", "reviews", "lapses", "orphaned"),
    ),
)


def join(database: Database, register: Register) -> Joined:
    """Take in the rows of the schema ``other`` that are newer or not here, and say what was different.

    The rows that these belong to must be here already: decks before notes, and notes before cards.
    """
    theirs, ours = (f"({register.rows.format(copy=copy)})" for copy in ("other", "main"))
    here, there = (number(database, f"FROM {rows}") for rows in (ours, theirs))
    arrived, newer, edits = [], [], []
    for row in rows_of(database, _differences(register, theirs, ours), {}):
        if row["arrived"]:
            arrived.append(row["key"])
            continue
        if row["newer"]:
            newer.append(row["key"])
        if row["edited"]:
            edits.append(Edit(register.what, row["name"], taken=bool(row["newer"])))

    decided = [register.local.get(column, column) for column in register.order]
    columns = ", ".join([register.key, *decided, *register.first])
    database.execute(
        f"""
        INSERT INTO main.{register.table} ({columns})
        SELECT {columns} FROM {theirs} WHERE {register.key} IN (SELECT value FROM json_each(:keys))
        ON CONFLICT ({register.key}) DO UPDATE
        SET {", ".join(f"{column} = excluded.{column}" for column in decided)}
        """,
        {"keys": to_json(arrived + newer)},
    )
    both = there - len(arrived)
    return Joined(Origins(here - both, len(arrived), both), tuple(edits), tuple(arrived))


def _differences(register: Register, theirs: str, ours: str) -> str:
    """Return the query for the keys of the rows of the other copy that are not the same here."""
    theirs_in_order, ours_in_order = (ordered(row, register.order) for row in ("theirs", "ours"))
    return f"""
        SELECT theirs.{register.key} AS key, ours.{register.key} IS NULL AS arrived,
            {theirs_in_order} > {ours_in_order} AS newer,
            {ordered("theirs", register.content)} <> {ordered("ours", register.content)} AS edited,
            iif({theirs_in_order} > {ours_in_order}, theirs.name, ours.name) AS name
        FROM {theirs} AS theirs LEFT JOIN {ours} AS ours USING ({register.key})
        WHERE arrived OR {theirs_in_order} <> {ours_in_order}
    """


def ordered(row: str, columns: Iterable[str]) -> str:
    """Return the columns of a row as a value that can be compared in SQL; nothing is before everything."""
    return f"({', '.join(f'ifnull({row}.{column}, -9e999)' for column in columns)})"


def number(database: Database, source: str) -> int:
    """Return how many rows there are; ``source`` is the query from its ``FROM`` on."""
    ((count,),) = database.execute(f"SELECT count(*) {source}")
    return int(count)
