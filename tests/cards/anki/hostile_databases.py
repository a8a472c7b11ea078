"""Broken and hostile databases in packages: a name for each, and what makes the bytes of the package."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from hostile_archives import Make, database_of, with_database


def databases() -> dict[str, Make]:
    families = (odd_json, odd_rows, odd_schemas, odd_messages)
    return dict(case for family in families for case in family())


def with_sql(*statements: str, original: str = "new_legacy.apkg") -> bytes:
    return with_database(changed_by(*statements, original=original), original)


def changed_by(*statements: str, original: str = "new_legacy.apkg") -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.deserialize(database_of(original))
        connection.isolation_level = None
        for statement in statements:
            connection.execute(statement)
        return connection.serialize()


def with_col(**documents: object) -> bytes:
    """Return a package in whose ``col`` some documents are others: text as it is, anything else as JSON."""
    texts = {key: d if isinstance(d, str) else json.dumps(d) for key, d in documents.items()}
    return with_sql(
        *(f"UPDATE col SET {key} = '{text.replace(chr(39), chr(39) * 2)}'" for key, text in texts.items())
    )


def odd_json() -> Iterator[tuple[str, Make]]:
    deep = "[" * 900 + "]" * 900
    documents = {
        "empty": "",
        "null": "null",
        "a list": "[]",
        "a number": "1",
        "cut": '{"1":',
        "deep": "[" * 100_000,
        "deep but whole": f'{{"1":{deep}}}',
        "of numbers": '{"1":1}',
        "of nothing": '{"1":null}',
        "of empty objects": '{"1":{}}',
        "not a number": '{"1":{"id":NaN,"name":"x"}}',
        "beyond all numbers": '{"1":{"id":1e999,"name":"x"}}',
        "of a long number": f'{{"1":{{"id":1{"0" * 5000},"name":"x"}}}}',
        "of a large number": f'{{"1":{{"id":{2**64},"name":"x"}}}}',
        "named by a list": '{"1":{"id":1,"name":["x"]}}',
        "of half a pair": '{"1":{"id":1,"name":"\\ud800"}}',
        "of many values": json.dumps({"1": [0] * 1_100_000}),
    }
    for column in ("conf", "models", "decks", "dconf"):
        for name, text in documents.items() if column == "models" else [*documents.items()][1:8:2]:
            yield f"{column} {name}", lambda column=column, text=text: with_col(**{column: text})
    basic = {"id": 1, "name": "x", "flds": [{"name": "f"}], "tmpls": [{"name": "t"}]}
    for key in ("flds", "tmpls"):
        yield f"a notetype without {key}", lambda key=key: with_col(models={"1": {**basic, key: []}})
    for key in ("id", "name", "type", "mod", "css", "flds", "tmpls"):
        for wrong in ("x", 1.5, [[]], {"a": 1}, [{"name": "f", "qfmt": []}]):
            yield (
                f"a notetype whose {key} is {wrong!r}",
                lambda key=key, wrong=wrong: with_col(models={"1": {**basic, key: wrong}}),
            )
    for key, wrong in (
        ("rollover", "x"),
        ("rollover", 99),
        ("rollover", -1e18),
        ("creationOffset", 1e9),
        ("creationOffset", []),
    ):
        yield f"a setting {key} of {wrong!r}", lambda key=key, wrong=wrong: with_col(conf={key: wrong})
    for key in ("new", "rev", "lapse", "desiredRetention", "fsrsParams6"):
        for wrong in ("x", [None], {"delays": ["x"]}, {"perDay": 1e300}):
            yield (
                f"a preset whose {key} is {wrong!r}",
                lambda key=key, wrong=wrong: with_col(dconf={"1": {"id": 1, "name": "x", key: wrong}}),
            )


def without_rules(table: str) -> tuple[str, ...]:
    """Return the statements that rebuild a table so that it takes anything."""
    return (
        f"CREATE TABLE free AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE free RENAME TO {table}",
    )


def odd_rows() -> Iterator[tuple[str, Make]]:
    values = {
        "nothing": "NULL",
        "text": "'x'",
        "bytes": "x'00ff'",
        "a fraction": "1.5",
        "infinity": "9e999",
        "a huge number": "9223372036854775807",
        "a negative number": "-9223372036854775808",
        "no UTF-8": "CAST(x'fffe80' AS TEXT)",
        "a NUL": "'a' || char(0) || 'b'",
    }
    columns = {
        "notes": ("id", "guid", "mid", "mod", "flds"),
        "cards": ("id", "type", "due", "data"),
        "revlog": ("id", "ease"),
        "col": ("crt", "ver"),
    }
    for table, names in columns.items():
        for column in names:
            for what, value in values.items():
                yield (
                    f"{what} for {table}.{column}",
                    lambda t=table, c=column, v=value: with_sql(
                        *without_rules(t), f"UPDATE {t} SET {c} = {v}"
                    ),
                )
    first = "WHERE id = (SELECT min(id) FROM notes)"
    separators = "replace(hex(zeroblob(500000)), '0', char(31))"
    yield (
        "a text of 17 MB",
        lambda: with_sql(f"UPDATE notes SET flds = CAST(zeroblob(17000000) AS TEXT) {first}"),
    )
    yield "a field of 3 MB", lambda: with_sql(f"UPDATE notes SET flds = hex(zeroblob(1500000)) {first}")
    yield "all fields empty", lambda: with_sql("UPDATE notes SET flds = ''")
    yield "a million fields", lambda: with_sql(f"UPDATE notes SET flds = {separators} {first}")
    yield "cards of no note", lambda: with_sql("DELETE FROM notes")
    yield "notes of no notetype", lambda: with_sql("UPDATE notes SET mid = 5")
    yield "cards in no deck", lambda: with_sql("UPDATE cards SET did = 5")
    yield (
        "the same row again and again",
        lambda: with_sql(*without_rules("cards"), "INSERT INTO cards SELECT * FROM cards"),
    )
    yield "no collection", lambda: with_sql("DELETE FROM col")
    yield "two collections", lambda: with_sql(*without_rules("col"), "INSERT INTO col SELECT * FROM col")
    for data in ("x", "[", "{", '{"s":"x"}', "[" * 9999, '{"s":1e999,"d":NaN}'):
        yield f"card data of {data[:9]}", lambda data=data: with_sql(f"UPDATE cards SET data = '{data}'")
    for version in (1, 10, 12, 17, 19, 99):
        yield f"schema {version}", lambda version=version: with_sql(f"UPDATE col SET ver = {version}")
    yield "the latest schema in name only", lambda: with_sql("UPDATE col SET ver = 18")


def odd_schemas() -> Iterator[tuple[str, Make]]:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    slow = "length(replace(hex(zeroblob(3000000)), '0', 'abc')) > 0"
    statements = {
        **{f"no table {table}": (f"DROP TABLE {table}",) for table in ("col", "notes", "cards", "revlog")},
        **{
            f"a view for {table}": (
                f"ALTER TABLE {table} RENAME TO real",
                f"CREATE VIEW {table} AS SELECT * FROM real",
            )
            for table in ("col", "notes", "cards", "revlog")
        },
        "an endless view": ("DROP TABLE revlog", f"CREATE VIEW revlog AS {endless} SELECT i AS id FROM n"),
        "an endless view for col": (
            "DROP TABLE col",
            f"CREATE VIEW col AS {endless} SELECT 11 AS ver FROM n WHERE i < 0",
        ),
        "a view beside": (f"CREATE VIEW beside AS {endless} SELECT * FROM n",),
        "a trigger": ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END",),
        "a trigger beside": (
            "CREATE TABLE beside (a)",
            "CREATE TRIGGER t AFTER INSERT ON beside BEGIN SELECT 1; END",
        ),
        "a virtual table": (
            "DROP TABLE notes",
            "CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, mod, tags, flds)",
        ),
        "a virtual table beside": ("CREATE VIRTUAL TABLE beside USING fts5(a)",),
        "a computed column": ("ALTER TABLE notes ADD COLUMN more AS (hex(zeroblob(9999999)))",),
        "a computed column for one of ours": (
            "ALTER TABLE notes RENAME TO real",
            f"CREATE TABLE notes (id, guid, mid, mod, tags, flds AS ({slow}))",
            "INSERT INTO notes SELECT id, guid, mid, mod, tags FROM real",
        ),
        "a slow check": (
            "ALTER TABLE revlog RENAME TO real",
            f"CREATE TABLE revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type, CHECK ({slow}))",
            "PRAGMA ignore_check_constraints = on",
            "INSERT INTO revlog SELECT * FROM real",
        ),
        "an index on an expression": ("CREATE INDEX odd ON notes (hex(flds))",),
        "an index with a condition": ("CREATE INDEX odd ON notes (flds) WHERE length(flds) > 3",),
        "a missing column": ("ALTER TABLE cards DROP COLUMN data",),
        "a quoted column": ("ALTER TABLE notes RENAME COLUMN flds TO 'flds; DROP TABLE notes'",),
        "columns in capitals": ("ALTER TABLE notes RENAME COLUMN flds TO FLDS",),
        "a table in capitals": ("ALTER TABLE notes RENAME TO x", "ALTER TABLE x RENAME TO NOTES"),
        "a table without row ids": (
            *without_rules("notes"),
            "ALTER TABLE notes RENAME TO real",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, tags, flds) WITHOUT ROWID",
            "INSERT INTO notes SELECT id, guid, mid, mod, tags, flds FROM real",
        ),
        "a strange collation": (
            "PRAGMA writable_schema = on",
            "UPDATE sqlite_master SET sql = replace(sql, 'guid text', 'guid text COLLATE odd')",
        ),
        "many columns": (f"CREATE TABLE wide ({', '.join(f'c{n}' for n in range(2000))})",),
        "a schema that is no UTF-8": (
            "PRAGMA writable_schema = on",
            "UPDATE sqlite_master SET sql = CAST(x'435245415445ff' AS TEXT) WHERE name = 'notes'",
        ),
        **{
            f"a schema that says {text!r}": (
                "PRAGMA writable_schema = on",
                f"UPDATE sqlite_master SET sql = '{text}' WHERE name = 'notes'",
            )
            for text in (
                "",
                "rubbish",
                "CREATE TABLE notes (",
                "CREATE TABLE other (id)",
                "CREATE TABLE notes (id)",
            )
        },
        **{
            f"a table whose root is page {page}": (
                "PRAGMA writable_schema = on",
                f"UPDATE sqlite_master SET rootpage = {page} WHERE name = 'notes'",
            )
            for page in (0, 1, 2, 3, 9, 10**6)
        },
        "one root for two tables": (
            "PRAGMA writable_schema = on",
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'cards')"
            " WHERE name = 'revlog'",
        ),
    }
    for name, script in statements.items():
        yield name, lambda script=script: with_sql(*script)


def odd_messages() -> Iterator[tuple[str, Make]]:
    """Protocol Buffers in the tables of schema 18."""
    messages = {
        "nothing": "x''",
        "NULL": "NULL",
        "text": "'text'",
        "bytes without end": "x'ffffffffffffffffffffff'",
        "a text that is cut": "x'0aff01'",
        "a number for a text": "x'0801100118012001280130013801'",
        "texts for numbers": "x'0a01611201611a016122016132016142016148014a0161'",
        "floats that are cut": "x'0a03000000'",
        "floats beyond all measure": "x'0a100000807f0000c07fffff7f7f01000000'",
        "unknown fields": "x'f8ff7f01f2ff7f0161'",
        "a group": "x'0b0c'",
        "what an add-on keeps, cut": "x'fa0f017b'",
        "what an add-on keeps, a list": "x'fa0f025b5d'",
    }
    for table, column in (
        ("notetypes", "config"),
        ("fields", "config"),
        ("templates", "config"),
        ("decks", "kind"),
        ("deck_config", "config"),
    ):
        for name, value in messages.items() if table == "notetypes" else [*messages.items()][2::3]:
            yield (
                f"{table} of {name}",
                lambda t=table, c=column, v=value: with_sql(
                    *without_rules(t), f"UPDATE {t} SET {c} = {v}", original="new.apkg"
                ),
            )
    for table in ("notetypes", "fields", "templates", "decks", "deck_config", "config"):
        yield f"the latest without {table}", lambda t=table: with_sql(f"DROP TABLE {t}", original="new.apkg")
        yield (
            f"the latest with empty {table}",
            lambda t=table: with_sql(f"DELETE FROM {t}", original="new.apkg"),
        )
    for value in ("x'ff'", "'text'", "x'5b'", "x'7b7d'", "x'22'"):
        yield (
            f"a setting of {value}",
            lambda v=value: with_sql(f"UPDATE config SET val = {v}", original="new.apkg"),
        )
