"""The tables of a collection, and the steps that bring an older file up to date."""

from contextlib import closing

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

from lrcards.collection.tallies import create_tallies

MIGRATIONS = Migrations("lrcards")


def unknown_migrations(db: Database) -> list[str]:
    """Return the migrations that a newer program than this one has applied to the file."""
    with closing(Database(memory=True)) as empty:
        known = {migration.name for migration in MIGRATIONS.pending(empty)}
    return [migration.name for migration in MIGRATIONS.applied(db) if migration.name not in known]


@MIGRATIONS()
def notes_cards_and_reviews(db: Database) -> None:
    """Lay the first tables.

    A card repeats its note's deck, so that a deck's queue needs no join; the compound foreign key keeps
    the two equal. A card that is shown is in exactly one of the three partial indices of the queue, which
    hold all it takes to choose among very many. A card whose cloze deletion vanished from its note is
    orphaned; every card keeps what its deletion said when it was made, to be found again. Instants lie within
    the years 1 to 9999, with a day to spare at either end. The answers of a card lie together in the file, in
    the order they were given, since most of what reads the log reads it by card. Where two copies of a
    collection are to be merged, ``modified_at`` says which of two rows is newer: of a deck, when its options
    were last changed, and of a card, when it was last suspended, buried or flagged.
    """
    db.executescript(
        f"""
        CREATE TABLE meta (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL,
            modified_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE decks (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (name <> ''),
            options TEXT,
            modified_at INTEGER
        ) STRICT;

        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE CHECK (guid <> ''),
            deck_id INTEGER NOT NULL REFERENCES decks (id),
            kind TEXT NOT NULL CHECK (kind IN ('basic', 'cloze')),
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            tags TEXT NOT NULL,
            experiment TEXT,
            ordinals TEXT NOT NULL,
            source_file TEXT,
            source_line INTEGER CHECK ((source_line IS NULL) = (source_file IS NULL)),
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            UNIQUE (id, deck_id)
        ) STRICT;

        CREATE INDEX notes_of_a_deck ON notes (deck_id);

        CREATE TABLE cards (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE CHECK (guid <> ''),
            note_id INTEGER NOT NULL,
            deck_id INTEGER NOT NULL,
            ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
            position INTEGER NOT NULL,
            phase TEXT NOT NULL CHECK (phase IN ('new', 'learning', 'review', 'relearning')),
            step INTEGER NOT NULL CHECK (step >= 0),
            stability REAL CHECK (stability > 0),
            difficulty REAL CHECK (difficulty BETWEEN 1 AND 10),
            due_at INTEGER,
            due_day TEXT CHECK ({_is_day("due_day")}),
            interval INTEGER NOT NULL CHECK (interval >= 0),
            last_review INTEGER,
            last_day TEXT CHECK ({_is_day("last_day")}),
            reviews INTEGER NOT NULL CHECK (reviews >= 0),
            lapses INTEGER NOT NULL CHECK (lapses >= 0),
            suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
            buried_until TEXT CHECK ({_is_day("buried_until")}),
            flag INTEGER NOT NULL CHECK (flag BETWEEN 0 AND 7),
            modified_at INTEGER,
            asked TEXT NOT NULL,
            orphaned INTEGER NOT NULL CHECK (orphaned IN (0, 1)),
            UNIQUE (note_id, ordinal),
            CHECK ((stability IS NULL) = (difficulty IS NULL)),
            CHECK ((last_review IS NULL) = (last_day IS NULL)),
            CHECK (phase = 'new' OR due_at IS NOT NULL OR due_day IS NOT NULL),
            FOREIGN KEY (note_id, deck_id) REFERENCES notes (id, deck_id) ON UPDATE CASCADE
        ) STRICT;

        CREATE INDEX cards_to_introduce ON cards (deck_id, position, buried_until)
        WHERE phase = 'new' AND NOT orphaned AND NOT suspended;

        CREATE INDEX cards_to_learn ON cards (deck_id, due_at)
        WHERE phase IN ('learning', 'relearning') AND NOT orphaned AND NOT suspended;

        CREATE INDEX cards_to_review ON cards (deck_id, due_day, buried_until, stability, last_day, guid)
        WHERE phase = 'review' AND NOT orphaned AND NOT suspended;

        CREATE INDEX orphaned_cards ON cards (note_id) WHERE orphaned;

        CREATE TABLE reviews (
            id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
            card_guid TEXT NOT NULL,
            rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
            at INTEGER NOT NULL CHECK (at BETWEEN -62135510400000 AND 253402214399999),
            day TEXT NOT NULL CHECK ({_is_day("day")}),
            duration_ms INTEGER NOT NULL CHECK (duration_ms BETWEEN 0 AND 86400000),
            kind TEXT NOT NULL CHECK (kind IN ('study', 'cram', 'test')),
            phase TEXT NOT NULL CHECK (phase IN ('new', 'learning', 'review', 'relearning')),
            scheduled INTEGER NOT NULL,
            prediction TEXT,
            last_interval INTEGER NOT NULL CHECK (last_interval >= 0),
            recall REAL CHECK (recall BETWEEN 0 AND 1),
            PRIMARY KEY (card_guid, at, id)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX reviews_by_day ON reviews (day);

        CREATE TRIGGER reviews_are_append_only BEFORE UPDATE ON reviews
        BEGIN SELECT RAISE(ABORT, 'the log of reviews is append-only'); END;
        """
    )


@MIGRATIONS()
def tallies_of_the_log(db: Database) -> None:
    """Keep count of the answers, and find those with a prediction at once."""
    create_tallies(db)
    db.execute("CREATE INDEX reviews_with_prediction ON reviews (day) WHERE prediction IS NOT NULL")


