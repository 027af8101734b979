#!/usr/bin/env bash
# Package:  duckdb 2.0.1 (PyPI), as the place where changes are merged into a copy of a table; Python's SQLite beside it.
# Input:    a batch with two changes of a row, the older one first, as a topic has them: of a stored row and of a new one, written by
#           INSERT … ON CONFLICT DO UPDATE, by INSERT OR REPLACE and by MERGE INTO; a delete and a create of a row, and the other way round.
# Guess:    the last one wins, as in SQLite, or the statement is refused, as MERGE refuses two new rows of one key.
# Found:    the first one wins, and the later ones are dropped without a word: both inserts keep the older value of both rows, and MERGE that of
#           the stored row. A row that is deleted and made again is gone; one that is new and deleted stays for good. With a statement for each
#           change all of it is right, so that it depends on the size of the batches.
# Way out:  the newest change of each key alone: … qualify row_number() over (partition by id order by place desc) = 1.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
import sqlite3

import duckdb

CONFLICT = "insert into t select id, name from s where true on conflict (id) do update set name = excluded.name"
REPLACE = "insert or replace into t select id, name from s"
MERGE = """merge into t using s on t.id = s.id
  when matched and op = 'd' then delete
  when matched then update set name = s.name
  when not matched and op <> 'd' then insert values (s.id, s.name)"""
NEWEST = MERGE.replace("using s on", "using (from s qualify row_number() over (partition by id order by place desc) = 1) as s on")
STORED = [(1, "u", "older"), (1, "u", "newer")]
NEW = [(2, "c", "older"), (2, "u", "newer")]
AGAIN = [(1, "d", None), (1, "c", "again")]
GONE = [(2, "c", "made"), (2, "d", None)]


def look(name, statement, batch, connect=duckdb.connect, size=2):
    db = connect(":memory:")
    db.execute("create table t (id int primary key, name text)")
    db.execute("create table s (place int, id int, op text, name text)")
    db.execute("insert into t values (1, 'stored')")
    try:
        for first in range(0, len(batch), size):
            db.execute("delete from s")
            db.executemany("insert into s values (?, ?, ?, ?)", [(first + n, *change) for n, change in enumerate(batch[first:first + size])])
            db.execute(statement)
        seen = db.execute("select * from t order by id").fetchall()
    except duckdb.ConstraintException:
        seen = "refused"
    print(f"{name}, {' then '.join(f'{op} {key} {value}' for key, op, value in batch)}: {seen}")


for batch in STORED, NEW:
    look("SQLite, on conflict", CONFLICT, batch, sqlite3.connect)
    look("SQLite, or replace", REPLACE, batch, sqlite3.connect)
    look("DuckDB, on conflict", CONFLICT, batch)
    look("DuckDB, or replace", REPLACE, batch)
    look("DuckDB, merge", MERGE, batch)
for batch in AGAIN, GONE:
    look("DuckDB, merge", MERGE, batch)
for batch in STORED, NEW, AGAIN, GONE:
    look("DuckDB, merge, one at a time", MERGE, batch, size=1)
    look("DuckDB, merge, the newest alone", NEWEST, batch)
for statement in CONFLICT, REPLACE:
    look("DuckDB, one at a time", statement, STORED, size=1)
PY
timeout 120 python/bin/python look.py | tee seen
diff seen - <<'SEEN' || { echo "changed: of two changes of a row in one statement another one wins"; exit 1; }
SQLite, on conflict, u 1 older then u 1 newer: [(1, 'newer')]
SQLite, or replace, u 1 older then u 1 newer: [(1, 'newer')]
DuckDB, on conflict, u 1 older then u 1 newer: [(1, 'older')]
DuckDB, or replace, u 1 older then u 1 newer: [(1, 'older')]
DuckDB, merge, u 1 older then u 1 newer: [(1, 'older')]
SQLite, on conflict, c 2 older then u 2 newer: [(1, 'stored'), (2, 'newer')]
SQLite, or replace, c 2 older then u 2 newer: [(1, 'stored'), (2, 'newer')]
DuckDB, on conflict, c 2 older then u 2 newer: [(1, 'stored'), (2, 'older')]
DuckDB, or replace, c 2 older then u 2 newer: [(1, 'stored'), (2, 'older')]
DuckDB, merge, c 2 older then u 2 newer: refused
DuckDB, merge, d 1 None then c 1 again: []
DuckDB, merge, c 2 made then d 2 None: [(1, 'stored'), (2, 'made')]
DuckDB, merge, one at a time, u 1 older then u 1 newer: [(1, 'newer')]
DuckDB, merge, the newest alone, u 1 older then u 1 newer: [(1, 'newer')]
DuckDB, merge, one at a time, c 2 older then u 2 newer: [(1, 'stored'), (2, 'newer')]
DuckDB, merge, the newest alone, c 2 older then u 2 newer: [(1, 'stored'), (2, 'newer')]
DuckDB, merge, one at a time, d 1 None then c 1 again: [(1, 'again')]
DuckDB, merge, the newest alone, d 1 None then c 1 again: [(1, 'again')]
DuckDB, merge, one at a time, c 2 made then d 2 None: [(1, 'stored')]
DuckDB, merge, the newest alone, c 2 made then d 2 None: [(1, 'stored')]
DuckDB, one at a time, u 1 older then u 1 newer: [(1, 'newer')]
DuckDB, one at a time, u 1 older then u 1 newer: [(1, 'newer')]
SEEN
echo "as described"