@MIGRATIONS()
def notes_with_more_faces(db: Database) -> None:
    """Let a note be asked both ways or have faces of its own, and have its answer typed.

    SQLite cannot change a CHECK, so the table is made anew; the cards refer to it by the same ids.
    """
    db.execute("PRAGMA defer_foreign_keys = ON")
    columns = """
        id, guid, deck_id, kind, question, answer, tags, experiment, ordinals, source_file, source_line,
        created_at, modified_at
    """
    for statement in (
        f"CREATE TEMP TABLE notes_before AS SELECT {columns} FROM main.notes",
        "DROP TABLE main.notes",
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE CHECK (guid <> ''),
            deck_id INTEGER NOT NULL REFERENCES decks (id),
            kind TEXT NOT NULL CHECK (kind IN ('basic', 'reversed', 'cloze', 'faces')),
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            tags TEXT NOT NULL,
            experiment TEXT,
            ordinals TEXT NOT NULL,
            faces TEXT CHECK ((faces IS NOT NULL) = (kind = 'faces')),
            typed INTEGER NOT NULL DEFAULT 0 CHECK (typed IN (0, 1)),
            source_file TEXT,
            source_line INTEGER CHECK ((source_line IS NULL) = (source_file IS NULL)),
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            UNIQUE (id, deck_id)
        ) STRICT
        """,
        f"INSERT INTO main.notes ({columns}) SELECT {columns} FROM temp.notes_before",
        "DROP TABLE temp.notes_before",
        "CREATE INDEX notes_of_a_deck ON notes (deck_id)",
    ):
        db.execute(statement)


@MIGRATIONS()
def what_comes_from_elsewhere(db: Database) -> None:
    """Keep pictures and sounds, what a note was in the program it came from, and where a card came in.

    ``origins`` holds what is needed to give a note back as it was. ``baselines`` holds the state, as JSON, in
    which a card came from another program: its replay starts from there, with the answers after ``at``.
    """
    db.executescript(
        """
        CREATE TABLE media (
            name TEXT PRIMARY KEY CHECK (name <> ''),
            data BLOB NOT NULL
        ) STRICT;

        CREATE TABLE origins (
            note_guid TEXT PRIMARY KEY,
            origin TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE baselines (
            card_guid TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            state TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    )


@MIGRATIONS()
def other_ids_and_orphans(db: Database) -> None:
    """Remember other ids that authors gave to notes, and which notes their files have no more.

    A note that is ``kept`` is not asked about again.
    """
    db.executescript(
        """
        CREATE TABLE aliases (
            alias TEXT PRIMARY KEY,
            note_guid TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE orphans (
            note_guid TEXT PRIMARY KEY,
            kept INTEGER NOT NULL CHECK (kept IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        """
    )


@MIGRATIONS()
def exams_and_mock_tests(db: Database) -> None:
    """Keep exams by name and mock tests by id, as JSON; one that was removed leaves its row, for merges."""
    db.executescript(
        """
        CREATE TABLE exams (
            name TEXT PRIMARY KEY CHECK (name <> ''),
            exam TEXT,
            modified_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE mock_tests (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            test TEXT,
            modified_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    )


@MIGRATIONS()
def texts_to_search(db: Database) -> None:
    """Keep what the notes show where it can be searched, and the notes in the order of their tags.

    ``note_texts`` is a cache, see ``texts``; the triggers only take down which notes it has yet to learn of,
    so that an import need not wait. The index holds no positions: what it finds is compared with the text.
    """
    db.executescript(
        """
        CREATE TABLE note_texts (
            note_id INTEGER PRIMARY KEY,
            text TEXT NOT NULL
        ) STRICT;

        CREATE VIRTUAL TABLE note_index USING fts5 (
            text, content = 'note_texts', content_rowid = 'note_id',
            tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0
        );

        CREATE TABLE notes_to_index (note_id INTEGER PRIMARY KEY) STRICT;

        CREATE TRIGGER index_a_new_note AFTER INSERT ON notes
        BEGIN INSERT INTO notes_to_index VALUES (new.id) ON CONFLICT DO NOTHING; END;

        CREATE TRIGGER index_a_note_again AFTER UPDATE OF kind, question, answer, faces ON notes
        BEGIN INSERT INTO notes_to_index VALUES (new.id) ON CONFLICT DO NOTHING; END;

        CREATE TRIGGER index_a_note_no_more AFTER DELETE ON notes
        BEGIN INSERT INTO notes_to_index VALUES (old.id) ON CONFLICT DO NOTHING; END;

        INSERT INTO notes_to_index SELECT id FROM notes;

        CREATE INDEX notes_by_tags ON notes (tags);
        """
    )


@MIGRATIONS()
def deleted_notes(db: Database) -> None:
    """Remember which notes the learner deleted, so that a merge does not bring them back."""
    db.execute(
        """
        CREATE TABLE deleted_notes (
            note_guid TEXT PRIMARY KEY,
            deleted_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )


@MIGRATIONS()
def parts_of_origins(db: Database) -> None:
    """Keep once what the origins of many notes share; see ``origins.py``."""
    db.execute(
        "CREATE TABLE origin_parts (digest TEXT PRIMARY KEY, part TEXT NOT NULL) STRICT, WITHOUT ROWID"
    )


def _is_day(column: str) -> str:
    """Return the condition that a column holds a day that there is, in the years 1 to 9999."""
    shape = f"{column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"
    return f"{shape} AND {column} = date({column}, '+0 days') AND {column} > '0001'"
